"""A photo's fingerprint: the same face is near itself in every copy, and far from others."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from media_index import fingerprinting
from media_index.errors import ImageError
from media_index.faces.encode import DLIB, SFACE
from media_index.faces.quality import is_comparable, is_recognizable
from media_index.files.bounded import MEBIBYTE, Bounds
from media_index.fingerprinting import (
    Fingerprinter,
    FingerprintSettings,
    file_sha256,
    fingerprint_file,
    loaded,
)
from media_index.hashing.perceptual import sha256_hex
from media_index.images.decode import ImageLimits, Picture, decode
from media_index.images.turns import OF_ORIENTATION, points_back
from media_index.limits import COMPARABILITY
from media_index.matching.calibration import shipped_calibration
from media_index.matching.scores import fused_scores
from media_index.types import Box, Face, Fingerprint, Problem, ProblemCode, Turning

CALIBRATION = shipped_calibration()


def clearest(fingerprint: Fingerprint) -> Face:
    return max(fingerprint.faces, key=lambda face: face.detector_score)


def rate(one: Face, other: Face) -> float:
    """False matches per million at the score of the two."""
    score = fused_scores(
        CALIBRATION,
        {model: vector[None] for model, vector in one.encodings.items()},
        {model: vector[None] for model, vector in other.encodings.items()},
    )
    return CALIBRATION.false_matches_per_million(float(score[0, 0]))


@pytest.fixture(scope="module")
def portraits(sample_fingerprints: dict[str, Fingerprint]) -> dict[str, Fingerprint]:
    names = ("obama.jpg", "obama2.jpg", "obama3.jpg", "biden.jpg", "astronaut.png")
    return {name: sample_fingerprints[f"originals/{name}"] for name in names}


def test_of_one_picture_the_models_are_asked_once(
    fingerprinter: Fingerprinter, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests take half as long again where a model is asked by a way they do not remember."""
    content = (samples / "originals" / "obama.jpg").read_bytes()
    first, _ = fingerprinter.fingerprint(content)
    networks = [
        (fingerprinter._detector._yunet, "_session"),
        (fingerprinter._sface, "_features"),
        (fingerprinter._dlib, "_describe"),
    ]
    for model, network in networks:
        monkeypatch.setattr(model, network, None)

    again, _ = fingerprinter.fingerprint(content)
    assert [face.box for face in again.faces] == [face.box for face in first.faces]


def test_one_person_matches_and_others_do_not(portraits: dict[str, Fingerprint]) -> None:
    obama = clearest(portraits["obama.jpg"])
    assert rate(obama, clearest(portraits["obama2.jpg"])) < 1
    assert rate(obama, clearest(portraits["obama3.jpg"])) < 1
    assert rate(obama, clearest(portraits["biden.jpg"])) > 1000
    assert rate(obama, clearest(portraits["astronaut.png"])) > 1000


def test_both_encoders_encode_every_face(portraits: dict[str, Fingerprint]) -> None:
    for fingerprint in portraits.values():
        for place, face in enumerate(fingerprint.faces):
            assert face.index == place
            assert set(face.encodings) == {DLIB, SFACE}
            for vector in face.encodings.values():
                assert vector.shape == (128,)
                assert vector.dtype == np.float32
            assert np.linalg.norm(face.encodings[SFACE]) == pytest.approx(1, abs=1e-5)


def test_a_good_portrait_can_be_compared_and_recognized(
    portraits: dict[str, Fingerprint],
) -> None:
    for fingerprint in portraits.values():
        face = clearest(fingerprint)
        assert is_comparable(face, COMPARABILITY)
        assert is_recognizable(face, COMPARABILITY)
        assert abs(face.quality.yaw) < 45
        assert 0 <= face.box.x1 < face.box.x2 <= fingerprint.width
        assert 0 <= face.box.y1 < face.box.y2 <= fingerprint.height


@pytest.mark.parametrize("copy", ["obama-turned.jpg", "obama.heic", "obama-recompressed.jpg"])
def test_the_face_of_a_copy_is_the_same_face(
    sample_fingerprints: dict[str, Fingerprint], portraits: dict[str, Fingerprint], copy: str
) -> None:
    [found] = [one for path, one in sample_fingerprints.items() if path.endswith(copy)]
    assert rate(clearest(found), clearest(portraits["obama.jpg"])) < 0.1


def test_the_box_of_a_reduced_photo_is_in_its_full_pixels(
    samples: Path, weights: Path, portraits: dict[str, Fingerprint]
) -> None:
    small = loaded(FingerprintSettings(weights, limits=ImageLimits(working_side=600)))
    fingerprint, picture = small.fingerprint((samples / "originals" / "biden.jpg").read_bytes())
    assert picture.reduction > 1.9
    full = clearest(portraits["biden.jpg"])
    assert clearest(fingerprint).box.overlap(full.box) > 0.8


def test_an_encoding_that_is_no_number_is_no_encoding(
    samples: Path, fingerprinter: Fingerprinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = (samples / "originals" / "astronaut.png").read_bytes()
    astray = np.full((1, 128), np.nan, np.float32)
    monkeypatch.setattr(
        fingerprinter._sface, "vectors_and_norms", lambda crops: (astray, np.ones(1, np.float32))
    )
    [face] = fingerprinter.fingerprint(content)[0].faces
    assert face.encodings == {}
    assert not is_comparable(face, COMPARABILITY)


def test_a_picture_of_one_pixel_has_no_faces(fingerprinter: Fingerprinter) -> None:
    pixel = np.zeros((1, 1, 3), np.uint8)
    assert fingerprinter.faces(Picture(pixel, 1, 1, "PNG")) == ()


def test_no_file_is_changed_by_looking_at_it(samples: Path, tmp_path: Path, weights: Path) -> None:
    for source in sorted((samples / "originals").iterdir())[:2]:
        path = tmp_path / source.name
        path.write_bytes(source.read_bytes())
        path.chmod(0o444)
        before = path.stat()
        outcome = fingerprint_file(path, FingerprintSettings(weights))
        after = path.stat()
        assert isinstance(outcome, Fingerprint)
        assert path.read_bytes() == source.read_bytes()
        assert (before.st_mtime_ns, before.st_mode) == (after.st_mtime_ns, after.st_mode)
        assert outcome.sha256 == file_sha256(path) == sha256_hex(path.read_bytes())
        assert outcome.byte_size == after.st_size
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("truncated.jpg", ProblemCode.UNREADABLE),
        ("not-there.jpg", ProblemCode.UNREADABLE),
        ("manifest.json", ProblemCode.UNSUPPORTED_FORMAT),
    ],
)
def test_what_cannot_be_used_is_a_problem(
    samples: Path, weights: Path, name: str, code: ProblemCode
) -> None:
    path = next(samples.rglob(name), samples / name)
    outcome = fingerprint_file(path, FingerprintSettings(weights))
    assert isinstance(outcome, Problem)
    assert (outcome.path, outcome.code) == (path, code)


def test_missing_weights_are_said_and_not_remembered(
    samples: Path, tmp_path: Path, weights: Path
) -> None:
    home = tmp_path / "weights"
    path = samples / "originals" / "astronaut.png"
    outcome = fingerprint_file(path, FingerprintSettings(home))
    assert isinstance(outcome, Problem)
    assert outcome.code is ProblemCode.WEIGHTS_MISSING
    assert "likeness weights" in outcome.reason
    home.symlink_to(weights, target_is_directory=True)
    assert isinstance(fingerprint_file(path, FingerprintSettings(home)), Fingerprint)


def test_one_folder_under_two_names_is_loaded_once(tmp_path: Path, weights: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(weights, target_is_directory=True)
    assert loaded(FingerprintSettings(link)) is fingerprinting.loaded(FingerprintSettings(weights))


@pytest.fixture(scope="module")
def upright(samples: Path) -> Image.Image:
    with Image.open(samples / "originals" / "obama2.jpg") as image:
        image.thumbnail((500, 500))
        return image.convert("RGB")


def faces_of(fingerprinter: Fingerprinter, content: bytes) -> tuple[Fingerprint, Picture]:
    found, picture = fingerprinter.fingerprint(content)
    assert [face.index for face in found.faces] == list(range(len(found.faces)))
    return found, picture


@pytest.mark.parametrize("orientation", [3, 6, 7, 8])
def test_a_heic_that_only_its_exif_block_turns_is_looked_at_both_ways(
    fingerprinter: Fingerprinter, upright: Image.Image, orientation: int
) -> None:
    plain = io.BytesIO()
    upright.save(plain, "PNG")
    (wanted,) = faces_of(fingerprinter, plain.getvalue())[0].faces
    back = {6: 8, 8: 6}.get(orientation, orientation)
    stored = upright.transpose(OF_ORIENTATION[back])
    exif = Image.Exif()
    exif[0x0112] = 1
    buffer = io.BytesIO()
    stored.save(buffer, "HEIF", quality=95, exif=exif.tobytes())
    entry = b"\x01\x12\0\x03\0\0\0\x01\0"
    assert entry + b"\x01" in buffer.getvalue()
    content = buffer.getvalue().replace(entry + b"\x01", entry + bytes([orientation]))

    found, picture = faces_of(fingerprinter, content)

    # Shown as the file says, which turns nothing.
    assert (found.width, found.height) == stored.size
    assert found.turning is Turning.EXIF_APART
    (face,) = found.faces
    for model, vector in wanted.encodings.items():
        assert float(vector @ face.encodings[model]) > 0.9
    # The box lies where the face is in the picture as it is shown.
    x1, y1, x2, y2 = face.box.as_list()
    (left, top), (right, bottom) = points_back(
        [(x1, y1), (x2, y2)], OF_ORIENTATION[back], *stored.size
    )
    again = Box(
        round(min(left, right)),
        round(min(top, bottom)),
        round(max(left, right)),
        round(max(top, bottom)),
    )
    # A box found lying is the square around the middle of the face.
    assert again.overlap(wanted.box) > 0.6
    right_eye, left_eye = points_back(face.landmarks[:2], OF_ORIENTATION[back], *stored.size)
    mirrored = orientation in {5, 7}
    assert (right_eye[0] < left_eye[0]) is not mirrored
    assert picture.turned().rgb.shape[:2] == (upright.height, upright.width)


def test_what_xmp_alone_turns_shows_no_faces_that_are_none(
    fingerprinter: Fingerprinter, upright: Image.Image
) -> None:
    xmp = b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    plain, turned = io.BytesIO(), io.BytesIO()
    upright.save(plain, "JPEG", quality=95)
    upright.save(turned, "JPEG", quality=95, xmp=xmp)
    before, _ = faces_of(fingerprinter, plain.getvalue())
    after, _ = faces_of(fingerprinter, turned.getvalue())
    assert [face.box for face in after.faces] == [face.box for face in before.faces]
    assert after.hashes == before.hashes
    assert (before.turning, after.turning) == (Turning.AGREED, Turning.XMP_APART)


def test_faces_that_there_is_no_time_for_are_there_without_encodings(
    samples: Path, fingerprinter: Fingerprinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = next(samples.rglob("panel-astronaut-obama-biden.jpg"))
    picture = decode(group.read_bytes(), ImageLimits())
    known = fingerprinter.faces(picture)
    looks = [fingerprinter._detector.detect_with_hints(picture.rgb, picture.reduction)] * 2
    detector = fingerprinter._detector
    monkeypatch.setattr(detector, "detect_with_hints", lambda *_, until: looks.pop())
    late = fingerprinter.faces(picture, until=1.0)
    assert {face.box for face in known} <= {face.box for face in late}
    assert all(not face.encodings and face.quality.norm is None for face in late)
    assert sum(is_recognizable(face, COMPARABILITY) for face in late) >= 3


def test_a_face_that_there_is_no_time_for_gives_way_to_no_unsure_one(
    samples: Path, fingerprinter: Fingerprinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at turned, a widened fax has another box there, of which nobody knows what it is."""
    with Image.open(samples / "originals" / "obama2.jpg") as opened:
        opened.thumbnail((500, 700))
        fax = opened.resize((864, 1200)).convert("1").convert("RGB")
    grays = np.asarray(cv2.GaussianBlur(np.asarray(fax), (0, 0), 1.0), np.uint8)
    picture = Picture(grays, 864, 1200, "TIFF")
    detector = fingerprinter._detector
    upright, hints = detector.detect_with_hints(picture.rgb, picture.reduction)
    monkeypatch.setattr(detector, "detect_with_hints", lambda *_, until: (upright, hints))

    late = fingerprinter.faces(picture, until=1.0)

    assert max(face.detector_score for face in late) == pytest.approx(float(upright[:, 14].max()))


def test_a_picture_that_there_is_no_time_to_look_at_is_a_problem(
    fingerprinter: Fingerprinter,
) -> None:
    picture = Picture(np.full((50, 70, 3), 77, np.uint8), 70, 50, "PNG")
    with pytest.raises(ImageError, match="less busy"):
        fingerprinter.faces(picture, until=1.0)


def test_a_decoder_that_takes_too_long_or_too_much_is_a_problem_of_its_photo(
    tmp_path: Path, weights: Path
) -> None:
    path = tmp_path / "large.png"
    Image.new("L", (9000, 9000)).save(path, compress_level=1)
    for bounds in (Bounds(seconds=0.05), Bounds(memory=150 * MEBIBYTE)):
        settings = FingerprintSettings(weights, ImageLimits(bounds=bounds))
        outcome = fingerprint_file(path, settings)
        assert isinstance(outcome, Problem)
        assert outcome.code is ProblemCode.TOO_LARGE, outcome
