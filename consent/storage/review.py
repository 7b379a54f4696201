"""The review queue in the database: derived, kept up by `consent.review.upkeep`, made anew at need.

What is asked, how everybody was searched for, and how far in the log that reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import JSON, ColumnElement, Index, delete, func, select, update
from sqlmodel import Field, SQLModel, col

from consent.domain.review import CaseSearch, Origin, Pair, PairKind, ReviewState
from media_index.storage.columns import Columns, Store
from media_index.storage.contents import in_chunks
from media_index.storage.tables import UtcDateTime


class ReviewPairRow(SQLModel, table=True):
    """A photo, and what is asked of it."""

    __tablename__ = "review_pair"
    __table_args__ = (
        # SQLite walks the first backwards: the order of the queue, without sorting.
        Index(
            "ix_review_pair_urgency", "settled", "published_on", "checked_at", "taken_at", "score"
        ),
        Index("ix_review_pair_asked", "settled", "kind", "photo_sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16)
    photo_sha256: str = Field(index=True, max_length=64)
    boxes: list[dict[str, int]] = Field(sa_type=JSON)
    label: str | None = Field(default=None, max_length=16)
    revocation_id: str | None = Field(default=None, index=True, max_length=32)
    score: float | None = None
    false_matches_per_million: float | None = None
    hint: str = ""
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_on: date | None = None
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    origin: str = Field(max_length=16)
    surely: bool = False
    settled: bool = False


class ReviewStateRow(SQLModel, table=True):
    """How far the queue was kept up; one row."""

    __tablename__ = "review_state"

    id: int = Field(default=1, primary_key=True)
    version: str = Field(max_length=64)
    sequence: int
    day: date
    last_face: int
    last_check: int


class ReviewSearchRow(SQLModel, table=True):
    """How a person was searched for."""

    __tablename__ = "review_search"

    revocation_id: str = Field(primary_key=True, max_length=32)
    digest: str = Field(max_length=64)


_PAIRS = Columns(Pair, ReviewPairRow)
_STATES = Columns(ReviewState, ReviewStateRow)
_SEARCHES = Columns(CaseSearch, ReviewSearchRow)
_WAITS = col(ReviewPairRow.settled).is_(False)
# As `Pair.urgency`.
_URGENCY = tuple(
    col(column).desc().nulls_last()
    for column in (
        ReviewPairRow.published_on,
        ReviewPairRow.checked_at,
        ReviewPairRow.taken_at,
        ReviewPairRow.score,
    )
)


class ReviewPairs(Store):
    """What is asked of photos, as it was last worked out."""

    def state(self) -> ReviewState | None:
        """Return how far it was kept up; None where it was never made."""
        row = self._session.execute(_STATES.select()).first()
        return None if row is None else _STATES.read(row)

    def put_state(self, state: ReviewState) -> None:
        """Say how far it is kept up now."""
        self._session.merge(_STATES.row(state, id=1))

    def searches(self, of: Collection[str] | None = None) -> dict[str, CaseSearch]:
        """Return by case how everybody was searched for, or some were."""
        query = _SEARCHES.select()
        if of is not None:
            query = query.where(col(ReviewSearchRow.revocation_id).in_(sorted(of)))
        return {search.revocation_id: search for search in self._read(_SEARCHES, query)}

    def put_searches(self, searches: Iterable[CaseSearch]) -> None:
        """Say how people were searched for."""
        new = {search.revocation_id: search for search in searches}
        self.forget_searches(new.keys())
        self._add(*map(_SEARCHES.row, new.values()))

    def forget_searches(self, revocation_ids: Collection[str]) -> None:
        """Forget how people were searched for who are searched for no more."""
        for chunk in in_chunks(sorted(revocation_ids)):
            self._session.exec(
                delete(ReviewSearchRow).where(col(ReviewSearchRow.revocation_id).in_(chunk))
            )

    def pairs(self, *, with_settled: bool = False) -> list[Pair]:
        """Return what nobody has decided, in no order; or that and what was decided."""
        query = _PAIRS.select()
        if not with_settled:
            query = query.where(_WAITS)
        return self._read(_PAIRS, query)

    def waiting(self) -> list[int]:
        """Return the rows of what nobody has decided, the most urgent first."""
        query = select(col(ReviewPairRow.id)).where(_WAITS)
        return list(self._session.scalars(query.order_by(*_URGENCY, col(ReviewPairRow.id).desc())))

    def of_rows(self, rows: Sequence[int]) -> dict[int, Pair]:
        """Return by row what is asked, of those that are there."""
        return {
            row: pair
            for chunk in in_chunks(rows)
            for row, pair in self._with_rows(col(ReviewPairRow.id).in_(chunk))
        }

    def of_photos(self, photos: Collection[str]) -> dict[int, Pair]:
        """Return by row what nobody has decided of some photos."""
        return {
            row: pair
            for chunk in in_chunks(sorted(photos))
            for row, pair in self._with_rows(_WAITS, col(ReviewPairRow.photo_sha256).in_(chunk))
        }

    def about(self, kind: PairKind, label: str | None) -> dict[int, Pair]:
        """Return by row what nobody has decided and is asked of one kind about one case."""
        of_case = col(ReviewPairRow.label) == label
        return dict(self._with_rows(_WAITS, of_case, col(ReviewPairRow.kind) == kind.value))

    def beside_faces(self) -> dict[int, Pair]:
        """Return by row what nobody has decided and is not asked of faces searched for."""
        others = [kind.value for kind in PairKind if kind is not PairKind.FACE]
        return dict(self._with_rows(_WAITS, col(ReviewPairRow.kind).in_(others)))

    def of_crowds(self, least: int) -> dict[int, Pair]:
        """Return by row what nobody has decided of photos in whose faces so many are seen."""
        faces = (_WAITS, col(ReviewPairRow.kind) == PairKind.FACE.value)
        photo = col(ReviewPairRow.photo_sha256)
        crowded = select(photo).where(*faces).group_by(photo).having(func.count() >= least)
        return dict(self._with_rows(*faces, photo.in_(crowded)))

    def _with_rows(self, *meant: ColumnElement[bool]) -> Iterator[tuple[int, Pair]]:
        for row in self._session.execute(_PAIRS.select(ReviewPairRow.id).where(*meant)):
            yield row.id, _PAIRS.read(row)

    def of_cases(self, revocation_ids: Collection[str], origin: Origin) -> list[tuple[int, Pair]]:
        """Return row and pair of whatever asks about cases, settled or not."""
        asked_by = col(ReviewPairRow.origin) == origin.value
        return [
            found
            for chunk in in_chunks(sorted(revocation_ids))
            for found in self._with_rows(col(ReviewPairRow.revocation_id).in_(chunk), asked_by)
        ]

    def waiting_photos(self, revocation_id: str) -> set[str]:
        """Return the photos of whatever asks about a case and is not settled."""
        query = select(col(ReviewPairRow.photo_sha256)).where(
            col(ReviewPairRow.revocation_id) == revocation_id, _WAITS
        )
        return set(self._session.scalars(query))

    def of_origin(self, origin: Origin) -> list[tuple[int, Pair]]:
        """Return row and pair of whatever one origin asks, settled or not."""
        return list(self._with_rows(col(ReviewPairRow.origin) == origin.value))

    def settle(self, rows: Mapping[int, bool]) -> None:
        """Say of rows whether somebody has decided on them."""
        for settled in (True, False):
            ids = [row for row, is_settled in rows.items() if is_settled is settled]
            for chunk in in_chunks(ids):
                self._session.execute(
                    update(ReviewPairRow)
                    .where(col(ReviewPairRow.id).in_(chunk))
                    .values(settled=settled)
                )

    def put(self, pairs: Sequence[Pair]) -> None:
        """Ask."""
        self._add(*(_PAIRS.row(pair) for pair in pairs))

    def remove_of_cases(self, revocation_ids: Collection[str], origin: Origin) -> None:
        """Ask no more about cases."""
        for chunk in in_chunks(sorted(revocation_ids)):
            self._session.execute(
                delete(ReviewPairRow).where(
                    col(ReviewPairRow.revocation_id).in_(chunk),
                    col(ReviewPairRow.origin) == origin.value,
                )
            )

    def remove_of_checks(
        self, photos: Collection[str], revocation_ids: Collection[str] | None = None
    ) -> None:
        """Ask no more what checks of photos left to a person.

        Of these cases, and of nobody in particular; of everybody by default.
        """
        for chunk in in_chunks(sorted(photos)):
            gone = delete(ReviewPairRow).where(
                col(ReviewPairRow.photo_sha256).in_(chunk),
                col(ReviewPairRow.origin) == Origin.CHECK.value,
            )
            if revocation_ids is not None:
                case = col(ReviewPairRow.revocation_id)
                gone = gone.where(case.in_(sorted(revocation_ids)) | case.is_(None))
            self._session.execute(gone)

    def remove_all(self) -> None:
        """Forget everything, to make it anew."""
        for table in (ReviewPairRow, ReviewSearchRow, ReviewStateRow):
            self._session.execute(delete(table))

    def remove_origin(self, origin: Origin) -> None:
        """Ask no more what one origin has asked."""
        self._session.execute(
            delete(ReviewPairRow).where(col(ReviewPairRow.origin) == origin.value)
        )

    def dates(
        self, photos: Collection[str] | None = None
    ) -> dict[str, set[tuple[date | None, datetime | None]]]:
        """Return by photo when it was published and checked, as its rows have it; of all, or some.

        Those of which nothing is asked are not in it.
        """
        query = select(
            col(ReviewPairRow.photo_sha256),
            col(ReviewPairRow.published_on),
            col(ReviewPairRow.checked_at),
        ).distinct()
        found: dict[str, set[tuple[date | None, datetime | None]]] = defaultdict(set)
        chunks = [None] if photos is None else in_chunks(sorted(photos))
        for chunk in chunks:
            meant = (
                query if chunk is None else query.where(col(ReviewPairRow.photo_sha256).in_(chunk))
            )
            for sha256, published_on, checked_at in self._session.execute(meant):
                found[sha256].add((published_on, checked_at))
        return found

    def date_photo(
        self, sha256: str, published_on: date | None, checked_at: datetime | None
    ) -> None:
        """Enter when a photo was published last, and checked."""
        self._session.execute(
            update(ReviewPairRow)
            .where(col(ReviewPairRow.photo_sha256) == sha256)
            .values(published_on=published_on, checked_at=checked_at)
        )
