"""What a channel may be told: TLS and keepalive."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import PingReceived

from tests.conftest import STITCH, Object, Peer

KEEPALIVE = {"timeMs": 200, "timeoutMs": 200}


def make(folder: Path, name: str, *options: str) -> None:
    """Makes a key and a certificate."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
    outputs = ["-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem"]
    command = ["openssl", "req", "-x509", *key, *outputs, "-subj", f"/CN={name}", *options]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Certificates of two authorities, of a server and a client, and their keys, by file name."""
    folder = tmp_path_factory.mktemp("pem")
    make(folder, "ca")
    make(folder, "other")
    signed = ("-CA", str(folder / "ca.pem"), "-CAkey", str(folder / "ca.key"))
    leaf = (*signed, "-addext", "basicConstraints=critical,CA:FALSE")
    make(folder, "server", *leaf, "-addext", "subjectAltName=IP:127.0.0.1,DNS:stitch.test")
    make(folder, "client", *leaf)
    return {file.name: file.read_text() for file in folder.iterdir()}


def texts(pem: dict[str, str], tls: Object) -> Object:
    """Returns what a line has: texts where there are names of files."""
    return {name: pem.get(value, value) for name, value in tls.items()}


@pytest.mark.parametrize(
    ("client", "is_mutual", "is_well"),
    [
        ({"ca": "ca.pem"}, False, True),
        ({"ca": "ca.pem", "serverName": "stitch.test"}, False, True),
        ({"ca": "ca.pem", "serverName": "other.test"}, False, False),
        ({"ca": "other.pem"}, False, False),
        ({}, False, False),
        (None, False, False),
        ({"ca": "ca.pem", "cert": "client.pem", "key": "client.key"}, True, True),
        ({"ca": "ca.pem"}, True, False),
        ({"ca": "ca.pem", "cert": "other.pem", "key": "other.key"}, True, False),
    ],
)
async def test_tls(
    peer: Peer, pem: dict[str, str], client: Object | None, *, is_mutual: bool, is_well: bool
) -> None:
    server = {"cert": pem["server.pem"], "key": pem["server.key"]}
    answer = await peer.do(
        listen={"tls": server | ({"clientCa": pem["ca.pem"]} if is_mutual else {})}
    )
    channel: Object = {"address": f"127.0.0.1:{answer['port']}"}
    if client is not None:
        channel["tls"] = texts(pem, client)
    ended = await peer.call("/Manage/PickOne", {"send": STITCH}, channel=channel)
    assert (ended["status"] == {}) is is_well
    assert ("served", ended["id"]) in peer.order or not is_well


@pytest.mark.parametrize(
    "tls",
    [
        {},
        {"cert": "x", "key": "y"},
        {"cert": "server.pem"},
        {"cert": "server.pem", "key": "client.key"},
        {"cert": "server.pem", "key": "server.key", "clientCa": "x"},
        {"cert": "server.pem", "key": "server.key", "version": "1.1"},
    ],
)
async def test_tls_that_cannot_be_is_no_listener(
    peer: Peer, pem: dict[str, str], tls: Object
) -> None:
    assert (await peer.do(listen={"tls": texts(pem, tls)}))["refused"]


@pytest.mark.parametrize(
    "tls", [{"ca": "x"}, {"cert": "x", "key": "y"}, {"cert": "client.pem", "key": "server.key"}]
)
async def test_tls_that_cannot_be_is_no_call(peer: Peer, pem: dict[str, str], tls: Object) -> None:
    channel = {"address": "127.0.0.1:1", "tls": texts(pem, tls)}
    ended = await peer.call("/Manage/PickOne", channel=channel)
    assert "SSLError" in ended["status"]["message"]


@pytest.mark.parametrize(
    ("listener", "name"),
    [
        ({"cert": "server.pem", "key": "server.key", "clientCa": "ca.pem"}, "client"),
        ({"cert": "server.pem", "key": "server.key"}, ""),
    ],
)
async def test_a_handler_is_told_whose_certificate_the_client_has(
    peer: Peer, pem: dict[str, str], listener: Object, name: str
) -> None:
    own = {"ca": "ca.pem", "cert": "client.pem", "key": "client.key"}
    answer = await peer.do(listen={"tls": texts(pem, listener)})
    channel = {"address": f"127.0.0.1:{answer['port']}", "tls": texts(pem, own)}
    ended = await peer.call("/Manage/PickOne", {"send": STITCH}, channel=channel)
    assert (await peer.served(ended["id"]))["clientName"] == name


@pytest.mark.parametrize("version", ["1.2", "1.3"])
async def test_a_listener_speaks_the_version_that_it_is_told_and_no_other(
    peer: Peer, pem: dict[str, str], version: str
) -> None:
    own = texts(pem, {"cert": "server.pem", "key": "server.key"})
    port = (await peer.do(listen={"tls": own | {"version": version}}))["port"]
    for offered in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cadata=pem["ca.pem"])
        context.minimum_version = context.maximum_version = offered
        connecting = asyncio.open_connection("127.0.0.1", port, ssl=context)
        if offered.name == f"TLSv{version.replace('.', '_')}":
            _, writer = await connecting
            writer.close()
        else:
            with pytest.raises(OSError):  # noqa: PT011 - an SSLError, or the connection is reset
                await connecting


async def test_a_connection_that_answers_no_ping_is_lost(peer: Peer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = {"address": f"127.0.0.1:{silent.getsockname()[1]}", "keepalive": KEEPALIVE}
        ended = await peer.call("/Manage/PickOne", {"send": STITCH}, channel=channel)
    assert ended["status"] == {"code": 2, "message": "StreamTerminatedError: Connection lost"}
    assert 350 < ended["elapsedMs"] < 2_000


class Silent:
    """A server that answers pings and nothing else."""

    address = ""
    connections = 0

    def __init__(self) -> None:
        """Starts without pings."""
        self.pings: asyncio.Queue[PingReceived] = asyncio.Queue()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves a connection."""
        self.connections += 1
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(1 << 16):
            events = connection.receive_data(data)
            for event in events:
                if isinstance(event, PingReceived):
                    self.pings.put_nowait(event)
            writer.write(connection.data_to_send())
        writer.close()


@pytest.fixture
async def silent() -> AsyncIterator[Silent]:
    """A silent server that ends with the test."""
    silent = Silent()
    server = await asyncio.start_server(silent.serve, "127.0.0.1", 0)
    silent.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield silent
    server.close()


@pytest.mark.parametrize("without_calls", [False, True])
async def test_pings_go_on_while_they_are_answered(
    peer: Peer, silent: Silent, *, without_calls: bool
) -> None:
    keepalive = KEEPALIVE | {"withoutCalls": without_calls}
    channel = {"address": silent.address, "keepalive": keepalive}
    call = {"channel": channel, "timeoutMs": 1_100}
    ended = await peer.call("/Manage/PickOne", {"send": STITCH}, **call)
    assert ended["status"]["code"] == 4
    assert silent.pings.qsize() >= 2
    silent.pings = asyncio.Queue()
    if without_calls:
        async with asyncio.timeout(20):
            for _ in range(4):
                await silent.pings.get()
    else:
        await asyncio.sleep(1.1)
        assert silent.pings.qsize() <= 3


async def test_a_channel_is_its_content(peer: Peer, silent: Silent) -> None:
    for channel in ({"name": "a"}, {"name": "a"}, {"name": "b"}, {}):
        call = {"channel": channel | {"address": silent.address}, "timeoutMs": 50}
        await peer.call("/Manage/PickOne", {"send": STITCH}, **call)
    assert silent.connections == 3
