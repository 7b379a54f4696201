"""Two encodings of a face: face_recognition's (dlib) and OpenCV's SFace.

SFace's is the mean of the face and of its mirror image: fewer photos of a person are missed at the
same false matches, and dlib's mirror images add nothing to that (ADR 14).
"""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING, Protocol

import cv2
import dlib
import numpy as np

from media_index.faces.dlib.convert import LANDMARKS_FILE, converted, model_path
from media_index.faces.dlib.network import DIMENSIONS, SIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from media_index.faces.dlib.convert import OpenCvNetwork

    Pixels = NDArray[np.uint8]
    Rows = NDArray[np.float32]
    # Top, right, bottom, left, as face_recognition has it.
    Square = tuple[int, int, int, int]
    Describe = Callable[[Pixels, list[Square]], NDArray[np.float32]]

DLIB = "dlib-resnet-v1"
# Of the face alone, as OpenCV gives it; for measuring.
SFACE_PLAIN = "sface-2021dec"
SFACE = f"{SFACE_PLAIN}-mirrored"

# Of the face on its chip; what dlib's compute_face_descriptor takes unless told.
PADDING = 0.25


class Encoder(Protocol):
    """Turns faces into vectors that are near each other for one person."""

    @property
    def model_id(self) -> str:
        """Name and version of the model; vectors of different ids are never compared."""
        ...

    def encode(self, rgb: Pixels, rows: Rows) -> NDArray[np.float32]:
        """Encode the faces in rows of `FaceDetector.detect` of a picture; (n, d) float32."""
        ...


class SFaceEncoder:
    """SFace through OpenCV, which aligns by the landmarks. Unit vectors; compared by cosine."""

    def __init__(self, weights: Path, *, plain: bool = False) -> None:
        """Load the model's ONNX file, verified; `plain` encodes faces without mirror images."""
        self.model_id = SFACE_PLAIN if plain else SFACE
        self._plain = plain
        self._sface = cv2.FaceRecognizerSF.create(str(weights), "")
        self._lock = threading.Lock()

    def encode(self, rgb: Pixels, rows: Rows) -> NDArray[np.float32]:
        """Encode faces; see `Encoder`."""
        return self.encode_aligned(self.aligned(rgb, rows))

    def aligned(self, rgb: Pixels, rows: Rows) -> list[Pixels]:
        """Return a (112, 112, 3) uint8 RGB crop per face, turned upright."""
        with self._lock:
            return [
                np.asarray(self._sface.alignCrop(rgb, row[:14].reshape(1, -1)), dtype=np.uint8)
                for row in rows
            ]

    def encode_aligned(self, crops: list[Pixels]) -> NDArray[np.float32]:
        """Encode (112, 112, 3) uint8 RGB crops to (n, 128) float32."""
        return self.vectors_and_norms(crops)[0]

    def vectors_and_norms(
        self, crops: list[Pixels]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Encode such crops, and return how long the vectors were before they were unit vectors."""
        features = self._features(crops)
        vectors, norms = unit(features), np.linalg.norm(features, axis=1)
        if not self._plain:
            others = self._features(mirrored(crops))
            vectors = unit(vectors + unit(others))
            norms = (norms + np.linalg.norm(others, axis=1)) / 2
        return vectors, norms.astype(np.float32)

    def _features(self, crops: list[Pixels]) -> NDArray[np.float32]:
        vectors = np.empty((len(crops), DIMENSIONS), np.float32)
        with self._lock:
            for index, crop in enumerate(crops):
                vectors[index] = self._sface.feature(cv2.cvtColor(crop, cv2.COLOR_RGB2BGR))[0]
        return vectors


class DlibEncoder:
    """face_recognition's encoder, on the detector's boxes. Compared by Euclidean distance.

    Landmarks and alignment are dlib's. The network is run by OpenCV, in a tenth of the time, where
    its conversion was found to agree with dlib; by face_recognition itself anywhere else.
    """

    model_id = DLIB

    def __init__(self, folder: Path) -> None:
        """Load the models; the folder keeps the conversion, see `converted`."""
        conversion = converted(folder)
        self._describe: Describe = (
            through_face_recognition()
            if conversion.network is None
            else through_opencv(conversion.network)
        )
        self._lock = threading.Lock()

    def encode(self, rgb: Pixels, rows: Rows) -> NDArray[np.float32]:
        """Encode faces; see `Encoder`."""
        if not len(rows):
            return np.empty((0, DIMENSIONS), np.float32)
        squares = [landmark_square(row) for row in rows]
        pixels = np.ascontiguousarray(rgb)
        with self._lock:
            return self._describe(pixels, squares)


def through_opencv(network: OpenCvNetwork) -> Describe:
    """Do what `face_recognition.face_encodings` does, with the network run by OpenCV."""
    predictor = dlib.shape_predictor(str(model_path(LANDMARKS_FILE)))

    def describe(pixels: Pixels, squares: list[Square]) -> NDArray[np.float32]:
        chips = []
        for top, right, bottom, left in squares:
            landmarks = predictor(pixels, dlib.rectangle(left, top, right, bottom))
            # One by one: dlib scales pictures for several chips at once otherwise than for each.
            chips.append(dlib.get_face_chip(pixels, landmarks, size=SIDE, padding=PADDING))
        return network.descriptors(chips)

    return describe


def through_face_recognition() -> Describe:
    """Have face_recognition itself do it; see `through_opencv`."""
    # Its use of pkg_resources warns.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        import face_recognition  # noqa: PLC0415 - two seconds and 200 MB, only where it is needed

    def describe(pixels: Pixels, squares: list[Square]) -> NDArray[np.float32]:
        found = face_recognition.face_encodings(pixels, known_face_locations=squares)
        return np.asarray(found, dtype=np.float32)

    return describe


def mirrored(crops: Sequence[Pixels]) -> list[Pixels]:
    """Return the mirror image of each picture of a face."""
    return [np.ascontiguousarray(crop[:, ::-1]) for crop in crops]


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (n, d) vectors at a length of 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def landmark_square(row: NDArray[np.float32]) -> Square:
    """Turn YuNet's upright box into the square dlib's landmark model was trained on."""
    x, y, width, height = (float(value) for value in row[:4])
    middle_x, middle_y, half = x + width / 2, y + height / 2, (width + height) / 4
    return (
        round(middle_y - half),
        round(middle_x + half),
        round(middle_y + half),
        round(middle_x - half),
    )
