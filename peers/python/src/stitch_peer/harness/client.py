"""The client's side of the contract."""

import asyncio
from collections.abc import AsyncIterable, Callable

from google.protobuf.json_format import Parse

from peer_pb2 import Call, CallRecord, ClientLine
from stitch_peer.harness.call import make, what_is_unsupported
from stitch_peer.harness.channels import Channels
from stitch_peer.harness.implementation import implementation

_GRACE_SECONDS = 5


async def run(lines: AsyncIterable[bytes], write: Callable[[ClientLine], None]) -> None:
    """Makes the calls that the lines tell, all at once, until the lines end.

    Then finishes the calls in flight. Raises ParseError for a line that is not a Call.
    """
    channels = Channels()
    in_flight = set[asyncio.Task[None]]()
    write(ClientLine(ready=implementation()))
    async for line in lines:
        call = Parse(line, Call(), ignore_unknown_fields=True)
        task = asyncio.create_task(_end(call, channels, write))
        # The event loop does not keep a task alive: somebody must hold it.
        in_flight.add(task)
        task.add_done_callback(in_flight.discard)
    if in_flight:
        await asyncio.wait(in_flight, timeout=_GRACE_SECONDS)


async def _end(call: Call, channels: Channels, write: Callable[[ClientLine], None]) -> None:
    unsupported = what_is_unsupported(call)
    if unsupported:
        record = CallRecord(id=call.id, unsupported=unsupported)
    else:
        record = await make(call, channels.of(call))
    write(ClientLine(ended=record))
