"""Several desks and indexers at once, in real processes: nothing is lost and nothing is double."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.errors import SetupError
from consent.domain.log import Action
from consent.domain.terms import Method, NewRevocation, Submission
from consent.indexing.events import NewEvent, create_event
from consent.retention.proof import verify_log
from consent.services import Services
from consent.settings import ROOT, Settings
from consent.storage.engine import _checked
from tests.contract.clerk import DAY, TIMES
from tests.integration.indexing_cases import picture
from tests.postgres_server import PostgresServer

ANN = Actor("ann", Role.DESK, frozenset({Role.COMMUNICATIONS}))
DESKS = ("ann", "bob", "cyd", "dan")
INDEXERS = ("ida", "ivo")


def run_at_once(settings: Settings, *work: Sequence[object]) -> None:
    """Run clerks, each in a process of its own; all are told to go when all are there."""
    environment = {
        **os.environ,
        "LIKENESS_HOME": str(settings.home),
        "LIKENESS_DATABASE_URL": settings.database_url,
    }
    clerks = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.contract.clerk", *map(str, words)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for words in work
    ]
    for clerk in clerks:
        assert clerk.stdout is not None
        assert clerk.stdout.readline() == "ready\n", clerk.communicate()[1]
    for clerk in clerks:
        assert clerk.stdin is not None
        clerk.stdin.write("go\n")
        clerk.stdin.flush()
    said = [clerk.communicate(timeout=240)[1] for clerk in clerks]
    assert [clerk.returncode for clerk in clerks] == [0] * len(clerks), "\n".join(said)


@pytest.mark.slow
def test_four_desks_and_two_indexers_at_once_lose_nothing(
    services: Services, tmp_path: Path
) -> None:
    shared, own = tmp_path / "shared", [tmp_path / name for name in INDEXERS]
    for seed in range(40):
        picture(shared / f"{seed}.png", seed)
    for place, folder in enumerate(own):
        for seed in range(20):
            picture(folder / f"{seed}.png", 1000 * (place + 1) + seed)
    event = create_event(services, NewEvent("Author talk", DAY), ANN)
    record_revocation(
        services, NewRevocation("First", Submission(DAY, Method.LETTER), note="Binder 1"), ANN
    )

    run_at_once(
        services.settings,
        *(("desk", name, event.id) for name in DESKS),
        *(("index", name, shared, folder) for name, folder in zip(INDEXERS, own, strict=True)),
    )

    wanted = {f"{name} {place}" for name in DESKS for place in range(TIMES)}
    with services.reading() as unit:
        cases = unit.register.revocations()
        entries = list(unit.audit.entries())
        answers = unit.decisions.consents()
        counts = unit.photos.counts()
    assert [case.number for case in cases] == list(range(1, len(wanted) + 2))
    assert {case.person.name for case in cases[1:]} == wanted
    assert {one.note for one in answers} == wanted
    assert len(answers) == len(wanted)
    # What each desk added to one case stands on what the others had added before.
    assert {one.clothing for one in cases[0].terms.locators} == wanted
    assert len(cases[0].history) == 1 + len(wanted)
    assert (counts["photos"], counts["places"], counts["problems"]) == (80, 80, 0)
    assert verify_log(services).faults == ()
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    written = Counter((entry.action, entry.actor_id) for entry in entries)
    for name in DESKS:
        assert written[Action.VERBAL_CONSENT_RECORDED, name] == TIMES
        assert written[Action.REVOCATION_AMENDED, name] == TIMES
    added = [entry.details["photos"] for entry in entries if entry.actor_id in INDEXERS]
    assert sum(added) == 80


@pytest.mark.slow
def test_of_several_that_start_on_an_empty_database_one_makes_the_tables(
    home: Path, database: str, request: pytest.FixtureRequest
) -> None:
    server: PostgresServer | None = None
    url, name = "", ""
    if database == "postgresql":
        server = request.getfixturevalue("postgres_server")
        name = server.make()
        url = server.url(name)
    settings = Settings(home=home, database_url=url)

    run_at_once(settings, *(("open",) for _ in range(5)))

    engine = create_engine(_checked(settings.url))
    with engine.connect() as connection:
        assert inspect(connection).has_table("revocation")
        versions = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    engine.dispose()
    assert len(versions) == 1
    if server is not None:
        server.drop(name)


def test_who_waits_too_long_is_told_so_and_writes_nothing(
    home: Path, open_services: Callable[..., Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consent.storage.engine._BUSY_MILLISECONDS", 200)
    services = open_services(home=home)
    new = NewRevocation("A. Reader", Submission(DAY, Method.LETTER), note="Binder 3")
    with services.writing() as first:
        assert first.register.revocations() == []
        with pytest.raises(SetupError, match=r"did not do its work.*nobody else is writing"):
            record_revocation(services, new, ANN)
        first.commit()

    assert record_revocation(services, new, ANN).revocation.label == "R-0001"
