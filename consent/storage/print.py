"""Print pieces, their layouts and audits in the database."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlmodel import JSON, Field, Session, SQLModel, col, select

from consent.domain.actors import Actor, Role
from consent.domain.print import Audit, AuditedPhoto, PieceState, PieceStep, PlacedPhoto, PrintPiece
from media_index.storage.tables import UtcDateTime
from media_index.types import Box, FoundBy

if TYPE_CHECKING:
    from collections.abc import Sequence


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


_PHOTOS = TypeAdapter(list[AuditedPhoto])


class PrintPieces:
    """Pieces, what is placed in them, and how they were audited."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def next_number(self) -> int:
        """Return the next free number; safe because a writing unit of work is alone."""
        return (self._session.exec(select(func.max(PrintPieceRow.number))).one() or 0) + 1

    def add(self, piece: PrintPiece, at: datetime) -> None:
        """Add a piece with its first steps."""
        self._session.add(
            PrintPieceRow(
                id=piece.id,
                number=piece.number,
                channel=piece.channel,
                title=piece.title,
                issue=piece.issue,
                print_on=piece.print_on,
                run=piece.run,
                editor=piece.editor,
                at=at,
            )
        )
        self._session.flush()
        for step in piece.history:
            self.append(piece.id, step)

    def append(self, piece_id: str, step: PieceStep) -> None:
        """Append a step."""
        self._session.add(
            PieceStepRow(
                piece_id=piece_id,
                at=step.at,
                actor_id=step.actor.id,
                actor_role=step.actor.role.value,
                state=None if step.state is None else step.state.value,
                reason=step.reason,
                signed_as=step.signed_as,
                audit_id=step.audit_id,
                stock=step.stock,
            )
        )
        self._session.flush()

    def all(self) -> list[PrintPiece]:
        """Return every piece, the newest first."""
        steps: dict[str, list[PieceStep]] = defaultdict(list)
        for row in self._session.exec(select(PieceStepRow).order_by(col(PieceStepRow.id))):
            steps[row.piece_id].append(
                PieceStep(
                    row.at,
                    Actor(row.actor_id, Role(row.actor_role)),
                    None if row.state is None else PieceState(row.state),
                    row.reason,
                    row.signed_as,
                    row.audit_id,
                    row.stock,
                )
            )
        rows = self._session.exec(select(PrintPieceRow).order_by(col(PrintPieceRow.number).desc()))
        return [
            PrintPiece(
                row.id,
                row.number,
                row.channel,
                row.title,
                row.issue,
                row.print_on,
                row.run,
                row.editor,
                tuple(steps[row.id]),
            )
            for row in rows
        ]

    def place(
        self,
        piece_id: str,
        name: str,
        photos: Sequence[PlacedPhoto],
        at: datetime,
        actor: Actor,
        *,
        replaces: bool,
    ) -> None:
        """Append a layout with the photos in it.

        Args:
            piece_id: whose.
            name: of the file that was handed in.
            photos: in it.
            at: UTC.
            actor: who handed it in.
            replaces: what was placed before no longer counts.
        """
        layout = LayoutRow(
            piece_id=piece_id, name=name, replaces=replaces, at=at, actor_id=actor.id
        )
        self._session.add(layout)
        self._session.flush()
        self._session.add_all(
            PlacedPhotoRow(
                id=one.id,
                layout_id=layout.id or 0,
                page=one.page,
                number=one.number,
                name=one.name,
                photo_sha256=one.photo_sha256,
                found=None if one.found is None else one.found.value,
                **_corners(one.region),
                problem=one.problem,
            )
            for one in photos
        )
        self._session.flush()

    def remove(self, placed_id: str, at: datetime, actor: Actor) -> None:
        """Append that a photo was taken out."""
        self._session.add(PlacedPhotoRemovalRow(placed_id=placed_id, at=at, actor_id=actor.id))
        self._session.flush()

    def placed(self, piece_id: str) -> list[PlacedPhoto]:
        """Return the photos that are in a piece now: by page, then as they were handed in."""
        layouts = self._session.exec(
            select(LayoutRow).where(LayoutRow.piece_id == piece_id).order_by(col(LayoutRow.id))
        ).all()
        last = max((place for place, one in enumerate(layouts) if one.replaces), default=0)
        current = [one.id for one in layouts[last:]]
        removed = set(self._session.exec(select(PlacedPhotoRemovalRow.placed_id)))
        rows = self._session.exec(
            select(PlacedPhotoRow)
            .where(col(PlacedPhotoRow.layout_id).in_(current))
            .order_by(col(PlacedPhotoRow.page).nulls_first(), col(PlacedPhotoRow.layout_id))
            .order_by(col(PlacedPhotoRow.number), col(PlacedPhotoRow.found))
        )
        return [_placed(row) for row in rows if row.id not in removed]

    def add_audit(self, piece_id: str, audit: Audit) -> None:
        """Append an audit."""
        self._session.add(
            AuditRow(
                id=audit.id,
                piece_id=piece_id,
                at=audit.at,
                actor_id=audit.actor.id,
                actor_role=audit.actor.role.value,
                register_version=audit.register_version,
                policy_version=audit.policy_version,
                model=audit.model,
                photos=_PHOTOS.dump_python(list(audit.photos), mode="json"),
            )
        )
        self._session.flush()

    def audits(self, piece_id: str | None = None) -> list[tuple[str, Audit]]:
        """Return audits with the piece they are of, oldest first; of one piece, or of all."""
        query = select(AuditRow).order_by(col(AuditRow.at))
        if piece_id is not None:
            query = query.where(AuditRow.piece_id == piece_id)
        return [(row.piece_id, _audit(row)) for row in self._session.exec(query)]


def _audit(row: AuditRow) -> Audit:
    return Audit(
        id=row.id,
        at=row.at,
        actor=Actor(row.actor_id, Role(row.actor_role)),
        register_version=row.register_version,
        policy_version=row.policy_version,
        model=row.model,
        photos=tuple(_PHOTOS.validate_python(row.photos)),
    )


def _placed(row: PlacedPhotoRow) -> PlacedPhoto:
    region = None
    if None not in (row.x1, row.y1, row.x2, row.y2):
        region = Box(row.x1 or 0, row.y1 or 0, row.x2 or 0, row.y2 or 0)
    return PlacedPhoto(
        row.id,
        row.page,
        row.number,
        row.name,
        row.photo_sha256,
        None if row.found is None else FoundBy(row.found),
        region,
        row.problem,
    )


def _corners(box: Box | None) -> dict[str, int]:
    return {} if box is None else {"x1": box.x1, "y1": box.y1, "x2": box.x2, "y2": box.y2}
