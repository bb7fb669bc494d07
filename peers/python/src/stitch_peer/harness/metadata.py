"""Metadata: (key, value) pairs in grpcio, Metadatum messages on the lines."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from grpc.aio import ServicerContext

from peer_pb2 import Metadatum

Pair: TypeAlias = tuple[str, str | bytes]


def of(context: ServicerContext[Any, Any]) -> list[Pair]:
    """Returns the request metadata of a call, as grpcio gives it to a handler."""
    return list(context.invocation_metadata() or ())


def to_pairs(entries: Iterable[Metadatum]) -> list[Pair]:
    """Returns the entries as grpcio sends them: str for text, bytes for binary."""
    return [(entry.key, _value(entry)) for entry in entries]


def _value(entry: Metadatum) -> str | bytes:
    return entry.binary if entry.WhichOneof("value") == "binary" else entry.text


def from_pairs(pairs: Iterable[Pair]) -> list[Metadatum]:
    """Returns the pairs as grpcio received them, in its order."""
    return [_entry(key, value) for key, value in pairs]


def _entry(key: str, value: str | bytes) -> Metadatum:
    if isinstance(value, bytes):
        return Metadatum(key=key, binary=value)
    return Metadatum(key=key, text=value)
