"""Print pieces, their layouts and audits in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, text, true, tuple_
from sqlmodel import JSON, Field, SQLModel, col, select

from consent.domain.actors import Actor
from consent.domain.print import RULES, Audit, PieceStep, PlacedPhoto, PrintPiece, TakenOut
from media_index.storage.columns import Columns, Store
from media_index.storage.tables import UtcDateTime


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
    layout_unseen: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


class LayoutRow(SQLModel, table=True):
    """Files handed in for a piece; a laid-out PDF takes the place of what was there before."""

    __tablename__ = "print_layout"

    id: int | None = Field(default=None, primary_key=True)
    piece_id: str = Field(foreign_key="print_piece.id", index=True, max_length=32)
    name: str
    replaces: bool
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    named: list[str] = Field(
        sa_type=JSON, default_factory=list, sa_column_kwargs={"server_default": "[]"}
    )
    rules: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


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
    repeats: list[dict[str, int]] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    counted: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    picture_sha256: str | None = Field(default=None, max_length=64)


class PlacedPhotoStepRow(SQLModel, table=True):
    """A photo was taken out of a layout, or put back; the last one counts."""

    __tablename__ = "placed_photo_step"

    id: int | None = Field(default=None, primary_key=True)
    placed_id: str = Field(foreign_key="placed_photo.id", index=True, max_length=32)
    taken_out: bool
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    reason: str = ""


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
    by_eye: list[str] = Field(
        sa_type=JSON, default_factory=list, sa_column_kwargs={"server_default": "[]"}
    )
    rules: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


_PIECES = Columns(PrintPiece, PrintPieceRow, apart=("history",))
_STEPS = Columns(PieceStep, PieceStepRow)
_PLACED = Columns(PlacedPhoto, PlacedPhotoRow)
_AUDITS = Columns(Audit, AuditRow)


class PrintPieces(Store):
    """Pieces, what is placed in them, and how they were audited."""

    def next_number(self) -> int:
        """Return the next free number of a piece."""
        return self._next(PrintPieceRow.number)

    def add(self, piece: PrintPiece, at: datetime) -> None:
        """Add a piece with its first steps."""
        self._add(_PIECES.row(piece, at=at))
        for step in piece.history:
            self.append(piece.id, step)

    def append(self, piece_id: str, step: PieceStep) -> None:
        """Append a step."""
        self._add(_STEPS.row(step, piece_id=piece_id))

    def all(self) -> list[PrintPiece]:
        """Return every piece, the newest first."""
        steps = self._read_by(PieceStepRow.piece_id, _STEPS)
        rows = self._session.execute(_PIECES.select().order_by(col(PrintPieceRow.number).desc()))
        return [_PIECES.read(row, history=tuple(steps[row.id])) for row in rows]

    def place(
        self,
        piece_id: str,
        name: str,
        photos: Sequence[PlacedPhoto],
        at: datetime,
        actor: Actor,
        *,
        replaces: bool,
        named: Sequence[str] = (),
    ) -> None:
        """Append a layout with its photos; if it `replaces`, no earlier one counts any longer.

        `named` are sentences on where its text names somebody.
        """
        layout = LayoutRow(
            piece_id=piece_id,
            name=name,
            replaces=replaces,
            at=at,
            actor_id=actor.id,
            named=list(named),
            rules=RULES,
        )
        self._add(layout)
        self._add(*(_PLACED.row(photo, layout_id=layout.id) for photo in photos))

    def named(self, piece_id: str) -> list[str]:
        """Return where the text of what is in a piece now names somebody, in sentences."""
        return [said for layout in self._layouts(piece_id) for said in layout.named]

    def match_again(self, photos: Sequence[PlacedPhoto]) -> None:
        """Change what placed pictures were matched with."""
        for photo in photos:
            row = self._session.get_one(PlacedPhotoRow, photo.id)
            for name, value in _PLACED.values(photo).items():
                setattr(row, name, value)
        self._session.flush()

    def remove(self, placed_id: str, at: datetime, actor: Actor) -> None:
        """Append that a photo was taken out."""
        row = PlacedPhotoStepRow(placed_id=placed_id, taken_out=True, at=at, actor_id=actor.id)
        self._add(row)

    def put_back(self, placed_id: str, reason: str, at: datetime, actor: Actor) -> None:
        """Append that a photo that was taken out is in the piece again."""
        row = PlacedPhotoStepRow(
            placed_id=placed_id, taken_out=False, at=at, actor_id=actor.id, reason=reason
        )
        self._add(row)

    def placed(self, piece_id: str) -> list[PlacedPhoto]:
        """Return what is in a piece: photos as they were handed in, then PDF by PDF, by page."""
        return self._placed(piece_id, removed=False)

    def taken_out(self, piece_id: str) -> list[TakenOut]:
        """Return those that were taken out of what was last handed in, in the same order."""
        photos = self._placed(piece_id, removed=True)
        ids = [photo.id for photo in photos]
        query = select(PlacedPhotoStepRow).where(col(PlacedPhotoStepRow.placed_id).in_(ids))
        last = {
            row.placed_id: row
            for row in self._session.exec(query.order_by(col(PlacedPhotoStepRow.id)))
        }
        return [TakenOut(photo, last[photo.id].at, last[photo.id].actor_id) for photo in photos]

    def of_older_rules(self, piece_id: str) -> bool:
        """Say whether a laid-out PDF in a piece was read by rules of an older version."""
        layouts = [layout.id for layout in self._layouts(piece_id) if layout.rules < RULES]
        query = select(PlacedPhotoRow.id).where(
            col(PlacedPhotoRow.layout_id).in_(layouts), col(PlacedPhotoRow.page).is_not(None)
        )
        return self._session.exec(query).first() is not None

    def _layouts(self, piece_id: str) -> Sequence[LayoutRow]:
        """Return the layouts of a piece that count: the last one that replaces, and those since."""
        layouts = self._session.exec(
            select(LayoutRow).where(LayoutRow.piece_id == piece_id).order_by(col(LayoutRow.id))
        ).all()
        last = max((index for index, layout in enumerate(layouts) if layout.replaces), default=0)
        return layouts[last:]

    def _placed(self, piece_id: str, *, removed: bool) -> list[PlacedPhoto]:
        layouts = self._layouts(piece_id)
        last = select(func.max(PlacedPhotoStepRow.id)).group_by(col(PlacedPhotoStepRow.placed_id))
        removals = select(PlacedPhotoStepRow.placed_id).where(
            col(PlacedPhotoStepRow.id).in_(last), col(PlacedPhotoStepRow.taken_out)
        )
        placed_id, page = col(PlacedPhotoRow.id), col(PlacedPhotoRow.page)
        query = (
            _PLACED.select()
            .where(
                col(PlacedPhotoRow.layout_id).in_([layout.id for layout in layouts]),
                placed_id.in_(removals) if removed else placed_id.not_in(removals),
            )
            .order_by(page.is_not(None), col(PlacedPhotoRow.layout_id))
            .order_by(case((page.is_(None), ""), else_=col(PlacedPhotoRow.name)), page)
            .order_by(col(PlacedPhotoRow.number), col(PlacedPhotoRow.counted).desc())
            .order_by(col(PlacedPhotoRow.found))
        )
        return self._read(_PLACED, query)

    def add_audit(self, piece_id: str, audit: Audit) -> None:
        """Append an audit."""
        self._add(_AUDITS.row(audit, piece_id=piece_id))

    def audits(self, piece_id: str | None = None) -> list[tuple[str, Audit]]:
        """Return audits with the piece they are of, oldest first; of one piece, or of all."""
        query = _AUDITS.select(AuditRow.piece_id).order_by(col(AuditRow.at))
        if piece_id is not None:
            query = query.where(col(AuditRow.piece_id) == piece_id)
        return [(row.piece_id, _AUDITS.read(row)) for row in self._session.execute(query)]

    def last_audits(self) -> dict[str, Audit]:
        """Return the last audit of each piece that has one, by the piece's id."""
        piece_id, at = col(AuditRow.piece_id), col(AuditRow.at)
        last = select(piece_id, func.max(at)).group_by(piece_id)
        query = _AUDITS.select(AuditRow.piece_id).where(tuple_(piece_id, at).in_(last))
        return {row.piece_id: _AUDITS.read(row) for row in self._session.execute(query)}
