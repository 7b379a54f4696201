"""Newsletters, brochures, reports, posters and press kits, on their way to the printer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from consent.domain import Actor
    from media_index.types import Box, FoundBy


class PieceState(StrEnum):
    """How far a piece has come."""

    DRAFT = "draft"
    AUDITED = "audited"
    APPROVED = "approved"
    AT_PRINTER = "at_printer"
    PRINTED = "printed"

    @property
    def words(self) -> str:
        """The words shown to people."""
        return _WORDS[self]


_WORDS = {
    PieceState.DRAFT: "In draft",
    PieceState.AUDITED: "Audited",
    PieceState.APPROVED: "Approved",
    PieceState.AT_PRINTER: "At the printer",
    PieceState.PRINTED: "Printed",
}


@dataclass(frozen=True, slots=True)
class PieceStep:
    """One appended step of a piece.

    Attributes:
        at: UTC.
        actor: by whom.
        state: from here on; None where only the stock was counted.
        reason: such as why missing consents were signed over.
        signed_as: name and role under an approval.
        audit_id: the audit that was signed.
        stock: printed copies that are left.
    """

    at: datetime
    actor: Actor
    state: PieceState | None
    reason: str = ""
    signed_as: str = ""
    audit_id: str | None = None
    stock: int | None = None


@dataclass(frozen=True, slots=True)
class PrintPiece:
    """A piece of print.

    Attributes:
        id: opaque.
        number: shown as P-0003.
        channel: id of a channel of the policy.
        title: such as Newsletter.
        issue: such as Spring 2026; may be empty.
        print_on: the day it is to be printed.
        run: copies; None while unknown.
        editor: who answers for it.
        history: steps, oldest first; the first makes it a draft.
    """

    id: str
    number: int
    channel: str
    title: str
    issue: str
    print_on: date | None
    run: int | None
    editor: str
    history: tuple[PieceStep, ...] = ()

    @property
    def label(self) -> str:
        """The number as shown, P-0003."""
        return f"P-{self.number:04d}"

    @property
    def name(self) -> str:
        """What it is called; the publication of its use."""
        return ", ".join(part for part in (self.title, self.issue) if part)

    @property
    def state(self) -> PieceState:
        """How far it has come."""
        states = [step.state for step in self.history if step.state is not None]
        return states[-1] if states else PieceState.DRAFT

    @property
    def stock(self) -> int | None:
        """Printed copies that are left, as last counted; the whole run if never counted."""
        counted = [step.stock for step in self.history if step.stock is not None]
        return counted[-1] if counted else self.run

    @property
    def whereabouts(self) -> str:
        """Where copies are, in words, for whoever has to stop them."""
        if self.state is not PieceState.PRINTED:
            return self.state.words
        if self.stock is None:
            return "Printed, stock unknown"
        return f"Printed, {self.stock:,} in stock" if self.stock else "Printed, none in stock"


@dataclass(frozen=True, slots=True)
class PlacedPhoto:
    """A photo in a layout.

    Attributes:
        id: opaque.
        page: from 1; None for a photo that was handed in as a file.
        number: on the page, or among the files, from 1.
        name: of the file, or of the layout that it was taken out of.
        photo_sha256: what is judged: the original, or the picture itself; None if unreadable.
        found: how the original was found; None for a picture that is judged as it is.
        region: the part of the original that is shown, px of the original; None for all of it.
        problem: why it could not be read.
    """

    id: str
    page: int | None
    number: int
    name: str
    photo_sha256: str | None
    found: FoundBy | None = None
    region: Box | None = None
    problem: str = ""

    @property
    def where(self) -> str:
        """Where it stands, in words."""
        return self.name if self.page is None else f"Page {self.page}, picture {self.number}"
