"""Reference faces stacked for comparison with the faces of photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consent.verdicts import PersonMatch
from media_index.matching import FUSED_UNIT, fused_scores
from media_index.searching import Sought
from media_index.types import Match, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from consent.domain import Template
    from consent.policy import Matching
    from media_index.calibration import Calibration
    from media_index.types import Face

    Stacked = dict[str, NDArray[np.float32]]


class Gallery:
    """Templates stacked for comparison."""

    def __init__(
        self,
        templates: Sequence[Template],
        calibration: Calibration,
        matching: Matching,
        review: Mapping[str, float] | None = None,
    ) -> None:
        """Stack the templates that have an encoding by every model of the calibration.

        Args:
            templates: reference faces.
            calibration: models, scales and false-match rates.
            matching: the policy's thresholds.
            review: by revocation id, the review threshold in false matches per million of those
                who have another than the policy's.
        """
        models = set(calibration.scales)
        usable = [one for one in templates if models <= set(one.encodings)]
        owners = [template.revocation_id for template in usable]
        stacked = stack([template.encodings for template in usable], calibration)
        self._calibration = calibration
        self.review = calibration.score_at(matching.review_per_million)
        self._review_of = {
            owner: calibration.score_at(per_million)
            for owner, per_million in (review or {}).items()
        }
        self.block = calibration.score_at(matching.block_per_million)
        bars = {owner: self.review_score(owner) for owner in owners}
        self.sought = Sought(calibration, stacked, owners, bars)

    def review_score(self, owner: str) -> float:
        """Return the fused score from which a match with this owner must be looked at."""
        return self._review_of.get(owner, self.review)

    def compare(self, encodings: Stacked) -> tuple[list[str], NDArray[np.float32]]:
        """Compare faces with everybody in the gallery.

        Args:
            encodings: by model id, (n, d) float32.

        Returns:
            Revocation ids, and (n, ids) float32 fused scores.
        """
        return self.sought.owners, self.sought.scores(encodings)

    def found(self, encodings: Stacked) -> Iterator[tuple[int, str, float]]:
        """Yield every face and owner whose score reaches the review threshold.

        Args:
            encodings: by model id, (n, d) float32.

        Yields:
            Row of the face, revocation id, fused score.
        """
        pairs = self.sought.found(encodings)
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
        scores = fused_scores(
            self._calibration,
            stack([other.encodings for other in encoded], self._calibration),
            stack([face.encodings], self._calibration),
        )[:, 0]
        best = int(np.argmax(scores))
        return encoded[best] if scores[best] >= self.block else None

    def match(self, score: float, face: Face | None = None, owner: str = "") -> Match:
        """Put a score against an owner's templates into words that can be judged."""
        return Match(
            signal=Signal.FACE,
            score=round(score, 3),
            threshold=round(self.block if score >= self.block else self.review_score(owner), 3),
            unit=FUSED_UNIT,
            model_id=self._calibration.id,
            face=None if face is None else face.index,
            box=None if face is None else face.box,
            false_matches_per_million=self._calibration.false_matches_per_million(score),
        )

    def of_faces(self, faces: Sequence[Face]) -> Iterator[PersonMatch]:
        """Yield every match of a photo's faces that reaches the review threshold."""
        encoded = [face for face in faces if self.can_compare(face)]
        if not encoded:
            return
        stacked = stack([face.encodings for face in encoded], self._calibration)
        for row, owner, score in self.found(stacked):
            match = self.match(score, encoded[row], owner)
            yield PersonMatch(owner, match, blocks=score >= self.block)


def stack(
    encodings: Sequence[Mapping[str, NDArray[np.float32]]],
    calibration: Calibration,
) -> Stacked:
    """Stack encodings to (n, d) float32 by model id."""
    if not encodings:
        return {model: np.empty((0, 0), np.float32) for model in calibration.scales}
    return {model: np.stack([one[model] for one in encodings]) for model in calibration.scales}
