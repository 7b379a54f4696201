"""Tables of takedowns and appeals. Rows are appended."""

# No `from __future__ import annotations` here: SQLModel reads the annotations at run time.

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from media_index.tables import UtcDateTime


class TakedownRow(SQLModel, table=True):
    """The case of getting one published copy removed; all else is in its events."""

    __tablename__ = "takedown"
    __table_args__ = (UniqueConstraint("publication_id", "revocation_id"),)

    id: str = Field(primary_key=True, max_length=32)
    number: int = Field(unique=True)
    publication_id: str = Field(foreign_key="publication.id", index=True, max_length=32)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    due_on: date = Field(index=True)
    safety: bool


class TakedownEventRow(SQLModel, table=True):
    """A step of a takedown."""

    __tablename__ = "takedown_event"

    id: int | None = Field(default=None, primary_key=True)
    takedown_id: str = Field(foreign_key="takedown.id", index=True, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    state: str | None = Field(default=None, max_length=32)
    owner: str | None = None
    note: str = ""
    proof: str | None = Field(default=None, max_length=64)
    stop_reprint: bool | None = None
    stock: str = ""
    kept_copy: str | None = Field(default=None, max_length=64)
    kept_until: date | None = None


class AppealRow(SQLModel, table=True):
    """A Statement of Concern."""

    __tablename__ = "appeal"

    id: str = Field(primary_key=True, max_length=32)
    number: int = Field(unique=True)
    name: str
    contact: str = ""
    about: str
    takedown_id: str | None = Field(default=None, foreign_key="takedown.id", max_length=32)
    received_on: date
    due_on: date = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str


class AppealStepRow(SQLModel, table=True):
    """An answer to an appeal, or that it goes to the Board."""

    __tablename__ = "appeal_step"

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: str = Field(foreign_key="appeal.id", index=True, max_length=32)
    step: str = Field(max_length=16)
    decision: str | None = Field(default=None, max_length=16)
    reason: str = ""
    on: date
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
