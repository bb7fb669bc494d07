"""Calls of all kinds, with both of their records."""

import asyncio

import pytest

from expirement_pb2 import Expirement
from tests.conftest import Json, Peer
from tests.kinds import CHAT, KINDS, UNARY, UPLOAD, WATCH, b64, text

PICK_ONE = "/Manage/PickOne"
STERN = "/tests.Stern/Ask"
A, B = text("a"), text("b")


def once(message: str) -> Json:
    return {"bytes": message, "times": 1}


def ok(record: Json) -> bool:
    return bool(record["status"] == {"code": 0, "message": ""})


def named(script: str) -> list[Json]:
    return [{"key": "stitch-script", "text": script}]


@pytest.mark.parametrize(("name", "client", "server"), KINDS)
async def test_every_kind_of_call(
    peer: Peer, address: str, *, name: str, client: bool, server: bool
) -> None:
    requests = [{"send": A}, {"send": B, "times": 2}] if client else [{"send": A}]
    ended, served = await peer.both(address, f"/tests.Kinds/{name}", *requests)
    assert ok(ended)
    assert ok(served)
    assert ended["sent"] == (3 if client else 1)
    assert served["requests"] == [once(A), {"bytes": B, "times": 2}][: len(requests)]
    replies = (
        [once(text("one")), {"bytes": text("two"), "times": 2}] if server else [once(text("one"))]
    )
    assert ended["responses"] == served["responses"] == replies
    assert served["script"] == served["method"] == f"/tests.Kinds/{name}"


async def test_a_server_may_speak_first(peer: Peer) -> None:
    headers = {"headers": {"entries": [{"key": "h", "text": "1"}]}}
    await peer.script("first", headers, {"send": A}, {"receive": 1}, {"send": B}, {"receive": -1})
    steps: list[Json] = [{"receive": 1}, {"send": text("answer")}, {"receive": 1}]
    ended, served = await peer.both(await peer.listen(), CHAT, *steps, metadata=named("first"))
    assert ended["headers"] == [{"key": "h", "text": "1"}]
    assert ended["responses"] == [once(A), once(B)]
    assert served["requests"] == [once(text("answer"))]


async def test_the_plain_service_answers_where_no_script_does(peer: Peer, address: str) -> None:
    row = b64(Expirement(name="Stitch", id=7, skill="making annoyed noise").SerializeToString())
    ended, served = await peer.both(address, PICK_ONE, {"send": text("Stitch")})
    assert ended["responses"] == served["responses"] == [once(row)]
    assert served["requests"] == [once(text("Stitch"))]
    assert "script" not in served
    for record in await peer.both(address, PICK_ONE, {"send": text("stitch")}):
        assert record["status"] == {"code": 5, "message": "expirement not found"}
        assert record["responses"] == []


async def test_what_no_script_answers_is_unimplemented(peer: Peer, address: str) -> None:
    await peer.script(UNARY)
    for record in await peer.both(address, UNARY, {"send": A}):
        assert record["status"] == {"code": 12, "message": "no script"}
    for record in await peer.both(address, PICK_ONE, {"send": A}, metadata=named("nobody")):
        assert record["status"] == {"code": 12, "message": 'no script "nobody"'}


async def test_a_method_that_nobody_serves_is_turned_away_by_grpcio(
    peer: Peer, address: str
) -> None:
    ended = await peer.call(address, "/tests.Kinds/Nothing", {"send": A}, types=UPLOAD)
    assert ended["status"]["code"] == 12
    assert not any("served" in line for line in peer.lines)


@pytest.mark.parametrize(("code", "message"), [(0, ""), (9, "100% é\r\n\U0001f600"), (16, "")])
@pytest.mark.parametrize("method", [UNARY, CHAT])
async def test_status_and_metadata_go_both_ways(
    peer: Peer, method: str, code: int, message: str
) -> None:
    entries = [
        {"key": "k", "text": "1"},
        {"key": "k", "text": "2"},
        {"key": "k-bin", "binary": b64(bytes(range(256)))},
    ]
    status = {"code": code, "message": message}
    end = {"end": {"status": status, "trailers": entries}}
    await peer.script("end", {"headers": {"entries": entries}}, {"receive": 1}, {"send": A}, end)
    ended, served = await peer.both(
        await peer.listen(), method, {"send": A}, metadata=[*entries, *named("end")]
    )
    assert ended["headers"] == ended["trailers"] == entries
    assert [entry for entry in served["metadata"] if entry["key"][0] == "k"] == entries
    assert ended["status"] == served["status"] == status


async def test_details_are_a_trailer(peer: Peer) -> None:
    status = {"code": 9, "message": "m", "details": b64(b"\x08\x09\x12\x01m")}
    await peer.script(UNARY, {"end": {"status": status}})
    ended = await peer.call(await peer.listen(), UNARY, {"send": A})
    assert ended["trailers"] == [{"key": "grpc-status-details-bin", "binary": status["details"]}]


@pytest.mark.parametrize("method", [UNARY, UPLOAD, WATCH, CHAT])
@pytest.mark.parametrize(
    ("last", "more", "code"),
    [({"cancel": True}, {}, 1), ({"waitMs": 60_000}, {"timeoutMs": 600}, 4)],
)
async def test_a_wait_ends_with_its_call(
    peer: Peer, method: str, last: Json, more: Json, code: int
) -> None:
    await peer.script("wait", {"receive": 1}, {"waitMs": 60_000}, {"send": A})
    steps: list[Json] = [{"send": A}, {"waitMs": 500}, last]
    ended, served = await peer.both(
        await peer.listen(), method, *steps, metadata=named("wait"), **more
    )
    assert ended["status"]["code"] == code
    assert 400 < ended["elapsedMs"] < 5000
    assert served["cancelled"]
    assert "status" not in served
    assert served["requests"] == [once(A)]
    assert ("timeRemainingMs" in served) == bool(more)


async def test_a_call_that_ended_before_its_cancel_keeps_its_response(
    peer: Peer, address: str
) -> None:
    steps: list[Json] = [{"send": A}, {"waitMs": 300}, {"cancel": True}]
    ended = await peer.call(address, UNARY, *steps)
    assert ok(ended)
    assert ended["responses"] == [once(text("one"))]


async def test_a_repeated_call_has_as_many_in_flight_as_it_says(peer: Peer) -> None:
    await peer.script(UNARY, {"waitMs": 300}, {"send": A})
    address = await peer.listen()
    loop = asyncio.get_running_loop()
    began = loop.time()
    call_id = peer.start(address, UNARY, {"send": A}, times=20, atOnce=10)
    ended = [await peer.told("ended", f"{call_id}.{n}") for n in range(20)]
    served = [await peer.told("served", f"{call_id}.{n}") for n in range(20)]
    assert 0.6 < loop.time() - began < 3
    assert all(map(ok, ended + served))


async def test_a_hundred_streams_share_a_channel(peer: Peer) -> None:
    await peer.script(CHAT, {"send": A}, {"receive": -1}, {"send": B})
    address = await peer.listen()
    steps: list[Json] = [{"receive": 1}, {"waitMs": 500}, {"send": A}]
    ids = [peer.start(address, CHAT, *steps) for _ in range(100)]
    ended = await asyncio.gather(*(peer.told("ended", call_id) for call_id in ids))
    assert all(map(ok, ended))
    assert max(record["elapsedMs"] for record in ended) < 5000


async def test_many_megabytes_wait_for_a_slow_reader(peer: Peer) -> None:
    big = text("x" * (1 << 20))
    await peer.script(WATCH, {"receive": 1}, {"send": big, "times": 50})
    steps: list[Json] = [{"send": A}, {"receive": 1}, {"waitMs": 300}]
    ended, served = await peer.both(await peer.listen(), WATCH, *steps)
    assert ended["responses"] == served["responses"] == [{"bytes": big, "times": 50}]


async def test_a_served_line_comes_before_the_end_of_its_call(peer: Peer, address: str) -> None:
    ids = [peer.start(address, UNARY, {"send": A}) for _ in range(50)]
    await asyncio.gather(*(peer.told("ended", call_id) for call_id in ids))
    lines = [
        (kind, said.get("callId", said.get("id")))
        for line in peer.lines
        for kind, said in line.items()
    ]
    assert all(lines.index(("served", i)) < lines.index(("ended", i)) for i in ids)


@pytest.mark.parametrize(
    ("method", "more", "unsupported"),
    [
        ("/tests.Kinds/Nothing", {}, "method /tests.Kinds/Nothing"),
        (UNARY, {"steps": [{"send": A}], "compression": "br"}, 'compression "br"'),
        (UNARY, {"steps": [{"dance": 1}]}, 'step {"dance": 1}'),
        (WATCH, {"steps": [{"cancel": True}]}, "a call without its request"),
    ],
)
async def test_what_it_does_not_know_it_says(
    peer: Peer, address: str, method: str, more: Json, unsupported: str
) -> None:
    ended = await peer.call(address, method, **more)
    assert ended.pop("id")
    assert ended == {"unsupported": unsupported}


@pytest.mark.parametrize(
    ("method", "request_bytes"), [(UNARY, b"\x0a\xff"), (CHAT, b"\x0a\x01\xff"), (STERN, b"")]
)
async def test_a_request_that_the_runtime_refuses_is_unusable(
    peer: Peer, address: str, method: str, request_bytes: bytes
) -> None:
    ended = await peer.call(address, method, {"send": b64(request_bytes)})
    assert ended.keys() == {"id", "unusable"}


async def test_a_response_that_the_runtime_refuses_is_unusable(peer: Peer) -> None:
    await peer.script(CHAT, {"send": b64(b"\x0a\xff")})
    ended, served = await peer.both(await peer.listen(), CHAT)
    assert ended["status"] == served["status"]
    assert served["status"]["code"] == 2
    assert served["unusable"] == served["status"]["message"]


async def test_a_request_may_come_without_a_required_field(peer: Peer, address: str) -> None:
    await peer.script(STERN, {"receive": 1}, {"send": A})
    ended, served = await peer.both(address, STERN, {"send": ""}, types=UNARY)
    assert served["requests"] == [once("")]
    assert ended["responses"] == [once(A)]


@pytest.mark.parametrize(("method", "code"), [(UNARY, 2), (UPLOAD, 13), (WATCH, 13), (CHAT, 13)])
async def test_metadata_that_grpcio_does_not_send_is_a_status(
    peer: Peer, address: str, method: str, code: int
) -> None:
    metadata = [{"key": "refused", "text": "by\nthe library"}]
    ended = await peer.call(address, method, {"send": A}, metadata=metadata)
    assert ended["status"]["code"] == code
    assert ended["status"]["message"]
