"""What is done with faces, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from consent.domain.faces import Faces, FacesChange
from media_index.storage.columns import Columns, Store
from media_index.storage.tables import UtcDateTime


class FacesChangeRow(SQLModel, table=True):
    """Somebody chose what is done with faces. Rows are appended; the last one holds."""

    __tablename__ = "faces_change"

    id: int | None = Field(default=None, primary_key=True)
    mode: str = Field(max_length=16)
    reason: str
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)


_CHANGES = Columns(FacesChange, FacesChangeRow)


class FacesChanges(Store):
    """What was chosen, oldest first."""

    _mode: Faces | None = None

    def mode(self) -> Faces:
        """Return what is done with faces; asked once in a transaction."""
        if self._mode is None:
            last = select(FacesChangeRow.mode).order_by(col(FacesChangeRow.id).desc()).limit(1)
            said = self._session.exec(last).first()
            self._mode = Faces.INDEX if said is None else Faces(said)
        return self._mode

    def append(self, change: FacesChange) -> None:
        """Choose."""
        self._add(_CHANGES.row(change))
        self._mode = change.mode

    def all(self) -> Sequence[FacesChange]:
        """Return what was chosen; nothing while it is as it came."""
        return self._read(_CHANGES, _CHANGES.select().order_by(col(FacesChangeRow.id)))
