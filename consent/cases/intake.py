"""A revocation as it is taken at the desk, and what is refused at once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from consent.cases.photo_advice import Flaw, enrolment_of
from consent.domain.cases import Revocation, State
from consent.domain.channels import ChannelKind
from consent.domain.errors import BadInputError, ConflictError, NotRecordedError
from consent.domain.fields import FIELDS, Part
from consent.domain.intake import EvidenceFile, ReferenceFace
from consent.domain.names import Likeness, names_several, same_name, surely_same_name
from consent.domain.terms import Locator, NewRevocation, Scope, Submission
from consent.domain.typed_texts import NOTE, PLACE, unfit
from consent.domain.wording import long_day
from consent.matching.gallery import Gallery
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.images.openable import why_not_opened

_OLDEST_MINOR = 18
# Years. 26 for 2026 comes out as 1926 of some spreadsheets.
_OLDEST_LETTER = 60
MAX_EVIDENCE_BYTES = 50 * 1024 * 1024
LAST_DAY_OF_NONE = (
    "the agreement to a saved face measurement has a last day, but nobody says that it was given: "
    "say so, or leave the day out"
)


def validate(services: Services, new: NewRevocation) -> None:
    """Refuse what is missing or contradicts itself.

    Raises:
        NotRecordedError: names everything at once.
    """
    if problems := [*what_is_wrong(services, new), *_of_the_writing(new)]:
        raise NotRecordedError(problems)


def what_is_wrong(services: Services, new: NewRevocation) -> Iterator[str]:
    """Yield what is missing or contradicts itself, but for the files of the writing."""
    yield from _of_the_person(new)
    yield from _of_the_time(services, new)
    yield from _of_the_texts(new)


def _of_the_person(new: NewRevocation) -> Iterator[str]:
    if not new.name.strip():
        yield "the name of the person is missing"
    elif not any(letter.isalpha() for letter in new.name):
        yield "the name of the person has no letters"
    if new.minor and not new.guardian.strip():
        yield "a minor needs the guardian who signed"
    if new.birth_year is not None and not new.minor:
        yield "a birth year is kept for minors only"
    if new.keep_face_until is not None and not new.keep_face:
        yield LAST_DAY_OF_NONE


def _of_the_time(services: Services, new: NewRevocation) -> Iterator[str]:
    received_on = new.submission.on
    if received_on > services.today():
        yield (
            f"it cannot have been received on {long_day(received_on)}: the date can't be in the "
            "future"
        )
    elif services.today().year - received_on.year > _OLDEST_LETTER:
        yield f"{long_day(received_on)} is too long ago: correct the year"
    # By the day of the writing: the paper register of the last years is entered too.
    year = received_on.year
    if new.birth_year is not None and not year - _OLDEST_MINOR <= new.birth_year <= year:
        yield f"nobody born in {new.birth_year} was a minor then: correct the year, or leave it out"
    if new.until is not None and new.until < new.begins_on:
        yield "it would end before it begins"


def _of_the_writing(new: NewRevocation) -> Iterator[str]:
    letter = new.submission
    if not letter.evidence and not new.note.strip() and not letter.original_at.strip():
        yield "the signed request is missing: upload it, or say where the paper original is kept"
    yield from unusable(letter.evidence)


def unusable(files: Iterable[EvidenceFile]) -> Iterator[str]:
    """Yield what is wrong with each file of a letter that nobody could read later."""
    for file in files:
        if not file.content:
            yield f"the file {file.name} is empty"
        elif len(file.content) > MAX_EVIDENCE_BYTES:
            yield f"the file {file.name} is larger than 50 MiB"
        elif (why := why_not_opened(file.content, file.name)) is not None:
            yield f"the file {file.name} {why}"


def _of_the_texts(new: NewRevocation) -> Iterator[str]:
    # The name of who asked is that of the person or the guardian, unless somebody else did.
    named_already = new.asked_by.name.strip() in {new.name.strip(), new.guardian.strip()}
    yield from unfit(
        {
            field.called: (field.given(new), field.most)
            for field in FIELDS
            if field.most and not (field.name == "requester" and named_already)
        }
    )
    yield from unfit_hints(new.locators)


def unfit_hints(hints: Iterable[Locator]) -> Iterator[str]:
    """Yield what is wrong with each text of hints for the eye."""
    for hint in hints:
        yield from unfit(
            {
                "the hint on clothing": (hint.clothing, PLACE),
                "the hint on companions": (hint.companions, PLACE),
                "the hint on the place in the photo": (hint.position, PLACE),
                "the address of a posted photo": (hint.url, NOTE),
            }
        )


def unfit_in(submission: Submission) -> Iterator[str]:
    """Yield what is wrong with each text of a letter that is too long or holds unseen signs."""
    return unfit(
        {
            field.called: (getattr(submission, field.attribute or field.name), field.most)
            for field in FIELDS
            if field.part is Part.SUBMISSION and field.most
        }
    )


def scope_from_text(services: Services, text: str) -> Scope:
    """Read a scope: all, online, print, press, or channels, separated by commas.

    Raises:
        BadInputError: it names neither a kind nor a channel of the policy.
    """
    scope = Scope(all_channels=False)
    for part in (part.strip().casefold() for part in text.split(",")):
        if part == "all":
            scope = replace(scope, all_channels=True)
        elif part in set(ChannelKind):
            scope = replace(scope, kinds=scope.kinds | {ChannelKind(part)})
        elif part:
            channel = services.policy.channel(part)
            scope = replace(scope, channels=scope.channels | {channel.id})
    if scope == Scope(all_channels=False):
        raise BadInputError(
            "The revocation covers nothing: choose all, online, print, press, or single channels."
        )
    return scope


_OWN_CASE = "Each person needs a separate case, even if one letter names several people."


class QuestionKind(StrEnum):
    """What may be wrong."""

    SAME_WRITING = "same_writing"
    SAME_PERSON_AND_DAY = "same_person_and_day"
    SAME_NAME = "same_name"
    LOOKS_LIKE_ANOTHER = "looks_like_another"
    SEVERAL_NAMES = "several_names"
    UNLIKE_FACES = "unlike_faces"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be confirmed.

    Attributes:
        label: of the case that it is about, such as R-0007; empty if of several.
        takes_letter: that case is a hold, and this may be the writing for it.
        same_person: whether it asks if that case's person is the same.
    """

    kind: QuestionKind
    sentence: str
    label: str = ""
    takes_letter: bool = False
    same_person: bool = False

    def is_answered(self, confirmed: Container[QuestionKind], same: Revocation | None) -> bool:
        """Say whether somebody confirmed its kind, or said that it is that case's person."""
        said = same is not None and self.same_person and self.label == same.label
        return said or self.kind in confirmed


class UnansweredError(ConflictError):
    """There are questions, and nobody has answered them."""

    def __init__(self, questions: Sequence[Question]) -> None:
        text = " ".join(question.sentence for question in questions)
        super().__init__(f"Not recorded yet. {text} Confirm to record it anyway.")
        self.questions = tuple(questions)
        answers = {"confirm": ""}
        for question in questions:
            if question.takes_letter:
                answers.setdefault("add_to_hold", question.label)
            elif question.same_person:
                answers.setdefault("same_person_as", question.label)
        self.answered_by = answers


def questions_about(
    services: Services,
    unit: UnitOfWork,
    new: NewRevocation,
    faces: Sequence[ReferenceFace],
    kept: Sequence[ReferenceFace],
) -> list[Question]:
    """Return what should be asked before a revocation with these reference faces is saved.

    Those that are `kept` are compared with the register's.
    """
    return [
        *_several_people(services, new, faces),
        *_same_writings(services, unit, new),
        *_same_names(services, unit, new),
        *_look_alikes(services, unit, kept),
    ]


def questions_about_name(name: str) -> Iterator[Question]:
    """Ask where a name seems to be that of two people: the case would end for both."""
    if names_several(name):
        yield Question(
            QuestionKind.SEVERAL_NAMES, f"This looks like more than one name. {_OWN_CASE}"
        )


def questions_about_added(
    services: Services,
    unit: UnitOfWork,
    case: Revocation,
    faces: Sequence[ReferenceFace],
    names: Sequence[str],
    *,
    kept: bool = True,
    without: str = "",
) -> list[Question]:
    """Return what should be asked before further faces are entered for a case.

    They are compared with one another, with the faces that the case has, and, if they are to be
    kept, with the register's.

    Args:
        unit: what is read.
        case: whose faces they are to be.
        faces: that are to be entered.
        names: of their photos, for the sentence.
        kept: whether they are kept as templates.
        without: id of a reference face that is to be erased.
    """
    calibration = services.calibration
    comparable = [
        (name, found.face)
        for name, found in zip(names, faces, strict=True)
        if calibration.scales.keys() <= found.face.encodings.keys()
    ]
    mine = [template for template in unit.register.templates(case.id) if template.id != without]
    gallery = Gallery(mine, calibration, services.policy.matching)
    if comparable and gallery.matrix.owners:
        _, scores = gallery.compare([face for _, face in comparable])
        alike = calibration.score_at(services.policy.matching.review_per_million)
        unlike = [
            name
            for (name, _), own in zip(comparable, scores.max(axis=1), strict=True)
            if own < alike
        ]
    else:
        unlike = _unlike_one_another(services, faces, names)
    found = [Question(QuestionKind.UNLIKE_FACES, _unlike_words(unlike))] if unlike else []
    who = unit.register.who_they_are()
    theirs = {other for other, person in who.items() if person == who.get(case.id)}
    return [*found, *_look_alikes(services, unit, faces if kept else (), theirs | {case.id})]


def require_answers(questions: Iterable[Question], confirmed: Container[QuestionKind]) -> None:
    """Refuse to go on while something that was asked back is not confirmed.

    Raises:
        UnansweredError: says what.
    """
    if unanswered := [asked for asked in questions if asked.kind not in confirmed]:
        raise UnansweredError(unanswered)


def _several_people(
    services: Services, new: NewRevocation, faces: Sequence[ReferenceFace]
) -> Iterator[Question]:
    """Ask where one case seems to be of two people: it would end, and be corrected, for both."""
    yield from questions_about_name(new.name)
    names = [reference.name for reference in new.references]
    if unlike := _unlike_one_another(services, faces, names):
        yield Question(QuestionKind.UNLIKE_FACES, _unlike_words(unlike))


def _unlike_one_another(
    services: Services, faces: Sequence[ReferenceFace], names: Sequence[str]
) -> list[str]:
    """Return the names of the photos whose face is like none of the others."""
    poor = enrolment_of(services, faces, names).poor
    return [picture.name for picture in poor if Flaw.ANOTHER in picture.flaws]


def _unlike_words(photos: Iterable[str]) -> str:
    named = [*dict.fromkeys(photos)]
    if len(named) == 1:
        said = f"The face in {named[0]} is not like the others: is it of the same person?"
    else:
        said = f"The faces in {', '.join(named)} are not like the others: are they of one person?"
    return f"{said} {_OWN_CASE}"


def _same_writings(services: Services, unit: UnitOfWork, new: NewRevocation) -> Iterator[Question]:
    for file in new.submission.evidence:
        numbers = unit.register.cases_of_evidence(services.vault.beginning_of(file.content))
        for number in numbers:
            if (case := unit.register.by_number(number)) is not None:
                state = case.state(services.today()).words.lower()
                yield Question(
                    QuestionKind.SAME_WRITING,
                    f"The file {file.name} is already the written request of {case.label} "
                    f"({state}).",
                    case.label,
                )


# Of the cases of a person of the same name, the order in which they are asked about.
_HOLDS = frozenset({State.HELD, State.LAPSED})
_ORDER = (State.HELD, State.LAPSED, State.ACTIVE, State.PENDING, State.ENDED, State.RESCINDED)


def _same_names(services: Services, unit: UnitOfWork, new: NewRevocation) -> Iterator[Question]:
    """Ask about each case of a person who may be called so, in whatever state, holds first."""
    found: list[tuple[State, Revocation]] = []
    today = services.today()
    for number, name in unit.register.names():
        if same_name(new.name, name) is Likeness.NONE:
            continue
        case = unit.register.by_number(number)
        if case is not None and (state := case.state(today)) is not State.MISTAKEN:
            found.append((state, case))
    for state, case in sorted(found, key=lambda pair: (_ORDER.index(pair[0]), -pair[1].number)):
        yield _about_namesake(new, case, state)


def _about_namesake(new: NewRevocation, case: Revocation, state: State) -> Question:
    said = state.words.lower()
    letter = new.submission
    if state in _HOLDS and letter.method.in_writing:
        is_hold = "is a hold" if state is State.HELD else f"({said}) was a hold"
        return Question(
            QuestionKind.SAME_NAME,
            f"{case.label} {is_hold} for a person with this name, made on "
            f"{long_day(case.submission.on)}. If this is the letter for it, add it to "
            f"{case.label}.",
            case.label,
            takes_letter=True,
            same_person=True,
        )
    if state in {State.RESCINDED, State.ENDED}:
        return Question(
            QuestionKind.SAME_NAME,
            f"{case.label} ({said}) was for a person with this name. It has ended, so this one "
            "starts new.",
            case.label,
            same_person=True,
        )
    days = {step.terms.submission.on for step in case.history if step.terms is not None}
    if letter.on in days and surely_same_name(new.name, case.person.name):
        return Question(
            QuestionKind.SAME_PERSON_AND_DAY,
            f"A revocation of the same person, received on {long_day(letter.on)}, is already in "
            f"the register: {case.label} ({said}).",
            case.label,
            same_person=True,
        )
    return Question(
        QuestionKind.SAME_NAME,
        f"{case.label} ({said}) is for a person with this name, received on "
        f"{long_day(case.submission.on)}: is it the same person?",
        case.label,
        same_person=True,
    )


def _look_alikes(
    services: Services,
    unit: UnitOfWork,
    faces: Sequence[ReferenceFace],
    but: Container[str] = (),
) -> Iterator[Question]:
    """Ask about each case whose reference faces one of these is surely like, but for some by id."""
    calibration = services.calibration
    encoded = [
        found.face for found in faces if calibration.scales.keys() <= found.face.encodings.keys()
    ]
    if not encoded:
        return
    gallery = Gallery(
        [template for template in unit.register.templates() if template.revocation_id not in but],
        calibration,
        services.policy.matching,
    )
    owners, scores = gallery.compare(encoded)
    numbers = {case.id: case.number for case in unit.register.revocations()} if owners else {}
    for column, owner in enumerate(owners):
        if scores[:, column].max() >= gallery.block:
            label = _labels([numbers[owner]])
            yield Question(
                QuestionKind.LOOKS_LIKE_ANOTHER,
                f"The photo of the person looks like the person in {label}. Did you pick the wrong "
                "face? Is it the same person, perhaps under another name? If it is someone else, "
                "or the cases should stay separate, confirm that it is right.",
                label,
                same_person=True,
            )


def _labels(numbers: Sequence[int]) -> str:
    return ", ".join(f"R-{number:04d}" for number in numbers)
