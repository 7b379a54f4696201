"""Tables of the register. Rows are appended; erasure is the only use case that removes any."""

# No `from __future__ import annotations` here: SQLModel reads the annotations at run time.

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from media_index.tables import UtcDateTime, Wide


class PersonRow(SQLModel, table=True):
    """Somebody the register knows, as first entered."""

    __tablename__ = "person"

    id: str = Field(primary_key=True, max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)


class PersonEventRow(SQLModel, table=True):
    """What was entered of a person: their facts, a correction, a merger."""

    __tablename__ = "person_event"
    __table_args__ = (UniqueConstraint("person_id", "place"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True, max_length=32)
    place: int
    step: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    name: str | None = Field(default=None, index=True)
    facts: dict[str, Any] = Field(sa_type=JSON)


class RevocationRow(SQLModel, table=True):
    """A case number and its person; all else is in its events."""

    __tablename__ = "revocation"

    id: str = Field(primary_key=True, max_length=32)
    number: int = Field(unique=True)
    person_id: str = Field(foreign_key="person.id", index=True, max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)


class RevocationEventRow(SQLModel, table=True):
    """A step in the life of a case."""

    __tablename__ = "revocation_event"
    __table_args__ = (UniqueConstraint("revocation_id", "place"),)

    id: int | None = Field(default=None, primary_key=True)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    place: int
    step: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    effective_on: date
    received_on: date | None = Field(default=None, index=True)
    actor_id: str
    actor_role: str = Field(max_length=32)
    terms: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    lapses_on: date | None = None
    reason: str = ""


class EvidenceRow(SQLModel, table=True):
    """A file in the vault and the case it belongs to; what stays when the file is erased."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("sha256", "revocation_id"),)

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(index=True, max_length=64)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    file_name: str
    byte_size: int = Field(sa_type=Wide)
    added_at: datetime = Field(sa_type=UtcDateTime)


class TemplateRow(SQLModel, table=True):
    """A reference face. The box is in px of the reference photo after EXIF rotation."""

    __tablename__ = "template"

    id: str = Field(primary_key=True, max_length=32)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    photo_sha256: str = Field(index=True, max_length=64)
    x1: int
    y1: int
    x2: int
    y2: int
    crop: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=UtcDateTime)
    norm: float | None = Field(default=None)


class TemplateEncodingRow(SQLModel, table=True):
    """An encoding of a template by one model: (d,) float32, little-endian."""

    __tablename__ = "template_encoding"

    template_id: str = Field(foreign_key="template.id", primary_key=True, max_length=32)
    model_id: str = Field(primary_key=True, max_length=64)
    vector: bytes = Field(sa_type=LargeBinary)


class SightingRow(SQLModel, table=True):
    """A decision on (face or photo, revocation).

    Keyed by the photo's bytes and the place in it, not by a row of the index, so that it
    survives re-indexing.
    """

    __tablename__ = "sighting"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str = Field(index=True, max_length=64)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    x1: int | None = None
    y1: int | None = None
    x2: int | None = None
    y2: int | None = None
    state: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    note: str = ""
    wearing: str = ""


class FaceLookRow(SQLModel, table=True):
    """Somebody looked at a face that cannot be compared, and found nobody of the register."""

    __tablename__ = "face_look"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str = Field(index=True, max_length=64)
    x1: int
    y1: int
    x2: int
    y2: int
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    taken_back: bool = False


class OverrideRow(SQLModel, table=True):
    """A decision to use a photo although something speaks against it."""

    __tablename__ = "override"

    id: str = Field(primary_key=True, max_length=32)
    photo_sha256: str = Field(index=True, max_length=64)
    channel: str = Field(max_length=64)
    publication: str | None = None
    lifts: list[list[str | None]] = Field(sa_type=JSON)
    reason: str
    expires_on: date
    needs_second: bool
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)


class OverrideStepRow(SQLModel, table=True):
    """What happened to an override afterwards: seconded, withdrawn."""

    __tablename__ = "override_step"

    id: int | None = Field(default=None, primary_key=True)
    override_id: str = Field(foreign_key="override.id", index=True, max_length=32)
    step: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    reason: str = ""


class VerbalConsentRow(SQLModel, table=True):
    """Asked and answered by word of mouth."""

    __tablename__ = "verbal_consent"

    id: str = Field(primary_key=True, max_length=32)
    asked_by: str
    asked_on: date
    given: bool
    kinds: list[str] = Field(sa_type=JSON)
    photo_sha256: str | None = Field(default=None, index=True, max_length=64)
    x1: int | None = None
    y1: int | None = None
    x2: int | None = None
    y2: int | None = None
    event_id: str | None = Field(default=None, foreign_key="event.id", index=True)
    expires_on: date | None = None
    note: str = ""
    channels: list[str] = Field(default_factory=list, sa_type=JSON)
    name: str = ""
    guardian: str = ""
    same_as: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)


class ClearanceRow(SQLModel, table=True):
    """A verdict as it was given."""

    __tablename__ = "clearance"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str | None = Field(default=None, index=True, max_length=64)
    path: str
    channel: str = Field(max_length=64)
    publication: str | None = None
    verdict: str = Field(max_length=16)
    reasons: list[dict[str, Any]] = Field(sa_type=JSON)
    register_version: int = Field(index=True)
    policy_version: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)


class AuditEventRow(SQLModel, table=True):
    """An entry of the log, chained to the one before by its hash."""

    __tablename__ = "audit_event"

    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    action: str = Field(max_length=64, index=True)
    subject: str = Field(index=True, max_length=128)
    actor_id: str
    actor_role: str = Field(max_length=32)
    details: dict[str, Any] = Field(sa_type=JSON)
    changes_register: bool = Field(index=True)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64, unique=True)


class CalibrationChangeRow(SQLModel, table=True):
    """A change of the calibration in use. Rows are appended; the last one holds."""

    __tablename__ = "calibration_change"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    reason: str
    document: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class JobRow(SQLModel, table=True):
    """Long work started by a page and done by a process of its own."""

    __tablename__ = "job"

    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=32)
    state: str = Field(max_length=16, index=True)
    request: dict[str, Any] = Field(sa_type=JSON)
    done: int = 0
    total: int = 0
    message: str = ""
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
