"""The program itself: its exit codes and its words."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

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


def test_a_server_that_serves_is_healthy(address: str) -> None:
    assert run("health", "--address", address).returncode == 0


def test_a_server_that_is_not_there_is_not_healthy() -> None:
    done = run("health", "--address", "127.0.0.1:1")
    assert done.returncode == 1
    assert done.stderr.startswith("127.0.0.1:1 is not healthy: UNAVAILABLE: ")


@pytest.mark.parametrize("harness", [(), ("--harness",)])
def test_a_port_that_is_taken_is_one_sentence(harness: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("server", "--port", str(port), *harness)
    sentence = f"cannot listen on 127.0.0.1:{port}: address already in use\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


@pytest.mark.parametrize("args", [(), ("dance",), ("server", "--port", "65536"), ("client", "-x")])
def test_bad_arguments_are_exit_code_2(args: tuple[str, ...]) -> None:
    done = run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: " in done.stderr


def test_the_end_of_input_stops_the_server() -> None:
    done = run("server", "--harness", "--port", "0", lines='{"flush":{}}\n')
    assert done.returncode == 0
    assert [next(iter(json.loads(line))) for line in done.stdout.splitlines()] == [
        "listening",
        "flushed",
    ]


def test_a_line_that_is_not_a_call_is_exit_code_2() -> None:
    done = run("client", "--harness", lines="garbage\n")
    assert done.returncode == 2
    assert done.stderr.startswith("the line is not a call: ")


def test_lines_may_be_megabytes_long() -> None:
    call = {"id": "x" * 5_000_000, "kind": "huge"}
    done = run("client", "--harness", lines=json.dumps(call) + "\n")
    assert json.loads(done.stdout.splitlines()[1])["ended"]["id"] == call["id"]


def test_a_closed_pipe_is_no_crash() -> None:
    command = (*PROGRAM, "client", "--harness")
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        assert client.stderr is not None
        client.stdout.readline()
        client.stdout.close()
        client.stdin.write(b'{"id":"1","kind":"bidi"}\n')
        client.stdin.close()
        assert client.wait(10) == 0
        assert client.stderr.read() == b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("role", ["server", "client"])
def test_a_signal_is_the_end_of_input(role: str, number: signal.Signals) -> None:
    args = ("--port", "0") if role == "server" else ()
    command = (*PROGRAM, role, "--harness", *args)
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        assert process.wait(10) == 0
