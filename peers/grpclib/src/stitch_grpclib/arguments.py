"""The command line."""

from argparse import ArgumentParser, Namespace


def parse() -> Namespace:
    """Parses the arguments; a bad one ends the program with a sentence and exit code 2."""
    harness, address = ArgumentParser(add_help=False), ArgumentParser(add_help=False)
    harness.add_argument("--harness", action="store_true", help="speak the peer contract")
    address.add_argument("--address", default="127.0.0.1:6000", type=host_and_port)
    parser = ArgumentParser(prog="stitch-grpclib", allow_abbrev=False)
    roles = parser.add_subparsers(dest="role", required=True)
    server = roles.add_parser("server", parents=[harness], allow_abbrev=False)
    server.add_argument("--host", default="127.0.0.1")
    server.add_argument("--port", default=6000, type=port_number)
    client = roles.add_parser("client", parents=[harness, address], allow_abbrev=False)
    client.add_argument("names", nargs="*", default=["Stitch"], metavar="NAME")
    roles.add_parser("health", parents=[address], allow_abbrev=False)
    return parser.parse_args()


def port_number(word: str) -> int:
    """Reads a port; raises ValueError."""
    return range(65536).index(int(word))


def host_and_port(word: str) -> tuple[str, int]:
    """Reads HOST:PORT; raises ValueError."""
    host, _, port = word.rpartition(":")
    return host.strip("[]"), port_number(port)
