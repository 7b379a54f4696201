"""What a patron gets in Spanish is Spanish, in the words of docs/spanish.md."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from consent.documents.form import blank_form
from consent.documents.receipt import page_of
from consent.documents.scope_words import scope_words
from consent.domain.cases import CaseStep
from consent.domain.channels import ChannelKind
from consent.domain.terms import (
    EVERYTHING,
    Method,
    Period,
    Relationship,
    Requester,
    Scope,
    Submission,
)
from consent.settings import ROOT
from tests.unit.receipt_cases import (
    AGREED,
    DAY,
    HOLD,
    LUCJA,
    POLICY,
    TERMS,
    TEXTS,
    case,
    page,
    step,
    words,
)

ENGLISH, SPANISH = TEXTS.words("en"), TEXTS.words("es")
# Words that Spanish does not have; those that both have, such as "no" and "me", are not here.
NOT_SPANISH = re.compile(
    r"\b(?:the|of|and|or|you|your|it|is|are|was|were|not|to|for|from|with|without|this|that|by|at|"
    r"on|in|until|since|before|after|any|all|everywhere|everything|photos?|library|request|receipt|"
    r"case|person|policy|section|consent|staff|newsletter|poster|brochure|report|website|press|kit|"
    r"release|one|further|online|print|board|letters?|january|february|march|april|may|june|july|"
    r"august|september|october|november|december)\b",
    re.IGNORECASE,
)
# What people or the library typed, or is a name.
TYPED = re.compile(r"Hartford Public Library|m\.rivera|Downtown|https?://\S+|P-\d+|R-\d+")


def never() -> list[str]:
    """Return what the glossary forbids."""
    found = []
    for line in (ROOT / "docs" / "spanish.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] not in {"English", "---"}:
            found += [phrase.strip() for phrase in cells[2].split(",") if phrase.strip()]
    return found


def receipts() -> list[str]:
    """Say a receipt for every step, way, relationship and state of a measurement."""
    ended = replace(AGREED, until=DAY, recorded_by="m.rivera")
    made = [page(HOLD, "es"), page(HOLD, "es", date(2026, 4, 1))]
    for kind, agreed in product(CaseStep, (None, AGREED, ended)):
        terms = replace(TERMS, template_agreement=agreed)
        history = [step(CaseStep.RECORDED, terms)]
        if kind is not CaseStep.RECORDED:
            history.append(step(kind, terms if kind is CaseStep.AMENDED else None))
        made += [page(case(*history), "es"), page(case(*history, person=LUCJA), "es")]
    for method, who in product(Method, Relationship):
        letter = Submission(DAY, method, by="m.rivera", branch="Downtown")
        terms = replace(TERMS, submission=letter, requester=Requester("Bo Li", who))
        made.append(page(case(step(CaseStep.RECORDED, terms)), "es"))
    return [words(one) for one in made]


def scopes() -> list[str]:
    """Say every kind of scope."""
    kinds = frozenset(ChannelKind)
    channels = frozenset(channel.id for channel in POLICY.channels)
    bare = replace(POLICY, channels=())
    photos = [
        {"event_ids": frozenset({"e1"})},
        {"event_ids": frozenset({"e1", "e2"}), "photo_ids": frozenset("a")},
        {"photo_ids": frozenset("a")},
        {"photo_ids": frozenset("ab")},
        {},
    ]
    said = []
    for where, of in product([EVERYTHING, Scope(False), Scope(False, kinds)], photos):
        for period, caption, policy in product(Period, (True, False), (POLICY, bare)):
            scope = replace(where, period=period, caption_too=caption, **of)
            said.append(scope_words(scope, policy, SPANISH, {}, DAY))
    said.append(scope_words(Scope(False, channels=channels), POLICY, SPANISH, {"e1": ""}, DAY))
    return [f"{one.channels} {one.photos} {one.period} {one.caption}" for one in said]


def form() -> str:
    made = blank_form(POLICY, TEXTS, "es")
    labels = [entry.label for section in made.sections for row in section.rows for entry in row]
    headings = [section.heading for section in made.sections]
    return "\n".join([made.title, made.lead, *headings, *labels, *made.foot])


def letters() -> list[str]:
    """Say each text of the other papers and mails, with its gaps filled."""
    gap = {"library": POLICY.library, "channel": "Boletín", "channels": "Facebook"}
    return [re.sub(r"\{(\w+)\}", lambda m: gap.get(m[1], "7"), t) for t in SPANISH.texts.values()]


@pytest.fixture(scope="module")
def spanish() -> list[str]:
    about = page_of(POLICY, SPANISH, "R-0001", DAY, "", "", [], [])
    texts = [*receipts(), *scopes(), form(), *letters(), words(about)]
    return sorted({line for text in texts for line in text.splitlines()})


def test_the_glossary_is_read():
    assert {"gafas", "de palabra", "dossier"} <= set(never())


def test_no_text_is_the_same_as_the_english_one():
    said = {key: re.sub(r"\{\w+\}", "", text) for key, text in SPANISH.texts.items()}
    same = {key for key, text in said.items() if SPANISH.texts[key] == ENGLISH.texts[key]}
    assert {key for key in same if re.search(r"\w", said[key])} == set()
    assert POLICY.name in SPANISH.policy_names


def test_nothing_is_half_english(spanish):
    found = {
        f"{word}: {text[max(at - 40, 0) : at + 40]!r}"
        for text in spanish
        for at, word in ((m.start(), m[0]) for m in NOT_SPANISH.finditer(TYPED.sub("", text)))
    }
    assert found == set()


def test_the_words_are_those_of_the_glossary(spanish):
    forbidden = re.compile(rf"\b(?:{'|'.join(map(re.escape, never()))})\b", re.IGNORECASE)
    assert {m[0] for text in spanish for m in forbidden.finditer(text)} == set()
    familiar = re.compile(r"\b(?:tú|tu|tus|vosotros|vuestr\w+|ponte|os)\b", re.IGNORECASE)
    assert {m[0] for text in spanish for m in familiar.finditer(text)} == set()
