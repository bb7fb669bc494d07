"""What crosses a connection, byte for byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def tapped(address: str) -> AsyncIterator[tuple[str, bytearray]]:
    """Yields an address that leads to this one, and the bytes of both directions."""
    bytes_seen = bytearray()
    host, port = address.split(":")

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(host, port)
        await asyncio.gather(
            _pump(reader, to_server, bytes_seen), _pump(from_server, writer, bytes_seen)
        )

    async with await asyncio.start_server(connect, "127.0.0.1", 0) as tap:
        yield f"127.0.0.1:{tap.sockets[0].getsockname()[1]}", bytes_seen


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, copy: bytearray
) -> None:
    while piece := await reader.read(65536):
        copy.extend(piece)
        writer.write(piece)
    writer.close()
