"""The client's side of an RPC."""

import asyncio
import contextlib
import time
from base64 import b64decode
from collections.abc import Callable
from functools import partial
from typing import Any

from google.protobuf.message import DecodeError, EncodeError
from grpc import Compression, StatusCode
from grpc.aio import EOF, AioRpcError, Channel

from stitch_peer.harness import notation
from stitch_peer.harness.channels import Channels
from stitch_peer.harness.methods import Method, Methods
from stitch_peer.harness.notation import Json

_STEPS = ("send", "close", "receive", "waitMs", "cancel")


async def make(call_id: str, call: Json, methods: Methods, channels: Channels) -> Json:
    """Makes the call and returns the record of it, whatever came of it."""
    try:
        path = call.get("types") or call["method"]
        if path not in methods:
            return {"unsupported": f"method {path}"}
        method = methods[path]
        steps = [_prepared(step, method) for step in notation.steps(call, _STEPS)]
        if not method.client_streaming and not any("send" in step for step in steps):
            return {"unsupported": "a call without its request"}
        start = _starter(call_id, call, method, channels.of(call["channel"]))
    except (DecodeError, EncodeError) as error:
        return {"unusable": str(error)}
    except Exception as error:  # noqa: BLE001 - whatever a line has that cannot be obeyed
        return {"unsupported": notation.sentence(error)}
    rpc = Rpc(method, start)
    try:
        for step in steps:
            await rpc.do(step)
        await rpc.end()
    except Exception as error:  # noqa: BLE001 - grpcio raises many types, and some are private
        # It refuses to make the call, and has no status for that.
        rpc.record["status"] = notation.spell_status(StatusCode.UNKNOWN, notation.sentence(error))
    return rpc.record


def _prepared(step: Json, method: Method) -> Json:
    """Returns the step, with what it sends as bytes; raises DecodeError, EncodeError."""
    if "send" in step:
        return step | {"send": method.request.sendable(b64decode(step["send"]))}
    return step


def _starter(call_id: str, call: Json, method: Method, channel: Channel) -> Callable[..., Any]:
    """Returns what starts the call; it takes the request, where there is one."""
    multicallable = getattr(channel, method.kind)
    return partial(
        multicallable(call["method"], response_deserializer=method.response.received),
        metadata=[*notation.read_metadata(call.get("metadata", [])), ("stitch-call-id", call_id)],
        timeout=call.get("timeoutMs", 0) / 1000 or None,
        wait_for_ready=call.get("waitForReady", False),
        compression=Compression.Gzip if notation.gzip(call) else None,
    )


class Rpc:
    """An RPC of any kind, and the record of it."""

    def __init__(self, method: Method, start: Callable[..., Any]) -> None:
        """Starts it, unless its method takes one request: then it starts with that."""
        self.record: Json = {"responses": [], "sent": 0}
        self._method = method
        self._start = start
        self._began = time.monotonic()
        self._over = asyncio.Event()
        if method.client_streaming:
            self._begin()

    def _begin(self, *request: bytes) -> None:
        self._call = self._start(*request)
        self._call.add_done_callback(self._note_end)

    def _note_end(self, _: object) -> None:
        self.record["elapsedMs"] = (time.monotonic() - self._began) * 1000
        self._over.set()

    async def do(self, step: Json) -> None:
        """Does one step."""
        match step:
            case {"send": request}:
                for _ in range(step.get("times") or 1):
                    await self._send(request)
            case {"close": _}:
                await self._close()
            case {"receive": count}:
                await self._receive(count)
            case {"waitMs": milliseconds}:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), milliseconds / 1000)
            case {"cancel": _}:
                self._call.cancel()

    async def _send(self, request: bytes) -> None:
        if self._method.client_streaming:
            # These say that the call has ended; its status is to come.
            with contextlib.suppress(AioRpcError, asyncio.InvalidStateError):
                await self._call.write(request)
                self.record["sent"] += 1
        else:
            self._begin(request)
            self.record["sent"] = 1

    async def _close(self) -> None:
        if self._method.client_streaming:
            await self._call.done_writing()

    async def _receive(self, count: int) -> None:
        with contextlib.suppress(AioRpcError):
            if self._method.server_streaming:
                while count != 0 and (response := await self._call.read()) is not EOF:
                    self._take(response)
                    count -= 1
            elif not self.record["responses"]:
                self._take(await self._call)

    def _take(self, response: bytes | None) -> None:
        # None stands for one that could not be parsed, or for none where there must be one.
        if response is not None:
            notation.append(self.record["responses"], response)

    async def end(self) -> None:
        """Does what remains to be done, unless the call is cancelled, and records its status."""
        call = self._call
        if not call.cancelled():
            await self._close()
            await self._receive(-1)
        self.record["status"] = notation.spell_status(await call.code(), await call.details())
        self.record["headers"] = notation.spell_metadata(await call.initial_metadata())
        self.record["trailers"] = notation.spell_metadata(await call.trailing_metadata())
