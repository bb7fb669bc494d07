"""The service under test: as its users know it, and as the harness needs it."""

import asyncio
from collections.abc import Callable

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from grpclib.server import Stream

from expirement_grpc import ManageBase
from expirement_pb2 import Expirement, NameRequest
from peer_pb2 import ServedRecord, ServerLine
from stitch_grpclib.lines import entries
from stitch_grpclib.wishes import Metadata, behind, wishes

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
    """Answers from the table."""

    async def PickOne(self, stream: Stream[NameRequest, Expirement]) -> None:
        """Sends the row of that name, or NOT_FOUND."""
        await stream.send_message(_row(await _request(stream)))


class ObedientManage(ManageBase):
    """Answers from the table unless the call's metadata says otherwise, and reports each call."""

    def __init__(self, write: Callable[[ServerLine], None]) -> None:
        self._write = write

    async def PickOne(self, stream: Stream[NameRequest, Expirement]) -> None:
        """Serves one call. What it reports is what it then sends."""
        metadata = stream.metadata or Metadata()
        headers, trailers = behind("stitch-header-", metadata), behind("stitch-trailer-", metadata)
        served = ServedRecord(
            call_id=str(metadata.get("stitch-call-id", "")),
            method="/Manage/PickOne",
            request=await _request(stream),
            metadata=entries(metadata),
        )
        if stream.deadline is not None:
            served.time_remaining.FromNanoseconds(round(stream.deadline.time_remaining() * 1e9))
        try:
            told = wishes(metadata)
            if "stitch-send-headers" in told:
                await stream.send_initial_metadata(metadata=headers)
                headers = []
            await asyncio.sleep(int(told.get("stitch-wait-ms", 0)) / 1000)
            if code := int(told.get("stitch-status-code", 0)):
                raise GRPCError(Status(code), told.get("stitch-status-message-bin"))  # noqa: TRY301
            served.reply.CopyFrom(_row(served.request))
        except GRPCError as error:
            served.code, served.message = error.status.value, error.message or ""
        except asyncio.CancelledError:  # by the client, at the deadline, or with the listener
            served.cancelled = True
            raise
        finally:
            self._write(ServerLine(served=served))
        if headers:
            await stream.send_initial_metadata(metadata=headers)
        if served.HasField("reply"):
            await stream.send_message(served.reply)
        status, message = Status(served.code), served.message or None
        await stream.send_trailing_metadata(
            status=status, status_message=message, metadata=trailers
        )


async def _request(stream: Stream[NameRequest, Expirement]) -> NameRequest:
    request = await stream.recv_message()
    if request is None:
        raise GRPCError(Status.UNIMPLEMENTED, "want one request message, got none")
    return request


def _row(request: NameRequest) -> Expirement:
    for number, (name, skill) in enumerate(_SKILLS.items()):
        if name == request.name:
            return Expirement(name=name, id=number, skill=skill)
    raise GRPCError(Status.NOT_FOUND, "expirement not found")
