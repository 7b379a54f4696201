"""Photos in whose words somebody is named, in the database: by case, and without the name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col

from consent.domain.named import NamedPhoto
from media_index.storage.columns import Columns, Store
from media_index.storage.contents import in_chunks


class NamedPhotoRow(SQLModel, table=True):
    """Words about a photo hold somebody's name."""

    __tablename__ = "named_photo"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str = Field(foreign_key="photo.sha256", index=True, max_length=64)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    place: str
    likeness: int
    x1: int | None = None
    y1: int | None = None
    x2: int | None = None
    y2: int | None = None


_NAMED = Columns(NamedPhoto, NamedPhotoRow)


class NamedPhotos(Store):
    """Who is named in words about which photos, as they were last checked."""

    def put(self, found: Mapping[str, Iterable[NamedPhoto]]) -> None:
        """Keep what was found of photos, by SHA-256, in the place of what was found before."""
        for chunk in in_chunks(sorted(found)):
            self._session.exec(
                delete(NamedPhotoRow).where(col(NamedPhotoRow.photo_sha256).in_(chunk))
            )
        self._add(*(_NAMED.row(named) for every in found.values() for named in every))

    def all(self) -> Sequence[NamedPhoto]:
        """Return all of them."""
        return self._read(_NAMED, _NAMED.select().order_by(col(NamedPhotoRow.id)))
