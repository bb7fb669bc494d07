"""The client's side of the contract."""

import asyncio
import sys
from collections.abc import AsyncIterable, Callable

from peer_pb2 import Call, CallRecord, ClientLine
from stitch_peer.harness.call import make, what_is_unsupported
from stitch_peer.harness.channels import Channels
from stitch_peer.harness.implementation import implementation
from stitch_peer.harness.input import Input
from stitch_peer.harness.line import LineError, decode
from stitch_peer.harness.output import write_line

_GRACE_SECONDS = 5


def call() -> int:
    """Makes calls until told to stop; returns 0, or 2 for a line that is not a Call."""
    try:
        asyncio.run(_call())
    except LineError as error:
        print(f"the line is not a call: {error}", file=sys.stderr)
        return 2
    return 0


async def _call() -> None:
    await run(Input(), write_line)


async def run(lines: AsyncIterable[bytes], write: Callable[[ClientLine], None]) -> None:
    """Makes the calls that the lines tell, all at once, until the lines end.

    Then finishes the calls in flight. Raises LineError for a line that is not a Call.
    """
    channels = Channels()
    in_flight = set[asyncio.Task[None]]()
    write(ClientLine(ready=implementation()))
    async for line in lines:
        task = asyncio.create_task(_end(decode(line, Call()), channels, write))
        # The event loop does not keep a task alive: somebody must hold it.
        in_flight.add(task)
        task.add_done_callback(in_flight.discard)
    await _finish(in_flight)
    await channels.close()


async def _end(call: Call, channels: Channels, write: Callable[[ClientLine], None]) -> None:
    unsupported = what_is_unsupported(call)
    if unsupported:
        record = CallRecord(id=call.id, unsupported=unsupported)
    else:
        record = await make(call, channels.of(call))
    write(ClientLine(ended=record))


async def _finish(in_flight: set[asyncio.Task[None]]) -> None:
    if in_flight:
        _, late = await asyncio.wait(in_flight, timeout=_GRACE_SECONDS)
        for task in late:
            task.cancel()
