"""The program's arguments and lines."""

import json
import subprocess

import pytest

from tests.conftest import PROGRAM, Object


def run(*args: str, told: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603
        (*PROGRAM, *args), input=told, capture_output=True, timeout=20, check=False
    )


def answers(*told: bytes) -> list[Object]:
    done = run(told=b"\n".join(told) + b"\n")
    assert (done.returncode, done.stderr) == (0, b"")
    ready, *rest = [json.loads(line) for line in done.stdout.splitlines()]
    assert ready["ready"]["library"] == "grpclib"
    return [line["answer"] for line in rest]


def test_arguments_that_it_does_not_understand_are_a_sentence() -> None:
    done = run("dance")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"error: " in done.stderr


@pytest.mark.parametrize(
    "line", [b"garbage", b'"\xff', b"[]", b"7", b"null", b"{}", b"[" * 100_000]
)
def test_a_line_without_an_id_is_refused_with_an_empty_one(line: bytes) -> None:
    [answer] = answers(line)
    assert answer["id"] == ""
    assert answer["refused"]


def test_an_unknown_instruction_is_refused_and_unknown_members_are_not() -> None:
    unknown, known = answers(b'{"id":"1","dance":{}}', b'{"id":"2","flush":{"x":1},"y":2}')
    assert unknown == {"id": "1", "refused": "ValueError: unknown instruction"}
    assert known == {"id": "2"}


def test_lines_may_be_megabytes_long() -> None:
    id_ = "x" * 5_000_000
    assert answers(b'{"id":"%s","flush":{}}' % id_.encode()) == [{"id": id_}]


def test_a_closed_pipe_is_no_crash() -> None:
    with subprocess.Popen(  # noqa: S603
        PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.readline()
        program.stdout.close()
        program.stdin.write(b'{"id":"1","flush":{}}\n')
        program.stdin.close()
        assert program.wait(10) == 0
        assert program.stderr.read() == b""
