"""Refit the false-match rates to the library's own photos and decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from consent.domain.actors import Actor
from consent.domain.cases import Template
from consent.domain.decisions import (
    DecisionState,
    PersonDecision,
    by_pair,
    last_on,
    same_face,
    still_confirmed,
)
from consent.domain.errors import BadInputError
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted
from consent.indexing.in_use import use_calibration
from consent.matching.gallery import Gallery, face_scores
from consent.matching.index_scan import Suspect, scan_of_all
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.faces.quality import is_comparable, is_recognizable
from media_index.matching.calibration import MILLION, Calibration
from media_index.matching.refit import OwnScores, counted_down_to, refitted
from media_index.types import Face

# Of one photo: a crowd would else be all that counts.
_MOST_FACES = 12
# Two boxes that overlap so much may be one face, found twice.
_APART = 0.1
# No population that was measured differs from another by so much; wrong pairs do.
_MOST_TIMES = 10


@dataclass(frozen=True, slots=True)
class Point:
    """What a calibration does at one of the policy's thresholds.

    Attributes:
        strangers_per_million: of the library's own pairs of strangers, that reach it.
        confirmed_missed: of the confirmed matches, that do not reach it.
    """

    score: float
    strangers_per_million: float
    confirmed_missed: int


@dataclass(frozen=True, slots=True)
class Recalibration:
    """A calibration fitted to the library's own photos, beside the one in use.

    Attributes:
        strangers: pairs of faces of one photo.
        rejected: possible matches that people rejected and that were counted.
        confirmed: matches that people confirmed.
        counted_to: false matches per million down to which was counted.
        review: of "a person must look", before and after.
        block: of "do not use", before and after.
    """

    before: Calibration
    after: Calibration
    strangers: int
    photos: int
    rejected: int
    confirmed: int
    counted_to: float
    review: tuple[Point, Point]
    block: tuple[Point, Point]


@for_roles(Duty.THRESHOLDS)
def recalibrate(services: Services, actor: Actor) -> Recalibration:
    """Fit a calibration to the library's own photos; nothing is changed.

    Raises:
        TooFewStrangersError: there are too few photos with several people.
    """
    before = services.calibration
    with services.reading() as unit:
        strangers, photos = _strangers(services, unit, before)
        rejected, comparisons = _rejected(services, unit)
        confirmed = _confirmed(services, unit)
    own = OwnScores(strangers, rejected, comparisons, confirmed)
    day = services.today().isoformat()
    provenance = (
        f"The library's own photos: {counted(len(strangers), 'pair')} of faces of "
        f"{counted(photos, 'photo')}, {len(rejected):,} rejected matches, "
        f"{len(confirmed):,} confirmed ones; the rest as in {before.id.split('+')[0]}. {day}."
    )
    after = refitted(before, own, f"{before.id.split('+')[0]}+own-{day}", provenance)
    matching = services.policy.matching

    def points(per_million: float) -> tuple[Point, Point]:
        return _point(before, own, per_million), _point(after, own, per_million)

    return Recalibration(
        before,
        after,
        len(strangers),
        photos,
        len(rejected),
        len(confirmed),
        counted_down_to(own),
        points(matching.review_per_million),
        points(matching.block_per_million),
    )


@for_roles(Duty.THRESHOLDS)
def apply_recalibration(
    services: Services, found: Recalibration, reason: str, actor: Actor
) -> Calibration:
    """Put a fitted calibration in use; `in_use.go_back` takes it back.

    Raises:
        BadInputError: no reason was given, or more people would be missed than before.
    """
    _require_no_more_missed(found, services.policy.matching.review_per_million)
    with services.writing() as unit:
        use_calibration(services, unit, found.after, reason, actor)
        unit.commit()
    return services.calibration


def _require_no_more_missed(found: Recalibration, review_per_million: float) -> None:
    """Hold that neither decisions nor the shipped measurement speak against the new rates.

    One person twice in a photo (a mirror, a collage, the portrait on the wall) counts as two
    strangers who look alike, and would raise the bar for everybody.
    """
    before, after = found.review
    missed = after.confirmed_missed - before.confirmed_missed
    if missed > 0:
        raise BadInputError(
            f"Nothing was changed: {missed} of {found.confirmed} matches that people confirmed "
            "would be missed. To see fewer questions, lower review_per_million in the policy."
        )
    if after.score > found.before.score_at(review_per_million / _MOST_TIMES):
        raise BadInputError(
            f"Nothing was changed: strangers of your photos would look alike {_MOST_TIMES} times"
            " as often as measured before. Check whether the photos show mirrors, collages or "
            "pictures of pictures."
        )


def _point(calibration: Calibration, own: OwnScores, per_million: float) -> Point:
    score = calibration.score_at(per_million)
    reached = float((own.strangers >= score).mean()) * MILLION
    return Point(round(score, 3), round(reached, 2), int((own.confirmed < score).sum()))


def _strangers(
    services: Services, unit: UnitOfWork, calibration: Calibration
) -> tuple[NDArray[np.float64], int]:
    """Return the scores of pairs of faces of one photo, and of how many photos.

    Two faces beside one another in a photo are two people: no label is needed, and nobody has to
    be known. A mirror, a collage or a wall of portraits is the exception; where a pair reaches the
    block threshold the photo is taken for one, and left out. So are animations, whose frames show
    the same people.
    """
    one_person = calibration.score_at(services.policy.matching.block_per_million)
    models = list(calibration.scales)
    draw = np.random.default_rng(0)
    found: list[NDArray[np.float64]] = []
    photos = 0
    moving = unit.photos.moving()
    for block in unit.photos.face_blocks(models):
        pairs = zip(block.photos, block.faces, strict=True)
        for photo, own in groupby(pairs, key=itemgetter(0)):
            if photo in moving:
                continue
            faces = [face for _, face in own if _sure(services, face)]
            if len(faces) > _MOST_FACES:
                drawn = draw.choice(len(faces), _MOST_FACES, replace=False)
                faces = [faces[index] for index in drawn]
            scores = _between(faces, calibration)
            if scores and max(scores) < one_person:
                found.append(np.array(scores))
                photos += 1
    return np.concatenate([np.empty(0), *found]), photos


def _sure(services: Services, face: Face) -> bool:
    limits = services.comparability
    return is_recognizable(face, limits) and is_comparable(face, limits)


def _between(faces: Sequence[Face], calibration: Calibration) -> list[float]:
    scores = face_scores(calibration, faces, faces)
    return [
        float(scores[first, other])
        for first in range(len(faces))
        for other in range(first)
        if faces[first].box.overlap(faces[other].box) < _APART
    ]


def _rejected(services: Services, unit: UnitOfWork) -> tuple[NDArray[np.float64], int]:
    """Return the scores of rejected matches, and out of how many comparisons they are.

    Only of cases of which every possible match was decided: else those that were decided first,
    the likest ones, would count for all. And only from the policy's threshold on: below it, only
    what a wider one let through was looked at.
    """
    bar = services.calibration.score_at(services.policy.matching.review_per_million)
    scan = scan_of_all(services, unit)
    of_case: dict[str, list[Suspect]] = {owner: [] for owner in scan.owners}
    for suspect in scan.search(unit, scan.owners):
        of_case[suspect.revocation_id].append(suspect)
    decided = by_pair(unit.decisions.person_decisions())
    scores: list[float] = []
    cases = 0
    for own in of_case.values():
        # What was found beside close matches was not compared with the references alone.
        found = [suspect for suspect in own if suspect.match.score >= bar and not suspect.beside]
        states = [_state(decided, suspect) for suspect in found]
        if None in states or DecisionState.CANNOT_TELL in states:
            continue
        cases += 1
        scores += [
            suspect.match.score
            for suspect, state in zip(found, states, strict=True)
            if state is DecisionState.REJECTED
        ]
    return np.array(scores), cases * unit.photos.counts()["faces"]


def _state(
    decided: dict[tuple[str, str], list[PersonDecision]], suspect: Suspect
) -> DecisionState | None:
    """Return what was decided last on a face and a case, if anything stands."""
    own = decided.get((suspect.photo_sha256, suspect.revocation_id), [])
    last = last_on(suspect.match.box, own)
    return None if last is None or last.state is DecisionState.SUGGESTED else last.state


def _confirmed(services: Services, unit: UnitOfWork) -> NDArray[np.float64]:
    """Return the scores of confirmed faces with the references that are of other photos."""
    templates = unit.register.templates()
    return np.array(
        [
            score
            for decision in still_confirmed(unit.decisions.person_decisions())
            for score in _score_of(services, unit, decision, templates)
        ]
    )


def _score_of(
    services: Services, unit: UnitOfWork, decision: PersonDecision, templates: Sequence[Template]
) -> Iterator[float]:
    others = [
        template
        for template in templates
        if template.revocation_id == decision.revocation_id
        and template.photo_sha256 != decision.photo_sha256
    ]
    gallery = Gallery(others, services.calibration, services.policy.matching)
    photo = unit.photos.fingerprints([decision.photo_sha256]).get(decision.photo_sha256)
    if photo is None or decision.box is None or not gallery.matrix.owners:
        return
    for face in photo.faces:
        if same_face(face.box, decision.box) and gallery.can_compare(face):
            _, scores = gallery.compare([face])
            yield float(scores[0, 0])
            return
