"""The lines of the client."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator

import pytest
from google.protobuf.json_format import MessageToDict

from expirement_pb2 import Expirement
from peer_pb2 import CallRecord, ClientLine, Metadatum
from stitch_peer.harness import client
from stitch_peer.harness.line import LineError
from stitch_peer.human.manage import Manage
from stitch_peer.listener import Listener
from tests.conftest import Served
from tests.tap import tapped


async def lines(*calls: dict[str, object]) -> AsyncIterator[bytes]:
    for call in calls:
        yield json.dumps(call).encode() + b"\n"


async def records(*calls: dict[str, object]) -> list[CallRecord]:
    """Returns what a client tells of these calls."""
    written: list[ClientLine] = []
    await client.run(lines(*calls), written.append)
    assert written.pop(0).ready.library == "grpcio"
    return [line.ended for line in written]


def unary(harness: Served, **members: object) -> dict[str, object]:
    call: dict[str, object] = {
        "id": "1",
        "kind": "unary",
        "address": harness.address,
        "method": "/Manage/PickOne",
        "request": {"name": "Stitch"},
    }
    return call | members


def pairs(*entries: tuple[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "text": text} for key, text in entries]


async def test_a_row_comes_back(harness: Served) -> None:
    (record,) = await records(unary(harness))
    assert record.reply == Expirement(name="Stitch", id=7, skill="making annoyed noise")
    assert (record.id, record.code, record.message) == ("1", 0, "")
    assert record.elapsed.ToNanoseconds() > 0


async def test_a_status_comes_back_with_headers_and_trailers(harness: Served) -> None:
    wishes = pairs(("stitch-status-code", "9"), ("stitch-header-a", "1"), ("stitch-trailer-b", "2"))
    (record,) = await records(unary(harness, metadata=wishes))
    assert (record.code, record.HasField("reply")) == (9, False)
    assert list(record.headers) == [Metadatum(key="a", text="1")]
    assert list(record.trailers) == [Metadatum(key="b", text="2")]


async def test_calls_run_at_once_and_end_in_any_order(harness: Served) -> None:
    slow = unary(harness, id="slow", metadata=pairs(("stitch-wait-ms", "100")))
    assert [r.id for r in await records(slow, unary(harness, id="fast"))] == ["fast", "slow"]


async def test_a_hundred_calls_wait_at_once(harness: Served) -> None:
    wait = pairs(("stitch-wait-ms", "200"))
    async with asyncio.timeout(5):
        told = await records(*(unary(harness, id=str(n), metadata=wait) for n in range(100)))
    assert {record.id for record in told} == {str(n) for n in range(100)}
    assert {record.code for record in told} == {0}


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"timeout": "0.05s"}, 4),
        ({"cancel_after": "0.05s"}, 1),
        ({"cancelAfter": "0s"}, 1),
        ({"method": "/Manage/Nothing", "compression": "gzip"}, 12),
        ({"address": "127.0.0.1:1"}, 14),
        ({"metadata": pairs(("refused", "by\nthe library"))}, 13),
    ],
)
async def test_a_call_that_fails_has_a_code(
    harness: Served, members: dict[str, object], code: int
) -> None:
    call = unary(harness, metadata=pairs(("stitch-wait-ms", "60000"))) | members
    (record,) = await records(call)
    assert record.code == code
    assert record.message


@pytest.mark.parametrize(
    ("members", "unsupported"),
    [({"kind": "bidi"}, 'call kind "bidi"'), ({"compression": "zstd"}, 'compression "zstd"')],
)
async def test_what_it_does_not_know_it_says(
    harness: Served, members: dict[str, object], unsupported: str
) -> None:
    (record,) = await records(unary(harness, **members))
    assert MessageToDict(record) == {"id": "1", "unsupported": unsupported}
    assert harness.lines.empty()


async def test_a_line_that_is_not_a_call_is_an_error() -> None:
    with pytest.raises(LineError):
        await records({"id": 7})


async def test_the_request_is_compressed(harness: Served) -> None:
    name = "x" * 10_000
    async with tapped(harness.address) as (address, bytes_seen):
        call = unary(harness, address=address, compression="gzip", request={"name": name})
        assert [record.code for record in await records(call)] == [5]
    assert len(bytes_seen) < len(name)
    assert (await harness.record()).request.name == name


async def test_a_call_may_wait_for_its_server() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    call: dict[str, object] = {
        "id": "1",
        "kind": "unary",
        "address": f"127.0.0.1:{port}",
        "method": "/Manage/PickOne",
        "waitForReady": True,
    }
    waiting = asyncio.create_task(records(call))
    await asyncio.sleep(0.1)
    listener = await Listener.open("127.0.0.1", port, Manage())
    assert [record.code for record in await waiting] == [5]
    await listener.close()


async def test_a_call_that_does_not_end_is_left(
    harness: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_GRACE_SECONDS", 0.05)
    assert await records(unary(harness, metadata=pairs(("stitch-wait-ms", "60000")))) == []
