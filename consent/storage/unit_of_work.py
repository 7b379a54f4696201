"""The unit of work: index and register in one transaction, with the log and the jobs.

It rolls back unless it is committed. A writing one is alone: on SQLite by BEGIN IMMEDIATE, on
PostgreSQL by an advisory lock, so that case numbers and the log have no gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session

from consent.domain.changes import RegisterChanged
from consent.domain.errors import SetupError
from consent.domain.faces import Faces
from consent.storage.access import Access
from consent.storage.calibration import CalibrationChanges
from consent.storage.cases import Register
from consent.storage.copies import MadeCopies
from consent.storage.counts import Seal, count_what_is_written
from consent.storage.decisions import Decisions
from consent.storage.engine import (
    KEYS,
    POSTGRES,
    RING,
    empty_journal,
    failed_by_itself,
    for_units,
    server_name,
    wait_for_writers,
    what_failed,
)
from consent.storage.events import Events
from consent.storage.faces import FacesChanges
from consent.storage.file_steps import FileSteps, noting, remove_whole
from consent.storage.home_copies import copies_of
from consent.storage.index_keys import IndexSeals, any_plain, drop_plain, seal_some
from consent.storage.jobs import Jobs
from consent.storage.keys import HomeKeyRow, HomeKeys
from consent.storage.log import AuditTrail
from consent.storage.named import NamedPhotos
from consent.storage.print import PrintPieces
from consent.storage.publications import Publications
from consent.storage.references import ReferenceTrials
from consent.storage.retention import Retention
from consent.storage.review import ReviewPairs
from consent.storage.sealed import KeyRing, Sealing, seal_existing, sealing
from consent.storage.seen import LastSeen, Seen, doubt_of
from consent.storage.takedowns import Takedowns
from media_index.clock import utc_now
from media_index.storage.columns import Numbers
from media_index.storage.contents import Recall
from media_index.storage.photos import PhotoStore

Announce = Callable[[RegisterChanged], None]


class NotRemovedError(SetupError):
    """A step is committed, and what it erases is still in a file or folder."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The step was saved, but {path} cannot be removed ({why}) and may still hold what was "
            "erased: close what uses it, such as a backup, then run likeness doctor, which tries "
            "again."
        )


class UnitOfWork:
    """One transaction over index and register; rolled back unless committed."""

    photos: PhotoStore
    events: Events
    register: Register
    decisions: Decisions
    publications: Publications
    copies: MadeCopies
    named: NamedPhotos
    takedowns: Takedowns
    pieces: PrintPieces
    calibrations: CalibrationChanges
    faces: FacesChanges
    audit: AuditTrail
    jobs: Jobs
    review: ReviewPairs
    references: ReferenceTrials
    retention: Retention
    access: Access
    seal: Seal

    def __init__(
        self,
        engine: Engine,
        *,
        announce: Announce | None = None,
        last_seen: LastSeen | None = None,
        recall: Recall | None = None,
        local_now: Callable[[], datetime] | None = None,
    ) -> None:
        """Prepare a transaction.

        Args:
            engine: of the database.
            announce: given to a transaction that may write, and told after it what it changed.
            last_seen: what is known of the register outside the database, and noted there.
            recall: gives the encodings of photos that are kept without.
            local_now: the library's own clock, if anything may be told by it to have ended.
        """
        self._local_now = local_now
        self._recall = recall
        self._writing = announce is not None
        self._engine = for_units(engine, writing=self._writing)
        self._announce = announce
        self._keys: HomeKeys | None = engine.get_execution_options().get(KEYS)
        self._ring: KeyRing | None = engine.get_execution_options().get(RING)
        self._last_seen = last_seen
        self._changes: list[RegisterChanged] = []
        self._owed: list[str] = []
        self._removals: list[str] = []
        self._files = FileSteps()
        self._committed = False
        self._may_be_committed = False
        self._erased = False
        self._copied_home: Path | None = None
        self._keeps_replaced = False

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            SetupError: another writer took too long, or the server is gone.
        """
        self._session = Session(self._engine, expire_on_commit=False)
        self._sealing = ExitStack()
        self._sealing.enter_context(
            sealing(None if self._ring is None else Sealing(self._ring, self._session.connection))
        )
        self._sealing.enter_context(noting(self._files))
        self._numbers = Numbers()
        if self._last_seen is not None:
            self._numbers.before = self._numbers_before
        self._session.info[Numbers] = self._numbers
        self.faces = FacesChanges(self._session)
        self.photos = PhotoStore(self._session)
        self.photos.keeps = lambda: self.faces.mode() is Faces.INDEX
        self.photos.recall = self._recall
        self._seals: IndexSeals | None = None
        if self._ring is not None:
            self._seals = IndexSeals(self._ring, self._session.connection)
            self.photos.seals = self._seals
        self.events = Events(self._session)
        self.register = Register(self._session)
        self.decisions = Decisions(self._session)
        self.publications = Publications(self._session)
        self.copies = MadeCopies(self._session)
        self.named = NamedPhotos(self._session)
        self.takedowns = Takedowns(self._session)
        self.pieces = PrintPieces(self._session)
        self.calibrations = CalibrationChanges(self._session)
        self.audit = AuditTrail(self._session, self._keys)
        self.jobs = Jobs(self._session)
        self.review = ReviewPairs(self._session)
        self.references = ReferenceTrials(self._session)
        self.retention = Retention(self._session)
        self.access = Access(self._session)
        self.seal = Seal(self._session)
        self.register.none_ends_after = self._none_ends_after
        if self._writing:
            count_what_is_written(self._session)
            try:
                wait_for_writers(self._session)
            except DatabaseError as error:
                self._session.close()
                self._sealing.close()
                raise SetupError(what_failed(error)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back whatever was not committed.

        Raises:
            SetupError: the database was busy for too long, full or gone.
            NotRemovedError: all is done, but for a file or folder that is in use.
            OSError: what was written cannot be removed; never in place of another error.
        """
        left: list[OSError] = []
        try:
            with self._sealing:
                try:
                    left = self._remove_written()
                finally:
                    self._end()
        finally:
            if self._writing and not self._committed and self._ring is not None:
                self._ring.forget()
        # What could not be removed stays noted: the next start removes it.
        if not left and (self._committed or not self._may_be_committed):
            self._files.forget_notes()
        if failed_by_itself(error):
            raise SetupError(what_failed(error)) from error
        if left and error is None:
            raise left[0]
        unremoved = self._remove_files() if self._committed and self._removals else None
        if self._committed and self._erased:
            empty_journal(self._engine)
        if self._committed and self._seals is not None and self._seals.retired:
            with UnitOfWork(self._engine, announce=lambda _: None) as done:
                done.note_keys_gone()
                done.commit()
        # Only now: whoever reacts opens a transaction of their own.
        if self._committed and self._announce is not None and self._changes:
            for change in self._changes:
                self._announce(change)
            with UnitOfWork(self._engine, announce=self._announce) as done:
                done.jobs.forget(self._owed)
                done.commit()
        if unremoved is not None:
            raise unremoved

    def _end(self) -> None:
        try:
            self._session.rollback()
            self._session.close()
        except OperationalError:
            # The server is gone, and rolls back by itself.
            self._session.invalidate()

    def _remove_written(self) -> list[OSError]:
        """Remove what a transaction wrote that does not last, while nobody else writes.

        Returns why files could not be removed.
        """
        left: list[OSError] = []
        if not self._committed and not self._may_be_committed:
            for path in self._files.written:
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    left.append(error)
        return left

    def _remove_files(self) -> NotRemovedError | None:
        """Remove what is to go with this transaction, or return why not; it stays noted then."""
        unremoved = None
        # A backup may have begun to copy what was there before the commit.
        for path in (*self._files.removed, *self._copies()):
            try:
                remove_whole(path)
            except OSError as error:
                unremoved = NotRemovedError(path, error.strerror or type(error).__name__)
                unremoved.__cause__ = error
        if unremoved is None:
            with UnitOfWork(self._engine, announce=lambda _: None) as gone:
                gone.jobs.forget(self._removals)
                gone.commit()
        return unremoved

    def _copies(self) -> list[Path]:
        if self._copied_home is None:
            return []
        return copies_of(self._copied_home, replaced=not self._keeps_replaced)

    def server(self) -> str:
        """Return the database's kind and version, such as "PostgreSQL 15.18"."""
        return server_name(self._session)

    def commit(self) -> None:
        """Make it last, with the log of it.

        Raises:
            SetupError: the log's key is not there.
        """
        # A process that is killed before it has reacted leaves it to the next one.
        self._owed = [self.jobs.owe(change, utc_now()) for change in self._changes]
        if self._files.removed or self._copied_home is not None:
            # By folder, two letters and name: the home may stand elsewhere by then.
            named = self._files.named
            files = [named.get(at) or "/".join(at.parts[-3:]) for at in self._files.removed]
            names = [*files, *(path.name for path in self._copies())]
            self._removals.append(self.jobs.owe_removal([*dict.fromkeys(names)], utc_now()))
        self.audit.finish()
        self.seal.count_out(self.audit.removed)
        if self.audit.last_at is not None:
            self.seal.saw_clock(self.audit.last_at)
        seen = self._as_seen()
        # A server that goes at this moment may have kept it all: rather a file too many then.
        self._may_be_committed = self._engine.dialect.name == POSTGRES
        self._session.commit()
        self._committed = True
        if self._keys is not None and self.audit.appended is not None:
            self._keys.remember(self.audit.appended)
        if seen is not None and self._last_seen is not None:
            self._last_seen.note(seen)

    def is_sealed(self) -> bool:
        """Say whether what older versions wrote is encrypted, and the log tells of it."""
        return self._session.get_one(HomeKeyRow, 1).sealed

    def seal_existing(self, rename: Callable[[str, str], str]) -> int:
        """Encrypt what older versions have written plain, once; return how many rows."""
        row = self._session.get_one(HomeKeyRow, 1)
        if row.sealed:
            return 0
        changed = seal_existing(self._session.connection(), rename)
        for table, keys in changed.items():
            self.audit.touched(table, keys)
        row.sealed = True
        self._session.flush()
        return sum(map(len, changed.values()))

    def any_encoding_plain(self) -> bool:
        """Say whether encodings of the index that an older version wrote are not encrypted yet."""
        return self._ring is not None and any_plain(self._session.connection())

    def seal_some_encodings(self) -> int:
        """Encrypt some of them, and return how many; 0 if there are no more."""
        connection = self._session.connection()
        if self._seals is None or not any_plain(connection):
            return 0
        return seal_some(connection, self._seals)

    def drop_plain_encodings(self) -> None:
        """Remove where they were, now that all are encrypted."""
        drop_plain(self._session.connection())

    def keys_not_noted(self) -> list[str]:
        """Return whose keys were destroyed, which is not noted outside the home yet."""
        return [] if self._ring is None else self._ring.retired(self._session.connection())

    def note_keys_gone(self) -> None:
        """Remember outside the home that these are gone, so that no backup brings them back.

        Raises:
            SetupError: it cannot be kept.
        """
        for owner in self.keys_not_noted():
            if self._keys is not None:
                self._keys.bury(owner)
            self.destroy_key(owner)

    def destroy_key(self, owner: str) -> None:
        """Destroy the key of a person or an appeal: what it sealed is unreadable everywhere."""
        if self._ring is not None:
            self._ring.destroy(owner, self._session.connection())

    def read_once_more(self, owners: Collection[str]) -> None:
        """Read what is noted as destroyed, to destroy it: see `KeyRing.once_more`."""
        if self._ring is not None:
            self._ring.once_more(owners)

    def wrap_home(self, key_id: str, wrapped: bytes) -> None:
        """Have the home kept by another master key."""
        row = self._session.get_one(HomeKeyRow, 1)
        row.key_id, row.wrapped = key_id, wrapped
        self._session.flush()

    def erases(self, *, copies_in: Path | None = None) -> None:
        """Have what was removed go from the database's journal too, once this is committed.

        A backup that is being made is given up, and says so.

        Args:
            copies_in: a home; its copies inside it go as well, for they hold what was removed.
        """
        self._erased = True
        if copies_in is not None:
            self._copied_home = copies_in

    def keep_replaced(self) -> None:
        """Keep what a restore put aside, whatever is erased."""
        self._keeps_replaced = True

    def _none_ends_after(self) -> date | None:
        if self._local_now is None:
            return None
        now = self._local_now()
        unsure_since = self.seal.unsure_since(now)
        return None if unsure_since is None else unsure_since.astimezone(now.tzinfo).date()

    def _numbers_before(self) -> Mapping[str, int]:
        return {} if self._last_seen is None else self._last_seen.read().numbers

    def _as_seen(self) -> Seen | None:
        """Return what is to be remembered of the register, if this transaction changed that."""
        changed, given = self.audit.changes_register, self._numbers.given
        if self._last_seen is None or (not changed and not given):
            return None
        before = self._last_seen.read()
        if not before.version and not self.seal.anybody():
            # While nobody is in it, nobody is lost with it.
            return replace(before, numbers=given) if given else None
        # What is in doubt stays so, whatever else is entered: a person must look at it.
        if not changed or doubt_of(before, self.seal.home(), self.audit) is not None:
            return replace(before, numbers=given)
        version = self.audit.register_version()
        return Seen(self.seal.home(), version, self.audit.digest_of(version) or "", given)

    def changes(self, change: RegisterChanged) -> None:
        """Have a change announced once this transaction is committed and closed.

        That it must be is written with it.
        """
        self._changes.append(change)
