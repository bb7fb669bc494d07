"""The service under test, which obeys the metadata of a call, and reports every call."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from grpclib.server import Stream
from multidict import MultiDict

from expirement_grpc import ManageBase
from expirement_pb2 import Expirement, NameRequest
from peer_pb2 import ServedRecord, ServerLine
from stitch_grpclib import lines

Metadata = MultiDict[str | bytes]
T = TypeVar("T")

_SKILLS = {
    "Cyber": "breaking",
    "Shrink": "short-flying",
    "Doubledip": "filting anying",
    "Howcome": "making why",
    "Squawk": "advanced language skill",
    "Truxx": "seting up heavy machine",
    "Gigi": "touching ur heart",
    "Stitch": "making annoyed noise",
}


class Manage(ManageBase):
    """Answers from the table, unless the call's metadata says otherwise."""

    async def PickOne(self, stream: Stream[NameRequest, Expirement]) -> None:
        """Serves one call. What it reports is what it then sends."""
        metadata = stream.metadata or Metadata()
        request = await stream.recv_message()
        if request is None:
            raise GRPCError(Status.UNIMPLEMENTED, "want one request message, got none")
        headers = _behind("stitch-header-", metadata)
        trailers = _behind("stitch-trailer-", metadata)
        served = ServedRecord(
            call_id=str(metadata.get("stitch-call-id", "")),
            method="/Manage/PickOne",
            request=request,
            metadata=lines.entries(metadata),
        )
        if stream.deadline is not None:
            served.time_remaining.FromNanoseconds(round(stream.deadline.time_remaining() * 1e9))
        try:
            if "stitch-send-headers" in metadata:
                await stream.send_initial_metadata(metadata=headers)
                headers = []
            served.reply.CopyFrom(await _answer(request.name, metadata))
        except GRPCError as error:
            served.code, served.message = error.status.value, error.message or ""
        except asyncio.CancelledError:  # by the client, at the deadline, or with the listener
            served.cancelled = True
            raise
        finally:
            lines.write(ServerLine(served=served))
        if headers:
            await stream.send_initial_metadata(metadata=headers)
        if served.HasField("reply"):
            await stream.send_message(served.reply)
        await stream.send_trailing_metadata(
            status=Status(served.code), status_message=served.message or None, metadata=trailers
        )


def _behind(prefix: str, metadata: Metadata) -> list[tuple[str, str | bytes]]:
    """Returns the entries whose key begins with the prefix, without it."""
    return [(k.removeprefix(prefix), v) for k, v in metadata.items() if k.startswith(prefix)]


async def _answer(name: str, metadata: Metadata) -> Expirement:
    """Returns the row, after the wait that the metadata tells, or raises the status."""

    def read(key: str, parse: Callable[[Any], T], default: str | bytes) -> T:
        try:
            return parse(metadata.get(key, default))
        except ValueError as error:
            raise GRPCError(Status.INVALID_ARGUMENT, f"{key}: {error}") from error

    if "stitch-reply-encoding" in metadata:
        raise GRPCError(Status.UNIMPLEMENTED, "stitch-reply-encoding: grpclib has no gzip")
    status = read("stitch-status-code", lambda code: Status(int(code)), "0")
    message = read("stitch-status-message-bin", bytes.decode, b"")
    await asyncio.sleep(read("stitch-wait-ms", int, "0") / 1000)
    if status is not Status.OK:
        raise GRPCError(status, message)
    for number, (known, skill) in enumerate(_SKILLS.items()):
        if name == known:
            return Expirement(name=name, id=number, skill=skill)
    raise GRPCError(Status.NOT_FOUND, "expirement not found")
