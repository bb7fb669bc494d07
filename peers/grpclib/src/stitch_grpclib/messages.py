"""The messages of a call, and its status details, as they cross grpclib's stream."""

from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Error, Message
from grpclib.encoding.base import StatusDetailsCodecBase

from stitch_grpclib.lines import Object, base64


class UnusableError(Error):
    """The protobuf runtime would not parse or serialize a message that was to be sent."""


@dataclass
class Messages:
    """A stream of grpclib's, of either side, and a record of what it took and gave.

    `received` and `sent` are as lines have them: equal neighbours are one entry.
    """

    stream: Any
    send_type: type[Message]
    receives_many: bool
    received: list[Object] = field(default_factory=list)
    sent: list[Object] = field(default_factory=list)

    async def recv_message(self) -> Message | None:
        """Takes the next message; None: no more come."""
        message: Message | None = await self.stream.recv_message()
        if message is not None:
            _append(self.received, message)
        return message

    async def send_message(self, message: Message) -> None:
        """Sends a message, when flow control lets it."""
        await self.stream.send_message(message)
        _append(self.sent, message)

    async def receive(self, count: int) -> None:
        """Takes so many messages, fewer when no more come; -1: all.

        Where one is to come, nothing behind it is awaited: nor do grpclib's own stubs.
        """
        while count != 0 and (self.receives_many or not self.received):
            if await self.recv_message() is None:
                return
            count -= 1

    async def send(self, step: Object) -> None:
        """Sends the step's message, as often as it tells. Raises UnusableError."""
        try:
            message = self.send_type.FromString(b64decode(step["send"]))
            for _ in range(max(step.get("times", 1), 1)):
                await self.send_message(message)
        except Error as error:
            raise UnusableError(str(error)) from error


def _append(entries: list[Object], message: Message) -> None:
    data = base64(message.SerializePartialToString(deterministic=True))
    if entries and entries[-1]["bytes"] == data:
        entries[-1]["times"] += 1
    else:
        entries.append({"bytes": data, "times": 1})


class RawDetails(StatusDetailsCodecBase):
    """Leaves a serialized google.rpc.Status as it is. grpclib's own codec takes it apart."""

    def encode(self, _status: object, _message: object, details: bytes) -> bytes:
        """Returns the trailer's value."""
        return details

    def decode(self, _status: object, _message: object, data: bytes) -> bytes:
        """Returns the details of a GRPCError."""
        return data
