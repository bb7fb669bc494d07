"""What several tests need: the program as the harness runs it, playing both roles."""

import asyncio
import itertools
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.kinds import FILES, PATHS, text

Json = dict[str, Any]
# asyncio bounds the length of the lines that it reads.
MAX_LINE = 1 << 26
# Longer than anything takes, on a machine that is busy with a hundred other things too.
SECONDS = 60


class Peer:
    """The program, its lines sorted by what they are about."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._ids = map(str, itertools.count())
        self._waiting: dict[tuple[str, str], asyncio.Future[Json]] = {}
        self.lines: list[Json] = []

    async def read(self) -> None:
        async for line in self._stdout:
            ((kind, said),) = json.loads(line).items()
            self.lines.append({kind: said})
            self._future(kind, said.get("callId" if kind == "served" else "id", "")).set_result(
                said
            )

    def _future(self, kind: str, about: str) -> asyncio.Future[Json]:
        future = asyncio.get_running_loop().create_future()
        return self._waiting.setdefault((kind, about), future)

    async def told(self, kind: str, about: str = "") -> Json:
        """Waits for the line of that kind about that id."""
        return await asyncio.wait_for(self._future(kind, about), SECONDS)

    def write(self, line: bytes) -> None:
        self._stdin.write(line + b"\n")

    def end_input(self) -> None:
        self._stdin.close()

    async def do(self, **instruction: object) -> Json:
        """Returns the answer, without its id."""
        line_id = next(self._ids)
        self.write(json.dumps({"id": line_id, **instruction}).encode())
        answer = await self.told("answer", line_id)
        return {name: answer[name] for name in answer if name != "id"}

    async def script(self, name: str, *steps: Json, **more: object) -> None:
        assert await self.do(script={"name": name, "steps": steps, **more}) == {}

    async def listen(self, **listen: object) -> str:
        """Returns the address."""
        answer = await self.do(listen={"host": "127.0.0.1", **listen})
        return f"127.0.0.1:{answer['port']}"

    def start(self, address: str, method: str, *steps: Json, **call: object) -> str:
        """Returns the id of the call."""
        call_id = next(self._ids)
        line = {"channel": {"address": address}, "method": method, "steps": steps, **call}
        self.write(json.dumps({"id": call_id, "call": line}).encode())
        return call_id

    async def call(self, address: str, method: str, *steps: Json, **call: object) -> Json:
        """Returns the record of the client."""
        return await self.told("ended", self.start(address, method, *steps, **call))

    async def both(self, address: str, method: str, *steps: Json, **call: object) -> list[Json]:
        """Returns the records of client and server."""
        call_id = self.start(address, method, *steps, **call)
        return [await self.told("ended", call_id), await self.told("served", call_id)]


async def started(*args: str) -> Process:
    command = (sys.executable, "-m", "stitch_peer", *args)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=MAX_LINE)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    """The program, with the types of tests/kinds.py."""
    process = await started("peer")
    peer = Peer(process)
    reading = asyncio.create_task(peer.read())
    assert await peer.do(types={"files": FILES}) == {}
    yield peer
    peer.end_input()
    assert await asyncio.wait_for(process.wait(), SECONDS) == 0
    await reading


@pytest.fixture
async def address(peer: Peer) -> str:
    """The address of a listener, with a script for each kind that sends back what it receives."""
    for path in PATHS:
        streams = path in ("/tests.Kinds/Watch", "/tests.Kinds/Chat")
        replies = [text("one"), text("two"), text("two")] if streams else [text("one")]
        await peer.script(path, {"receive": -1}, *({"send": reply} for reply in replies))
    return await peer.listen()
