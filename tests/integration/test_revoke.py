"""Record a revocation: whose face is meant, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from consent.cases.intake import scope_from_text
from consent.cases.open import RecordedRevocation, record_revocation
from consent.cases.references import read_reference
from consent.domain.actors import Actor
from consent.domain.decisions import DecisionState
from consent.domain.errors import BadInputError, NotFoundError
from consent.domain.intake import EvidenceFile
from consent.domain.terms import (
    EVERYTHING,
    Locator,
    Method,
    NewRevocation,
    Relationship,
    Requester,
    Submission,
)
from consent.services import Services
from consent.settings import ROOT
from media_index.types import Box

SAMPLES = ROOT / "data" / "samples"
TALK = SAMPLES / "events" / "2026-05-14 Author talk"
DAY = date(2026, 6, 1)
PAPER = NewRevocation("Zebulon Quirk", Submission(DAY, Method.LETTER), note="Binder 3")
OBAMA_SHA256 = "0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6"


def with_photo(
    services: Services, actor: Actor, photo: str, face: int | None = None
) -> RecordedRevocation:
    reference = read_reference(services, photo, face)
    return record_revocation(
        services, replace(PAPER, references=[reference], keep_face=True), actor
    )


def nothing_recorded(services: Services) -> bool:
    with services.reading() as unit:
        return not unit.register.revocations() and not list(unit.audit.entries())


def test_the_reference_becomes_a_template_and_a_confirmed_sighting(
    services: Services, actor: Actor
):
    recorded = with_photo(services, actor, str(SAMPLES / "originals" / "obama.jpg"))

    assert (recorded.revocation.label, recorded.templates) == ("R-0001", 1)
    with services.reading() as unit:
        (template,) = unit.register.templates()
        (sighting,) = unit.decisions.person_decisions()
    assert template.box.overlap(Box(372, 91, 612, 420)) > 0.7
    assert {vector.shape for vector in template.encodings.values()} == {(128,)}
    assert len(template.encodings) == 2
    assert (sighting.state, sighting.box) == (DecisionState.CONFIRMED, template.box)
    assert services.vault.get(template.crop)[:2] == b"\xff\xd8"


def test_without_a_photo_no_template_is_agreed_to(services: Services, actor: Actor):
    terms = record_revocation(services, PAPER, actor).revocation.terms

    assert terms.template_agreement is None
    assert (terms.submission.by, terms.requester.name) == (actor.id, "Zebulon Quirk")
    assert terms.scope == EVERYTHING


def test_for_a_minor_the_guardian_asks(services: Services, actor: Actor):
    new = replace(PAPER, minor=True, guardian=" Wilhelmina Quirk ", birth_year=2015)

    case = record_revocation(services, new, actor).revocation

    assert case.terms.requester.name == "Wilhelmina Quirk"
    assert case.terms.requester.relationship is Relationship.GUARDIAN
    assert (case.person.guardian, case.person.birth_year) == ("Wilhelmina Quirk", 2015)


def test_of_several_faces_one_must_be_named(services: Services, actor: Actor):
    panel = str(TALK / "panel-astronaut-obama-biden.jpg")

    with pytest.raises(BadInputError, match=r"Choose the right one: 0 at .*, 1 at .*, 2 at"):
        with_photo(services, actor, panel)
    with pytest.raises(BadInputError, match="there is no face 3; the faces are 0 at"):
        with_photo(services, actor, panel, 3)
    with pytest.raises(BadInputError, match="there is no face -1"):
        with_photo(services, actor, panel, -1)
    assert nothing_recorded(services)

    with_photo(services, actor, panel, 1)

    with services.reading() as unit:
        (template,) = unit.register.templates()
    assert template.box.overlap(Box(793, 386, 970, 616)) > 0.5


def test_a_photo_without_a_face_is_no_reference(services: Services, actor: Actor, tmp_path: Path):
    with pytest.raises(BadInputError, match="no face was found"):
        with_photo(services, actor, str(TALK / "refreshments-no-face.jpg"))
    with pytest.raises(BadInputError, match=r"truncated\.jpg: The photo is damaged"):
        with_photo(services, actor, str(TALK / "truncated.jpg"))
    # The page for layouts is no help here.
    scan = tmp_path / "scan.jpg"
    for content in (b"%PDF-1.7", b"GIF89a", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"):
        scan.write_bytes(content)
        with pytest.raises(BadInputError, match="save the picture of the person as JPEG"):
            with_photo(services, actor, str(scan))
    assert nothing_recorded(services)


def test_a_photo_of_the_index_goes_by_its_sha256(indexed_samples: Services):
    by_start = read_reference(indexed_samples, OBAMA_SHA256[:8])

    assert by_start.name == "obama.jpg"
    assert by_start == read_reference(indexed_samples, OBAMA_SHA256)


@pytest.mark.parametrize("reference", ["f" * 64, "0930e3a", "gone.jpg", ""])
def test_a_photo_that_is_nowhere(indexed_samples: Services, reference: str):
    with pytest.raises(NotFoundError):
        read_reference(indexed_samples, reference)


LETTER = EvidenceFile("letter.txt", b"No photos, please.")
EMPTY = EvidenceFile("empty.pdf", b"")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "  "}, "the name of the person is missing"),
        (
            {"note": " "},
            "the signed request is missing: upload it, or say where the paper original is kept",
        ),
        (
            {"name": "a" * 4000},
            "the name of the person has 4,000 letters: shorten it to 120",
        ),
        ({"minor": True, "guardian": "a" * 121}, "the name of the guardian has 121 letters"),
        (
            {"submission": Submission(DAY, original_at="a" * 201)},
            "where the paper original is kept has 201 letters: shorten it to 200",
        ),
        ({"note": "a" * 1001}, "the note has 1,001 letters: shorten it to 1,000"),
        ({"requester": Requester("a" * 121)}, "the name of who asked has 121 letters"),
        ({"locators": [Locator(clothing="a" * 201)]}, "the hint on clothing has 201 letters"),
        ({"name": "Ana \u202eziuR"}, r"the name of the person has a hidden character .*U\+202E"),
        ({"minor": True, "guardian": "\u2067Gus\u2069"}, r"guardian .*U\+2067, U\+2069"),
        ({"requester": Requester("Gus\u200f")}, "the name of who asked has a hidden character"),
        (
            {"locators": [Locator(companions="\u202eanA")]},
            "hint on companions has a hidden character",
        ),
        ({"minor": True}, "a minor needs the guardian"),
        ({"birth_year": 2015}, "a birth year is kept for minors only"),
        ({"submission": Submission(date(2199, 1, 1))}, "can't be in the future"),
        ({"submission": Submission(date(1926, 5, 14))}, "correct the year"),
        ({"until": date(2026, 5, 31)}, "it would end before it begins"),
        ({"submission": Submission(DAY, evidence=[EMPTY])}, "the file empty.pdf is empty"),
        ({"submission": Submission(DAY, Method.ORAL)}, "a revocation must be in writing"),
    ],
)
def test_what_makes_no_sense_is_refused(services: Services, actor: Actor, change: dict, said: str):
    with pytest.raises(BadInputError, match=said):
        record_revocation(services, replace(PAPER, **change), actor)
    assert nothing_recorded(services)


def test_texts_may_be_as_long_as_they_may_be(services: Services, actor: Actor):
    letter = Submission(DAY, original_at="a" * 200)
    longest = replace(PAPER, name="a" * 120, submission=letter, note="a" * 1000)

    assert record_revocation(services, longest, actor).revocation.person.name == "a" * 120


def test_everything_that_is_wrong_is_said_at_once(services: Services, actor: Actor):
    with pytest.raises(BadInputError, match=r"name .* missing; .*guardian.*; the signed request"):
        record_revocation(services, replace(PAPER, name="", note="", minor=True), actor)


def test_one_page_given_twice_is_one_page(services: Services, actor: Actor):
    pages = [LETTER, LETTER, EvidenceFile("copy.txt", LETTER.content)]
    new = replace(PAPER, submission=Submission(DAY, evidence=pages))

    case = record_revocation(services, new, actor).revocation

    assert len(case.terms.evidence) == 1
    assert services.vault.get(case.terms.evidence[0]) == LETTER.content


def test_received_today_is_not_to_come(services: Services, actor: Actor):
    today = services.today()
    tomorrow = today + timedelta(days=1)

    assert record_revocation(services, replace(PAPER, submission=Submission(today)), actor)
    with pytest.raises(BadInputError):
        record_revocation(services, replace(PAPER, submission=Submission(tomorrow)), actor)


@pytest.mark.parametrize(
    ("text", "everything", "kinds", "channels"),
    [
        ("all", True, set(), set()),
        ("Print", False, {"print"}, set()),
        ("online, press", False, {"online", "press"}, set()),
        ("Instagram,annual report", False, set(), {"instagram", "annual_report"}),
        ("print,all", True, {"print"}, set()),
    ],
)
def test_a_scope_in_words(
    services: Services, text: str, everything: bool, kinds: set[str], channels: set[str]
):
    scope = scope_from_text(services, text)

    assert scope.all_channels == everything
    assert (scope.kinds, scope.channels) == (kinds, channels)


@pytest.mark.parametrize("text", ["", " , ", "radio", "print,radio", "prints"])
def test_a_scope_that_is_none(services: Services, text: str):
    with pytest.raises(BadInputError):
        scope_from_text(services, text)
