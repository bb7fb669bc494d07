"""The client's channels, and the options that channels and listeners share."""

import asyncio
import json
from typing import TypeAlias

import grpc
from grpc import aio

from stitch_peer.harness.notation import Json

Options: TypeAlias = list[tuple[str, int | str]]

_OPTIONS: Options = [
    # gRPC would send even calls to 127.0.0.1 to the proxy that `http_proxy` names.
    ("grpc.enable_http_proxy", 0),
    # Channels to one address share their connections otherwise, behind our back.
    ("grpc.use_local_subchannel_pool", 1),
]


class Channels:
    """One channel for each content that a call's `channel` has."""

    def __init__(self) -> None:
        """Starts with none."""
        self._by_content: dict[str, aio.Channel] = {}

    def of(self, channel: Json) -> aio.Channel:
        """Returns the channel of that content, made when first named."""
        content = json.dumps(channel, sort_keys=True)
        if content not in self._by_content:
            self._by_content[content] = _open(channel)
        return self._by_content[content]

    async def close(self) -> None:
        """Closes all of them; a call that is still in flight is cancelled."""
        await asyncio.gather(*(channel.close() for channel in self._by_content.values()))


def _open(channel: Json) -> aio.Channel:
    address, tls = channel["address"], channel.get("tls")
    options = _OPTIONS + connection_options(channel)
    if tls is None:
        return aio.insecure_channel(address, options)
    if name := tls.get("serverName"):
        options.append(("grpc.ssl_target_name_override", name))
    key, cert = pem(tls, "key"), pem(tls, "cert")
    if (key is None) is not (cert is None):
        # gRPC core does not refuse the one without the other: it aborts the process.
        msg = "tls: a certificate and its key go together"
        raise ValueError(msg)
    credentials = grpc.ssl_channel_credentials(pem(tls, "ca"), key, cert)
    return aio.secure_channel(address, credentials, options)


def pem(tls: Json, member: str) -> bytes | None:
    """Returns a PEM text as grpcio takes it, None for one that is not there."""
    return tls.get(member, "").encode() or None


def connection_options(thing: Json) -> Options:
    """Returns the options for `keepalive` and `maxReceiveBytes`, of a channel or a listener."""
    options: Options = []
    if keepalive := thing.get("keepalive"):
        timeout = keepalive["timeoutMs"]
        options = [
            ("grpc.keepalive_time_ms", keepalive["timeMs"]),
            ("grpc.keepalive_timeout_ms", timeout),
            # gRPC takes no account of the former: it waits for this, a minute by default.
            ("grpc.http2.ping_timeout_ms", timeout),
            ("grpc.keepalive_permit_without_calls", int(keepalive.get("withoutCalls", False))),
            # gRPC stops otherwise after two pings with no data between them.
            ("grpc.http2.max_pings_without_data", 0),
        ]
    if limit := thing.get("maxReceiveBytes"):
        options.append(("grpc.max_receive_message_length", limit))
    return options
