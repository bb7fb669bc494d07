"""What several tests need: a server in this process, and a channel to it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from grpc import aio

from expirement_pb2 import Expirement, NameRequest
from expirement_pb2_grpc import ManageServicer, ManageStub
from peer_pb2 import ServedRecord, ServerLine
from stitch_peer.harness.manage import Manage as HarnessManage
from stitch_peer.human.manage import Manage as PlainManage
from stitch_peer.listener import Listener

Pick = aio.UnaryUnaryMultiCallable[NameRequest, Expirement]


@dataclass
class Served:
    """A server, a way to call it, and the lines that it wrote."""

    address: str
    pick: Pick
    lines: asyncio.Queue[ServerLine]

    async def record(self) -> ServedRecord:
        """Waits for the record of the next call."""
        return (await asyncio.wait_for(self.lines.get(), 5)).served


@pytest.fixture
async def plain() -> AsyncIterator[Served]:
    """The service as a person runs it."""
    async for served in _serve(PlainManage(), asyncio.Queue()):
        yield served


@pytest.fixture
async def harness() -> AsyncIterator[Served]:
    """The service as the harness runs it."""
    lines = asyncio.Queue[ServerLine]()
    async for served in _serve(HarnessManage(lines.put_nowait), lines):
        yield served


async def _serve(manage: ManageServicer, lines: asyncio.Queue[ServerLine]) -> AsyncIterator[Served]:
    listener = await Listener.open("127.0.0.1", 0, manage)
    address = f"127.0.0.1:{listener.port}"
    async with aio.insecure_channel(address) as channel:
        yield Served(address, ManageStub(channel).PickOne, lines)
    await listener.close()
