"""Take back that something was published: it was recorded by mistake."""

from __future__ import annotations

from collections.abc import Sequence

from consent.domain.actors import Actor
from consent.domain.errors import ConflictError, NoReasonError, NotFoundError
from consent.domain.log import Action
from consent.domain.publications import Publication, PublicationUndone
from consent.domain.roles import Duty, for_roles
from consent.domain.takedowns import Takedown, TakedownEvent, TakedownState
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from consent.takedowns.print_copies import print_copies

# As many digits of an id as tell it from others, and are still typed.
_LEAST_NAMED = 6
_CLOSED = "The post was recorded by mistake: {}"


@for_roles(Duty.PUBLISH)
def undo_publications(
    services: Services, publications: Sequence[str], reason: str, actor: Actor
) -> list[Takedown]:
    """Say that nothing was published there: all or none of some records, by id.

    The records stay, and no longer count. Takedowns that they opened, and that wait, are closed
    with the same reason; returns those.

    Raises:
        NotFoundError: there is no such publication.
        ConflictError: one is undone already, or stands in a print piece.
        BadInputError: there is no reason.
    """
    if not reason.strip():
        raise NoReasonError("the record is undone")
    now = services.now()
    with services.writing() as unit:
        made = [_recorded(unit, named) for named in dict.fromkeys(publications)]
        printed = print_copies(unit)
        for publication in made:
            if publication.key in printed and printed[publication.key].printed:
                piece = printed[publication.key].piece
                raise ConflictError(
                    f"The photo is recorded as printed because {piece.label} was printed with it: "
                    "correct it there, on the page Print."
                )
            unit.publications.undo(PublicationUndone(publication.id, now, actor, reason.strip()))
            details = {"photo": publication.photo_sha256, "channel": publication.channel}
            unit.audit.append(Action.PUBLICATION_UNDONE, publication.id, actor, now, details)
        ids = {publication.id for publication in made}
        closed = [
            takedown
            for takedown in unit.takedowns.all()
            if takedown.publication_id in ids and not takedown.state.closed
        ]
        for takedown in closed:
            note = _CLOSED.format(reason.strip())
            unit.takedowns.append(
                takedown.id, TakedownEvent(now, actor, TakedownState.MISTAKEN, note=note)
            )
            said = {"takedown": takedown.label, "state": TakedownState.MISTAKEN.value}
            unit.audit.append(Action.TAKEDOWN_MOVED, takedown.revocation_id, actor, now, said)
        unit.commit()
    return closed


def _recorded(unit: UnitOfWork, named: str) -> Publication:
    """Return the publication of an id, or of its beginning."""
    wanted = named.strip().lower()
    found = [
        made
        for made in unit.publications.all(undone=True)
        if made.id == wanted or (len(wanted) >= _LEAST_NAMED and made.id.startswith(wanted))
    ]
    if len(found) != 1:
        raise NotFoundError(
            "That post is no longer in the list: reload it.",
            command="likeness publications list",
        )
    if any(undone.publication_id == found[0].id for undone in unit.publications.undone()):
        raise ConflictError("That record was already undone.")
    return found[0]
