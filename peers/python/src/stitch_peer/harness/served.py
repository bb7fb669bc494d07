"""The server's side of an RPC."""

import asyncio
import contextlib
from base64 import b64decode
from dataclasses import dataclass, field
from typing import TypeAlias

from grpc import Compression, StatusCode
from grpc.aio import ServicerContext, UsageError

from stitch_peer.harness import notation
from stitch_peer.harness.methods import Method
from stitch_peer.harness.notation import Json, Pair

STEPS = ("headers", "receive", "send", "waitMs", "end")

Context: TypeAlias = ServicerContext[bytes, bytes]


@dataclass(eq=False)
class End(Exception):  # noqa: N818 - not an error: a call may end well
    """The call is to be ended, with this status and these trailers."""

    code: StatusCode = StatusCode.OK
    message: str = ""
    trailers: list[Pair] = field(default_factory=list)


class Rpc:
    """An RPC of any kind, and the record of it."""

    def __init__(self, method: Method, request: object, context: Context) -> None:
        """Takes what grpcio calls a handler with: bytes, or an iterator that is not used."""
        self.method = method
        self.context = context
        self._request = request
        # What the handler of a method that gives one response is to return.
        self.response: bytes | None = None
        self._compressed = False
        self._metadata = list(context.invocation_metadata() or ())
        self.record: Json = {
            "callId": self.value("stitch-call-id"),
            "method": method.path,
            "metadata": notation.spell_metadata(self._metadata),
            "requests": [],
            "responses": [],
            "clientName": _client_name(context),
        }
        # Its type does not say that it is None without a deadline.
        remaining: float | None = context.time_remaining()
        if remaining is not None:
            self.record["timeRemainingMs"] = remaining * 1000

    def value(self, key: str) -> str:
        """Returns the first value of an ASCII key of the request metadata, or ""."""
        return next((str(value) for name, value in self._metadata if name == key), "")

    async def receive(self) -> bytes | None:
        """Takes the next request, None when there is none any more. Raises DecodeError."""
        if self.method.client_streaming:
            self._request = await self.context.read()
        request, self._request = self._request, None
        if not isinstance(request, bytes):
            return None
        notation.append(self.record["requests"], request)
        return request

    async def send(self, data: bytes, times: int = 1) -> None:
        """Sends a response so many times, or keeps the only one for the end."""
        self.response = self.method.response.sendable(data)
        if self._compressed:
            # grpcio forgets it otherwise, where there is one response.
            with contextlib.suppress(UsageError):  # they are sent already
                await self.context.send_initial_metadata(())
        for _ in range(times):
            if self.method.server_streaming:
                await self.context.write(self.response)
            notation.append(self.record["responses"], self.response)

    async def play(self, script: Json) -> None:
        """Does what a script says; raises End where it says how to end."""
        self.record["script"] = script["name"]
        if notation.gzip(script):
            self._compressed = True
            self.context.set_compression(Compression.Gzip)
        for step in script["steps"]:
            match step:
                case {"headers": headers}:
                    entries = notation.read_metadata(headers.get("entries", []))
                    await self.context.send_initial_metadata(entries)
                case {"receive": count}:
                    while count != 0 and await self.receive() is not None:
                        count -= 1
                case {"send": data}:
                    await self.send(b64decode(data), step.get("times") or 1)
                case {"waitMs": milliseconds}:
                    await asyncio.sleep(milliseconds / 1000)
                case {"end": end}:
                    raise _end(end)


def _client_name(context: Context) -> str:
    """Returns the common name of the certificate that the client has shown, or ""."""
    names = context.auth_context().get("x509_common_name", ())
    return next((name.decode(errors="replace") for name in names), "")


def _end(end: Json) -> End:
    status = end.get("status", {})
    trailers = notation.read_metadata(end.get("trailers", []))
    if details := status.get("details"):
        # grpcio knows of no details: to it they are a trailer like any other.
        trailers.append(("grpc-status-details-bin", b64decode(details)))
    code = notation.CODE_BY_NUMBER[status.get("code", 0)]
    return End(code, status.get("message", ""), trailers)
