"""dlib's network as ONNX: face_recognition's descriptors, or face_recognition itself."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from media_index.errors import ImageError
from media_index.faces.detect import FaceDetector
from media_index.faces.dlib import (
    DlibEncoder,
    convert,
    converted,
    described,
    landmark_square,
    through_face_recognition,
    through_onnx_runtime,
)
from media_index.faces.dlib.convert import (
    LANDMARKS_FILE,
    NETWORK_FILE,
    DlibModelError,
    model_path,
    probe,
)
from media_index.faces.dlib.network import NetworkFileError, onnx_of
from media_index.faces.weights import YUNET_WEIGHTS, verified
from media_index.images.decode import ImageLimits, decode

# Loads face_recognition beside ours; .ci/run runs it.
pytestmark = pytest.mark.slow

Places = list[tuple[int, int, int, int]]
Describe = Callable[[NDArray[np.uint8], Places], NDArray[np.float32]]
PROMISED = 1e-3
PORTRAITS = ("obama.jpg", "obama2.jpg", "biden.jpg", "astronaut.png")


@pytest.fixture(scope="module")
def content() -> bytes:
    return model_path(NETWORK_FILE).read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a conversion in it; never written to by a test."""
    folder = tmp_path_factory.mktemp("converted")
    assert not converted(folder).problem
    return folder


@pytest.fixture(scope="module")
def detector(weights: Path) -> FaceDetector:
    return FaceDetector(verified(weights, YUNET_WEIGHTS))


@pytest.fixture(scope="module")
def ways(folder: Path) -> tuple[Describe, Describe]:
    network = converted(folder).network
    assert network is not None
    return through_onnx_runtime(network), through_face_recognition()


def farthest(ways: tuple[Describe, Describe], detector: FaceDetector, image: Image.Image) -> float:
    """The largest L2 between the descriptors of the faces of a picture; -1 without faces."""
    rgb = np.ascontiguousarray(image.convert("RGB"))
    places = [landmark_square(row) for row in detector.detect(rgb)]
    if not places:
        return -1.0
    ours, theirs = (describe(rgb, places) for describe in ways)
    assert ours.shape == theirs.shape == (len(places), 128)
    return float(np.linalg.norm(ours - theirs, axis=1).max())


def opened(path: Path) -> Image.Image:
    return Image.fromarray(decode(path.read_bytes(), ImageLimits()).rgb)


@pytest.mark.parametrize("name", PORTRAITS)
def test_descriptors_are_face_recognitions(
    samples: Path, ways: tuple[Describe, Describe], detector: FaceDetector, name: str
) -> None:
    image = opened(samples / "originals" / name)
    assert 0 <= farthest(ways, detector, image) <= PROMISED


def test_faces_at_the_edge_and_tiny_ones_too(
    samples: Path, ways: tuple[Describe, Describe]
) -> None:
    rgb = np.asarray(opened(samples / "originals" / "obama.jpg"))
    height, width = rgb.shape[:2]
    places = [
        (-40, 60, 60, -40),
        (height - 30, width + 50, height + 50, width - 30),
        (9, 21, 21, 9),
    ]
    ours, theirs = (describe(rgb, places) for describe in ways)
    assert float(np.linalg.norm(ours - theirs, axis=1).max()) <= PROMISED


@pytest.mark.slow
@pytest.mark.long
def test_descriptors_are_face_recognitions_on_every_sample_and_what_becomes_of_it(
    samples: Path, ways: tuple[Describe, Describe], detector: FaceDetector
) -> None:
    distances = []
    for path in sorted(samples.rglob("*.*")):
        try:
            image = opened(path)
        except ImageError:
            # The samples have a damaged photo among them, and texts.
            continue
        small = image.resize((max(1, image.width // 3), max(1, image.height // 3)))
        treatments = (image, small, image.rotate(17), image.convert("L"), image.resize((400, 300)))
        distances += [farthest(ways, detector, treated) for treated in treatments]
    assert sum(distance >= 0 for distance in distances) > 60
    assert max(distances) <= PROMISED


def test_a_batch_describes_each_face_as_if_alone(folder: Path) -> None:
    network = converted(folder).network
    assert network is not None
    together = network.descriptors(probe())
    alone = np.concatenate([network.descriptors([chip]) for chip in probe()])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert network.descriptors([]).shape == (0, 128)


def test_a_second_conversion_is_the_first_one_read(folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert converted(folder).network is not None
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert sorted(Path(name).suffix for name in before) == [".json", ".onnx"]
    assert "through ONNX Runtime" in described(folder)


@pytest.mark.slow
def test_an_export_that_was_changed_is_made_anew(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        changed = bytearray(path.read_bytes())
        if path.suffix == ".onnx":
            changed[len(changed) // 2] ^= 0x40
        (tmp_path / path.name).write_bytes(changed)

    assert converted(tmp_path).network is not None

    [export] = tmp_path.glob("*.onnx")
    assert export.read_bytes() == (folder / export.name).read_bytes()


@pytest.mark.slow
def test_where_onnx_runtime_disagrees_face_recognition_does_it(
    samples: Path,
    weights: Path,
    detector: FaceDetector,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(convert, "PROBE_TOLERANCE", -1.0)
    assert "from dlib's" in converted(tmp_path).problem
    monkeypatch.undo()

    # Remembered: nothing is compared again under the same key.
    assert "from dlib's" in converted(tmp_path).problem
    assert described(tmp_path).startswith("face_recognition itself (ONNX Runtime's descriptors")
    rgb = np.asarray(opened(samples / "originals" / "obama.jpg"))
    rows = detector.detect(rgb)
    wanted = DlibEncoder(weights).encode(rgb, rows)
    np.testing.assert_allclose(DlibEncoder(tmp_path).encode(rgb, rows), wanted, atol=PROMISED)
    assert converted(tmp_path, retry=True).network is not None
    assert "through ONNX Runtime" in described(tmp_path)


def test_a_record_of_other_versions_does_not_count(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [record] = folder.glob("*.json")
    old = json.loads(record.read_text())
    old["key"]["onnxruntime"] = "1.0.0"
    (tmp_path / record.name).write_text(json.dumps(old))
    assert described(tmp_path).startswith("not converted for ONNX Runtime yet")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_leaves_it_to_face_recognition(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert converted(tmp_path).network is None
    assert "cannot be written" in described(tmp_path)


def test_a_file_in_place_of_the_folder_leaves_it_to_face_recognition(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_text("no folder")
    assert converted(path).problem
    assert described(path).startswith("face_recognition itself")


def test_a_model_that_is_not_there_is_named() -> None:
    assert model_path(LANDMARKS_FILE).is_file()
    with pytest.raises(DlibModelError, match="nothing_of_the_kind"):
        model_path("nothing_of_the_kind")


def test_a_file_of_weights_that_was_changed_is_refused(content: bytes) -> None:
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    for other in (bytes(changed), content[:-1], content + b"\x01", b""):
        with pytest.raises(NetworkFileError, match="not the one that is known"):
            onnx_of(other)


def test_with_other_weights_face_recognition_does_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.dat"
    other.write_bytes(b"other weights")
    monkeypatch.setattr(convert, "model_path", lambda _: other)

    assert converted(tmp_path).network is None
    assert described(tmp_path).startswith("face_recognition itself (The file of dlib's network is")
