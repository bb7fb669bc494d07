"""Generates the modules in src/ from the project's .proto files.

generate.py           writes them
generate.py --check   writes nothing; exits 1 and names the files that are stale
"""

import filecmp
import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grpc_tools import protoc

PEER = Path(__file__).resolve().parent.parent
# In the image's test stage the .proto files lie at the same place from here.
PROTO = PEER.parent.parent / "proto"


def main() -> int:
    """Generates or checks, as the command line says; returns the exit code."""
    if sys.argv[1:] == ["--check"]:
        return check()
    generate(PEER / "src")
    return 0


def check() -> int:
    """Compares what would be generated with what is committed."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        stale = sorted(stale_files(Path(folder), PEER / "src"))
    for name in stale:
        print(f"src/{name} is stale: run tools/generate.py", file=sys.stderr)
    return 1 if stale else 0


def stale_files(fresh: Path, committed: Path) -> Iterator[str]:
    """Yields the names of generated files that differ, are missing, or are left over."""
    names = {path.name for folder in (fresh, committed) for path in folder.glob("*_pb2*.py*")}
    for name in names:
        if (
            not (fresh / name).exists()
            or not (committed / name).exists()
            or not filecmp.cmp(fresh / name, committed / name, shallow=False)
        ):
            yield name


def generate(folder: Path) -> None:
    """Writes the modules and their type stubs into the folder; SystemExit when protoc fails."""
    # protoc looks for the plugin of mypy-protobuf on the PATH.
    os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"]
    outputs = ("python_out=", "pyi_out=", "grpc_python_out=", "mypy_grpc_out=quiet:")
    options = [f"--{output}{folder}" for output in outputs]
    code = protoc.main(["protoc", f"-I{PROTO}", *options, "expirement.proto"])
    if code != 0:
        raise SystemExit(code)


if __name__ == "__main__":
    sys.exit(main())
