"""Standard output, as lines."""

import os

from google.protobuf.message import Message

from stitch_peer.harness.line import encode

_STDOUT = 1


def write_line(message: Message) -> None:
    """Writes the message as one line, whole, before it returns."""
    rest = memoryview(encode(message))
    try:
        while rest:
            rest = rest[os.write(_STDOUT, rest) :]
    except BrokenPipeError:
        # Nobody reads any more. That the program is to stop comes over standard input.
        return
