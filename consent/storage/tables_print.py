"""Tables of print pieces and their audits. Rows are appended."""

# No `from __future__ import annotations` here: SQLModel reads the annotations at run time.

from datetime import date, datetime
from typing import Any

from sqlmodel import JSON, Field, SQLModel

from media_index.tables import UtcDateTime


class PrintPieceRow(SQLModel, table=True):
    """A newsletter, brochure, report, poster or press kit; how far it came is in its steps."""

    __tablename__ = "print_piece"

    id: str = Field(primary_key=True, max_length=32)
    number: int = Field(unique=True)
    channel: str = Field(max_length=64)
    title: str
    issue: str = ""
    print_on: date | None = None
    run: int | None = None
    editor: str
    at: datetime = Field(sa_type=UtcDateTime)


class PieceStepRow(SQLModel, table=True):
    """A step of a print piece, or a count of its stock."""

    __tablename__ = "print_step"

    id: int | None = Field(default=None, primary_key=True)
    piece_id: str = Field(foreign_key="print_piece.id", index=True, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    state: str | None = Field(default=None, max_length=16)
    reason: str = ""
    signed_as: str = ""
    audit_id: str | None = Field(default=None, max_length=32)
    stock: int | None = None


class LayoutRow(SQLModel, table=True):
    """Files handed in for a piece; a laid-out PDF takes the place of what was there before."""

    __tablename__ = "print_layout"

    id: int | None = Field(default=None, primary_key=True)
    piece_id: str = Field(foreign_key="print_piece.id", index=True, max_length=32)
    name: str
    replaces: bool
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str


class PlacedPhotoRow(SQLModel, table=True):
    """A photo in a layout."""

    __tablename__ = "placed_photo"

    id: str = Field(primary_key=True, max_length=32)
    layout_id: int = Field(foreign_key="print_layout.id", index=True)
    page: int | None = None
    number: int
    name: str
    photo_sha256: str | None = Field(
        default=None, foreign_key="photo.sha256", index=True, max_length=64
    )
    found: str | None = Field(default=None, max_length=32)
    x1: int | None = None
    y1: int | None = None
    x2: int | None = None
    y2: int | None = None
    problem: str = ""


class PlacedPhotoRemovalRow(SQLModel, table=True):
    """A photo was taken out of a layout."""

    __tablename__ = "placed_photo_removal"

    placed_id: str = Field(primary_key=True, foreign_key="placed_photo.id", max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str


class AuditRow(SQLModel, table=True):
    """An audit of a piece as it was found."""

    __tablename__ = "print_audit"

    id: str = Field(primary_key=True, max_length=32)
    piece_id: str = Field(foreign_key="print_piece.id", index=True, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    register_version: int
    policy_version: str
    model: str
    photos: list[dict[str, Any]] = Field(sa_type=JSON)
