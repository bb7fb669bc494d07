"""The program: runs the role that the arguments name."""

import asyncio
import sys

from stitch_grpclib import client, person, server
from stitch_grpclib.arguments import parse


def main() -> int:
    """Runs the program; returns its exit code."""
    given = parse()
    match given.role:
        case "server":
            return asyncio.run(server.serve(given.host, given.port, harness=given.harness))
        case "client" if given.harness:
            return asyncio.run(client.make_calls())
        case "client":
            return asyncio.run(person.pick_each(given.address, given.names))
    return asyncio.run(person.check(given.address))


if __name__ == "__main__":
    sys.exit(main())
