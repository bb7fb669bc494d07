"""The lines themselves, and the end of the program."""

import asyncio
import signal
import socket

import pytest

from tests.conftest import Peer
from tests.kinds import UNARY, text

A = text("a")


async def test_ready_comes_first_and_says_what_it_is(peer: Peer) -> None:
    assert peer.lines[0].keys() == {"ready"}
    ready = peer.lines[0]["ready"]
    assert (ready["language"], ready["library"], ready["messages"]) == (
        "Python",
        "grpcio",
        "dynamic",
    )
    assert ready["languageVersion"].startswith("3.")
    assert ready["libraryVersion"]


@pytest.mark.parametrize(
    "line", [b"garbage", b"", b"7", b"[]", b'"\xff', b"{}", b'{"id":"","flush":{}}', b'{"id":7}']
)
async def test_a_line_without_an_id_is_refused(peer: Peer, line: bytes) -> None:
    peer.write(line)
    assert (await peer.told("answer"))["refused"]


async def test_unknown_members_are_ignored(peer: Peer) -> None:
    assert await peer.do(flush={"more": 1}, unknown=[]) == {}


async def test_huge_lines_at_once_stay_whole(peer: Peer, address: str) -> None:
    big = text("x" * 3_000_000)
    await peer.script(UNARY, {"receive": 1}, {"send": big})
    ids = [peer.start(address, UNARY, {"send": big}) for _ in range(5)]
    for call_id in ids:
        ended, served = await peer.told("ended", call_id), await peer.told("served", call_id)
        assert ended["responses"] == served["requests"] == [{"bytes": big, "times": 1}]


@pytest.mark.parametrize("number", [None, signal.SIGTERM, signal.SIGINT])
async def test_stop_finishes_the_calls_in_flight(
    peer: Peer, address: str, number: signal.Signals | None
) -> None:
    await peer.script(UNARY, {"waitMs": 2000}, {"send": A})
    call_id = peer.start(address, UNARY, {"send": A})
    await asyncio.sleep(0.5)
    if number is None:
        peer.end_input()
    else:
        peer.process.send_signal(number)
    for kind in ("served", "ended"):
        assert (await peer.told(kind, call_id))["status"]["code"] == 0


async def test_stop_waits_five_seconds_at_most(peer: Peer, address: str) -> None:
    await peer.script(UNARY, {"waitMs": 60_000}, {"send": A})
    peer.start(address, UNARY, {"send": A})
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute_address = f"127.0.0.1:{mute.getsockname()[1]}"
        peer.start(mute_address, UNARY, {"send": A}, waitForReady=True)
        await asyncio.sleep(0.5)
        peer.end_input()
        async with asyncio.timeout(7):
            assert await peer.process.wait() == 0
