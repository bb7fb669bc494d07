"""The client's channels."""

import asyncio

from grpc import aio

from peer_pb2 import Call

_OPTIONS = (
    # gRPC would send even calls to 127.0.0.1 to the proxy that `http_proxy` names.
    ("grpc.enable_http_proxy", 0),
    # Channels to one address share their connections otherwise, behind our back.
    ("grpc.use_local_subchannel_pool", 1),
)


class Channels:
    """One channel for each address and channel name, made when first named."""

    def __init__(self) -> None:
        """Starts with none."""
        self._by_name: dict[tuple[str, str], aio.Channel] = {}

    def of(self, call: Call) -> aio.Channel:
        """Returns the channel that the call is to go over."""
        name = (call.address, call.channel)
        if name not in self._by_name:
            self._by_name[name] = aio.insecure_channel(call.address, options=_OPTIONS)
        return self._by_name[name]

    async def close(self) -> None:
        """Closes all of them; a call that is still in flight is cancelled."""
        await asyncio.gather(*(channel.close() for channel in self._by_name.values()))
