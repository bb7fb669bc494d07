"""The service as its users know it."""

from grpc import StatusCode
from grpc.aio import ServicerContext

from expirement_pb2 import Expirement, NameRequest
from expirement_pb2_grpc import ManageServicer
from stitch_peer import table


class Manage(ManageServicer):
    """Answers from the table."""

    async def PickOne(
        self, request: NameRequest, context: ServicerContext[NameRequest, Expirement]
    ) -> Expirement:
        """Returns the row of that name, or NOT_FOUND "expirement not found"."""
        row = table.find(request.name)
        if row is None:
            await context.abort(StatusCode.NOT_FOUND, "expirement not found")
        return row
