"""The server's side of the contract."""

import asyncio
import sys
from collections.abc import AsyncIterable, Callable

from peer_pb2 import ServerLine
from stitch_peer.harness.input import Input
from stitch_peer.harness.instruction import carry_out
from stitch_peer.harness.listeners import Listeners
from stitch_peer.harness.manage import Manage
from stitch_peer.harness.output import write_line
from stitch_peer.listener import reason

_GRACE_SECONDS = 5


def serve(host: str, port: int) -> int:
    """Serves until told to stop; returns 0, or 1 when the port cannot be had."""
    try:
        asyncio.run(_serve(host, port))
    except OSError as error:
        print(f"cannot listen on {host}:{port}: {reason(error)}", file=sys.stderr)
        return 1
    return 0


async def _serve(host: str, port: int) -> None:
    await run(host, port, Input(), write_line)


async def run(
    host: str,
    port: int,
    lines: AsyncIterable[bytes],
    write: Callable[[ServerLine], None],
) -> None:
    """Serves until the lines end, then finishes the calls in flight.

    Raises OSError when the port cannot be had.
    """
    listeners = Listeners(host, Manage(write))
    write(ServerLine(listening=await listeners.open(port)))
    async for line in lines:
        write(await carry_out(line, listeners))
    await listeners.drain(_GRACE_SECONDS)
