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
    source_url: str = ""
    found_as: str | None = Field(default=None, max_length=64)
    found_how: str = ""
    planned: bool = False


class SourceCheckRow(SQLModel, table=True):
    """Somebody looked whether a customer's post that is reused is still there."""

    __tablename__ = "source_check"

    id: int | None = Field(default=None, primary_key=True)
    publication_id: str = Field(foreign_key="publication.id", index=True, max_length=32)
    there: bool
    checked_on: date
    by: str
    at: datetime = Field(sa_type=UtcDateTime)


class ScheduledPostRow(SQLModel, table=True):
    """A photo that is planned for a use on a day."""

    __tablename__ = "scheduled_post"

    id: str = Field(primary_key=True, max_length=32)
    photo_sha256: str = Field(foreign_key="photo.sha256", index=True, max_length=64)
    channel: str = Field(max_length=64)
    piece: str = ""
    planned_on: date = Field(index=True)
    by: str
    at: datetime = Field(sa_type=UtcDateTime)


class ScheduledPostStepRow(SQLModel, table=True):
    """What became of a scheduled post: posted, cancelled."""

    __tablename__ = "scheduled_post_step"

    id: int | None = Field(default=None, primary_key=True)
    post_id: str = Field(foreign_key="scheduled_post.id", index=True, max_length=32)
    step: str = Field(max_length=16)
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
