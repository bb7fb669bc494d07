"""Joins the roles of the contract to this process: its streams and its signals."""

import asyncio
import sys

from google.protobuf.json_format import ParseError

from stitch_peer.harness import client, server
from stitch_peer.harness.input import Input
from stitch_peer.harness.output import write_line


def serve(host: str, port: int) -> int:
    """Serves until told to stop; returns 0, or 1 when the port cannot be had."""
    try:
        asyncio.run(_serve(host, port))
    except OSError as error:
        print(f"cannot listen on {host}:{port}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


async def _serve(host: str, port: int) -> None:
    await server.run(host, port, Input(), write_line)


def call() -> int:
    """Makes calls until told to stop; returns 0, or 2 for a line that is not a Call."""
    try:
        asyncio.run(_call())
    except ParseError as error:
        print(f"a line is not a call: {error}", file=sys.stderr)
        return 2
    return 0


async def _call() -> None:
    await client.run(Input(), write_line)
