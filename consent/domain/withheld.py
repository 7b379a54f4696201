"""What of a case somebody gets who needs not know whom it is about: its number, and no names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from consent.domain.actors import Actor
from consent.domain.cases import CaseEvent, Revocation
from consent.domain.decisions import FaceDecision, Override
from consent.domain.names import name_parts
from consent.domain.names_in_text import MEETING, glued_names
from consent.domain.policy import Policy
from consent.domain.terms import Terms
from consent.domain.worded import Worded

WITHHELD = "(withheld)"
_NAMELESS = "(name)"
_LEAST_LETTERS = 3
_WORD = re.compile(r"(?P<bare>[^\W\d_]+)(?P<of>['\u2019][^\W\d_]+)?")
# Letters of "'s".
_OF = 2
_SEVERAL = re.compile(r"\(name\)(?:[ _-]?\(name\))+")


class Need(Worded):
    """Why somebody must know; chosen, not typed, so that no name reaches the log."""

    CALLED = "called", "They called, wrote or came, and gave this number"
    TAKEDOWN = "takedown", "A copy is being taken down, and the person who has it asks"
    RECORDS = "records", "An open-records request, or a court"
    MISTAKEN = "mistaken", "To check that it is the right person"


def names_of(case: Revocation) -> tuple[str, ...]:
    """Return the names that a case holds, each once; of the person, the guardian, who asked."""
    named = (case.person.name, case.person.guardian or "", case.terms.requester.name)
    return tuple(dict.fromkeys(name for name in named if name))


class NamesOut:
    """Names, ready to be left out of any number of texts.

    A name is known by its parts, however they are written; short ones, as initials, stay.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names."""
        several = [name_parts(name) for name in names]
        self._parts = {part for own in several for part in own if len(part) >= _LEAST_LETTERS}
        self._glued = glued_names(several)

    def out_of(self, text: str) -> str:
        """Return a text without the names."""
        return _SEVERAL.sub(_NAMELESS, _WORD.sub(self._said, text))

    def _said(self, word: re.Match[str]) -> str:
        parts = self._parts
        # Whose: "Mia's" is of Mia, and "O'Neill" of O'Neill.
        bare, of = word["bare"], word["of"] or ""
        if parts & {*name_parts(bare + of), *name_parts(bare)}:
            return _NAMELESS + (of if of.lower().endswith("s") and len(of) == _OF else "")
        pieces = MEETING.split(bare)
        known = [bool(parts & {*name_parts(piece)}) for piece in pieces]
        if any(known):
            said = (
                _NAMELESS if is_name else piece
                for piece, is_name in zip(pieces, known, strict=True)
            )
            return "".join((*said, of))
        written = "".join(name_parts(bare))
        return _NAMELESS + of if any(name in written for name in self._glued) else word[0]


def for_the_log(text: str, names: Iterable[str]) -> str:
    """Return what somebody typed for the log, which outlives people, without their names."""
    return NamesOut(names).out_of(text)


def file_name_for(policy: Policy, actor: Actor, cases: Iterable[Revocation], name: str) -> str:
    """Return how a photo's file is called, to be told beside cases whose people it may name."""
    if policy.sees_names(actor):
        return name
    return for_the_log(name, (named for case in cases for named in names_of(case)))


def without_names(case: Revocation) -> Revocation:
    """Return a case without names, contacts, and what people wrote, as that may name somebody.

    What a photo is found by stays: where to look, and what the person wore.
    """
    if case.person.name == WITHHELD:
        return case
    nobody = replace(
        case.person,
        name=WITHHELD,
        birth_year=None,
        guardian=WITHHELD if case.person.guardian else None,
    )
    return replace(case, person=nobody, history=tuple(map(_step_without_names, case.history)))


def _step_without_names(step: CaseEvent) -> CaseEvent:
    terms = None if step.terms is None else terms_without_names(step.terms)
    return replace(step, terms=terms, reason=WITHHELD if step.reason else "")


def override_without_reason(override: Override) -> Override:
    """Return an override without why it was given, as that may name somebody."""
    return replace(override, reason=WITHHELD)


def face_decision_without_note(said: FaceDecision) -> FaceDecision:
    """Return what somebody said that a face is of, without what they wrote on it."""
    return replace(said, note=WITHHELD if said.note else "")


def terms_without_names(terms: Terms) -> Terms:
    """Return what a case says without what names people."""
    agreed = terms.template_agreement
    return replace(
        terms,
        submission=replace(terms.submission, evidence=(), original_at=""),
        requester=replace(
            terms.requester,
            name=WITHHELD if terms.requester.name else "",
            authority_note="",
            contact="",
            preferred_contact="",
        ),
        locators=tuple(replace(hint, companions="") for hint in terms.locators),
        template_agreement=None if agreed is None else replace(agreed, given_by=""),
        note="",
    )
