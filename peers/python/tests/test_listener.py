"""What a server offers beside the table."""

import asyncio

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from tests.conftest import Served


async def test_reflection_names_the_services_and_their_file(plain: Served) -> None:
    def ask() -> tuple[list[str], str]:
        with grpc.insecure_channel(plain.address) as channel:
            database = ProtoReflectionDescriptorDatabase(channel)
            return sorted(database.get_services()), database.FindFileContainingSymbol("Manage").name

    assert await asyncio.to_thread(ask) == (
        ["Manage", "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"],
        "expirement.proto",
    )


@pytest.mark.parametrize("service", ["", "Manage"])
async def test_it_is_healthy(plain: Served, service: str) -> None:
    async with grpc.aio.insecure_channel(plain.address) as channel:
        stub = HealthStub(channel)
        answer = await stub.Check(HealthCheckRequest(service=service))  # type: ignore[attr-defined]
    assert answer.status == HealthCheckResponse.SERVING
