"""The server that a person runs."""

import asyncio
import signal
import sys

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from expirement_pb2 import DESCRIPTOR
from expirement_pb2_grpc import add_ManageServicer_to_server
from stitch_peer.manage import Manage
from stitch_peer.port import NOT_SHARED, bind, reason

_GRACE_SECONDS = 5
_SERVICE = DESCRIPTOR.services_by_name["Manage"].full_name


def serve(host: str, port: int) -> int:
    """Serves until SIGINT or SIGTERM; returns the exit code."""
    try:
        asyncio.run(_serve(host, port))
    except OSError as error:
        print(f"cannot listen on {host}:{port}: {reason(error)}", file=sys.stderr)
        return 1
    return 0


async def _serve(host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = grpc.aio.server(options=[NOT_SHARED])
    await _add_services(server)
    bound = bind(server, host, port)
    await server.start()
    print(f"listening on {host}:{bound}", file=sys.stderr, flush=True)
    await stop.wait()
    await server.stop(_GRACE_SECONDS)


async def _add_services(server: grpc.aio.Server) -> None:
    add_ManageServicer_to_server(Manage(), server)
    servicer = health.aio.HealthServicer()
    await servicer.set(_SERVICE, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    names = (_SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(names, server)
