"""Ports that are listened on, and how they end."""

import asyncio
import socket

import pytest

from tests.conftest import STITCH, Peer, text

A = {"send": text("a")}


async def test_what_a_listener_does_not_do_is_refused(peer: Peer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        answer = await peer.do(listen={"port": taken})
    assert "Address already in use" in answer["refused"]
    for member in ("keepalive", "minPingMs", "maxReceiveBytes", "maxAgeMs"):
        assert member in (await peer.do(listen={member: {"timeMs": 1}}))["refused"]
    assert "gzip" in (await peer.do(script={"name": "x", "compression": "gzip"}))["refused"]
    assert "dance" in (await peer.do(script={"name": "x", "steps": [{"dance": 1}]}))["refused"]
    assert "1" in (await peer.do(close={"port": 1}))["refused"]


async def test_close_ends_calls_and_connections_and_frees_the_port(peer: Peer) -> None:
    await peer.script("/test.Kinds/Chat", A, {"waitMs": 60_000})
    id_ = peer.begin("/test.Kinds/Chat")
    with socket.create_connection(("127.0.0.1", peer.port), timeout=5) as idle:
        await asyncio.sleep(0.8)
        assert await peer.do(close={"port": peer.port}) == {"id": peer.order[-1][1]}
        while idle.recv(1000):
            pass
    assert (await peer.told(id_))["status"]["code"]
    assert (await peer.served(id_))["cancelled"]
    assert (await peer.do(listen={"port": peer.port}))["port"] == peer.port
    assert (await peer.call("/Manage/PickOne", {"send": STITCH}))["status"] == {}


@pytest.mark.parametrize("stop", ["drain", "end of input", "SIGTERM", "SIGINT"])
async def test_calls_in_flight_are_finished_and_new_ones_refused(peer: Peer, stop: str) -> None:
    await peer.script("/test.Kinds/Chat", A, {"receive": 1}, {"waitMs": 2000}, A)
    id_ = peer.begin("/test.Kinds/Chat", A)
    await asyncio.sleep(0.8)
    if stop == "drain":
        draining = peer.say(drain={"port": peer.port})
        ended = await peer.call("/Manage/PickOne", {"send": STITCH})  # the drain holds up nothing
        assert ended["status"] == {"code": 14, "message": "the server is stopping"}
        assert await peer.told(draining) == {"id": draining}
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", peer.port))
    elif stop == "end of input":
        assert peer.program.stdin is not None
        peer.program.stdin.close()
    else:
        peer.program.send_signal(getattr(__import__("signal"), stop))
    ended = await peer.told(id_)
    assert ended["status"] == {}
    assert ended["responses"][0]["times"] == 2


async def test_a_listener_keeps_its_types(peer: Peer) -> None:
    await peer.script("/test.Kinds/Unary", A)
    await peer.do(types={"files": ""})
    ended = await peer.call("/test.Kinds/Unary", {"send": STITCH}, types="/Manage/PickOne")
    assert ended["status"] == {}
    assert (await peer.call("/test.Kinds/Unary", A))["unsupported"]
