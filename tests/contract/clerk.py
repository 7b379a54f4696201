"""Somebody at work, in a process of their own: `python -m tests.contract.clerk desk ann EVENT`.

Says "ready", waits for a line, works, and ends. The settings come from the environment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from consent.bootstrap import build_services
from consent.cases.change import amend
from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind
from consent.domain.terms import Amendment, Locator, Method, NewRevocation, Submission
from consent.indexing.index import IndexRequest, index_photos
from consent.printing.answers import Answer, record_answers
from consent.services import Services

TIMES = 10
DAY = date(2026, 6, 1)


def at_the_desk(services: Services, name: str, event_id: str) -> None:
    """Record revocations and verbal consents, and add what was said to a case that all share."""
    desk = Actor(name, Role.DESK)
    for place in range(TIMES):
        new = NewRevocation(f"{name} {place}", Submission(DAY, Method.LETTER), note="Binder 3")
        record_revocation(services, new, desk)
        answer = Answer(
            given=True,
            asked_on=DAY,
            kinds=frozenset({ChannelKind.PRINT}),
            event_id=event_id,
            note=f"{name} {place}",
        )
        record_answers(services, [answer], desk)
        seen = Locator(clothing=f"{name} {place}")
        amend(services, "R-0001", Amendment("More was said.", locators=[seen]), desk)


def index(services: Services, name: str, *folders: str) -> None:
    """Index folders in this process."""
    request = IndexRequest([Path(one) for one in folders], jobs=1)
    index_photos(services, request, Actor(name, Role.COMMUNICATIONS))


def main() -> None:
    """Do what the arguments say."""
    work, *words = sys.argv[1:]
    doing: dict[str, Callable[..., None]] = {"desk": at_the_desk, "index": index}
    if work == "open":
        # What is tried is the opening itself.
        _wait()
        build_services()
        return
    services = build_services()
    _wait()
    doing[work](services, *words)


def _wait() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    main()
