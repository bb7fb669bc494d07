"""The client and the health check that a person runs."""

import sys
from collections.abc import Iterable

from grpclib.client import Channel
from grpclib.health.v1.health_grpc import HealthStub
from grpclib.health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from expirement_grpc import ManageStub
from expirement_pb2 import NameRequest
from stitch_grpclib.status import status


async def pick_each(address: tuple[str, int], names: Iterable[str]) -> int:
    """Looks each name up and prints what came; returns 0 when every call was OK, else 1."""
    exit_code = 0
    async with Channel(*address) as channel:
        for name in names:
            try:
                row = await ManageStub(channel).PickOne(NameRequest(name=name), timeout=10)
                print(f"Expirement:\n---Name:{row.name} \n---ID:{row.id} \n---Skill:{row.skill}")
            except Exception as error:  # noqa: BLE001 - grpclib lets the system's errors through
                print(_sentence(error), file=sys.stderr)
                exit_code = 1
    return exit_code


async def check(address: tuple[str, int]) -> int:
    """Returns 0 when the whole server is SERVING, else says why not and returns 1."""
    try:
        async with Channel(*address) as channel:
            answer = await HealthStub(channel).Check(HealthCheckRequest(), timeout=2)
        why = HealthCheckResponse.ServingStatus.Name(answer.status)
    except Exception as error:  # noqa: BLE001 - as above
        why = _sentence(error)
    if why == "SERVING":
        return 0
    print(f"not healthy: {why}", file=sys.stderr)
    return 1


def _sentence(error: Exception) -> str:
    code, message = status(error)
    return f"{code.name}: {message}"
