"""Make the environment if it is not there, and open the program, or run its tests.

    python3 start.py                        opens the program on the sample photos
    python3 start.py test [options]         runs the tests; the options go to pytest

On Windows: py start.py, py start.py test. Only the first run needs the network.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

# An older Python must still get as far as this sentence: no newer syntax in this file.
if not (3, 11) <= sys.version_info[:2] <= (3, 14):  # pragma: no cover
    sys.exit(
        "This program needs Python 3.11, 3.12, 3.13 or 3.14, but this is {}.{}. Next step: "
        "install one of these and use it, for example: python3.13 start.py".format(
            *sys.version_info
        )
    )

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
# When one of these changes, the environment is brought up to date.
SOURCES = (RUNTIME, DEVELOPMENT, "pyproject.toml", "packaging/dlib/pyproject.toml")
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Set up what is missing, then run what was asked for; return its exit code."""
    if arguments and arguments[0] != "test":
        print(__doc__)
        return 0 if arguments[0] in {"-h", "--help"} else 2
    os.chdir(ROOT)
    make_environment()
    install(DEVELOPMENT if arguments else RUNTIME)
    fetch_weights()
    if arguments:
        return hand_over("-m", "pytest", *arguments[1:])
    return hand_over("-m", "consent.cli", "serve", "--samples")


def make_environment() -> None:
    """Make .venv, or make it again when its Python has gone (after an upgrade of the system)."""
    if PYTHON.exists():
        return
    print("Making the environment in .venv ...", flush=True)
    uv = shutil.which("uv")
    if uv:
        # Seeded with pip, so that it can be kept up to date without uv too.
        command = [uv, "venv", "--quiet", "--seed", "--clear", "--python", sys.executable]
        if call([*command, str(ENVIRONMENT)]):
            sys.exit("uv could not make the environment: see above, and run this again.")
    elif not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        sys.exit(
            "This Python cannot make environments: its package venv is missing. Next step: "
            "install it (Debian, Ubuntu: sudo apt install python3-venv) and run this again."
        )
    elif call([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]):
        sys.exit("The environment could not be made: see above, and run this again.")


def install(requirements: str) -> None:
    """Install what a requirements file pins, unless the stamp says that this has been done."""
    wanted = fingerprint()
    if stamp(requirements).is_file() and stamp(requirements).read_text() == wanted:
        return
    # No stamp stays behind while packages change: an interrupted installation is begun again.
    for name in (RUNTIME, DEVELOPMENT):
        stamp(name).unlink(missing_ok=True)
    print("Installing packages. The first time, this takes a few minutes ...", flush=True)
    uv = shutil.which("uv")
    command = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip"]
    command += [] if uv else ["install", "--disable-pip-version-check"]
    if call([*command, "--quiet", "-r", requirements]):
        sys.exit(
            "Installing failed: see above. Next step: check the network connection and run this"
            " again. If it fails again, delete the folder .venv first."
        )
    # The tools' file holds the program's too.
    for name in (RUNTIME, requirements):
        stamp(name).write_text(wanted)


def stamp(requirements: str) -> Path:
    """Return the file that says for which fingerprint a requirements file was installed."""
    return ENVIRONMENT / f"installed-{requirements}"


def fingerprint() -> str:
    """Hash all that an installation depends on: requirements, Python, and where the folder lies."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (*(ROOT / name for name in SOURCES), ENVIRONMENT / "pyvenv.cfg"):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def fetch_weights() -> None:
    """Put the weights of the face models in place; nothing happens if they are there."""
    code = call([str(PYTHON), "-m", "consent.cli", "weights"])
    if code:
        print("The weights are not in place: see above, and run this again.", file=sys.stderr)
        sys.exit(code)


def hand_over(*arguments: str) -> int:
    """Become the environment's Python where the system can, so that signals reach it directly."""
    command = [str(PYTHON), *arguments]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    return call(command)


def call(command: list[str]) -> int:
    """Run a command and return its exit code; Ctrl-C has reached it as well, so wait for it."""
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
