"""Consent audits over time: what was printed, who in it was asked, and who signed over the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from consent.csv_rows import as_csv
from consent.domain.actors import Actor
from consent.domain.errors import BadInputError
from consent.domain.print import (
    Audit,
    AuditedPhoto,
    Coverage,
    PieceState,
    PieceStep,
    PrintPiece,
    totals,
)
from consent.domain.roles import Duty, for_roles
from consent.services import Services

COLUMNS = (
    "piece",
    "name",
    "channel",
    "signed_on",
    "signed_as",
    "photos",
    "people",
    "asked",
    "said_yes",
    "said_no",
    "signed_over",
    "reason",
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which signed pieces are counted, and which of their photos.

    Attributes:
        since: first day of the signature; None for any.
        until: last day of it; None for any.
        event: only photos of this event, by name; empty for all.
        branch: only photos of events at this place; empty for all.
    """

    since: date | None = None
    until: date | None = None
    event: str = ""
    branch: str = ""

    def takes(self, photo: AuditedPhoto) -> bool:
        """Say whether a photo is counted."""
        return _among(self.event, photo.event) and _among(self.branch, photo.branch)


def _among(wanted: str, listed: str) -> bool:
    names = {name.strip().casefold() for name in listed.split(",")}
    return not wanted.strip() or wanted.strip().casefold() in names


@dataclass(frozen=True, slots=True)
class SignedPiece:
    """A piece that was signed off, with its coverage then.

    Attributes:
        reason: why missing consents were signed over; empty if none was missing.
        signed_over: photos whose missing or refused consent was signed over.
    """

    label: str
    name: str
    channel: str
    signed_on: date
    signed_as: str
    reason: str
    photos: int
    coverage: Coverage
    signed_over: int


@for_roles(Duty.READ_PRINT)
def signed_pieces(
    services: Services, actor: Actor, selection: Selection | None = None
) -> list[SignedPiece]:
    """Return the pieces that were signed off, oldest first, each by its last signature.

    Raises:
        BadInputError: the period ends before it begins.
    """
    chosen = selection or Selection()
    if chosen.since and chosen.until and chosen.until < chosen.since:
        raise BadInputError("The period ends before it begins: swap the days.")
    with services.reading() as unit:
        pieces = unit.pieces.all()
        audits = {audit.id: audit for _, audit in unit.pieces.audits()}
    found = []
    for piece in pieces:
        step = _signature(piece)
        audit = None if step is None else audits.get(step.audit_id or "")
        if step is None or audit is None:
            continue
        signed = _signed(services, piece, step, audit, chosen)
        in_period = (chosen.since is None or chosen.since <= signed.signed_on) and (
            chosen.until is None or signed.signed_on <= chosen.until
        )
        if in_period and signed.photos:
            found.append(signed)
    return sorted(found, key=lambda piece: (piece.signed_on, piece.label))


def _signature(piece: PrintPiece) -> PieceStep | None:
    steps = [step for step in piece.history if step.state is PieceState.APPROVED]
    return steps[-1] if steps else None


def _signed(
    services: Services, piece: PrintPiece, step: PieceStep, audit: Audit, chosen: Selection
) -> SignedPiece:
    photos = [photo for photo in audit.photos if chosen.takes(photo)]
    missing = {photo.placed_id for photo in audit.missing}
    seen = totals(photos)
    return SignedPiece(
        label=piece.label,
        name=piece.name,
        channel=piece.channel,
        signed_on=services.day(step.at),
        signed_as=step.signed_as,
        reason=step.reason,
        photos=seen.pictures,
        coverage=seen.coverage,
        signed_over=sum(photo.placed_id in missing for photo in photos),
    )


def signed_csv(pieces: list[SignedPiece]) -> str:
    """Return signed pieces as CSV."""
    rows = []
    for piece in pieces:
        front = (piece.label, piece.name, piece.channel, piece.signed_on, piece.signed_as)
        seen = piece.coverage
        counts = (piece.photos, seen.people, seen.asked, seen.said_yes, seen.said_no)
        rows.append((*front, *counts, piece.signed_over, piece.reason))
    return as_csv(COLUMNS, rows)
