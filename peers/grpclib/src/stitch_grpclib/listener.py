"""One gRPC server on one port."""

import asyncio
import contextlib
import socket
from typing import Self
from weakref import WeakSet

from grpclib.const import Status
from grpclib.events import RecvRequest, listen
from grpclib.exceptions import GRPCError
from grpclib.health.service import Health
from grpclib.protocol import H2Protocol
from grpclib.reflection.service import ServerReflection
from grpclib.server import Server

from expirement_grpc import ManageBase


class Listener(Server):
    """Serves Manage, health and reflection on one port.

    grpclib's own server cancels calls when it is closed, and leaves the connections.
    """

    def __init__(self, manage: ManageBase) -> None:
        super().__init__(ServerReflection.extend([manage, Health({manage: []})]))
        self._connections = WeakSet[H2Protocol]()
        self._calls = set[asyncio.Task[object]]()
        self._is_draining = False
        listen(self, RecvRequest, self._begin)

    @classmethod
    async def open(cls, host: str, port: int, manage: ManageBase) -> tuple[int, Self]:
        """Returns the port when it takes calls; 0 lets the system choose one. Raises OSError."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.create_server((host, port), family=family)
        # asyncio does so for sockets that it makes itself; without it, each reply waits
        # some 40 ms for the acknowledgement of its headers. Accepted sockets inherit it.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener = cls(manage)
        await listener.start(sock=sock)
        return sock.getsockname()[1], listener

    async def drain(self, grace: float) -> None:
        """Refuses new calls, gives those in flight `grace` seconds, and ends what is left."""
        self._is_draining = True
        if self._calls and grace:
            await asyncio.wait(self._calls, timeout=grace)
        self.close()
        for connection in list(self._connections):
            with contextlib.suppress(AttributeError):  # it is just being made
                connection.processor.close()
        await self.wait_closed()

    def _protocol_factory(self) -> H2Protocol:
        connection = super()._protocol_factory()
        self._connections.add(connection)
        return connection

    async def _begin(self, _: RecvRequest) -> None:
        task = asyncio.current_task()
        if self._is_draining or task is None:
            raise GRPCError(Status.UNAVAILABLE, "the server is stopping")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
