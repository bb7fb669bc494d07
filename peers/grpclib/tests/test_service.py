"""What a call's metadata makes the harness's service do, and what it reports."""

import asyncio

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from multidict import MultiDict

from expirement_pb2 import Expirement, NameRequest
from tests.conftest import Served

STITCH = NameRequest(name="Stitch")
ROW = Expirement(name="Stitch", id=7, skill="making annoyed noise")
MALFORMED: list[tuple[str, str | bytes]] = [
    ("stitch-wait-ms", "soon"),
    ("stitch-status-code", "OK"),
    ("stitch-status-message-bin", b"\xff"),
]


async def test_the_record_tells_what_was_seen_and_answered(served: Served) -> None:
    metadata = MultiDict[str | bytes]([("k", "1"), ("k", "2"), ("k-bin", bytes(range(256)))])
    assert await served.stub.PickOne(STITCH, metadata=metadata, timeout=100) == ROW
    record = await served.record()
    assert (record.method, record.request, record.reply) == ("/Manage/PickOne", STITCH, ROW)
    assert [(e.key, e.text or e.binary) for e in record.metadata] == list(metadata.items())
    assert 90 < record.time_remaining.seconds <= 100


async def test_headers_trailers_and_status_are_as_told(served: Served) -> None:
    told: list[tuple[str, str | bytes]] = [
        ("stitch-header-a", "1"),
        ("stitch-header-a", "2"),
        ("stitch-trailer-b-bin", b"\0"),
        ("stitch-status-code", "9"),
        ("stitch-status-message-bin", "100% 測試".encode()),
    ]
    with pytest.raises(GRPCError) as caught:  # noqa: PT012 - the stream is to be seen
        async with served.stub.PickOne.open(metadata=told) as stream:
            await stream.send_message(STITCH, end=True)
            await stream.recv_message()
    assert (caught.value.status, caught.value.message) == (
        Status.FAILED_PRECONDITION,
        "100% 測試",
    )
    assert list((stream.initial_metadata or {}).items()) == [("a", "1"), ("a", "2")]
    assert list((stream.trailing_metadata or {}).items()) == [("b-bin", b"\0")]
    assert (await served.record()).code == 9


@pytest.mark.parametrize(("key", "value"), MALFORMED)
async def test_a_malformed_value_names_its_key(
    served: Served, key: str, value: str | bytes
) -> None:
    with pytest.raises(GRPCError, match=key) as caught:
        await served.stub.PickOne(STITCH, metadata=[(key, value)])
    assert caught.value.status is Status.INVALID_ARGUMENT
    assert (await served.record()).code == 3


async def test_gzip_is_not_implemented(served: Served) -> None:
    with pytest.raises(GRPCError, match="stitch-reply-encoding") as caught:
        await served.stub.PickOne(STITCH, metadata={"stitch-reply-encoding": "gzip"})
    assert caught.value.status is Status.UNIMPLEMENTED


async def test_a_wait_ends_at_the_deadline_and_with_the_client(served: Served) -> None:
    wait = {"stitch-wait-ms": "60000"}
    with pytest.raises(TimeoutError):
        await served.stub.PickOne(STITCH, metadata=wait, timeout=0.05)
    assert (await served.record()).cancelled
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(served.stub.PickOne(STITCH, metadata=wait), 0.05)
    assert (await served.record()).cancelled


async def test_a_server_that_stops_lets_a_call_end_and_refuses_the_next(served: Served) -> None:
    slow = asyncio.create_task(served.stub.PickOne(STITCH, metadata={"stitch-wait-ms": "1000"}))
    await asyncio.sleep(0.3)
    served.program.terminate()
    await asyncio.sleep(0.3)
    with pytest.raises(GRPCError) as caught:
        await served.stub.PickOne(STITCH)
    assert caught.value.status is Status.UNAVAILABLE
    assert await slow == ROW
