"""The server's side of the contract."""

from collections.abc import AsyncIterable, Callable

from peer_pb2 import ServerLine
from stitch_peer.harness.instruction import carry_out
from stitch_peer.harness.listeners import Listeners
from stitch_peer.harness.manage import Manage

_GRACE_SECONDS = 5


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
