"""Status codes: StatusCode in grpcio, numbers on the lines."""

from grpc import StatusCode


def number(code: StatusCode) -> int:
    """Returns the code as it goes over the wire, 0 to 16."""
    value: int = code.value[0]
    return value


BY_NUMBER = {number(code): code for code in StatusCode}
