"""The index in the database. Every method works inside the transaction of the session given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import delete, distinct, func, update
from sqlmodel import col, select

from media_index.files.places import Place, place_of
from media_index.storage.columns import among
from media_index.storage.contents import in_chunks
from media_index.storage.encodings import PhotoEncodings
from media_index.storage.tables import (
    PLACE_STAMPS,
    PROBLEM_STAMPS,
    PROBLEMS,
    QUALITIES,
    FaceRow,
    KeptEventRow,
    PhotoRow,
    PlaceRow,
    ProblemRow,
)
from media_index.types import NO_STAMP, FaceQuality, FileStamp, Problem, ProblemCode


class PhotoStore(PhotoEncodings):
    """Photos, places, problems and faces."""

    # -- files ----------------------------------------------------------------------------------

    def stamps(self, paths: Sequence[str]) -> dict[str, tuple[FileStamp, str]]:
        """Return stamp and photo of the paths that were indexed before."""
        found: dict[str, tuple[FileStamp, str]] = {}
        for chunk in in_chunks(paths):
            query = PLACE_STAMPS.select(PlaceRow.path, PlaceRow.photo_sha256)
            for row in self._session.execute(query.where(col(PlaceRow.path).in_(chunk))):
                found[row.path] = PLACE_STAMPS.read(row), row.photo_sha256
        return found

    def problem_stamps(self, paths: Sequence[str]) -> dict[str, tuple[FileStamp, ProblemCode, str]]:
        """Return stamp, code and reason of the paths that failed before."""
        found: dict[str, tuple[FileStamp, ProblemCode, str]] = {}
        for chunk in in_chunks(paths):
            query = PROBLEM_STAMPS.select(ProblemRow.path, ProblemRow.code, ProblemRow.reason)
            for row in self._session.execute(query.where(col(ProblemRow.path).in_(chunk))):
                found[row.path] = PROBLEM_STAMPS.read(row), ProblemCode(row.code), row.reason
        return found

    def put_place(
        self,
        path: str,
        sha256: str,
        stamp: FileStamp,
        event_id: str | None,
        at: datetime,
    ) -> None:
        """Say where a photo was seen; an event once given is kept unless another is named."""
        row = self._session.get(PlaceRow, path)
        before = None if row is None else row.event_id
        self._session.merge(
            PlaceRow(
                path=path,
                photo_sha256=sha256,
                event_id=event_id or before,
                seen_at=at,
                **PLACE_STAMPS.values(stamp),
            )
        )
        self._session.exec(delete(ProblemRow).where(col(ProblemRow.path) == path))

    def put_problem(self, problem: Problem, stamp: FileStamp, at: datetime) -> None:
        """Keep a problem; the place is forgotten if the bytes there are others now."""
        path = str(problem.path)
        place = self._session.get(PlaceRow, path)
        if place is not None and stamp not in {
            NO_STAMP,
            FileStamp(place.byte_size, place.mtime_ns),
        }:
            self._session.delete(place)
        self._session.merge(
            PROBLEMS.row(problem, path=path, seen_at=at, **PROBLEM_STAMPS.values(stamp))
        )

    def problems_like(self, code: ProblemCode, byte_size: int) -> list[str]:
        """Return the paths of files of a size that failed in the same way."""
        alike = select(ProblemRow.path).where(
            ProblemRow.code == code.value, ProblemRow.byte_size == byte_size
        )
        return sorted(self._session.exec(alike))

    def paths_below(self, folder: Place) -> list[str]:
        """Return the paths of places and problems below a folder."""
        # LIKE takes no notice of case, and startswith() here is LIKE.
        below = _below(folder)
        found: set[str] = set()
        for table in (PlaceRow, ProblemRow):
            paths = select(table.path).where(col(table.path).startswith(below, autoescape=True))
            found.update(path for path in self._session.exec(paths) if path.startswith(below))
        return sorted(found)

    def forget(self, paths: Sequence[str]) -> int:
        """Forget places and problems. The photos stay: a moved file is found again by its bytes.

        So do their events: what a photo shows does not depend on where its file lies.

        Returns:
            How many places were forgotten.
        """
        gone = len(self.stamps(paths))
        for chunk in in_chunks(paths):
            self._keep_events(chunk)
        for chunk in in_chunks(paths):
            for table in (PlaceRow, ProblemRow):
                self._session.exec(delete(table).where(col(table.path).in_(chunk)))
        return gone

    def _keep_events(self, paths: Sequence[str]) -> None:
        rows = self._session.exec(
            select(PlaceRow.photo_sha256, PlaceRow.event_id)
            .where(col(PlaceRow.path).in_(paths))
            .distinct()
        )
        for sha256, event_id in rows.all():
            if event_id is None:
                continue
            self._session.merge(KeptEventRow(photo_sha256=sha256, event_id=event_id))
        self._session.flush()

    def keep_event(self, photos: Sequence[str], event_id: str) -> None:
        """Say of photos that they are of an event, wherever they lie."""
        for sha256 in photos:
            self._session.merge(KeptEventRow(photo_sha256=sha256, event_id=event_id))
        self._session.flush()

    def take_from_event(self, photos: Sequence[str], event_id: str) -> None:
        """Say of photos that they are not of an event, wherever they lie."""
        for chunk in in_chunks(photos):
            self._session.exec(
                update(PlaceRow)
                .where(col(PlaceRow.photo_sha256).in_(chunk), col(PlaceRow.event_id) == event_id)
                .values(event_id=None)
            )
            self._session.exec(
                delete(KeptEventRow).where(
                    col(KeptEventRow.photo_sha256).in_(chunk),
                    col(KeptEventRow.event_id) == event_id,
                )
            )

    def problems(self) -> list[Problem]:
        """Return all stored problems, by path."""
        # Databases disagree on the order of letters.
        rows = sorted(
            self._session.execute(PROBLEMS.select(ProblemRow.path)), key=attrgetter("path")
        )
        return [PROBLEMS.read(row, path=place_of(row.path)) for row in rows]

    def count_problems(self) -> int:
        """Return how many problems are stored."""
        return self._session.exec(select(func.count()).select_from(ProblemRow)).one()

    # -- photos ---------------------------------------------------------------------------------

    def known(self, photos: Iterable[str]) -> set[str]:
        """Return which of the photos are in the index."""
        found: set[str] = set()
        for chunk in in_chunks(list(photos)):
            found.update(
                self._session.exec(select(PhotoRow.sha256).where(col(PhotoRow.sha256).in_(chunk))),
            )
        return found

    def moving(self) -> set[str]:
        """Return the photos that are animations."""
        return set(
            self._session.exec(select(PhotoRow.sha256).where(col(PhotoRow.frames).is_not(None)))
        )

    def known_since(self, moment: datetime) -> set[str]:
        """Return the photos that were fingerprinted at a moment or later."""
        query = select(PhotoRow.sha256).where(col(PhotoRow.indexed_at) >= moment)
        return set(self._session.exec(query))

    def byte_sizes(self) -> set[int]:
        """Return the sizes of the photos in the index: a file of another size is a new photo."""
        return set(self._session.exec(select(PhotoRow.byte_size).distinct()))

    def places_of(self, photos: Sequence[str]) -> dict[str, list[str]]:
        """Return the paths at which each photo was seen, in the order of their letters."""
        found: dict[str, list[str]] = {}
        for chunk in in_chunks(photos):
            rows = self._session.exec(
                select(PlaceRow.photo_sha256, PlaceRow.path).where(
                    col(PlaceRow.photo_sha256).in_(chunk)
                ),
            )
            for sha256, path in sorted(rows):
                found.setdefault(sha256, []).append(path)
        return found

    def taken_at(self, photos: Sequence[str]) -> dict[str, datetime]:
        """Return when each photo was taken, UTC, where known."""
        query = select(PhotoRow.sha256, PhotoRow.taken_at).where(among(PhotoRow.sha256, photos))
        return {sha256: at for sha256, at in self._session.exec(query) if at is not None}

    def clocks_in(self, folder: Place) -> list[tuple[str, datetime]]:
        """Return the camera and its time, UTC, of the photos right in a folder that have a date.

        Without a name of the camera it is empty. Those indexed before an edit's time was told from
        that of the photo are left out.
        """
        below = _below(folder)
        rows = self._session.exec(
            select(PlaceRow.path, PhotoRow.sha256, PhotoRow.camera, PhotoRow.taken_at)
            .join(PhotoRow, col(PlaceRow.photo_sha256) == col(PhotoRow.sha256))
            .where(
                col(PlaceRow.path).startswith(below, autoescape=True),
                col(PhotoRow.taken_at).is_not(None),
                col(PhotoRow.turning).is_not(None),
            )
        )
        # A photo that lies there twice is one.
        found = {
            sha256: (camera or "", at)
            for path, sha256, camera, at in rows
            if at is not None and path.rpartition(below[-1])[0] == below[:-1]
        }
        return list(found.values())

    def taken_on(self, photos: Sequence[str], time_zone: str) -> dict[str, date]:
        """Return the day each photo was taken, on the calendar of a time zone, where known."""
        zone = ZoneInfo(time_zone)
        return {sha: at.astimezone(zone).date() for sha, at in self.taken_at(photos).items()}

    def photos_of_event(self, event_id: str) -> list[str]:
        """Return the photos of an event, in the order they were taken."""
        rows = self._session.exec(
            select(PhotoRow.sha256)
            .join(PlaceRow, col(PlaceRow.photo_sha256) == col(PhotoRow.sha256))
            .where(PlaceRow.event_id == event_id)
            .order_by(col(PhotoRow.taken_at).nulls_first(), col(PlaceRow.path)),
        )
        kept = self._session.exec(
            select(KeptEventRow.photo_sha256)
            .where(KeptEventRow.event_id == event_id)
            .order_by(col(KeptEventRow.photo_sha256))
        )
        return list(dict.fromkeys((*rows, *kept)))

    def photos_taken_between(self, first: datetime, last: datetime) -> list[str]:
        """Return the photos taken from one moment to before another, in that order."""
        rows = self._session.exec(
            select(PhotoRow.sha256)
            .where(col(PhotoRow.taken_at) >= first, col(PhotoRow.taken_at) < last)
            .order_by(col(PhotoRow.taken_at)),
        )
        return list(rows)

    def places_starting(self, sha256: str) -> list[tuple[str, str]]:
        """Return photo and path of every place whose photo's SHA-256 begins like this."""
        rows = self._session.exec(
            select(PlaceRow.photo_sha256, PlaceRow.path).where(
                col(PlaceRow.photo_sha256).startswith(sha256, autoescape=True),
            ),
        )
        return [(photo, path) for photo, path in rows]

    def qualities(self, most: int) -> list[FaceQuality]:
        """Return how well the faces indexed last can be compared, so many at most."""
        query = QUALITIES.select().order_by(col(FaceRow.id).desc())
        return self._read(QUALITIES, query.limit(most))

    def count(self) -> int:
        """Return how many photos there are."""
        return self._session.exec(select(func.count()).select_from(PhotoRow)).one()

    def any(self) -> bool:
        """Say whether any photo is in the index."""
        return self._session.exec(select(PhotoRow.sha256).limit(1)).first() is not None

    def placed(self) -> int:
        """Return how many photos have a place: others were only handed in, to compare with."""
        photos = func.count(distinct(col(PlaceRow.photo_sha256)))
        return self._session.exec(select(photos)).one()

    def counts(self) -> dict[str, int]:
        """Return how much is in the index."""
        return {
            name: self._session.exec(select(func.count()).select_from(table)).one()
            for name, table in (
                ("photos", PhotoRow),
                ("places", PlaceRow),
                ("faces", FaceRow),
                ("problems", ProblemRow),
            )
        }


def _below(folder: Place) -> str:
    """Return what the paths of everything in a folder begin with."""
    name = str(folder)
    separator = os.sep if isinstance(folder, Path) else "/"
    return name if name.endswith(separator) else name + separator
