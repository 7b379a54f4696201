"""What needs a person's eye: one queue of pairs, each asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from consent.domain.cases import Revocation
from consent.domain.decide import IN_FORCE
from consent.domain.decisions import DecisionState, PersonDecision, last_on, still_confirmed
from consent.domain.events import Event
from consent.domain.signals import Evidence, Match
from consent.domain.verdicts import Reason, ReasonCode, Verdict
from consent.matching.index_scan import Suspects
from consent.matching.register_snapshot import RegisterSnapshot
from consent.review.bursts import burst_numbers
from consent.review.pairs import Pair, PairKind
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box, Fingerprint

# What was checked longer ago is asked about when it is checked again.
_CHECKED_WITHIN = timedelta(days=60)
_SETTLED = frozenset({DecisionState.CONFIRMED, DecisionState.REJECTED, DecisionState.CANNOT_TELL})

# Faces are asked about one by one, as the index has them.
_KINDS_OF_SIGNALS = {Evidence.PICTURE: PairKind.COPY, Evidence.SCENE: PairKind.SCENE}
_KINDS: dict[str, PairKind] = {
    ReasonCode.LOCATOR: PairKind.SCENE,
    ReasonCode.UNCOMPARABLE_FACE: PairKind.UNCOMPARABLE,
    ReasonCode.NO_PUBLIC_SPACE: PairKind.PRIVATE_EVENT,
}


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """What is to be asked, as it stood.

    Attributes:
        sequence: of the log's last entry; whatever changes is entered there.
        pairs: what is nearest to the public first.
    """

    sequence: int
    day: date
    pairs: tuple[Pair, ...]

    def burst_of(self, pair: Pair) -> tuple[Pair, ...]:
        """Return the pairs that can be decided together with one, itself among them."""
        if pair.burst is None:
            return (pair,)
        return tuple(other for other in self.pairs if other.burst == pair.burst)


def review_queue(
    services: Services, suspects: Suspects, known: ReviewQueue | None = None
) -> ReviewQueue:
    """Return what nobody has decided yet, what is nearest to the public first.

    `suspects` is kept by the caller, so that what was compared once is not compared again; `known`
    is the queue as read before, returned again if nothing has changed since.

    A decision counts for a face and a case, in every copy of the photo; it is not asked again
    when the index is made anew, the file is moved, or the encoders change.
    """
    today = services.today()
    with services.reading() as unit:
        sequence = unit.audit.last_sequence()
        if known is not None and (known.sequence, known.day) == (sequence, today):
            return known
        queue = _Queue(services, unit, suspects)
        pairs = list({pair.key: pair for pair in queue.pairs()}.values())
        numbers = burst_numbers(pairs, suspects.photos(unit, [pair.photo_sha256 for pair in pairs]))
    pairs = [replace(pair, burst=number) for pair, number in zip(pairs, numbers, strict=True)]
    return ReviewQueue(sequence, today, tuple(sorted(pairs, key=_urgency)))


def _urgency(pair: Pair) -> tuple[bool, float, bool, float, bool, float, float]:
    """Order pairs: published, checked, and the others, each the newest first; then the surest."""
    score = 0.0 if pair.match is None else -pair.match.score
    return (
        pair.published_on is None,
        0.0 if pair.published_on is None else -pair.published_on.toordinal(),
        pair.checked_at is None,
        0.0 if pair.checked_at is None else -pair.checked_at.timestamp(),
        pair.taken_at is None,
        0.0 if pair.taken_at is None else -pair.taken_at.timestamp(),
        score,
    )


def _kind(reason: Reason) -> PairKind | None:
    """Return what is asked because of a reason, if anything."""
    if reason.match is not None and reason.code == reason.match.signal.code:
        return _KINDS_OF_SIGNALS.get(reason.match.signal.evidence)
    return _KINDS.get(reason.code)


class _Queue:
    """Collects pairs at one version of the register."""

    def __init__(self, services: Services, unit: UnitOfWork, suspects: Suspects) -> None:
        self._services = services
        self._unit = unit
        self._suspects = suspects.refresh(services, unit)
        self._view = RegisterSnapshot(services, unit)
        today = services.today()
        self._cases: dict[str, Revocation] = {
            case.id: case for case in self._view.revocations if case.state(today) in IN_FORCE
        }
        checks = unit.decisions.checked_since(services.now() - _CHECKED_WITHIN)
        self._checked: dict[str, datetime] = {}
        for check in reversed(checks):
            self._checked[check.photo_sha256] = check.at
        self._flagged = [check for check in checks if check.verdict is not Verdict.CLEAR]
        self._nearby = self._near_confirmed()
        wanted = [
            *(suspect.photo_sha256 for suspect in self._suspects),
            *(check.photo_sha256 for check in self._flagged),
            *self._nearby,
        ]
        self._photos = suspects.photos(unit, wanted)
        self._events: Mapping[str, tuple[Event, ...]] = unit.events.of_photos(list(self._photos))
        self._published: dict[str, date] = {}
        for made in reversed(unit.publications.all(list(self._photos))):
            self._published[made.photo_sha256] = made.published_on
        self._decisions: dict[str, list[PersonDecision]] = {}

    def pairs(self) -> Iterator[Pair]:
        """Yield what is to be asked, some of it perhaps twice."""
        for suspect in self._suspects:
            case, box = self._cases.get(suspect.revocation_id), suspect.match.box
            if case is None or box is None or self._is_decided(suspect.photo_sha256, case.id, box):
                continue
            photo = self._photos.get(suspect.photo_sha256)
            if self._view.face_kinds.sets_aside(
                photo, suspect.match, case.id, surely=suspect.blocks
            ):
                continue
            yield self._pair(
                PairKind.FACE,
                suspect.photo_sha256,
                (box,),
                case.label,
                suspect.match,
                suspect.beside,
            )
        yield from self._of_flagged()
        yield from self._of_scenes()

    def _of_flagged(self) -> Iterator[Pair]:
        """Yield what a check of a use left to a person, beside the faces."""
        channels = {channel.id: channel for channel in self._services.policy.channels}
        for check in self._flagged:
            photo = self._photos.get(check.photo_sha256)
            if photo is None or check.channel not in channels:
                continue
            facts = self._view.facts(photo, self._events.get(photo.sha256, ()), ())
            use = self._services.policy.use(f"{check.channel}:{check.issue or ''}")
            decision = self._view.decide(facts, use, photo)
            yield from self._of_reasons(photo, decision.reasons)

    def _of_reasons(self, photo: Fingerprint, reasons: Sequence[Reason]) -> Iterator[Pair]:
        of_kind: dict[tuple[PairKind, str | None], list[Reason]] = defaultdict(list)
        for reason in reasons:
            kind = _kind(reason)
            if kind is not None and reason.verdict is Verdict.REVIEW:
                of_kind[kind, reason.revocation].append(reason)
        for (kind, label), together in of_kind.items():
            case = next((case for case in self._cases.values() if case.label == label), None)
            here = kind is PairKind.COPY
            if case is not None and self._is_decided(photo.sha256, case.id, None, here=here):
                continue
            yield self._pair(
                kind,
                photo.sha256,
                tuple(reason.box for reason in together if reason.box is not None)
                if kind is PairKind.UNCOMPARABLE
                else (),
                label,
                together[0].match,
                together[0].detail,
            )

    def _near_confirmed(self) -> list[str]:
        """Return the photos of events at which somebody was confirmed."""
        events = self._view.scenes.events
        found = [sha for event in events for sha in self._unit.photos.photos_of_event(event)]
        return list(dict.fromkeys(found))

    def _of_scenes(self) -> Iterator[Pair]:
        for sha256 in self._nearby:
            photo = self._photos.get(sha256)
            if photo is None:
                continue
            events = self._events.get(sha256, ())
            here = {
                decision.revocation_id for decision in still_confirmed(self._decided(photo))
            } | {
                suspect.revocation_id
                for suspect in self._suspects
                if suspect.photo_sha256 == sha256
            }
            for near in self._view.scenes.near(sha256, photo.exif.taken_at, events):
                case = self._cases.get(near.revocation_id)
                if case is None or case.id in here or self._is_decided(sha256, case.id, None):
                    continue
                yield self._pair(PairKind.SCENE, sha256, (), case.label, near.match, near.hint)

    def _decided(self, photo: Fingerprint) -> list[PersonDecision]:
        if photo.sha256 not in self._decisions:
            self._decisions[photo.sha256] = self._view.decisions_on(photo)
        return self._decisions[photo.sha256]

    def _is_decided(
        self, sha256: str, case_id: str, box: Box | None, *, here: bool = False
    ) -> bool:
        """Say whether somebody decided, on this photo or (unless `here`) one it is a copy of."""
        photo = self._photos.get(sha256)
        decided = [] if photo is None else self._decided(photo)
        own = [
            decision
            for decision in decided
            if decision.revocation_id == case_id and not (here and decision.carried_from)
        ]
        last = last_on(box, own)
        return last is not None and last.state in _SETTLED

    def _pair(
        self,
        kind: PairKind,
        sha256: str,
        boxes: tuple[Box, ...],
        label: str | None,
        match: Match | None,
        hint: str = "",
    ) -> Pair:
        photo = self._photos.get(sha256)
        return Pair(
            kind=kind,
            photo_sha256=sha256,
            boxes=boxes,
            label=label,
            match=match,
            hint=hint,
            events=self._events.get(sha256, ()),
            taken_at=None if photo is None else photo.exif.taken_at,
            published_on=self._published.get(sha256),
            checked_at=self._checked.get(sha256),
        )
