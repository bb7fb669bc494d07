"""What a call's metadata makes the harness's service do."""

import asyncio

import pytest
from grpc import StatusCode, aio
from grpc.aio import AioRpcError, Metadata

from expirement_pb2 import NameRequest
from expirement_pb2_grpc import ManageStub
from stitch_peer.harness.status import BY_NUMBER
from tests.conftest import Served
from tests.tap import tapped

STITCH = NameRequest(name="Stitch")
ALL_BYTES = bytes(range(256))
MESSAGES = ["", "plain", "x" * 2000, "100% %41", "a\r\nb", "測試訊息", "\U0001f600"]


@pytest.mark.parametrize("now", [(), (("stitch-send-headers", "now"),)])
@pytest.mark.parametrize("status", [(), (("stitch-status-code", "9"),)])
async def test_headers_and_trailers_come_back_in_order(
    harness: Served, now: tuple[tuple[str, str]], status: tuple[tuple[str, str]]
) -> None:
    wishes = Metadata(
        ("stitch-header-a", "1"),
        ("stitch-header-a", "2"),
        ("stitch-trailer-b-bin", ALL_BYTES),
        ("stitch-trailer-b-bin", b""),
        *now,
        *status,
    )
    call = harness.pick(STITCH, metadata=wishes)
    assert list(await call.initial_metadata()) == [("a", "1"), ("a", "2")]
    assert list(await call.trailing_metadata()) == [("b-bin", ALL_BYTES), ("b-bin", b"")]


@pytest.mark.parametrize("number", range(1, 17))
async def test_the_call_ends_with_the_status_that_is_wished_for(
    harness: Served, number: int
) -> None:
    for message in MESSAGES:
        wishes = Metadata(
            ("stitch-status-code", str(number)), ("stitch-status-message-bin", message.encode())
        )
        call = harness.pick(STITCH, metadata=wishes)
        assert (await call.code(), await call.details()) == (BY_NUMBER[number], message)
        record = await harness.record()
        assert (record.code, record.message) == (number, message)
        assert not record.HasField("reply")


async def test_a_malformed_value_is_an_invalid_argument(harness: Served) -> None:
    call = harness.pick(STITCH, metadata=(("stitch-wait-ms", "soon"),))
    message = "stitch-wait-ms: want a decimal number from 0 to 60000"
    assert (await call.code(), await call.details()) == (StatusCode.INVALID_ARGUMENT, message)
    record = await harness.record()
    assert (record.code, record.message) == (3, message)


async def test_headers_are_sent_before_the_wait(harness: Served) -> None:
    wishes = (("stitch-send-headers", "now"), ("stitch-header-a", "1"), ("stitch-wait-ms", "60000"))
    call = harness.pick(STITCH, metadata=wishes, timeout=0.1)
    assert await call.code() is StatusCode.DEADLINE_EXCEEDED
    assert list(await call.initial_metadata()) == [("a", "1")]


async def test_a_wait_ends_when_the_deadline_passes(harness: Served) -> None:
    with pytest.raises(AioRpcError):
        await harness.pick(STITCH, metadata=(("stitch-wait-ms", "60000"),), timeout=0.05)
    record = await harness.record()
    assert (record.cancelled, record.code) == (True, 0)


async def test_a_wait_ends_when_the_client_cancels(harness: Served) -> None:
    wishes = (("stitch-wait-ms", "60000"), ("stitch-send-headers", "now"))
    call = harness.pick(STITCH, metadata=wishes)
    asyncio.get_running_loop().call_later(0.05, call.cancel)
    assert await call.code() is StatusCode.CANCELLED
    assert (await harness.record()).cancelled


@pytest.mark.parametrize("now", [(), (("stitch-send-headers", "now"),)])
async def test_the_reply_is_marked_as_gzip(harness: Served, now: tuple[tuple[str, str]]) -> None:
    # Marked, not shorter: gRPC leaves a message alone that gzip would make longer.
    wishes = (("stitch-reply-encoding", "gzip"), *now)
    async with (
        tapped(harness.address) as (address, bytes_seen),
        aio.insecure_channel(address) as channel,
    ):
        await ManageStub(channel).PickOne(STITCH, metadata=wishes)
    assert b"grpc-encoding\x04gzip" in bytes_seen
