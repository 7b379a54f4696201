"""Photos in print pieces, wherever the pieces are: what a revocation has to find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from consent.domain.actors import Actor
from consent.domain.print import PieceState, PrintPiece
from consent.domain.publications import Publication
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box

# Channel, name of the piece, photo.
CopyKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PrintCopy:
    """A photo in a piece.

    Attributes:
        shown: each part of it that is shown, None for all of it; with the picture that shows it,
            by its SHA-256, where that is known.
    """

    piece: PrintPiece
    photo_sha256: str
    shown: tuple[tuple[Box | None, str | None], ...]

    @property
    def printed(self) -> bool:
        """Whether it is out."""
        return self.piece.state is PieceState.PRINTED

    def due_on(self, usual: date, today: date) -> date:
        """Return by when it must be stopped: the day it is printed, at the latest.

        Of a piece that has left the desk and has no day, at once.
        """
        if self.printed:
            return usual
        leaving = self.piece.state in {PieceState.APPROVED, PieceState.AT_PRINTER}
        last = self.piece.print_on or (today if leaving else usual)
        return min(usual, max(last, today))

    @property
    def whereabouts(self) -> str:
        """Where copies are, in words."""
        return self.piece.whereabouts

    def as_planned(self, today: date, actor: Actor) -> Publication:
        """Return it as a publication that can still be stopped."""
        return Publication(
            id=uuid4().hex,
            photo_sha256=self.photo_sha256,
            channel=self.piece.channel,
            issue=self.piece.name,
            url="",
            published_on=self.piece.print_on or today,
            by=actor.id,
            planned=True,
        )


def print_copies(unit: UnitOfWork) -> dict[CopyKey, PrintCopy]:
    """Return every photo that stands in a piece now."""
    copies: dict[CopyKey, PrintCopy] = {}
    for piece in unit.pieces.all():
        found: dict[str, list[tuple[Box | None, str | None]]] = {}
        for placed in unit.pieces.placed(piece.id):
            if placed.photo_sha256 is not None:
                shown = placed.region, placed.picture_sha256
                found.setdefault(placed.photo_sha256, []).append(shown)
        for sha256, every in found.items():
            copies[piece.channel, piece.name, sha256] = PrintCopy(piece, sha256, tuple(every))
    return copies


def with_pictures(photos: Iterable[str], copies: Iterable[PrintCopy]) -> set[str]:
    """Return photos with the pictures by which they stand in print."""
    photos = set(photos)
    return photos | {
        picture
        for copy in copies
        if copy.photo_sha256 in photos
        for _, picture in copy.shown
        if picture is not None
    }


def with_originals(photos: Iterable[str], copies: Iterable[PrintCopy]) -> set[str]:
    """Return photos with those that they stand in print for."""
    photos = set(photos)
    return photos | {
        copy.photo_sha256 for copy in copies if any(picture in photos for _, picture in copy.shown)
    }
