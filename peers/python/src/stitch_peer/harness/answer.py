"""How the server answers one call."""

from dataclasses import dataclass

from grpc import StatusCode

from expirement_pb2 import Expirement
from stitch_peer import table
from stitch_peer.harness.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and, when it is OK, the reply."""

    code: StatusCode
    message: str = ""
    reply: Expirement | None = None


def answer(name: str, wishes: Wishes) -> Answer:
    """Returns the status that was wished for, or else what the table says of the name."""
    if wishes.status_code is not None:
        return Answer(wishes.status_code, wishes.status_message)
    row = table.find(name)
    if row is None:
        return Answer(StatusCode.NOT_FOUND, table.NOT_FOUND)
    return Answer(StatusCode.OK, reply=row)
