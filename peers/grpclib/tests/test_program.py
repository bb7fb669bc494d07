"""The program itself: its exit codes and its lines."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import Served

PROGRAM = (sys.executable, "-m", "stitch_grpclib")


def run(*args: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        (*PROGRAM, *args), input=lines, capture_output=True, text=True, timeout=20, check=False
    )


def told(*args: str, lines: str) -> list[dict[str, Any]]:
    done = run(*args, lines=lines)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = run("server", "--port", str(other.getsockname()[1]))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Address already in use" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("args", [(), ("dance",), ("server", "--port", "x")])
def test_bad_arguments_are_a_sentence(args: tuple[str, ...]) -> None:
    done = run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: " in done.stderr


def test_instructions_are_answered_in_order() -> None:
    lines = ['{"flush":{},"x":1}', "garbage", '"\xff', "{}", '{"close":{"port":1}}']
    lines += ['{"listen":{"port":65536}}', '{"listen":{}}']
    first, *rest = told("server", lines="\n".join(lines) + "\n")
    assert first["listening"]["implementation"]["library"] == "grpclib"
    assert [next(iter(line)) for line in rest] == ["flushed", *["refused"] * 5, "listening"]


def test_a_listener_comes_back_on_its_port() -> None:
    command = (*PROGRAM, "server")
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        port = json.loads(server.stdout.readline())["listening"]["port"]
        with socket.create_connection(("127.0.0.1", port)) as connection:
            assert connection.recv(9)
            server.stdin.write(f'{{"close":{{"port":{port}}}}}\n')
            assert json.loads(server.stdout.readline()) == {"closed": {"port": port}}
            while connection.recv(1000):
                pass
        server.stdin.write(f'{{"listen":{{"port":{port}}}}}\n')
        assert json.loads(server.stdout.readline())["listening"]["port"] == port
        server.stdin.close()
        assert server.wait(10) == 0


async def test_calls_end_each_with_a_record(served: Served) -> None:
    call = {"kind": "unary", "address": served.address, "method": "/Manage/PickOne"}
    calls: list[dict[str, Any]] = [
        {"id": "row", "request": {"name": "Gigi"}},
        {"id": "late", "timeout": "0s"},
        {"id": "cancelled", "cancelAfter": "0s"},
        {"id": "refused", "metadata": [{"key": "k", "text": "\n"}]},
        {"id": "away", "address": "127.0.0.1:1"},
        {"id": "kind", "kind": "bidi"},
        {"id": "gzip", "compression": "gzip"},
    ]
    lines = "".join(json.dumps(call | each) + "\n" for each in calls)
    ready, *rest = await asyncio.to_thread(told, "client", lines=lines)
    assert ready["ready"]["library"] == "grpclib"
    ended = {line["ended"]["id"]: line["ended"] for line in rest}
    assert ended["row"]["reply"] == {"name": "Gigi", "id": 6, "skill": "touching ur heart"}
    codes = {id_: record.get("code") for id_, record in ended.items()}
    assert codes == {
        "row": None,
        "late": 4,
        "cancelled": 1,
        "refused": 2,
        "away": 2,
        "kind": None,
        "gzip": None,
    }
    assert ended["kind"]["unsupported"] == 'call kind "bidi"'
    assert ended["gzip"]["unsupported"] == 'compression "gzip"'


def test_a_line_that_is_not_a_call_is_a_sentence() -> None:
    done = run("client", lines="garbage\n")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_lines_may_be_megabytes_long() -> None:
    call = {"id": "x" * 5_000_000, "kind": "huge"}
    assert told("client", lines=json.dumps(call) + "\n")[1]["ended"]["id"] == call["id"]


def test_a_closed_pipe_is_no_crash() -> None:
    with subprocess.Popen(  # noqa: S603
        (*PROGRAM, "client"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
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
@pytest.mark.parametrize("role", [("server",), ("client",)])
def test_a_signal_is_the_end_of_input(role: tuple[str, ...], number: signal.Signals) -> None:
    command = (*PROGRAM, *role)
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        assert process.wait(10) == 0
