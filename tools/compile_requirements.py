"""Compile requirements.txt and requirements-dev.txt from pyproject.toml.

Run it after a change of the dependencies, with the environment of requirements-dev.txt:

    python tools/compile_requirements.py              # keep the pins that still fit
    python tools/compile_requirements.py --upgrade    # take the newest versions

Both files serve pip and uv, on every system and Python that pyproject.toml allows. They hold pins
and nothing else: no hosts, and no hashes, since a local package has none.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
# Relative, so that the files mean the same wherever the project lies.
LOCAL_DLIB = "./packaging/dlib"
EDITABLE = "-e ."
HEADER = "# Compiled from pyproject.toml by tools/compile_requirements.py: do not edit.\n"


def find_uv() -> str:
    """Return the path of uv: beside this Python (requirements-dev.txt brings it), else on PATH."""
    beside = shutil.which("uv", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("uv")
    if found is None:
        sys.exit("uv is missing. Install it: python -m pip install -r requirements-dev.txt")
    return found


def compile_pins(uv: str, target: Path, *options: str) -> list[str]:
    """Resolve for every system and Python at once; the pins in ``target`` are kept if they fit.

    Returns:
        The pins, sorted by name, without the project's own two lines.
    """
    command = [uv, "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"]
    command += ["--no-header", "--no-annotate", "--quiet", "--output-file", str(target), *options]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    lines = target.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not is_own_line(line)]


def is_own_line(line: str) -> bool:
    """Tell the local package, the project itself and what is no pin from the pins."""
    return line.startswith(("#", "-", ".", "/")) or "packaging/dlib" in line


def pins_of(path: Path) -> str:
    """Return the pins of a compiled file, for uv to start from."""
    if not path.exists():
        return ""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line and not is_own_line(line)) + "\n"


def write(path: Path, lines: list[str]) -> None:
    """Write a requirements file, with the same line ends on every system."""
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(lines)} lines")


def main(options: list[str]) -> None:
    """Compile both files; ``options`` are passed on to uv."""
    uv = find_uv()
    with tempfile.TemporaryDirectory() as folder:
        runtime_target = Path(folder, RUNTIME.name)
        runtime_target.write_text(pins_of(RUNTIME), encoding="utf-8")
        runtime = compile_pins(uv, runtime_target, *options)

        # The tools are fitted to the program's pins, never the other way round.
        constraints = Path(folder, "constraints.txt")
        constraints.write_text("\n".join(runtime) + "\n", encoding="utf-8")
        both_target = Path(folder, DEVELOPMENT.name)
        both_target.write_text(pins_of(RUNTIME) + pins_of(DEVELOPMENT), encoding="utf-8")
        both = compile_pins(
            uv, both_target, "--group", "dev", "--constraint", str(constraints), *options
        )

    write(RUNTIME, [LOCAL_DLIB, *runtime, EDITABLE])
    development = [pin for pin in both if pin not in runtime]
    write(DEVELOPMENT, [f"-r {RUNTIME.name}", *development])


if __name__ == "__main__":
    main(sys.argv[1:])
