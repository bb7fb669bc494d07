"""The server: listeners, which answer calls and tell of each."""

import asyncio
import contextlib
import socket
import ssl
from base64 import b64decode
from functools import partial
from typing import Any
from weakref import WeakSet

from google.protobuf.message import Error
from grpclib.const import Handler, Status
from grpclib.exceptions import GRPCError
from grpclib.protocol import H2Protocol
from grpclib.server import Server, Stream

from stitch_grpclib import encryption, lines
from stitch_grpclib.lines import Object
from stitch_grpclib.messages import Messages, RawDetails
from stitch_grpclib.methods import Methods

STEPS = {"headers", "receive", "send", "waitMs", "end"}


class Listener(Server):
    """Serves on one port, with the script that a call or its method names, else without any.

    grpclib's own server cancels calls when it is closed, and leaves the connections.
    """

    def __init__(self, methods: Methods, scripts: dict[str, list[Object]]) -> None:
        self._methods = methods
        self._scripts = scripts
        self._connections = WeakSet[H2Protocol]()
        self._calls = set[asyncio.Task[Any]]()
        self._is_ending = False
        super().__init__([self], status_details_codec=RawDetails())

    async def listen(self, told: Object) -> int:
        """Accepts calls, and returns the port. Raises OSError when that is taken."""
        context = encryption.context(told.get("tls"), ssl.Purpose.CLIENT_AUTH)
        sock = socket.create_server((told.get("host", "127.0.0.1"), told.get("port", 0)))
        # asyncio sets NODELAY on sockets that it makes itself, and accepted ones inherit it.
        # Without it, each response waits some 40 ms until its headers are acknowledged.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.start(sock=sock, ssl=context)
        return int(sock.getsockname()[1])

    async def end(self, *, drained: bool) -> None:
        """Refuses new calls; ends calls and connections, at once or when those in flight ended."""
        self._is_ending = True
        if drained and self._calls:
            await asyncio.wait(self._calls)
        self.close()
        for connection in self._connections:
            with contextlib.suppress(AttributeError):  # it is just being made
                connection.processor.close()
        await self.wait_closed()

    def _protocol_factory(self) -> H2Protocol:
        connection = super()._protocol_factory()
        self._connections.add(connection)
        return connection

    def __mapping__(self) -> Methods:
        """Returns what grpclib is to serve."""
        return {
            path: handler._replace(func=partial(self._serve, path, handler))
            for path, handler in self._methods.items()
        }

    async def _serve(self, path: str, handler: Handler, stream: Stream[Any, Any]) -> None:
        task = asyncio.current_task()
        if self._is_ending or task is None:
            raise GRPCError(Status.UNAVAILABLE, "the server is stopping")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        metadata = dict(stream.metadata or {})
        script = str(metadata.get("stitch-script", ""))
        if not script and self._scripts.get(path):
            script = path
        served: Object = {
            "callId": metadata.get("stitch-call-id", ""),
            "method": path,
            "script": script,
            "metadata": lines.entries(stream.metadata),
            "clientName": encryption.client_name(stream),
        }
        if stream.deadline is not None:
            served["timeRemainingMs"] = stream.deadline.time_remaining() * 1000
        messages = Messages(stream, handler.reply_type, handler.cardinality.client_streaming)
        end: Object = {}
        try:
            end = await self._answer(script, handler, messages)
            served["status"] = end.get("status", {})
        except GRPCError as error:
            served["status"] = {"code": error.status.value, "message": error.message or ""}
        except asyncio.CancelledError:  # by the client, at the deadline, or with the listener
            served["cancelled"] = True
            raise
        except Exception as error:
            served["status"] = {"code": 2, "message": "Internal Server Error"}  # as grpclib says
            served["unusable"] = str(error) if isinstance(error, Error) else ""
            raise
        finally:
            served |= {"requests": messages.received, "responses": messages.sent}
            lines.write({"served": served})
        status = served["status"]
        await stream.send_trailing_metadata(
            status=Status(status.get("code", 0)),
            status_message=status.get("message"),
            status_details=b64decode(status.get("details", "")) or None,
            metadata=lines.pairs(end.get("trailers", [])),
        )

    async def _answer(self, script: str, handler: Handler, messages: Messages) -> Object:
        """Returns the script's `end`. Raises GRPCError for a status that no script tells."""
        if not script:
            await handler.func(messages)
        elif not self._scripts.get(script):
            raise GRPCError(Status.UNIMPLEMENTED, f'no script "{script}"')
        for step in self._scripts.get(script, []):
            match step:
                case {"headers": headers}:
                    entries = lines.pairs(headers.get("entries", []))
                    await messages.stream.send_initial_metadata(metadata=entries)
                case {"receive": count}:
                    await messages.receive(count)
                case {"send": _}:
                    await messages.send(step)
                case {"waitMs": wait_ms}:
                    await asyncio.sleep(wait_ms / 1000)
                case {"end": end}:
                    return dict(end)
        return {}
