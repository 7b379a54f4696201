"""What would make the reference pictures of a person better: advice to the desk, never a condition.

Several references are what helps most against misses, and the cheapest to get while the person
stands there. A revocation is recorded with poor pictures, and with none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from consent.domain.intake import ReferenceFace
from consent.matching.gallery import face_scores
from consent.services import Services
from media_index.types import FaceQuality

# All of 2026-11. Degrees of `FaceQuality.yaw`, a rough figure. Multi-PIE (Gross et al., 2010) took
# faces every 15 degrees; the one beside the frontal view is what "a little" means.
FRONT_YAW = 15.0
# Up to here measured: docs/model-card.md, "Which reference pictures help". Beyond, too few photos.
MOST_YAW = 45.0
# px of the shorter side: below, the detail that SFace's 112 px crop could show is not there.
LEAST_PX = 80.0
# Variance of the Laplacian; down to here measured, and nothing is lost.
LEAST_SHARPNESS = 50.0
# Mean grey of the middle of the face: outside, the detail drowns in black or white. Generous, for a
# dark face in good light must not be called too dark.
DARKEST, LIGHTEST = 40.0, 220.0
ENOUGH = 3
# Years after which a grown-up's reference is an old one. Best-Rowden and Jain, "Longitudinal Study
# of Automatic Face Recognition" (2018): 99 % of people are still recognized after six years.
OLD_YEARS = 6


class View(StrEnum):
    """From where a face is seen; left and right are the person's own."""

    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"


class Flaw(StrEnum):
    """What is wrong with a reference picture."""

    NOT_COMPARED = "not_compared"
    SMALL = "small"
    BLURRED = "blurred"
    DARK = "dark"
    LIGHT = "light"
    TURNED = "turned"
    ANOTHER = "another"
    SEVERAL = "several"


ASK: dict[View, str] = {
    View.FRONT: "Ask them to look straight into the camera.",
    View.LEFT: "Ask them to turn a little to their left.",
    View.RIGHT: "Ask them to turn a little to their right.",
}
_SAY: dict[Flaw, str] = {
    Flaw.NOT_COMPARED: "the program cannot compare this face",
    Flaw.SMALL: "the face is small, take one from closer",
    Flaw.BLURRED: "it is blurred, ask them to hold still",
    Flaw.DARK: "it is too dark, turn them towards the light",
    Flaw.LIGHT: "it is too light, turn them away from the lamp or the window",
    Flaw.TURNED: "they are turned too far away",
    Flaw.ANOTHER: "this face is not like the others, so it may be another person: look again",
    Flaw.SEVERAL: "several people are in it, check that the right face was taken",
}
# A picture that shows several people is as good as any once the face is the right one.
_ONLY_A_WARNING = frozenset({Flaw.SEVERAL})


@dataclass(frozen=True, slots=True)
class Shot:
    """One reference, as far as advice needs it.

    Attributes:
        name: of the picture, for the sentence.
        compared: whether the encoders could encode it.
        light: mean grey of the face, 0 to 255; None if the pixels are not at hand.
        unsure: several faces are in the picture, and nobody said which is meant.
        alike: whether it matches at least one other reference; None if there is none.
    """

    name: str
    quality: FaceQuality
    compared: bool = True
    light: float | None = None
    unsure: bool = False
    alike: bool | None = None


@dataclass(frozen=True, slots=True)
class Poor:
    """A reference that could be better, and why."""

    name: str
    flaws: tuple[Flaw, ...]

    @property
    def reasons(self) -> str:
        """What is wrong and what to do, a part of a sentence."""
        return "; ".join(_SAY[flaw] for flaw in self.flaws)

    @property
    def sentence(self) -> str:
        """Say of which picture what is wrong."""
        return f"{self.name}: {self.reasons}."


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How good the references are together.

    Attributes:
        count: references given.
        good: those without a flaw.
        views: seen in the good ones.
        missing: the other views; none once there are enough good ones and one is frontal.
        poor: references that could be better.
    """

    count: int
    good: int
    views: frozenset[View]
    missing: tuple[View, ...]
    poor: tuple[Poor, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing more would help much."""
        return not self.missing

    @property
    def more(self) -> tuple[View, ...]:
        """The views to ask for: of those that are missing, as many as pictures are needed."""
        return self.missing[: max(1, ENOUGH - self.good)]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say what would help, the most important first; a single sentence if nothing would."""
        said = [poor.sentence for poor in self.poor]
        if self.complete:
            said.append("This is enough: pictures from several sides find the most photos.")
        elif not self.count:
            said.append(
                "No photo of the person yet. Three help most: one from the front and one turned a "
                "little to each side. Photos are not required, and can be added later."
            )
        else:
            said.append(
                f"{self.good} of {ENOUGH} good pictures so far. If the person can wait a moment, "
                f"take {len(self.more)} more."
            )
            said += [ASK[view] for view in self.more]
        return tuple(said)

    def to_dict(self) -> dict[str, object]:
        """Return it as data for JSON."""
        return {
            "references": self.count,
            "good": self.good,
            "enough": self.complete,
            "views": [view.value for view in View if view in self.views],
            "missing": [view.value for view in self.missing],
            "poor": [
                {"name": poor.name, "flaws": [flaw.value for flaw in poor.flaws]}
                for poor in self.poor
            ],
            "sentences": list(self.sentences),
        }


def advise(shots: Sequence[Shot]) -> Enrolment:
    """Say what is there of the references so far, what is missing and what is poor."""
    flaws = [tuple(_flaws(shot)) for shot in shots]
    good = [shot for shot, of in zip(shots, flaws, strict=True) if _ONLY_A_WARNING.issuperset(of)]
    views = frozenset(view_of(shot.quality) for shot in good)
    enough = len(good) >= ENOUGH and View.FRONT in views
    return Enrolment(
        count=len(shots),
        good=len(good),
        views=views,
        missing=() if enough else tuple(view for view in View if view not in views),
        poor=tuple(Poor(shot.name, of) for shot, of in zip(shots, flaws, strict=True) if of),
    )


def view_of(quality: FaceQuality) -> View:
    """Return the view of a face that is not turned too far."""
    if abs(quality.yaw) <= FRONT_YAW:
        return View.FRONT
    return View.LEFT if quality.yaw > 0 else View.RIGHT


def _flaws(shot: Shot) -> Iterator[Flaw]:
    quality = shot.quality
    if not shot.compared:
        yield Flaw.NOT_COMPARED
    if quality.size_px < LEAST_PX:
        yield Flaw.SMALL
    if quality.sharpness < LEAST_SHARPNESS:
        yield Flaw.BLURRED
    if shot.light is not None and shot.light < DARKEST:
        yield Flaw.DARK
    if shot.light is not None and shot.light > LIGHTEST:
        yield Flaw.LIGHT
    if abs(quality.yaw) > MOST_YAW:
        yield Flaw.TURNED
    if shot.alike is False:
        yield Flaw.ANOTHER
    if shot.unsure:
        yield Flaw.SEVERAL


def enrolment_of(
    services: Services, faces: Sequence[ReferenceFace], names: Sequence[str]
) -> Enrolment:
    """Look at the reference faces of one person, each with its picture's name for the sentences."""
    alike = _alike(services, faces)
    return advise(
        [
            Shot(
                name=name,
                quality=found.face.quality,
                compared=bool(found.face.encodings),
                light=found.light,
                unsure=found.others > 0 and not found.chosen,
                alike=same,
            )
            for name, found, same in zip(names, faces, alike, strict=True)
        ]
    )


def _alike(services: Services, faces: Sequence[ReferenceFace]) -> list[bool | None]:
    """Say of each face whether it matches another one; None where there is none to compare."""
    calibration = services.calibration
    indices = [index for index, found in enumerate(faces) if found.face.encodings]
    encoded = [faces[index].face for index in indices]
    said: list[bool | None] = [None] * len(faces)
    if len(indices) > 1:
        matches = face_scores(calibration, encoded, encoded) >= calibration.score_at(
            services.policy.matching.review_per_million
        )
        for row, index in enumerate(indices):
            said[index] = bool(matches[row].sum() > matches[row, row])
    return said


def what_helps(count: int, newest: date | None, today: date, old_years: float = OLD_YEARS) -> str:
    """Say in one line what would help a case: more references, or newer ones; nothing if neither.

    A reference is old after `old_years`; a child's is so sooner.
    """
    if newest is None or not count:
        return ""
    said = f"{count} photos of the person, the newest from {newest.year}"
    if count == 1:
        said = f"One photo of the person, from {newest.year}"
    old = (today - newest).days > old_years * 365.25
    if count < ENOUGH:
        more = ("one", "two")[ENOUGH - count - 1]
        newer = ", as they look today" if old else ""
        return f"{said}: ask for {more} more{newer}."
    return f"{said}: ask for one as they look today." if old else ""
