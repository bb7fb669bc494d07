"""The lines of the contract: one JSON object each, and the values in them."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Object = dict[str, Any]


class UnsupportedError(Exception):
    """Says which part of a line grpclib, and so this peer, does not do."""


async def read() -> asyncio.StreamReader:
    """Returns the lines of standard input, which SIGTERM and SIGINT end, too."""
    lines = asyncio.StreamReader(limit=1 << 30)  # a line may be many megabytes long
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, transport.close)
    return lines


def write(line: Object) -> None:
    """Writes the object as one line, whole, before it returns."""
    rest = json.dumps(line).encode() + b"\n"
    # Nobody may read any more. That the program is to stop comes over standard input.
    with contextlib.suppress(BrokenPipeError):
        while rest:
            rest = rest[os.write(1, rest) :]


# Fifty equal megabytes in a row are sooner told to be equal than encoded.
@lru_cache(maxsize=1)
def base64(data: bytes) -> str:
    """Returns the bytes as a line carries them."""
    return b64encode(data).decode()


def entries(metadata: Mapping[str, str | bytes] | None) -> list[Object]:
    """Returns the metadata that grpclib received, in its order."""
    return [
        {"key": key} | ({"text": value} if isinstance(value, str) else {"binary": base64(value)})
        for key, value in (metadata or {}).items()
    ]


def pairs(metadata: list[Object]) -> list[tuple[str, str | bytes]]:
    """Returns a line's metadata as grpclib sends it."""
    return [
        (entry["key"], b64decode(entry["binary"]) if "binary" in entry else entry.get("text", ""))
        for entry in metadata
    ]


def refuse(told: Object, *names: str) -> None:
    """Raises UnsupportedError when one of these members has more than its default."""
    for name in names:
        if told.get(name):
            raise UnsupportedError(f"{name} {json.dumps(told[name])}")


def steps(told: Object, known: set[str]) -> list[Object]:
    """Returns the steps. Raises UnsupportedError when one is not known."""
    told_steps: list[Object] = told.get("steps", [])
    for step in told_steps:
        if not known & step.keys():
            raise UnsupportedError(f"step {json.dumps(step)}")
    return told_steps
