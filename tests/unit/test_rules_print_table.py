"""decide() for print: every cell of match, wish, consent and place, against the table itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from consent.domain.cases import Revocation
from consent.domain.decisions import VerbalConsent
from consent.domain.verdicts import PersonMatch, Verdict
from tests.unit.rules_cases import (
    CONFIRMED,
    LEFT,
    NEWSLETTER,
    NOBODY,
    NOON,
    ONLINE,
    PICTURE,
    REJECTED,
    SUPPORT,
    TALK,
    TINY,
    TODAY,
    TURNED_AWAY,
    UNREADABLE,
    copy_of,
    judged,
    looks_like,
    on_hold,
    revoked,
    said,
    verbal,
)

ONLINE_ONLY = replace(NOBODY, kinds=ONLINE)
# Of one person, alone in the photo: how it matches a case, and what a person decided of it.
MATCHES: dict[str, tuple[list[PersonMatch], list]] = {
    "nobody": ([], []),
    "surely": ([looks_like()], []),
    "perhaps": ([looks_like(surely=False)], []),
    "a copy": ([copy_of()], []),
    "perhaps a copy": ([copy_of(surely=False)], []),
    "confirmed": ([], [said(CONFIRMED)]),
    "rejected": ([looks_like()], [said(REJECTED)]),
}
SURE, UNSURE = {"surely", "a copy", "confirmed"}, {"perhaps", "perhaps a copy"}
WISHES: dict[str, list[Revocation]] = {
    "nothing": [],
    "revoked": [revoked()],
    "revoked online only": [revoked(ONLINE_ONLY)],
    "held": [on_hold()],
    "hold ran out": [on_hold(TODAY - timedelta(days=1))],
}
CONSENTS: dict[str, list[VerbalConsent]] = {
    "not asked": [],
    "yes": [verbal(box=LEFT.box)],
    "yes with the photo": [verbal()],
    "yes with the room": [verbal(photo=None, event="talk"), verbal(photo=None, event="support")],
    "yes for online": [verbal(kinds=ONLINE)],
    "yes, run out": [verbal(expires=TODAY - timedelta(days=1))],
    "no": [verbal(given=False)],
}
ASKED = {"yes", "yes with the photo", "yes with the room"}
PLACES = {"public": (TALK,), "private": (SUPPORT,), "unknown": ()}


def by_the_table(match: str, wish: str, consent: str, place: str) -> Verdict:
    """Return what DESIGN's table of verdicts says of one person in one photo."""
    # A room that is no known event was never asked.
    asked = consent in ASKED and (consent != "yes with the room" or place != "unknown")
    if wish == "revoked" and match in SURE:
        return Verdict.BLOCKED
    if wish == "revoked" and match in UNSURE:
        return Verdict.REVIEW
    if wish == "held" and match in SURE | UNSURE:
        return Verdict.REVIEW
    if place == "private" and not asked:
        return Verdict.REVIEW
    return Verdict.CLEAR if asked else Verdict.CONSENT_MISSING


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("match", MATCHES)
def test_every_cell_of_the_table(match: str, wish: str):
    matches, decided = MATCHES[match]
    known = matches if WISHES[wish] else []
    for consent, place in product(CONSENTS, PLACES):
        photo = replace(PICTURE, faces=(LEFT,), events=PLACES[place])
        decision = judged(
            photo,
            NEWSLETTER,
            matches=known,
            decided=decided if WISHES[wish] else [],
            revocations=WISHES[wish],
            consents=CONSENTS[consent],
        )
        expected = by_the_table(match, wish, consent, place)
        assert decision.verdict is expected, (match, wish, consent, place, decision.reasons)


@pytest.mark.parametrize("consent", CONSENTS)
def test_what_could_not_be_checked_is_never_clear_whoever_said_yes(consent: str):
    consents = CONSENTS[consent]
    damaged = replace(PICTURE, faces=(), problem=UNREADABLE)
    assert judged(damaged, NEWSLETTER, consents=consents).verdict is Verdict.NOT_CHECKED

    # Turned away: nobody can be compared, so a yes of somebody is no proof that it was this one.
    hidden = replace(PICTURE, faces=(TURNED_AWAY,))
    decision = judged(hidden, NEWSLETTER, revocations=[revoked()], consents=consents)
    assert decision.verdict is Verdict.REVIEW


@pytest.mark.parametrize("consent", CONSENTS)
def test_nobody_recognizable_has_to_be_asked(consent: str):
    crowd = replace(PICTURE, faces=(TINY,))
    decision = judged(crowd, NEWSLETTER, consents=CONSENTS[consent])

    assert decision.verdict is Verdict.CLEAR


def test_a_revocation_wins_whatever_was_said_before_or_after_it():
    for days in (-30, 0, 30):
        yes = verbal(box=LEFT.box, on=NOON.date() + timedelta(days=days))
        for consents in ([yes], [verbal(), yes], [yes, verbal()]):
            decision = judged(
                use=NEWSLETTER, matches=[looks_like()], revocations=[revoked()], consents=consents
            )
            assert decision.verdict is Verdict.BLOCKED
