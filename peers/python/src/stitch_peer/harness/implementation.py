"""What this peer is made of."""

import sys

import grpc

from peer_pb2 import Implementation


def implementation() -> Implementation:
    """Returns the versions that are running, not those that were asked for."""
    return Implementation(
        language="Python",
        language_version=".".join(map(str, sys.version_info[:3])),
        library="grpcio",
        library_version=grpc.__version__,
    )
