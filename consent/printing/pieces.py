"""Open a print piece, follow it to the printer, count what is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import uuid4

from consent.checking.validity import still_holds
from consent.domain.actors import Actor
from consent.domain.cases import number_in
from consent.domain.channels import ChannelKind, Use
from consent.domain.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from consent.domain.jobs import JobKind
from consent.domain.log import Action
from consent.domain.policy import WhenMissing
from consent.domain.print import (
    Audit,
    PieceState,
    PieceStep,
    PlacedPhoto,
    PrintPiece,
    TakenOut,
    signed_audit,
)
from consent.domain.roles import Duty, for_roles
from consent.domain.typed_texts import require_no_turning
from consent.domain.verdicts import Verdict
from consent.domain.wording import counted, listed
from consent.printing.seen import PieceChange, changes_after, require_seen, version_of
from consent.publishing.record import Posting, publication_of
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from consent.takedowns.board import TakedownCard, takedowns_in


class NotAuditedError(ConflictError):
    """A step, or a print, needs an audit of the piece, and there is none."""

    def __init__(self, label: str) -> None:
        super().__init__(f"{label} was not audited yet: run the audit first.")


def layout_unseen_words(unseen: Sequence[PlacedPhoto]) -> str:
    """Say that pictures were taken out of the list, and not seen to be out of the layout."""
    where = listed(list(dict.fromkeys(photo.where for photo in unseen)))
    return (
        f"Taken out of the list, but the layout was not seen again: {where}. Upload the corrected "
        "PDF and audit it, or say who checked it."
    )


class UnaskedError(BadInputError):
    """A piece is signed off without the consent of people in it, and without a reason."""

    answered_by = MappingProxyType({"reason": ""})

    def __init__(self, audit: Audit) -> None:
        lacking = " ".join(audit.lacking)
        super().__init__(
            f"Consent is missing: say why the piece goes to the printer without it. {lacking}"
        )


class StillNamedError(BadInputError):
    """A piece is signed off whose text names somebody who asked not to be named, and no reason."""

    answered_by = MappingProxyType({"reason": ""})

    def __init__(self, named: Sequence[str]) -> None:
        super().__init__(
            "A name is still there: have it taken out and upload the PDF again, or say why the "
            f"piece goes to the printer with it. {' '.join(named)}"
        )


class LayoutUnseenError(BadInputError):
    """Pictures were taken out of the list, and the PDF they stand in was not handed in again."""

    answered_by = MappingProxyType({"layout_unseen": ""})

    def __init__(self, unseen: Sequence[PlacedPhoto]) -> None:
        super().__init__(layout_unseen_words(unseen))


class StillToStopError(ConflictError):
    """A piece is said to be printed in which somebody who revoked still stands."""

    answered_by = MappingProxyType({"all_the_same": ""})

    def __init__(self, label: str, stops: Sequence[TakedownCard]) -> None:
        super().__init__(
            f"{still_to_stop(label, stops)} Call it back, or confirm again that it was printed "
            "anyway."
        )
        self.stops = tuple(stops)


def still_to_stop(label: str, stops: Sequence[TakedownCard]) -> str:
    """Say what stands in a piece although it was to be stopped."""
    named = ", ".join(f"{card.takedown.label} ({card.case_label})" for card in stops)
    return f"{label} has a photo that must not be printed: {named}."


@dataclass(frozen=True, slots=True)
class NewPiece:
    """A piece as it is opened.

    Attributes:
        channel: id or label of a channel of print, or of the press.
        run: copies, if known.
        editor: who answers for it; empty for whoever opens it.
    """

    channel: str
    title: str
    issue: str = ""
    print_on: date | None = None
    run: int | None = None
    editor: str = ""


@dataclass(frozen=True, slots=True)
class PieceFile:
    """A piece with what is in it and how it was audited.

    Attributes:
        audits: oldest first.
        stale: the last audit no longer holds: the register, the policy or the layout changed.
        unseen: pictures that were taken out of the list since the laid-out PDF was handed in, in
            which they still stand.
        version: grows with each change of the piece; see `require_seen`.
        taken_out: out of what was last handed in.
        old_layout: its PDF was handed in to an older version, which read less of it.
        named: in sentences, where its text names somebody who asked not to be named.
    """

    piece: PrintPiece
    placed: tuple[PlacedPhoto, ...]
    audits: tuple[Audit, ...]
    stale: bool
    unseen: tuple[PlacedPhoto, ...] = ()
    version: int = 0
    taken_out: tuple[TakenOut, ...] = ()
    old_layout: bool = False
    named: tuple[str, ...] = ()

    @property
    def outdated(self) -> bool:
        """Whether the last audit was made by an older version."""
        return self.audit is not None and self.audit.outdated

    @property
    def audit(self) -> Audit | None:
        """The last audit."""
        return self.audits[-1] if self.audits else None

    @property
    def audit_before(self) -> Audit | None:
        """What the last audit is compared with: the signed one, or the one before it."""
        signed = signed_audit(self.piece, self.audits)
        if signed is not None and signed is not self.audit:
            return signed
        return self.audits[-2] if len(self.audits) > 1 else None

    @property
    def confirmed(self) -> Audit | None:
        """The last audit, if it was made under a sign-off that stands by it."""
        signed = signed_audit(self.piece, self.audits)
        stands = self.piece.is_signed and signed is not None and signed is not self.audit
        return self.audit if stands else None


@for_roles(Duty.PRINT)
def open_piece(services: Services, new: NewPiece, actor: Actor) -> PrintPiece:
    """Open a piece as a draft.

    Raises:
        BadInputError: it has no title, or the channel is an online one.
        ConflictError: there is a piece of that name.
    """
    channel = services.policy.channel(new.channel)
    if channel.kind is ChannelKind.ONLINE:
        raise BadInputError(f"{channel.label} is not print: check its photos under Check photos.")
    if not new.title.strip():
        raise BadInputError("Give the piece a title, such as Newsletter.")
    if new.run is not None and new.run < 1:
        raise BadInputError(
            "A print run is at least one copy. Leave it blank if you don't know it yet."
        )
    if new.print_on is not None and new.print_on < services.today():
        raise BadInputError(
            f"The day to be printed on, {new.print_on:%B} {new.print_on.day}, "
            f"{new.print_on.year}, is in the past: enter the day it goes to the printer, or leave "
            "it blank."
        )
    require_no_turning(the_title=new.title, the_issue=new.issue, the_editor=new.editor)
    now = services.now()
    with services.writing() as unit:
        piece = PrintPiece(
            id=uuid4().hex,
            number=unit.pieces.next_number(),
            channel=channel.id,
            title=new.title.strip(),
            issue=new.issue.strip(),
            print_on=new.print_on,
            run=new.run,
            editor=new.editor.strip() or actor.id,
            history=(PieceStep(now, actor, PieceState.DRAFT),),
        )
        same = (channel.id, piece.name.casefold())
        for other in unit.pieces.all():
            if (other.channel, other.name.casefold()) == same:
                raise ConflictError(
                    f"{piece.name} already exists as {other.label}: open it, or enter the issue."
                )
        unit.pieces.add(piece, now)
        unit.audit.append(Action.PIECE_OPENED, piece.id, actor, now, {"piece": piece.label})
        unit.commit()
    return piece


@for_roles(Duty.READ_PRINT)
def list_pieces(services: Services, actor: Actor) -> list[PrintPiece]:
    """Return every piece, the newest first."""
    with services.reading() as unit:
        return unit.pieces.all()


def piece_named(unit: UnitOfWork, named: str) -> PrintPiece:
    """Return a piece by its number (P-0003, or 3) or its name.

    Raises:
        NotFoundError: there is none.
    """
    wanted, number = named.strip().casefold(), number_in(named, "P")
    for piece in unit.pieces.all():
        if piece.number == number:
            return piece
        names = {piece.name, f"{piece.channel}:{piece.name}"}
        if wanted in {name.casefold() for name in names}:
            return piece
    raise NotFoundError(
        f"There is no print piece {named!r}: look for it under Print.",
        command="likeness print list",
    )


@for_roles(Duty.READ_PRINT)
def show_piece(services: Services, named: str, actor: Actor) -> PieceFile:
    """Return a piece with its photos and audits.

    Raises:
        NotFoundError: there is none.
    """
    with services.reading() as unit:
        piece = piece_named(unit, named)
        audits = tuple(audit for _, audit in unit.pieces.audits(piece.id))
        return _file(services, unit, piece, audits)


@for_roles(Duty.READ_PRINT)
def list_files(services: Services, actor: Actor) -> list[PieceFile]:
    """Return every piece with its last audit, the newest first; of what is printed, the piece."""
    with services.reading() as unit:
        audits = unit.pieces.last_audits()
        return [
            PieceFile(piece, (), (), stale=False)
            if piece.is_printed
            else _file(services, unit, piece, tuple(filter(None, [audits.get(piece.id)])))
            for piece in unit.pieces.all()
        ]


def _file(
    services: Services, unit: UnitOfWork, piece: PrintPiece, audits: tuple[Audit, ...]
) -> PieceFile:
    placed = tuple(unit.pieces.placed(piece.id))
    taken_out = tuple(unit.pieces.taken_out(piece.id))
    return PieceFile(
        piece=piece,
        placed=placed,
        audits=audits,
        stale=bool(audits) and not _holds(services, unit, audits[-1], placed),
        unseen=_unseen(taken_out),
        version=version_of(unit, piece),
        taken_out=taken_out,
        old_layout=unit.pieces.of_older_rules(piece.id),
        named=tuple(unit.pieces.named(piece.id)),
    )


@dataclass(frozen=True, slots=True)
class Glance:
    """Whether a piece is as it was: two that are alike are of the same piece, seen the same way.

    Attributes:
        version: of the piece; see `PieceFile`.
        around: the register, takedowns, and what is being done to it.
    """

    version: int
    around: tuple[object, ...]


@for_roles(Duty.READ_PRINT)
def glance_at(services: Services, named: str, actor: Actor) -> Glance:
    """Return what changes when a piece, or what is said of it, does; quickly.

    Raises:
        NotFoundError: there is no such piece.
    """
    with services.reading() as unit:
        piece = piece_named(unit, named)
        jobs = [
            unit.jobs.newest(kind, {"piece": piece.label})
            for kind in (JobKind.PLACING, JobKind.AUDIT)
        ]
        around = (
            unit.audit.register_version(),
            unit.audit.last_sequence(Action.TAKEDOWN_OPENED),
            unit.audit.last_sequence(Action.TAKEDOWN_MOVED),
            *((job.id, job.state.ended) for job in jobs if job is not None),
        )
        return Glance(version_of(unit, piece), around)


@for_roles(Duty.READ_PRINT)
def changes_since(services: Services, named: str, version: int, actor: Actor) -> list[PieceChange]:
    """Return what was done to a piece since a version of it, and by whom, oldest first.

    Raises:
        NotFoundError: there is no such piece.
    """
    with services.reading() as unit:
        return changes_after(unit, piece_named(unit, named), version)


def _unseen(taken_out: Sequence[TakenOut]) -> tuple[PlacedPhoto, ...]:
    return tuple(out.photo for out in taken_out if out.photo.page is not None)


def _holds(
    services: Services, unit: UnitOfWork, audit: Audit, placed: tuple[PlacedPhoto, ...]
) -> bool:
    """Say whether an audit is of today's register, policy and layout."""
    same_layout = {photo.placed_id for photo in audit.photos} == {photo.id for photo in placed}
    return same_layout and not audit.outdated and still_holds(services, unit, audit)


@for_roles(Duty.SIGN_OFF)
def sign_off(
    services: Services,
    named: str,
    signed_as: str,
    actor: Actor,
    reason: str = "",
    layout_unseen: str = "",
    *,
    seen: int | None = None,
) -> PrintPiece:
    """Approve a piece for the printer.

    Signed with name and role, as under a letter. The reason is why missing consents (the policy
    holds asking to be best practice) and names in the text are signed over. `layout_unseen` is who
    saw to it that what was taken out of the list is out of the layout, where the corrected PDF was
    not handed in. `seen` is the version that whoever signs has looked at.

    Raises:
        PieceChangedError: somebody has changed it since it was seen.
        StillNamedError: its text names somebody who asked not to be named, and no reason is given.
        LayoutUnseenError: it was not, and nobody is said to have seen to it.
        NotFoundError: there is no such piece.
        BadInputError: no name, or a reason is needed.
        NotAuditedError: there is no audit.
        ConflictError: the audit no longer holds, or it was signed off before.
        RefusedError: something blocks.
    """
    if not signed_as.strip():
        raise BadInputError("Sign with your name and role.")
    require_no_turning(the_signature=signed_as, the_reason=reason)
    with services.writing() as unit:
        piece = piece_named(unit, named)
        require_seen(unit, piece, seen)
        if piece.state.has_left:
            raise ConflictError(
                f"{piece.label} is {piece.state.words.lower()}: it was signed off before."
            )
        audit = _current_audit(services, unit, piece)
        if audit.blocking:
            where = ", ".join(dict.fromkeys(photo.where for photo in audit.blocking))
            raise RefusedError(
                f"{piece.label} cannot be signed off: {where}. The audit says what to do."
            )
        if audit.missing and services.policy.when_missing is WhenMissing.REQUIRE:
            raise RefusedError("The policy requires verbal consent: ask, or take these photos out.")
        if audit.missing and not reason.strip():
            raise UnaskedError(audit)
        named_in_text = unit.pieces.named(piece.id)
        if named_in_text and not reason.strip():
            raise StillNamedError(named_in_text)
        unseen = _unseen(unit.pieces.taken_out(piece.id))
        if unseen and not layout_unseen.strip():
            raise LayoutUnseenError(unseen)
        step = PieceStep(
            services.now(),
            actor,
            PieceState.APPROVED,
            reason.strip() if audit.missing or named_in_text else "",
            signed_as.strip(),
            audit.id,
            layout_unseen=layout_unseen.strip() if unseen else "",
        )
        _append(services, unit, piece, step, {"signed_over": len(audit.missing)})
        unit.commit()
        return piece_named(unit, piece.label)


def _current_audit(services: Services, unit: UnitOfWork, piece: PrintPiece) -> Audit:
    audits = unit.pieces.audits(piece.id)
    if not audits:
        raise NotAuditedError(piece.label)
    audit = audits[-1][1]
    if audit.outdated:
        raise ConflictError(f"{piece.label} was audited by an older version: audit it again.")
    if not _holds(services, unit, audit, tuple(unit.pieces.placed(piece.id))):
        raise ConflictError(
            f"The register or the layout has changed since {piece.label} was audited: audit it "
            "again."
        )
    return audit


@for_roles(Duty.PRINT)
def move_piece(
    services: Services,
    named: str,
    state: PieceState,
    actor: Actor,
    stock: int | None = None,
    *,
    all_the_same: bool = False,
    seen: int | None = None,
) -> PrintPiece:
    """Enter that a piece went to the printer, or was printed; it may also go back to draft.

    What is printed is out: it is recorded as published, so that a later revocation finds it.
    `stock` is printed copies that are left, if counted; `all_the_same`, that it was printed with
    what was to be stopped. `seen` is the version that whoever enters it has looked at.

    Raises:
        PieceChangedError: somebody has changed it since it was seen.
        StillToStopError: it would be printed with what was to be stopped.
        NotFoundError: there is no such piece.
        ConflictError: this does not follow on where it is, or the approval no longer holds.
        BadInputError: stock is counted of what is not printed.
    """
    if state is PieceState.PRINTED and not all_the_same:
        _require_stopped(services, named, actor)
    with services.writing() as unit:
        piece = piece_named(unit, named)
        require_seen(unit, piece, seen)
        _require_order(services, unit, piece, state)
        if stock is not None and (state is not PieceState.PRINTED or stock < 0):
            raise BadInputError("Enter the number of printed copies in stock, 0 or more.")
        if state is PieceState.PRINTED and piece.state is not PieceState.PRINTED:
            _publish(services, unit, piece, actor)
        changed = state if state is not piece.state else None
        step = PieceStep(services.now(), actor, changed, stock=stock)
        _append(services, unit, piece, step, {} if stock is None else {"stock": stock})
        unit.commit()
        return piece_named(unit, piece.label)


def _require_stopped(services: Services, named: str, actor: Actor) -> None:
    with services.reading() as unit:
        piece = piece_named(unit, named)
    stops = [] if piece.is_printed else takedowns_in(services, piece, actor)
    if stops:
        raise StillToStopError(piece.label, stops)


_BEFORE = {
    PieceState.AT_PRINTER: {PieceState.APPROVED},
    PieceState.PRINTED: {PieceState.AT_PRINTER, PieceState.PRINTED},
    PieceState.DRAFT: {PieceState.AUDITED, PieceState.APPROVED, PieceState.AT_PRINTER},
}


def _require_order(
    services: Services, unit: UnitOfWork, piece: PrintPiece, state: PieceState
) -> None:
    if piece.state not in _BEFORE.get(state, set()):
        raise ConflictError(
            f"{piece.label} is {piece.state.words.lower()}: first audit it, then sign it off, "
            "then send it to the printer, then mark it as printed."
        )
    if state is PieceState.AT_PRINTER:
        _current_audit(services, unit, piece)


def _append(
    services: Services,
    unit: UnitOfWork,
    piece: PrintPiece,
    step: PieceStep,
    details: dict[str, object],
) -> None:
    unit.pieces.append(piece.id, step)
    said = {"piece": piece.label, "state": (step.state or piece.state).value, **details}
    unit.audit.append(Action.PIECE_MOVED, piece.id, step.actor, services.now(), said)


def use_of(services: Services, piece: PrintPiece) -> Use:
    """Return what the photos of a piece are used for."""
    return Use(services.policy.channel(piece.channel), piece.name)


def _publish(services: Services, unit: UnitOfWork, piece: PrintPiece, actor: Actor) -> None:
    posting = Posting(use_of(services, piece), services.today(), already_out=True)
    photos = [placed.photo_sha256 for placed in unit.pieces.placed(piece.id) if placed.photo_sha256]
    known = {made.key for made in unit.publications.all(photos)}
    for photo in dict.fromkeys(photos):
        made = publication_of(photo, posting, actor)
        if made.key not in known:
            unit.publications.add(made, services.now())
            details = {"photo": photo, "channel": made.channel, "piece": piece.label}
            unit.audit.append(Action.PUBLICATION_RECORDED, made.id, actor, services.now(), details)


def stopped_places(file: PieceFile, stop: TakedownCard) -> str:
    """Say where in a piece the photo stands that must not be printed."""
    wanted = stop.publication.photo_sha256
    places = [placed.where for placed in file.placed if placed.photo_sha256 == wanted]
    return listed(list(dict.fromkeys(places)))


def verdict_of(file: PieceFile) -> Verdict:
    """Return the verdict on a piece; not checked while no audit holds."""
    if file.audit is None or file.stale:
        return Verdict.NOT_CHECKED
    return file.audit.verdict


def sign_off_words(file: PieceFile) -> str:
    """Say what an audit after the sign-off has made of it; empty where there was none."""
    if file.confirmed is not None:
        return "Audited again: nothing about this piece has changed, so the sign-off stays."
    signed = file.piece.signature
    if signed is None or file.piece.is_signed or file.audit is None:
        return ""
    fallen = file.piece.state is PieceState.AUDITED and file.audit.id != signed.audit_id
    return f"The sign-off by {signed.signed_as} no longer stands." if fallen else ""


def next_step(file: PieceFile, stops: Sequence[TakedownCard]) -> str:
    """Say what is to be done next with a piece, in a sentence; empty once it is printed."""
    at_printer = file.piece.state is PieceState.AT_PRINTER
    if file.piece.is_printed:
        return ""
    if any(stop.waits for stop in stops):
        return "Call the printer." if at_printer else "Take the photo out, then audit it again."
    if at_printer:
        return "Enter it when it is printed."
    if not file.placed:
        return "Upload the PDF of the layout, or photos."
    return "Audit it." if file.audit is None else _after(file, file.audit)


def _after(file: PieceFile, audit: Audit) -> str:
    """Say what comes after an audit of a piece that has not left."""
    if file.stale:
        return "Audit it again."
    if file.piece.state is PieceState.APPROVED:
        return "Send it to the printer."
    if audit.blocking:
        places = len({photo.where for photo in audit.blocking})
        return f"{counted(places, 'picture', 'pictures')} can't be printed yet: open it."
    if audit.missing:
        return "Ask the people in it, or sign it off with a reason."
    return "Sign it off."
