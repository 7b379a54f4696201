"""The register on a server: what can go wrong with it is a sentence, and nothing is lost."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from consent import cli
from consent.bootstrap import services_from_environment
from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.errors import SetupError
from consent.domain.terms import Method, NewRevocation, Submission
from consent.retention.proof import verify_log
from consent.services import Services
from consent.settings import without_password
from consent.status import read_status
from consent.storage import engine, paused_server
from consent.storage.engine import open_database
from tests.contract.photo_cases import add, fingerprint
from tests.integration.indexing_cases import EVENT
from tests.postgres_server import PASSWORD, PostgresServer
from tests.staff import ANYBODY

OpenServices = Callable[..., Services]
ANN = Actor("ann", Role.DESK, frozenset({Role.COMMUNICATIONS}))
NEW = NewRevocation("Zebulon Quirk", Submission(EVENT.held_on, Method.LETTER), note="Binder 3")


@pytest.fixture
def database() -> str:
    """Only what is PostgreSQL's own is tried here."""
    return "postgresql"


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that the test may stop."""
    server = PostgresServer()
    yield server
    server.remove()


def refused(url: str) -> str:
    """The sentence, which never holds the password."""
    with pytest.raises(SetupError) as said:
        open_database(url)
    assert "s3cr" not in str(said.value)
    return str(said.value)


def test_without_the_driver_the_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    said = refused("postgresql://lib:s3cr@127.0.0.1/likeness")

    assert "driver is missing" in said
    assert f'{sys.executable} -m pip install "psycopg[binary]"' in said


@pytest.mark.parametrize(
    "url", ["mysql://lib:s3cr@h/d", "postgresql+psycopg2://lib:s3cr@h/d", "oracle://lib:s3cr@h/d"]
)
def test_another_database_is_refused_since_writers_would_not_wait(url: str):
    assert "is not supported: write postgresql://USER@HOST/DATABASE" in refused(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://lib@h/d?password=s3cr",
        "postgresql://h/d?user=lib&password=s3cr&sslmode=require",
        "postgresql://lib:s3cr@h/d?password=s3cr",
    ],
)
def test_no_password_is_shown_wherever_it_stands(url: str):
    assert "s3cr" not in without_password(url)
    assert without_password(url).count("***") == url.count("s3cr")


@pytest.mark.postgres
def test_a_server_that_is_down_is_a_sentence():
    said = refused("postgresql://lib:s3cr@127.0.0.1:1/likeness")

    assert "check that the server runs" in said
    assert "postgresql://lib:***@127.0.0.1:1/likeness" in said


@pytest.mark.postgres
def test_a_wrong_password_is_a_sentence(postgres_server: PostgresServer):
    right = postgres_server.url("postgres")
    wrong = right.replace("home@", "away@")

    said = refused(wrong)

    assert wrong != right
    assert "password authentication failed" in said
    assert "password in LIKENESS_DATABASE_URL are right" in said


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_a_sentence(postgres_server: PostgresServer):
    said = refused(postgres_server.url("nowhere"))

    assert '"nowhere" does not exist' in said


@pytest.mark.postgres
def test_who_may_not_make_tables_is_told_whose_the_database_must_be(
    postgres_server: PostgresServer,
):
    name = postgres_server.make()
    postgres_server.execute("CREATE ROLE clerk LOGIN PASSWORD 's3cr'")
    url = f"postgresql://clerk:s3cr@127.0.0.1:{postgres_server.port}/{name}"

    said = refused(url)

    assert "its owner must be the user that the address names" in said


@pytest.mark.postgres
def test_a_database_that_keeps_bytes_instead_of_letters_is_refused(
    postgres_server: PostgresServer,
):
    said = refused(postgres_server.url(postgres_server.make(encoding="SQL_ASCII")))

    assert "encoding is SQL_ASCII" in said
    assert "createdb --encoding=UTF8" in said


@pytest.mark.postgres
@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_address_may_be_written_as_people_write_it(
    services: Services, open_services: OpenServices, scheme: str
):
    _, _, rest = services.settings.database_url.partition("://")
    opened = open_services(home=services.settings.home, database_url=f"{scheme}://{rest}")

    assert read_status(opened, ANYBODY).database.startswith("PostgreSQL ")


@pytest.mark.postgres
def test_the_status_says_which_database_without_the_password(services: Services):
    record_revocation(services, NEW, ANN)

    found = read_status(services, ANYBODY)

    shown = f"{found.to_dict()} {found.sections()}"
    assert found.log_broken_at is None
    assert found.to_dict()["database"] == found.database
    assert ("kept in", found.database) in dict(found.sections())["Register"]
    assert "://likeness:***@127.0.0.1" in found.settings["LIKENESS_DATABASE_URL"]
    assert PASSWORD not in shown
    assert "s3cr" not in shown


@pytest.mark.postgres
def test_a_reading_unit_can_change_nothing(services: Services):
    def write() -> None:
        with services.reading() as unit:
            unit.photos.add([fingerprint(1)], services.now())
            unit.commit()

    with pytest.raises(DBAPIError, match="read-only transaction"):
        write()


@pytest.mark.postgres
def test_a_server_started_anew_is_found_again_and_a_lost_step_is_a_sentence(
    home: Path, open_services: OpenServices, own_server: PostgresServer
):
    server = own_server
    services = open_services(home=home, database_url=server.url(server.make()))
    record_revocation(services, NEW, ANN)

    def interrupted() -> None:
        with services.writing() as unit:
            assert unit.register.next_number() == 2
            server.stop()
            add(services, fingerprint(1))

    with pytest.raises(SetupError, match="See that the server runs"):
        interrupted()
    with (
        pytest.raises(SetupError, match="See that the server runs"),
        services.reading() as unit,
    ):
        unit.register.revocations()
    server.start(server.port)

    again = NewRevocation("A. Reader", Submission(EVENT.held_on, Method.LETTER), note="Binder 4")
    assert record_revocation(services, again, ANN).revocation.label == "R-0002"
    assert verify_log(services).faults == ()


@pytest.mark.postgres
@pytest.mark.usefixtures("environment")
@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGSTOP")
def test_a_server_that_is_paused_ends_in_a_sentence_within_a_minute(
    own_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    """The bounds are shorter here, and stay in the same proportion to a minute."""
    monkeypatch.setattr(paused_server, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(paused_server, "_PROBE_SECONDS", 2)
    monkeypatch.setattr(paused_server, "_TICK_SECONDS", 0.1)
    monkeypatch.setattr(paused_server, "SILENT_SECONDS", 0.0)
    monkeypatch.setattr(engine, "_CONNECT_SECONDS", 2)
    monkeypatch.setenv("LIKENESS_DATABASE_URL", own_server.url(own_server.make()))
    services_from_environment.cache_clear()
    services = services_from_environment()
    record_revocation(services, NEW, ANN)
    photo = tmp_path / "broken.jpg"
    photo.write_bytes(b"\xff\xd8\xff")

    def write() -> None:
        with services.writing() as unit:
            assert unit.register.next_number() == 2
            with own_server.paused():
                unit.register.revocations()

    begun = time.monotonic()
    with pytest.raises(SetupError, match=r"was lost .* see in the register"):
        write()
    with own_server.paused():
        for open_unit in (services.reading, services.writing):
            with pytest.raises(SetupError, match="See that the server runs"), open_unit() as unit:
                unit.register.revocations()
        with pytest.raises(SetupError, match="check that the server runs"):
            open_database(services.settings.url)
        monkeypatch.setattr(sys, "argv", ["likeness", "check", str(photo), "--use", "facebook"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 3
        assert "See that the server runs" in capsys.readouterr().err
    assert time.monotonic() - begun < 30

    with services.reading() as unit:
        assert [case.label for case in unit.register.revocations()] == ["R-0001"]


@pytest.mark.postgres
def test_a_long_statement_of_a_server_that_answers_is_waited_for(
    home: Path,
    open_services: OpenServices,
    own_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(paused_server, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(paused_server, "_TICK_SECONDS", 0.1)
    services = open_services(home=home, database_url=own_server.url(own_server.make()))
    with services.reading() as unit:
        unit._session.execute(text("SELECT pg_sleep(1)"))
        assert unit.register.revocations() == []


@pytest.mark.postgres
def test_a_writer_that_dies_lets_the_next_one_write(
    services: Services, postgres_server: PostgresServer
):
    name = services.settings.database_url.rpartition("/")[2]

    def dies() -> None:
        with services.writing() as unit:
            assert unit.register.next_number() == 1
            postgres_server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d "
                f"ON d.oid = database WHERE locktype = 'advisory' AND datname = '{name}'"
            )
            unit.register.next_number()

    with pytest.raises(SetupError, match="was lost"):
        dies()

    start = time.monotonic()
    assert record_revocation(services, NEW, ANN).revocation.label == "R-0001"
    assert time.monotonic() - start < 10


@pytest.mark.postgres
def test_a_dump_restored_is_the_same_register(
    services: Services, open_services: OpenServices, postgres_server: PostgresServer
):
    add(services, fingerprint(1), fingerprint(2))
    record_revocation(services, NEW, ANN)
    name = services.settings.database_url.rpartition("/")[2]
    copy = postgres_server.make()

    postgres_server.copy_by_dump(name, copy)

    restored = open_services(home=services.settings.home, database_url=postgres_server.url(copy))
    with services.reading() as before, restored.reading() as after:
        assert list(after.audit.entries()) == list(before.audit.entries())
        assert after.register.revocations() == before.register.revocations()
        assert after.photos.counts() == before.photos.counts()
        assert after.photos.tokens("") == before.photos.tokens("")
    # The numbers go on where they were.
    other = NewRevocation("A. Reader", Submission(EVENT.held_on, Method.LETTER), note="Binder 4")
    assert record_revocation(restored, other, ANN).revocation.label == "R-0002"
    add(restored, fingerprint(3))
