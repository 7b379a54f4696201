"""Connections to PostgreSQL that do not wait for ever for a server that has stopped answering.

A statement may take long, and a server that is paused, or whose computer hangs, says nothing: from
here both look the same. So after a while a second connection is tried. While the server takes it,
the statement is waited for; if not, the first connection is cut, which ends the waiting.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

# So long nothing is asked. With the time that a new connection may take, all stays within a minute.
PATIENCE_SECONDS = 10.0
_PROBE_SECONDS = 10
SILENT_SECONDS = 5.0
_TICK_SECONDS = 1.0


@cache
def watched() -> type[Connection]:
    """Return the class of connections that are cut when the server does not answer any more.

    Raises:
        ImportError: PostgreSQL's driver is not there.
    """
    # Imported here: without PostgreSQL its driver need not be there.
    import psycopg  # noqa: PLC0415

    class WatchedConnection(psycopg.Connection[Any]):
        @classmethod
        def connect(cls, *args: Any, **words: Any) -> WatchedConnection:  # noqa: ANN401 - see below
            server = _server(words)
            if _silence.is_sure(server):
                raise psycopg.errors.ConnectionTimeout("connection timeout expired")
            try:
                return super().connect(*args, **words)
            except psycopg.errors.ConnectionTimeout:
                _silence.note(server)
                raise

        def wait(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as of the driver
            _watch.begin(self)
            try:
                return super().wait(*args, **kwargs)
            finally:
                _watch.end(self)

    return WatchedConnection


class _Silence:
    """Which servers did not answer: for some seconds they are not waited for again.

    A page asks for many things, and would wait for each.
    """

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def note(self, server: str) -> None:
        self._since[server] = time.monotonic()

    def is_sure(self, server: str) -> bool:
        since = self._since.get(server)
        return since is not None and time.monotonic() - since < SILENT_SECONDS


class _Watch:
    """Looks at the connections that wait, in a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: dict[Connection, float] = {}
        self._thread: threading.Thread | None = None

    def begin(self, connection: Connection) -> None:
        with self._lock:
            self._since[connection] = time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_on, daemon=True)
                self._thread.start()

    def end(self, connection: Connection) -> None:
        with self._lock:
            self._since.pop(connection, None)

    def _look_on(self) -> None:
        while True:
            time.sleep(_TICK_SECONDS)
            for connection in self._long():
                if _answers(connection):
                    self._ask_again_later(connection)
                else:
                    _silence.note(_server(connection.info.get_parameters()))
                    self._cut(connection)

    def _long(self) -> list[Connection]:
        until = time.monotonic() - PATIENCE_SECONDS
        with self._lock:
            return [connection for connection, since in self._since.items() if since < until]

    def _ask_again_later(self, connection: Connection) -> None:
        with self._lock:
            if connection in self._since:
                self._since[connection] = time.monotonic()

    def _cut(self, connection: Connection) -> None:
        with self._lock:
            if connection not in self._since:
                return
            with socket.socket(fileno=os.dup(connection.fileno())) as same:
                same.shutdown(socket.SHUT_RDWR)


def _server(words: Mapping[str, Any]) -> str:
    return f"{words.get('host')}:{words.get('port')}"


def _answers(connection: Connection) -> bool:
    import psycopg  # noqa: PLC0415 - see above

    where: dict[str, Any] = dict(connection.info.get_parameters())
    where["connect_timeout"] = str(_PROBE_SECONDS)
    try:
        psycopg.connect(**where, password=connection.info.password).close()
    except psycopg.errors.ConnectionTimeout:
        return False
    except psycopg.OperationalError:
        # Refused, which is an answer, too: who waits is told by its own connection.
        return True
    return True


_silence = _Silence()
_watch = _Watch()
