"""Lines in and out: one message each, as proto3 JSON."""

import asyncio
import contextlib
import os
import platform
import signal
import sys
from collections.abc import Mapping

import grpclib
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message

from peer_pb2 import Implementation, Metadatum

IMPLEMENTATION = Implementation(
    language="Python",
    language_version=platform.python_version(),
    library="grpclib",
    library_version=grpclib.__version__,
)


async def read() -> asyncio.StreamReader:
    """Returns the lines of standard input, which SIGTERM and SIGINT end, too."""
    lines = asyncio.StreamReader(limit=1 << 30)  # a line may be several megabytes long
    loop = asyncio.get_running_loop()
    protocol = asyncio.StreamReaderProtocol(lines)
    transport, _ = await loop.connect_read_pipe(lambda: protocol, sys.stdin)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, transport.close)
    return lines


def write(message: Message) -> None:
    """Writes the message as one line, whole, before it returns."""
    rest = MessageToJson(message, indent=None).encode() + b"\n"
    # Nobody may read any more. That the program is to stop comes over standard input.
    with contextlib.suppress(BrokenPipeError):
        while rest:
            rest = rest[os.write(1, rest) :]


def entries(metadata: Mapping[str, str | bytes] | None) -> list[Metadatum]:
    """Returns the metadata that grpclib received, in its order."""
    return [
        Metadatum(key=key, text=value)
        if isinstance(value, str)
        else Metadatum(key=key, binary=value)
        for key, value in (metadata or {}).items()
    ]
