"""How well a face can be compared, and by whom: the encoder, or a person who looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from media_index.types import FaceQuality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from media_index.types import Box, Face, Point


@dataclass(frozen=True, slots=True)
class Comparability:
    """Thresholds on what can be recognised and what can be compared.

    Attributes:
        recognisable_px: shorter side of the box from which an acquaintance may recognise the
            face. 2026-11: faces of fewer than some 20 px were not told apart by people in
            Sinha et al., "Face Recognition by Humans" (2006), who put the floor at about
            19 x 27 px.
        recognisable_score: detector score from which a box surely is a face; below it a box is
            still encoded and compared, but holds nothing up if it matches nobody.
        comparable_px: shorter side from which the encoders tell people apart.
        comparable_yaw: degrees of turn up to which they do.
        comparable_sharpness: variance of the Laplacian of the aligned crop from which they do.
    """

    recognisable_px: float = 20.0
    recognisable_score: float = 0.8
    comparable_px: float = 20.0
    comparable_yaw: float = 80.0
    comparable_sharpness: float = 4.0


def is_recognisable(face: Face, limits: Comparability) -> bool:
    """Say whether a person might recognise this face."""
    return (
        face.quality.size_px >= limits.recognisable_px
        and face.detector_score >= limits.recognisable_score
    )


def is_comparable(face: Face, limits: Comparability) -> bool:
    """Say whether the absence of a match means anything for this face."""
    return (
        bool(face.encodings)
        and face.quality.size_px >= limits.comparable_px
        and abs(face.quality.yaw) <= limits.comparable_yaw
        and face.quality.sharpness >= limits.comparable_sharpness
    )


def measure(box: Box, landmarks: Sequence[Point], aligned: NDArray[np.uint8]) -> FaceQuality:
    """Measure a face.

    Args:
        box: px of the full-size photo.
        landmarks: the five points, in any one scale.
        aligned: (112, 112, 3) uint8 aligned crop.
    """
    grey = cv2.cvtColor(aligned, cv2.COLOR_RGB2GRAY)
    return FaceQuality(
        size_px=float(min(box.width, box.height)),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        yaw=_yaw(landmarks),
    )


def _yaw(landmarks: Sequence[Point]) -> float:
    """Estimate the turn from how far the nose has left the middle between the eyes.

    On a head of average shape the tip of the nose stands about as far before the eyes' line as
    the eyes stand from its middle, so that tan(yaw) is the displacement over half the distance.
    """
    right_eye, left_eye, nose = (np.asarray(point, dtype=float) for point in landmarks[:3])
    axis = left_eye - right_eye
    distance = float(np.linalg.norm(axis))
    if distance == 0.0:
        return 90.0
    along = float(np.dot(nose - (left_eye + right_eye) / 2, axis / distance))
    return float(np.degrees(np.arctan2(along, distance / 2)))
