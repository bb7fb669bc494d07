"""The program: reads lines, and does what they tell."""

import asyncio
import json
import platform
from argparse import ArgumentParser
from base64 import b64decode

import grpclib

from stitch_grpclib import client, lines, methods, server
from stitch_grpclib.lines import Object
from stitch_grpclib.server import Listener

_READY = {
    "language": "Python",
    "languageVersion": platform.python_version(),
    "library": "grpclib",
    "libraryVersion": grpclib.__version__,
    "messages": "dynamic",
}


def main() -> None:
    """Is the peer, client and server, until told to stop."""
    ArgumentParser(prog="stitch-grpclib").parse_args()  # there are none
    asyncio.run(Peer().run())


class Peer:
    """What it was told, and the ports that it listens on."""

    def __init__(self) -> None:
        self._methods = methods.known()
        self._scripts: dict[str, list[Object]] = {}
        self._listeners: dict[int, Listener] = {}

    async def run(self) -> None:
        """Does what lines tell, all at once; at their end, gives it 5 s to come to its own."""
        told = await lines.read()
        lines.write({"ready": _READY})
        tasks = set[asyncio.Task[None]]()
        async for line in told:
            tasks.add(asyncio.create_task(self._take(line)))
            tasks = {task for task in tasks if not task.done()}
        tasks |= {asyncio.create_task(each.end(drained=True)) for each in self._listeners.values()}
        if tasks:
            await asyncio.wait(tasks, timeout=5)

    async def _take(self, line: bytes) -> None:
        answer: Object = {"id": ""}
        try:
            told = json.loads(line)
            answer["id"] = told["id"]
            if "call" in told:
                return await client.make(told["id"], told["call"], self._methods)
            answer |= await self._carry_out(told)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason
            answer["refused"] = f"{type(error).__name__}: {error}"
        return lines.write({"answer": answer})

    async def _carry_out(self, told: Object) -> Object:
        """Returns what the answer has besides its id. Raises the reason to refuse."""
        match told:
            case {"types": types}:
                self._methods = methods.known(b64decode(types.get("files", "")))
            case {"script": script}:
                lines.refuse(script, "compression")
                self._scripts[script["name"]] = lines.steps(script, server.STEPS)
            case {"listen": listen}:
                lines.refuse(listen, "keepalive", "minPingMs", "maxReceiveBytes", "maxAgeMs")
                listener = Listener(self._methods, self._scripts)
                port = await listener.listen(listen)
                self._listeners[port] = listener
                return {"port": port}
            case {"close": {"port": port}} | {"drain": {"port": port}}:
                if port not in self._listeners:
                    raise ValueError(f"port {port}: nothing listens on it")
                await self._listeners[port].end(drained="drain" in told)
                self._listeners.pop(port, None)
            case {"flush": _}:
                pass  # a call that has ended has told of it, and a write returns when it is done
            case _:
                raise ValueError("unknown instruction")
        return {}


if __name__ == "__main__":
    main()
