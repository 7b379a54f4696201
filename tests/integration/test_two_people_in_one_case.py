"""Two people in one case are asked about at every way in, not only where it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from consent.cases.added_references import use_as_reference
from consent.cases.change import add_letter, amend, place_hold, record_writing
from consent.cases.correct import correct, correct_face
from consent.cases.csv_import import import_revocations
from consent.cases.intake import QuestionKind, UnansweredError
from consent.cases.open import record_revocation
from consent.cases.references import find_face, read_reference
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState
from consent.domain.intake import Pictured, Reference
from consent.domain.terms import Amendment, Correction, Method, NewRevocation, Submission
from consent.indexing.index import IndexRequest, index_photos
from consent.review.decide import decide_sighting
from consent.services import Services
from consent.settings import ROOT

DESK = Actor("d.desk", Role.DESK, frozenset({Role.COMMUNICATIONS}))
SAMPLES = ROOT / "data" / "samples"
ORIGINALS = SAMPLES / "originals"
PANEL = SAMPLES / "events" / "2026-05-14 Author talk" / "panel-astronaut-obama-biden.jpg"
UNLIKE, LIKE = QuestionKind.UNLIKE_FACES, QuestionKind.LOOKS_LIKE_ANOTHER


def photo(services: Services, name: str = "obama.jpg", face: int | None = None) -> Reference:
    return read_reference(services, str(ORIGINALS / name), face)


def new(services: Services, name: str, *photos: Reference, **more: object) -> NewRevocation:
    letter = Submission(services.today(), Method.LETTER, original_at="Binder 3")
    given = replace(NewRevocation(name, letter), references=photos, keep_face=bool(photos))
    return replace(given, **more)  # type: ignore[arg-type]


@pytest.fixture
def obama(services: Services) -> Services:
    """R-0001, with one reference face."""
    record_revocation(services, new(services, "Zebulon Quirk", photo(services)), DESK)
    return services


def asked(act: Callable[..., object], *kinds: QuestionKind) -> None:
    """Hold that just this is asked, and that it goes on once it is confirmed."""
    with pytest.raises(UnansweredError) as refused:
        act(confirmed=frozenset())
    assert [question.kind for question in refused.value.questions] == [*kinds]
    act(confirmed=frozenset(kinds))


def templates(services: Services, label: str = "R-0001") -> int:
    with services.reading() as unit:
        return len(unit.register.templates(unit.register.find(label).id))


def test_at_an_amendment(obama: Services) -> None:
    same = Amendment("brought one", references=[photo(obama, "obama2.jpg")])
    amend(obama, "R-0001", same, DESK)
    other = Amendment("brought one", references=[photo(obama, "biden.jpg")])

    asked(lambda **said: amend(obama, "R-0001", other, DESK, **said), UNLIKE)

    assert templates(obama) == 3


def test_at_an_amendment_that_is_like_another_case(obama: Services) -> None:
    record_revocation(obama, new(obama, "Joe Biden", photo(obama, "biden.jpg")), DESK)
    other = Amendment("brought one", references=[photo(obama, "biden.jpg")])

    asked(lambda **said: amend(obama, "R-0001", other, DESK, **said), UNLIKE, LIKE)


def test_without_an_agreement_no_face_is_looked_for_in_the_register(obama: Services) -> None:
    record_revocation(obama, new(obama, "Nona Name"), DESK)
    photos = [photo(obama), photo(obama, "biden.jpg")]
    sightings = Amendment("brought two", references=photos)

    asked(lambda **said: amend(obama, "R-0002", sightings, DESK, **said), UNLIKE)

    assert templates(obama, "R-0002") == 0


def test_at_the_writing_for_a_hold(services: Services) -> None:
    place_hold(services, new(services, "Zebulon Quirk", photo(services)), DESK)
    letter = Submission(services.today(), Method.LETTER, original_at="Binder 3")
    came = Pictured([photo(services, "biden.jpg")], keep_face=True)

    asked(lambda **said: record_writing(services, "R-0001", letter, DESK, came, **said), UNLIKE)


def test_at_a_letter_added_to_a_hold(services: Services) -> None:
    place_hold(services, new(services, "Zebulon Quirk", photo(services)), DESK)
    letter = new(services, "Zebulon Quirk", photo(services, "biden.jpg"))

    asked(lambda **said: add_letter(services, "R-0001", letter, DESK, **said), UNLIKE)


def test_where_a_confirmed_face_becomes_a_reference(obama: Services) -> None:
    biden = find_face(obama, photo(obama, "biden.jpg"))
    index_photos(obama, IndexRequest([ORIGINALS / "biden.jpg"], jobs=1), DESK)
    sha256, box = biden.photo.sha256, biden.face.box
    decide_sighting(obama, "R-0001", sha256, box, DecisionState.CONFIRMED, DESK)

    asked(lambda **said: use_as_reference(obama, "R-0001", sha256, box, DESK, **said), UNLIKE)


def test_where_a_face_is_corrected_and_others_stay(obama: Services) -> None:
    panel = read_reference(obama, str(PANEL), 1)
    amend(obama, "R-0001", Amendment("at the talk", references=[panel]), DESK)
    with obama.reading() as unit:
        added = unit.register.templates()[-1].id

    asked(lambda **said: correct_face(obama, "R-0001", added, 2, DESK, **said), UNLIKE)


def test_where_a_name_is_corrected(obama: Services) -> None:
    slip = Correction("heard wrongly", {"name": "Ana and Ben Ruiz"})

    asked(lambda **said: correct(obama, "R-0001", slip, DESK, **said), QuestionKind.SEVERAL_NAMES)


@pytest.mark.parametrize(
    ("name", "photos", "said"),
    [
        ("Ana and Ben Ruiz", "", "several people"),
        ("Ana Ruiz", "obama.jpg;biden.jpg", "are they of one person?"),
    ],
)
def test_in_a_row_of_a_list(
    services: Services, tmp_path: Path, name: str, photos: str, said: str
) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    for each in ("obama.jpg", "biden.jpg"):
        (folder / each).write_bytes((ORIGINALS / each).read_bytes())
    file = folder / "register.csv"
    file.write_text(f"name,received,photo,note\n{name},2026-05-01,{photos},Binder 3\n")

    report = import_revocations(services, file, DESK)
    assert report.recorded == []
    (bad,) = report.bad
    assert said in bad.reason
    assert "with --confirm" in bad.reason

    again = import_revocations(services, file, DESK, confirmed=frozenset(QuestionKind))
    assert again.recorded == [(2, "R-0001")]
