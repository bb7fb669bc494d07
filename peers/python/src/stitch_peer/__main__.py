"""The program: reads the arguments and runs what they name."""

import sys

from stitch_peer.arguments import DEFAULT_ADDRESS, parse


def main() -> int:
    """Runs the command that the arguments name; returns the exit code."""
    arguments = parse(sys.argv[1:])
    # Each imports only what it needs: the time to the first line is nearly all imports.
    match arguments.command:
        case "server":
            from stitch_peer.human.server import serve

            return serve(arguments.host, arguments.port)
        case "client":
            from stitch_peer.human.client import pick_each

            return pick_each(arguments.addresses or [DEFAULT_ADDRESS], arguments.names)
        case "health":
            from stitch_peer.human.health import check

            return check(arguments.address)
        case _:
            from stitch_peer.harness.peer import run

            return run()


if __name__ == "__main__":
    sys.exit(main())
