"""Killed at each write in turn, and done again: the same as if nothing had happened.

The work is done in a process of its own, which ends itself as by kill -9 before its n-th write: of
a row, of a commit, of a file that is put in its place or removed. A new step is a row of the table.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select
from sqlmodel import SQLModel

from consent.bootstrap import build_services
from consent.cases.change import amend, rescind
from consent.cases.csv_import import import_revocations
from consent.cases.intake import QuestionKind
from consent.cases.open import record_revocation
from consent.cases.references import photo_named, read_reference
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.errors import ConsentError, NotFoundError
from consent.domain.intake import EvidenceFile
from consent.domain.takedowns import TakedownState
from consent.domain.terms import (
    Amendment,
    Locator,
    Method,
    NewRevocation,
    Rescission,
    Submission,
)
from consent.indexing.index import IndexRequest, index_photos
from consent.publishing.record import Posting, record_publications
from consent.retention.dispose import decide_disposal, destroy, propose_disposal
from consent.retention.erase import erase_face
from consent.retention.proof import verify_log
from consent.services import Services
from consent.settings import ROOT, Settings
from consent.takedowns.board import Move, list_takedowns, move_takedown
from tests.conftest import DATABASE
from tests.integration.indexing_cases import picture
from tests.postgres_server import PostgresServer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the work is done in a fork"),
]

SAMPLES = ROOT / "data" / "samples" / "originals"
DESK = Actor("d.desk", Role.DESK, frozenset(Role))
RECORDS = Actor("r.records", Role.RECORDS)
LETTER = EvidenceFile("letter.txt", b"Please do not use photos of me.")
OTHER_LETTER = EvidenceFile("other.txt", b"No photos of me either.")
EVERY = frozenset(QuestionKind)
# What is noted of work and of the computer, which may be noted in other pieces.
NOT_COMPARED = {"job", "job_part", "audit_event", "log_row", "home_mark", "sealed_key"}
SECONDS = 60
LETTERS_OF_A_NAME = 64

Work = Callable[[Services], object]


def _letter(services: Services) -> Submission:
    return Submission(services.today(), Method.LETTER, evidence=[LETTER])


def revoke(services: Services) -> None:
    face = read_reference(services, str(SAMPLES / "biden.jpg"))
    letter = Submission(services.today(), Method.LETTER, evidence=[OTHER_LETTER])
    new = NewRevocation("B. Reader", letter, references=[face], keep_face=True)
    record_revocation(services, new, DESK)


def change(services: Services) -> None:
    said = Amendment("More was said.", _letter(services), locators=[Locator(clothing="a hat")])
    amend(services, "R-0001", said, DESK)


def take_back(services: Services) -> None:
    rescind(services, "R-0001", Rescission(_letter(services), "Zebulon Quirk"), DESK)


def take_in(services: Services) -> None:
    file = services.settings.home.parent / "old.csv"
    file.write_text(
        "name,received,note\nC. Reader,2024-05-01,Binder\nD. Reader,2024-05-02,Binder\n"
    )
    import_revocations(services, file, DESK)


def publish(services: Services) -> None:
    photo = photo_named(services, str(SAMPLES / "coffee.png"))
    use = services.policy.use("facebook")
    posting = Posting(use, services.today(), "https://facebook.com/p/9")
    record_publications(services, [photo], posting, DESK)


def index(services: Services) -> None:
    photo = picture(services.settings.home.parent / "new" / "photo.png", 1)
    index_photos(services, IndexRequest([photo], jobs=1), DESK)


def take_down(services: Services) -> None:
    seen = list_takedowns(services, DESK)[0].takedown
    move_takedown(services, seen.label, Move(TakedownState.DELETED, "Gone when I looked."), DESK)


def erase(services: Services) -> None:
    erase_face(services, "R-0001", "Asked to at the desk.", DESK)


def much_later(services: Services) -> Services:
    now, days = services.now, services.policy.evidence_days
    return replace(services, now=lambda: now() + timedelta(days=days + 2))


def ended_and_approved(services: Services) -> None:
    take_back(services)
    later = much_later(services)
    due = propose_disposal(later, RECORDS)
    decide_disposal(later, due.label, "RC-075, 7 May", RECORDS, approved=True)


def dispose(services: Services) -> None:
    destroy(much_later(services), "D-0001", RECORDS)


# The work, and what comes before it.
STEPS: dict[str, tuple[Work, Work]] = {
    "revoke": (revoke, lambda _: None),
    "amend": (change, lambda _: None),
    "withdraw": (take_back, lambda _: None),
    "import": (take_in, lambda _: None),
    "publish": (publish, lambda _: None),
    "index": (index, lambda _: None),
    "take down": (take_down, lambda _: None),
    "erase": (erase, lambda _: None),
    "dispose": (dispose, ended_and_approved),
}


class Home:
    """A data home with its database, and what copies both."""

    def __init__(self, path: Path, server: PostgresServer | None, database: str = "") -> None:
        self.path, self._server, self.database = path, server, database

    def open(self) -> Services:
        url = self._server.url(self.database) if self._server else ""
        return build_services(Settings(home=self.path, database_url=url))

    @contextmanager
    def copied(self, path: Path) -> Iterator[Home]:
        shutil.copytree(self.path, path, symlinks=True)
        database = self._server.make(self.database) if self._server else ""
        try:
            yield Home(path, self._server, database)
        finally:
            shutil.rmtree(path)
            if self._server:
                self._server.drop(database)


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """A photo of somebody is out, and they have revoked since."""
    path, server, database = tmp_path / "base", None, ""
    if request.param == "sqlite":
        indexed = request.getfixturevalue("samples_indexed_once")
    else:
        server = request.getfixturevalue("postgres_server")
        indexed, template = request.getfixturevalue("samples_indexed_in_postgres")
        database = server.make(template)
    shutil.copytree(indexed, path, symlinks=True)
    home = Home(path, server, database)
    services = home.open()
    use = services.policy.use("facebook")
    photo = photo_named(services, str(SAMPLES / "obama2.jpg"))
    day = services.today() - timedelta(days=3)
    posting = Posting(use, day, "https://facebook.com/p/1", already_out=True)
    record_publications(services, [photo], posting, DESK)
    face = read_reference(services, str(SAMPLES / "obama.jpg"))
    letter = Submission(services.today(), Method.LETTER, evidence=[LETTER])
    new = NewRevocation("Zebulon Quirk", letter, references=[face], keep_face=True)
    record_revocation(services, new, DESK, confirmed=EVERY)
    check_photos(services, [SAMPLES / "coffee.png"], use, DESK)
    services.close()
    return home


def kill_at(number: int, home: Path) -> None:
    """Have this process end before its n-th write."""
    count = 0

    def write() -> None:
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def of_a_row(_c: object, _k: object, statement: str, *_more: object) -> None:
        if statement.split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            write()

    def of_a_file(happening: str, words: tuple) -> None:
        if happening in {"os.rename", "os.link", "os.remove"} and str(words[0]).startswith(
            str(home)
        ):
            write()

    event.listen(Engine, "before_cursor_execute", of_a_row)
    event.listen(Engine, "commit", lambda _connection: write())
    sys.addaudithook(of_a_file)


def is_killed(home: Home, work: Work, number: int) -> bool:
    """Do the work in a fork that is killed at its n-th write; say whether it came so far."""
    with warnings.catch_warnings():
        # From Python 3.12 on; what other threads hold here is not used there.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            signal.alarm(SECONDS)
            services = home.open()
            kill_at(number, home.path)
            work(services)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, -signal.SIGKILL}, f"it ended with {code} at write {number}"
    return code != 0


def can_read(services: Services, name: str) -> bool:
    try:
        services.vault.get(name)
    except NotFoundError:
        return False
    return True


def thumbnails_of(home: Path) -> set[str]:
    return {path.stem for path in (home / "thumbnails").rglob("[!.]*.jpg")}


def require_thumbnails(services: Services, kept: set[str]) -> None:
    """Require that each belongs to a photo, and that what was there before is."""
    small = thumbnails_of(services.settings.home)
    with services.reading() as unit:
        assert small <= unit.photos.known(small)
    assert kept <= small


def standing(services: Services) -> dict[str, object]:
    """Return what is known, by what would be the same if it was entered again."""
    with services.reading() as unit:
        assert unit.seal.losses() == []
        assert not unit.jobs.owed()
        assert not unit.jobs.owed_removals()
        rows = {
            name: unit._session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in SQLModel.metadata.tables.items()
            if name not in NOT_COMPARED
        }
        today = services.today()
        cases = {case.label: case.state(today) for case in unit.register.revocations()}
        named = {
            name
            for case in unit.register.revocations()
            for name, *_ in unit.register.evidence_of(case.id)
        }
    assert verify_log(services).faults == ()
    files = [path for path in services.settings.vault.rglob("*") if path.is_file()]
    # What was half written goes at a start of an hour later.
    kept = {path.name for path in files if not path.name.startswith(".draft-")}
    assert {name for name in kept if not can_read(services, name)} == set()
    assert {name for name in named if len(name) == LETTERS_OF_A_NAME} <= kept
    small = len(list(services.settings.thumbnails.rglob("[!.]*.jpg")))
    moved = {card.takedown.label: card.takedown.state for card in list_takedowns(services, DESK)}
    return {"rows": rows, "cases": cases, "takedowns": moved, "files": [len(kept), small]}


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_write_and_done_again(step: str, base: Home, tmp_path: Path) -> None:
    work, before = STEPS[step]
    services = base.open()
    before(services)
    services.close()
    with base.copied(tmp_path / "without") as home:
        services = home.open()
        work(services)
        without = standing(services)
        services.close()
        forgotten = thumbnails_of(base.path) - thumbnails_of(home.path)

    before_it = thumbnails_of(base.path)
    number, killed = 0, True
    while killed:
        number += 1
        with base.copied(tmp_path / f"killed-{number}") as home:
            killed = is_killed(home, work, number)
            services = home.open()
            require_thumbnails(services, before_it - forgotten)
            # What is done already says so.
            with suppress(ConsentError):
                work(services)
            assert standing(services) == without, f"{step}, killed at write {number}"
            services.close()
    assert number > 5
    assert (base.path / DATABASE).exists() or base.database
