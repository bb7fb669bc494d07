"""How a call's metadata is read."""

import pytest
from grpc import StatusCode

from stitch_peer.harness.metadata import Pair
from stitch_peer.harness.wishes import MalformedError, Wishes

MALFORMED: list[Pair] = [
    ("stitch-wait-ms", "60001"),
    ("stitch-wait-ms", "-1"),
    ("stitch-wait-ms", "1.5"),
    ("stitch-wait-ms", "²"),
    ("stitch-wait-ms", ""),
    ("stitch-wait-ms", "9" * 5000),
    ("stitch-status-code", "0"),
    ("stitch-status-code", "17"),
    ("stitch-status-code", "OK"),
    ("stitch-status-message-bin", b"\xff"),
    ("stitch-send-headers", "later"),
    ("stitch-reply-encoding", "br"),
]


@pytest.mark.parametrize(("key", "value"), MALFORMED)
def test_a_value_that_cannot_be_names_its_key(key: str, value: str | bytes) -> None:
    with pytest.raises(MalformedError, match=f"^{key}: want "):
        Wishes.read([(key, value)])


def test_other_metadata_is_no_wish() -> None:
    assert Wishes.read([("user-agent", "x"), ("stitch-call-id", "1"), ("stitch-", "")]) == Wishes()


def test_every_key_is_a_wish() -> None:
    pairs: list[Pair] = [
        ("stitch-header-x-bin", b"\0"),
        ("stitch-trailer-y", "1"),
        ("stitch-send-headers", "now"),
        ("stitch-wait-ms", "60000"),
        ("stitch-status-code", "16"),
        ("stitch-status-message-bin", "é".encode()),
        ("stitch-reply-encoding", "gzip"),
    ]
    assert Wishes.read(pairs) == Wishes(
        headers=[("x-bin", b"\0")],
        trailers=[("y", "1")],
        headers_now=True,
        wait_seconds=60,
        status_code=StatusCode.UNAUTHENTICATED,
        status_message="é",
        gzip=True,
    )


def test_of_several_values_the_first_counts() -> None:
    assert Wishes.read([("stitch-wait-ms", "1000"), ("stitch-wait-ms", "2000")]).wait_seconds == 1
