"""What the harness's service reports of a call."""

from expirement_pb2 import NameRequest
from peer_pb2 import Metadatum
from tests.conftest import Served

ALL_BYTES = bytes(range(256))


async def test_the_record_tells_what_was_seen_and_answered(harness: Served) -> None:
    row = await harness.pick(
        NameRequest(name="Cyber"),
        metadata=(("stitch-call-id", "c1"), ("k", "1"), ("k", "2"), ("k-bin", ALL_BYTES)),
    )
    record = await harness.record()
    assert (record.call_id, record.method, record.request.name) == (
        "c1",
        "/Manage/PickOne",
        "Cyber",
    )
    assert record.HasField("reply")
    assert (record.code, record.message, record.reply) == (0, "", row)
    assert [entry for entry in record.metadata if entry.key.startswith("k")] == [
        Metadatum(key="k", text="1"),
        Metadatum(key="k", text="2"),
        Metadatum(key="k-bin", binary=ALL_BYTES),
    ]


async def test_no_deadline_is_no_time_remaining(harness: Served) -> None:
    await harness.pick(NameRequest(name="Stitch"))
    assert not (await harness.record()).HasField("time_remaining")


async def test_a_deadline_is_time_remaining(harness: Served) -> None:
    await harness.pick(NameRequest(name="Stitch"), timeout=100)
    # gRPC rounds a timeout up on the wire, by one percent at most.
    record = await harness.record()
    assert 90 < record.time_remaining.seconds <= 101
