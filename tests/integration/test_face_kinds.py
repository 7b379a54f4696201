"""What faces are of, in photos: said once, for copies and new indexes; nobody is hidden by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageFilter

from consent.cases.references import photo_named
from consent.checking.check import check_photos
from consent.domain.decisions import DecisionState, FaceKind
from consent.domain.errors import BadInputError, NoReasonError, WrongRoleError
from consent.domain.print import FaceStatus
from consent.domain.verdicts import Verdict
from consent.indexing.rebuild import renew_index
from consent.matching.sweep import sweep
from consent.printing.asking import photo_to_ask
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.review.decide import (
    ConfirmedFaceError,
    NewDecision,
    decide_faces,
    faces_seen,
    record_decisions,
)
from consent.review.pairs import PairKind
from consent.services import Services
from tests.integration.test_review import DIRECTOR, SAMPLES, STAFF, add_photo, opened, pairs
from tests.revocations import OBAMA, revoke
from tests.staff import ANYBODY

NO_PERSON, PICTURE, PERSON = FaceKind.NO_PERSON, FaceKind.PICTURE, FaceKind.PERSON


@pytest.fixture
def known(indexed_samples: Services) -> Services:
    """An index of the samples; R-0001 is the person of obama.jpg."""
    assert revoke(indexed_samples, OBAMA) == "R-0001"
    return indexed_samples


def sample(services: Services, name: str) -> str:
    return photo_named(services, str(SAMPLES / "originals" / name))


def said_of(services: Services, sha256: str, kind: FaceKind, note: str = "", by=STAFF) -> None:
    boxes = [face.box for face in faces_seen(services, sha256, ANYBODY)]
    decide_faces(services, sha256, boxes[:1], kind, by, note)


def verdict(services: Services, path: Path, use: str = "newsletter:Spring") -> Verdict:
    report = check_photos(services, [path], services.policy.use(use), STAFF, jobs=1)
    return report.clearances[0].decision.verdict


def test_it_is_said_once_for_the_photo_its_copies_and_the_next_index(
    known: Services, tmp_path: Path
):
    photo = SAMPLES / "originals" / "astronaut.png"
    sha256 = sample(known, "astronaut.png")
    picture = opened("originals/astronaut.png")
    add_photo(known, picture.resize((400, 400)), tmp_path / "small.jpg")
    # A part has other hashes, and is known by its local features.
    add_photo(known, picture.crop((60, 0, 460, 420)), tmp_path / "part.jpg")
    every = [photo, tmp_path / "small.jpg", tmp_path / "part.jpg"]
    assert {verdict(known, path) for path in every} == {Verdict.CONSENT_MISSING}

    said_of(known, sha256, NO_PERSON)

    assert [verdict(known, path) for path in every] == [Verdict.CLEAR] * 3
    assert not photo_to_ask(known, sha256, ANYBODY).people
    renew_index(known, ANYBODY, jobs=1)
    assert [verdict(known, path) for path in every] == [Verdict.CLEAR] * 3
    said_of(known, sha256, PICTURE)
    assert {verdict(known, path) for path in every} == {Verdict.CONSENT_MISSING}
    said_of(known, sha256, NO_PERSON)
    said_of(known, sha256, PERSON)
    assert {verdict(known, path) for path in every} == {Verdict.CONSENT_MISSING}
    with known.reading() as unit:
        assert len(unit.decisions.face_decisions()) == 4, "nothing is overwritten"
        told = [entry for entry in unit.audit.entries() if entry.action == "face:decided"]
    assert [entry.details["kind"] for entry in told] == [
        "no_person",
        "picture",
        "no_person",
        "person",
    ]


def test_another_face_put_at_the_same_place_is_not_acquitted(known: Services, tmp_path: Path):
    sha256 = sample(known, "astronaut.png")
    (face, *_) = faces_seen(known, sha256, ANYBODY)
    said_of(known, sha256, NO_PERSON)
    obama = opened("originals/obama.jpg")
    (theirs, *_) = faces_seen(known, sample(known, "obama.jpg"), ANYBODY)
    swapped = opened("originals/astronaut.png")
    box = face.box
    swapped.paste(
        obama.crop(tuple(theirs.box.as_list())).resize((box.width, box.height)), (box.x1, box.y1)
    )
    add_photo(known, swapped, tmp_path / "swapped.jpg")

    assert verdict(known, tmp_path / "swapped.jpg", "facebook") is Verdict.BLOCKED


def test_a_sure_match_is_set_aside_by_who_may_override_and_for_that_case_only(known: Services):
    photo, sha256 = SAMPLES / "originals" / "obama2.jpg", sample(known, "obama2.jpg")
    assert verdict(known, photo, "facebook") is Verdict.BLOCKED
    with pytest.raises(WrongRoleError, match="surely looks like R-0001"):
        said_of(known, sha256, NO_PERSON)
    with pytest.raises(NoReasonError, match="R-0001"):
        said_of(known, sha256, NO_PERSON, by=DIRECTOR)
    # As a picture of a person it is compared all the same.
    said_of(known, sha256, PICTURE)
    assert verdict(known, photo, "facebook") is Verdict.BLOCKED

    said_of(known, sha256, NO_PERSON, "A wax figure", DIRECTOR)

    assert verdict(known, photo, "facebook") is Verdict.CLEAR
    assert sha256 not in {hit.sha256 for hit in sweep(known, "R-0001", STAFF).hits}
    assert sha256 not in {pair.photo_sha256 for pair in pairs(known)}
    revoke(known, OBAMA.with_name("obama3.jpg"))
    assert verdict(known, photo, "facebook") is Verdict.BLOCKED, "somebody else may be there"
    assert sha256 in {pair.photo_sha256 for pair in pairs(known)}


def test_who_was_confirmed_in_a_face_is_a_person(known: Services):
    sha256 = sample(known, "obama2.jpg")
    box = faces_seen(known, sha256, ANYBODY)[0].box
    confirmed = NewDecision("R-0001", sha256, box, DecisionState.CONFIRMED)
    record_decisions(known, [confirmed], STAFF)

    with pytest.raises(ConfirmedFaceError, match="confirmed as the person in R-0001"):
        said_of(known, sha256, NO_PERSON, "A wax figure", DIRECTOR)


def test_a_confirmation_after_it_stands(known: Services):
    photo, sha256 = SAMPLES / "originals" / "obama2.jpg", sample(known, "obama2.jpg")
    said_of(known, sha256, NO_PERSON, "A wax figure", DIRECTOR)
    box = faces_seen(known, sha256, ANYBODY)[0].box
    confirmed = NewDecision("R-0001", sha256, box, DecisionState.CONFIRMED)
    record_decisions(known, [confirmed], STAFF)

    assert verdict(known, photo, "facebook") is Verdict.BLOCKED


def test_a_doll_that_cannot_be_compared_is_not_asked_about_again_when_somebody_revokes(
    known: Services, tmp_path: Path
):
    blurred = opened("originals/biden.jpg")
    blurred.thumbnail((800, 800))
    doll = add_photo(known, blurred.filter(ImageFilter.GaussianBlur(10)), tmp_path / "doll.jpg")
    assert verdict(known, tmp_path / "doll.jpg", "facebook") is Verdict.REVIEW
    (pair,) = [pair for pair in pairs(known) if pair.kind is PairKind.UNCOMPARABLE]

    decide_faces(known, doll, pair.boxes, NO_PERSON, STAFF)

    revoke(known, OBAMA.with_name("astronaut.png"))
    assert doll not in {pair.photo_sha256 for pair in pairs(known)}
    assert verdict(known, tmp_path / "doll.jpg", "facebook") is Verdict.CLEAR


def test_a_place_without_a_face_is_refused(known: Services):
    sha256 = sample(known, "astronaut.png")
    with pytest.raises(BadInputError, match="No face was found at"):
        decide_faces(
            known,
            sha256,
            [faces_seen(known, sha256, ANYBODY)[0].box.__class__(0, 0, 9, 9)],
            NO_PERSON,
            STAFF,
        )
    with pytest.raises(BadInputError, match="Say which face"):
        decide_faces(known, sha256, [], NO_PERSON, STAFF)


def test_the_audit_asks_nobody_for_it_and_says_so(known: Services):
    content = (SAMPLES / "originals" / "astronaut.png").read_bytes()
    piece = open_piece(known, NewPiece("newsletter", "News", "Spring", None, None, "Ed"), STAFF)
    place_files(known, piece.label, [HandedIn("astronaut.png", content)], STAFF)
    said_of(known, sample(known, "astronaut.png"), NO_PERSON)

    (photo,) = run_audit(known, piece.label, STAFF).photos

    assert [face.standing for face in photo.faces] == [FaceStatus.NO_PERSON]
    assert (photo.people, photo.counts.asked, photo.verdict) == (0, 0, Verdict.CLEAR)
    assert photo.coverage == "No one can be recognized, so you don't need to ask anyone."
