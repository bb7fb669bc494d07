"""How the lines spell what grpcio has: metadata, statuses, messages, steps."""

import json
from base64 import b64decode, b64encode
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import Any, TypeAlias

from grpc import StatusCode

Json: TypeAlias = dict[str, Any]
Pair: TypeAlias = tuple[str, str | bytes]

CODE_BY_NUMBER = {code.value[0]: code for code in StatusCode}


class UnknownError(ValueError):
    """A line has something that this peer does not know. The text names it."""

    def __init__(self, **what: object) -> None:
        """Names it: `compression "br"`."""
        super().__init__(", ".join(f"{name} {json.dumps(what[name])}" for name in what))


def sentence(error: Exception) -> str:
    """Says what went wrong, for a person."""
    return str(error) if isinstance(error, UnknownError) else f"{type(error).__name__}: {error}"


def gzip(thing: Json) -> bool:
    """Whether a call or a script wants gzip; raises UnknownError for another compression."""
    name: str = thing.get("compression", "")
    if name not in ("", "gzip"):
        raise UnknownError(compression=name)
    return name == "gzip"


def steps(thing: Json, known: Container[str]) -> list[Json]:
    """Returns the steps of a call or a script; raises UnknownError for one that is not known."""
    found: list[Json] = thing.get("steps", [])
    for step in found:
        if not any(name in known for name in step):
            raise UnknownError(step=step)
    return found


def spell_metadata(pairs: Iterable[Pair]) -> list[Json]:
    """Spells the pairs, in the order in which grpcio has them."""
    return [
        {"key": key, "text": value}
        if isinstance(value, str)
        else {"key": key, "binary": _64(value)}
        for key, value in pairs
    ]


def read_metadata(entries: Iterable[Json]) -> list[Pair]:
    """Reads the entries as grpcio sends them: str for text, bytes for binary."""
    return [
        (entry["key"], b64decode(entry["binary"]) if "binary" in entry else entry.get("text", ""))
        for entry in entries
    ]


def spell_status(code: StatusCode, message: str | None) -> Json:
    """Spells a status."""
    return {"code": code.value[0], "message": message or ""}


def append(messages: list[Json], message: bytes) -> None:
    """Appends a message, or counts it if it is equal to the last one."""
    spelled = _64(message)
    if messages and messages[-1]["bytes"] == spelled:
        messages[-1]["times"] += 1
    else:
        messages.append({"bytes": spelled, "times": 1})


# Fifty equal megabytes in a row are sooner told to be equal than spelled.
@lru_cache(maxsize=1)
def _64(data: bytes) -> str:
    return b64encode(data).decode()
