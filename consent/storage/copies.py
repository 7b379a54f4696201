"""Copies that were made of photos, in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel, col

from consent.domain.copies import CopyKind, MadeCopy
from media_index.storage.columns import Columns, Store, among
from media_index.storage.tables import UtcDateTime


class MadeCopyRow(SQLModel, table=True):
    """A file that was made from a photo."""

    __tablename__ = "made_copy"

    sha256: str = Field(primary_key=True, max_length=64)
    photo_sha256: str = Field(foreign_key="photo.sha256", index=True, max_length=64)
    kind: str = Field(max_length=16, index=True)
    channel: str = Field(default="", max_length=64)
    x1: int | None = None
    y1: int | None = None
    x2: int | None = None
    y2: int | None = None
    fill: str | None = Field(default=None, max_length=16)
    other_boxes: list[dict[str, int]] = Field(
        sa_type=JSON, default_factory=list, sa_column_kwargs={"server_default": "[]"}
    )
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)


_COPIES = Columns(MadeCopy, MadeCopyRow)


class MadeCopies(Store):
    """What was made of which photo."""

    def add(self, copies: Sequence[MadeCopy]) -> None:
        """Append copies; one that was made before, of the same bytes, stays as it was."""
        known = {copy.sha256 for copy in self.named([copy.sha256 for copy in copies])}
        new = {copy.sha256: copy for copy in copies if copy.sha256 not in known}
        self._add(*map(_COPIES.row, new.values()))

    def named(self, copies: Collection[str]) -> list[MadeCopy]:
        """Return those of some files that were made here."""
        return self._where(MadeCopyRow.sha256, copies)

    def of_photos(self, photos: Collection[str]) -> list[MadeCopy]:
        """Return the copies that were made of some photos."""
        return self._where(MadeCopyRow.photo_sha256, photos)

    def covered(self) -> list[MadeCopy]:
        """Return the copies in which somebody is covered."""
        query = _COPIES.select().where(col(MadeCopyRow.kind) == CopyKind.COVERED.value)
        return self._read(_COPIES, query.order_by(col(MadeCopyRow.at)))

    def _where(self, column: str, values: Collection[str]) -> list[MadeCopy]:
        return self._read(_COPIES, _COPIES.select().where(among(column, values)))
