"""Audit a print piece: everybody recognizable in it, who was asked, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from uuid import uuid4

from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.decisions import VerbalConsent, same_face
from consent.domain.errors import BadInputError
from consent.domain.events import Event
from consent.domain.log import Action
from consent.domain.permission import answer_for
from consent.domain.print import (
    AS_IT_IS,
    RULES,
    AnswerOnFile,
    Audit,
    AuditedFace,
    AuditedPhoto,
    FaceStatus,
    PieceState,
    PieceStep,
    PlacedPhoto,
    PrintPiece,
    signed_audit,
)
from consent.domain.roles import Duty, for_roles
from consent.domain.verdicts import (
    SAID_OF_ALL,
    Clearance,
    Decision,
    FaceInPhoto,
    PhotoFacts,
    PhotoProblem,
    Reason,
    ReasonCode,
    Verdict,
)
from consent.domain.wording import (
    NOBODY,
    look_out_for,
    no_face_kept,
    not_yet_compared,
    reasons_to_dicts,
    sentences,
)
from consent.matching.printed import Placed, as_printed
from consent.matching.register_snapshot import RegisterSnapshot, cut_to
from consent.printing.asking import AskedFaces
from consent.printing.layouts import match_again
from consent.printing.people import drawn_by_hand, number_of, numbered
from consent.printing.pieces import piece_named, use_of
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box, Fingerprint

# What a reason about a face makes of it.
_OF_REASON: dict[str, FaceStatus] = {
    ReasonCode.HOLD: FaceStatus.HELD,
    ReasonCode.UNCOMPARABLE_FACE: FaceStatus.UNCOMPARABLE,
    ReasonCode.CONSENT_REFUSED: FaceStatus.REFUSED,
    ReasonCode.VERBAL_CONSENT_MISSING: FaceStatus.MISSING,
}
_ORDER = tuple(FaceStatus)


@for_roles(Duty.PRINT)
def run_audit(
    services: Services,
    named: str,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
) -> Audit:
    """Judge every photo of a piece by today's register, and keep what was found.

    A sign-off stands as long as this finds what the signed audit found. `progress` is told how many
    pictures were judged, of how many.

    Raises:
        NotFoundError: there is no such piece.
        BadInputError: nothing is placed in it.
    """
    match_again(services, named)
    with services.holding_faces(), services.reading() as unit:
        piece = piece_named(unit, named)
        placed = unit.pieces.placed(piece.id)
        if not placed:
            raise BadInputError(
                f"{piece.label} has no photos yet: upload the photos, or the PDF of the layout."
            )
        use = use_of(services, piece)
        auditor = _Auditor(services, unit, use, placed, actor)
        photos = tuple(_judged(auditor, progress))
        version = auditor.view.version
        by_eye = (*_by_eye(auditor.view, use), *unit.pieces.named(piece.id))
    now = services.now()
    audit = Audit(
        id=uuid4().hex,
        at=now,
        actor=actor,
        register_version=version,
        policy_version=services.policy.version,
        model=services.calibration.id,
        photos=photos,
        by_eye=by_eye,
        rules=RULES,
    )
    with services.writing() as unit:
        # Judging takes a while: the piece may have gone to the printer meanwhile.
        piece = piece_named(unit, piece.label)
        unit.pieces.add_audit(piece.id, audit)
        # The last one counts, of a photo that stands in several places: so the worst comes last.
        given = sorted(auditor.clearances, key=lambda clearance: -clearance.decision.verdict.rank)
        unit.decisions.add_clearances(given, reasons_to_dicts)
        if not piece.state.has_left and not _still_signed(unit, piece, audit):
            step = PieceStep(now, actor, PieceState.AUDITED, audit_id=audit.id)
            unit.pieces.append(piece.id, step)
        details = {"piece": piece.label, "audit": audit.id, "register_version": version}
        unit.audit.append(Action.PIECE_AUDITED, piece.id, actor, now, details)
        unit.commit()
    return audit


def judge_placed(
    services: Services, unit: UnitOfWork, piece: PrintPiece, photo: PlacedPhoto, actor: Actor
) -> AuditedPhoto:
    """Judge one photo as an audit of the piece would today; nothing is kept."""
    placed = (*unit.pieces.placed(piece.id), photo)
    return _Auditor(services, unit, use_of(services, piece), placed, actor).photo(photo)


def _judged(
    auditor: _Auditor, progress: Callable[[int, int], None] | None
) -> Iterator[AuditedPhoto]:
    total = len(auditor.placed)
    for count, photo in enumerate(auditor.placed, start=1):
        yield auditor.photo(photo)
        if progress is not None:
            # Whoever cancels it before the last is told finds the piece as it was.
            progress(count, total)


def _still_signed(unit: UnitOfWork, piece: PrintPiece, audit: Audit) -> bool:
    signed = signed_audit(piece, [before for _, before in unit.pieces.audits(piece.id)])
    return piece.is_signed and signed is not None and audit.says_the_same_as(signed)


def _by_eye(view: RegisterSnapshot, use: Use) -> Iterator[str]:
    yield from view.doubts
    if view.nobody:
        yield NOBODY
    if without := view.without_face(use):
        yield no_face_kept(without)
    if hints := view.hints(use):
        yield look_out_for(hints)
    if withheld := view.withheld(use):
        yield not_yet_compared(withheld)


@dataclass(slots=True)
class _Auditor:
    """Judges placed photos against one version of the register."""

    services: Services
    unit: UnitOfWork
    use: Use
    placed: Sequence[PlacedPhoto]
    actor: Actor
    view: RegisterSnapshot = field(init=False)
    clearances: list[Clearance] = field(default_factory=list)
    _photos: dict[str, Fingerprint] = field(init=False)
    _events: dict[str, tuple[Event, ...]] = field(init=False)
    _names: dict[str, str] = field(init=False)
    _asked: AskedFaces = field(init=False)

    def __post_init__(self) -> None:
        """Load the register and what the index holds of the photos."""
        self.view = RegisterSnapshot(self.services, self.unit)
        shas = list({photo.photo_sha256 for photo in self.placed if photo.photo_sha256})
        pictures = {photo.picture_sha256 for photo in self.placed if photo.picture_sha256}
        self._photos = self.unit.photos.with_features(list({*shas, *pictures}))
        self._events = dict(self.unit.events.of_photos(shas))
        places = self.unit.photos.places_of(shas)
        self._names = {sha: PurePath(found[0]).name for sha, found in places.items() if found}
        self._asked = AskedFaces(self.services, self.unit, self.view.consents, self.use)

    def photo(self, placed: PlacedPhoto) -> AuditedPhoto:
        """Judge one."""
        sha256 = placed.photo_sha256
        whole = self._photos.get(sha256) if sha256 else None
        if sha256 is None or whole is None:
            return self._unreadable(placed)
        events = self._events.get(sha256, ())
        seen = cut_to(whole, placed.region)
        # A person drawn by hand is somebody to be asked like any other.
        facts = self._facts(seen, placed.region)
        numbers = numbered(self._facts(whole), len(whole.faces))
        decision = self.view.decide(facts, self.use, seen, placed.region)
        printed = self._photos.get(placed.picture_sha256 or "")
        if printed is not None and printed.sha256 != whole.sha256:
            original = Placed(whole, placed.region, events, facts)
            decision = as_printed(self.view, self.use, printed, original, decision)
        self._clear(placed, facts, decision)
        faces = sorted(
            (self._face(face, facts, decision, seen, numbers) for face in facts.faces),
            key=lambda face: face.number,
        )
        own = [
            reason
            for reason in (*decision.reasons, *decision.notes)
            if reason.code not in SAID_OF_ALL
        ]
        return AuditedPhoto(
            placed_id=placed.id,
            page=placed.page,
            where=placed.where_among(self.placed),
            name=self._names.get(sha256, placed.name),
            photo_sha256=sha256,
            found=AS_IT_IS if placed.found is None else placed.found.value,
            verdict=_with_consent(decision.verdict, faces),
            sentences=tuple(sentences([_numbered_so(reason, facts, numbers) for reason in own])),
            apart=tuple(sentences([reason for reason in own if _is_apart(reason, facts.faces)])),
            faces=tuple(
                replace(face, repeated=any(same_face(face.box, box) for box in placed.repeats))
                for face in faces
            ),
            event=", ".join(event.name for event in events),
            public_space=all(event.public_space for event in events) if events else None,
            region=placed.region,
            branch=", ".join(dict.fromkeys(event.place for event in events if event.place)),
            counted=placed.counted,
        )

    def _unreadable(self, placed: PlacedPhoto) -> AuditedPhoto:
        problem = placed.problem or "The photo is no longer in the program: upload it again."
        facts = PhotoFacts(None, problem=PhotoProblem(ReasonCode.UNREADABLE, problem))
        decision = self.view.decide(facts, self.use, None)
        return AuditedPhoto(
            placed_id=placed.id,
            page=placed.page,
            where=placed.where_among(self.placed),
            name=placed.name,
            photo_sha256=None,
            found="",
            verdict=Verdict.NOT_CHECKED,
            sentences=tuple(
                sentences([reason for reason in decision.reasons if reason.code not in SAID_OF_ALL])
            ),
        )

    def _facts(self, photo: Fingerprint, region: Box | None = None) -> PhotoFacts:
        """Return the facts of a photo, or a part of it, with whom somebody drew by hand."""
        facts = self.view.facts(photo, self._events.get(photo.sha256, ()), ())
        marks = drawn_by_hand(self.view, photo, region)
        return replace(facts, faces=(*facts.faces, *marks))

    def _clear(self, placed: PlacedPhoto, facts: PhotoFacts, decision: Decision) -> None:
        self.clearances.append(
            Clearance(
                path=placed.name,
                sha256=facts.sha256,
                use=self.use,
                decision=decision,
                faces=facts.faces,
                register_version=self.view.version,
                policy_version=self.services.policy.version,
                at=self.services.now(),
                actor=self.actor,
            )
        )

    def _face(
        self,
        face: FaceInPhoto,
        facts: PhotoFacts,
        decision: Decision,
        seen: Fingerprint,
        numbers: Mapping[Box, int],
    ) -> AuditedFace:
        about = [reason for reason in decision.reasons if _is_about(reason, face)]
        answer = answer_for(facts, face, self.use, self.view.consents, self.services.today())
        face_status = min(
            [*map(_face_status, about), self._consented(face, answer)], key=_ORDER.index
        )
        elsewhere = None
        unasked = {FaceStatus.MISSING, FaceStatus.AS_A_ROOM}
        if face_status in unasked and face.index < len(seen.faces):
            elsewhere = self._asked.alike(seen.faces[face.index], facts)
            if elsewhere is not None and not elsewhere.given:
                face_status = FaceStatus.PERHAPS_REFUSED
            elif face_status is FaceStatus.AS_A_ROOM:
                elsewhere = None
        return AuditedFace(
            number=number_of(face.box, numbers),
            box=face.box,
            standing=face_status,
            revocations=tuple(
                dict.fromkeys(reason.revocation for reason in about if reason.revocation)
            ),
            answer=None if answer is None else self._on_file(answer),
            elsewhere=elsewhere,
        )

    def _consented(self, face: FaceInPhoto, answer: VerbalConsent | None) -> FaceStatus:
        if not face.recognizable:
            return FaceStatus.NOT_RECOGNIZABLE
        if not face.of_somebody:
            return FaceStatus.NO_PERSON
        if answer is None:
            asks = self.services.policy.asks_first(self.use.channel)
            return FaceStatus.MISSING if asks else FaceStatus.NOT_NEEDED
        if not answer.given:
            return FaceStatus.REFUSED
        return FaceStatus.AS_A_ROOM if answer.photo_sha256 is None else FaceStatus.ASKED

    def _on_file(self, answer: VerbalConsent) -> AnswerOnFile:
        if answer.same_as is not None:
            how = "as in another photo of the event"
        elif answer.box is not None:
            how = "the person themselves"
        elif answer.photo_sha256 is not None:
            how = "everybody in the photo"
        else:
            how = "the whole room"
        return AnswerOnFile(
            answer.given, answer.asked_by, answer.asked_on, how, answer.name, answer.guardian
        )


def _with_consent(verdict: Verdict, faces: Sequence[AuditedFace]) -> Verdict:
    """Return a verdict which knows that a whole room's yes is none of who may have said no."""
    if verdict is Verdict.CLEAR and any(
        face.standing is FaceStatus.PERHAPS_REFUSED for face in faces
    ):
        return Verdict.CONSENT_MISSING
    return verdict


def _numbered_so(reason: Reason, facts: PhotoFacts, numbers: Mapping[Box, int]) -> Reason:
    """Return a reason that names its face by the number which the whole photo gives it."""
    if reason.face is None:
        return reason
    box = facts.faces[reason.face].box
    return replace(reason, face=number_of(box, numbers) - 1)


def _is_apart(reason: Reason, faces: Sequence[FaceInPhoto]) -> bool:
    """Say whether nothing but its sentence tells of a reason: no face, and not the event's line."""
    if reason.code == ReasonCode.NO_EVENT:
        return False
    return not any(_is_about(reason, face) for face in faces)


def _is_about(reason: Reason, face: FaceInPhoto) -> bool:
    if reason.face is not None:
        return reason.face == face.index
    return reason.box is not None and same_face(reason.box, face.box)


def _face_status(reason: Reason) -> FaceStatus:
    if reason.code in _OF_REASON:
        return _OF_REASON[reason.code]
    return FaceStatus.REVOKED if reason.verdict is Verdict.BLOCKED else FaceStatus.POSSIBLE
