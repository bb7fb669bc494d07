"""The server that a person runs."""

import asyncio
import signal
import sys

from stitch_peer.human.manage import Manage
from stitch_peer.listener import Listener, reason

_GRACE_SECONDS = 5


def serve(host: str, port: int) -> int:
    """Serves until SIGINT or SIGTERM; returns the exit code."""
    try:
        asyncio.run(_serve(host, port))
    except OSError as error:
        print(f"cannot listen on {host}:{port}: {reason(error)}", file=sys.stderr)
        return 1
    return 0


async def _serve(host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = await Listener.open(host, port, Manage())
    print(f"listening on {host}:{listener.port}", file=sys.stderr, flush=True)
    await stop.wait()
    await listener.drain(_GRACE_SECONDS)
