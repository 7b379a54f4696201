"""No person: said where a face is judged, and taken back there."""

from __future__ import annotations

from datetime import date

import pytest

from consent.cases.references import find_face
from consent.domain.decisions import DecisionState, FaceKind
from consent.domain.errors import BadInputError
from consent.domain.intake import Reference
from consent.domain.verdicts import Verdict
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece, show_piece
from consent.review.decide import NewDecision, decide_faces, faces_seen, record_decisions
from media_index.hashing.perceptual import sha256_hex
from pages.desk.session import Draft
from tests.staff import ANYBODY
from tests.ui.page_cases import (
    DESK,
    DIRECTOR,
    ORIGINALS,
    STAFF,
    labels,
    open_photo,
    opened,
    press,
    sample,
    texts,
)
from tests.ui.test_print_pages import shown_piece
from tests.ui.test_review_pages import waiting

REVIEW = "review.queue"


def save(app):
    """Save what the dialog asks; the test runner closes it at every run, so it is opened again."""
    next(one for one in app.button if one.label == "Not a real person").click()
    return press(app, "Save")


def kinds(services) -> list[FaceKind]:
    with services.reading() as unit:
        return [decision.kind for decision in unit.decisions.face_decisions()]


def test_a_likeness_in_the_queue_is_said_to_be_no_person_and_asked_again_after_an_undo(revoked):
    app = opened(REVIEW, DIRECTOR)
    count = waiting(app)
    press(app, "Not a real person")
    assert "A doll, a statue, a dog, a pattern." in texts(app)
    next(one for one in app.text_input if one.label.startswith("Why?")).input("A wax figure")
    save(app)

    assert kinds(revoked) == [FaceKind.NO_PERSON]
    assert waiting(app) == count - 1
    assert "No person." in texts(app)
    press(app, "Undo")
    assert waiting(app) == count
    assert kinds(revoked) == [FaceKind.NO_PERSON, FaceKind.PERSON]


def test_a_sure_likeness_is_not_everybodys_to_set_aside(revoked):
    app = opened(REVIEW, STAFF)
    press(app, "Not a real person")
    save(app)

    assert "surely looks like R-0001" in "\n".join(one.value for one in app.error).replace("\\", "")
    assert kinds(revoked) == []


def test_on_the_card_of_a_check_it_is_offered_where_a_face_speaks_against_the_photo(
    dropped,
    revoked,
):
    photo = (ORIGINALS / "obama2.jpg").read_bytes()
    cup = (ORIGINALS / "coffee.png").read_bytes()
    app = dropped({"obama2.jpg": photo, "coffee.png": cup})
    assert "Not a real person" not in labels(open_photo(app, "coffee.png"))
    press(app, "All photos")
    open_photo(app, "obama2.jpg")
    assert labels(app).count("Not a real person") == 1

    press(app, "Not a real person")
    save(app)

    assert kinds(revoked) == []
    assert "surely looks like R-0001" in "\n".join(one.value for one in app.error).replace("\\", "")


@pytest.fixture
def piece(services, audited_here):
    made = NewPiece("newsletter", "News", "Spring", date(2030, 5, 1), None, "Ed")
    label = open_piece(services, made, STAFF).label
    content = (ORIGINALS / "astronaut.png").read_bytes()
    place_files(services, label, [HandedIn("astronaut.png", content)], STAFF)
    run_audit(services, label, STAFF)
    return label


def test_a_statue_in_a_newsletter_is_asked_no_consent(services, piece):
    app = shown_piece(piece)
    assert "0 of 1 recognizable person asked." in texts(app)
    press(app, "Not a real person")
    save(app)
    assert kinds(services) == [FaceKind.NO_PERSON]
    assert "has changed since the audit" in texts(app)

    press(app, "Audit again")

    assert "No one can be recognized, so you don't need to ask anyone." in texts(app)
    assert "Face 1: no person, said Cam Lee" in texts(app)
    assert show_piece(services, piece, ANYBODY).audit.verdict is Verdict.CLEAR


def test_an_audit_says_a_reason_that_is_of_no_face_beside_the_faces(revoked):
    """Somebody without a face to be seen was confirmed in a photo that shows others."""
    made = NewPiece("newsletter", "News", "Spring", date(2030, 5, 1), None, "Ed")
    label = open_piece(revoked, made, STAFF).label
    content = (ORIGINALS / "astronaut.png").read_bytes()
    place_files(revoked, label, [HandedIn("astronaut.png", content)], STAFF)
    seen = NewDecision("R-0001", sample(revoked, "astronaut.png"), None, DecisionState.CONFIRMED)
    record_decisions(revoked, [seen], STAFF)
    assert faces_seen(revoked, seen.photo_sha256, ANYBODY)
    (photo,) = run_audit(revoked, label, STAFF).photos
    assert photo.verdict is Verdict.BLOCKED

    assert "The person in R-0001 was confirmed in this photo." in texts(shown_piece(label))


def test_what_is_no_person_is_not_offered_as_somebodys_face(services):
    panel = ORIGINALS.parent / "events" / "2026-05-14 Author talk"
    panel /= "panel-astronaut-obama-biden.jpg"
    sha256 = sha256_hex(panel.read_bytes())
    first = faces_seen(services, sha256, ANYBODY)[0].box
    decide_faces(services, sha256, [first], FaceKind.NO_PERSON, DIRECTOR)

    draft = Draft(1, taken=[(panel.read_bytes(), panel.name)])
    app = opened("desk.record_revocation", DESK, draft=draft)

    (picker,) = [one for one in app.radio if one.label == "Which face is the person?"]
    assert picker.options == ["Face 2", "Face 3", "None of them"]
    with pytest.raises(BadInputError, match="was marked as no person"):
        find_face(services, Reference(panel.read_bytes(), panel.name, 0))
