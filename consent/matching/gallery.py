"""Reference faces stacked for comparison with the faces of photos."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from consent.domain.cases import Template
from consent.domain.verdicts import PersonMatch
from consent.domain.wording import counted
from media_index.faces.quality import strangers_let_through
from media_index.matching.scores import FUSED_UNIT, fused_scores
from media_index.matching.search import TemplateMatrix
from media_index.types import Match, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from consent.domain.policy import Matching
    from media_index.matching.calibration import Calibration
    from media_index.storage.contents import FaceBlock
    from media_index.types import Face

    Stacked = dict[str, NDArray[np.float32]]

_YEAR = timedelta(days=365.25)
# Beside close matches a face is compared a second time, and has a second chance to look like
# somebody by mistake: so many of the strangers who are let through alone are let through then.
# 2026-11: with all of them a quarter more photos of strangers are flagged, with half of them a
# tenth (docs/adr/0018).
_SHARE_BESIDE = 0.5


@dataclass(frozen=True, slots=True)
class Pictured:
    """When the reference faces of a person were taken.

    Attributes:
        minor: whether the person is a child.
        at: UTC, when each was taken, or added where that is not known.
        now: for photos of which nobody knows when they were taken.
    """

    minor: bool
    at: frozenset[datetime]
    now: datetime = field(compare=False)

    def years_from(self, taken: datetime | None) -> float:
        """Return how far a photo is from the nearest of them."""
        return min(abs((taken or self.now) - one) / _YEAR for one in self.at)


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
                that match them closely (`close_matches`); no match with those blocks.
        """
        self._calibration = calibration
        self._matching = matching
        self._pictured = pictured or {}
        self._expanded_by = expanded_by or {}
        self.block = calibration.score_at(matching.block_per_million)
        widest = calibration.score_at(matching.widest_per_million)
        self.sought = sought_from(templates, calibration, widest)

    def review_score(self, owner: str, face: Face, taken: datetime | None) -> float:
        """Return the score from which a match must be looked at.

        Args:
            owner: whom the face looks like.
            face: in the photo.
            taken: when the photo was, if known.
        """
        pictured = self._pictured.get(owner)
        share = _SHARE_BESIDE if owner in self._expanded_by else 1.0
        per_million = self._matching.review_for(
            minor=pictured is not None and pictured.minor,
            years=0.0 if pictured is None else pictured.years_from(taken),
            times=share * strangers_let_through(face.quality),
        )
        return self._calibration.score_at(per_million)

    def compare(self, faces: Sequence[Face]) -> tuple[list[str], NDArray[np.float32]]:
        """Compare faces with everybody in the gallery.

        Args:
            faces: with an encoding by every model in use.

        Returns:
            Revocation ids, and (n, ids) float32 scores.
        """
        stacked = stack([face.encodings for face in faces], self._calibration)
        terms = quality_terms(self._calibration, faces)
        return self.sought.owners, self.sought.scores(stacked, terms)

    def _candidates(
        self, faces: Sequence[Face], encodings: Stacked
    ) -> Iterator[tuple[int, str, float]]:
        """Yield whatever reaches the widest review threshold; `match` tells which reach their own.

        Args:
            faces: all with an encoding by every model in use.
            encodings: of them, by model id, (n, d) float32.

        Yields:
            Row of the face, revocation id, score.
        """
        pairs = self.sought.found(encodings, quality_terms(self._calibration, faces))
        for row, column, score in zip(pairs.rows, pairs.columns, pairs.scores, strict=True):
            yield int(row), self.sought.owners[column], float(score)

    def can_compare(self, face: Face) -> bool:
        """Say whether a face has an encoding by every model in use."""
        return set(self._calibration.scales) <= set(face.encodings)

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
        """Put a score against an owner's templates into words that can be judged.

        Args:
            score: of the face with them.
            face: in the photo.
            owner: whose templates.
            taken: when the photo was, if known.

        Returns:
            The match; None where nobody need look.
        """
        review = self.review_score(owner, face, taken)
        if score < review:
            return None
        beside = self._expanded_by.get(owner, 0)
        blocks = score >= self.block and not beside
        match = Match(
            signal=Signal.FACE,
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
        """Yield every match of a photo's faces that reaches its review threshold.

        Args:
            faces: of the photo.
            taken: when it was, if known.
        """
        encoded = [face for face in faces if self.can_compare(face)]
        if not encoded:
            return
        stacked = stack([face.encodings for face in encoded], self._calibration)
        for row, owner, score in self._candidates(encoded, stacked):
            match = self.match(score, encoded[row], owner, taken)
            if match is not None:
                yield match

    def of_block(
        self, block: FaceBlock, taken_at: Callable[[Sequence[str]], Mapping[str, datetime]]
    ) -> Iterator[tuple[str, PersonMatch]]:
        """Yield the photo and the match of every face of a block that reaches its threshold.

        Args:
            block: faces of the index.
            taken_at: returns when photos were taken, by SHA-256, where known.
        """
        candidates = list(self._candidates(block.faces, block.encodings))
        taken = taken_at([block.photos[row] for row, _, _ in candidates])
        for row, owner, score in candidates:
            sha256 = block.photos[row]
            match = self.match(score, block.faces[row], owner, taken.get(sha256))
            if match is not None:
                yield sha256, match


def sought_from(
    templates: Sequence[Template], calibration: Calibration, bar: float
) -> TemplateMatrix:
    """Make templates ready to be looked for.

    Args:
        templates: those without an encoding by every model of the calibration are left out.
        calibration: models, scales and false-match rates.
        bar: the score from which a face is a find.
    """
    models = set(calibration.scales)
    usable = [one for one in templates if models <= set(one.encodings)]
    owners = [template.revocation_id for template in usable]
    stacked = stack([template.encodings for template in usable], calibration)
    terms = np.array([calibration.quality.of_one(template.norm) for template in usable])
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
    encodings: Sequence[Mapping[str, NDArray[np.float32]]],
    calibration: Calibration,
) -> Stacked:
    """Stack encodings to (n, d) float32 by model id."""
    if not encodings:
        return {model: np.empty((0, 0), np.float32) for model in calibration.scales}
    return {model: np.stack([one[model] for one in encodings]) for model in calibration.scales}


def face_scores(
    calibration: Calibration, faces: Sequence[Face], others: Sequence[Face]
) -> NDArray[np.float64]:
    """Compare faces with others, each alone.

    Args:
        calibration: by which scores are made.
        faces: with an encoding by every model of it.
        others: likewise.

    Returns:
        (faces, others) scores.
    """
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
    seen = [(one.quality.norm, one.quality.prominence) for one in faces]
    table = np.array(seen, np.float64).reshape(-1, 2)
    return calibration.quality.of(table[:, 0], table[:, 1])
