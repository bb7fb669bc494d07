"""What a call's metadata tells the server to do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from multidict import MultiDict

T = TypeVar("T")
Metadata = MultiDict[str | bytes]
Pairs = list[tuple[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class Wishes:
    """The instructions of one call. The default is the plain service."""

    headers: Pairs = field(default_factory=list)
    trailers: Pairs = field(default_factory=list)
    headers_now: bool = False
    wait_seconds: float = 0
    status: Status = Status.OK
    message: str = ""

    @classmethod
    def read(cls, metadata: Metadata) -> Self:
        """Reads the request metadata; raises a GRPCError that names the key."""
        if "stitch-reply-encoding" in metadata:
            raise GRPCError(Status.UNIMPLEMENTED, "stitch-reply-encoding: grpclib has no gzip")
        status = _only("stitch-status-code", metadata, _number(1, 16))
        return cls(
            headers=_behind("stitch-header-", metadata),
            trailers=_behind("stitch-trailer-", metadata),
            headers_now=_only("stitch-send-headers", metadata, ["now"].index) is not None,
            wait_seconds=(_only("stitch-wait-ms", metadata, _number(0, 60_000)) or 0) / 1000,
            status=Status(status or 0),
            message=_only("stitch-status-message-bin", metadata, bytes.decode) or "",
        )


def _behind(prefix: str, metadata: Metadata) -> Pairs:
    return [(k.removeprefix(prefix), v) for k, v in metadata.items() if k.startswith(prefix)]


def _only(key: str, metadata: Metadata, parse: Callable[[Any], T]) -> T | None:
    if key not in metadata:
        return None
    try:
        [value] = metadata.getall(key)
        return parse(value)
    except ValueError as error:
        raise GRPCError(Status.INVALID_ARGUMENT, f"{key}: {error}") from error


def _number(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ValueError(f"want a decimal number from {least} to {most}")
        return int(value)

    return parse
