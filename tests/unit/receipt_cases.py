"""What the tests of receipts are told of: cases, terms, texts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from pypdf import PdfReader

from consent.documents.receipt import receipt_for
from consent.documents.texts import load_texts
from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Revocation
from consent.domain.terms import (
    EVERYTHING,
    Locator,
    Method,
    Requester,
    Submission,
    TemplateAgreement,
    Terms,
)
from consent.policy_file import load_policy
from consent.settings import ROOT

PATH = ROOT / "data" / "texts" / "receipt.toml"
POLICY = load_policy(ROOT / "data" / "policy.toml")
TEXTS = load_texts(PATH)
CLERK = Actor("m.rivera", Role.DESK)
DAY = date(2026, 3, 2)
EVENTS = {"e1": "Poetry night", "e2": "Summer reading"}
ANA = Person("p1", "Ana Peña")
LUCJA = Person("p2", "Łucja Nguyễn", minor=True, birth_year=2015, guardian="Katarzyna Wójcik")
AGREED = TemplateAgreement(
    DAY, "Finding this person in the library's photos, so that none is used."
)
TERMS = Terms(
    scope=EVERYTHING,
    submission=Submission(
        DAY, Method.LETTER, by="m.rivera", branch="Downtown", original_at="Cabinet 4"
    ),
    requester=Requester("Ana Peña", contact="ana@example.org", authority_note="knew her"),
    effective_from=DAY,
    locators=(Locator(companions="Her friend Berta"),),
    safety=True,
    note="Staff note: was upset.",
)


def step(kind: CaseStep, terms: Terms | None = None, on: date = DAY, **more) -> CaseEvent:
    return CaseEvent("c1", kind, datetime(2026, 3, 2, 15, tzinfo=UTC), CLERK, on, terms, **more)


def case(*history: CaseEvent, person: Person = ANA) -> Revocation:
    return Revocation("c1", 42, person, history or (step(CaseStep.RECORDED, TERMS),))


def page(of: Revocation, language: str = "en", today: date = DAY):
    return receipt_for(of, POLICY, TEXTS, language, today, EVENTS)


def words(made) -> str:
    rows = [f"{row.label}: {row.value}" for row in made.rows]
    said = [line for section in made.sections for line in (section.heading, *section.paragraphs)]
    return "\n".join([made.library, made.number, made.title, made.lead, *rows, *said, *made.foot])


def printed(pdf: bytes, tmp_path: Path) -> str:
    file = tmp_path / "page.pdf"
    file.write_bytes(pdf)
    (only,) = PdfReader(file).pages
    return re.sub(r"\s+", " ", only.extract_text())


HOLD = case(
    step(
        CaseStep.HOLD_PLACED,
        replace(TERMS, submission=Submission(DAY, Method.ORAL, by="m.rivera")),
        lapses_on=date(2026, 3, 16),
    )
)
