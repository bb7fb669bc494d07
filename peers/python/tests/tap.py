"""What crosses a connection, byte for byte."""

import asyncio


class Tap:
    """A relay to an address: its own address, its connections and the bytes of both directions."""

    def __init__(self, host: str, port: str) -> None:
        self._target = host, port
        self._tasks: set[asyncio.Task[None]] = set()
        self.address = ""
        self.connections = 0
        self.seen = bytearray()
        self.silent = False

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        from_server, to_server = await asyncio.open_connection(*self._target)
        for pump in (self._pump(reader, to_server), self._pump(from_server, writer)):
            task = asyncio.create_task(pump)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            if not self.silent:
                self.seen.extend(piece)
                writer.write(piece)
        writer.close()


async def tapped(address: str) -> Tap:
    """Returns a tap on the address. The end of the event loop ends it."""
    host, port = address.split(":")
    tap = Tap(host, port)
    server = await asyncio.start_server(tap.connect, "127.0.0.1", 0)
    tap.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    return tap
