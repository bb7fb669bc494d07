"""The command line."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence

MAX_PORT = 65535
DEFAULT_PORT = 6000
DEFAULT_ADDRESS = f"127.0.0.1:{DEFAULT_PORT}"


def parse(words: Sequence[str]) -> Namespace:
    """Parses the arguments; a bad one ends the program with a sentence and exit code 2."""
    parser = ArgumentParser(prog="stitch-peer", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    server = commands.add_parser("server", help="serve the table", allow_abbrev=False)
    server.add_argument("--host", default="127.0.0.1")
    server.add_argument("--port", default=DEFAULT_PORT, type=port)
    client = commands.add_parser("client", help="look names up", allow_abbrev=False)
    client.add_argument("--address", action="append", metavar="HOST:PORT", dest="addresses")
    client.add_argument("names", nargs="*", default=["Stitch"], metavar="NAME")
    health = commands.add_parser("health", help="ask whether it serves", allow_abbrev=False)
    health.add_argument("--address", default=DEFAULT_ADDRESS, metavar="HOST:PORT")
    commands.add_parser("peer", help="speak the peer contract", allow_abbrev=False)
    return parser.parse_args(words)


def port(word: str) -> int:
    """Reads a port, 0 to 65535; raises ArgumentTypeError for anything else."""
    if word.isascii() and word.isdigit() and int(word) <= MAX_PORT:
        return int(word)
    message = f"port {word!r} is not a number from 0 to {MAX_PORT}"
    raise ArgumentTypeError(message)
