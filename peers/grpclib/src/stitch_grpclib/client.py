"""The client: makes the calls that standard input tells."""

import asyncio
import time
from functools import cache

from google.protobuf.json_format import Parse
from grpclib.client import Channel, UnaryUnaryMethod
from grpclib.const import Status
from grpclib.exceptions import GRPCError

from expirement_pb2 import Expirement, NameRequest
from peer_pb2 import Call, CallRecord, ClientLine
from stitch_grpclib import lines


async def make_calls() -> None:
    """Makes calls, all at once, until told to stop. Raises ParseError for a line that is none."""
    told = await lines.read()
    lines.write(ClientLine(ready=lines.IMPLEMENTATION))
    calls = [
        asyncio.create_task(_end(Parse(line, Call(), ignore_unknown_fields=True)))
        async for line in told
    ]
    if calls:
        await asyncio.wait(calls, timeout=5)


async def _end(call: Call) -> None:
    record = CallRecord(id=call.id)
    if call.kind != "unary":
        record.unsupported = f'call kind "{call.kind}"'
    elif call.compression:
        record.unsupported = f'compression "{call.compression}"'
    else:
        await _make(call, record)
    lines.write(ClientLine(ended=record))


async def _make(call: Call, record: CallRecord) -> None:
    began = time.monotonic_ns()
    channel = _channel(call.address, call.channel)
    method = UnaryUnaryMethod(channel, call.method, NameRequest, Expirement)
    metadata = [(e.key, e.binary if e.HasField("binary") else e.text) for e in call.metadata]
    stream = method.open(timeout=_seconds(call, "timeout"), metadata=metadata)
    # grpclib cancels a call when the task that awaits it is cancelled.
    patience = asyncio.timeout(_seconds(call, "cancel_after"))
    status, message = Status.OK, ""
    try:
        async with patience, stream:
            await stream.send_message(call.request, end=True)
            reply = await stream.recv_message()
        if reply is not None:
            record.reply.CopyFrom(reply)
    except GRPCError as error:
        status, message = error.status, error.message or ""
    except Exception as error:  # noqa: BLE001 - grpclib lets the system's errors through
        status, message = Status.UNKNOWN, f"{type(error).__name__}: {error}"
        # One that has a number is the system's: it cannot connect.
        if isinstance(error, TimeoutError) and error.errno is None:
            status = Status.CANCELLED if patience.expired() else Status.DEADLINE_EXCEEDED
    record.code, record.message = status.value, message
    record.headers.extend(lines.entries(stream.initial_metadata))
    record.trailers.extend(lines.entries(stream.trailing_metadata))
    record.elapsed.FromNanoseconds(time.monotonic_ns() - began)


@cache
def _channel(address: str, _name: str) -> Channel:
    host, _, port = address.rpartition(":")
    return Channel(host, int(port))


def _seconds(call: Call, field: str) -> float | None:
    nanoseconds: int = getattr(call, field).ToNanoseconds()
    return nanoseconds / 1e9 if call.HasField(field) else None
