"""The networks as this program runs them, held to OpenCV, whose models they are."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from media_index.faces.encode import SFaceEncoder, mirrored, unit
from media_index.faces.onnx_reader import OnnxFileError, read_constants
from media_index.faces.onnx_session import ModelUnusableError, OnnxSession
from media_index.faces.weights import SFACE_WEIGHTS, YUNET_WEIGHTS, verified
from media_index.faces.yunet import YuNet
from media_index.images.decode import ImageLimits, decode

Pixels = NDArray[np.uint8]
LEAST = 0.15


@pytest.fixture(scope="module")
def portrait(samples: Path) -> Pixels:
    """A photo whose sides are no multiples of 32, with 3 boxes or more of which some overlap."""
    rgb = decode((samples / "originals" / "astronaut.png").read_bytes(), ImageLimits()).rgb
    return np.ascontiguousarray(rgb[:470, :501])


def by_opencv(weights: Path, rgb: Pixels) -> NDArray[np.float32]:
    height, width = rgb.shape[:2]
    path = verified(weights, YUNET_WEIGHTS)
    yunet = cv2.FaceDetectorYN.create(str(path), "", (width, height), LEAST, 0.3, 5000)
    return np.asarray(yunet.detect(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))[1], np.float32)


def test_yunet_sees_what_opencv_sees(weights: Path, portrait: Pixels) -> None:
    yunet = YuNet(verified(weights, YUNET_WEIGHTS), LEAST)
    for rgb in (portrait, np.ascontiguousarray(np.tile(portrait[::3, ::3], (3, 4, 1)))):
        np.testing.assert_allclose(yunet.detect(rgb), by_opencv(weights, rgb), atol=2e-3)
    assert yunet.detect(np.zeros((1, 7, 3), np.uint8)).shape == (0, 15)


def test_sface_says_what_opencv_says(weights: Path, portrait: Pixels) -> None:
    path = verified(weights, SFACE_WEIGHTS)
    sface, plain = SFaceEncoder(path), SFaceEncoder(path, plain=True)
    opencv = cv2.FaceRecognizerSF.create(str(path), "")
    rows = by_opencv(weights, portrait)[:1]
    [crop] = sface.aligned(portrait, rows)
    wanted = opencv.alignCrop(portrait, rows[0, :14].reshape(1, -1))
    assert np.abs(crop.astype(int) - wanted).max() <= 1
    features = np.concatenate(
        [
            opencv.feature(cv2.cvtColor(view, cv2.COLOR_RGB2BGR))
            for view in (crop, *mirrored([crop]))
        ]
    )

    vectors, norms = sface.vectors_and_norms([crop])

    both = unit(unit(features).sum(axis=0, keepdims=True))
    np.testing.assert_allclose(vectors, both, atol=1e-5)
    assert norms[0] == pytest.approx(np.linalg.norm(features, axis=1).mean(), rel=1e-4)
    np.testing.assert_allclose(plain.encode_aligned([crop]), unit(features[:1]), atol=1e-5)
    assert sface.encode(portrait, rows[:0]).shape == (0, 128)


def test_points_that_are_one_have_a_crop(weights: Path, portrait: Pixels) -> None:
    """A detector gone astray ends no photo."""
    rows = np.full((1, 15), 40, np.float32)
    [crop] = SFaceEncoder(verified(weights, SFACE_WEIGHTS)).aligned(portrait, rows)
    assert crop.shape == (112, 112, 3)


def test_a_file_that_is_no_model_is_refused(weights: Path) -> None:
    with pytest.raises(ModelUnusableError, match="mine"):
        OnnxSession(b"no model", "mine.onnx")
    yunet = verified(weights, YUNET_WEIGHTS).read_bytes()
    # Numbers that are no float32: the shapes of its outputs.
    with pytest.raises(OnnxFileError, match="not where they should be"):
        read_constants(yunet)
