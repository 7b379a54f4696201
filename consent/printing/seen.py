"""What has happened to a print piece since somebody saw it, and who did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from consent.domain.errors import ConflictError
from consent.domain.log import Action, Entry
from consent.domain.print import PieceState, PrintPiece
from consent.domain.wording import counted
from consent.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PieceChange:
    """Something that somebody did to a piece; `what` follows on their name."""

    by: str
    what: str


def changes_words(changes: Sequence[PieceChange]) -> str:
    """Say who did what, in one sentence."""
    said = [
        f"{by} {', then '.join(dict.fromkeys(change.what for change in theirs))}"
        for by, theirs in groupby(changes, key=lambda change: change.by)
    ]
    return f"{'; '.join(said)}."


class PieceChangedError(ConflictError):
    """A piece is not as somebody saw it who wants to change it."""

    def __init__(self, label: str, changes: Sequence[PieceChange]) -> None:
        super().__init__(
            f"{label} has changed, and nothing was saved: {changes_words(changes)} "
            "Look at the piece, and do it again if it is still needed."
        )


def version_of(unit: UnitOfWork, piece: PrintPiece) -> int:
    """Return the number of the last entry of the log about a piece."""
    return unit.audit.last_of(piece.id)


def changes_after(unit: UnitOfWork, piece: PrintPiece, version: int) -> list[PieceChange]:
    """Return what was done to a piece after a version of it, oldest first."""
    entries = unit.audit.entries_of([piece.id])
    return [
        PieceChange(entry.actor_id, _what(entry)) for entry in entries if entry.sequence > version
    ]


def require_seen(unit: UnitOfWork, piece: PrintPiece, seen: int | None) -> None:
    """Refuse to change a piece that is not as it was seen; None is whoever has not looked.

    Raises:
        PieceChangedError: it is another by now.
    """
    if seen is not None and (changes := changes_after(unit, piece, seen)):
        raise PieceChangedError(piece.label, changes)


_MOVED = {
    PieceState.DRAFT: "called it back to draft",
    PieceState.APPROVED: "signed it off",
    PieceState.AT_PRINTER: "entered that it is at the printer",
    PieceState.PRINTED: "entered that it is printed",
}


def _what(entry: Entry) -> str:
    details = entry.details
    if entry.action == Action.PIECE_AUDITED:
        return "audited it"
    if entry.action == Action.PIECE_PLACED:
        return _placed(entry)
    if "stock" in details:
        return f"counted {counted(int(str(details['stock'])), 'copy', 'copies')} in stock"
    state = details.get("state")
    return _MOVED.get(PieceState(str(state)), "changed it") if state else "opened it"


def _placed(entry: Entry) -> str:
    details = entry.details
    if "taken_out" in details:
        return "took a picture out"
    if "put_back" in details:
        return "put a picture back"
    pictures = counted(int(str(details.get("photos", 0))), "picture")
    return f"uploaded a layout with {pictures}" if details.get("replaces") else f"added {pictures}"
