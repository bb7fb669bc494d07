"""Lines: one JSON object each, over standard input and output."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading

from stitch_peer.harness.notation import Json

_STDOUT = 1
# Lines may be megabytes long; the default is 8 KiB a read.
_BUFFER_BYTES = 1 << 20


def read_lines() -> asyncio.Queue[bytes | None]:
    """Returns the lines of standard input, and None when it ends or SIGTERM or SIGINT says stop.

    A thread reads them. asyncio's own pipes refuse what is not a pipe, so that
    `< lines.jsonl` and `< /dev/null` would fail, and they bound the line length.
    """
    loop = asyncio.get_running_loop()
    lines = asyncio.Queue[bytes | None]()

    def read() -> None:
        # The loop is closed when a signal has stopped the program before the input ended.
        with contextlib.suppress(RuntimeError):
            if sys.stdin is not None:
                # Not sys.stdin: the interpreter aborts if a thread is reading that while it exits.
                with open(sys.stdin.fileno(), "rb", _BUFFER_BYTES, closefd=False) as stdin:
                    for line in stdin:
                        loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, None)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lines.put_nowait, None)
    threading.Thread(target=read, daemon=True).start()
    return lines


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
