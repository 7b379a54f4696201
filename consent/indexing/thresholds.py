"""What the thresholds mean for the register and the photos of today, in people's terms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from consent.domain.decide import IN_FORCE
from consent.domain.policy import Matching
from consent.matching.gallery import pictured
from consent.services import Services
from media_index.faces.quality import strangers_let_through
from media_index.matching.calibration import MILLION, Calibration

# As much as tells how good the faces of the index are.
_SAMPLE = 20_000
# What a slider offers: false matches per million, each a third more than the one before.
LOWEST, HIGHEST, STEPS = 1.0, 1_000.0, 25
# Of a register nobody has indexed photos for yet.
_USUAL_FACES = 3.0


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What a review threshold costs and gives.

    Attributes:
        review_per_million: the threshold, false matches per million comparisons of strangers.
        flagged: photos of strangers in a hundred that somebody must look at.
        missed: photos of revoked people in a hundred that nobody is asked to look at, if they are
            as good as those the calibration was measured on; None where it was not measured.
    """

    review_per_million: float
    flagged: float
    missed: float | None


@dataclass(frozen=True, slots=True)
class Workload:
    """The register and the photos, as far as they decide how much there is to look at.

    Attributes:
        people: by (a child or not, years since the nearest reference, number of references), how
            many of the register.
        times: by how many times as many strangers are let through for a face, the share of faces.
        faces: compared per photo.
    """

    people: Mapping[tuple[bool, float, int], int]
    times: Mapping[float, float]
    faces: float
    matching: Matching
    calibration: Calibration

    @property
    def count(self) -> int:
        """How many people are looked for by their faces."""
        return sum(self.people.values())

    def at(self, review_per_million: float, grown: float = 1.0) -> OperatingPoint:
        """Return what a threshold would cost and give, with `grown` times as many people."""
        matching = replace(self.matching, review_per_million=review_per_million)
        expected = sum(
            count * share * matching.review_for(minor=minor, years=years, times=times)
            for (minor, years, _), count in self.people.items()
            for times, share in self.times.items()
        )
        expected *= grown * self.faces / MILLION
        return OperatingPoint(
            review_per_million,
            100 * (1 - math.exp(-expected)),
            self._missed(review_per_million),
        )

    def today(self) -> OperatingPoint:
        """Return what the policy's threshold costs and gives."""
        return self.at(self.matching.review_per_million)

    def choices(self) -> list[OperatingPoint]:
        """Return what could be chosen, the policy's threshold among them; each flags more."""
        offered = {float(f"{rate:.2g}") for rate in np.geomspace(LOWEST, HIGHEST, STEPS)}
        today = self.today()
        # Two figures are shown; beyond the widest band, another threshold would change nothing.
        different = {f"{point.flagged:.2g}": point for point in map(self.at, sorted(offered))}
        different[f"{today.flagged:.2g}"] = today
        return sorted(different.values(), key=lambda point: point.review_per_million)

    def _missed(self, review_per_million: float) -> float | None:
        if not self.people:
            return None
        score = self.calibration.score_at(review_per_million)
        shares = [
            (count, self.calibration.missed_at(score, references))
            for (_, _, references), count in self.people.items()
        ]
        known = [(count, share) for count, share in shares if share is not None]
        if len(known) < len(shares):
            return None
        return 100 * sum(count * share for count, share in known) / self.count


def workload(services: Services) -> Workload:
    """Read the register and the photos of today."""
    today = services.today()
    calibration = services.calibration
    with services.reading() as unit:
        cases = [case for case in unit.register.revocations() if case.state(today) in IN_FORCE]
        templates = [
            template
            for template in unit.register.templates()
            if calibration.scales.keys() <= template.encodings.keys()
        ]
        references = Counter(template.revocation_id for template in templates)
        people = Counter(
            (on.minor, round(on.years_from(None), 1), references[owner])
            for owner, on in pictured(services, unit, cases, templates).items()
        )
        counts = unit.photos.counts()
        qualities = unit.photos.qualities(_SAMPLE)
    times = Counter(strangers_let_through(quality) for quality in qualities) or Counter({1.0: 1})
    return Workload(
        people,
        {multiple: count / times.total() for multiple, count in times.items()},
        counts["faces"] / counts["photos"] if counts["photos"] else _USUAL_FACES,
        services.policy.matching,
        calibration,
    )


def in_words(point: OperatingPoint, tolerable: float) -> str:
    """Say what a threshold costs and gives, and whether it has become too much."""
    flagged = f"about {point.flagged:.2g} of 100 photos of strangers are flagged"
    missed = (
        "how many photos of people who revoked are missed was not measured"
        if point.missed is None
        else f"about {point.missed:.2g} of 100 good photos of people who revoked are missed"
    )
    said = f"{flagged[0].upper()}{flagged[1:]}; {missed}."
    if point.flagged > tolerable:
        said += (
            f" That is more than the {tolerable:g} that the policy calls tolerable: the register "
            "has grown, and looking takes longer. Nobody is missed by that."
        )
    return said
