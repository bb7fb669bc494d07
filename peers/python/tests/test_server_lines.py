"""The lines of the server."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from grpc import aio

from expirement_pb2 import Expirement, NameRequest
from peer_pb2 import ServerLine
from stitch_peer.harness import server
from stitch_peer.harness.instruction import carry_out
from stitch_peer.harness.listeners import Listeners
from stitch_peer.harness.manage import Manage

Pick = aio.UnaryStreamMultiCallable[NameRequest, Expirement]


async def lines(*texts: str) -> AsyncIterator[bytes]:
    for text in texts:
        yield text.encode("latin-1") + b"\n"


async def answers(*texts: str) -> list[ServerLine]:
    """Returns the lines of a server that is told these and then to stop."""
    written: list[ServerLine] = []
    await server.run("127.0.0.1", 0, lines(*texts), written.append)
    return written


async def test_the_first_line_says_where_it_listens_and_what_it_is() -> None:
    (line,) = await answers()
    assert line.listening.port > 0
    implementation = line.listening.implementation
    assert (implementation.language, implementation.library) == ("Python", "grpcio")
    assert implementation.language_version.startswith("3.")
    assert implementation.library_version


async def test_flush_is_answered_by_flushed() -> None:
    _, line = await answers('{"flush":{},"unknown":"members are ignored"}')
    assert line.WhichOneof("line") == "flushed"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("garbage", "the line is not an instruction: "),
        ("", "the line is not an instruction: "),
        ('"\xff', "the line is not an instruction: "),
        ("{}", "the line has no instruction that this server knows"),
        ('{"dance":{}}', "the line has no instruction that this server knows"),
        ('{"close":{"port":1}}', "port 1: nothing listens on it"),
        ('{"listen":{"port":65536}}', "port 65536: "),
        ('{"listen":{"port":-1}}', "port -1: "),
    ],
)
async def test_what_cannot_be_done_is_refused(text: str, reason: str) -> None:
    _, line = await answers(text)
    assert line.refused.reason.startswith(reason)


async def test_a_port_that_is_taken_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        _, line = await answers(f'{{"listen":{{"port":{port}}}}}')
    assert line.refused.reason == f"port {port}: address already in use"


async def test_a_listener_that_was_closed_comes_back_on_its_port() -> None:
    listeners = Listeners("127.0.0.1", Manage(lambda _: None))
    port = (await listeners.open(0)).port
    for _ in range(3):
        closed = await carry_out(b'{"close":{"port":%d}}' % port, listeners)
        assert closed.closed.port == port
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        opened = await carry_out(b'{"listen":{"port":%d}}' % port, listeners)
        assert opened.listening.port == port
    await listeners.drain(0)


async def test_a_call_in_flight_is_finished_after_the_last_line() -> None:
    written = asyncio.Queue[ServerLine]()
    told_to_stop = asyncio.Event()

    async def no_lines() -> AsyncIterator[bytes]:
        await told_to_stop.wait()
        for line in list[bytes]():
            yield line

    running = asyncio.create_task(server.run("127.0.0.1", 0, no_lines(), written.put_nowait))
    port = (await written.get()).listening.port
    async with aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        # As a stream, because grpc.aio tells a unary call's headers only when it has ended.
        pick: Pick = channel.unary_stream(
            "/Manage/PickOne", NameRequest.SerializeToString, Expirement.FromString
        )
        wishes = (("stitch-send-headers", "now"), ("stitch-wait-ms", "200"))
        call = pick(NameRequest(name="Stitch"), metadata=wishes)
        await call.initial_metadata()
        told_to_stop.set()
        assert [row.id async for row in call] == [7]
        await running
    assert written.get_nowait().served.reply.id == 7
