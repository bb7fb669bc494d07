"""Lines in and out: one message each, as proto3 JSON."""

import asyncio
import contextlib
import os
import platform
import signal
import threading
from collections.abc import AsyncIterator, Mapping
from typing import TypeVar

import grpclib
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import Message

from peer_pb2 import Implementation, Metadatum

M = TypeVar("M", bound=Message)
NOT_A_MESSAGE = (ParseError, UnicodeDecodeError)


def decode(line: bytes, message: M) -> M:
    """Reads the line into the message; raises one of NOT_A_MESSAGE."""
    return Parse(line, message, ignore_unknown_fields=True)


def write(message: Message) -> None:
    """Writes the message as one line, whole, before it returns."""
    rest = MessageToJson(message, indent=None).encode() + b"\n"
    # Nobody may read any more. That the program is to stop comes over standard input.
    with contextlib.suppress(BrokenPipeError):
        while rest:
            rest = rest[os.write(1, rest) :]


def read(*, stdin: bool = True) -> AsyncIterator[bytes]:
    """Yields the lines of standard input until it ends, or SIGTERM or SIGINT says stop.

    A thread reads them: asyncio reads no files, and bounds the length of a line.
    """
    loop = asyncio.get_running_loop()
    lines = asyncio.Queue[bytes]()

    def put(line: bytes) -> None:
        with contextlib.suppress(RuntimeError):  # a signal has closed the loop
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def pump() -> None:
        # Not sys.stdin: the interpreter aborts if a thread is reading that while it exits.
        with open(0, "rb", buffering=1 << 20, closefd=False) as file:
            for line in file:
                put(line)
        put(b"")

    async def until_empty() -> AsyncIterator[bytes]:
        while line := await lines.get():
            yield line

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, put, b"")
    if stdin:
        threading.Thread(target=pump, daemon=True).start()
    return until_empty()


def implementation() -> Implementation:
    """Returns the versions that are running."""
    python = platform.python_version()
    about = Implementation(language="Python", language_version=python, library="grpclib")
    about.library_version = grpclib.__version__
    return about


def entries(metadata: Mapping[str, str | bytes] | None) -> list[Metadatum]:
    """Returns the metadata that grpclib received, in its order."""
    return [
        Metadatum(key=key, text=value)
        if isinstance(value, str)
        else Metadatum(key=key, binary=value)
        for key, value in (metadata or {}).items()
    ]
