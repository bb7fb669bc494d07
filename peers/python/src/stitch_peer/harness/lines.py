"""Lines: one JSON object each, over standard input and output."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator

from stitch_peer.harness.notation import Json

_STDOUT = 1
# Lines may be megabytes long; the default is 8 KiB a read.
_BUFFER_BYTES = 1 << 20


class Input:
    """The lines of standard input, until it ends or SIGTERM or SIGINT says stop.

    A thread reads them. asyncio's own pipes refuse what is not a pipe, so that
    `< lines.jsonl` and `< /dev/null` would fail, and they bound the line length.
    """

    def __init__(self) -> None:
        """Starts reading. To be made in a running event loop."""
        self._loop = asyncio.get_running_loop()
        self._lines = asyncio.Queue[bytes | None]()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._put, None)
        threading.Thread(target=self._read, daemon=True).start()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yields each line with its line break."""
        while (line := await self._lines.get()) is not None:
            yield line

    def _read(self) -> None:
        # The loop is closed when a signal has stopped the program before the input ended.
        with contextlib.suppress(RuntimeError):
            if sys.stdin is not None:
                self._read_lines(sys.stdin.fileno())
            self._loop.call_soon_threadsafe(self._put, None)

    def _read_lines(self, file: int) -> None:
        # Not sys.stdin: the interpreter aborts if a thread is reading that while it exits.
        with open(file, "rb", buffering=_BUFFER_BYTES, closefd=False) as stdin:
            for line in stdin:
                self._loop.call_soon_threadsafe(self._put, line)

    def _put(self, line: bytes | None) -> None:
        self._lines.put_nowait(line)


def write_line(line: Json) -> None:
    """Writes the object as one line, whole, before it returns."""
    # In ASCII: some readers break lines at U+2028.
    rest = memoryview(json.dumps(line, separators=(",", ":")).encode() + b"\n")
    try:
        while rest:
            rest = rest[os.write(_STDOUT, rest) :]
    except BrokenPipeError:
        # Nobody reads any more. That the program is to stop comes over standard input.
        return
