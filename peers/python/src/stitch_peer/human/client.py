"""The client that a person runs."""

import sys
from collections.abc import Sequence

import grpc

from expirement_pb2 import Expirement, NameRequest
from expirement_pb2_grpc import ManageStub
from stitch_peer.human.channel import open_channel, sentence

_TIMEOUT_SECONDS = 10


def pick_each(addresses: Sequence[str], names: Sequence[str]) -> int:
    """Looks names up at each address; returns 0 when every call was OK, else 1."""
    were_ok = []
    for address in addresses:
        before = f"{address}: " if len(addresses) > 1 else ""
        if before:
            print(address, flush=True)
        with open_channel(address) as channel:
            stub = ManageStub(channel)
            were_ok += [_pick(stub, name, before) for name in names]
    return 0 if all(were_ok) else 1


def _pick(stub: ManageStub, name: str, before: str) -> bool:
    try:
        row = stub.PickOne(NameRequest(name=name), timeout=_TIMEOUT_SECONDS)
    except grpc.RpcError as error:
        print(f"{before}{sentence(error)}", file=sys.stderr)
        return False
    print(text(row))
    return True


def text(row: Expirement) -> str:
    """Returns the row as a person reads it; a blank follows the name and the id."""
    return f"Expirement:\n---Name:{row.name} \n---ID:{row.id} \n---Skill:{row.skill}"
