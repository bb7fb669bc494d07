"""The client's side of the contract."""

import asyncio
import sys
import time

from grpclib.client import Channel, UnaryUnaryMethod
from grpclib.const import Status

from expirement_pb2 import Expirement, NameRequest
from peer_pb2 import Call, CallRecord, ClientLine
from stitch_grpclib import lines
from stitch_grpclib.arguments import host_and_port
from stitch_grpclib.status import status

_GRACE_SECONDS = 5
Channels = dict[tuple[str, str], Channel]


async def make_calls() -> int:
    """Makes calls, all at once, until told to stop; returns 0, or 2 for a line that is no Call."""
    told = lines.read()
    channels: Channels = {}
    in_flight = set[asyncio.Task[None]]()
    lines.write(ClientLine(ready=lines.implementation()))
    async for line in told:
        try:
            task = asyncio.create_task(_end(lines.decode(line, Call()), channels))
        except lines.NOT_A_MESSAGE as error:
            print(f"the line is not a call: {error}", file=sys.stderr)
            return 2
        in_flight.add(task)
        task.add_done_callback(in_flight.discard)
    if in_flight:
        await asyncio.wait(in_flight, timeout=_GRACE_SECONDS)
    for channel in channels.values():
        channel.close()
    return 0


async def _end(call: Call, channels: Channels) -> None:
    if unsupported := _unsupported(call):
        record = CallRecord(id=call.id, unsupported=unsupported)
    else:
        key = (call.address, call.channel)
        if key not in channels:
            channels[key] = Channel(*host_and_port(call.address))
        record = await _make(call, channels[key])
    lines.write(ClientLine(ended=record))


def _unsupported(call: Call) -> str:
    if call.kind != "unary":
        return f'call kind "{call.kind}"'
    if call.compression:
        return f'compression "{call.compression}"'
    return "wait_for_ready" if call.wait_for_ready else ""


async def _make(call: Call, channel: Channel) -> CallRecord:
    record, began = CallRecord(id=call.id), time.monotonic_ns()
    method = UnaryUnaryMethod(channel, call.method, NameRequest, Expirement)
    metadata = [(e.key, getattr(e, e.WhichOneof("value") or "text")) for e in call.metadata]
    stream = method.open(timeout=_seconds(call, "timeout"), metadata=metadata)
    # grpclib cancels a call when the task that awaits it is cancelled.
    patience = asyncio.timeout(_seconds(call, "cancel_after"))
    try:
        async with patience, stream:
            await stream.send_message(call.request, end=True)
            reply = await stream.recv_message()
        if reply is not None:
            record.reply.CopyFrom(reply)
    except Exception as error:  # noqa: BLE001 - grpclib lets the system's errors through
        code, record.message = (Status.CANCELLED, "") if patience.expired() else status(error)
        record.code = code.value
    record.headers.extend(lines.entries(stream.initial_metadata))
    record.trailers.extend(lines.entries(stream.trailing_metadata))
    record.elapsed.FromNanoseconds(time.monotonic_ns() - began)
    return record


def _seconds(call: Call, field: str) -> float | None:
    nanoseconds: int = getattr(call, field).ToNanoseconds()
    return nanoseconds / 1e9 if call.HasField(field) else None
