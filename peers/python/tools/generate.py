"""Generates the modules in src/ from the project's .proto file.

generate.py           writes them
generate.py --check   writes nothing; exits 1 and names the files that are stale
"""

import filecmp
import os
import sys
import sysconfig
import tempfile
from pathlib import Path

from grpc_tools import protoc

PEER = Path(__file__).resolve().parent.parent
# In the image's test stage the .proto files lie at the same place from here.
PROTO = PEER.parent.parent / "proto"
# protoc looks for the plugin of mypy-protobuf on the PATH.
os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"]


def main() -> int:
    """Generates or checks, as the command line says; returns the exit code."""
    if sys.argv[1:] != ["--check"]:
        return generate(PEER / "src")
    with tempfile.TemporaryDirectory() as folder:
        code = generate(Path(folder))
        for path in sorted(Path(folder).iterdir()):
            committed = PEER / "src" / path.name
            if not committed.exists() or not filecmp.cmp(path, committed, shallow=False):
                print(f"src/{path.name} is stale: run tools/generate.py", file=sys.stderr)
                code = 1
    return code


def generate(folder: Path) -> int:
    """Writes the modules and their type stubs into the folder; returns protoc's exit code."""
    outputs = ("python_out=", "pyi_out=", "grpc_python_out=", "mypy_grpc_out=quiet:")
    options = [f"--{output}{folder}" for output in outputs]
    code: int = protoc.main(["protoc", f"-I{PROTO}", *options, "expirement.proto"])
    return code


if __name__ == "__main__":
    sys.exit(main())
