"""Put a photo back into a print piece that was taken out of it."""

from __future__ import annotations

from consent.domain.actors import Actor
from consent.domain.errors import BadInputError, NotFoundError, RefusedError
from consent.domain.log import Action
from consent.domain.print import AuditedPhoto, PlacedPhoto, PrintPiece
from consent.domain.roles import Duty, for_roles
from consent.domain.typed_texts import require_no_turning
from consent.printing.audit import judge_placed
from consent.printing.layouts import back_to_draft, require_open
from consent.printing.pieces import piece_named
from consent.printing.seen import require_seen
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


class NotToBePrintedError(RefusedError):
    """A photo is to be put back that may not be printed, or of which that is not known."""

    def __init__(self, photo: AuditedPhoto) -> None:
        blocking = [
            f"Face {face.number}: {' '.join([face.standing.words.lower(), *face.revocations])}."
            for face in photo.faces
            if face.standing.blocks
        ]
        why = " ".join(blocking or photo.sentences)
        super().__init__(f"{photo.where} cannot be put back: {photo.verdict.words}. {why}".rstrip())


@for_roles(Duty.PRINT)
def put_back(
    services: Services,
    named: str,
    placed_id: str,
    reason: str,
    actor: Actor,
    *,
    seen: int | None = None,
) -> None:
    """Put a photo back, with the reason, where today's verdict lets it be printed.

    `seen` is the version of the piece that whoever does it has looked at.

    Raises:
        BadInputError: the reason is missing.
        NotFoundError: there is no such piece, or the photo was not taken out of it.
        PieceChangedError: somebody has changed the piece since it was seen.
        ConflictError: the piece is at the printer, or printed.
        NotToBePrintedError: the verdict on it stops the print.
    """
    if not reason.strip():
        raise BadInputError("Say why it is put back.")
    require_no_turning(the_reason=reason)
    with services.holding_faces(), services.reading() as unit:
        piece = piece_named(unit, named)
        require_open(piece)
        judged = judge_placed(services, unit, piece, _taken_out(unit, piece, placed_id), actor)
    if judged.blocks:
        raise NotToBePrintedError(judged)
    with services.writing() as unit:
        piece = piece_named(unit, named)
        require_seen(unit, piece, seen)
        require_open(piece)
        _taken_out(unit, piece, placed_id)
        now = services.now()
        unit.pieces.put_back(placed_id, reason.strip(), now, actor)
        back_to_draft(services, unit, piece, actor)
        details = {"piece": piece.label, "put_back": placed_id}
        unit.audit.append(Action.PIECE_PLACED, piece.id, actor, now, details)
        unit.commit()


def _taken_out(unit: UnitOfWork, piece: PrintPiece, placed_id: str) -> PlacedPhoto:
    for out in unit.pieces.taken_out(piece.id):
        if out.photo.id == placed_id:
            return out.photo
    raise NotFoundError(
        "That photo was not taken out of the piece, or someone uploaded a layout since: reload "
        "the piece."
    )
