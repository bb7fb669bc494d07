"""The server: listeners, and the instructions on standard input that open and close them."""

import asyncio
import contextlib
import socket
from weakref import WeakSet

from google.protobuf.json_format import Parse
from grpclib.const import Status
from grpclib.events import RecvRequest, listen
from grpclib.exceptions import GRPCError
from grpclib.health.service import Health
from grpclib.protocol import H2Protocol
from grpclib.reflection.service import ServerReflection
from grpclib.server import Server

from peer_pb2 import Closed, Flushed, Instruction, Listen, Listening, Refused, ServerLine
from stitch_grpclib import lines
from stitch_grpclib.service import Manage


async def serve(host: str, port: int) -> None:
    """Serves until told to stop. Raises OSError when the port cannot be had."""
    told = await lines.read()
    listeners: dict[int, Listener] = {}

    async def carry_out(instruction: Instruction) -> ServerLine:
        match instruction.WhichOneof("instruction"):
            case "listen":
                # asyncio sets NODELAY on sockets that it makes itself, and accepted ones inherit
                # it. Without it, each reply waits some 40 ms until its headers are acknowledged.
                sock = socket.create_server((host, instruction.listen.port))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                bound = sock.getsockname()[1]
                listeners[bound] = Listener()
                await listeners[bound].start(sock=sock)
                listening = Listening(port=bound, implementation=lines.IMPLEMENTATION)
                return ServerLine(listening=listening)
            case "close":
                bound = instruction.close.port
                if bound not in listeners:
                    raise ValueError(f"port {bound}: nothing listens on it")
                await listeners.pop(bound).drain(0)
                return ServerLine(closed=Closed(port=bound))
            case "flush":  # a call is answered only after its record has left this process
                return ServerLine(flushed=Flushed())
        raise ValueError("unknown instruction")

    lines.write(await carry_out(Instruction(listen=Listen(port=port))))
    async for line in told:
        try:
            answer = await carry_out(Parse(line, Instruction(), ignore_unknown_fields=True))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason
            answer = ServerLine(refused=Refused(reason=str(error)))
        lines.write(answer)
    await asyncio.gather(*(listener.drain(5) for listener in listeners.values()))


class Listener(Server):
    """Serves Manage, health and reflection on one port.

    grpclib's own server cancels calls when it is closed, and leaves the connections.
    """

    def __init__(self) -> None:
        manage = Manage()
        super().__init__(ServerReflection.extend([manage, Health({manage: []})]))
        self._connections = WeakSet[H2Protocol]()
        self._calls = set[asyncio.Task[object]]()
        self._is_draining = False
        listen(self, RecvRequest, self._begin)

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

    async def drain(self, grace: float) -> None:
        """Refuses new calls, gives those in flight `grace` seconds, and ends what is left."""
        self._is_draining = True
        if self._calls:
            await asyncio.wait(self._calls, timeout=grace)
        self.close()
        for connection in self._connections:
            with contextlib.suppress(AttributeError):  # it is just being made
                connection.processor.close()
        await self.wait_closed()
