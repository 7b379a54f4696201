"""What is asked back before a revocation is saved, so that nothing is saved twice by accident."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from consent.errors import ConflictError
from consent.matching.gallery import Gallery

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consent.desk.intake import NewRevocation
    from consent.desk.references import ReferenceFace
    from consent.services import Services
    from consent.store import UnitOfWork


class QuestionKind(StrEnum):
    """What may be wrong."""

    SAME_WRITING = "same_writing"
    SAME_PERSON_AND_DAY = "same_person_and_day"
    LOOKS_LIKE_ANOTHER = "looks_like_another"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be confirmed."""

    kind: QuestionKind
    sentence: str


class UnansweredError(ConflictError):
    """There are questions, and nobody has answered them.

    Attributes:
        questions: what to ask.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        """Join the questions to a sentence."""
        text = " ".join(question.sentence for question in questions)
        super().__init__(f"Not recorded yet. {text} Confirm to record it all the same.")
        self.questions = tuple(questions)


def questions_about(
    services: Services,
    unit: UnitOfWork,
    new: NewRevocation,
    faces: Sequence[ReferenceFace],
) -> list[Question]:
    """Return what should be asked before a revocation is saved.

    Args:
        services: thresholds.
        unit: open.
        new: as taken at the desk.
        faces: its reference faces.
    """
    return [*_repeats(unit, new), *_look_alikes(services, unit, faces)]


def _repeats(unit: UnitOfWork, new: NewRevocation) -> Iterator[Question]:
    for file in new.evidence:
        digest = hashlib.sha256(file.content).hexdigest()
        if numbers := unit.register.cases_of_evidence(digest):
            yield Question(
                QuestionKind.SAME_WRITING,
                f"The file {file.name} is the writing of {_labels(numbers)} already.",
            )
    if numbers := unit.register.cases_received(new.name, new.received_on):
        yield Question(
            QuestionKind.SAME_PERSON_AND_DAY,
            f"A revocation of the same person, received on {new.received_on}, is there already: "
            f"{_labels(numbers)}.",
        )


def _look_alikes(
    services: Services,
    unit: UnitOfWork,
    faces: Sequence[ReferenceFace],
) -> Iterator[Question]:
    if not faces:
        return
    gallery = Gallery(
        unit.register.templates(),
        services.calibration,
        services.policy.matching,
    )
    owners, scores = gallery.compare([found.face for found in faces])
    numbers = {case.id: case.number for case in unit.register.revocations()} if owners else {}
    for column, owner in enumerate(owners):
        if scores[:, column].max() >= gallery.block:
            yield Question(
                QuestionKind.LOOKS_LIKE_ANOTHER,
                f"The reference photo looks like the person of {_labels([numbers[owner]])}: is "
                "it the same person, or the wrong face?",
            )


def _labels(numbers: Sequence[int]) -> str:
    return ", ".join(f"R-{number:04d}" for number in numbers)
