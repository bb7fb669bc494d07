"""Standard output, as lines."""

import os

from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message

_STDOUT = 1


def write_line(message: Message) -> None:
    """Writes the message as one line of JSON, whole, before it returns.

    The line is ASCII: some readers take U+2028 for the end of a line.
    """
    line = MessageToJson(message, indent=None).encode() + b"\n"
    rest = memoryview(line)
    try:
        while rest:
            rest = rest[os.write(_STDOUT, rest) :]
    except BrokenPipeError:
        # Nobody reads any more. That the program is to stop comes over standard input.
        return
