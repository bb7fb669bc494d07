"""What a call's metadata tells the server to do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from grpc import StatusCode

from stitch_peer.harness.metadata import Pair
from stitch_peer.harness.status import BY_NUMBER

_HEADER = "stitch-header-"
_TRAILER = "stitch-trailer-"
_MAX_WAIT_MS = 60_000
_MAX_CODE = 16


class MalformedError(ValueError):
    """A key has a value that it cannot have. The text names the key."""

    def __init__(self, key: str, wanted: str) -> None:
        """Says what was wanted of the key's value."""
        super().__init__(f"{key}: want {wanted}")


@dataclass(frozen=True, slots=True)
class Wishes:
    """The instructions of one call. The default is the plain service."""

    headers: list[Pair] = field(default_factory=list)
    trailers: list[Pair] = field(default_factory=list)
    headers_now: bool = False
    wait_seconds: float = 0
    status_code: StatusCode | None = None
    status_message: str = ""
    gzip: bool = False

    @classmethod
    def read(cls, metadata: Iterable[Pair]) -> Self:
        """Reads the request metadata of a call; raises MalformedError."""
        pairs = list(metadata)
        # Of a key that has several values the first counts.
        values = dict(reversed(pairs))
        return cls(
            headers=_stripped(pairs, _HEADER),
            trailers=_stripped(pairs, _TRAILER),
            headers_now=_word(values, "stitch-send-headers", "now"),
            wait_seconds=(_number(values, "stitch-wait-ms", 0, _MAX_WAIT_MS) or 0) / 1000,
            status_code=_status_code(values),
            status_message=_utf8(values, "stitch-status-message-bin"),
            gzip=_word(values, "stitch-reply-encoding", "gzip"),
        )


def _stripped(pairs: Iterable[Pair], prefix: str) -> list[Pair]:
    return [(key.removeprefix(prefix), value) for key, value in pairs if key.startswith(prefix)]


def _word(values: dict[str, str | bytes], key: str, word: str) -> bool:
    if values.get(key, word) != word:
        raise MalformedError(key, f'"{word}"')
    return key in values


def _number(values: dict[str, str | bytes], key: str, least: int, most: int) -> int | None:
    value = values.get(key)
    if value is None:
        return None
    if re.fullmatch("[0-9]{1,9}", str(value)) and least <= int(value) <= most:
        return int(value)
    raise MalformedError(key, f"a decimal number from {least} to {most}")


def _status_code(values: dict[str, str | bytes]) -> StatusCode | None:
    number = _number(values, "stitch-status-code", 1, _MAX_CODE)
    return None if number is None else BY_NUMBER[number]


def _utf8(values: dict[str, str | bytes], key: str) -> str:
    value = values.get(key, b"")
    try:
        return value if isinstance(value, str) else value.decode()
    except UnicodeDecodeError:
        raise MalformedError(key, "UTF-8") from None
