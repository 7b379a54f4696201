"""How well a face can be compared, and by whom: the encoder, or a person who looks."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.images.decode import Picture
from media_index.limits import COMPARABILITY, HARD, HARDER, Comparability, Shortcoming
from media_index.types import Box, Face, FaceQuality, Point

# Of the aligned crop, whose eyes and mouth stand where InsightFace's template has them.
_INNER = (slice(25, 105), slice(20, 92))
_EYES, _MOUTH = ((38, 51), (73, 51)), ((41, 92), (70, 92))
_HIGH, _WIDE = 9, 12
_CHEEKS, _CHEEK = ((34, 76), (78, 76)), 7
_WHITE = 250
_STEPS, _BESIDE, _TONES = 100, 2, 4


def is_as_poor(quality: FaceQuality, as_this: Shortcoming) -> bool:
    """Say whether a face falls short in anything; what was not measured does not."""
    return (
        quality.size_px < as_this.size_px
        or quality.sharpness < as_this.sharpness
        or abs(quality.yaw) > as_this.yaw
        or (quality.contrast is not None and quality.contrast < as_this.contrast)
        or (quality.burnt_out is not None and quality.burnt_out > as_this.burnt_out)
        or (
            quality.feature_contrast is not None
            and quality.feature_contrast < as_this.feature_contrast
        )
        or (quality.eye_light is not None and quality.eye_light < as_this.eye_light)
    )


def strangers_let_through(quality: FaceQuality) -> float:
    """Return how many times as many strangers as of a good face are let through to be looked at.

    Of poor pictures more people are missed at the same threshold, and hardly more strangers are
    flagged, so that the band in which somebody looks may be wider.
    """
    return next((hard.times for hard in (HARDER, HARD) if is_as_poor(quality, hard)), 1.0)


def is_recognizable(face: Face, limits: Comparability) -> bool:
    """Say whether a person might recognize this face."""
    return (
        face.quality.size_px >= limits.recognizable_px
        and face.detector_score >= _sure_from(face.quality, limits)
        and (
            face.quality.sharpness >= limits.recognizable_sharpness
            or face.quality.prominence >= 1.0
        )
    )


def _sure_from(quality: FaceQuality, limits: Comparability) -> float:
    """Return from which score a box is surely a face."""
    is_photocopy = (
        _is_in_few_tones(quality, limits)
        and quality.size_px >= limits.few_tones_px
        and quality.prominence >= 1.0
    )
    return limits.few_tones_score if is_photocopy else limits.recognizable_score


def is_outline(face: Face) -> bool:
    """Say whether no more of a face is kept than where it is, and how well it could be compared."""
    return not face.encodings and not face.landmarks


def was_not_reached(face: Face) -> bool:
    """Say whether no encoder has seen a face, however unsure it is: the time was up."""
    return not face.encodings and not is_outline(face) and face.quality.norm is None


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
        and not is_covered(face.quality, limits)
        and not _is_in_few_tones(face.quality, limits)
    )


def _hardly_seen(quality: FaceQuality, limits: Comparability) -> bool:
    """Say whether the encoder sees too little of the face that a photo is of."""
    return (
        quality.norm is not None
        and limits.no_face_norm <= quality.norm < limits.comparable_norm
        and quality.size_px >= limits.comparable_norm_px
        and quality.prominence >= 1.0
    )


def is_covered(quality: FaceQuality, limits: Comparability) -> bool:
    """Say whether the eyes are in the dark, and the encoder sees little: a cap, tinted glasses.

    Where it sees still less, a face further back may as well be cut off by the picture's edge.
    """
    return (
        quality.eye_light is not None
        and quality.norm is not None
        and quality.eye_light < limits.covered_eye_light
        and limits.comparable_norm <= quality.norm < limits.covered_norm
        and quality.size_px >= limits.comparable_norm_px
    )


def _is_in_few_tones(quality: FaceQuality, limits: Comparability) -> bool:
    """Say whether a face is drawn as a stencil is, and the encoder sees little of it."""
    return (
        quality.few_tones is not None
        and quality.norm is not None
        and quality.few_tones >= limits.few_tones
        and quality.sharpness >= limits.few_tones_sharpness
        and quality.norm < limits.few_tones_norm
    )


def prominences(sizes: NDArray[np.float32], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (n,) each face's size as a share of the largest that surely is a face.

    By (n,) shorter sides and scores of the detector.
    """
    sure = scores >= COMPARABILITY.recognizable_score
    largest = sizes[sure].max(initial=0.0) or sizes.max(initial=1.0)
    return np.asarray(sizes / largest, dtype=np.float32)


def measure(
    box: Box,
    landmarks: Sequence[Point],
    aligned: NDArray[np.uint8],
    norm: float | None,
    prominence: float = 1.0,
) -> FaceQuality:
    """Measure a face by its (112, 112, 3) uint8 aligned crop, and landmarks in any one scale.

    Norm and prominence are those of `FaceQuality`.
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
        eye_light=_eye_light(grey),
        few_tones=_few_tones(inner),
    )


def _seen(grey: NDArray[np.uint8], spots: Sequence[tuple[int, int]]) -> float:
    """Return the larger standard deviation of the surroundings of some spots."""
    return max(
        float(grey[y - _HIGH : y + _HIGH + 1, x - _WIDE : x + _WIDE + 1].std()) for x, y in spots
    )


def _few_tones(grey: NDArray[np.uint8]) -> float:
    darkest, brightest = np.percentile(grey, (2, 98))
    # A tone is five of these wide, so that a hundred are the contrast.
    steps = np.clip((grey - darkest) / max(brightest - darkest, 1.0), 0.0, 1.0) * _STEPS
    counts = np.bincount(np.rint(steps).astype(int).ravel(), minlength=_STEPS + 1)
    taken = 0
    for _ in range(_TONES):
        middle = int(np.convolve(counts, np.ones(2 * _BESIDE + 1), "same").argmax())
        tone = slice(max(middle - _BESIDE, 0), middle + _BESIDE + 1)
        taken += int(counts[tone].sum())
        counts[tone] = 0
    return taken / grey.size


def _eye_light(grey: NDArray[np.uint8]) -> float:
    cheeks = [
        grey[y - _CHEEK : y + _CHEEK + 1, x - _CHEEK : x + _CHEEK + 1].ravel() for x, y in _CHEEKS
    ]
    eyes = [
        np.percentile(grey[y - _HIGH : y + _HIGH + 1, x - _WIDE : x + _WIDE + 1], 75)
        for x, y in _EYES
    ]
    return float(np.mean(eyes) / max(float(np.median(np.concatenate(cheeks))), 1.0))


def light_of(picture: Picture, box: Box) -> float:
    """Return how light a face is: the mean grey of the middle of its box, 0 black to 255 white."""
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
