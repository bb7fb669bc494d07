"""One line from the harness to the server, and its answer."""

from peer_pb2 import Flushed, Instruction, Refused, ServerLine
from stitch_peer.harness.line import LineError, decode
from stitch_peer.harness.listeners import Listeners
from stitch_peer.listener import reason


async def carry_out(line: bytes, listeners: Listeners) -> ServerLine:
    """Does what the line says and returns the line that answers it; never raises."""
    try:
        instruction = decode(line, Instruction())
    except LineError as error:
        return _refused(f"the line is not an instruction: {error}")
    match instruction.WhichOneof("instruction"):
        case "listen":
            return await _listen(instruction.listen.port, listeners)
        case "close":
            return await _close(instruction.close.port, listeners)
        case "flush":
            # A call is answered only after its ServedRecord has left this process.
            return ServerLine(flushed=Flushed())
        case _:
            return _refused("the line has no instruction that this server knows")


async def _listen(port: int, listeners: Listeners) -> ServerLine:
    try:
        return ServerLine(listening=await listeners.open(port))
    except OSError as error:
        return _refused(f"port {port}: {reason(error)}")


async def _close(port: int, listeners: Listeners) -> ServerLine:
    try:
        return ServerLine(closed=await listeners.close(port))
    except KeyError:
        return _refused(f"port {port}: nothing listens on it")


def _refused(reason: str) -> ServerLine:
    return ServerLine(refused=Refused(reason=reason))
