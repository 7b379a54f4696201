"""The database's connections: opened, made ready for several processes, and brought up to date.

SQLite for one computer, PostgreSQL for several. Both are asked for the same two things: writers
wait for one another, and a reader sees one moment.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any, TypeGuard

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from consent.domain.errors import SetupError
from consent.settings import ROOT, without_password
from consent.storage.keys import KeyPlace, key_id_in, require_key, say_whose
from consent.storage.paused_server import watched
from consent.storage.sealed import KeyRing
from media_index.errors import DamagedRowError
from media_index.files.atomic import private_file

MIGRATIONS = ROOT / "consent" / "storage" / "migrations"
# A writer waits this long for another before it gives up.
_BUSY_MILLISECONDS = 30_000
# A server that does not answer is given up after this.
_CONNECT_SECONDS = 10
POSTGRES = "postgresql"
# What people and other programs write for PostgreSQL; the driver is ours to choose.
_POSTGRES_NAMES = {"postgres", "postgresql", "postgresql+psycopg"}
# What to do about a file of SQLite, by how the name of its error begins.
_STEPS = {
    "SQLITE_NOTADB": "the file is damaged or no database at all; put a backup in its place",
    "SQLITE_CORRUPT": "the file is damaged; put a backup in its place",
    "SQLITE_FULL": "make room on the disk, and try again",
    "SQLITE_IOERR": "see that the disk can be reached and has room, and try again",
    "SQLITE_READONLY": "see that this account has permission to write the file and its folder",
    "SQLITE_PERM": "see that this account has permission to read and write the file",
    "SQLITE_CANTOPEN": "check that its folder is there, that this account has permission to read "
    "and write in it, and that the disk has room",
}
# Under this name the keys of a home go with its engine.
KEYS, RING = "likeness_keys", "likeness_ring"
# Any number, the same for every writer of this program.
_WRITERS = 7_031_859
# The alive messages are for a desk whose computer was switched off while it wrote: without them
# the server would keep its lock for two hours.
_SESSION = (
    ("TimeZone", "'UTC'"),
    ("tcp_keepalives_idle", 30),
    ("tcp_keepalives_interval", 10),
    ("tcp_keepalives_count", 3),
)


def open_database(url: str, place: KeyPlace | None = None) -> Engine:
    """Open the database, kept by the key that is at a place, and run the migrations it lacks.

    Without a place, nothing can be logged in it.

    Raises:
        SetupError: the address is wrong, the driver is missing, the database cannot be reached or
            used, or a newer version of this program has changed it.
    """
    engine = _engine(_checked(url))
    try:
        if place is None:
            migrate(engine)
        else:
            keys, master = require_key(engine, place)
            migrate(engine)
            own = say_whose(engine, keys, master)
            engine = engine.execution_options(**{KEYS: own, RING: KeyRing(own)})
    except DatabaseError as error:
        engine.dispose()
        raise SetupError(_what_is_wrong(url, error)) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def key_of_home(url: str) -> str:
    """Return the id of the key by which a database is kept; empty where there is none of either.

    Raises:
        SetupError: the database cannot be reached or used.
    """
    checked = _checked(url)
    if checked.get_backend_name() == "sqlite" and not Path(checked.database or "").exists():
        return ""
    engine = _engine(checked)
    try:
        return key_id_in(engine)
    except DatabaseError as error:
        raise SetupError(_what_is_wrong(url, error)) from error
    finally:
        engine.dispose()


def _checked(url: str) -> URL:
    """Return the address with our driver in it.

    Raises:
        SetupError: it is no address, or one of a database that is not supported.
    """
    try:
        found = make_url(url)
    except ArgumentError as error:
        raise SetupError(f"LIKENESS_DATABASE_URL is not a database address ({error}).") from error
    if found.get_backend_name() == "sqlite":
        return found
    if found.drivername not in _POSTGRES_NAMES:
        raise SetupError(
            f"LIKENESS_DATABASE_URL asks for {found.drivername}, which is not supported: write "
            "postgresql://USER@HOST/DATABASE, or leave it empty for SQLite in the data home."
        )
    return found.set(drivername="postgresql+psycopg")


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, json_deserializer=_read_json)
        _make_private(url)
        _prepare_sqlite(engine)
        return engine
    if "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(_CONNECT_SECONDS)})
    try:
        # Pinged: the server may have been started anew since a connection was last used. UTF-8 is
        # asked for, since a server without an encoding gives bytes instead of text.
        engine = create_engine(
            url,
            pool_pre_ping=True,
            connect_args={"client_encoding": "utf8"},
            json_deserializer=_read_json,
        )
    except ImportError as error:
        raise SetupError(
            f"PostgreSQL's driver is missing ({error}). Install it: "
            f'{sys.executable} -m pip install "psycopg[binary]"'
        ) from error
    event.listen(engine, "do_connect", _connect_watched)
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _make_private(url: URL) -> None:
    """Make the file that is missing; SQLite gives its journals the permissions of the database."""
    if not url.database or url.database == ":memory:":
        return
    # What stands in the way is said when the database is opened.
    with contextlib.suppress(OSError), private_file(Path(url.database)):
        pass


def _read_json(content: str | bytes) -> object:
    try:
        return json.loads(content)
    except ValueError as error:
        raise DamagedRowError("a column of JSON") from error


def migrate(engine: Engine) -> None:
    """Bring the schema up to date; of several processes one does it, the others wait.

    Raises:
        SetupError: a newer version of this program has changed the database, or the database
            cannot keep every letter.
    """
    with engine.execution_options(writing=False).connect() as connection:
        _require_utf8(connection)
        if _revision(connection) == newest_revision():
            return
    # Imported here: it takes a sixth of a second, and nearly every database is up to date.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        wait_for_writers(connection)
        config.attributes["connection"] = connection
        try:
            # Does nothing if another process has been quicker.
            command.upgrade(config, "head")
        except CommandError as error:
            raise SetupError(
                f"The database {without_password(str(engine.url))} was changed by a newer version "
                f"of this program ({error}): update the program on this computer."
            ) from error


def newest_revision() -> str:
    """Return the revision of the newest migration, which its file's name begins with."""
    files = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return max(file.name.partition("_")[0] for file in files)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _require_utf8(connection: Connection) -> None:
    if connection.dialect.name != POSTGRES:
        return
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise SetupError(
            f"The database's encoding is {encoding}, which cannot keep every name: make it again "
            "with createdb --encoding=UTF8 --template=template0."
        )


def wait_for_writers(connection: Connection | Session) -> None:
    """Let nobody else write before this transaction has ended.

    On SQLite the transaction was begun so; on PostgreSQL it takes the lock of all writers.
    """
    bind = connection.get_bind() if hasattr(connection, "get_bind") else connection
    if bind.dialect.name == POSTGRES:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})


def empty_journal(engine: Engine) -> None:
    """Write SQLite's journal into the database and cut it off: it keeps what was removed.

    Waits for whoever reads. PostgreSQL's server takes dead rows away by itself.

    Raises:
        SetupError: others read for too long; what was removed may stand in the journal until then.
    """
    if engine.dialect.name == POSTGRES:
        return
    with engine.connect() as connection:
        # Outside a transaction: a checkpoint cannot be made in one.
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - an open connection has one
        busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise SetupError(
            "The erased data is gone from the database, but not yet from its journal, because "
            "the journal was in use: run likeness purge when nobody is working."
        )


def for_units(engine: Engine, *, writing: bool) -> Engine:
    """Return the engine whose transactions are those of a unit of work.

    A reader sees the moment at which it began. A writer sees, after it has waited, what the one
    before it has written; nobody else writes meanwhile.
    """
    if engine.dialect.name != POSTGRES:
        return engine.execution_options(writing=writing)
    return engine.execution_options(
        isolation_level="READ COMMITTED" if writing else "REPEATABLE READ",
        postgresql_readonly=not writing,
    )


def server_name(session: Session) -> str:
    """Return the database's kind and version, such as "PostgreSQL 15.18"."""
    dialect = session.get_bind().dialect
    names = {"sqlite": "SQLite", POSTGRES: "PostgreSQL"}
    version = ".".join(str(part) for part in dialect.server_version_info or ())
    return f"{names[dialect.name]} {version}"


def failed_by_itself(error: BaseException | None) -> TypeGuard[DBAPIError]:
    """Say whether the database failed, and not what it was asked: gone, busy, full or damaged."""
    # SQLite calls a damaged file a DatabaseError, which is also the parent of mistakes of ours.
    return isinstance(error, OperationalError) or type(error) is DatabaseError


def what_failed(error: DBAPIError) -> str:
    """Return the sentence for a transaction that failed, and what to do next."""
    if error.connection_invalidated:
        return (
            f"The connection to the database was lost ({_first_line(error)}): see in the register "
            "whether this step was kept before you try again."
        )
    if step := _step_for(error):
        return (
            f"The database did not do its work ({_first_line(error)}): nothing of this step was "
            f"kept; {step}."
        )
    server = "the server runs, " if type(error.orig).__module__.startswith("psycopg") else ""
    return (
        f"The database did not do its work ({_first_line(error)}): nothing of this step was kept. "
        f"See that {server}nobody else is writing for long and the disk is not full, and try again."
    )


def _what_is_wrong(url: str, error: DBAPIError) -> str:
    """Return the sentence for a database that cannot be opened."""
    shown, said = without_password(url), _first_line(error)
    code = getattr(error.orig, "sqlstate", None)
    if code == "42501":
        return (
            f"The database {shown} cannot be used ({said}): its owner must be the user that the "
            "address names."
        )
    if make_url(url).get_backend_name() == "sqlite":
        step = _step_for(error) or "check that it is there, and that nobody else holds it"
        return f"The database {shown} cannot be used ({said}): {step}."
    return (
        f"The database {shown} cannot be used ({said}): check that the server runs, and that "
        "host, database, user and password in LIKENESS_DATABASE_URL are right."
    )


def _step_for(error: DBAPIError) -> str:
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    return next((step for code, step in _STEPS.items() if name.startswith(code)), "")


def _first_line(error: DBAPIError) -> str:
    return next(iter(str(error.orig).strip().splitlines()), type(error.orig).__name__)


def _connect_watched(
    _dialect: object, _record: object, args: tuple[Any, ...], words: dict[str, Any]
) -> object:
    return watched().connect(*args, **words)


def _prepare_postgres(connection: Any, _record: object) -> None:  # noqa: ANN401 - of the driver
    """Set what every connection needs."""
    settings = (*_SESSION, ("lock_timeout", _BUSY_MILLISECONDS))
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET {name} = {value}" for name, value in settings))
    # What was set is kept, whatever becomes of the first transaction.
    connection.commit()


def _prepare_sqlite(engine: Engine) -> None:
    """Set what SQLite needs to serve several processes, and let us begin transactions."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
        # The driver would begin transactions by itself, and too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy hands it over untyped
        writing = connection.get_execution_options().get("writing", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
