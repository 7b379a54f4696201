"""Any ONNX model of aligned faces, 112 x 112 px, as an encoder (ArcFace and its family).

What is done to the pixels first differs from file to file, and a wrong guess makes vectors that
look right and match badly. So the file beside the model says it, `model.toml` for `model.onnx`:

    colours = "RGB"    # or "BGR"
    mean = 127.5       # taken from each value of 0 to 255
    scale = 127.5      # what is left is divided by this

Without that file it is done as InsightFace does: nothing where the model itself begins by
subtracting and scaling (as SFace does), and the numbers above elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import threading
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.faces.encode import mirrored, unit
from media_index.faces.onnx_reader import ANY, OnnxFacts, OnnxFileError, read_onnx
from media_index.faces.weights import WeightsError

Pixels = NDArray[np.uint8]
Rows = NDArray[np.float32]
Align = Callable[[Pixels, Rows], list[Pixels]]

SIDE = 112
_CHIP = (3, SIDE, SIDE)
_COLOURS = ("RGB", "BGR")
_INSIGHTFACE = 127.5
# Of the column that keeps the id in the database, less what is put around the name.
_LONGEST_NAME = 40
# Fewer numbers do not tell people apart, and more are no vector of a face.
_DIMENSIONS = range(32, 4097)
# Two chips that have nothing in common come out at most this much alike.
_ALIKE = 0.999
LICENCES = (
    "Check the license of this model before you use it: InsightFace's own weights are for "
    "non-commercial research only; AuraFace's are Apache-2.0."
)

_EXPORT = "name an ONNX model that turns one aligned face of 112 x 112 px into a vector."
_STATE = 'write colours = "RGB" or "BGR", mean = a number, and scale = a number above 0.'


class EncoderFileError(WeightsError):
    """The model's file cannot be used as an encoder."""

    def __init__(self, wrong: str, step: str = _EXPORT) -> None:
        """Say what is wrong, and what to do."""
        super().__init__(f"{wrong}: {step}")


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is done to the pixels of a chip before the model gets them.

    Attributes:
        colours: order of the channels, "RGB" or "BGR".
        mean: taken from each value of 0 to 255.
        scale: what is left is divided by this.
    """

    colours: str = "RGB"
    mean: float = _INSIGHTFACE
    scale: float = _INSIGHTFACE


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model's file, read and found to be one of aligned faces.

    Its id is `onnx:NAME:DIGEST`, the digest of its bytes and of its preparation if that is stated
    beside it: vectors of different files are never compared.
    """

    path: Path
    model_id: str
    preparation: Preparation


class OnnxEncoder:
    """An ONNX model through OpenCV, on faces aligned as for SFace.

    Unit vectors; compared by cosine.
    """

    def __init__(self, path: Path, align: Align) -> None:
        """Load the model and see that it encodes; `align` is that of `SFaceEncoder.aligned`.

        Raises:
            EncoderFileError: the file cannot be used; says why, and what to do.
        """
        file = model_file(path)
        self.model_id = file.model_id
        self._align = align
        self._preparation = file.preparation
        self._lock = threading.Lock()
        self._net = _network(path)
        self.dimensions = self._tried(path)

    def encode(self, rgb: Pixels, rows: Rows) -> NDArray[np.float32]:
        """Encode faces; see `Encoder`."""
        return self.encode_aligned(self._align(rgb, rows))

    def encode_aligned(self, crops: Sequence[Pixels]) -> NDArray[np.float32]:
        """Encode (112, 112, 3) uint8 RGB crops to (n, d) float32, with their mirror images."""
        # An overflow leaves what is not finite, and whoever asked sees that.
        return unit(self._features(crops) + self._features(mirrored(crops)))

    def _features(self, crops: Sequence[Pixels]) -> NDArray[np.float32]:
        vectors = np.empty((len(crops), self.dimensions), np.float32)
        for index, crop in enumerate(crops):
            vectors[index] = self._raw(crop).reshape(-1)
        return unit(vectors)

    def _raw(self, crop: Pixels) -> NDArray[np.float32]:
        prepared = self._preparation
        blob = cv2.dnn.blobFromImage(
            crop,
            1 / prepared.scale,
            (SIDE, SIDE),
            (prepared.mean,) * 3,
            swapRB=prepared.colours == "BGR",
        )
        with self._lock:
            self._net.setInput(blob)
            return np.asarray(self._net.forward(), np.float32)

    def _tried(self, path: Path) -> int:
        """Encode two chips that differ; return how long the vectors are."""
        try:
            one, other = (self._raw(chip) for chip in _chips())
        except cv2.error as error:
            raise EncoderFileError(_by_opencv(path, "run", error)) from error
        if one.size != max(one.shape) or one.size not in _DIMENSIONS or one.shape != other.shape:
            shape = " x ".join(str(side) for side in one.shape)
            raise EncoderFileError(
                f"{path.name} gives back {shape} numbers, not one vector for a face"
            )
        one, other = one.reshape(-1), other.reshape(-1)
        sizes = float(np.linalg.norm(one)), float(np.linalg.norm(other))
        usable = bool(np.isfinite(sizes).all()) and min(sizes) > 0
        if not usable or float(one @ other) / (sizes[0] * sizes[1]) > _ALIKE:
            raise EncoderFileError(
                f"{path.name} gives back the same for different pictures, or no numbers",
                f"say how its pixels are prepared in {path.with_suffix('.toml').name} beside it.",
            )
        return int(one.size)


def model_file(path: Path) -> ModelFile:
    """Read a model's file and what is stated beside it; read again only when either has changed.

    Raises:
        EncoderFileError: it is not there, no ONNX, or no model of aligned faces.
    """
    beside = path.with_suffix(".toml")
    try:
        status = path.stat()
        stated = beside.read_text("utf-8") if beside.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "its .toml is not text"
        wrong = f"The encoder {path} cannot be read ({reason})"
        raise EncoderFileError(wrong, "name the file of an ONNX model.") from error
    return _read(path.resolve(), path.stem, status.st_size, status.st_mtime_ns, stated)


@lru_cache(maxsize=4)
def _read(path: Path, name: str, _size: int, _mtime_ns: int, stated: str) -> ModelFile:
    try:
        content = path.read_bytes()
    except OSError as error:
        wrong = f"The encoder {path} cannot be read ({error.strerror or error})"
        raise EncoderFileError(wrong, "name a file that this user may read.") from error
    try:
        facts = read_onnx(content)
    except OnnxFileError as error:
        raise EncoderFileError(f"{path.name} is not an ONNX model. {error} Next step") from error
    _check_shapes(path, facts)
    inside = facts.first[0:1] == ("Sub",) and facts.first[1:2] in {("Mul",), ("Div",)}
    usual = Preparation(mean=0.0, scale=1.0) if inside else Preparation()
    preparation = _stated(path, stated, usual) if stated else usual
    digest = hashlib.sha256(content)
    if preparation != usual:
        digest.update(repr(sorted(asdict(preparation).items())).encode())
    shown = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:_LONGEST_NAME]
    return ModelFile(path, f"onnx:{shown}:{digest.hexdigest()[:12]}", preparation)


def _check_shapes(path: Path, facts: OnnxFacts) -> None:
    shapes = list(facts.inputs.values())
    fits = len(shapes) == 1 and len(shapes[0]) == len(_CHIP) + 1 and shapes[0][0] in {ANY, 1}
    if not fits or any(
        side not in {ANY, wanted} for side, wanted in zip(shapes[0][1:], _CHIP, strict=True)
    ):
        taken = " and ".join(" x ".join(str(side or "any") for side in shape) for shape in shapes)
        raise EncoderFileError(f"{path.name} takes {taken} numbers, not 1 x 3 x 112 x 112")


def _stated(path: Path, text: str, usual: Preparation) -> Preparation:
    """Read what is stated beside the model; what is not stated is as usual.

    Raises:
        EncoderFileError: it cannot be understood.
    """
    beside = path.with_suffix(".toml").name
    try:
        stated: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EncoderFileError(f"{beside} is not TOML ({error})", _STATE) from error
    colours = stated.pop("colours", usual.colours)
    mean, scale = stated.pop("mean", usual.mean), stated.pop("scale", usual.scale)
    numbers = all(type(number) in {int, float} for number in (mean, scale))
    if stated or colours not in _COLOURS or not numbers or not scale > 0:
        raise EncoderFileError(f"{beside} says what this program does not know", _STATE)
    return Preparation(colours, float(mean), float(scale))


def _network(path: Path) -> cv2.dnn.Net:
    # OpenCV writes to the terminal what it does not understand; the error says it, once.
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        return cv2.dnn.readNetFromONNX(str(path))
    except cv2.error as error:
        raise EncoderFileError(_by_opencv(path, "read", error)) from error
    finally:
        cv2.utils.logging.setLogLevel(level)


def _by_opencv(path: Path, done: str, error: cv2.error) -> str:
    reason = (str(error).strip().splitlines() or ["no reason given"])[0][:160]
    return f"{path.name} cannot be {done} by OpenCV ({reason})"


def _chips() -> tuple[Pixels, Pixels]:
    """Return two pictures that have nothing in common: rings, and slanting waves."""
    down, across = np.indices((SIDE, SIDE))
    rings = ((down - 60) ** 2 + (across - 50) ** 2) // 20 % 256
    waves = (down * 3 + across * 5) % 256
    return (
        np.stack([rings, 255 - rings, rings // 2], axis=2).astype(np.uint8),
        np.stack([waves, waves // 3, 255 - waves], axis=2).astype(np.uint8),
    )
