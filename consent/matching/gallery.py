"""The signal "face": reference faces stacked for comparison with the faces of photos."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from consent.domain.cases import Revocation, Template
from consent.domain.faces import Faces
from consent.domain.policy import Matching
from consent.domain.signals import Evidence, Match, Signal
from consent.domain.verdicts import PersonMatch, ReasonCode
from consent.domain.wording import counted, rarity
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.faces.quality import strangers_let_through
from media_index.limits import REVIEW_BAND
from media_index.matching.calibration import Calibration
from media_index.matching.scores import FUSED_UNIT, fused_scores
from media_index.matching.search import Pairs, TemplateMatrix
from media_index.storage.contents import FaceBlock
from media_index.types import Face

Stacked = dict[str, NDArray[np.float32]]

_YEAR = timedelta(days=365.25)
# People for whose sake the faces that may match are read one by one, and not all.
_FEW = 20


class FaceSignal(Signal):
    """A face like somebody's references, by the encodings of all models together.

    The score is measured in how many strangers look as alike (`Calibration`).
    """

    code = ReasonCode.FACE
    evidence = Evidence.FACE
    rank = 2

    def sentence(self, match: Match, who: str, face: str, hint: str) -> str:
        """Say it as the reason of a verdict."""
        beside = f", together with {hint}" if hint else ""
        rare = rarity(match.false_matches_per_million)
        return f"Possible match with {who}{face}{beside}: {rare}."

    def likeness(self, match: Match) -> str:
        """Say why a photo is listed."""
        return f"Possible match: {rarity(match.false_matches_per_million)}."


FACE = FaceSignal()


@dataclass(frozen=True, slots=True)
class Pictured:
    """When the reference faces of a person were taken, or added where that is not known.

    `now` is for photos of which nobody knows when they were taken.
    """

    minor: bool
    at: frozenset[datetime]
    now: datetime = field(compare=False)

    def years_from(self, taken: datetime | None) -> float:
        """Return how far a photo is from the nearest of them."""
        return min(abs((taken or self.now) - at) / _YEAR for at in self.at)


def pictured(
    services: Services,
    unit: UnitOfWork,
    cases: Sequence[Revocation],
    templates: Sequence[Template],
) -> dict[str, Pictured]:
    """Return by case when its reference faces were taken, of those that have any."""
    taken = unit.photos.taken_at([template.photo_sha256 for template in templates])
    at: dict[str, set[datetime]] = defaultdict(set)
    for template in templates:
        at[template.revocation_id].add(taken.get(template.photo_sha256) or template.added_at)
    now = services.now()
    return {
        case.id: Pictured(case.person.minor, frozenset(at[case.id]), now)
        for case in cases
        if case.id in at
    }


class Gallery:
    """Templates stacked for comparison."""

    def __init__(
        self,
        templates: Sequence[Template],
        calibration: Calibration,
        matching: Matching,
        pictured: Mapping[str, Pictured] | None = None,
        expanded_by: Mapping[str, int] | None = None,
    ) -> None:
        """Stack the templates that have an encoding by every model of the calibration.

        Args:
            templates: reference faces.
            calibration: models, scales and false-match rates.
            matching: the policy's thresholds.
            pictured: by revocation id; of those who are not in it no reference grows old.
            expanded_by: by revocation id, how many of the templates are no references but faces
                that match them closely (`expansion`); no match with those blocks.
        """
        self._calibration = calibration
        self._matching = matching
        self._pictured = pictured or {}
        self._expanded_by = expanded_by or {}
        self.block = calibration.score_at(matching.block_per_million)
        widest = calibration.score_at(matching.widest_per_million)
        self.matrix = template_matrix(templates, calibration, widest)

    def review_score(self, owner: str, face: Face, taken: datetime | None) -> float:
        """Return the score from which a match must be looked at, in a photo taken then."""
        pictured = self._pictured.get(owner)
        years = 0.0 if pictured is None else pictured.years_from(taken)
        return self._score_of(owner, years, strangers_let_through(face.quality))

    def _score_of(self, owner: str, years: float, times: float) -> float:
        pictured = self._pictured.get(owner)
        share = REVIEW_BAND.share_beside if owner in self._expanded_by else 1.0
        per_million = self._matching.review_for(
            minor=pictured is not None and pictured.minor,
            years=years,
            times=share * times,
        )
        return self._calibration.score_at(per_million)

    def compare(self, faces: Sequence[Face]) -> tuple[list[str], NDArray[np.float32]]:
        """Compare faces that have an encoding by every model in use with everybody.

        Returns:
            Revocation ids, and (n, ids) float32 scores.
        """
        stacked = stack([face.encodings for face in faces], self._calibration)
        terms = quality_terms(self._calibration, faces)
        return self.matrix.owners, self.matrix.scores(stacked, terms)

    def _candidates(
        self, faces: Sequence[Face], encodings: Stacked
    ) -> Iterator[tuple[int, str, float]]:
        """Yield row, owner and score of whatever reaches the widest review threshold.

        `match` tells which reach their own.
        """
        pairs = self.matrix.found(encodings, quality_terms(self._calibration, faces))
        for row, column, score in zip(pairs.rows, pairs.columns, pairs.scores, strict=True):
            yield int(row), self.matrix.owners[column], float(score)

    def can_compare(self, face: Face) -> bool:
        """Say whether a face has an encoding by every model in use."""
        return self._calibration.scales.keys() <= face.encodings.keys()

    def same(self, face: Face, others: Sequence[Face]) -> Face | None:
        """Return the one of some faces that is the same face, in another copy of a photo.

        It must match at the block threshold: two copies of one picture are far above it.
        """
        encoded = [other for other in others if self.can_compare(other)]
        if not encoded or not self.can_compare(face):
            return None
        scores = face_scores(self._calibration, encoded, [face])[:, 0]
        best = int(np.argmax(scores))
        return encoded[best] if scores[best] >= self.block else None

    def match(
        self, score: float, face: Face, owner: str, taken: datetime | None = None
    ) -> PersonMatch | None:
        """Return a face's score with an owner's templates as a match; None if nobody need look."""
        review = self.review_score(owner, face, taken)
        if score < review:
            return None
        beside = self._expanded_by.get(owner, 0)
        blocks = score >= self.block and not beside
        match = Match(
            signal=FACE,
            score=round(score, 3),
            threshold=round(self.block if blocks else review, 3),
            unit=FUSED_UNIT,
            model_id=self._calibration.id,
            face=face.index,
            box=face.box,
            false_matches_per_million=self._calibration.false_matches_per_million(score),
        )
        close = ("other photo that matches closely", "other photos that match closely")
        hint = counted(beside, *close) if beside else ""
        return PersonMatch(owner, match, blocks, hint=hint)

    def of_faces(
        self, faces: Sequence[Face], taken: datetime | None = None
    ) -> Iterator[PersonMatch]:
        """Yield every match of the faces of a photo, taken then, that reaches its threshold."""
        encoded = [face for face in faces if self.can_compare(face)]
        if not encoded:
            return
        stacked = stack([face.encodings for face in encoded], self._calibration)
        for row, owner, score in self._candidates(encoded, stacked):
            match = self.match(score, encoded[row], owner, taken)
            if match is not None:
                yield match

    def search(
        self, services: Services, unit: UnitOfWork, after: int = 0
    ) -> Iterator[tuple[str, PersonMatch]]:
        """Yield photo and match of every face of the index that reaches its threshold.

        Only of faces with an id above `after`.
        """
        for block in self.blocks(services, unit, after):
            yield from self.in_block(unit, block)

    @property
    def few(self) -> bool:
        """Whether a few in a thousand faces may match; of many people's, most do."""
        return len(self.matrix.owners) <= _FEW

    def blocks(self, services: Services, unit: UnitOfWork, after: int = 0) -> Iterator[FaceBlock]:
        """Yield the faces of the index that may match: those of a few people, else all."""
        models = list(self._calibration.scales)
        if not self.matrix.owners:
            return iter(())
        if unit.faces.mode() is not Faces.INDEX:
            return unit.photos.recalled_blocks(models, after)
        if not self.few:
            return unit.photos.face_blocks(models, after=after)
        possible = services.vectors.possible(unit.photos, self.matrix, after)
        return unit.photos.faces_by_id(possible, models)

    def in_block(self, unit: UnitOfWork, block: FaceBlock) -> Iterator[tuple[str, PersonMatch]]:
        """Yield photo and match of every face of a block that reaches its threshold."""
        if not self.matrix.owners:
            return
        pairs = self.matrix.found(block.encodings, quality_terms(self._calibration, block.faces))
        taken = unit.photos.taken_at(sorted({block.photos[row] for row in np.unique(pairs.rows)}))
        for number in np.flatnonzero(self._may_reach(block, pairs, taken)):
            row, owner = int(pairs.rows[number]), self.matrix.owners[pairs.columns[number]]
            sha256, score = block.photos[row], float(pairs.scores[number])
            match = self.match(score, block.faces[row], owner, taken.get(sha256))
            if match is not None:
                yield sha256, match

    def _may_reach(
        self, block: FaceBlock, pairs: Pairs, taken: Mapping[str, datetime]
    ) -> NDArray[np.bool_]:
        """Return which pairs may reach their own threshold: all that do, and a few others.

        There are a hundred times as many that reach the widest one. Years count in whole ones.
        """
        at, now = self._pictured_at
        moments = [taken.get(sha256) for sha256 in block.photos]
        seconds = np.array([np.nan if moment is None else moment.timestamp() for moment in moments])
        of_pairs = seconds[pairs.rows]
        of_pairs = np.where(np.isnan(of_pairs), now[pairs.columns], of_pairs)
        apart = np.abs(of_pairs[:, None] - at[pairs.columns]).min(axis=1, initial=np.inf)
        years = np.floor(np.where(np.isfinite(apart), apart / _YEAR.total_seconds(), 0.0))
        times = np.array([strangers_let_through(face.quality) for face in block.faces])
        of_kind = np.column_stack([self._like[pairs.columns], years, times[pairs.rows]])
        kinds, which = np.unique(of_kind, axis=0, return_inverse=True)
        bars = np.array([self._least_score(*kind) for kind in kinds])
        reaches: NDArray[np.bool_] = pairs.scores >= bars[which.reshape(-1)]
        return reaches

    def _least_score(self, column: float, years: float, times: float) -> float:
        """Return the lowest review score within a year; see `review_score`."""
        owner = self.matrix.owners[int(column)]
        return min(self._score_of(owner, years + more, times) for more in (0.0, 1.0))

    @cached_property
    def _like(self) -> NDArray[np.intp]:
        """The first owner whose thresholds are those of each: (owners,) columns."""
        first: dict[tuple[bool, bool], int] = {}
        return np.array(
            [
                first.setdefault(self._kind(owner), column)
                for column, owner in enumerate(self.matrix.owners)
            ],
            np.intp,
        )

    def _kind(self, owner: str) -> tuple[bool, bool]:
        pictured = self._pictured.get(owner)
        return pictured is not None and pictured.minor, owner in self._expanded_by

    @cached_property
    def _pictured_at(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """When references were taken, (owners, most), and now, (owners,): seconds, or infinite."""
        of_owners = [self._pictured.get(owner) for owner in self.matrix.owners]
        most = max((len(each.at) for each in of_owners if each is not None), default=0)
        at = np.full((len(of_owners), most), np.inf)
        now = np.zeros(len(of_owners))
        for row, each in enumerate(of_owners):
            if each is not None:
                at[row, : len(each.at)] = [moment.timestamp() for moment in each.at]
                now[row] = each.now.timestamp()
        return at, now


def template_matrix(
    templates: Sequence[Template], calibration: Calibration, bar: float
) -> TemplateMatrix:
    """Make the templates that have an encoding by every model ready to be looked for.

    A face is a find from the score `bar` on.
    """
    models = calibration.scales.keys()
    usable = [template for template in templates if models <= template.encodings.keys()]
    owners = [template.revocation_id for template in usable]
    stacked = stack([template.encodings for template in usable], calibration)
    norms = np.array([template.norm for template in usable], np.float64)
    terms = calibration.quality.of(norms, np.ones(len(usable)))
    return TemplateMatrix(calibration, stacked, owners, dict.fromkeys(owners, bar), terms)


def passing_template(owner: str, photo_sha256: str, face: Face, at: datetime) -> Template:
    """Return a face as a template that is compared with and not kept."""
    return Template(
        id="",
        revocation_id=owner,
        photo_sha256=photo_sha256,
        box=face.box,
        encodings=face.encodings,
        crop="",
        added_at=at,
        norm=face.quality.norm,
    )


def stack(
    encodings: Sequence[Mapping[str, NDArray[np.float32]]], calibration: Calibration
) -> Stacked:
    """Stack encodings to (n, d) float32 by model id."""
    if not encodings:
        return {model: np.empty((0, 0), np.float32) for model in calibration.scales}
    return {model: np.stack([of[model] for of in encodings]) for model in calibration.scales}


def face_scores(
    calibration: Calibration, faces: Sequence[Face], others: Sequence[Face]
) -> NDArray[np.float64]:
    """Compare faces with others, each alone, all encoded by every model; (faces, others) scores."""
    if not faces or not others:
        return np.empty((len(faces), len(others)))
    fused = fused_scores(
        calibration,
        stack([face.encodings for face in faces], calibration),
        stack([face.encodings for face in others], calibration),
    )
    of_others = quality_terms(calibration, others)
    return fused + quality_terms(calibration, faces)[:, None] + of_others


def quality_terms(calibration: Calibration, faces: Sequence[Face]) -> NDArray[np.float64]:
    """Return (n,) what the quality of each face adds to its scores."""
    seen = [(face.quality.norm, face.quality.prominence) for face in faces]
    table = np.array(seen, np.float64).reshape(-1, 2)
    return calibration.quality.of(table[:, 0], table[:, 1])
