"""One gRPC server on one port."""

import errno
import socket
from typing import Self

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from expirement_pb2 import DESCRIPTOR
from expirement_pb2_grpc import ManageServicer, add_ManageServicer_to_server

SERVICE = DESCRIPTOR.services_by_name["Manage"].full_name
# grpcio shares a port with whoever else asks for it, unless it is told not to:
# two servers would both "start", and each would get some of the connections.
_OPTIONS = (("grpc.so_reuseport", 0),)


class Listener:
    """Serves Manage, health and reflection on one port."""

    def __init__(self, server: grpc.aio.Server, port: int) -> None:
        """Takes over a server that has started on that port; `open` makes one."""
        self._server = server
        self.port = port

    @classmethod
    async def open(cls, host: str, port: int, manage: ManageServicer) -> Self:
        """Returns once calls are accepted; port 0 lets the system choose.

        Raises OSError when the port cannot be had; `reason` says why.
        """
        server = grpc.aio.server(options=_OPTIONS)
        add_ManageServicer_to_server(manage, server)
        await _add_health(server)
        reflection.enable_server_reflection(
            (SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME), server
        )
        bound = _bind(server, host, port)
        await server.start()
        return cls(server, bound)

    async def close(self) -> None:
        """Ends the listener, its calls and its connections at once."""
        await self._server.stop(grace=None)

    async def drain(self, grace: float) -> None:
        """Takes no new calls; returns when those in flight have ended, or `grace` seconds on."""
        await self._server.stop(grace)


def reason(error: OSError) -> str:
    """Says why a port cannot be had: "address already in use"."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


async def _add_health(server: grpc.aio.Server) -> None:
    servicer = health.aio.HealthServicer()
    await servicer.set(SERVICE, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)


def _bind(server: grpc.aio.Server, host: str, port: int) -> int:
    _try_bind(host, port)
    name = f"[{host}]" if ":" in host else host
    try:
        return server.add_insecure_port(f"{name}:{port}")
    except RuntimeError as error:
        raise OSError(errno.EADDRINUSE, str(error)) from error


def _try_bind(host: str, port: int) -> None:
    """Binds without gRPC, whose error does not say why; raises OSError, which does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError as error:
            raise OSError(errno.EINVAL, str(error)) from error
