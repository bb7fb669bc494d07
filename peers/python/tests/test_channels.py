"""Which calls share a channel."""

from peer_pb2 import Call
from stitch_peer.harness.channels import Channels


async def test_only_the_same_address_and_name_share_a_channel() -> None:
    channels = Channels()
    first = channels.of(Call(address="127.0.0.1:1", channel="a"))
    assert channels.of(Call(address="127.0.0.1:1", channel="a")) is first
    assert channels.of(Call(address="127.0.0.1:1", channel="b")) is not first
    assert channels.of(Call(address="127.0.0.1:2", channel="a")) is not first
    await channels.close()
