"""The register as it stands, ready to be compared with photos; loaded once per check."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from consent.domain import SightingState
from consent.rules import STANDING, decide, latest
from consent.verdicts import FaceInPhoto, PersonMatch, PhotoFacts
from media_index.matching import FUSED_UNIT, KnownPhotos, fused_scores, person_scores
from media_index.quality import is_comparable, is_recognisable
from media_index.types import Match, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from consent.channels import Use
    from consent.domain import Revocation, Sighting, Template, VerbalConsent
    from consent.policy import Matching
    from consent.services import Services
    from consent.store import UnitOfWork
    from consent.verdicts import Decision
    from media_index.calibration import Calibration
    from media_index.types import Event, Face, Fingerprint

    Stacked = dict[str, NDArray[np.float32]]


_YEAR = timedelta(days=365.25)


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
        self._owners = [template.revocation_id for template in usable]
        self._stacked = stack([template.encodings for template in usable], calibration)
        self._calibration = calibration
        self.review = calibration.score_at(matching.review_per_million)
        self._review_of = {
            owner: calibration.score_at(per_million)
            for owner, per_million in (review or {}).items()
        }
        self.block = calibration.score_at(matching.block_per_million)

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
        if not self._owners:
            faces = len(next(iter(encodings.values())))
            return [], np.empty((faces, 0), np.float32)
        scores = fused_scores(self._calibration, encodings, self._stacked)
        return person_scores(scores, self._owners)

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
        models = set(self._calibration.scales)
        encoded = [face for face in faces if models <= set(face.encodings)]
        if not encoded:
            return
        owners, scores = self.compare(
            stack([face.encodings for face in encoded], self._calibration),
        )
        bars = np.array([self.review_score(owner) for owner in owners], np.float32)
        for row, column in np.argwhere(scores >= bars):
            score = float(scores[row, column])
            match = self.match(score, encoded[row], owners[column])
            yield PersonMatch(owners[column], match, blocks=score >= self.block)


def stack(
    encodings: Sequence[Mapping[str, NDArray[np.float32]]],
    calibration: Calibration,
) -> Stacked:
    """Stack encodings to (n, d) float32 by model id."""
    if not encodings:
        return {model: np.empty((0, 0), np.float32) for model in calibration.scales}
    return {model: np.stack([one[model] for one in encodings]) for model in calibration.scales}


class RegisterView:
    """Revocations, decisions and templates at one register version."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        """Load the register inside a unit of work.

        Args:
            services: policy, calibration, comparability.
            unit: open; not kept.
        """
        self._services = services
        self.version = unit.audit.register_version()
        self.revocations: list[Revocation] = unit.register.revocations()
        templates = unit.register.templates()
        self.gallery = Gallery(
            templates,
            services.calibration,
            services.policy.matching,
            review_thresholds(services, self.revocations, templates),
        )
        self._with_face = {template.revocation_id for template in templates}
        self._sightings = _by_photo(unit.decisions.sightings())
        self.consents: list[VerbalConsent] = unit.decisions.consents()
        self._known = _KnownSightings(unit, self._sightings)

    def without_face(self, use: Use) -> tuple[str, ...]:
        """Return the labels of those whom no comparison can find, and whom the use concerns."""
        today = self._services.today()
        return tuple(
            case.label
            for case in self.revocations
            if case.id not in self._with_face
            and case.state(today) in STANDING
            and case.terms_on(today).scope.covers_channel(use.channel)
        )

    def sightings_of(self, sha256: str) -> Sequence[Sighting]:
        """Return the decisions on a photo, oldest first."""
        return self._sightings.get(sha256, ())

    def matches_of(self, fingerprint: Fingerprint) -> list[PersonMatch]:
        """Compare a photo with the register: its faces, and the photo as a copy of known ones."""
        return [*self.gallery.of_faces(fingerprint.faces), *self._known.copies(fingerprint)]

    def facts(
        self, fingerprint: Fingerprint, events: tuple[Event, ...], posted_at: Sequence[str]
    ) -> PhotoFacts:
        """Return what the rules need of a photo."""
        limits = self._services.comparability
        taken = fingerprint.exif.taken_at
        return PhotoFacts(
            sha256=fingerprint.sha256,
            faces=tuple(
                FaceInPhoto(
                    face.index,
                    face.box,
                    is_recognisable(face, limits),
                    is_comparable(face, limits),
                )
                for face in fingerprint.faces
            ),
            events=events,
            posted_at=tuple(posted_at),
            taken_on=None if taken is None else self._services.day(taken),
        )

    def decide(self, facts: PhotoFacts, use: Use, photo: Fingerprint | None) -> Decision:
        """Judge a photo for a use.

        Args:
            facts: of the photo.
            use: what it is wanted for.
            photo: what the index holds of it; None if it could not be read.
        """
        return decide(
            facts,
            use,
            matches=[] if photo is None else self.matches_of(photo),
            sightings=self.sightings_of(facts.sha256) if facts.sha256 else (),
            revocations=self.revocations,
            consents=self.consents,
            policy=self._services.policy,
            today=self._services.today(),
        )


def review_thresholds(
    services: Services, revocations: Sequence[Revocation], templates: Sequence[Template]
) -> dict[str, float]:
    """Return the review thresholds of children, which widen as their references grow old.

    Returns:
        By revocation id, false matches per million.
    """
    newest: dict[str, datetime] = {}
    for template in templates:
        owner = template.revocation_id
        newest[owner] = max(template.added_at, newest.get(owner, template.added_at))
    now, matching = services.now(), services.policy.matching
    return {
        case.id: matching.review_for(
            minor=True, reference_age_years=(now - newest[case.id]) / _YEAR
        )
        for case in revocations
        if case.person.minor and case.id in newest
    }


class _KnownSightings:
    """The photos with a confirmed sighting, and whose."""

    def __init__(self, unit: UnitOfWork, sightings: Mapping[str, Sequence[Sighting]]) -> None:
        confirmed = {
            sha256: frozenset(one.revocation_id for one in still_confirmed(decided))
            for sha256, decided in sightings.items()
        }
        photos = unit.photos.fingerprints([sha for sha, people in confirmed.items() if people])
        self._shas = list(photos)
        self._people = [confirmed[sha256] for sha256 in self._shas]
        self._hashes = KnownPhotos(
            [(photo.hashes, photo.trimmed_hashes) for photo in photos.values()],
        )

    def copies(self, fingerprint: Fingerprint) -> Iterator[PersonMatch]:
        for copy in self._hashes.copies_of(fingerprint.hashes, fingerprint.trimmed_hashes):
            known = self._shas[copy.place]
            if known == fingerprint.sha256:
                continue
            match = Match(
                Signal.NEAR_DUPLICATE,
                copy.bits,
                copy.threshold,
                copy.unit,
                copy.method,
            )
            for revocation_id in sorted(self._people[copy.place]):
                yield PersonMatch(revocation_id, match, copy.surely, known)


def still_confirmed(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Return the confirmations that no later decision on the same face has taken back."""
    of_case: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        of_case[sighting.photo_sha256, sighting.revocation_id].append(sighting)
    return [
        sighting
        for decided in of_case.values()
        for sighting in latest(decided)
        if sighting.state is SightingState.CONFIRMED
    ]


def _by_photo(sightings: Sequence[Sighting]) -> dict[str, list[Sighting]]:
    found: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        found[sighting.photo_sha256].append(sighting)
    return found
