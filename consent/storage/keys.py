"""The master key, which lies outside the data home, and what is made of it.

Without it nothing of a home is read or changed. A home knows the key's id, which tells nothing of
the key; each purpose has a key of its own, by HKDF.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import stat
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Engine, LargeBinary, false, inspect
from sqlmodel import Field, SQLModel, col, insert, select

from consent.domain.errors import ConflictError, SetupError
from consent.domain.log import Head
from consent.domain.retention import FaceErasure
from media_index.clock import utc_now
from media_index.files.atomic import keep_private, write_whole
from media_index.files.seal import KEY_BYTES, Seal
from media_index.storage.tables import UtcDateTime

if TYPE_CHECKING:
    from consent.settings import Settings

_KEYRING = "likeness"
_SECRET = "home secret"  # noqa: S105 - says what is wrapped


class HomeKeyRow(SQLModel, table=True):
    """By which key this home is kept; one row."""

    __tablename__ = "home_key"

    id: int = Field(default=1, primary_key=True)
    home: str = Field(max_length=32)
    key_id: str = Field(max_length=16)
    wrapped: bytes = Field(sa_type=LargeBinary)
    since: datetime = Field(sa_type=UtcDateTime)
    # The first entry of the log that is keyed; those before it are of older versions.
    keyed_from: int
    # Whether what older versions wrote is encrypted.
    sealed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


@dataclass(frozen=True, slots=True)
class MasterKey:
    """32 bytes, from which the others are made."""

    secret: bytes

    def derived(self, purpose: str) -> bytes:
        """Return the key for a purpose, 32 bytes."""
        info = f"likeness {purpose}".encode()
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(self.secret)

    @property
    def id(self) -> str:
        """Return a name by which the key is recognized, and not found."""
        return self.derived("id").hex()[:16]


class KeyPlace:
    """Where the master key is: a variable of the environment, the system's keyring, or a file."""

    def __init__(self, settings: Settings) -> None:
        """Look where the settings say."""
        self._settings = settings
        self.file = settings.keys / "master.key"
        self.heads = settings.keys / "heads"

    @property
    def words(self) -> str:
        """Say where it is, for people."""
        if self._settings.master_key is not None:
            return "the environment (LIKENESS_MASTER_KEY)"
        return "the keyring of this account" if self._settings.keyring else str(self.file)

    def keep_private(self) -> None:
        """Take from others of this computer what they may do with what is kept here.

        Raises:
            SetupError: they may put another key here, or the key is another account's, and open.
        """
        folder = self.file.parent
        if os.name != "posix" or not folder.is_dir():
            return
        if folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise SetupError(
                f"Other accounts of this computer may replace the key in {folder}: run chmod 700"
                f" {folder}, or set LIKENESS_KEYS to another folder. Nothing was changed."
            )
        for file in (self.file, self._coming):
            if file.is_file() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                self._shut(file)
        for inner in (self.heads, self._settings.sign_ins):
            if inner.is_dir():
                keep_private(inner)

    def _shut(self, file: Path) -> None:
        try:
            file.chmod(stat.S_IRUSR | stat.S_IWUSR)
        except OSError as error:
            # Where a container is given it, its owner is another, and its group is this account's.
            if file.stat().st_mode & stat.S_IRWXO:
                raise SetupError(
                    f"Anyone on this computer can read the key in {file}: have its owner run "
                    f"chmod 640 {file}. Nothing was changed."
                ) from error

    def read(self) -> MasterKey | None:
        """Return the key; None if there is none.

        Raises:
            SetupError: what is there is no key.
        """
        given = self._settings.master_key
        if given is not None:
            return self._decoded(given.get_secret_value())
        if self._settings.keyring:
            text = _keyring().get_password(_KEYRING, "master key")
            return None if text is None else self._decoded(text)
        try:
            return self._decoded(self.file.read_text("ascii"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise self._unreadable() from error

    def make(self) -> MasterKey:
        """Make a key where there is none.

        Raises:
            ConflictError: there is one.
            SetupError: it cannot be kept.
        """
        if self.read() is not None:
            raise ConflictError(f"There is a key in {self.words}: see likeness key check.")
        return self._keep(os.urandom(KEY_BYTES))

    def prepare_rotation(self) -> MasterKey:
        """Make the key to come beside the one in use, or return the one made before.

        Raises:
            SetupError: it is given by the environment, or cannot be kept.
        """
        if self._settings.master_key is not None:
            raise SetupError(
                "The key is given by LIKENESS_MASTER_KEY, which this program cannot change: keep "
                "it in a file for the rotation, in the folder that LIKENESS_KEYS names."
            )
        if self._coming.exists():
            return self._decoded(self._coming.read_text("ascii"))
        secret = os.urandom(KEY_BYTES)
        write_whole(self._coming, [base64.b64encode(secret)])
        return MasterKey(secret)

    def finish_rotation(self, key_id: str) -> MasterKey | None:
        """Return the key in use; one to come that the home is kept by takes its place."""
        found = self.read()
        if (found is None or found.id != key_id) and self._coming.exists():
            coming = self._decoded(self._coming.read_text("ascii"))
            if coming.id == key_id and self._settings.master_key is None:
                self._keep(coming.secret)
                self._coming.unlink()
                return coming
        return found

    @property
    def _coming(self) -> Path:
        return self.file.with_name("master.key.coming")

    def _keep(self, secret: bytes) -> MasterKey:
        text = base64.b64encode(secret).decode()
        if self._settings.keyring:
            _keyring().set_password(_KEYRING, "master key", text)
            return MasterKey(secret)
        try:
            write_whole(self.file, [text.encode()])
        except OSError as error:
            raise SetupError(
                f"The key cannot be kept in {self.file} ({error.strerror}): name a folder outside "
                "the data home with LIKENESS_KEYS."
            ) from error
        return MasterKey(secret)

    def _decoded(self, text: str) -> MasterKey:
        try:
            secret = base64.b64decode(text.strip(), validate=True)
        except (ValueError, binascii.Error) as error:
            raise self._unreadable() from error
        if len(secret) != KEY_BYTES:
            raise self._unreadable()
        return MasterKey(secret)

    def _unreadable(self) -> SetupError:
        return SetupError(
            f"What is in {self.words} is not a key of this program, or cannot be read: put the "
            "copy of the key in its place. Nothing was changed."
        )


class HomeKeys:
    """What one data home is kept by: a secret of its own, which the master key wraps."""

    def __init__(self, secret: bytes, place: KeyPlace | None = None, *, made: bool = False) -> None:
        """Take the home's secret, and the place outside that remembers the log's end.

        `made`: the master key was made just now, and nobody has a copy.
        """
        self._secret = MasterKey(secret)
        self._heads = None if place is None else place.heads
        self.place, self.made = place, made
        self.home = ""

    @property
    def secret(self) -> bytes:
        """What the master key wraps, 32 bytes."""
        return self._secret.secret

    @cached_property
    def log(self) -> bytes:
        """The key of the log's digests."""
        return self._secret.derived("log")

    @cached_property
    def seal(self) -> Seal:
        """What is encrypted as belonging to the home, and to nobody in it."""
        return Seal(self._secret.derived("home"))

    def remember(self, head: Head) -> None:
        """Remember how far the log came, where nobody who changes the home alone can reach it."""
        if (file := self._head_file()) is None:
            return
        text = json.dumps({"sequence": head.sequence, "digest": head.digest})
        # Only a witness: a log that was written is not undone because it could not be told.
        with contextlib.suppress(OSError):
            write_whole(file, [text.encode()], durable=False)

    def remembered(self) -> Head | None:
        """Return how far the log was seen to come; None if never."""
        file = self._head_file()
        if file is None or not file.exists():
            return None
        return Head(**json.loads(file.read_bytes()))

    def bury(self, owner: str) -> None:
        """Remember outside the home that an owner's key was destroyed: no backup brings it back.

        Raises:
            SetupError: it cannot be kept.
        """
        if (file := self._gone_file()) is None or owner in self.buried():
            return
        gone = json.dumps(sorted({*self.buried(), owner}))
        _keep(file, "list of destroyed keys", gone)

    def buried(self) -> frozenset[str]:
        """Return the owners whose keys were destroyed."""
        file = self._gone_file()
        if file is None or not file.exists():
            return frozenset()
        return frozenset(json.loads(file.read_bytes()))

    def note_erasures(self, erasures: Sequence[FaceErasure]) -> None:
        """Remember outside the home which faces were erased: a backup may hold them.

        Raises:
            SetupError: it cannot be kept.
        """
        if (file := self._erased_file()) is None:
            return
        erased = json.dumps([asdict(erasure) for erasure in erasures])
        _keep(file, "list of erased faces", erased)

    def erasures(self) -> list[FaceErasure]:
        """Return the erasures of faces that were remembered, oldest first."""
        file = self._erased_file()
        if file is None or not file.exists():
            return []
        return [
            FaceErasure(
                noted["id"],
                tuple(noted["cases"]),
                portraits=noted["portraits"],
                # Of a version before this one, which noted none.
                photos=tuple(noted.get("photos", ())),
            )
            for noted in json.loads(file.read_bytes())
        ]

    def note_faces(self, mode: str) -> None:
        """Remember outside the home what is done with faces: a backup may say otherwise.

        Raises:
            SetupError: it cannot be kept.
        """
        if (file := self._faces_file()) is None:
            return
        _keep(file, "choice about faces", mode)

    def noted_faces(self) -> str | None:
        """Return what was remembered of it; None if nothing."""
        file = self._faces_file()
        return None if file is None or not file.exists() else file.read_text("ascii")

    def note_verified(self, head: Head, whole_at: datetime) -> None:
        """Remember how far the log was found to be whole, and when all of it was looked at last."""
        if (file := self._verified_file()) is None:
            return
        noted = {"sequence": head.sequence, "digest": head.digest, "whole_at": str(whole_at)}
        # Where it cannot be noted, all is looked at again.
        with contextlib.suppress(OSError):
            write_whole(file, [json.dumps(noted).encode()], durable=False)

    def verified(self) -> tuple[Head, datetime] | None:
        """Return that; None if never."""
        file = self._verified_file()
        if file is None or not file.exists():
            return None
        noted = json.loads(file.read_bytes())
        head = Head(noted["sequence"], noted["digest"])
        return head, datetime.fromisoformat(noted["whole_at"])

    def _verified_file(self) -> Path | None:
        file = self._head_file()
        return None if file is None else file.with_suffix(".verified.json")

    def _faces_file(self) -> Path | None:
        folder = self._heads
        return None if folder is None else folder / f"faces-{self.seal.name_for('faces')[:32]}.txt"

    def _erased_file(self) -> Path | None:
        folder, name = self._heads, self.seal.name_for("erased")[:32]
        return None if folder is None else folder / f"erased-{name}.json"

    def _gone_file(self) -> Path | None:
        # By the home alone: a copy of it is of the same people.
        folder = self._heads
        return None if folder is None else folder / f"gone-{self.seal.name_for('gone')[:32]}.json"

    def _head_file(self) -> Path | None:
        return None if self._heads is None or not self.home else self._heads / f"{self.home}.json"


def wrap(master: MasterKey, secret: bytes) -> bytes:
    """Return a home's secret as the database keeps it."""
    return Seal(master.derived("key encryption")).sealed(secret, _SECRET)


def key_id_in(engine: Engine) -> str:
    """Return the id of the key by which a home is kept; empty where it has none yet."""
    with engine.execution_options(writing=False).connect() as connection:
        row = _row(connection)
    return "" if row is None else row.key_id


def require_key(engine: Engine, place: KeyPlace) -> tuple[HomeKeys, MasterKey]:
    """Return the keys of a home, and the master key; a home that has none yet gets one.

    Raises:
        SetupError: the home is kept by a key that is not there. Nothing was changed.
    """
    with engine.execution_options(writing=False).connect() as connection:
        row = _row(connection)
    found = place.read() if row is None else place.finish_rotation(row.key_id)
    if row is None:
        made = found is None
        master = place.make() if found is None else found
        return HomeKeys(os.urandom(KEY_BYTES), place, made=made), master
    if found is None:
        raise SetupError(
            f"The register is protected by the key {row.key_id}, but there is none in "
            f"{place.words}: "
            "put the copy of the key there, or set LIKENESS_KEYS to its folder. "
            "Nothing was changed."
        )
    secret = Seal(found.derived("key encryption")).opened(row.wrapped, _SECRET)
    if found.id != row.key_id or secret is None:
        raise SetupError(
            f"The register is protected by the key {row.key_id}, but the one in {place.words} is "
            f"{found.id}: put the right one there, or set LIKENESS_KEYS to its folder. Nothing "
            "was changed."
        )
    return HomeKeys(secret, place), found


def say_whose(engine: Engine, keys: HomeKeys, master: MasterKey) -> HomeKeys:
    """Write into a home by which key it is kept, once; return its keys, which know it then."""
    with engine.execution_options(writing=False).connect() as connection:
        row = _row(connection)
    if row is None:
        row = _first_row(engine, keys, master)
    # Another process may have been quicker.
    secret = Seal(master.derived("key encryption")).opened(row.wrapped, _SECRET)
    if secret is None:
        raise ConflictError("Another process gave the home its key just now: try again.")
    own = HomeKeys(secret, keys.place, made=keys.made)
    # The address too: what was copied elsewhere goes its own way from there.
    own.home = own.seal.name_for(f"{row.home} {engine.url.render_as_string()}")[:32]
    return own


def _first_row(engine: Engine, keys: HomeKeys, master: MasterKey) -> HomeKeyRow:
    with engine.begin() as connection:
        row = _row(connection)
        if row is not None:
            # Another process was quicker.
            return row
        last = connection.exec_driver_sql("SELECT max(place) FROM audit_event").scalar() or 0
        row = HomeKeyRow(
            home=uuid4().hex,
            key_id=master.id,
            wrapped=wrap(master, keys.secret),
            since=utc_now(),
            keyed_from=last + 1,
        )
        connection.execute(insert(HomeKeyRow).values(**row.model_dump()))
        return row


def _row(connection: Connection) -> HomeKeyRow | None:
    if not inspect(connection).has_table(HomeKeyRow.__tablename__):
        return None
    columns = [col(getattr(HomeKeyRow, name)) for name in HomeKeyRow.model_fields]
    row = connection.execute(select(*columns)).first()
    return (
        None if row is None else HomeKeyRow(**dict(zip(HomeKeyRow.model_fields, row, strict=True)))
    )


def _keyring() -> Any:  # noqa: ANN401 - an optional library, without types
    try:
        import keyring  # noqa: PLC0415 - optional
    except ImportError as error:
        raise SetupError(
            "LIKENESS_KEYRING asks for the keyring of this account, and its library is missing: "
            'install it with pip install "likeness[keyring]", or keep the key in a file.'
        ) from error
    return keyring


def _keep(file: Path, what: str, content: str) -> None:
    try:
        write_whole(file, [content.encode()])
    except OSError as error:
        raise SetupError(
            f"The {what} can't be saved in {file} ({error.strerror}): make room there, and do it "
            "again."
        ) from error
