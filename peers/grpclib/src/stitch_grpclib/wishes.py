"""What a call's metadata tells the server to do."""

import re

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from multidict import MultiDict

Metadata = MultiDict[str | bytes]

# The keys that take one value, and what that may be. Bytes that are not UTF-8 are surrogates.
_VALUES = {
    "stitch-send-headers": ("now", "now"),
    "stitch-wait-ms": ("0 to 60000", "0{,9}([0-9]{1,4}|[1-5][0-9]{4}|60000)"),
    "stitch-status-code": ("1 to 16", "0{,9}([1-9]|1[0-6])"),
    "stitch-status-message-bin": ("UTF-8", r"[^\ud800-\udfff]*"),
}


def wishes(metadata: Metadata) -> dict[str, str]:
    """Returns the value of each key that takes one; raises a GRPCError that names the key."""
    if "stitch-reply-encoding" in metadata:
        raise GRPCError(Status.UNIMPLEMENTED, "stitch-reply-encoding: grpclib has no gzip")
    found: dict[str, str] = {}
    for key, (what, pattern) in _VALUES.items():
        for value in metadata.getall(key, []):
            text = value if isinstance(value, str) else value.decode(errors="surrogateescape")
            if key in found or not re.fullmatch(pattern, text):
                raise GRPCError(Status.INVALID_ARGUMENT, f"{key}: want one value, {what}")
            found[key] = text
    return found


def behind(prefix: str, metadata: Metadata) -> list[tuple[str, str | bytes]]:
    """Returns the entries whose key begins with the prefix, without it."""
    return [(k.removeprefix(prefix), v) for k, v in metadata.items() if k.startswith(prefix)]
