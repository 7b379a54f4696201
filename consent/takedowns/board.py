"""Get published copies removed: one case each, opened when somebody revokes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from consent.domain.actors import Actor
from consent.domain.cases import State, number_in
from consent.domain.channels import Channel, ChannelKind
from consent.domain.errors import BadInputError, ConflictError, NoSuchTakedownError
from consent.domain.intake import EvidenceFile
from consent.domain.log import Action
from consent.domain.print import PrintPiece
from consent.domain.publications import Publication
from consent.domain.roles import Duty, for_roles
from consent.domain.takedowns import FOLLOWS, Takedown, TakedownEvent, TakedownState
from consent.domain.withheld import file_name_for
from consent.services import Services
from consent.storage.thumbnails import thumbnail
from consent.storage.unit_of_work import UnitOfWork
from consent.takedowns.print_copies import PrintCopy, print_copies
from media_index.files.places import is_file_now, place_of
from media_index.hashing.perceptual import sha256_hex
from media_index.images.openable import why_not_opened

_REMOVED = frozenset({TakedownState.HIDDEN, TakedownState.DELETED, TakedownState.RETAINED})


@dataclass(frozen=True, slots=True)
class Move:
    """A step of a takedown, as it is entered.

    Attributes:
        note: in words; a note or a proof is needed when it is closed or opened again.
        stop_reprint: of print in circulation, that it is not printed again.
        stock: of print in circulation, what happens with the copies that are left.
        seen: the state that whoever enters it saw; None where they saw none.
    """

    state: TakedownState
    note: str = ""
    proof: EvidenceFile | None = None
    stop_reprint: bool | None = None
    stock: str = ""
    seen: TakedownState | None = None


class TakedownChangedError(ConflictError):
    """A takedown is in another state than the one that somebody saw.

    Attributes:
        state: in which it is now.
    """

    def __init__(self, takedown: Takedown, seen: TakedownState) -> None:
        last = takedown.last
        note = f", with the note: {last.note}" if last.note else ""
        super().__init__(
            f"{takedown.label} has changed, and nothing was saved: you saw it as "
            f'"{seen.words}", and {last.actor.id} has entered "{takedown.state.words}"{note}. '
            "If the step is still needed, enter it again."
        )
        self.state = takedown.state
        self.answered_by = {"seen": takedown.state.value}


class ProofMissingError(BadInputError):
    """A takedown is closed, or opened again, without a word on it."""

    answered_by = MappingProxyType({"note": "", "proof": ""})

    def __init__(self) -> None:
        super().__init__("Add a note or a screenshot, as proof.")


class RestMissingError(BadInputError):
    """Print is in circulation, and nothing is said of the rest of it."""

    answered_by = MappingProxyType({"stop_reprint": "", "stock": ""})

    def __init__(self) -> None:
        super().__init__("Enter whether reprints are stopped, and what happens to the stock.")


@dataclass(frozen=True, slots=True)
class TakedownCard:
    """A takedown with what is needed to do it.

    Attributes:
        case_label: such as R-0042.
        due_on: the day by which it must be done; of what is still to be printed, before that.
        overdue: the day is past and it waits.
        moot: not done, and the revocation no longer stands; nothing has to be removed for it.
        whereabouts: of print, where copies are: in draft, at the printer, so many in stock.
        piece: the print piece that it stands in.
        of_piece: the same, also once it was taken out of it.
    """

    takedown: Takedown
    publication: Publication
    case_label: str
    channel: Channel
    file_name: str
    due_on: date
    overdue: bool
    moot: bool
    whereabouts: str = ""
    piece: PrintPiece | None = None
    of_piece: PrintPiece | None = None

    @property
    def can_be_stopped(self) -> bool:
        """Whether it is not printed yet, and waits."""
        return self.waits and self.piece is not None and not self.piece.is_printed

    @property
    def must_not_be_printed(self) -> bool:
        """Whether it stands in what is not printed yet, to be stopped or stopped."""
        if self.piece is None or self.piece.is_printed:
            return False
        return self.waits or self.takedown.state is TakedownState.STOPPED

    @property
    def waits(self) -> bool:
        """Whether something is still to be done."""
        return not self.takedown.state.closed and not self.moot


@for_roles(Duty.READ_TAKEDOWNS)
def takedowns_by_publication(services: Services, actor: Actor) -> dict[str, Takedown]:
    """Return by publication what is to be done with it, or was last.

    Of what waits, that which is due first; nothing waits for a revocation that no longer stands.
    """
    today = services.today()
    with services.reading() as unit:
        every = unit.takedowns.all()
        waiting = {one.revocation_id for one in every if not one.state.closed}
        stands = {
            case.id
            for case in unit.register.by_ids(sorted(waiting))
            if case.state(today) is State.ACTIVE
        }
    kept = [one for one in every if one.state.closed or one.revocation_id in stands]
    kept.sort(key=lambda one: (one.state.closed, one.due_on))
    return {one.publication_id: one for one in reversed(kept)}


@for_roles(Duty.READ_TAKEDOWNS)
def list_takedowns(
    services: Services, actor: Actor, *, label: str | None = None
) -> list[TakedownCard]:
    """Return takedowns, of one case or of all: what can still be stopped comes first.

    Then safety, then what is due soonest. Those of a revocation that no longer stands come last.
    """
    today = services.today()
    with services.reading() as unit:
        every = unit.takedowns.all()
        cases = {case.id: case for case in unit.register.revocations()} if every else {}
        published = unit.publications.all(planned=True, undone=True) if every else []
        copies = print_copies(unit) if every else {}
        pieces = {(piece.channel, piece.name): piece for piece in unit.pieces.all() if every}
        places = unit.photos.places_of(sorted({made.photo_sha256 for made in published}))
    publications = {made.id: made for made in published}
    told = partial(file_name_for, services.policy, actor)
    cards = []
    for takedown in every:
        case, copy = cases[takedown.revocation_id], publications[takedown.publication_id]
        if label is not None and case.label != label:
            continue
        where = places.get(copy.photo_sha256, [])
        printed = copies.get(copy.key)
        due_on = takedown.due_on if printed is None else printed.due_on(takedown.due_on, today)
        of_piece = pieces.get((copy.channel, copy.issue))
        moot = case.state(today) is not State.ACTIVE and not takedown.state.closed
        cards.append(
            TakedownCard(
                takedown=takedown,
                publication=copy,
                case_label=case.label,
                channel=services.policy.channel(copy.channel),
                file_name=told([case], Path(where[0]).name) if where else "Photo",
                due_on=due_on,
                overdue=not takedown.state.closed and not moot and due_on < today,
                moot=moot,
                whereabouts=_whereabouts(takedown, printed, of_piece),
                piece=None if printed is None else printed.piece,
                of_piece=of_piece,
            )
        )
    return sorted(cards, key=_urgency)


@dataclass(frozen=True, slots=True)
class TakedownCounts:
    """How many published copies wait to come down.

    Attributes:
        to_stop: not printed yet.
        to_remove: the others.
        overdue: of the others, those that should be down by today.
    """

    to_stop: int
    to_remove: int
    overdue: int


@for_roles(Duty.READ_TAKEDOWNS)
def count_takedowns(services: Services, actor: Actor) -> TakedownCounts:
    """Count what `list_takedowns` has waiting, without reading the whole register."""
    today = services.today()
    with services.reading() as unit:
        out = unit.takedowns.still_out()
        cases = unit.register.by_ids({case_id for case_id, _, _ in out}) if out else []
        copies = print_copies(unit) if out else {}
    active = {case.id for case in cases if case.state(today) is State.ACTIVE}
    waiting = [(due_on, copies.get(key)) for case_id, due_on, key in out if case_id in active]
    to_stop = sum(copy is not None and not copy.printed for _, copy in waiting)
    return TakedownCounts(
        to_stop=to_stop,
        to_remove=len(waiting) - to_stop,
        overdue=sum(due_on < today for due_on, copy in waiting if copy is None or copy.printed),
    )


def _whereabouts(takedown: Takedown, printed: PrintCopy | None, of_piece: PrintPiece | None) -> str:
    if printed is None:
        return "" if of_piece is None else f"Taken out of {of_piece.label}"
    stopped = takedown.state is TakedownState.STOPPED
    return stopped_words(printed.piece) if stopped and not printed.printed else printed.whereabouts


def stopped_words(piece: PrintPiece) -> str:
    """Say where a piece is that was stopped, so that it does not pass for approved."""
    return f"Stopped (was: {piece.state.words.lower()})"


def _urgency(card: TakedownCard) -> tuple[bool, bool, bool, date, int]:
    takedown = card.takedown
    return (
        card.moot,
        not card.can_be_stopped,
        not takedown.safety,
        card.due_on,
        takedown.number,
    )


@for_roles(Duty.READ_TAKEDOWNS)
def stops_of_pieces(services: Services, actor: Actor) -> dict[str, list[TakedownCard]]:
    """Return by id of a piece what must not be printed of it: to be stopped, or stopped."""
    found: dict[str, list[TakedownCard]] = {}
    for card in list_takedowns(services, actor):
        if card.piece is not None and card.must_not_be_printed:
            found.setdefault(card.piece.id, []).append(card)
    return found


def whereabouts(piece: PrintPiece, stops: Sequence[TakedownCard]) -> str:
    """Say where a piece is, in words: something in it was stopped, or where copies are."""
    stopped = any(stop.takedown.state is TakedownState.STOPPED for stop in stops)
    return stopped_words(piece) if stopped else piece.whereabouts


@for_roles(Duty.READ_TAKEDOWNS)
def takedowns_of(services: Services, piece: PrintPiece, actor: Actor) -> list[TakedownCard]:
    """Return every takedown of a photo that stands in a piece, or was taken out of it."""
    return [
        card
        for card in list_takedowns(services, actor)
        if card.of_piece is not None and card.of_piece.id == piece.id
    ]


@for_roles(Duty.READ_TAKEDOWNS)
def takedowns_in(services: Services, piece: PrintPiece, actor: Actor) -> list[TakedownCard]:
    """Return what must not be printed of a piece: open, or stopped, and still in its layout."""
    return [card for card in takedowns_of(services, piece, actor) if card.must_not_be_printed]


@for_roles(Duty.TAKE_DOWN)
def move_takedown(services: Services, label: str, move: Move, actor: Actor) -> Takedown:
    """Enter how far a takedown has come.

    When a copy is hidden or deleted, the photo is kept in the vault, out of sight, for as long as
    the retention schedule wants.

    Raises:
        NotFoundError: there is no such takedown.
        TakedownChangedError: it is not in the state any more that was seen.
        ConflictError: this state does not follow on the one it is in.
        BadInputError: a note or a proof is missing, or what print needs.
    """
    with services.writing() as unit:
        takedown = takedown_named(unit, label)
        published = unit.publications.all(planned=True, undone=True)
        made = next(made for made in published if made.id == takedown.publication_id)
        # Also of one from which it was taken out: it is stopped there.
        unprinted = any(
            (piece.channel, piece.name) == (made.channel, made.issue) and not piece.is_printed
            for piece in unit.pieces.all()
        )
        _validate(takedown, services.policy.channel(made.channel), move, unprinted=unprinted)
        kept = None
        owner = unit.register.person_of(takedown.revocation_id)
        if move.state in _REMOVED and not any(step.kept_copy for step in takedown.history):
            kept = _keep_copy(services, unit, made.photo_sha256, owner)
        until = services.today() + timedelta(days=services.policy.removed_days)
        unit.takedowns.append(
            takedown.id,
            TakedownEvent(
                at=services.now(),
                actor=actor,
                state=move.state,
                note=move.note.strip(),
                proof=None if move.proof is None else services.vault.put(move.proof.content, owner),
                stop_reprint=move.stop_reprint,
                stock=move.stock.strip(),
                kept_copy=kept,
                kept_until=None if kept is None else until,
            ),
        )
        details = {"takedown": takedown.label, "state": move.state.value}
        unit.audit.append(
            Action.TAKEDOWN_MOVED, takedown.revocation_id, actor, services.now(), details
        )
        unit.commit()
        return takedown_named(unit, label)


def needs_proof(now: TakedownState, following: TakedownState) -> bool:
    """Whether a step closes a takedown, or opens it again: it takes a note or a file."""
    return now.closed or following.closed


def _validate(takedown: Takedown, channel: Channel, move: Move, *, unprinted: bool) -> None:
    if move.seen is not None and takedown.state is not move.seen:
        raise TakedownChangedError(takedown, move.seen)
    if move.state not in FOLLOWS[takedown.state]:
        following = sorted(state.words.lower() for state in FOLLOWS[takedown.state])
        allowed = ", ".join(following) or "nothing"
        raise ConflictError(
            f"{takedown.label} is now: {takedown.state.words.lower()}. The next step can be: "
            f"{allowed}."
        )
    proven = move.note.strip() or move.proof is not None
    if needs_proof(takedown.state, move.state) and not proven:
        raise ProofMissingError
    if move.proof is not None and (why := why_not_opened(move.proof.content, move.proof.name)):
        raise BadInputError(f"The file {move.proof.name} {why}.")
    if move.state is TakedownState.STOPPED and not unprinted:
        raise BadInputError(
            f"{takedown.label} is not in a piece that is still to be printed: only a piece in "
            "draft or at the printer can be stopped."
        )
    if move.state is TakedownState.IN_CIRCULATION:
        if channel.kind is not ChannelKind.PRINT:
            raise BadInputError(
                f"{channel.label} is not print: say that it cannot be removed, and why."
            )
        if move.stop_reprint is None or not move.stock.strip():
            raise RestMissingError


@for_roles(Duty.TAKE_DOWN)
def assign_takedown(services: Services, label: str, owner: str, actor: Actor) -> Takedown:
    """Say who looks after a takedown.

    Raises:
        NotFoundError: there is no such takedown.
    """
    with services.writing() as unit:
        takedown = takedown_named(unit, label)
        step = TakedownEvent(services.now(), actor, owner=owner.strip())
        unit.takedowns.append(takedown.id, step)
        details = {"takedown": takedown.label}
        unit.audit.append(
            Action.TAKEDOWN_ASSIGNED, takedown.revocation_id, actor, services.now(), details
        )
        unit.commit()
        return takedown_named(unit, label)


def takedown_named(unit: UnitOfWork, label: str) -> Takedown:
    """Return a takedown by its number.

    Raises:
        NoSuchTakedownError: there is none.
    """
    number = number_in(label, "T")
    found = next((takedown for takedown in unit.takedowns.all() if takedown.number == number), None)
    if found is None:
        raise NoSuchTakedownError(label)
    return found


def _keep_copy(services: Services, unit: UnitOfWork, sha256: str, owner: str) -> str | None:
    """Keep the photo itself; its thumbnail where the file is not at any of its places."""
    for text in unit.photos.places_of([sha256]).get(sha256, ()):
        path = place_of(text)
        if is_file_now(path):
            content = path.read_bytes()
            if sha256_hex(content) == sha256:
                return services.vault.put(content, owner)
    small = thumbnail(services.settings.thumbnails, sha256)
    return None if small is None else services.vault.put(small, owner)
