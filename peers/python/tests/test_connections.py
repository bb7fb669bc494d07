"""Listeners, channels, and what is on their connections."""

import asyncio
import socket
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Json, Peer
from tests.kinds import CHAT, UNARY, WATCH, text
from tests.tap import Tap, tapped

A = text("a")
WAIT: list[Json] = [{"receive": 1}, {"waitMs": 2000}, {"send": A}]


def port_of(address: str) -> int:
    return int(address.split(":")[1])


async def test_a_listener_that_was_closed_comes_back_on_its_port(peer: Peer, address: str) -> None:
    await peer.script("wait", {"waitMs": 60_000})
    waiting = peer.start(
        address, UNARY, {"send": A}, metadata=[{"key": "stitch-script", "text": "wait"}]
    )
    await asyncio.sleep(0.5)
    port = port_of(address)
    for _ in range(3):
        assert await peer.do(close={"port": port}) == {}
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        assert await peer.listen(port=port) == address
    assert (await peer.told("ended", waiting))["status"]["code"] == 14
    assert (await peer.told("served", waiting))["cancelled"]
    ended = await peer.call(address, UNARY, {"send": A}, waitForReady=True)
    assert ended["status"]["code"] == 0


async def test_a_drain_finishes_calls_and_holds_up_nothing(peer: Peer, address: str) -> None:
    await peer.script(UNARY, *WAIT)
    call_id = peer.start(address, UNARY, {"send": A})
    await asyncio.sleep(0.5)
    draining = asyncio.create_task(peer.do(drain={"port": port_of(address)}))
    await asyncio.sleep(0.5)
    assert await peer.do(flush={}) == {}
    late = await peer.call(
        address, UNARY, {"send": A}, channel={"address": address, "name": "late"}
    )
    assert late["status"]["code"] == 14
    assert not draining.done()
    assert (await peer.told("ended", call_id))["status"]["code"] == 0
    assert await draining == {}


async def test_a_close_ends_what_drains(peer: Peer, address: str) -> None:
    await peer.script(UNARY, {"waitMs": 60_000})
    call_id = peer.start(address, UNARY, {"send": A})
    await asyncio.sleep(0.5)
    port = port_of(address)
    draining = asyncio.create_task(peer.do(drain={"port": port}))
    assert await peer.do(close={"port": port}) == {}
    assert await draining == {}
    assert (await peer.told("ended", call_id))["status"]["code"] == 14


async def test_what_cannot_be_done_is_refused(peer: Peer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = await peer.do(listen={"host": "127.0.0.1", "port": port})
    assert answer == {"refused": f"port {port}: address already in use"}
    instructions: list[Json] = [
        {"dance": {}},
        {"close": {"port": 1}},
        {"drain": {"port": 1}},
        {"listen": {"host": "127.0.0.1", "port": 65536}},
        {"types": {"files": "AAAA"}},
        {"script": {"name": "s", "steps": [{"dance": {}}]}},
        {"script": {"name": "s", "steps": [{"send": A}], "compression": "br"}},
    ]
    for instruction in instructions:
        assert (await peer.do(**instruction)).keys() == {"refused"}


def test_a_port_is_not_shared(address: str) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port_of(address)))


async def test_new_types_leave_a_listener_its_own(peer: Peer, address: str) -> None:
    waiting = peer.start(address, CHAT, {"waitMs": 300}, {"send": A})
    assert await peer.do(types={"files": ""}) == {}
    assert (await peer.told("ended", waiting))["status"]["code"] == 0
    assert "unsupported" in await peer.call(address, CHAT)


@pytest.fixture
async def tap(address: str) -> Tap:
    return await tapped(address)


async def test_channels_of_the_same_content_share_a_connection(peer: Peer, tap: Tap) -> None:
    for name, connections in [("a", 1), ("a", 1), ("b", 2), ("a", 2)]:
        channel = {"address": tap.address, "name": name}
        ended = await peer.call(tap.address, UNARY, {"send": A}, channel=channel)
        assert ended["status"]["code"] == 0
        assert tap.connections == connections


async def test_a_request_is_compressed(peer: Peer, tap: Tap) -> None:
    long = text("x" * 10_000)
    await peer.call(tap.address, UNARY, {"send": long}, compression="gzip")
    assert len(tap.seen) < 10_000


@pytest.mark.parametrize("method", [UNARY, WATCH])
@pytest.mark.parametrize("first", [[], [{"headers": {}}]])
async def test_responses_are_compressed(
    peer: Peer, tap: Tap, method: str, first: list[Json]
) -> None:
    long = text("x" * 10_000)
    await peer.script(method, *first, {"receive": 1}, {"send": long}, compression="gzip")
    ended = await peer.call(tap.address, method, {"send": A})
    assert ended["responses"] == [{"bytes": long, "times": 1}]
    assert len(tap.seen) < 10_000


@pytest.mark.parametrize("side", ["client", "server"])
async def test_a_silent_connection_is_lost(peer: Peer, side: str) -> None:
    keepalive = {"keepalive": {"timeMs": 400, "timeoutMs": 200}}
    await peer.script(UNARY, {"waitMs": 60_000})
    tap = await tapped(await peer.listen(**keepalive if side == "server" else {}))
    channel = {"address": tap.address, **(keepalive if side == "client" else {})}
    call_id = peer.start(tap.address, UNARY, {"send": A}, channel=channel, timeoutMs=30_000)
    await asyncio.sleep(0.5)
    tap.silent = True
    if side == "client":
        assert (await peer.told("ended", call_id))["status"]["code"] == 14
    else:
        assert (await peer.told("served", call_id))["cancelled"]


async def test_pings_that_come_too_often_end_a_connection(peer: Peer) -> None:
    await peer.script(UNARY, {"waitMs": 7000}, {"send": A})
    # gRPC pings once a second at most, and the server takes two that come too early.
    often = {"timeMs": 1000, "timeoutMs": 5000}
    listeners = [await peer.listen(minPingMs=least) for least in (60_000, 100)]
    calls = [
        peer.call(address, UNARY, {"send": A}, channel={"address": address, "keepalive": often})
        for address in listeners
    ]
    assert [ended["status"]["code"] for ended in await asyncio.gather(*calls)] == [14, 0]


async def test_a_connection_ends_in_order_at_its_age(peer: Peer) -> None:
    await peer.script(UNARY, *WAIT)
    tap = await tapped(await peer.listen(maxAgeMs=100))
    for connections in (1, 2):
        ended = await peer.call(tap.address, UNARY, {"send": A})
        assert (ended["status"]["code"], tap.connections) == (0, connections)


async def test_messages_over_the_limit_are_turned_away(peer: Peer) -> None:
    await peer.script(UNARY, {"receive": 1}, {"send": text("x" * 1000)})
    strict = await peer.listen(maxReceiveBytes=100)
    ended = await peer.call(strict, UNARY, {"send": text("x" * 1000)})
    assert ended["status"]["code"] == 8
    address = await peer.listen()
    for limit, code in [(100, 8), (0, 0)]:
        channel = {"address": address, "maxReceiveBytes": limit}
        ended = await peer.call(address, UNARY, {"send": A}, channel=channel)
        assert ended["status"]["code"] == code


class Authority:
    """A certificate authority, made with openssl."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self.pem = self._make(name, "-days", "2")["cert"]

    def issue(self, name: str) -> dict[str, str]:
        ca = self._folder / self._name
        return self._make(
            name, "-days", "2", "-CA", f"{ca}.cert", "-CAkey", f"{ca}.key",
            "-addext", "basicConstraints=critical,CA:FALSE",
            "-addext", f"subjectAltName=DNS:{name}",
        )  # fmt: skip

    def _make(self, name: str, *options: str) -> dict[str, str]:
        cert, key = (self._folder / f"{name}.{end}" for end in ("cert", "key"))
        new = (
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        )
        command = (*new, "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(cert), *options)
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return {"cert": cert.read_text(), "key": key.read_text()}


async def test_tls(peer: Peer, address: str, tmp_path: Path) -> None:
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    server = ours.issue("server.test")
    named: Json = {"ca": ours.pem, "serverName": "server.test"}
    encrypted = await peer.listen(tls=server)
    mutual = await peer.listen(tls={**server, "clientCa": ours.pem})
    cases: list[tuple[str, Json | None, int]] = [
        (encrypted, named, 0),
        (encrypted, {**named, "ca": theirs.pem}, 14),
        (encrypted, {**named, "serverName": "other.test"}, 14),
        (encrypted, {"ca": ours.pem}, 14),
        (encrypted, {}, 14),
        (encrypted, None, 14),
        (address, named, 14),
        (mutual, {**named, **ours.issue("client.test")}, 0),
        (mutual, {**named, **theirs.issue("stranger.test")}, 14),
        (mutual, named, 14),
    ]
    for target, tls, code in cases:
        channel = {"address": target} | ({} if tls is None else {"tls": tls})
        ended = await peer.call(target, UNARY, {"send": A}, channel=channel)
        assert (ended["status"]["code"], tls) == (code, tls)


async def test_tls_that_cannot_be(peer: Peer, tmp_path: Path) -> None:
    ours = Authority(tmp_path, "ours")
    server, client = ours.issue("server.test"), ours.issue("client.test")
    mixed = server | {"key": client["key"]}
    for tls in (
        {},
        {"cert": "none", "key": "none"},
        {"cert": server["cert"]},
        mixed,
        {**server, "clientCa": "none"},
        {**server, "version": "1.3"},
    ):
        assert (await peer.do(listen={"host": "127.0.0.1", "tls": tls})).keys() == {"refused"}
    address = await peer.listen(tls=server)
    named = {"ca": ours.pem, "serverName": "server.test"}
    for own in ({"ca": "none"}, {"cert": "none", "key": "none"}, mixed):
        channel = {"address": address, "tls": named | own}
        ended = await peer.call(address, UNARY, {"send": A}, channel=channel)
        assert ended["status"]["code"] == 14
    for half in ({"cert": server["cert"]}, {"key": server["key"]}):
        channel = {"address": address, "tls": named | half}
        ended = await peer.call(address, UNARY, {"send": A}, channel=channel)
        assert "go together" in ended["unsupported"]


async def test_a_handler_is_told_whose_certificate_the_client_has(
    peer: Peer, address: str, tmp_path: Path
) -> None:
    ours = Authority(tmp_path, "ours")
    server, client = ours.issue("server.test"), ours.issue("client.test")
    own = {"ca": ours.pem, "serverName": "server.test", **client}
    mutual = await peer.listen(tls={**server, "clientCa": ours.pem})
    encrypted = await peer.listen(tls=server)
    for target, tls, name in [
        (mutual, own, "client.test"),
        (encrypted, own, ""),
        (address, None, ""),
    ]:
        channel = {"address": target} | ({} if tls is None else {"tls": tls})
        for method in (UNARY, CHAT):
            _, served = await peer.both(target, method, {"send": A}, channel=channel)
            assert served["clientName"] == name
