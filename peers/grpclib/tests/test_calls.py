"""Calls of all four kinds: what scripts do, what clients do, and what both record."""

import asyncio

import pytest

from tests.conftest import ROW, STITCH, Object, Peer, text, texts

CANCELLED = 1
UNKNOWN = 2
DEADLINE_EXCEEDED = 4

A, B = {"send": text("a")}, {"send": text("b")}
ALL = {"receive": -1}
A_MINUTE = {"waitMs": 60_000}


async def test_the_plain_service_answers_where_no_script_is_named(peer: Peer) -> None:
    ended = await peer.call("/Manage/PickOne", {"send": STITCH})
    served = await peer.served(ended["id"])
    assert ended["status"] == served["status"] == {}
    assert ended["responses"] == served["responses"] == [{"bytes": ROW, "times": 1}]
    assert served["requests"] == [{"bytes": STITCH, "times": 1}]
    assert served["script"] == ""
    ended = await peer.call("/Manage/PickOne", {"send": ""})
    assert ended["status"] == {"code": 5, "message": "expirement not found"}


async def test_what_no_script_answers_says_so(peer: Peer) -> None:
    ended = await peer.call("/test.Kinds/Unary", A)
    assert ended["status"] == {"code": 12, "message": "no script"}
    metadata = [{"key": "stitch-script", "text": "x"}]
    ended = await peer.call("/Manage/PickOne", {"send": STITCH}, metadata=metadata)
    assert ended["status"] == {"code": 12, "message": 'no script "x"'}


@pytest.mark.parametrize(
    ("method", "script", "steps", "requests", "responses"),
    [
        ("Unary", [{"receive": 1}, B], [A], "a", "b"),
        ("Upload", [ALL, B], [A | {"times": 3}, B], "aaab", "b"),
        ("Upload", [ALL, B], [], "", "b"),
        ("Download", [{"receive": 1}, A | {"times": 3}, B], [A], "a", "aaab"),
        ("Chat", [B, {"receive": 1}, A, ALL], [{"receive": 1}, A, {"receive": 1}], "a", "ba"),
        ("Chat", [], [], "", ""),
    ],
)
async def test_every_kind(  # noqa: PLR0913, PLR0917 - columns of a table
    peer: Peer,
    method: str,
    script: list[Object],
    steps: list[Object],
    requests: str,
    responses: str,
) -> None:
    await peer.script(f"/test.Kinds/{method}", *script, {"end": {}})
    ended = await peer.call(f"/test.Kinds/{method}", *steps)
    served = await peer.served(ended["id"])
    assert ended["status"] == {}
    assert texts(served["requests"]) == list(requests)
    assert texts(ended["responses"]) == texts(served["responses"]) == list(responses)
    assert ended["sent"] == len(requests)


async def test_a_method_with_one_response_takes_one(peer: Peer) -> None:
    await peer.script("/test.Kinds/Chat", A, B)
    ended = await peer.call("/test.Kinds/Chat", A, types="/test.Kinds/Unary")
    assert (ended["status"], texts(ended["responses"])) == ({}, ["a"])


async def test_metadata_and_status_are_as_told(peer: Peer) -> None:
    entries = [
        {"key": "k", "text": "1"},
        {"key": "k", "text": "2"},
        {"key": "k-bin", "binary": "AP8="},
    ]
    status = {"code": 9, "message": "100% 測試", "details": "CAkSAWE="}
    end = {"status": status, "trailers": entries}
    await peer.script("/test.Kinds/Chat", {"headers": {"entries": entries}}, A, {"end": end})
    ended = await peer.call("/test.Kinds/Chat", metadata=entries, timeoutMs=100_000)
    served = await peer.served(ended["id"])
    assert ended["headers"] == ended["trailers"] == entries
    assert ended["status"] == served["status"] == status
    assert served["metadata"] == [*entries, {"key": "stitch-call-id", "text": ended["id"]}]
    assert 90_000 < served["timeRemainingMs"] <= 100_000


async def test_a_served_line_comes_before_the_status(peer: Peer) -> None:
    line = peer.begin("/Manage/PickOne", {"send": STITCH}, times=50, atOnce=7)
    for number in range(50):
        id_ = f"{line}.{number}"
        await peer.told(id_)
        assert peer.order.index(("served", id_)) < peer.order.index(("ended", id_))


@pytest.mark.parametrize(
    "steps", [[A, {"receive": 1}], [A, {"close": True}, {"receive": 1}], [A | {"times": 3}]]
)
async def test_a_server_sees_that_a_call_is_cancelled(peer: Peer, steps: list[Object]) -> None:
    await peer.script("/test.Kinds/Chat", {"headers": {}}, A, ALL, A_MINUTE)
    ended = await peer.call("/test.Kinds/Chat", *steps, {"waitMs": 50}, {"cancel": True})
    served = await peer.served(ended["id"])
    assert ended["status"]["code"] == CANCELLED
    assert served["cancelled"]
    assert "status" not in served


@pytest.mark.parametrize("steps", [[A, ALL], [A, A_MINUTE]])
async def test_a_deadline_ends_steps_of_both_sides(peer: Peer, steps: list[Object]) -> None:
    await peer.script("/test.Kinds/Chat", A, A_MINUTE)
    ended = await peer.call("/test.Kinds/Chat", *steps, timeoutMs=100)
    assert ended["status"]["code"] == DEADLINE_EXCEEDED
    assert 90 < ended["elapsedMs"] < 5_000
    assert (await peer.served(ended["id"]))["cancelled"]


@pytest.mark.parametrize("script", [[A], [{"end": {"status": {"code": 9}}}]])
async def test_the_end_of_a_call_ends_its_wait(peer: Peer, script: list[Object]) -> None:
    await peer.script("/test.Kinds/Chat", *script)
    ended = await peer.call("/test.Kinds/Chat", {"close": True}, A_MINUTE)
    assert texts(ended["responses"]) == ["a"] * (script == [A])
    assert ended["elapsedMs"] < 5_000


async def test_what_the_runtime_will_not_have_is_unusable(peer: Peer) -> None:
    ended = await peer.call("/test.Kinds/Unary", {"send": "AAAA"})
    assert ended["unusable"]
    await peer.script("/test.Kinds/Unary", {"send": "AAAA"})
    ended = await peer.call("/test.Kinds/Unary", A)
    served = await peer.served(ended["id"])
    assert served["unusable"]
    assert served["status"] == ended["status"]


async def test_what_a_client_does_not_do_is_unsupported(peer: Peer) -> None:
    address = f"127.0.0.1:{peer.port}"
    calls: list[Object] = [
        {"types": "/test.Kinds/None"},
        {"compression": "gzip"},
        {"waitForReady": True},
        {"channel": {"address": address, "maxReceiveBytes": 9}},
        {"steps": [{"dance": 1}]},
    ]
    for call in calls:
        ended = await peer.call("/Manage/PickOne", **call)
        assert ended["unsupported"]
        assert "status" not in ended


async def test_what_the_library_refuses_is_a_status(peer: Peer) -> None:
    metadata = [{"key": "k", "text": ""}]
    ended = await peer.call("/Manage/PickOne", {"send": STITCH}, metadata=metadata)
    message = "ValueError: Invalid metadata value: ''"
    assert ended["status"] == {"code": UNKNOWN, "message": message}


async def test_a_hundred_streams_at_once(peer: Peer) -> None:
    await peer.script("/test.Kinds/Chat", {"receive": 1}, A, ALL)
    call = {"times": 100, "atOnce": 100}
    id_ = peer.begin("/test.Kinds/Chat", B, {"receive": 1}, {"waitMs": 100}, **call)
    async with asyncio.timeout(5):
        for number in range(100):
            assert texts((await peer.told(f"{id_}.{number}"))["responses"]) == ["a"]


async def test_flow_control_holds_the_sender_back(peer: Peer) -> None:
    big = {"send": text("x" * (1 << 20)), "times": 20}
    await peer.script("/test.Kinds/Chat", ALL, big)
    ended = await peer.call("/test.Kinds/Chat", big, {"close": True}, {"waitMs": 300})
    served = await peer.served(ended["id"])
    for messages in (ended["responses"], served["requests"], served["responses"]):
        assert [entry["times"] for entry in messages] == [20]
