"""The client: makes the calls that lines tell."""

import asyncio
import contextlib
import json
import ssl
import time
from functools import cache
from typing import Any

from grpclib.client import Channel, Stream
from grpclib.config import Configuration
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from h2.exceptions import StreamClosedError

from stitch_grpclib import encryption, lines
from stitch_grpclib.lines import Object, UnsupportedError
from stitch_grpclib.messages import Messages, RawDetails, UnusableError
from stitch_grpclib.methods import Methods

_STEPS = {"send", "close", "receive", "waitMs", "cancel"}


async def make(id_: str, call: Object, methods: Methods) -> None:
    """Makes the call as often as it tells, and writes a line whenever one has ended."""
    times: int = call.get("times", 0)
    ids = iter([f"{id_}.{number}" for number in range(times)] if times > 1 else [id_])

    async def one_after_another() -> None:
        for each in ids:
            lines.write({"ended": await _end(each, call, methods)})

    await asyncio.gather(*(one_after_another() for _ in range(max(call.get("atOnce", 0), 1))))


async def _end(id_: str, call: Object, methods: Methods) -> Object:
    record: Object = {"id": id_}
    began = time.monotonic()
    try:
        await _make(record, call, methods)
        record["status"] = {}
    except UnsupportedError as error:
        record["unsupported"] = str(error)
    except UnusableError as error:
        record["unusable"] = str(error)
    except GRPCError as error:
        record["status"] = {"code": error.status.value, "message": error.message or ""}
        if error.details:
            record["status"]["details"] = lines.base64(error.details)
    except Exception as error:  # noqa: BLE001 - grpclib lets the system's errors through
        # A timeout that has a number is the system's: it cannot connect.
        is_deadline = isinstance(error, TimeoutError) and error.errno is None
        code = Status.DEADLINE_EXCEEDED if is_deadline else Status.UNKNOWN
        record["status"] = {"code": code.value, "message": f"{type(error).__name__}: {error}"}
    return record | {"elapsedMs": (time.monotonic() - began) * 1000}


async def _make(record: Object, call: Object, methods: Methods) -> None:
    """Adds what is seen to the record. Raises what grpclib raises for a status that is not OK."""
    described = call.get("types") or call["method"]
    if described not in methods:
        raise UnsupportedError(f'method "{described}"')
    lines.refuse(call, "waitForReady", "compression")
    lines.refuse(call["channel"], "maxReceiveBytes")
    steps = lines.steps(call, _STEPS)
    _, cardinality, *both_types = methods[described]
    stream = _channel(json.dumps(call["channel"], sort_keys=True)).request(
        call["method"],
        cardinality,
        *both_types,
        timeout=call.get("timeoutMs", 0) / 1000 or None,
        metadata=[*lines.pairs(call.get("metadata", [])), ("stitch-call-id", record["id"])],
    )
    messages = Messages(stream, both_types[0], cardinality.server_streaming)
    try:
        async with stream:
            await stream.send_request()  # the call begins, whatever the first step is
            await _play(steps, messages, is_open=cardinality.client_streaming)
    finally:
        record |= {
            "responses": messages.received,
            "headers": lines.entries(stream.initial_metadata),
            "trailers": lines.entries(stream.trailing_metadata),
            "sent": sum(entry["times"] for entry in messages.sent),
        }


async def _play(steps: list[Object], messages: Messages, *, is_open: bool) -> None:
    """Does the steps. `is_open`: a half-close is to come, since it is not the request's own."""
    for step in [*steps, {"close": True}, {"receive": -1}]:
        match step:
            case {"send": _}:
                await messages.send(step)
            case {"close": _} if is_open:
                is_open = False
                with contextlib.suppress(StreamClosedError):  # the server has reset it
                    await messages.stream.end()
            case {"receive": count}:
                await messages.receive(count)
            case {"waitMs": wait_ms}:
                await _wait(messages.stream, wait_ms / 1000)
            case {"cancel": _}:  # grpclib resets a stream that is left so, and tells no status
                raise GRPCError(Status.CANCELLED, "cancelled")


async def _wait(stream: Stream[Any, Any], seconds: float) -> None:
    """Waits so long, or until the call ends."""
    patience = asyncio.timeout(seconds)
    try:
        async with patience:
            if stream.initial_metadata is None:
                await stream.recv_initial_metadata()
            # stream.recv_trailing_metadata() would do, but for calls that are not half-closed.
            with stream._wrapper:  # noqa: SLF001
                await stream._stream.recv_trailers()  # noqa: SLF001
    except TimeoutError:
        if not patience.expired():
            raise


@cache
def _channel(content: str) -> Channel:
    """Returns the channel with this content, as JSON."""
    told = json.loads(content)
    host, _, port = told["address"].rpartition(":")
    options: Object = {}
    if keepalive := told.get("keepalive"):
        seconds = keepalive.get("timeMs", 0) / 1000
        options |= {
            "_keepalive_time": seconds,
            "_keepalive_timeout": keepalive.get("timeoutMs", 0) / 1000,
            "_keepalive_permit_without_calls": keepalive.get("withoutCalls", False),
            # Without these, two pings are the most, and the second comes after 300 s.
            "_http2_min_sent_ping_interval_without_data": seconds,
            "_http2_max_pings_without_data": 0,
        }
    if server_name := told.get("tls", {}).get("serverName"):
        options["ssl_target_name_override"] = server_name
    return Channel(
        host,
        int(port),
        ssl=encryption.context(told.get("tls"), ssl.Purpose.SERVER_AUTH),
        status_details_codec=RawDetails(),
        config=Configuration(**options),
    )
