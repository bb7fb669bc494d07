"""Lines: one message each, as proto3 JSON."""

from typing import TypeVar

from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import Message

M = TypeVar("M", bound=Message)


class LineError(ValueError):
    """A line is not the message that it should be. The text says why."""


def decode(line: bytes, message: M) -> M:
    """Reads the line into the message, whose unknown members are ignored; raises LineError."""
    try:
        return Parse(line, message, ignore_unknown_fields=True)
    except (ParseError, UnicodeDecodeError) as error:
        raise LineError(str(error)) from error


def encode(message: Message) -> bytes:
    """Returns the message as a line, in ASCII: some readers break lines at U+2028."""
    return MessageToJson(message, indent=None).encode() + b"\n"
