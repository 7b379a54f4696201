"""Files that belong to cases: letters, proofs and face crops, each encrypted by its owner's key.

A file's name is made of what it holds, and of whose it is, by a key: nobody without that key can
tell whether a letter that they guess is there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from consent.domain.errors import NotFoundError, SetupError
from consent.storage.file_steps import keep, remove
from consent.storage.keys import HomeKeys
from consent.storage.sealed import HOME, KeyRing, at_work
from media_index.files.atomic import by_content, write_once
from media_index.files.seal import Seal

_NAME = re.compile(r"[0-9a-f]{64}")
_MARK = b"likeness vault 1\n"
_OWNER_BYTES = 32
# Of a name, these letters are of the content, and the rest of the owner.
_OF_CONTENT = 40
_BEING_SEALED = "being-sealed"


class Vault(Protocol):
    """Keeps bytes by what they are, each by the key of its owner."""

    def put(self, content: bytes, owner: str = HOME) -> str:
        """Keep bytes of a person and return their name; the same bytes are kept once for each."""
        ...

    def get(self, name: str) -> bytes:
        """Return bytes kept before.

        Raises:
            NotFoundError: nothing of that name is kept, or its owner's key was destroyed.
        """
        ...

    def erase(self, name: str) -> None:
        """Remove bytes kept before; nothing happens if they are gone already."""
        ...

    def beginning_of(self, content: bytes) -> str:
        """Return how the names of these bytes begin, whoever's they are."""
        ...


class SealedVault:
    """A folder of encrypted files that only its owner may read."""

    def __init__(self, folder: Path, keys: HomeKeys, ring: KeyRing, engine: Engine) -> None:
        """Keep files in a folder, made at the first use."""
        self._folder, self._keys, self._ring, self._engine = folder, keys, ring, engine

    def put(self, content: bytes, owner: str = HOME) -> str:
        """Keep bytes; see `Vault`."""
        of_owner = self._keys.seal.name_for(f"owner {owner}")
        name = self.beginning_of(content) + of_owner[: 64 - _OF_CONTENT]
        with self._connection() as connection:
            seal = self._ring.made(owner, connection)
        head = _MARK + owner.encode().ljust(_OWNER_BYTES)
        path = self._path(name)
        # What a destroyed key, or none that was kept, has sealed is of no use.
        if path.exists() and self._opened(path.read_bytes(), name) is None:
            path.unlink()
        keep(path, head + seal.sealed(content, name), self._folder)
        return name

    def get(self, name: str) -> bytes:
        """Return bytes; see `Vault`."""
        try:
            content = self._opened(self._path(name).read_bytes(), name)
        except FileNotFoundError:
            content = None
        if content is None:
            raise NotFoundError(
                "A file of the case is missing: use the paper original, or ask your IT to "
                f"restore it from the backup ({name[:12]}...)."
            )
        return content

    def erase(self, name: str) -> None:
        """Remove bytes; see `Vault`."""
        remove(self._path(name))

    def beginning_of(self, content: bytes) -> str:
        """Return how names begin; see `Vault`."""
        return self._keys.seal.name_for(content)[:_OF_CONTENT]

    def sealed_from_plain(self, name: str, owner: str) -> str:
        """Encrypt a file that an older version kept as it was, and return its name now."""
        path = self._path(name)
        if not path.exists() or (content := path.read_bytes()).startswith(_MARK):
            return name
        # Until it is known that the database names the new one, the old one stays.
        write_once(self._folder / _BEING_SEALED, b"")
        return self.put(content, owner)

    def remove_plain(self, kept: Collection[str] = ()) -> None:
        """Remove what older versions kept as it was, now that all of it is encrypted."""
        if not (self._folder / _BEING_SEALED).exists():
            return
        for path in self._folder.glob("??/*"):
            with path.open("rb") as file:
                if file.read(len(_MARK)) != _MARK and path.name not in kept:
                    path.unlink()
        (self._folder / _BEING_SEALED).unlink()

    def _opened(self, stored: bytes, name: str) -> bytes | None:
        if not stored.startswith(_MARK):
            return None
        head = len(_MARK) + _OWNER_BYTES
        owner = stored[len(_MARK) : head].decode().strip()
        with self._connection() as connection:
            seal: Seal | None = self._ring.of(owner, connection)
        if seal is None:
            return None
        content = seal.opened(stored[head:], name)
        if content is None:
            raise SetupError(
                f"The file {name[:12]}... was changed by another program: restore it from the "
                "backup."
            )
        return content

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """Read keys in the transaction at work, or in one of its own."""
        working = at_work()
        if working is not None:
            yield working.connection()
            return
        with self._engine.execution_options(writing=False).connect() as connection:
            yield connection

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFoundError(f"{name!r} is not the name of a file on file.")
        return by_content(self._folder, name)
