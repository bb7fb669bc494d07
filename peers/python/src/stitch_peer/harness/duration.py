"""Durations: seconds as a float here, google.protobuf.Duration on the lines."""

from google.protobuf.duration_pb2 import Duration

_NANOS = 1_000_000_000


def to_seconds(duration: Duration) -> float:
    """Returns the duration in seconds."""
    return duration.seconds + duration.nanos / _NANOS


def from_seconds(seconds: float) -> Duration:
    """Returns the duration that is closest to so many seconds."""
    duration = Duration()
    duration.FromNanoseconds(round(seconds * _NANOS))
    return duration
