"""The register in the database: what goes in comes out, no gaps, and errors leave nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Template
from consent.domain.channels import ChannelKind
from consent.domain.decisions import DecisionState, PersonDecision, VerbalConsent
from consent.domain.intake import EvidenceFile
from consent.domain.log import Action
from consent.domain.publications import Publication
from consent.domain.terms import (
    Locator,
    Method,
    NewRevocation,
    Period,
    Relationship,
    Requester,
    Scope,
    Submission,
    TemplateAgreement,
    Terms,
)
from consent.retention.proof import verify_log
from consent.services import Services
from consent.storage.cases import RevocationEventRow
from media_index.types import Box
from tests.contract.photo_cases import add, fingerprint, sha

NOON = datetime(2026, 6, 1, 12, 0, 0, 123456, UTC)
DAY = date(2026, 6, 1)
ANN = Actor("ann", Role.DESK, frozenset({Role.COMMUNICATIONS}))
ON_PAPER = NewRevocation("Zebulon Quirk", Submission(DAY, Method.LETTER), note="Binder 3")

# Most fields set, none to its default; tests/contract/test_stored_objects.py sets them all.
EVERY_TERM = Terms(
    scope=Scope(
        all_channels=False,
        kinds=frozenset({ChannelKind.PRINT, ChannelKind.PRESS}),
        channels=frozenset({"instagram", "x"}),
        event_ids=frozenset({"e1", "e2"}),
        photo_ids=frozenset({"a" * 64}),
        period=Period.PAST,
        caption_too=False,
    ),
    submission=Submission(
        DAY, Method.EMAIL, by="bob", branch="Park Street", original_at="Binder 3"
    ),
    requester=Requester(
        "Wilhelmina Quirk", Relationship.GUARDIAN, "court paper seen", "555", "letter", "es"
    ),
    effective_from=date(2026, 6, 2),
    until=date(2027, 1, 1),
    safety=True,
    locators=(Locator("e1", DAY, "red hat", "with a dog", "https://x.test/1", "third from left"),),
    template_agreement=TemplateAgreement(DAY, "finding", date(2028, 1, 1)),
    evidence=("b" * 64, "c" * 64),
    note='Ünïcode, "quotes" and\nlines',
)


def open_case(services: Services, *history: CaseEvent, number: int | None = None) -> str:
    case_id = uuid4().hex
    person = Person(uuid4().hex, "Zebulon Quirk", minor=True, birth_year=2015, guardian="W. Quirk")
    with services.writing() as unit:
        unit.register.add_person(person, NOON, ANN)
        unit.register.open_case(case_id, number or unit.register.next_number(), person.id, NOON)
        for step in history:
            unit.register.append(replace(step, revocation_id=case_id))
        unit.commit()
    return case_id


def recorded(terms: Terms) -> CaseEvent:
    return CaseEvent("", CaseStep.RECORDED, NOON, ANN, DAY, terms)


def test_a_case_comes_back_as_it_went_in(services: Services):
    steps = (
        CaseEvent("", CaseStep.HOLD_PLACED, NOON, ANN, DAY, EVERY_TERM, DAY, "asked at the desk"),
        recorded(replace(EVERY_TERM, scope=Scope())),
        CaseEvent(
            "",
            CaseStep.RESCINDED,
            NOON + timedelta(days=3),
            Actor("eve", Role.DIRECTOR),
            date(2026, 6, 9),
            None,
            None,
            "a letter of the same person",
        ),
    )
    case_id = open_case(services, *steps)

    with services.reading() as unit:
        (case,) = unit.register.revocations()
        assert unit.register.by_number(1) == case
        assert unit.register.by_number(2) is None

    assert (case.id, case.number, case.label) == (case_id, 1, "R-0001")
    assert case.history == tuple(replace(step, revocation_id=case_id) for step in steps)
    assert case.person == Person(
        case.person.id, "Zebulon Quirk", minor=True, birth_year=2015, guardian="W. Quirk"
    )


def test_terms_are_stored_as_the_rows_of_before_are(services: Services):
    open_case(services, recorded(EVERY_TERM))

    with services.reading() as unit:
        (terms,) = unit._session.exec(select(RevocationEventRow.terms))
    stored = RevocationEventRow.__table__.c.terms.type.to_plain(terms)
    assert {*stored} == {
        "scope",
        "receipt",
        "requester",
        "effective_from",
        "until",
        "safety",
        "locators",
        "template_agreement",
        "evidence",
        "note",
    }
    assert stored["receipt"] == {
        "on": "2026-06-01",
        "by": "bob",
        "method": "email",
        "branch": "Park Street",
        "original_at": "Binder 3",
    }


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.builds(
        Terms,
        submission=st.builds(Submission, evidence=st.just(())),
        locators=st.lists(st.builds(Locator), max_size=2).map(tuple),
    )
)
def test_any_terms_come_back_as_they_went_in(services: Services, terms: Terms):
    case_id = open_case(services, recorded(terms))

    with services.reading() as unit:
        (case,) = [case for case in unit.register.revocations() if case.id == case_id]
    assert case.terms == terms


def test_templates_sightings_and_answers_come_back_as_they_went_in(services: Services):
    case_id = open_case(services, recorded(EVERY_TERM))
    vectors = {
        "one": np.linspace(-1, 1, 128, dtype=np.float32),
        "two": np.full(128, 1e-30, np.float32),
    }
    template = Template("t1", case_id, "a" * 64, Box(1, 2, 3, 4), vectors, "c" * 64, NOON, 12.25)
    sightings = [
        PersonDecision(
            "a" * 64, case_id, Box(1, 2, 3, 4), DecisionState.CONFIRMED, NOON, ANN, "sure"
        ),
        PersonDecision("a" * 64, case_id, None, DecisionState.REJECTED, NOON, ANN),
    ]
    consents = [
        VerbalConsent("v1", "bob", DAY, False, frozenset(ChannelKind), "a" * 64, Box(1, 2, 3, 4)),
        VerbalConsent(
            "v2", "bob", DAY, True, frozenset(), expires_on=date(2027, 1, 1), note="by phone"
        ),
    ]
    with services.writing() as unit:
        unit.register.add_template(template)
        for sighting in sightings:
            unit.decisions.add_person_decision(sighting)
        for place, consent in enumerate(consents):
            unit.decisions.add_consent(consent, NOON + timedelta(seconds=place))
        unit.commit()

    with services.reading() as unit:
        (kept,) = unit.register.templates(case_id)
        assert unit.decisions.person_decisions() == sightings
        assert unit.decisions.consents() == consents
        assert unit.register.templates("another") == []
    for name in ("id", "photo_sha256", "box", "crop", "added_at", "norm"):
        assert getattr(kept, name) == getattr(template, name)
    for model, vector in vectors.items():
        np.testing.assert_array_equal(kept.encodings[model], vector)


def test_what_is_planned_comes_back_as_planned(services: Services):
    add(services, fingerprint(1))
    out = Publication("p1", sha(1), "newsletter", "Spring 2026", "", DAY, "ann")
    stopped = replace(out, id="p2", issue="Summer 2026", planned=True)
    with services.writing() as unit:
        unit.publications.add(out, NOON)
        unit.publications.add(stopped, NOON - timedelta(days=1))
        unit.commit()

    with services.reading() as unit:
        assert unit.publications.all() == [out]
        assert unit.publications.all(planned=True) == [out, stopped]


def test_what_is_not_committed_never_was(services: Services):
    class StopError(Exception):
        pass

    def half() -> None:
        with services.writing() as unit:
            person = Person("p", "Zebulon Quirk")
            unit.register.add_person(person, NOON, ANN)
            unit.register.open_case("c", unit.register.next_number(), "p", NOON)
            unit.audit.append(Action.REVOCATION_RECORDED, "c", ANN, NOON)
            raise StopError

    with pytest.raises(StopError):
        half()
    with services.writing() as unit:
        unit.audit.append(Action.SWEEP_RUN, "c", ANN, NOON)
        # Left without a commit.

    with services.reading() as unit:
        assert unit.register.revocations() == []
        assert list(unit.audit.entries()) == []
        assert unit.register.next_number() == 1


def test_a_recording_that_fails_half_way_leaves_nothing(services: Services):
    class FullVault:
        def beginning_of(self, content: bytes) -> str:
            return "f" * 40

        def put(self, content: bytes, owner: str) -> str:
            raise OSError(28, "No space left on device")

        def get(self, sha256: str) -> bytes:
            raise AssertionError

        def erase(self, sha256: str) -> None:
            raise AssertionError

    letter = EvidenceFile("letter.txt", b"No photos.")
    new = replace(ON_PAPER, submission=Submission(DAY, Method.LETTER, [letter]))
    with pytest.raises(OSError, match="No space left"):
        record_revocation(replace(services, vault=FullVault()), new, ANN)

    with services.reading() as unit:
        assert unit.register.revocations() == []
        assert list(unit.audit.entries()) == []
    assert record_revocation(services, new, ANN).revocation.label == "R-0001"


def all_recorded(services: Services) -> tuple[list[int], int | None, int]:
    """Return the numbers, where the log is broken, and how long it is."""
    with services.reading() as unit:
        numbers = [case.number for case in unit.register.revocations()]
        entries = list(unit.audit.entries())
    return numbers, verify_log(services).first_broken, len(entries)


def test_threads_of_one_process_share_the_numbers_and_the_log(services: Services):
    def ten(clerk: str) -> None:
        for place in range(10):
            new = replace(ON_PAPER, name=f"{clerk} {place}")
            record_revocation(services, new, Actor(clerk, Role.DESK))

    with ThreadPoolExecutor(4) as clerks:
        list(clerks.map(ten, ["ann", "bob", "cyd", "dan"]))

    assert all_recorded(services) == (list(range(1, 41)), None, 40)


def test_a_reader_sees_one_moment_and_is_not_held_up_by_a_writer(services: Services):
    record_revocation(services, ON_PAPER, ANN)
    with services.reading() as reader, services.writing() as writer:
        assert len(reader.register.revocations()) == 1
        writer.audit.append(Action.REVOCATION_AMENDED, "c", ANN, NOON)
        writer.commit()
        assert reader.audit.register_version() == 1
    with services.reading() as later:
        assert later.audit.register_version() == 2


def test_the_log_holds_no_names_and_nothing_that_was_written(services: Services):
    new = NewRevocation(
        "Zebulon Quirk",
        Submission(
            DAY,
            Method.LETTER,
            evidence=[EvidenceFile("quirk-letter.txt", b"I, Zebulon Quirk, revoke.")],
            branch="Quirktown",
        ),
        minor=True,
        guardian="Wilhelmina Quirk",
        birth_year=2015,
        note="Quirk family, Elm Street",
        locators=[Locator(clothing="quirky hat")],
    )
    record_revocation(services, new, ANN)

    with services.reading() as unit:
        entries = [repr(entry) for entry in unit.audit.entries()]
    assert len(entries) == 1
    for entry in entries:
        assert "quirk" not in entry.casefold()
        assert "elm street" not in entry.casefold()
        assert "2015" not in entry
