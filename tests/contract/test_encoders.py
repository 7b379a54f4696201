"""What every encoder keeps to: SFace, dlib's, and any ONNX model of aligned faces."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from media_index.faces.detect import FaceDetector
from media_index.faces.dlib import DlibEncoder
from media_index.faces.encode import Encoder, SFaceEncoder
from media_index.faces.onnx_encoder import OnnxEncoder
from media_index.faces.weights import SFACE_WEIGHTS, YUNET_WEIGHTS, verified
from media_index.images.decode import ImageLimits, decode
from media_index.matching.scores import similarity

Photo = tuple[NDArray[np.uint8], NDArray[np.float32]]
ENCODERS = ("sface", "dlib", "onnx")


@pytest.fixture(scope="module")
def sface(weights: Path) -> SFaceEncoder:
    return SFaceEncoder(verified(weights, SFACE_WEIGHTS))


@pytest.fixture(scope="module")
def encoders(
    weights: Path, sface: SFaceEncoder, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Encoder]:
    """Every adapter; the ONNX one with SFace's own file under another name."""
    file = tmp_path_factory.mktemp("encoder") / "another.onnx"
    shutil.copy(weights / SFACE_WEIGHTS.name, file)
    return {
        "sface": sface,
        "dlib": DlibEncoder(weights),
        "onnx": OnnxEncoder(file, sface.aligned),
    }


@pytest.fixture(params=ENCODERS)
def encoder(request: pytest.FixtureRequest, encoders: dict[str, Encoder]) -> Encoder:
    return encoders[request.param]


@pytest.fixture(scope="module")
def photos(samples: Path, weights: Path) -> dict[str, Photo]:
    """Pictures by name, with the rows of their faces, the surest first."""
    detector = FaceDetector(verified(weights, YUNET_WEIGHTS))
    found = {}
    for name in ("obama.jpg", "obama2.jpg", "biden.jpg", "astronaut.png", "obama3.jpg"):
        picture = decode((samples / "originals" / name).read_bytes(), ImageLimits())
        rows = detector.detect(picture.rgb)
        found[name] = picture.rgb, rows[np.argsort(-rows[:, 14])]
    return found


def surest(encoder: Encoder, photo: Photo) -> NDArray[np.float32]:
    """Return the (1, d) encoding of a photo's surest face."""
    return encoder.encode(photo[0], photo[1][:1])


def test_a_face_is_one_finite_vector(encoder: Encoder, photos: dict[str, Photo]) -> None:
    rgb, rows = photos["obama3.jpg"]
    assert len(rows) > 1
    vectors = encoder.encode(rgb, rows)
    assert vectors.shape == (len(rows), 128)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    assert (np.linalg.norm(vectors, axis=1) > 0.5).all()


def test_one_person_is_nearer_than_anybody_else(encoder: Encoder, photos: dict[str, Photo]) -> None:
    vectors = {name: surest(encoder, photo) for name, photo in photos.items()}
    own = similarity(encoder.model_id, vectors["obama.jpg"], vectors["obama2.jpg"]).item()
    for name in ("biden.jpg", "astronaut.png"):
        for obama in ("obama.jpg", "obama2.jpg"):
            other = similarity(encoder.model_id, vectors[obama], vectors[name]).item()
            assert own > other, (name, obama)


def test_no_faces_are_no_vectors(encoder: Encoder, photos: dict[str, Photo]) -> None:
    rgb, rows = photos["obama.jpg"]
    assert encoder.encode(rgb, rows[:0]).shape == (0, 128)


def test_vectors_come_in_the_order_of_the_faces(encoder: Encoder, photos: dict[str, Photo]) -> None:
    rgb, rows = photos["obama3.jpg"]
    there = encoder.encode(rgb, rows)
    back = encoder.encode(rgb, np.ascontiguousarray(rows[::-1]))
    np.testing.assert_allclose(back[::-1], there, atol=1e-5)
    assert np.abs(there[0] - there[1]).max() > 0.01, "two faces, or the order shows nothing"


def test_the_same_face_is_the_same_vector(encoder: Encoder, photos: dict[str, Photo]) -> None:
    photo = photos["biden.jpg"]
    np.testing.assert_array_equal(surest(encoder, photo), surest(encoder, photo))


def test_no_two_models_have_the_same_name(encoders: dict[str, Encoder]) -> None:
    names = {encoder.model_id for encoder in encoders.values()}
    assert len(names) == len(ENCODERS)
    # The column that keeps it.
    assert max(map(len, names)) <= 64


def test_sface_from_its_file_is_sface(
    encoders: dict[str, Encoder], photos: dict[str, Photo]
) -> None:
    for rgb, rows in photos.values():
        np.testing.assert_allclose(
            encoders["onnx"].encode(rgb, rows), encoders["sface"].encode(rgb, rows), atol=1e-4
        )
