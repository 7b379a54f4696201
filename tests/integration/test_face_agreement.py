"""A face template is kept only where somebody says that the separate agreement was given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from consent.cases.added_references import NotAgreedError, use_as_reference
from consent.cases.change import amend, end_template_agreement, place_hold, record_writing
from consent.cases.csv_import import import_revocations
from consent.cases.open import record_revocation
from consent.cases.references import read_reference
from consent.domain.actors import Actor, Role
from consent.domain.cases import Revocation, Template
from consent.domain.decisions import DecisionState
from consent.domain.errors import BadInputError, NotRecordedError
from consent.domain.intake import Pictured, Reference
from consent.domain.terms import Amendment, Method, NewRevocation, Submission
from consent.services import Services
from consent.settings import ROOT

DESK = Actor("d.desk", Role.DESK, frozenset({Role.COMMUNICATIONS}))
ORIGINALS = ROOT / "data" / "samples" / "originals"


def reference(services: Services, name: str) -> Reference:
    return read_reference(services, str(ORIGINALS / name))


def of_obama(services: Services, **more: object) -> NewRevocation:
    letter = Submission(services.today(), Method.LETTER, original_at="Binder 3")
    return replace(NewRevocation("B. O.", letter), **more)  # type: ignore[arg-type]


def kept(services: Services, label: str = "R-0001") -> tuple[Revocation, list[Template]]:
    with services.reading() as unit:
        return unit.register.find(label), unit.register.templates()


def encodings(services: Services, photo: str) -> int:
    """Count the encodings of the faces in a photo that the index holds."""
    with services.reading() as unit:
        found = unit.photos.fingerprints([photo]).values()
        return sum(len(face.encodings) for one in found for face in one.faces)


def only_a_sighting(services: Services) -> None:
    """Hold that the photo is a sighting and hashes, and nothing of a face."""
    case, templates = kept(services)
    with services.reading() as unit:
        sightings = unit.decisions.person_decisions()
    assert templates == []
    assert case.terms.template_agreement is None
    assert [sighting.state for sighting in sightings] == [DecisionState.CONFIRMED]
    assert encodings(services, sightings[0].photo_sha256) == 0
    assert not list(services.settings.thumbnails.rglob("*.*"))


def test_nobody_agrees_by_not_being_asked(services: Services) -> None:
    recorded = record_revocation(
        services, of_obama(services, references=[reference(services, "obama.jpg")]), DESK
    )

    only_a_sighting(services)
    assert (recorded.references, recorded.templates) == (1, 0)
    assert "No face measurement is saved." in recorded.advice[0]


def test_photos_that_come_later_need_the_agreement_too(services: Services) -> None:
    record_revocation(services, of_obama(services), DESK)
    later = Amendment("brought a photo", references=[reference(services, "obama.jpg")])

    amend(services, "R-0001", later, DESK)
    only_a_sighting(services)

    amend(services, "R-0001", replace(later, keep_face=True), DESK)
    case, templates = kept(services)
    agreed = case.terms.template_agreement
    assert len(templates) == 1
    assert agreed is not None
    assert (agreed.recorded_by, agreed.given_by) == ("d.desk", "B. O.")


def test_after_the_faces_are_erased_it_is_asked_for_anew(services: Services) -> None:
    photos = [reference(services, "obama.jpg")]
    record_revocation(services, of_obama(services, references=photos, keep_face=True), DESK)
    end_template_agreement(services, "R-0001", "They ended it.", DESK)

    amend(services, "R-0001", Amendment("another", references=photos), DESK)

    case, templates = kept(services)
    assert (templates, case.terms.template_agreement) == ([], None)


def test_an_agreement_that_has_ended_is_none(services: Services) -> None:
    photos, today = [reference(services, "obama.jpg")], services.today()
    new = of_obama(services, references=photos, keep_face=True, keep_face_until=today)
    record_revocation(services, new, DESK)
    tomorrow = replace(services, now=lambda: services.now() + timedelta(days=1))

    amend(
        tomorrow,
        "R-0001",
        Amendment("another", references=[reference(services, "obama2.jpg")]),
        DESK,
    )

    assert len(kept(services)[1]) == 1


def test_the_writing_for_a_hold_may_bring_photos(services: Services) -> None:
    place_hold(services, of_obama(services), DESK)
    letter = Submission(services.today(), original_at="Box 9")
    photos = [reference(services, "obama.jpg")]

    with pytest.raises(BadInputError, match="nobody says that it was given"):
        record_writing(
            services, "R-0001", letter, DESK, Pictured(photos, keep_face_until=services.today())
        )
    record_writing(services, "R-0001", letter, DESK, Pictured(photos, keep_face=True))

    case, templates = kept(services)
    assert len(templates) == 1
    assert case.terms.template_agreement is not None
    assert case.terms.template_agreement.recorded_by == "d.desk"


def test_the_writing_for_a_hold_agrees_to_nothing_by_itself(services: Services) -> None:
    place_hold(services, of_obama(services), DESK)
    letter = Submission(services.today(), original_at="Box 9")

    record_writing(services, "R-0001", letter, DESK, Pictured([reference(services, "obama.jpg")]))

    only_a_sighting(services)


def test_a_confirmed_photo_becomes_a_reference_by_agreement(indexed_samples: Services) -> None:
    services, photo = indexed_samples, reference(indexed_samples, "obama.jpg")
    record_revocation(services, of_obama(services, references=[photo]), DESK)
    with services.reading() as unit:
        (sighting,) = unit.decisions.person_decisions()
    assert sighting.box is not None

    with pytest.raises(NotAgreedError, match="no agreement to keep a face for R-0001"):
        use_as_reference(services, "R-0001", sighting.photo_sha256, sighting.box, DESK)
    assert kept(services)[1] == []

    use_as_reference(services, "R-0001", sighting.photo_sha256, sighting.box, DESK, keep_face=True)
    case, templates = kept(services)
    assert len(templates) == 1
    assert case.terms.agreement_on(services.today()) is not None


def test_a_row_of_the_old_register_agrees_to_nothing(services: Services, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    photo = ORIGINALS / "obama.jpg"
    file.write_text(f"name,received,note,photo\nB. O.,2026-05-14,Binder 3,{photo}\n")

    assert import_revocations(services, file, DESK).bad == []
    only_a_sighting(services)


def test_an_agreement_has_no_last_day_without_being_given(services: Services) -> None:
    with pytest.raises(NotRecordedError, match="nobody says that it was given"):
        record_revocation(services, of_obama(services, keep_face_until=services.today()), DESK)


def test_an_agreement_without_a_photo_is_said_to_be_lost(services: Services) -> None:
    recorded = record_revocation(services, of_obama(services, keep_face=True), DESK)

    assert recorded.revocation.terms.template_agreement is None
    assert "was not kept, for no photo" in recorded.remarks[0]
