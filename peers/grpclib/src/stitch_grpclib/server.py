"""The server, for a person and for the harness."""

import asyncio
import sys

from expirement_grpc import ManageBase
from peer_pb2 import Closed, Flushed, Instruction, Listening, Refused, ServerLine
from stitch_grpclib import lines
from stitch_grpclib.listener import Listener
from stitch_grpclib.service import Manage, ObedientManage

_GRACE_SECONDS = 5


async def serve(host: str, port: int, *, harness: bool) -> int:
    """Serves until told to stop; returns 0, or 1 when the port cannot be had."""
    told = lines.read(stdin=harness)
    listeners = Listeners(host, ObedientManage(lines.write) if harness else Manage())
    try:
        first = await listeners.open(port)
    except OSError as error:
        print(f"cannot listen: {error.args[-1]}", file=sys.stderr)
        return 1
    if harness:
        lines.write(ServerLine(listening=first))
    else:
        print(f"listening on {host}:{first.port}", file=sys.stderr, flush=True)
    async for line in told:
        lines.write(await listeners.carry_out(line))
    await listeners.drain(_GRACE_SECONDS)
    return 0


class Listeners:
    """The listeners of one service on one host, by port."""

    def __init__(self, host: str, manage: ManageBase) -> None:
        self._host, self._manage = host, manage
        self._by_port: dict[int, Listener] = {}

    async def open(self, port: int) -> Listening:
        """Opens one more. Raises OSError, or OverflowError for what is no port."""
        bound, listener = await Listener.open(self._host, port, self._manage)
        self._by_port[bound] = listener
        return Listening(port=bound, implementation=lines.implementation())

    async def carry_out(self, line: bytes) -> ServerLine:
        """Does what the line says and returns the line that answers it."""
        try:
            told = lines.decode(line, Instruction())
            match told.WhichOneof("instruction"):
                case "listen":
                    return ServerLine(listening=await self.open(told.listen.port))
                case "close":
                    await self._by_port.pop(told.close.port).drain(0)
                    return ServerLine(closed=Closed(port=told.close.port))
                case "flush":  # a call is answered only after its record has left this process
                    return ServerLine(flushed=Flushed())
            reason = "the line has no instruction that this server knows"
        except lines.NOT_A_MESSAGE as error:
            reason = f"the line is not an instruction: {error}"
        except (OSError, OverflowError) as error:
            reason = f"port {told.listen.port}: {error.args[-1]}"
        except KeyError as error:
            reason = f"port {error}: nothing listens on it"
        return ServerLine(refused=Refused(reason=reason))

    async def drain(self, grace: float) -> None:
        """Ends all, after the calls in flight or after `grace` seconds."""
        await asyncio.gather(*(each.drain(grace) for each in self._by_port.values()))
