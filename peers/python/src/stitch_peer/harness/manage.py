"""The service that obeys a call's metadata and reports what it saw."""

import asyncio
from collections.abc import Callable
from typing import TypeAlias

from grpc import Compression, StatusCode
from grpc.aio import ServicerContext

from expirement_pb2 import Expirement, NameRequest
from expirement_pb2_grpc import ManageServicer
from peer_pb2 import ServedRecord, ServerLine
from stitch_peer.harness import duration, metadata
from stitch_peer.harness.answer import Answer, answer
from stitch_peer.harness.status import number
from stitch_peer.harness.wishes import MalformedError, Wishes
from stitch_peer.listener import SERVICE

Context: TypeAlias = ServicerContext[NameRequest, Expirement]


class Manage(ManageServicer):
    """Answers from the table unless the call's metadata says otherwise."""

    def __init__(self, write: Callable[[ServerLine], None]) -> None:
        """Reports every call with `write`, before its answer is given."""
        self._write = write

    async def PickOne(self, request: NameRequest, context: Context) -> Expirement:
        """Serves one call."""
        served = _seen(request, context)
        try:
            wishes = Wishes.read(metadata.of(context))
        except MalformedError as error:
            wishes = Wishes(status_code=StatusCode.INVALID_ARGUMENT, status_message=str(error))
        try:
            await _prepare(context, wishes)
        except asyncio.CancelledError:
            self._write(ServerLine(served=_cancelled(served)))
            raise
        given = answer(request.name, wishes)
        self._write(ServerLine(served=_answered(served, given)))
        return await _give(context, wishes, given)


def _seen(request: NameRequest, context: Context) -> ServedRecord:
    pairs = metadata.of(context)
    served = ServedRecord(
        call_id=next((str(value) for key, value in pairs if key == "stitch-call-id"), ""),
        method=f"/{SERVICE}/PickOne",
        request=request,
        metadata=metadata.from_pairs(pairs),
    )
    remaining = context.time_remaining()
    if remaining is not None:
        served.time_remaining.CopyFrom(duration.from_seconds(remaining))
    return served


async def _prepare(context: Context, wishes: Wishes) -> None:
    context.set_trailing_metadata(wishes.trailers)
    if wishes.gzip:
        context.set_compression(Compression.Gzip)
    if wishes.headers_now:
        await context.send_initial_metadata(wishes.headers)
    # Cancelled when the client cancels and when the deadline passes.
    await asyncio.sleep(wishes.wait_seconds)


def _cancelled(served: ServedRecord) -> ServedRecord:
    served.cancelled = True
    return served


def _answered(served: ServedRecord, given: Answer) -> ServedRecord:
    served.code = number(given.code)
    served.message = given.message
    if given.reply is not None:
        served.reply.CopyFrom(given.reply)
    return served


async def _give(context: Context, wishes: Wishes, given: Answer) -> Expirement:
    # grpc.aio cannot set headers without sending them, so they wait until here. And
    # it forgets the compression unless they are sent: "grpc-encoding" is one of them.
    forgotten = wishes.headers or (wishes.gzip and given.reply is not None)
    if forgotten and not wishes.headers_now:
        await context.send_initial_metadata(wishes.headers)
    if given.reply is None:
        await context.abort(given.code, given.message)
    return given.reply
