"""The health check that a person, or a container engine, runs."""

import sys

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from stitch_peer.human.channel import open_channel, sentence

_TIMEOUT_SECONDS = 2


def check(address: str) -> int:
    """Returns 0 when the whole server is SERVING, else says why not and returns 1."""
    try:
        with open_channel(address) as channel:
            stub = HealthStub(channel)
            # The library's type stubs forget the method.
            answer = stub.Check(HealthCheckRequest(), timeout=_TIMEOUT_SECONDS)  # type: ignore[attr-defined]
    except grpc.RpcError as error:
        print(f"{address} is not healthy: {sentence(error)}", file=sys.stderr)
        return 1
    if answer.status == HealthCheckResponse.SERVING:
        return 0
    name = HealthCheckResponse.ServingStatus.Name(answer.status)
    print(f"{address} is not healthy: {name}", file=sys.stderr)
    return 1
