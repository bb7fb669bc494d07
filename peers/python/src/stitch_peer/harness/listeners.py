"""The server's listeners."""

import asyncio
import math

import grpc
from grpc import aio

from stitch_peer.harness.channels import Options, connection_options, pem
from stitch_peer.harness.notation import Json, UnknownError
from stitch_peer.port import NOT_SHARED, bind

NO_LIMIT = math.inf


class Listeners:
    """Listeners, by port."""

    def __init__(self) -> None:
        """Starts with none."""
        self._by_port: dict[int, aio.Server] = {}

    async def open(self, listen: Json, handler: grpc.GenericRpcHandler) -> int:
        """Returns the port, once calls are accepted. Raises OSError."""
        server = aio.server(handlers=[handler], options=_options(listen))
        port = bind(server, listen["host"], listen.get("port", 0), _credentials(listen.get("tls")))
        await server.start()
        self._by_port[port] = server
        return port

    async def stop(self, port: int, grace: float | None) -> None:
        """Takes no new calls; returns when the port is free.

        Those in flight have `grace` seconds; with None all are ended at once.
        Raises UnknownError for a port without a listener.
        """
        if port not in self._by_port:
            raise UnknownError(listener=port)
        server = self._by_port[port]
        await server.stop(grace)
        # Another one may be there already, when this one was told to stop twice.
        if self._by_port.get(port) is server:
            del self._by_port[port]

    async def stop_all(self, grace: float) -> None:
        """Stops all of them, those too that are draining."""
        await asyncio.gather(*(self.stop(port, grace) for port in self._by_port))


def _credentials(tls: Json | None) -> grpc.ServerCredentials | None:
    if tls is None:
        return None
    if version := tls.get("version"):
        raise UnknownError(version=version)  # gRPC core has a choice of versions, grpcio none
    key, cert, client_ca = pem(tls, "key"), pem(tls, "cert"), pem(tls, "clientCa")
    if key is None or cert is None:
        msg = "tls: a listener needs a certificate and its key"
        raise ValueError(msg)
    return grpc.ssl_server_credentials([(key, cert)], client_ca, client_ca is not None)


def _options(listen: Json) -> Options:
    options = [NOT_SHARED, *connection_options(listen)]
    if interval := listen.get("minPingMs"):
        options.append(("grpc.http2.min_ping_interval_without_data_ms", interval))
        # Otherwise it is two hours while there are no calls.
        options.append(("grpc.keepalive_permit_without_calls", 1))
    if age := listen.get("maxAgeMs"):
        options.append(("grpc.max_connection_age_ms", age))
    return options
