"""The peer: one loop, client and server alike."""

import asyncio
import json
import sys
from base64 import b64decode

import grpc

from stitch_peer.harness import notation
from stitch_peer.harness.call import make
from stitch_peer.harness.channels import Channels
from stitch_peer.harness.driver import Driver
from stitch_peer.harness.lines import read_lines, write_line
from stitch_peer.harness.listeners import NO_LIMIT, Listeners
from stitch_peer.harness.methods import PLAIN, load
from stitch_peer.harness.notation import Json
from stitch_peer.harness.served import STEPS
from stitch_peer.port import reason

_GRACE_SECONDS = 5
# What is running, not what was asked for.
_READY = {
    "language": "Python",
    "languageVersion": ".".join(map(str, sys.version_info[:3])),
    "library": "grpcio",
    "libraryVersion": grpc.__version__,
    "messages": "dynamic",
}


def run() -> int:
    """Does what the lines on standard input say until they end; returns the exit code."""
    asyncio.run(Peer().run())
    return 0


class Peer:
    """What the lines have told so far, and what is open."""

    def __init__(self) -> None:
        """Knows the plain service alone."""
        self._methods = PLAIN
        self._scripts: dict[str, Json] = {}
        self._channels = Channels()
        self._listeners = Listeners()

    async def run(self) -> None:
        """Does what the lines say, all at once, until they end; then finishes what is in flight."""
        write_line({"ready": _READY})
        in_flight = set[asyncio.Task[None]]()
        lines = read_lines()
        while (line := await lines.get()) is not None:
            task = asyncio.create_task(self._do(line))
            # The event loop does not keep a task alive: somebody must hold it.
            in_flight.add(task)
            task.add_done_callback(in_flight.discard)
        await asyncio.gather(_finish(in_flight), self._listeners.stop_all(_GRACE_SECONDS))
        await self._channels.close()

    async def _do(self, line: bytes) -> None:
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            said = None
        match said:
            case {"id": str(line_id), "call": dict(call)} if line_id:
                await self._make(line_id, call)
            case {"id": str(line_id)} if line_id:
                write_line({"answer": {"id": line_id} | await self._answer(said)})
            case _:
                refused = "the line is not a JSON object with an id"
                write_line({"answer": {"id": "", "refused": refused}})

    async def _make(self, line_id: str, call: Json) -> None:
        """Makes the call as often, and so many at once, as it says."""
        methods = self._methods
        times = call.get("times") or 1
        call_ids = iter([line_id] if times == 1 else [f"{line_id}.{n}" for n in range(times)])

        async def make_in_turn() -> None:
            for call_id in call_ids:
                record = await make(call_id, call, methods, self._channels)
                write_line({"ended": {"id": call_id} | record})

        await asyncio.gather(*(make_in_turn() for _ in range(call.get("atOnce") or 1)))

    async def _answer(self, instruction: Json) -> Json:
        """Does what the instruction says, and returns what is to be answered; never raises."""
        try:
            match instruction:
                case {"types": types}:
                    self._methods = load(b64decode(types["files"]))
                case {"script": script}:
                    self._keep(script)
                case {"listen": listen}:
                    driver = Driver(self._methods, self._scripts)
                    return {"port": await self._listeners.open(listen, driver)}
                case {"close": {"port": port}}:
                    await self._listeners.stop(port, grace=None)
                case {"drain": {"port": port}}:
                    await self._listeners.stop(port, grace=NO_LIMIT)
                case {"flush": _}:
                    # A call's line is written before its status is given, so there is nothing to
                    # wait for but what grpcio knows already of calls that were cancelled.
                    await asyncio.sleep(0)
                case _:
                    return {"refused": f"no instruction that this peer knows: {[*instruction]}"}
        except OSError as error:
            return {"refused": f"port {instruction['listen'].get('port', 0)}: {reason(error)}"}
        except Exception as error:  # noqa: BLE001 - whatever a line has that cannot be obeyed
            return {"refused": notation.sentence(error)}
        return {}

    def _keep(self, script: Json) -> None:
        notation.gzip(script)
        if notation.steps(script, STEPS):
            self._scripts[script["name"]] = script
        else:
            self._scripts.pop(script["name"], None)


async def _finish(in_flight: set[asyncio.Task[None]]) -> None:
    if in_flight:
        _, late = await asyncio.wait(in_flight, timeout=_GRACE_SECONDS)
        for task in late:
            task.cancel()
