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

    from media_index.images.decode import Picture
    from media_index.types import Box, Face, Point

# Of the aligned crop, whose eyes and mouth stand where InsightFace's template has them.
_INNER = (slice(25, 105), slice(20, 92))
_EYES, _MOUTH = ((38, 51), (73, 51)), ((41, 92), (70, 92))
_HIGH, _WIDE = 9, 12
_WHITE = 250


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
        recognisable_sharpness: variance of the Laplacian of the aligned crop below which a face is
            blurred by more than 6 % of its size, and shows less detail than one of 10 px. Asked of
            faces further back; the largest in a photo is looked at all the same.
        comparable_px: shorter side from which the encoders tell people apart.
        comparable_yaw: degrees of turn up to which they do.
        comparable_sharpness: variance of the Laplacian of the aligned crop from which they do.
        comparable_contrast: grey levels from which they do.
        comparable_burnt_out: white share up to which they do.
        comparable_norm: length of SFace's vector from which they do; of the largest face in a
            photo. Further back, faces that are half hidden or cut off have short vectors too, and
            they are too many to be looked at.
        comparable_norm_px: shorter side from which that is asked of a face.
        no_face_norm: what has an even shorter one is a dog, a statue or a pattern.

    The last six and what `HARD` and `HARDER` say were measured with tools/measure_quality.py, see
    docs/matching.md.
    """

    recognisable_px: float = 20.0
    recognisable_score: float = 0.8
    recognisable_sharpness: float = 4.0
    comparable_px: float = 20.0
    comparable_yaw: float = 80.0
    comparable_sharpness: float = 5.0
    comparable_contrast: float = 20.0
    comparable_burnt_out: float = 0.7
    comparable_norm: float = 8.5
    comparable_norm_px: float = 40.0
    no_face_norm: float = 6.0


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Where a face begins to be hard to compare; a face is hard that falls short in anything.

    Attributes:
        size_px: hard below.
        sharpness: hard below.
        contrast: hard below.
        burnt_out: hard above.
        feature_contrast: hard below.
        yaw: degrees to either side; hard above.
        times: so many times as many strangers are let through to a person's eyes.
    """

    size_px: float
    sharpness: float
    contrast: float
    burnt_out: float
    feature_contrast: float
    yaw: float
    times: float

    def holds(self, quality: FaceQuality) -> bool:
        """Say whether a face is as hard as this."""
        return (
            quality.size_px < self.size_px
            or quality.sharpness < self.sharpness
            or abs(quality.yaw) > self.yaw
            or (quality.contrast is not None and quality.contrast < self.contrast)
            or (quality.burnt_out is not None and quality.burnt_out > self.burnt_out)
            or (
                quality.feature_contrast is not None
                and quality.feature_contrast < self.feature_contrast
            )
        )


HARD = Shortcoming(28.0, 20.0, 45.0, 0.15, 0.12, 45.0, 4.0)
HARDER = Shortcoming(24.0, 14.0, 32.0, 0.4, 0.08, 60.0, 16.0)


def strangers_let_through(quality: FaceQuality) -> float:
    """Return how many times as many strangers as of a good face are let through to be looked at.

    Of poor pictures more people are missed at the same threshold, and hardly more strangers are
    flagged, so that the band in which somebody looks may be wider.
    """
    for one in (HARDER, HARD):
        if one.holds(quality):
            return one.times
    return 1.0


def is_recognisable(face: Face, limits: Comparability) -> bool:
    """Say whether a person might recognise this face."""
    return (
        face.quality.size_px >= limits.recognisable_px
        and face.detector_score >= limits.recognisable_score
        and (
            face.quality.sharpness >= limits.recognisable_sharpness
            or face.quality.prominence >= 1.0
        )
    )


def is_comparable(face: Face, limits: Comparability) -> bool:
    """Say whether the absence of a match means anything for this face."""
    return (
        bool(face.encodings)
        and face.quality.size_px >= limits.comparable_px
        and abs(face.quality.yaw) <= limits.comparable_yaw
        and face.quality.sharpness >= limits.comparable_sharpness
        and (face.quality.contrast is None or face.quality.contrast >= limits.comparable_contrast)
        and (
            face.quality.burnt_out is None or face.quality.burnt_out <= limits.comparable_burnt_out
        )
        and not _hardly_seen(face.quality, limits)
    )


def _hardly_seen(quality: FaceQuality, limits: Comparability) -> bool:
    """Say whether the encoder sees too little of the face that a photo is of."""
    return (
        quality.norm is not None
        and limits.no_face_norm <= quality.norm < limits.comparable_norm
        and quality.size_px >= limits.comparable_norm_px
        and quality.prominence >= 1.0
    )


def prominences(sizes: NDArray[np.float32], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each face's size as a share of the largest that surely is a face.

    Args:
        sizes: (n,) shorter sides.
        scores: (n,) of the detector.
    """
    sure = scores >= Comparability().recognisable_score
    largest = sizes[sure].max(initial=0.0) or sizes.max(initial=1.0)
    return np.asarray(sizes / largest, dtype=np.float32)


def measure(
    box: Box,
    landmarks: Sequence[Point],
    aligned: NDArray[np.uint8],
    norm: float,
    prominence: float = 1.0,
) -> FaceQuality:
    """Measure a face.

    Args:
        box: px of the full-size photo.
        landmarks: the five points, in any one scale.
        aligned: (112, 112, 3) uint8 aligned crop.
        norm: length of SFace's vector, before it is made a unit vector.
        prominence: see `prominences`.
    """
    grey = np.asarray(cv2.cvtColor(aligned, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    inner = grey[_INNER]
    contrast = float(np.subtract(*np.percentile(inner, (95, 5))))
    return FaceQuality(
        size_px=float(min(box.width, box.height)),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        yaw=_yaw(landmarks),
        contrast=contrast,
        burnt_out=float((inner >= _WHITE).mean()),
        feature_contrast=min(_seen(grey, spots) for spots in (_EYES, _MOUTH)) / max(contrast, 1.0),
        norm=norm,
        prominence=prominence,
    )


def _seen(grey: NDArray[np.uint8], spots: Sequence[tuple[int, int]]) -> float:
    """Return the larger standard deviation of the surroundings of some spots."""
    return max(
        float(grey[y - _HIGH : y + _HIGH + 1, x - _WIDE : x + _WIDE + 1].std()) for x, y in spots
    )


def light_of(picture: Picture, box: Box) -> float:
    """Return how light a face is: the mean grey of the middle of its box, 0 black to 255 white.

    Args:
        picture: that it is in.
        box: px of the full-size photo.
    """
    scale = picture.rgb.shape[1] / picture.width
    # Half the box's width and height: forehead, nose, mouth; no hair, no background.
    x1, x2 = (round((box.x1 + box.width * part) * scale) for part in (0.25, 0.75))
    y1, y2 = (round((box.y1 + box.height * part) * scale) for part in (0.25, 0.75))
    inner = picture.rgb[y1 : max(y1 + 1, y2), x1 : max(x1 + 1, x2)]
    return float(cv2.cvtColor(np.ascontiguousarray(inner), cv2.COLOR_RGB2GRAY).mean())


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
