"""Tables of what was published. Rows are appended."""

# No `from __future__ import annotations` here: SQLModel reads the annotations at run time.

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from media_index.tables import UtcDateTime


class PublicationRow(SQLModel, table=True):
    """A use that happened."""

    __tablename__ = "publication"

    id: str = Field(primary_key=True, max_length=32)
    photo_sha256: str = Field(foreign_key="photo.sha256", index=True, max_length=64)
    channel: str = Field(max_length=64, index=True)
    piece: str = ""
    url: str = Field(default="", index=True)
    published_on: date
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
