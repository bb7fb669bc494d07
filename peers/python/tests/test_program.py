"""The program itself: its exit codes and its words."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import grpc
import pytest
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from expirement_pb2 import NameRequest
from expirement_pb2_grpc import ManageStub

PROGRAM = (sys.executable, "-m", "stitch_peer")
STITCH = "Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise\n"


def run(*args: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        (*PROGRAM, *args), input=lines, capture_output=True, text=True, timeout=20, check=False
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server as a person runs it, which must end well when it is told to."""
    command = (*PROGRAM, "server", "--port", "0")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603
        assert server.stderr is not None
        yield server.stderr.readline().removeprefix("listening on ").strip()
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
        assert server.stderr.read() == ""


def test_a_person_reads_the_row(address: str) -> None:
    done = run("client", "--address", address)
    assert (done.returncode, done.stdout, done.stderr) == (0, STITCH, "")


def test_every_name_is_looked_up_though_one_is_not_found(address: str) -> None:
    done = run("client", "--address", address, "nobody", "Stitch")
    assert (done.returncode, done.stdout) == (1, STITCH)
    assert done.stderr == "NOT_FOUND: expirement not found\n"


def test_each_of_several_addresses_is_named(address: str) -> None:
    done = run("client", "--address", address, "--address", address, "nobody", "Stitch")
    assert (done.returncode, done.stdout) == (1, f"{address}\n{STITCH}" * 2)
    assert done.stderr == f"{address}: NOT_FOUND: expirement not found\n" * 2


def test_a_server_that_serves_is_healthy(address: str) -> None:
    assert run("health", "--address", address).returncode == 0


def test_a_server_that_is_not_there_is_not_healthy() -> None:
    done = run("health", "--address", "127.0.0.1:1")
    assert done.returncode == 1
    assert done.stderr.startswith("127.0.0.1:1 is not healthy: UNAVAILABLE: ")


def test_the_server_describes_itself_and_takes_no_orders(address: str) -> None:
    names = ["Manage", "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"]
    with grpc.insecure_channel(address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert sorted(database.get_services()) == names
        assert database.FindFileContainingSymbol("Manage").name == "expirement.proto"
        metadata = (("stitch-script", "nobody"),)
        assert ManageStub(channel).PickOne(NameRequest(name="Stitch"), metadata=metadata).id == 7


def test_the_table_has_eight_rows(address: str) -> None:
    names = ["Cyber", "Shrink", "Doubledip", "Howcome", "Squawk", "Truxx", "Gigi", "Stitch"]
    with grpc.insecure_channel(address) as channel:
        rows = [ManageStub(channel).PickOne(NameRequest(name=name)) for name in names]
    assert [(row.name, row.id) for row in rows] == [(name, n) for n, name in enumerate(names)]


@pytest.mark.parametrize("name", ["", "stitch", " Stitch", "Sti\0tch", "Stítch", "\U0001f984"])
def test_any_other_name_is_not_found(address: str, name: str) -> None:
    with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError) as caught:
        ManageStub(channel).PickOne(NameRequest(name=name))
    assert isinstance(caught.value, grpc.Call)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    assert caught.value.details() == "expirement not found"


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("server", "--port", str(port))
    sentence = f"cannot listen on 127.0.0.1:{port}: address already in use\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


BAD = [(), ("dance",), ("server", "--port", "65536"), ("client", "-x"), ("peer", "x")]


@pytest.mark.parametrize("args", BAD)
def test_bad_arguments_are_exit_code_2(args: tuple[str, ...]) -> None:
    done = run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: " in done.stderr


def test_a_peer_whose_input_is_empty_stops() -> None:
    done = run("peer")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout).keys() == {"ready"}


def test_a_closed_pipe_is_no_crash() -> None:
    with subprocess.Popen(  # noqa: S603
        (*PROGRAM, "peer"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as peer:
        assert peer.stdin is not None
        assert peer.stdout is not None
        assert peer.stderr is not None
        peer.stdout.readline()
        peer.stdout.close()
        peer.stdin.write(b'{"id":"1","flush":{}}\n')
        peer.stdin.close()
        assert peer.wait(10) == 0
        assert peer.stderr.read() == b""
