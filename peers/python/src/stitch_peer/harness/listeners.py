"""The listeners of one server, by port."""

import asyncio

from expirement_pb2_grpc import ManageServicer
from peer_pb2 import Closed, Listening
from stitch_peer.harness.implementation import implementation
from stitch_peer.listener import Listener


class Listeners:
    """Opens and closes listeners of one service on one host."""

    def __init__(self, host: str, manage: ManageServicer) -> None:
        """Starts with none."""
        self._host = host
        self._manage = manage
        self._by_port: dict[int, Listener] = {}

    async def open(self, port: int) -> Listening:
        """Opens one more; port 0 lets the system choose. Raises OSError."""
        listener = await Listener.open(self._host, port, self._manage)
        self._by_port[listener.port] = listener
        return Listening(port=listener.port, implementation=implementation())

    async def close(self, port: int) -> Closed:
        """Ends one and its connections at once. Raises KeyError for a port without one."""
        await self._by_port.pop(port).close()
        return Closed(port=port)

    async def drain(self, grace: float) -> None:
        """Ends all, after the calls in flight or after `grace` seconds."""
        await asyncio.gather(*(each.drain(grace) for each in self._by_port.values()))
