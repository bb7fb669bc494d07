"""The table that every server knows."""

from expirement_pb2 import Expirement

_ROWS = (
    Expirement(name="Cyber", id=0, skill="breaking"),
    Expirement(name="Shrink", id=1, skill="short-flying"),
    Expirement(name="Doubledip", id=2, skill="filting anying"),
    Expirement(name="Howcome", id=3, skill="making why"),
    Expirement(name="Squawk", id=4, skill="advanced language skill"),
    Expirement(name="Truxx", id=5, skill="seting up heavy machine"),
    Expirement(name="Gigi", id=6, skill="touching ur heart"),
    Expirement(name="Stitch", id=7, skill="making annoyed noise"),
)
_ROW_BY_NAME = {row.name: row for row in _ROWS}


def find(name: str) -> Expirement | None:
    """Returns the row of exactly that name: case, blanks and Unicode form count."""
    return _ROW_BY_NAME.get(name)
