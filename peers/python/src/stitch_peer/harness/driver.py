"""What answers the calls: the scripts and the plain service."""

import asyncio
from functools import partial
from typing import Any, NoReturn, cast

import grpc
from google.protobuf.message import DecodeError, EncodeError
from grpc import StatusCode
from grpc.aio import InternalError, ServicerContext

from expirement_pb2 import Expirement, NameRequest
from stitch_peer.harness import notation
from stitch_peer.harness.lines import write_line
from stitch_peer.harness.methods import Method, Methods
from stitch_peer.harness.notation import Json
from stitch_peer.harness.served import Context, End, Rpc
from stitch_peer.manage import Manage

_PICK_ONE = "/Manage/PickOne"


class Driver(grpc.GenericRpcHandler):
    """Serves all methods, and reports each call before its status goes to grpcio."""

    def __init__(self, methods: Methods, scripts: dict[str, Json]) -> None:
        """Serves by the scripts that there are when a call comes."""
        self._methods = methods
        self._scripts = scripts

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """Returns the handler of a method, None for one that is unknown."""
        method = self._methods.get(handler_call_details.method)
        if method is None:
            return None
        kind = getattr(grpc, f"{method.kind}_rpc_method_handler")
        handler: grpc.RpcMethodHandler[Any, Any] = kind(
            partial(self._serve, method), request_deserializer=method.request.received
        )
        return handler

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
            await rpc.play(script)
        elif name:
            raise End(StatusCode.UNIMPLEMENTED, f'no script "{name}"')
        elif rpc.method.path == _PICK_ONE:
            await _pick_one(rpc)
        else:
            raise End(StatusCode.UNIMPLEMENTED, "no script")


class _Context:
    """What the plain service needs of a context. Nothing goes from here to grpcio."""

    async def abort(self, code: StatusCode, details: str) -> NoReturn:
        raise End(code, details)


async def _pick_one(rpc: Rpc) -> None:
    request = NameRequest.FromString(await rpc.receive() or b"")
    context = cast("ServicerContext[NameRequest, Expirement]", _Context())
    row = await Manage().PickOne(request, context)
    await rpc.send(row.SerializeToString())
