"""The signal "face": reference faces stacked for comparison with the faces of photos."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from consent.domain.cases import Revocation, Template
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
from media_index.matching.search import TemplateMatrix
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
        share = REVIEW_BAND.share_beside if owner in self._expanded_by else 1.0
        per_million = self._matching.review_for(
            minor=pictured is not None and pictured.minor,
            years=0.0 if pictured is None else pictured.years_from(taken),
            times=share * strangers_let_through(face.quality),
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
        models = list(self._calibration.scales)
        if not self.matrix.owners:
            return
        # Of each person's, a few in a thousand may match; of many people's, most.
        if len(self.matrix.owners) <= _FEW:
            possible = services.vectors.possible(unit.photos, self.matrix, after)
            blocks = unit.photos.faces_by_id(possible, models)
        else:
            blocks = unit.photos.face_blocks(models, after=after)
        for block in blocks:
            candidates = list(self._candidates(block.faces, block.encodings))
            taken = unit.photos.taken_at([block.photos[row] for row, _, _ in candidates])
            for row, owner, score in candidates:
                sha256 = block.photos[row]
                match = self.match(score, block.faces[row], owner, taken.get(sha256))
                if match is not None:
                    yield sha256, match


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
