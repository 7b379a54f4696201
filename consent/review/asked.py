"""What is to be asked of photos, as the register stands: of some cases and photos, or of all.

`consent.review.upkeep` keeps it; nothing here is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consent.domain.cases import Revocation
from consent.domain.decide import IN_FORCE
from consent.domain.decisions import DecisionState, PersonDecision, last_on, still_confirmed
from consent.domain.review import Origin, Pair, PairKind
from consent.domain.signals import Evidence, Match
from consent.domain.verdicts import Reason, ReasonCode, Verdict
from consent.matching.copies import CopyFinder
from consent.matching.face_kinds import FaceKinds
from consent.matching.finder import People
from consent.matching.gallery import FACE, Gallery
from consent.matching.index_scan import Suspect, scan_of_all
from consent.matching.one_person import decisions_about
from consent.matching.register_snapshot import Concern, RegisterSnapshot
from consent.matching.same_scene import SceneFinder
from consent.services import Services
from consent.storage.decisions import Check
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box, Fingerprint

# What was checked longer ago is asked about when it is checked again.
_CHECKED_WITHIN = timedelta(days=60)
_SETTLED = frozenset({DecisionState.CONFIRMED, DecisionState.REJECTED, DecisionState.CANNOT_TELL})

_KINDS_OF_SIGNALS = {
    Evidence.FACE: PairKind.FACE,
    Evidence.PICTURE: PairKind.COPY,
    Evidence.SCENE: PairKind.SCENE,
}
_KINDS: dict[str, PairKind] = {
    ReasonCode.LOCATOR: PairKind.SCENE,
    ReasonCode.UNCOMPARABLE_FACE: PairKind.UNCOMPARABLE,
    ReasonCode.NO_PUBLIC_SPACE: PairKind.PRIVATE_EVENT,
}


def checked_after(services: Services) -> datetime:
    """Return since when checks count: a whole day, so that it changes with the day alone."""
    first = services.today() - _CHECKED_WITHIN
    return datetime.combine(first, time(), ZoneInfo(services.settings.time_zone))


def all_pairs(services: Services, unit: UnitOfWork) -> list[Pair]:
    """Work out everything that is to be asked, from nothing; with what is settled already."""
    scan = scan_of_all(services, unit)
    faces = of_suspects(services, unit, scan.search(unit, scan.owners))
    flagged = of_checks(services, unit, unit.decisions.flagged_since(checked_after(services)))
    return dated(services, unit, [*faces, *flagged, *of_nearby(services, unit)])


def in_force(services: Services, unit: UnitOfWork) -> dict[str, Revocation]:
    """Return the cases in force, by id."""
    today = services.today()
    return {case.id: case for case in unit.register.revocations() if case.state(today) in IN_FORCE}


class Settled:
    """What somebody decided on photos about some cases, or on photos that they are copies of."""

    def __init__(self, services: Services, unit: UnitOfWork, cases: Collection[str]) -> None:
        """Load the decisions about cases, by id; the unit is not kept."""
        decided = decisions_about(unit, cases)
        gallery = Gallery([], services.calibration, services.policy.matching)
        self._copies = CopyFinder(services, unit, People([], [], decided), gallery)
        self.face_kinds = FaceKinds(services, unit, gallery)
        self._own: dict[str, list[PersonDecision]] = defaultdict(list)
        for decision in decided:
            self._own[decision.photo_sha256].append(decision)
        self._on: dict[str, list[PersonDecision]] = {}

    def on(self, photo: Fingerprint) -> list[PersonDecision]:
        """Return the decisions on a photo, those on photos it is a copy of before its own."""
        if photo.sha256 not in self._on:
            inherited = self._copies.decisions_on(photo)
            self._on[photo.sha256] = [*inherited, *self._own.get(photo.sha256, ())]
        return self._on[photo.sha256]

    def says(
        self, photo: Fingerprint, case_id: str, box: Box | None, *, surely: bool = False
    ) -> bool:
        """Say whether somebody decided on a face and a case, or said that it is no person's.

        `surely`, the face reaches the block threshold.
        """
        if _is_settled(self.on(photo), case_id, box):
            return True
        face = next((face for face in photo.faces if face.box == box), None)
        said = None if face is None else self.face_kinds.of(photo).get(face.index)
        return said is not None and said.sets_aside(case_id, surely=surely)

    def photos(self, unit: UnitOfWork, photos: Collection[str]) -> dict[str, Fingerprint]:
        """Return photos with as much as is needed to say it."""
        if self.face_kinds.nothing_said:
            return unit.photos.fingerprints(sorted(photos))
        return unit.photos.with_features(sorted(photos))


def _is_settled(decided: Iterable[PersonDecision], case_id: str, box: Box | None) -> bool:
    last = last_on(box, [decision for decision in decided if decision.revocation_id == case_id])
    return last is not None and last.state in _SETTLED


# -- the search of the index ----------------------------------------------------------------------


def of_suspects(services: Services, unit: UnitOfWork, suspects: Sequence[Suspect]) -> list[Pair]:
    """Return what is asked of faces that look like somebody."""
    owners = {suspect.revocation_id for suspect in suspects}
    labels = {case.id: case.label for case in unit.register.by_ids(owners)}
    settled = Settled(services, unit, owners)
    photos = settled.photos(unit, {suspect.photo_sha256 for suspect in suspects})
    pairs: dict[tuple[object, ...], Pair] = {}
    for suspect in suspects:
        photo, match = photos.get(suspect.photo_sha256), suspect.match
        if photo is None or match.box is None:
            continue
        pair = Pair(
            kind=PairKind.FACE,
            photo_sha256=photo.sha256,
            boxes=(match.box,),
            label=labels[suspect.revocation_id],
            revocation_id=suspect.revocation_id,
            score=match.score,
            false_matches_per_million=match.false_matches_per_million,
            hint=suspect.beside,
            taken_at=photo.exif.taken_at,
            surely=suspect.blocks,
            settled=settled.says(photo, suspect.revocation_id, match.box, surely=suspect.blocks),
        )
        pairs[pair.key] = pair
    return list(pairs.values())


# -- checks ---------------------------------------------------------------------------------------


def of_checks(
    services: Services,
    unit: UnitOfWork,
    photos: Collection[str],
    cases: Collection[str] | None = None,
) -> list[Pair]:
    """Return what checks of photos left to a person, beside the faces.

    About some cases and about nobody in particular; about everybody by default.
    """
    checks: dict[str, list[Check]] = defaultdict(list)
    for check in unit.decisions.checked_since(checked_after(services), photos):
        if check.verdict is not Verdict.CLEAR:
            checks[check.photo_sha256].append(check)
    if not checks:
        return []
    within = None if cases is None else Concern(frozenset(cases), frozenset(checks))
    view = RegisterSnapshot(services, unit, within=within)
    today = services.today()
    ids = {case.label: case.id for case in view.revocations if case.state(today) in IN_FORCE}
    events = unit.events.of_photos(list(checks))
    channels = {channel.id for channel in services.policy.channels}
    pairs: dict[tuple[object, ...], Pair] = {}
    for sha256, photo in unit.photos.with_features(sorted(checks)).items():
        facts = view.facts(photo, events.get(sha256, ()), ())
        decided = view.decisions_on(photo)
        for check in checks[sha256]:
            if check.channel not in channels:
                continue
            use = services.policy.use(f"{check.channel}:{check.issue or ''}")
            reasons = view.decide(facts, use, photo).reasons
            for pair in _of_reasons(photo, reasons, ids, decided):
                if cases is None or pair.revocation_id is None or pair.revocation_id in cases:
                    pairs[pair.key] = pair
    return list(pairs.values())


def _of_reasons(
    photo: Fingerprint,
    reasons: Sequence[Reason],
    ids: Mapping[str, str],
    decided: Sequence[PersonDecision],
) -> Iterator[Pair]:
    of_kind: dict[tuple[PairKind, str | None, Box | None], list[Reason]] = defaultdict(list)
    for reason in reasons:
        kind = _kind(reason)
        if kind is not None and reason.verdict is Verdict.REVIEW:
            # Faces are asked about one by one.
            face = reason.box if kind in {PairKind.FACE, PairKind.NAMED} else None
            of_kind[kind, reason.revocation, face].append(reason)
    for (kind, label, face), together in of_kind.items():
        case_id = None if label is None else ids.get(label)
        here = [
            decision
            for decision in decided
            if not (kind is PairKind.COPY and decision.carried_from is not None)
        ]
        if case_id is not None and _is_settled(here, case_id, face):
            continue
        match = together[0].match
        boxes = (
            tuple(reason.box for reason in together if reason.box is not None)
            if kind in {PairKind.UNCOMPARABLE, PairKind.FACE, PairKind.NAMED}
            else ()
        )
        pair = Pair(kind, photo.sha256, boxes, label, case_id, hint=together[0].detail)
        yield replace(_scored(pair, match), taken_at=photo.exif.taken_at, origin=Origin.CHECK)


def _kind(reason: Reason) -> PairKind | None:
    """Return what is asked because of a reason, if anything."""
    if reason.code == ReasonCode.NAMED:
        return PairKind.NAMED
    if reason.match is not None and reason.code == reason.match.signal.code:
        # Whom a face looks like is asked of all the index, whether it was checked or not.
        found_by_search = reason.match.signal is FACE
        return None if found_by_search else _KINDS_OF_SIGNALS.get(reason.match.signal.evidence)
    return _KINDS.get(reason.code)


def _scored(pair: Pair, match: Match | None) -> Pair:
    if match is None:
        return pair
    rate = match.false_matches_per_million
    return replace(pair, score=match.score, false_matches_per_million=rate)


# -- photos taken nearby --------------------------------------------------------------------------


def of_nearby(
    services: Services, unit: UnitOfWork, cases: Collection[str] | None = None
) -> list[Pair]:
    """Return photos taken near one in which somebody was confirmed, where the policy asks.

    About some cases, or about all.
    """
    if not services.policy.same_scene.asks:
        return []
    standing = in_force(services, unit)
    meant = standing.keys() if cases is None else standing.keys() & set(cases)
    decided = decisions_about(unit, meant)
    people = People([standing[case_id] for case_id in sorted(meant)], [], decided)
    scenes = SceneFinder(services, unit, people)
    nearby = dict.fromkeys(
        sha256 for event in scenes.events for sha256 in unit.photos.photos_of_event(event)
    )
    if not nearby:
        return []
    settled = Settled(services, unit, meant)
    events = unit.events.of_photos(list(nearby))
    view = RegisterSnapshot(services, unit, within=Concern(frozenset(meant), frozenset(nearby)))
    pairs = []
    for sha256, photo in unit.photos.fingerprints(list(nearby)).items():
        here = {decision.revocation_id for decision in still_confirmed(settled.on(photo))}
        here |= {found.revocation_id for found in view.faces_of(photo)}
        for near in scenes.near(sha256, photo.exif.taken_at, events.get(sha256, ())):
            case = standing[near.revocation_id]
            if case.id in here or settled.says(photo, case.id, None):
                continue
            pair = Pair(PairKind.SCENE, sha256, (), case.label, case.id, hint=near.hint)
            pair = _scored(pair, near.match)
            pairs.append(replace(pair, taken_at=photo.exif.taken_at, origin=Origin.NEARBY))
    return pairs


# -- what orders them -----------------------------------------------------------------------------


def dated(services: Services, unit: UnitOfWork, pairs: Sequence[Pair]) -> list[Pair]:
    """Say of pairs when their photos were published last, and checked."""
    dates = photo_dates(services, unit, {pair.photo_sha256 for pair in pairs})
    return [
        replace(pair, published_on=on.published_on, checked_at=on.checked_at)
        for pair in pairs
        for on in (dates[pair.photo_sha256],)
    ]


@dataclass(frozen=True, slots=True)
class PhotoDates:
    """When a photo was published last, and when it was last checked, if it was lately."""

    published_on: date | None = None
    checked_at: datetime | None = None


def photo_dates(
    services: Services, unit: UnitOfWork, photos: Collection[str]
) -> dict[str, PhotoDates]:
    """Return by photo what the order of the queue depends on."""
    published = {
        made.photo_sha256: made.published_on
        for made in reversed(unit.publications.all(sorted(photos)))
    }
    checked = {
        check.photo_sha256: check.at
        for check in reversed(unit.decisions.checked_since(checked_after(services), photos))
    }
    return {sha256: PhotoDates(published.get(sha256), checked.get(sha256)) for sha256 in photos}
