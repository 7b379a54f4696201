"""Somebody is covered in a copy: exactly that file is judged without them, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from consent.checking.check import check_photos
from consent.domain.decisions import DecisionState
from consent.domain.errors import BadInputError, NotFoundError
from consent.domain.faces import Faces
from consent.domain.log import Action
from consent.domain.verdicts import Clearance, ReasonCode, Verdict
from consent.exporting.cover import CoveredCopy, StillSeenError, cover_people
from consent.exporting.export import PhotoToExport, export_copies
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.publishing.originals import find_originals
from consent.retention.faces import choose_faces
from consent.review.decide import decide_sighting
from consent.review.photos import faced_photo
from consent.services import Services
from consent.settings import ROOT
from media_index.errors import ImageError
from media_index.types import Box, CopyForm, Fill, Fingerprint
from tests.revocations import OBAMA, revoke
from tests.staff import ANYBODY

ORIGINALS = ROOT / "data" / "samples" / "originals"
FILE = "group.png"


@pytest.fixture
def group(services: Services, tmp_path: Path) -> Path:
    """Two people at an event: an astronaut on the left, and who revokes on the right."""
    whole = Image.new("RGB", (1012, 512), "white")
    with Image.open(ORIGINALS / "astronaut.png") as left:
        whole.paste(left.convert("RGB"), (0, 0))
    with Image.open(ORIGINALS / "obama2.jpg") as right:
        whole.paste(right.crop((0, 0, 626, 641)).resize((500, 512)), (512, 0))
    path = tmp_path / FILE
    whole.save(path)
    event = NewEvent("Reading night", services.today(), "", public_space=True)
    index_photos(services, IndexRequest([path], event=event, jobs=1), ANYBODY)
    return path


def check(services: Services, path: Path) -> Clearance:
    use = services.policy.use("facebook")
    (found,) = check_photos(services, [path], use, ANYBODY, jobs=1).clearances
    return found


def face_on_the_right(services: Services, sha256: str) -> tuple[int, Box]:
    photo = faced_photo(services, sha256, ANYBODY)
    assert photo is not None
    return max(enumerate(photo.boxes), key=lambda face: face[1].x1)


@pytest.fixture
def confirmed(services: Services, group: Path) -> tuple[str, int]:
    """The photo, in which somebody said that the face on the right is R-0001."""
    revoke(services, OBAMA)
    found = check(services, group)
    assert found.sha256 is not None
    number, box = face_on_the_right(services, found.sha256)
    decide_sighting(services, "R-0001", found.sha256, box, DecisionState.CONFIRMED, ANYBODY)
    return found.sha256, number


def cover(services: Services, sha256: str, *where: Box | int, **more: object) -> CoveredCopy:
    return cover_people(services, sha256, where, services.policy.use("facebook"), ANYBODY, **more)


def saved(folder: Path, content: bytes, name: str = "covered.png") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_the_covered_copy_passes_and_its_photo_does_not(
    services: Services, group: Path, confirmed: tuple[str, int], tmp_path: Path
) -> None:
    sha256, number = confirmed
    before = group.read_bytes()

    made = cover(services, sha256, number)

    assert (made.hidden, made.clearance.decision.verdict) == (("R-0001",), Verdict.CLEAR)
    assert not made.warning
    assert (made.name, made.caution) == ("group-covered.png", "")
    assert check(services, saved(tmp_path, made.content)).decision.verdict is Verdict.CLEAR
    assert group.read_bytes() == before
    assert check(services, group).decision.verdict is Verdict.BLOCKED
    with services.reading() as unit:
        (row,) = unit.copies.covered()
        events = unit.events.of_photos([made.sha256])[made.sha256]
        logged = [entry.action for entry in unit.audit.entries()]
    assert (row.photo_sha256, row.sha256, row.actor.id) == (sha256, made.sha256, ANYBODY.id)
    assert [event.name for event in events] == ["Reading night"]
    assert Action.COPY_COVERED in logged


def test_several_people_are_covered_in_one_copy(
    services: Services, confirmed: tuple[str, int], tmp_path: Path
) -> None:
    sha256, number = confirmed
    label = revoke(services, name="C. Astronaut")
    photo = faced_photo(services, sha256, ANYBODY)
    assert photo is not None
    other = photo.boxes[1 - number]
    decide_sighting(services, label, sha256, other, DecisionState.CONFIRMED, ANYBODY)

    made = cover(services, sha256, number, 1 - number)

    assert made.hidden == ("R-0001", label)
    assert made.clearance.decision.verdict is Verdict.CLEAR
    with services.reading() as unit:
        (row,) = unit.copies.covered()
    assert row.boxes == made.boxes
    with Image.open(saved(tmp_path, made.content)) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    for box in made.boxes:
        part = pixels[box.y1 : box.y2, box.x1 : box.x2].reshape(-1, 3)
        assert len(np.unique(part, axis=0)) == 1
    assert check(services, saved(tmp_path, made.content)).decision.verdict is Verdict.CLEAR


def test_a_post_of_the_covered_copy_is_none_of_the_photo(
    services: Services, confirmed: tuple[str, int], tmp_path: Path
) -> None:
    made = cover(services, *confirmed)
    with Image.open(saved(tmp_path, made.content)) as picture:
        picture.resize((720, 364)).save(tmp_path / "posted.jpg", quality=70)

    posted = services.fingerprint_file(tmp_path / "posted.jpg")

    assert isinstance(posted, Fingerprint)
    assert find_originals(services, [posted])[posted.sha256].photo_sha256 == made.sha256


def test_what_is_made_of_the_covered_copy_elsewhere_does_not_pass(
    services: Services, confirmed: tuple[str, int], tmp_path: Path
) -> None:
    made = cover(services, *confirmed)
    covered = saved(tmp_path, made.content)
    with Image.open(covered) as picture:
        picture.resize((500, 253)).save(tmp_path / "smaller.jpg", quality=80)
        picture.crop((30, 0, 1012, 512)).save(tmp_path / "cropped.png")

    for name in ("smaller.jpg", "cropped.png"):
        decision = check(services, tmp_path / name).decision
        assert decision.verdict in {Verdict.BLOCKED, Verdict.REVIEW}, name
        assert decision.reasons[0].code is ReasonCode.NEAR_DUPLICATE


@pytest.mark.slow
def test_what_is_exported_here_of_the_covered_copy_passes(
    services: Services, confirmed: tuple[str, int], tmp_path: Path
) -> None:
    made = cover(services, *confirmed)
    use = services.policy.use("facebook")
    small = replace(use, channel=replace(use.channel, copies=CopyForm(max_px=700)))

    photos = [PhotoToExport(made.name, made.path, made.sha256)]
    export = export_copies(services, photos, small, tmp_path / "out", ANYBODY)

    (copy,) = export.copies
    assert check(services, tmp_path / "out" / copy.name).decision.verdict is Verdict.CLEAR


@pytest.mark.slow
def test_whoever_is_not_covered_still_blocks(
    services: Services, confirmed: tuple[str, int], tmp_path: Path
) -> None:
    sha256, number = confirmed
    other = 1 - number

    made = cover(services, sha256, other)

    assert made.hidden == ()
    (reason, *_) = made.clearance.decision.reasons
    assert (reason.verdict, reason.revocation) == (Verdict.BLOCKED, "R-0001")
    assert not made.may_go_out
    assert made.warning.startswith("They are covered, but this copy must not go out either: ")
    assert "R-0001" in made.warning
    # And who revokes afterwards, too.
    covered = cover(services, sha256, number)
    photo = faced_photo(services, covered.sha256, ANYBODY)
    assert photo is not None
    label = revoke(services, name="C. Astronaut")
    box = photo.boxes[0]
    decide_sighting(services, label, covered.sha256, box, DecisionState.CONFIRMED, ANYBODY)
    again = check(services, saved(tmp_path, covered.content)).decision
    assert {reason.revocation for reason in again.reasons} == {label}


def test_who_is_somewhere_in_the_photo_cannot_be_covered(
    services: Services, confirmed: tuple[str, int]
) -> None:
    sha256, number = confirmed
    decide_sighting(services, "R-0001", sha256, None, DecisionState.CONFIRMED, ANYBODY)

    folder = services.settings.thumbnails
    before = {path for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(StillSeenError, match="mark the face in Review first"):
        cover(services, sha256, number)

    with services.reading() as unit:
        assert unit.copies.covered() == []
    assert {path for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.slow
def test_a_copy_is_made_within_the_limits_of_the_settings(services: Services, group: Path):
    found = check(services, group)
    smaller = services.settings.model_copy(update={"max_image_pixels": 1000})
    with pytest.raises(ImageError, match="pixels"):
        cover(replace(services, settings=smaller), str(found.sha256), 0)


@pytest.mark.slow
def test_a_cover_that_hides_nobody_is_refused_or_helps_nobody(
    services: Services, confirmed: tuple[str, int]
) -> None:
    sha256, number = confirmed
    _, box = face_on_the_right(services, sha256)
    with pytest.raises(NotFoundError, match="has 2: draw a box"):
        cover(services, sha256, 7)
    with pytest.raises(BadInputError, match="1012 x 512 px"):
        cover(services, sha256, Box(2000, 0, 2100, 100))

    beside = cover(services, sha256, Box(480, 300, 530, 350))
    chin = Box(box.x1, box.y2 - box.height // 5, box.x2, box.y2 + 40)
    below = cover(services, sha256, chin)

    for made in (beside, below):
        assert made.clearance.decision.verdict is Verdict.BLOCKED
    assert "can usually be undone" in cover(services, sha256, number, fill=Fill.BLUR).caution


@pytest.mark.slow
def test_no_enhancement_brings_the_covered_face_back(
    services: Services, confirmed: tuple[str, int], tmp_path: Path
) -> None:
    made = cover(services, *confirmed)
    with Image.open(saved(tmp_path, made.content)) as opened:
        picture = opened.convert("RGB")
    tried = {
        "equalized": ImageOps.equalize(picture),
        "contrast": ImageOps.autocontrast(picture, cutoff=20),
        "sharper": ImageEnhance.Sharpness(picture).enhance(6),
        "larger": picture.resize((2024, 1024)),
        "mirrored": ImageOps.mirror(picture),
        "negative": ImageOps.invert(picture),
    }
    for name, enhanced in tried.items():
        found, _ = services.fingerprint_bytes(as_png(enhanced, tmp_path / f"{name}.png"))
        scale = enhanced.width / picture.width
        part = made.boxes[0] if name != "mirrored" else mirrored(made.boxes[0], picture.width)
        part = Box(*(round(side * scale) for side in part.as_list()))
        assert not [face for face in found.faces if part.holds_middle_of(face.box)], name
    (x1, y1, x2, y2) = made.boxes[0].as_list()
    assert len(np.unique(np.asarray(picture)[y1:y2, x1:x2].reshape(-1, 3), axis=0)) == 1


def as_png(picture: Image.Image, path: Path) -> bytes:
    picture.save(path)
    return path.read_bytes()


def mirrored(box: Box, width: int) -> Box:
    return Box(width - box.x2, box.y1, width - box.x1, box.y2)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Faces.REGISTER, Faces.OFF])
def test_it_is_covered_whatever_is_kept_of_faces(
    services: Services, confirmed: tuple[str, int], tmp_path: Path, mode: Faces
) -> None:
    choose_faces(services, mode, "The Board's decision", ANYBODY)

    made = cover(services, *confirmed)

    assert "R-0001" not in {reason.revocation for reason in made.clearance.decision.reasons}
    with services.reading() as unit:
        vectors = unit.photos.fingerprints([made.sha256])[made.sha256].faces[0].encodings
    assert vectors == {}
