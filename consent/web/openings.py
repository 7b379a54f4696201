"""What is open for whom: sockets, Streamlit's sessions, and through these uploads and media."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

# The gate says by it, to what is behind it, in whose session a request came.
SESSION_HEADER = "x-likeness-session"


class Openings:
    """Everything of Streamlit's that is open in a session, so that it ends with it.

    Used on the event loop alone.
    """

    def __init__(self) -> None:
        self._sockets: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        # Streamlit's sessions, by their id: in whose session each was begun.
        self._owners: dict[str, str] = {}
        # Files of pictures and downloads, by the session that they were made for.
        self._shown: defaultdict[str, set[str]] = defaultdict(set)
        # Bytes of uploads that are on their way, by session.
        self._coming: Counter[str] = Counter()

    def watch_over(self, runtime: Runtime) -> None:
        """Have each of Streamlit's sessions belong to the session in which it was begun."""
        self._watch_media(runtime.media_file_mgr)
        connect = runtime.connect_session

        def connect_own(
            client: Any,  # noqa: ANN401 - as Streamlit passes it
            user_info: Any,  # noqa: ANN401 - the same
            existing_session_id: str | None = None,
            session_id_override: str | None = None,
        ) -> str:
            here = dict(client.client_context.headers).get(SESSION_HEADER, "")
            if existing_session_id and self._owners.get(existing_session_id) != here:
                # Somebody else's, or from before this program was started.
                existing_session_id = None
            begun = connect(client, user_info, existing_session_id, session_id_override)
            self._owners[begun] = here
            return begun

        setattr(runtime, "connect_session", connect_own)  # noqa: B010 - a method put over another

    def socket(self, session_id: str) -> asyncio.Event:
        """Count a socket; the event tells it to close."""
        closing = asyncio.Event()
        self._sockets[session_id].add(closing)
        return closing

    def gone(self, session_id: str, closing: asyncio.Event) -> None:
        """Count a socket no more."""
        self._sockets[session_id].discard(closing)
        if not self._sockets[session_id]:
            del self._sockets[session_id]

    def sessions(self) -> set[str]:
        """Return the sessions in which anything is open."""
        return {*self._sockets, *self._owners.values()}

    def close(self, session_id: str) -> None:
        """Close whatever is open in a session: sockets, Streamlit's sessions, uploads, media."""
        for closing in self._sockets.get(session_id, ()):
            closing.set()
        shown = self._shown.pop(session_id, set())
        for begun in [address for address, owner in self._owners.items() if owner == session_id]:
            del self._owners[begun]
            Runtime.instance().close_session(begun)
        for file_id in shown - {file_id for others in self._shown.values() for file_id in others}:
            # Downloads would stay until somebody else's page is drawn.
            Runtime.instance().media_file_mgr._storage.delete_file(file_id)  # noqa: SLF001 - no door

    def owns(self, session_id: str, begun: str) -> bool:
        """Say whether one of Streamlit's sessions was begun in a session."""
        return self._owners.get(begun) == session_id

    def shows(self, session_id: str, file_id: str) -> bool | None:
        """Say whether a picture or download was made for a session; None if there is no such."""
        kept: Any = Runtime.instance().media_file_mgr
        if kept.read_file(file_id) is None:
            return None
        # Streamlit names a file by its content, so that several sessions may show the same.
        return file_id in self._shown.get(session_id, ())

    def _remember(self, address: str, begun: str | None) -> str:
        """Remember for whom a file was made, by one of Streamlit's sessions; return its address."""
        owner = self._owners.get(begun or "")
        if owner is not None:
            self._shown[owner].add(PurePosixPath(address).stem)
        return address

    def _watch_media(self, media: Any) -> None:  # noqa: ANN401 - Streamlit's manager of files
        add, execute = media.add, media.execute_deferred

        def add_own(*given: Any, **named: Any) -> str:  # noqa: ANN401 - as Streamlit passes them
            running = get_script_run_ctx()
            return self._remember(add(*given, **named), running.session_id if running else None)

        def execute_own(file_id: str) -> str:
            # A download that is made when it is asked for belongs to whoever was shown its button.
            asked = media._deferred_callables.get(file_id, {})  # noqa: SLF001 - there is no door
            return self._remember(execute(file_id), asked.get("session_id"))

        media.add, media.execute_deferred = add_own, execute_own

    @contextmanager
    def receiving(self, session_id: str, size: int) -> Iterator[None]:
        """Count an upload while it comes: many at once would each find room for one."""
        self._coming[session_id] += size
        try:
            yield
        finally:
            self._coming[session_id] -= size
            if not self._coming[session_id]:
                del self._coming[session_id]

    def uploaded(self, session_id: str) -> tuple[int, int]:
        """Return the bytes of the uploads that are kept or come: of a session, and of all."""
        sizes = [*self._coming.items(), *self._upload_sizes()]
        return sum(size for owner, size in sizes if owner == session_id), sum(
            size for _, size in sizes
        )

    def _upload_sizes(self) -> Iterator[tuple[str, int]]:
        kept: Any = Runtime.instance().uploaded_file_mgr
        for begun, files in list(kept.file_storage.items()):
            for file in list(files.values()):
                yield self._owners.get(begun, ""), len(file.data)
