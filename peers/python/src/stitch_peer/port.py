"""The port of a gRPC server."""

import socket

import grpc

# grpcio shares a port with whoever else asks for it, unless it is told not to:
# two servers would both "start", and each would get some of the connections.
NOT_SHARED = ("grpc.so_reuseport", 0)


def bind(
    server: grpc.aio.Server, host: str, port: int, tls: grpc.ServerCredentials | None = None
) -> int:
    """Binds the server to the port, and returns it; port 0 lets the system choose.

    Raises OSError for a port that cannot be had; `reason` says why.
    """
    _try_bind(host, port)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return server.add_secure_port(address, tls) if tls else server.add_insecure_port(address)


def _try_bind(host: str, port: int) -> None:
    """Binds without gRPC, whose error does not say why; raises OSError, which does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def reason(error: OSError) -> str:
    """Says why a port cannot be had: "address already in use"."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]
