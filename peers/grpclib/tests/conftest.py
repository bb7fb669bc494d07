"""What several tests need: the program as a server, and a channel to it."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from google.protobuf.json_format import Parse
from grpclib.client import Channel

from expirement_grpc import ManageStub
from peer_pb2 import ServedRecord, ServerLine


@dataclass
class Served:
    """A server as the harness runs it, and a way to call it."""

    program: Process
    address: str
    stub: ManageStub

    async def record(self) -> ServedRecord:
        """Waits for the record of the next call."""
        return (await next_line(self.program)).served


async def next_line(program: Process) -> ServerLine:
    assert program.stdout is not None
    return Parse(await asyncio.wait_for(program.stdout.readline(), 5), ServerLine())


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """A server that ends with the test, and well."""
    command = (sys.executable, "-m", "stitch_grpclib", "server")
    program = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    port = (await next_line(program)).listening.port
    async with Channel("127.0.0.1", port) as channel:
        yield Served(program, f"127.0.0.1:{port}", ManageStub(channel))
    assert program.stdin is not None
    program.stdin.close()
    assert await asyncio.wait_for(program.wait(), 10) == 0
