"""One call, made and told."""

import asyncio
import time
from typing import TypeAlias

from grpc import Compression, StatusCode
from grpc.aio import AioRpcError, Channel, UnaryUnaryCall, UnaryUnaryMultiCallable

from expirement_pb2 import Expirement, NameRequest
from peer_pb2 import Call, CallRecord
from stitch_peer.harness import duration, metadata
from stitch_peer.harness.status import number

Ongoing: TypeAlias = UnaryUnaryCall[NameRequest, Expirement]

_COMPRESSIONS = {"": None, "gzip": Compression.Gzip}


def what_is_unsupported(call: Call) -> str:
    """Names the part of the call that this client does not know; "" when it knows all."""
    if call.kind != "unary":
        return f'call kind "{call.kind}"'
    if call.compression not in _COMPRESSIONS:
        return f'compression "{call.compression}"'
    return ""


async def make(call: Call, channel: Channel) -> CallRecord:
    """Makes a unary call and returns what came of it, whatever that was."""
    began = time.monotonic()
    try:
        record = await _outcome(_begin(call, channel), call)
    except Exception as error:  # noqa: BLE001 - grpcio raises many types, and some are private
        record = _refusal(error)
    record.id = call.id
    record.elapsed.CopyFrom(duration.from_seconds(time.monotonic() - began))
    return record


def _begin(call: Call, channel: Channel) -> Ongoing:
    method: UnaryUnaryMultiCallable[NameRequest, Expirement] = channel.unary_unary(
        call.method,
        request_serializer=NameRequest.SerializeToString,
        response_deserializer=Expirement.FromString,
    )
    return method(
        call.request,
        metadata=metadata.to_pairs(call.metadata),
        timeout=duration.to_seconds(call.timeout) if call.HasField("timeout") else None,
        wait_for_ready=call.wait_for_ready,
        compression=_COMPRESSIONS[call.compression],
    )


async def _outcome(ongoing: Ongoing, call: Call) -> CallRecord:
    if call.HasField("cancel_after"):
        seconds = duration.to_seconds(call.cancel_after)
        asyncio.get_running_loop().call_later(seconds, ongoing.cancel)
    reply = await _reply(ongoing)
    return CallRecord(
        code=number(await ongoing.code()),
        message=await ongoing.details(),
        reply=reply,
        headers=metadata.from_pairs(await ongoing.initial_metadata()),
        trailers=metadata.from_pairs(await ongoing.trailing_metadata()),
    )


async def _reply(ongoing: Ongoing) -> Expirement | None:
    try:
        return await ongoing
    except AioRpcError:
        return None
    except asyncio.CancelledError:
        # The call was cancelled, unless it is this task: the program stops then.
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        return None


def _refusal(error: Exception) -> CallRecord:
    """Tells of a call that grpcio would not make: it raises, and has no status for that."""
    return CallRecord(code=number(StatusCode.INTERNAL), message=f"{type(error).__name__}: {error}")
