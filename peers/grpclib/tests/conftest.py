"""What several tests need: the program, and a service of all four kinds."""

import asyncio
import itertools
import json
import sys
from asyncio.subprocess import PIPE, Process
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from google.protobuf.wrappers_pb2 import DESCRIPTOR, StringValue

from expirement_pb2 import Expirement, NameRequest

Object = dict[str, Any]

# Longer than anything takes, on a machine that is busy with a hundred other things too.
SECONDS = 60
PROGRAM = (sys.executable, "-m", "stitch_grpclib")
STITCH = b64encode(NameRequest(name="Stitch").SerializeToString()).decode()
ROW = b64encode(
    Expirement(name="Stitch", id=7, skill="making annoyed noise").SerializeToString()
).decode()


def text(value: str) -> str:
    """Returns a StringValue as a line carries it."""
    return b64encode(StringValue(value=value).SerializeToString()).decode()


def texts(messages: list[Object]) -> list[str]:
    """Returns what StringValues say, each as often as it came."""
    return [
        StringValue.FromString(b64decode(entry["bytes"])).value
        for entry in messages
        for _ in range(entry["times"])
    ]


def kinds() -> str:
    """Returns the types of /test.Kinds: Unary, Upload, Download and Chat, of StringValues."""
    file = FileDescriptorProto(name="kinds.proto", package="test", dependency=[DESCRIPTOR.name])
    methods = file.service.add(name="Kinds").method
    names = ("Unary", "Download", "Upload", "Chat")
    for name, (up, down) in zip(names, itertools.product((False, True), repeat=2), strict=True):
        message = ".google.protobuf.StringValue"
        method = methods.add(name=name, input_type=message, output_type=message)
        method.client_streaming, method.server_streaming = up, down
    wrappers = FileDescriptorProto()
    DESCRIPTOR.CopyToProto(wrappers)
    return b64encode(FileDescriptorSet(file=[wrappers, file]).SerializeToString()).decode()


class Peer:
    """The program, told and heard as the harness does, as client and server at once."""

    port = 0

    def __init__(self, program: Process) -> None:
        self.program = program
        self._served = defaultdict[str, asyncio.Future[Object]](asyncio.Future)
        self.order: list[tuple[str, str]] = []
        self._told = defaultdict[str, asyncio.Future[Object]](asyncio.Future)
        self._ids = map(str, itertools.count())

    async def hear(self) -> None:
        """Reads lines until there are no more."""
        assert self.program.stdout is not None
        async for line in self.program.stdout:
            [(name, told)] = json.loads(line).items()
            if name != "ready":
                id_ = told["callId" if name == "served" else "id"]
                self.order.append((name, id_))
                (self._served if name == "served" else self._told)[id_].set_result(told)

    async def served(self, id_: str) -> Object:
        """Waits for what the server tells of the call with this id."""
        return await asyncio.wait_for(self._served[id_], SECONDS)

    async def told(self, id_: str) -> Object:
        """Waits for what came of the line with this id."""
        return await asyncio.wait_for(self._told[id_], SECONDS)

    def say(self, **line: object) -> str:
        """Writes a line, and returns its id."""
        assert self.program.stdin is not None
        id_ = next(self._ids)
        self.program.stdin.write(json.dumps({"id": id_, **line}).encode() + b"\n")
        return id_

    async def do(self, **instruction: object) -> Object:
        """Returns the answer to an instruction."""
        return await self.told(self.say(**instruction))

    def begin(self, method: str, *steps: Object, **call: object) -> str:
        """Begins a call to the peer's own listener, and returns its id."""
        defaults = {"channel": {"address": f"127.0.0.1:{self.port}"}, "method": method}
        return self.say(call=defaults | {"steps": steps} | call)

    async def call(self, method: str, *steps: Object, **call: object) -> Object:
        """Makes a call, and returns how it ended."""
        return await self.told(self.begin(method, *steps, **call))

    async def script(self, name: str, *steps: Object) -> None:
        """Keeps a script."""
        assert "refused" not in await self.do(script={"name": name, "steps": steps})


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    """A peer that knows all four kinds and listens, and ends with the test, and well."""
    program = await asyncio.create_subprocess_exec(*PROGRAM, stdin=PIPE, stdout=PIPE, limit=1 << 27)
    peer = Peer(program)
    hearing = asyncio.create_task(peer.hear())
    await peer.do(types={"files": kinds()})
    peer.port = (await peer.do(listen={}))["port"]
    yield peer
    assert program.stdin is not None
    program.stdin.close()
    try:
        assert await asyncio.wait_for(program.wait(), SECONDS) == 0
        await hearing
    finally:
        if program.returncode is None:
            program.kill()
