"""A PostgreSQL server of the tests' own: made in a folder that is thrown away, on a free port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

USER = "likeness"
# Of a server that lives as long as the tests do; an address must not be upset by such letters.
PASSWORD = "s3cr:t@/home"
_PASSWORD_IN_ADDRESS = "s3cr%3At%40%2Fhome"
_SERVER_USER = "postgres"


class NoServerError(Exception):
    """No server can be started here; says why."""


class PostgresServer:
    """A server with a password, and databases made from one another.

    Attributes:
        port: on 127.0.0.1.
    """

    def __init__(self) -> None:
        programs = _programs()
        # The server refuses to be run by root.
        self._as: dict[str, Any] = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            self._as = {"user": _SERVER_USER, "group": _SERVER_USER, "extra_groups": []}
        self._folder = Path(tempfile.mkdtemp(prefix="likeness-postgres-"))
        self._data = self._folder / "data"
        self._programs = programs
        self._numbers = count(1)
        password = self._folder / "password"
        password.write_text(PASSWORD)
        if self._as:
            try:
                shutil.chown(self._folder, _SERVER_USER, _SERVER_USER)
                shutil.chown(password, _SERVER_USER, _SERVER_USER)
            except LookupError as error:
                shutil.rmtree(self._folder)
                raise NoServerError("root may not run a server, and no user postgres") from error
        # A collation that takes no notice of case and signs, as a library's server may have.
        self._run(
            "initdb",
            f"--pgdata={self._data}",
            f"--username={USER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=icu",
            "--icu-locale=en-US",
            "--no-sync",
        )
        self.start(_free_port())

    def start(self, port: int) -> None:
        """Start it, and wait until it answers."""
        self.port = port
        log = self._folder / "log"
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": self._folder,
            # Nothing needs to outlive the computer.
            "fsync": "off",
            "full_page_writes": "off",
            # Far from ours, so that a moment that is not UTC is noticed.
            "TimeZone": "Pacific/Auckland",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *options],
                stdout=said,
                stderr=said,
                cwd=self._folder,
                **self._as,
            )
        end = time.monotonic() + 30
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it as at once, as by a power cut."""
        self._process.kill()
        self._process.wait(30)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Have all its processes stand still, as on a computer that hangs."""
        # The first of them before the others are listed: it makes no more of them then.
        self._process.send_signal(signal.SIGSTOP)
        listed = subprocess.run(
            ["pgrep", "--parent", str(self._process.pid)],
            capture_output=True,
            text=True,
            check=True,
        )
        others = [int(line) for line in listed.stdout.split()]
        try:
            _send(signal.SIGSTOP, others)
            yield
        finally:
            _send(signal.SIGCONT, others)
            self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        """Stop it and remove all that it kept."""
        # SIGINT: it ends what is going on and goes.
        self._process.send_signal(2)
        self._process.wait(30)
        shutil.rmtree(self._folder)

    def url(self, database: str) -> str:
        """Return the address of a database, as a library would write it."""
        return f"postgresql://{USER}:{_PASSWORD_IN_ADDRESS}@127.0.0.1:{self.port}/{database}"

    def make(self, template: str = "template0", *, encoding: str = "UTF8") -> str:
        """Make a database, empty or a copy of another, and return its name."""
        name = f"test_{next(self._numbers)}"
        locale = "" if encoding == "UTF8" else " LOCALE_PROVIDER libc"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING '{encoding}'{locale}")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever uses it."""
        self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def copy_by_dump(self, source: str, target: str) -> None:
        """Back a database up and restore it into an empty one, with the server's programs."""
        file = self._folder / "backup.dump"
        self._run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={self.url(source)}")
        self._run("pg_restore", "--exit-on-error", f"--dbname={self.url(target)}", str(file))

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as the server's owner, and return the rows if there are any."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(statement)  # type: ignore[call-overload]
            return done.fetchall() if done.description else []

    def _answers(self) -> bool:
        import psycopg

        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *options: str) -> None:
        done = subprocess.run(
            [self._programs / program, *options],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
            **self._as,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)


def _send(what: signal.Signals, processes: list[int]) -> None:
    for process in processes:
        # One whose client has gone may have ended.
        with suppress(ProcessLookupError):
            os.kill(process, what)


def _programs() -> Path:
    """Return the folder of the server's programs: Debian's newest, or those on the path."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = max(debian, key=lambda path: int(path.parts[-3]), default=None)
    program = str(found) if found else shutil.which("initdb")
    if program is None:
        raise NoServerError("no server's programs: apt-get install postgresql")
    return Path(program).parent


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
