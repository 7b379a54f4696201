"""What a use case is given: the adapters picked by bootstrap.py, behind plain attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from datetime import date, datetime

    from consent.matching.close_matches import CloseMatches
    from consent.policy import Policy
    from consent.settings import Settings
    from consent.store import UnitOfWork
    from consent.vault import Vault
    from media_index.calibration import Calibration
    from media_index.encoding_again import FurtherEncodings, KnownFaces
    from media_index.images import Picture
    from media_index.places import Place
    from media_index.quality import Comparability
    from media_index.types import Fingerprint, Problem
    from media_index.vectors import VectorFolder


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a use case may need.

    Attributes:
        settings: where things lie.
        policy: the library's.
        reading: opens a unit of work that only reads.
        writing: opens a unit of work that may write; writers wait for one another.
        vault: evidence and crops.
        vectors: the encodings of all faces, laid out to be searched.
        close_matches: faces of the index that match people of the register closely.
        calibrations: gives the calibration in use.
        comparability: what can be compared, and what recognised.
        now: the present moment, UTC.
        work: fingerprints one file; picklable.
        look: fingerprints a photo held in memory and keeps the pixels, for crops.
        encode: encodes a photo's known faces by the further encoder alone; picklable.
        make_executor: gives the executor for a number of worker processes.
    """

    settings: Settings
    policy: Policy
    reading: Callable[[], UnitOfWork]
    writing: Callable[[], UnitOfWork]
    vault: Vault
    vectors: VectorFolder
    close_matches: CloseMatches
    calibrations: Callable[[], Calibration]
    comparability: Comparability
    now: Callable[[], datetime]
    work: Callable[[Place], Fingerprint | Problem]
    look: Callable[[bytes], tuple[Fingerprint, Picture]]
    encode: Callable[[KnownFaces], FurtherEncodings | Problem]
    make_executor: Callable[[int], Executor]

    @property
    def calibration(self) -> Calibration:
        """Scores to false-match rates, as they are in use now."""
        return self.calibrations()

    def today(self) -> date:
        """Return the day on the library's own calendar."""
        return self.day(self.now())

    def day(self, moment: datetime) -> date:
        """Return the day of a moment on the library's own calendar."""
        return moment.astimezone(ZoneInfo(self.settings.time_zone)).date()
