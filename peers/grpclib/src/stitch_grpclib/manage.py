"""The plain service: what grpclib's users write."""

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from grpclib.server import Stream

from expirement_grpc import ManageBase
from expirement_pb2 import Expirement, NameRequest

_SKILLS = {
    "Cyber": "breaking",
    "Shrink": "short-flying",
    "Doubledip": "filting anying",
    "Howcome": "making why",
    "Squawk": "advanced language skill",
    "Truxx": "seting up heavy machine",
    "Gigi": "touching ur heart",
    "Stitch": "making annoyed noise",
}
_TABLE = {
    name: Expirement(name=name, id=number, skill=skill)
    for number, (name, skill) in enumerate(_SKILLS.items())
}


class Manage(ManageBase):
    """Looks names up in the table."""

    async def PickOne(self, stream: Stream[NameRequest, Expirement]) -> None:
        """Sends the row of that name. Raises NOT_FOUND when there is none."""
        request = await stream.recv_message()
        assert request is not None  # noqa: S101 - as grpclib's guide has it
        if request.name not in _TABLE:
            raise GRPCError(Status.NOT_FOUND, "expirement not found")
        await stream.send_message(_TABLE[request.name])
