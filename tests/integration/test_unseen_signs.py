"""Signs that turn the order of letters are refused at every door through which a name comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from consent.cases.change import amend, rescind
from consent.cases.correct import correct
from consent.cases.csv_import import import_revocations
from consent.cases.dispute import object_to
from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind
from consent.domain.errors import BadInputError
from consent.domain.terms import (
    Amendment,
    Correction,
    Locator,
    NewRevocation,
    Objection,
    Rescission,
    Submission,
)
from consent.indexing.events import NewEvent, create_event, suggest_events
from consent.printing.answers import Answer, record_answers
from consent.printing.pieces import NewPiece, open_piece
from consent.services import Services
from consent.takedowns.appeals import receive_appeal
from pages.ui.look import literal

STAFF = Actor(
    "d.desk", Role.DIRECTOR, frozenset({Role.DESK, Role.PRINT_EDITOR, Role.COMMUNICATIONS})
)
# Shown as "Ana Ruiz", it is neither found nor compared as that.
TURNED = "\u202eziuR anA"
PRINT = frozenset({ChannelKind.PRINT})

Door = Callable[[Services, Submission], object]

DOORS: dict[str, Door] = {
    "correct": lambda services, _: correct(
        services, "R-0001", Correction("a slip", {"name": TURNED}), STAFF
    ),
    "amend": lambda services, _: amend(
        services, "R-0001", Amendment("more", contact=TURNED), STAFF
    ),
    "hint": lambda services, _: amend(
        services, "R-0001", Amendment("more", locators=[Locator(companions=TURNED)]), STAFF
    ),
    "object": lambda services, letter: object_to(
        services, "R-0001", Objection(letter, TURNED), STAFF
    ),
    "rescind": lambda services, letter: rescind(
        services, "R-0001", Rescission(letter, TURNED, authority_note="a passport"), STAFF
    ),
    "piece": lambda services, _: open_piece(
        services, NewPiece("newsletter", "News", editor=TURNED), STAFF
    ),
    "appeal": lambda services, letter: receive_appeal(
        services, TURNED, "A refusal.", letter.on, STAFF
    ),
    "event": lambda services, letter: create_event(
        services, NewEvent(TURNED, letter.on, "Park", public_space=True), STAFF
    ),
    "answer": lambda services, letter: record_answers(
        services,
        [Answer(given=True, asked_on=letter.on, kinds=PRINT, event_id="e", name=TURNED)],
        STAFF,
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_name_that_reads_otherwise_than_it_is_kept_is_refused(services: Services, door: str):
    letter = Submission(services.today(), original_at="Binder 3")
    record_revocation(services, NewRevocation("Ana Ruiz", letter), STAFF)

    with pytest.raises(BadInputError, match=r"hidden character that changes .*U\+202E"):
        DOORS[door](services, letter)


def test_a_row_with_one_is_named_and_the_others_are_recorded(services: Services, tmp_path: Path):
    file = tmp_path / "register.csv"
    rows = f"Ben Quirk,2026-05-01,letter,Binder\n{TURNED},2026-05-01,letter,Binder\n"
    file.write_text(f"name,received,method,original_at\n{rows}", encoding="utf-8")

    report = import_revocations(services, file, STAFF)

    assert report.recorded == [(2, "R-0001")]
    (bad,) = report.bad
    assert (bad.line, "U+202E" in bad.reason) == (3, True)


def test_what_is_shown_turns_nothing_beside_it(services: Services):
    assert literal(f"{TURNED}x") == "ziuR anAx"
    (found,) = suggest_events(services, {f"/photos/2026-05-14 {TURNED}/a.jpg": "a" * 64})
    assert (found.name, found.held_on) == ("ziuR anA", date(2026, 5, 14))
