"""A database copied as it is at one moment, while it is in use, and looked at."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url

from consent.domain.errors import SetupError
from consent.storage.index_keys import is_sealed_encoding

SQLITE, POSTGRES = "likeness.db", "likeness.dump"
_TOOL_SECONDS = 3600


def copy_database(address: str, folder: Path) -> Path:
    """Copy a database into a folder, and return the file.

    Raises:
        SetupError: it cannot be copied; says what to do.
    """
    url = make_url(address)
    if is_sqlite(address):
        copy = folder / SQLITE
        with (
            closing(sqlite3.connect(str(url.database))) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        return copy
    copy = folder / POSTGRES
    _run("pg_dump", address, "--format=custom", f"--file={copy}")
    return copy


def bring_back(address: str, copy: Path) -> None:
    """Have a server of PostgreSQL hold what a copy holds.

    Raises:
        SetupError: it cannot be done; says what to do.
    """
    _run("pg_restore", address, "--clean", "--if-exists", "--single-transaction", str(copy))


def is_sqlite(address: str) -> bool:
    """Say whether a database is a file of SQLite."""
    return make_url(address).get_backend_name() == "sqlite"


def _run(tool: str, address: str, *words: str) -> None:
    found = shutil.which(tool)
    if found is None:
        raise SetupError(
            f"The database is PostgreSQL, whose program {tool} is not on this computer: install "
            "PostgreSQL's client programs, or have the server's administrator do it."
        )
    url = make_url(address)
    # The password stays out of the list of processes. `URL.set` leaves it in, as ***.
    shown = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    done = subprocess.run(  # noqa: S603
        [found, f"--dbname={shown.render_as_string()}", *words],
        capture_output=True,
        text=True,
        timeout=_TOOL_SECONDS,
        check=False,
        env={**os.environ, **({"PGPASSWORD": url.password} if url.password else {})},
    )
    if done.returncode:
        said = next(iter(done.stderr.strip().splitlines()), str(done.returncode))
        raise SetupError(f"{tool} could not do it ({said}): check that the server is running.")


def keeps_plain_encodings(database: Path) -> bool:
    """Say whether a database of SQLite, put aside, is of a version that encrypted no encodings.

    One that cannot be read may hold them.
    """
    try:
        with closing(sqlite3.connect(database)) as connection:
            named = "SELECT 1 FROM sqlite_master WHERE name = 'face_encoding'"
            if connection.execute(named).fetchone() is None:
                return False
            found = connection.execute("SELECT vector FROM face_encoding LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        return True
    return found is not None and not is_sealed_encoding(found[0])


def look_at(copy: Path) -> tuple[int, int]:
    """Return the register version and the number of cases in a copy of SQLite's.

    Raises:
        ValueError: it is damaged; says how.
    """
    try:
        with closing(sqlite3.connect(copy)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
            if found != "ok":
                raise ValueError(str(found))
            for part, rows in connection.execute("SELECT part, rows FROM register_seal").fetchall():
                (there,) = connection.execute(f'SELECT count(*) FROM "{part}"').fetchone()  # noqa: S608
                if there != rows:
                    raise ValueError(f"{part} has {there} rows and should have {rows}")
            (version,) = connection.execute(
                "SELECT coalesce(max(place), 0) FROM audit_event WHERE changes_register"
            ).fetchone()
            (cases,) = connection.execute("SELECT count(*) FROM revocation").fetchone()
    except sqlite3.DatabaseError as error:
        raise ValueError(str(error)) from error
    return int(version), int(cases)
