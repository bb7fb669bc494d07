"""How a call ended, for a client."""

from grpclib.const import Status
from grpclib.exceptions import GRPCError


def status(error: Exception) -> tuple[Status, str]:
    """Returns the status that grpclib tells by raising this, or UNKNOWN where it tells none."""
    match error:
        case GRPCError():
            return error.status, error.message or ""
        case TimeoutError(errno=None):  # with a number it is the system's: it cannot connect
            return Status.DEADLINE_EXCEEDED, str(error)
    return Status.UNKNOWN, f"{type(error).__name__}: {error}"
