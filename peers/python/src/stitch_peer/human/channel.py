"""The channel of the commands that a person runs."""

import grpc

# grpcio would send even calls to 127.0.0.1 to the proxy that `http_proxy` names.
_OPTIONS = (("grpc.enable_http_proxy", 0),)


def open_channel(address: str) -> grpc.Channel:
    """Returns a channel to HOST:PORT, to be closed by the caller; it connects when used."""
    return grpc.insecure_channel(address, options=_OPTIONS)


def sentence(error: grpc.RpcError) -> str:
    """Says how a call ended: "NOT_FOUND: expirement not found"."""
    assert isinstance(error, grpc.Call)  # noqa: S101 - so it is for every unary call
    return f"{error.code().name}: {error.details()}"
