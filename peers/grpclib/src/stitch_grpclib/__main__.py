"""The program: one role of the peer contract, on standard input and output."""

import asyncio
import sys
from argparse import ArgumentParser

from google.protobuf.json_format import ParseError

from stitch_grpclib.client import make_calls
from stitch_grpclib.server import serve


def main() -> None:
    """Runs the role that the arguments name."""
    parser = ArgumentParser(prog="stitch-grpclib")
    parser.add_argument("role", choices=["server", "client"])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default=0, type=int)
    given = parser.parse_args()
    try:
        asyncio.run(serve(given.host, given.port) if given.role == "server" else make_calls())
    except (OSError, ParseError) as error:  # a port that cannot be had, a line that is no call
        sys.exit(f"stitch-grpclib: {error}")


if __name__ == "__main__":
    main()
