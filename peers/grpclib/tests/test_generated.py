"""The generated modules are what the .proto files say."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

PEER = Path(__file__).parent.parent


def generate(folder: Path) -> None:
    """Generates into the folder. protoc looks for grpclib's plugin on the PATH."""
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{PEER.parents[1] / 'proto'}"]
    outputs = [f"--{name}_out={folder}" for name in ("python", "pyi", "grpclib_python")]
    words = [*command, *outputs, "expirement.proto"]
    subprocess.run(words, check=True, env=os.environ | {"PATH": path})  # noqa: S603


def test_the_generated_modules_are_fresh(tmp_path: Path) -> None:
    generate(tmp_path)
    for fresh in tmp_path.iterdir():
        committed = PEER / "src" / fresh.name
        assert fresh.read_text() == committed.read_text(), f"{fresh.name} is stale"


if __name__ == "__main__":
    generate(PEER / "src")
