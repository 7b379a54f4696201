"""What a use case is given: the adapters picked by bootstrap.py, behind plain attributes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING, TypeVar, cast
from zoneinfo import ZoneInfo

from consent.domain.changes import RegisterChanged
from consent.domain.errors import ConsentError
from consent.domain.faces import Faces
from consent.domain.policy import Policy
from consent.storage.file_steps import remove_left, remove_whole, was_left
from media_index.errors import MediaIndexError
from media_index.files.places import Place
from media_index.limits import Comparability
from media_index.types import CustomEncodings, Fingerprint, LocalFeatures, Problem

if TYPE_CHECKING:
    # They bring OpenCV, SQLAlchemy or pydantic: `likeness --help` answers without them.
    from consent.settings import Settings
    from consent.storage.drafts import DraftFolder
    from consent.storage.keys import HomeKeys
    from consent.storage.seen import LastSeen
    from consent.storage.unit_of_work import UnitOfWork
    from consent.storage.vault import Vault
    from media_index.files.passing_faces import PassingFaces
    from media_index.fingerprinting import KnownFaces
    from media_index.images.decode import Picture
    from media_index.matching.calibration import Calibration
    from media_index.vectors.folder import VectorFolder
    from media_index.vectors.spot_folder import SpotFolder

_LOG = logging.getLogger(__name__)
Kept = TypeVar("Kept")


class Memory:
    """What a process keeps between calls: nothing that the database does not hold."""

    def __init__(self) -> None:
        # Several people work at once, each in a thread of the server's.
        self._lock = Lock()
        self._kept: dict[type, object] = {}

    def of(self, kind: type[Kept]) -> Kept:
        """Return the one object of a kind, made on first use."""
        with self._lock:
            return cast("Kept", self._kept.setdefault(kind, kind()))


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a use case may need.

    Attributes:
        reading: opens a unit of work that only reads.
        open_unit: opens a unit of work that may write, and tells what it changed.
        reactions: what else happens when the register has changed.
        last_seen: what this computer knows of the register outside the database.
        vault: evidence and crops.
        drafts: forms that are not recorded yet.
        keys: what the home is kept by.
        spots: of the photos that somebody is confirmed in, ready to be searched.
        archive_spots: of all the library's photos; made when a layout's pictures are looked for.
        memory: what is kept between calls, for as long as the program runs.
        faces_in_use: says what is done with faces.
        passing: encodings that are compared and not kept.
        comparability: what can be compared, and what recognized.
        fingerprint_bytes: fingerprints a photo held in memory and keeps the pixels, for crops.
        outline_file, outline_bytes: the same, without encoding any face.
        design_of_file: finds the finer spots of a flyer or collage alone; picklable.
        encode_faces: encodes a photo's known faces by the custom encoder alone; picklable.
        make_executor: gives the executor for a number of worker processes.
        close: ends the connections to the database; the next use opens new ones.
    """

    settings: Settings
    policy: Policy
    reading: Callable[[], UnitOfWork]
    open_unit: Callable[[Callable[[RegisterChanged], None]], UnitOfWork]
    reactions: tuple[Callable[[Services, RegisterChanged], object], ...]
    last_seen: LastSeen
    vault: Vault
    drafts: DraftFolder
    keys: HomeKeys
    vectors: VectorFolder
    spots: SpotFolder
    archive_spots: SpotFolder
    memory: Memory
    calibrations: Callable[[], Calibration]
    faces_in_use: Callable[[], Faces]
    passing: PassingFaces
    comparability: Comparability
    now: Callable[[], datetime]
    fingerprint_file: Callable[[Place], Fingerprint | Problem]
    fingerprint_bytes: Callable[[bytes], tuple[Fingerprint, Picture]]
    outline_file: Callable[[Place], Fingerprint | Problem]
    outline_bytes: Callable[[bytes], tuple[Fingerprint, Picture]]
    design_of_file: Callable[[Place], LocalFeatures | Problem]
    encode_faces: Callable[[KnownFaces], CustomEncodings | Problem]
    make_executor: Callable[[int], Executor]
    close: Callable[[], None]

    def writing(self) -> UnitOfWork:
        """Open a unit of work that may write; writers wait for one another."""
        return self.open_unit(self.announce)

    def announce(self, change: RegisterChanged) -> None:
        """Let everything react to a change of the register."""
        for react in self.reactions:
            react(self, change)

    def owe(self, change: RegisterChanged) -> str:
        """Note that a step must announce a change, until it is settled: it may be killed before."""
        with self.writing() as unit:
            owed = unit.jobs.owe(change, self.now())
            unit.commit()
        return owed

    def settle(self, owed: Collection[str]) -> None:
        """Say that what some changes lead to is done."""
        with self.writing() as unit:
            unit.jobs.forget(owed)
            unit.commit()

    def work_off(self) -> None:
        """Do what changes lead to whose process was killed, or failed, before it had done it.

        What is done already is not done twice.
        """
        with self.reading() as unit:
            left = unit.jobs.owed()
            removals = unit.jobs.owed_removals()
            unnoted = unit.keys_not_noted()
        if unnoted:
            self._note_keys_gone()
        for owed, at, names in removals:
            try:
                for path in map(self.settings.home.joinpath, names):
                    # A later step may have kept the same file anew; no folder's name comes again.
                    if path.is_dir() or (path.exists() and path.stat().st_mtime <= at.timestamp()):
                        remove_whole(path)
            except OSError as error:
                # It stays noted.
                _LOG.warning("What was erased cannot be removed yet: %s", error)
            else:
                self.settle([owed])
        for owed, change in left:
            try:
                self.announce(change)
                self.settle([owed])
            except (ConsentError, MediaIndexError) as error:
                # It stays noted. Whoever opens a home to mend what is in the way must come in.
                _LOG.warning("Takedowns that a change has made due are not open yet: %s", error)

    def remove_left(self) -> None:
        """Remove the files that a process wrote which was killed before anything named them."""
        vault, thumbnails = self.settings.vault, self.settings.thumbnails
        if not was_left(vault) and not was_left(thumbnails):
            return
        try:
            with self.writing() as unit:
                remove_left(vault, unit.retention.names_in_vault)
                remove_left(thumbnails, unit.photos.known)
        except ConsentError as error:
            # Somebody writes for long: the next start does it.
            _LOG.warning("Files that nothing names are not removed yet: %s", error)

    def _note_keys_gone(self) -> None:
        try:
            with self.writing() as unit:
                unit.note_keys_gone()
                unit.commit()
        except ConsentError as error:
            # They are not used here; what is restored might be, until it can be noted.
            _LOG.warning("That keys were destroyed is not remembered yet: %s", error)

    @property
    def calibration(self) -> Calibration:
        """Scores to false-match rates, as they are in use now."""
        return self.calibrations()

    @property
    def faces(self) -> Faces:
        """What is done with faces."""
        return self.faces_in_use()

    @property
    def compares_faces(self) -> bool:
        """Whether faces are compared at all."""
        return self.faces is not Faces.OFF

    def look_at_file(self) -> Callable[[Place], Fingerprint | Problem]:
        """Return what fingerprints a file, and encodes faces if they are compared; picklable."""
        return self.outline_file if self.faces is Faces.OFF else self.fingerprint_file

    def look_at_bytes(self, content: bytes) -> tuple[Fingerprint, Picture]:
        """Fingerprint a photo held in memory, likewise."""
        off = self.faces is Faces.OFF
        return self.outline_bytes(content) if off else self.fingerprint_bytes(content)

    @contextmanager
    def holding_faces(self) -> Iterator[None]:
        """Hold encodings that are not kept, and read files again for them, until this is done."""
        if self.faces is not Faces.REGISTER:
            yield
            return
        with self.passing.held():
            yield

    def today(self) -> date:
        """Return the day on the library's own calendar."""
        return self.day(self.now())

    def day(self, moment: datetime) -> date:
        """Return the day of a moment on the library's own calendar."""
        return self.local(moment).date()

    def local(self, moment: datetime) -> datetime:
        """Return a moment on the library's own clock."""
        return moment.astimezone(ZoneInfo(self.settings.time_zone))
