"""face_recognition's encoder, its network run by ONNX Runtime where that agrees with dlib."""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray

from media_index.faces.dlib.convert import LANDMARKS_FILE, ConvertedNetwork, converted, model_path
from media_index.faces.dlib.network import DIMENSIONS, SIDE
from media_index.faces.encode import DLIB
from media_index.limits import UPRIGHTING

Pixels = NDArray[np.uint8]
Rows = NDArray[np.float32]
# Top, right, bottom, left, as face_recognition has it.
Square = tuple[int, int, int, int]
Describe = Callable[[Pixels, list[Square]], NDArray[np.float32]]

# Of the face on its chip; what dlib's compute_face_descriptor takes unless told.
PADDING = 0.25


class DlibEncoder:
    """face_recognition's encoder, on the detector's boxes. Compared by Euclidean distance.

    Landmarks and alignment are dlib's. The network is run by ONNX Runtime, in a tenth of the time,
    where its conversion was found to agree with dlib; by face_recognition itself anywhere else.
    """

    model_id = DLIB

    def __init__(self, folder: Path) -> None:
        """Load the models; the conversion is kept in a folder, see `converted`."""
        conversion = converted(folder)
        self._describe: Describe = (
            through_face_recognition()
            if conversion.network is None
            else through_onnx_runtime(conversion.network)
        )
        self._lock = threading.Lock()

    def encode(self, rgb: Pixels, rows: Rows) -> NDArray[np.float32]:
        """Encode faces; see `Encoder`."""
        if not len(rows):
            return np.empty((0, DIMENSIONS), np.float32)
        pixels = np.ascontiguousarray(rgb)
        lying = np.abs([_roll(row) for row in rows]) > UPRIGHTING.most_roll
        encodings = np.empty((len(rows), DIMENSIONS), np.float32)
        with self._lock:
            if not lying.all():
                squares = [landmark_square(row) for row in rows[~lying]]
                encodings[~lying] = self._describe(pixels, squares)
            for index in np.flatnonzero(lying):
                encodings[index] = self._describe(*_set_upright(pixels, rows[index]))[0]
        return encodings


def through_onnx_runtime(network: ConvertedNetwork) -> Describe:
    """Do what `face_recognition.face_encodings` does, with its network run otherwise."""
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
    """Have face_recognition itself do it; see `through_onnx_runtime`."""
    # Its use of pkg_resources warns.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        import face_recognition  # noqa: PLC0415 - two seconds and 200 MB, only where it is needed

    def describe(pixels: Pixels, squares: list[Square]) -> NDArray[np.float32]:
        found = face_recognition.face_encodings(pixels, known_face_locations=squares)
        return np.asarray(found, dtype=np.float32)

    return describe


def _roll(row: NDArray[np.float32]) -> float:
    """Return by how many degrees a face is turned in the picture, from the line of its eyes."""
    right_x, right_y, left_x, left_y = (float(value) for value in row[4:8])
    return math.degrees(math.atan2(left_y - right_y, left_x - right_x))


def _set_upright(pixels: Pixels, row: NDArray[np.float32]) -> tuple[Pixels, list[Square]]:
    """Return the surroundings of a face, turned so that it is upright, and its square there."""
    x, y, width, height = (float(value) for value in row[:4])
    side = math.ceil(max(width, height) * UPRIGHTING.surroundings)
    turn = cv2.getRotationMatrix2D((x + width / 2, y + height / 2), _roll(row), 1.0)
    turn[:, 2] += np.array([side / 2 - x - width / 2, side / 2 - y - height / 2])
    upright = row.copy()
    upright[:2] = side / 2 - width / 2, side / 2 - height / 2
    surroundings = np.asarray(cv2.warpAffine(pixels, turn, (side, side)), dtype=np.uint8)
    return surroundings, [landmark_square(upright)]


def landmark_square(row: NDArray[np.float32]) -> Square:
    """Turn YuNet's upright box into the square dlib's landmark model was trained on.

    Returns:
        top, right, bottom, left, as face_recognition wants them.
    """
    x, y, width, height = (float(value) for value in row[:4])
    middle_x, middle_y, half = x + width / 2, y + height / 2, (width + height) / 4
    return (
        round(middle_y - half),
        round(middle_x + half),
        round(middle_y + half),
        round(middle_x - half),
    )
