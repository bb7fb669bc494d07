"""The program: reads the arguments and runs what they name."""

import sys
from argparse import Namespace

from stitch_peer.arguments import parse


def main() -> int:
    """Runs the program; returns its exit code."""
    return run(parse(sys.argv[1:]))


# Each role imports only what it needs: the time to the first line is nearly all imports.
def run(arguments: Namespace) -> int:
    """Runs the role that the arguments name; returns the exit code."""
    match arguments.role, arguments.harness:
        case "server", True:
            from stitch_peer.harness.server import serve

            return serve(arguments.host, arguments.port)
        case "server", False:
            from stitch_peer.human.server import serve

            return serve(arguments.host, arguments.port)
        case "client", True:
            from stitch_peer.harness.client import call

            return call()
        case "client", False:
            from stitch_peer.human.client import pick_each

            return pick_each(arguments.address, arguments.names)
        case _:
            from stitch_peer.human.health import check

            return check(arguments.address)


if __name__ == "__main__":
    sys.exit(main())
