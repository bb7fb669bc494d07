"""What both services answer, and what only the harness's one obeys."""

import pytest
from grpc import StatusCode
from grpc.aio import AioRpcError

from expirement_pb2 import NameRequest
from tests.conftest import Served

TABLE = [
    ("Cyber", 0, "breaking"),
    ("Shrink", 1, "short-flying"),
    ("Doubledip", 2, "filting anying"),
    ("Howcome", 3, "making why"),
    ("Squawk", 4, "advanced language skill"),
    ("Truxx", 5, "seting up heavy machine"),
    ("Gigi", 6, "touching ur heart"),
    ("Stitch", 7, "making annoyed noise"),
]
STRANGERS = ["", "stitch", " Stitch", "Stitch ", "Sti\0tch", "Stítch", "\U0001f984"]
BOTH = pytest.mark.parametrize("service", ["plain", "harness"])


@pytest.fixture
def served(service: str, plain: Served, harness: Served) -> Served:
    return plain if service == "plain" else harness


@BOTH
@pytest.mark.parametrize(("name", "number", "skill"), TABLE)
async def test_a_name_of_the_table_gets_its_row(
    served: Served, name: str, number: int, skill: str
) -> None:
    row = await served.pick(NameRequest(name=name))
    assert (row.name, row.id, row.skill) == (name, number, skill)


@BOTH
@pytest.mark.parametrize("name", STRANGERS)
async def test_any_other_name_is_not_found(served: Served, name: str) -> None:
    with pytest.raises(AioRpcError) as caught:
        await served.pick(NameRequest(name=name))
    assert caught.value.code() is StatusCode.NOT_FOUND
    assert caught.value.details() == "expirement not found"


async def test_the_plain_service_obeys_no_metadata(plain: Served) -> None:
    wishes = (("stitch-status-code", "9"), ("stitch-header-a", "1"), ("stitch-trailer-b", "2"))
    call = plain.pick(NameRequest(name="Stitch"), metadata=wishes)
    assert (await call).id == 7
    assert not list(await call.initial_metadata())
    assert not list(await call.trailing_metadata())
