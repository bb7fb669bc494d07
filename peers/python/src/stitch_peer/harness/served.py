"""The server's side of an RPC."""

from typing import TypeAlias

from grpc.aio import ServicerContext

from stitch_peer.harness import notation
from stitch_peer.harness.methods import Method
from stitch_peer.harness.notation import Json

Context: TypeAlias = ServicerContext[bytes, bytes]


class Rpc:
    """An RPC of any kind, and the record of it."""

    def __init__(self, method: Method, request: object, context: Context) -> None:
        """Takes what grpcio calls a handler with: bytes, or an iterator that is not used."""
        self.method = method
        self.context = context
        self._request = request
        # What grpcio takes from the handler when it returns, of a method that gives one response.
        self.response: bytes | None = None
        self._metadata = list(context.invocation_metadata() or ())
        self.record: Json = {
            "callId": self.value("stitch-call-id"),
            "method": method.path,
            "metadata": notation.spell_metadata(self._metadata),
            "requests": [],
            "responses": [],
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

    async def send(self, response: bytes) -> None:
        """Sends a response, or keeps the only one for the end."""
        if self.method.server_streaming:
            await self.context.write(response)
        else:
            self.response = response
        notation.append(self.record["responses"], response)
