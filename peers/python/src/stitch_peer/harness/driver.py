"""What answers the calls: the scripts and the plain service."""

import asyncio
import contextlib
from base64 import b64decode
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn, cast

import grpc
from google.protobuf.message import DecodeError, EncodeError
from grpc import Compression, StatusCode
from grpc.aio import InternalError, ServicerContext, UsageError

from expirement_pb2 import Expirement, NameRequest
from stitch_peer.harness import notation
from stitch_peer.harness.lines import write_line
from stitch_peer.harness.methods import Method, Methods
from stitch_peer.harness.notation import Json, Pair
from stitch_peer.harness.served import Context, Rpc
from stitch_peer.manage import Manage

STEPS = ("headers", "receive", "send", "waitMs", "end")
_PICK_ONE = "/Manage/PickOne"


@dataclass(eq=False)
class End(Exception):  # noqa: N818 - not an error: a call may end well
    """The call is to be ended, with this status and these trailers."""

    code: StatusCode = StatusCode.OK
    message: str = ""
    trailers: list[Pair] = field(default_factory=list)


class Driver(grpc.GenericRpcHandler):
    """Serves all methods, and reports each call before its status goes to grpcio."""

    def __init__(self, methods: Methods, scripts: dict[str, Json]) -> None:
        """Serves by the scripts that there are when a call comes."""
        self._methods = methods
        self._scripts = scripts

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> "grpc.RpcMethodHandler[bytes, bytes] | None":
        """Returns the handler of a method, None for one that is unknown."""
        method = self._methods.get(handler_call_details.method)
        if method is None:
            return None
        wrap = getattr(grpc, f"{method.kind}_rpc_method_handler")
        return wrap(partial(self._serve, method), request_deserializer=method.request.received)

    async def _serve(self, method: Method, request: object, context: Context) -> bytes | None:
        rpc = Rpc(method, request, context)
        end = End()
        try:
            await self._answer(rpc)
        except End as wanted:
            end = wanted
        except (DecodeError, EncodeError) as error:
            rpc.record["unusable"] = str(error)
            end = End(StatusCode.UNKNOWN, str(error))
        except (asyncio.CancelledError, InternalError):
            # InternalError: something was to be sent over a call that was not there any more.
            write_line({"served": rpc.record | {"cancelled": True}})
            raise
        status = notation.spell_status(end.code, end.message)
        write_line({"served": rpc.record | {"status": status}})
        context.set_trailing_metadata(end.trailers)
        if end.code is not StatusCode.OK:
            await context.abort(end.code, end.message)
        return rpc.response

    async def _answer(self, rpc: Rpc) -> None:
        """Answers a call by its script or by the plain service; raises End if not OK."""
        name = rpc.value("stitch-script")
        script = self._scripts.get(name or rpc.method.path)
        if script is not None:
            await _play(script, rpc)
        elif name:
            raise End(StatusCode.UNIMPLEMENTED, f'no script "{name}"')
        elif rpc.method.path == _PICK_ONE:
            await _pick_one(rpc)
        else:
            raise End(StatusCode.UNIMPLEMENTED, "no script")


async def _play(script: Json, rpc: Rpc) -> None:
    rpc.record["script"] = script["name"]
    compressed = notation.gzip(script)
    if compressed:
        rpc.context.set_compression(Compression.Gzip)
    for step in script["steps"]:
        match step:
            case {"headers": headers}:
                entries = notation.read_metadata(headers.get("entries", []))
                await rpc.context.send_initial_metadata(entries)
            case {"receive": count}:
                while count != 0 and await rpc.receive() is not None:
                    count -= 1
            case {"send": data}:
                if compressed:
                    # grpcio forgets it otherwise, where there is one response.
                    with contextlib.suppress(UsageError):  # they are sent already
                        await rpc.context.send_initial_metadata(())
                response = rpc.method.response.sendable(b64decode(data))
                for _ in range(step.get("times") or 1):
                    await rpc.send(response)
            case {"waitMs": milliseconds}:
                await asyncio.sleep(milliseconds / 1000)
            case {"end": end}:
                raise _end(end)


def _end(end: Json) -> End:
    status = end.get("status", {})
    trailers = notation.read_metadata(end.get("trailers", []))
    if details := status.get("details"):
        # grpcio knows of no details: to it they are a trailer like any other.
        trailers.append(("grpc-status-details-bin", b64decode(details)))
    code = notation.CODE_BY_NUMBER[status.get("code", 0)]
    return End(code, status.get("message", ""), trailers)


class _Context:
    """What the plain service needs of a context. Nothing goes from here to grpcio."""

    async def abort(self, code: StatusCode, details: str) -> NoReturn:
        raise End(code, details)


async def _pick_one(rpc: Rpc) -> None:
    request = NameRequest.FromString(await rpc.receive() or b"")
    context = cast("ServicerContext[NameRequest, Expirement]", _Context())
    row = await Manage().PickOne(request, context)
    await rpc.send(rpc.method.response.sendable(row.SerializeToString()))
