"""A photo that does not match the reference is found through photos that do; a person must look."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from consent.cases.references import find_face, read_reference
from consent.checking.check import check_photos
from consent.domain.actors import Actor
from consent.domain.decisions import DecisionState
from consent.domain.verdicts import Clearance, ReasonCode, Verdict
from consent.domain.wording import sentence
from consent.indexing.index import IndexRequest, index_photos
from consent.matching.expansion import CloseMatches
from consent.matching.sweep import preview, sweep
from consent.review.decide import NewDecision, record_decisions
from consent.review.pairs import view_pair
from consent.review.queue import review_queue
from consent.services import Services
from consent.settings import ROOT
from media_index.fingerprinting import Fingerprinter
from media_index.matching.search import TemplateMatrix
from media_index.vectors.folder import FaceSource, VectorFolder
from tests.revocations import revoke
from tests.staff import ANYBODY

ORIGINALS = ROOT / "data" / "samples" / "originals"
CLOSE = ORIGINALS / "obama2.jpg"
OTHERS = (ORIGINALS / "biden.jpg", ORIGINALS / "astronaut.png")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Everything here holds on both databases."""
    return str(request.param)


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A picture of the person without a date: an old one would widen the band by itself."""
    path = tmp_path / "reference.png"
    Image.open(ORIGINALS / "obama.jpg").convert("RGB").save(path)
    return path


@pytest.fixture
def revoked(services: Services, reference: Path) -> Services:
    """One person revoked, with one reference."""
    revoke(services, reference)
    return services


@pytest.fixture(scope="module")
def covered(fingerprinter: Fingerprinter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The close photo with a bar over the eyes: like it, and no longer like the reference.

    As light as the skin: dark glasses would widen the band by themselves.
    """
    photo, _ = fingerprinter.fingerprint(CLOSE.read_bytes())
    face = max(photo.faces, key=lambda one: one.quality.size_px)
    middle = (face.landmarks[0][1] + face.landmarks[1][1]) / 2
    half = 0.15 * face.quality.size_px
    picture = Image.open(CLOSE).convert("RGB")
    bar = (face.box.x1, middle - half, face.box.x2, middle + half)
    ImageDraw.Draw(picture).rectangle(bar, fill=(150, 120, 105))
    path = tmp_path_factory.mktemp("covered") / "covered.png"
    picture.save(path)
    return path


def check(services: Services, actor: Actor, *paths: Path) -> list[Clearance]:
    return list(
        check_photos(services, paths, services.policy.use("instagram"), actor, jobs=1).clearances
    )


def rule(services: Services, actor: Actor, clearance: Clearance, state: DecisionState) -> None:
    """Decide on the largest face of a photo that was checked."""
    box = max((one.box for one in clearance.faces), key=lambda one: one.x2 - one.x1)
    assert clearance.sha256
    record_decisions(services, [NewDecision("R-0001", clearance.sha256, box, state)], actor)


def close_photos(services: Services, known: CloseMatches) -> set[str]:
    with services.reading() as unit:
        templates, decided = unit.register.templates(), unit.decisions.person_decisions()
        found = known.of(services, unit, templates, decided)
    return {one.photo_sha256 for own in found.values() for one in own}


def test_a_photo_unlike_the_reference_is_found_through_one_that_is_like_it(
    revoked: Services, actor: Actor, covered: Path
):
    (before,) = check(revoked, actor, covered)
    assert before.decision.verdict is Verdict.CLEAR

    close, again = check(revoked, actor, CLOSE, covered)

    assert close.decision.verdict is Verdict.BLOCKED
    assert again.decision.verdict is Verdict.REVIEW
    (reason,) = again.decision.reasons
    assert reason.code is ReasonCode.FACE
    assert "R-0001" in sentence(reason)
    assert "together with 1 other photo that matches closely" in sentence(reason)


def test_every_door_says_the_same(revoked: Services, actor: Actor, covered: Path):
    check(revoked, actor, CLOSE, covered)

    (alone,) = check(revoked, actor, covered)
    swept = {Path(hit.paths[0]).name for hit in sweep(revoked, "R-0001", actor).hits}
    queue = review_queue(revoked, ANYBODY)

    assert alone.decision.verdict is Verdict.REVIEW
    assert {CLOSE.name, covered.name} <= swept
    (pair,) = [one for one in queue.pairs if one.photo_sha256 == alone.sha256]
    view = view_pair(revoked, pair, ANYBODY)
    assert (
        "The match was found only with the help of 1 other photo that matches closely."
        in view.facts
    )
    assert view.references[-1].words == f"{CLOSE.name}: matches closely"
    assert view.references[-1].picture


def test_before_anything_is_recorded_a_preview_finds_it_too(
    services: Services, actor: Actor, covered: Path, reference: Path
):
    index_photos(services, IndexRequest([CLOSE, covered, *OTHERS], jobs=1), actor)
    face = find_face(services, read_reference(services, str(reference)))

    names = {Path(hit.paths[0]).name for hit in preview(services, [face], ANYBODY).hits}

    assert names == {CLOSE.name, covered.name}


def test_what_was_rejected_finds_nobody_nor_does_a_copy_of_it(
    revoked: Services, actor: Actor, covered: Path, tmp_path: Path
):
    copy = tmp_path / "copy.jpg"
    Image.open(CLOSE).save(copy, quality=40)
    close, _, seen = check(revoked, actor, CLOSE, copy, covered)
    assert seen.decision.verdict is Verdict.REVIEW

    rule(revoked, actor, close, DecisionState.REJECTED)
    (after,) = check(revoked, actor, covered)

    assert after.decision.verdict is Verdict.CLEAR


def test_what_was_confirmed_counts_however_little_it_is_like_the_reference(
    revoked: Services, actor: Actor, covered: Path
):
    (unlike,) = check(revoked, actor, covered)
    assert close_photos(revoked, revoked.memory.of(CloseMatches)) == set()

    rule(revoked, actor, unlike, DecisionState.CONFIRMED)

    assert close_photos(revoked, revoked.memory.of(CloseMatches)) == {unlike.sha256}


def test_nobody_without_a_reference_face_is_compared_though_sightings_are_confirmed(
    services: Services, actor: Actor, covered: Path
):
    revoke(services)
    (seen,) = check(services, actor, CLOSE)
    rule(services, actor, seen, DecisionState.CONFIRMED)

    assert close_photos(services, services.memory.of(CloseMatches)) == set()
    (other,) = check(services, actor, covered)
    assert ReasonCode.FACE not in {one.code for one in other.decision.reasons}


def test_as_index_and_register_grow_what_is_remembered_stays_what_is_found_anew(
    revoked: Services, actor: Actor
):
    known = CloseMatches()
    for more in ([OTHERS[0]], [CLOSE], [OTHERS[1], ORIGINALS / "obama_partial_face.jpg"]):
        index_photos(revoked, IndexRequest(more, jobs=1), actor)
        anew = close_photos(revoked, CloseMatches(passing=True))
        assert close_photos(revoked, known) == anew
        # As another process does, which takes up what this one kept.
        assert close_photos(revoked, CloseMatches()) == anew
    # The last photo is a part of the reference, and says nothing beyond it.
    assert len(close_photos(revoked, known)) == 1


def test_what_another_process_found_is_not_looked_for_again(revoked: Services, actor: Actor):
    index_photos(revoked, IndexRequest([CLOSE], jobs=1), actor)
    found = close_photos(revoked, CloseMatches())
    # There is nothing to look in any more.
    nothing_left = replace(revoked, vectors=Unsearched(revoked.settings.vectors, revoked.keys.seal))

    assert len(found) == 1
    assert close_photos(nothing_left, CloseMatches()) == found


def test_nothing_is_kept_of_who_was_erased(revoked: Services, actor: Actor):
    index_photos(revoked, IndexRequest([CLOSE], jobs=1), actor)
    close_photos(revoked, CloseMatches())
    kept = revoked.settings.vectors / "findings.json"

    assert kept.exists()
    revoked.vectors.forget()
    assert not kept.exists()


class Unsearched(VectorFolder):
    """Files that must not be searched."""

    def possible(self, source: FaceSource, templates: TemplateMatrix, after: int = 0) -> list[int]:
        raise AssertionError("what was compared is compared again")
