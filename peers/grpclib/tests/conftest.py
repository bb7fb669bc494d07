"""What several tests need: a server in this process, and a channel to it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from grpclib.client import Channel

from expirement_grpc import ManageStub
from peer_pb2 import ServedRecord, ServerLine
from stitch_grpclib.listener import Listener
from stitch_grpclib.service import ObedientManage


@dataclass
class Served:
    """A server as the harness runs it, a way to call it, and the lines that it wrote."""

    port: int
    listener: Listener
    stub: ManageStub
    lines: asyncio.Queue[ServerLine]

    async def record(self) -> ServedRecord:
        """Waits for the record of the next call."""
        return (await asyncio.wait_for(self.lines.get(), 5)).served


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """A server that ends with the test."""
    lines = asyncio.Queue[ServerLine]()
    port, listener = await Listener.open("127.0.0.1", 0, ObedientManage(lines.put_nowait))
    async with Channel("127.0.0.1", port) as channel:
        yield Served(port, listener, ManageStub(channel), lines)
    await listener.drain(0)
