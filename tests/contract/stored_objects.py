"""What the tables hold: every dataclass, how one is made with every field set, and its door."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import EnumType
from importlib import import_module
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
from hypothesis import strategies as st

import consent.storage
import media_index.storage
from consent.domain.access import Account, Session
from consent.domain.actors import Actor, Role
from consent.domain.calibration import CalibrationChange
from consent.domain.cases import CaseEvent, Person, Revocation, Template
from consent.domain.channels import Channel, ChannelKind, Use
from consent.domain.copies import MadeCopy
from consent.domain.decisions import (
    ConsentCorrection,
    FaceDecision,
    FaceLook,
    Override,
    OverrideStep,
    PersonDecision,
    VerbalConsent,
)
from consent.domain.events import Event
from consent.domain.faces import FacesChange
from consent.domain.jobs import Job
from consent.domain.log import Action, Entry
from consent.domain.named import NamedPhoto
from consent.domain.print import Audit, PieceStep, PlacedPhoto, PrintPiece
from consent.domain.publications import (
    GivenClearance,
    Publication,
    PublicationUndone,
    ScheduledPost,
    SourceCheck,
)
from consent.domain.references import ReferenceTrial
from consent.domain.retention import Disposal, DisposalEvent, LegalHold
from consent.domain.review import CaseSearch, Pair, ReviewState
from consent.domain.takedowns import Appeal, AppealStep, Takedown, TakedownEvent
from consent.domain.terms import Submission
from consent.domain.verdicts import Clearance, Decision, Verdict
from consent.storage.decisions import _CLEARANCES, Check, ClearanceRow
from consent.storage.unit_of_work import UnitOfWork
from media_index.storage.columns import Columns
from media_index.types import (
    Face,
    FaceQuality,
    FileStamp,
    Fingerprint,
    LocalFeatures,
    Named,
    PerceptualHashes,
    Problem,
)
from tests.contract.photo_cases import NOW, fingerprint
from tests.contract.photo_cases import problem as unreadable

ANN = Actor("ann", Role.DESK)
DAY = date(2026, 6, 1)
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
PRINT = Channel("newsletter", "Newsletter", ChannelKind.PRINT)

# Fields that come back otherwise, and why.
NOT_KEPT: dict[type, dict[str, object]] = {
    # A copy is known again by comparing it.
    PersonDecision: {"carried_from": None},
    FaceDecision: {"carried_from": None},
    # It passes, or not, when the file is looked at again.
    Problem: {"may_pass": False},
    # A file; see consent.storage.thumbnails.
    Fingerprint: {"thumbnail": b""},
    # Said by the clock when it is read.
    Revocation: {"none_ends_after": None},
}


def every_columns() -> list[Columns[Any, Any]]:
    """Return each pairing of a dataclass and a table that the stores have."""
    modules = [
        import_module(f"{package.__name__}.{module.name}")
        for package in (consent.storage, media_index.storage)
        for module in pkgutil.iter_modules(package.__path__)
        if module.name != "migrations"
    ]
    found = [value for module in modules for value in vars(module).values()]
    return [value for value in found if isinstance(value, Columns)]


# -- values --------------------------------------------------------------------------------------


class AVector:
    """Stands for a vector in annotations."""


# PostgreSQL takes no NUL, and no more than 16 characters for some words.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=16)
NUMBERS = st.integers(-(2**31), 2**31 - 1)
IN_JSON = st.one_of(TEXT, NUMBERS, st.lists(TEXT, max_size=2))
VECTORS = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=4)
PLAIN: dict[object, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: NUMBERS,
    float: st.floats(allow_nan=False, allow_infinity=False),
    bytes: st.binary(max_size=40),
    date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    datetime: st.integers(-(10**15), 4 * 10**15).map(lambda after: EPOCH + after * MICROSECOND),
    Any: IN_JSON,
    object: IN_JSON,
    Named: TEXT.map(lambda name: Path("/photos") / name),
    # Its reasons are kept as plain data, to be read by people.
    Decision: st.sampled_from(list(Verdict)).map(Decision),
    AVector: VECTORS.map(lambda values: np.array(values, np.float32)),
    LocalFeatures: VECTORS.map(
        lambda values: LocalFeatures(
            np.array([[value, 7] for value in values], np.float32),
            np.full((len(values), 128), 200, np.uint8),
        )
    ),
}


def made(kind: Any, *, whole: bool) -> st.SearchStrategy[Any]:
    """Make values of a type; `whole` sets every field, and none to its default."""
    parts, origin, least = get_args(kind), get_origin(kind), int(whole)
    each = [made(part, whole=whole) for part in parts if part not in {NoneType, ...}]
    if kind in PLAIN:
        found = PLAIN[kind]
    elif is_dataclass(kind):
        found = _dataclass(kind, whole=whole)
    elif isinstance(kind, EnumType):
        found = st.sampled_from(list(kind))
    elif isinstance(kind, UnionType):
        found = st.one_of(each if whole else [st.none(), *each])
    elif origin is Mapping:
        found = st.dictionaries(*each, min_size=least, max_size=2)
    elif origin is frozenset:
        found = st.frozensets(*each, min_size=least, max_size=3)
    elif parts[-1] is ... or origin is Sequence:
        found = st.lists(*each, min_size=least, max_size=2).map(tuple)
    else:
        assert origin is tuple, f"say how a {kind} is made"
        found = st.tuples(*each)
    return found


def _dataclass(kind: Any, *, whole: bool) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind, localns={"Vector": AVector})
    values = {}
    for field in fields(kind):
        if not field.metadata.get("stored", True):
            continue
        of_field = made(hints[field.name], whole=whole)
        if whole and field.default is not MISSING:
            of_field = of_field.filter(lambda value, default=field.default: value != default)
        values[field.name] = of_field
    return st.builds(kind, **values).map(FITTED.get(kind, lambda value: value))


def _case_with_its_steps(case: Revocation) -> Revocation:
    return replace(case, history=tuple(replace(one, revocation_id=case.id) for one in case.history))


def _photo_with_its_faces(photo: Fingerprint) -> Fingerprint:
    faces = tuple(replace(face, index=index) for index, face in enumerate(photo.faces))
    return replace(photo, faces=faces)


# What holds between the fields of some.
FITTED: dict[type, Callable[[Any], object]] = {
    Revocation: _case_with_its_steps,
    # The files of a letter are in the vault; the terms name them.
    Submission: lambda letter: replace(letter, evidence=()),
    Fingerprint: _photo_with_its_faces,
}


def plain(value: Any) -> Any:
    """Return a value that can be compared, whatever vectors are in it."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.tolist()
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, tuple | list) else value


# -- doors ---------------------------------------------------------------------------------------

# Each puts an object into its store and returns what comes back.
Door = Callable[[UnitOfWork, Any], object]
DOORS: dict[type, Door] = {}


def door(function: Door) -> Door:
    DOORS[get_type_hints(function)["given"]] = function
    return function


@door
def case(unit: UnitOfWork, given: Revocation) -> object:
    unit.register.add_person(given.person, NOW, ANN)
    unit.register.open_case(given.id, given.number, given.person.id, NOW)
    for step in given.history:
        unit.register.append(step)
    found = unit.register.by_number(given.number)
    assert unit.register.revocations() == [found]
    return found


@door
def person(unit: UnitOfWork, given: Person) -> object:
    return case(unit, Revocation("r", 7, given, ())).person


@door
def case_event(unit: UnitOfWork, given: CaseEvent) -> object:
    of = Revocation(given.revocation_id, 7, Person("p", "A. Reader"), (given,))
    return case(unit, of).history[0]


@door
def account(unit: UnitOfWork, given: Account) -> object:
    unit.access.put_account(given)
    (found,) = unit.access.accounts()
    assert unit.access.account(given.id) == found
    return found


@door
def session(unit: UnitOfWork, given: Session) -> object:
    unit.access.put_session(given)
    found = unit.access.session(given.id)
    assert unit.access.session_by_token(given.token) == found
    assert unit.access.sessions_of(given.account_id) == [found]
    return found


@door
def legal_hold(unit: UnitOfWork, given: LegalHold) -> object:
    unit.retention.add_hold(given)
    (found,) = unit.retention.holds()
    return found


@door
def disposal(unit: UnitOfWork, given: Disposal) -> object:
    steps = tuple(replace(step, disposal_id=given.id) for step in given.history)
    unit.retention.add_disposal(replace(given, history=steps))
    (found,) = unit.retention.disposals()
    assert found.history == steps
    return replace(found, history=given.history)


@door
def disposal_event(unit: UnitOfWork, given: DisposalEvent) -> object:
    day = NOW.date()
    of = Disposal(given.disposal_id, 7, "series", (), day, day, 0, (given,))
    unit.retention.add_disposal(of)
    (found,) = unit.retention.disposals()
    return found.history[0]


@door
def template(unit: UnitOfWork, given: Template) -> object:
    unit.register.add_template(given)
    (found,) = unit.register.templates(given.revocation_id)
    return found


@door
def sighting(unit: UnitOfWork, given: PersonDecision) -> object:
    unit.decisions.add_person_decision(given)
    (found,) = unit.decisions.person_decisions()
    return found


@door
def pair(unit: UnitOfWork, given: Pair) -> object:
    unit.review.put([given])
    (found,) = unit.review.pairs(with_settled=True)
    assert unit.review.pairs() == ([] if given.settled else [found])
    return found


@door
def reference_trial(unit: UnitOfWork, given: ReferenceTrial) -> object:
    unit.references.add(given)
    return unit.references.last()[given.template_id]


@door
def review_state(unit: UnitOfWork, given: ReviewState) -> object:
    unit.review.put_state(given)
    return unit.review.state()


@door
def case_search(unit: UnitOfWork, given: CaseSearch) -> object:
    unit.review.put_searches([given])
    return unit.review.searches()[given.revocation_id]


@door
def consent_correction(unit: UnitOfWork, given: ConsentCorrection) -> object:
    unit.decisions.take_back_consent(given)
    (found,) = unit.decisions.consent_corrections()
    return found


@door
def look(unit: UnitOfWork, given: FaceLook) -> object:
    unit.decisions.add_look(given)
    (found,) = unit.decisions.looks()
    return found


@door
def face_decision(unit: UnitOfWork, given: FaceDecision) -> object:
    unit.decisions.add_face_decision(given)
    (found,) = unit.decisions.face_decisions()
    return found


@door
def consent_by_word(unit: UnitOfWork, given: VerbalConsent) -> object:
    unit.decisions.add_consent(given, NOW)
    (found,) = unit.decisions.consents()
    return found


@door
def override(unit: UnitOfWork, given: Override) -> object:
    unit.decisions.add_override(given)
    if given.second is not None:
        unit.decisions.add_override_step(given.id, OverrideStep.SECONDED, NOW, given.second)
    if given.withdrawn:
        unit.decisions.add_override_step(given.id, OverrideStep.WITHDRAWN, NOW, ANN, "a slip")
    (found,) = unit.decisions.overrides()
    return found


@door
def second(unit: UnitOfWork, given: Actor) -> object:
    unit.decisions.add_override(Override("o", "", "", None, frozenset(), "", DAY, ANN, NOW))
    unit.decisions.add_override_step("o", OverrideStep.SECONDED, NOW, given)
    return unit.decisions.overrides()[0].second


def _given(unit: UnitOfWork, clearance: Clearance) -> GivenClearance:
    unit.decisions.add_clearances([clearance], lambda _: [])
    (found,) = unit.publications.clearances([clearance.sha256 or ""], clearance.use).values()
    return found


@door
def clearance(unit: UnitOfWork, given: Clearance) -> object:
    """A clearance is kept as it was given; the program reads less of it."""
    unit.decisions.add_clearances([given], lambda _: [])
    row = unit._session.execute(_CLEARANCES.select(ClearanceRow.verdict)).one()
    decision = replace(given.decision, verdict=Verdict(row.verdict))
    return _CLEARANCES.read(row, use=given.use, decision=decision, faces=given.faces)


@door
def given_clearance(unit: UnitOfWork, given: GivenClearance) -> object:
    versions = given.register_version, given.policy_version
    decision = Decision(given.verdict)
    return _given(unit, Clearance("", "a", Use(PRINT), decision, (), *versions, given.at, ANN))


@door
def check(unit: UnitOfWork, given: Check) -> object:
    use = Use(Channel(given.channel, "", ChannelKind.PRINT), given.issue)
    decision = Decision(given.verdict)
    _given(unit, Clearance("", given.photo_sha256, use, decision, (), 1, "1", given.at, ANN))
    (found,) = unit.decisions.checked_since(given.at)
    return found


@door
def publication(unit: UnitOfWork, given: Publication) -> object:
    unit.publications.add(given, NOW)
    (found,) = unit.publications.all(planned=True)
    return found


@door
def publication_undone(unit: UnitOfWork, given: PublicationUndone) -> object:
    unit.publications.undo(given)
    (found,) = unit.publications.undone()
    return found


@door
def made_copy(unit: UnitOfWork, given: MadeCopy) -> object:
    unit.copies.add([given])
    (found,) = unit.copies.named([given.sha256])
    return found


@door
def named_photo(unit: UnitOfWork, given: NamedPhoto) -> object:
    unit.named.put({given.photo_sha256: [given]})
    (found,) = unit.named.all()
    return found


@door
def source_check(unit: UnitOfWork, given: SourceCheck) -> object:
    unit.publications.add_source_check(given, NOW)
    return unit.publications.source_checks()[given.publication_id]


@door
def post(unit: UnitOfWork, given: ScheduledPost) -> object:
    unit.publications.add_scheduled(given, NOW)
    if given.step is not None:
        unit.publications.add_scheduled_step(given.id, given.step, ANN, NOW)
    (found,) = unit.publications.scheduled()
    return found


@door
def takedown(unit: UnitOfWork, given: Takedown) -> object:
    unit.takedowns.open(given)
    (found,) = unit.takedowns.all()
    return found


@door
def takedown_event(unit: UnitOfWork, given: TakedownEvent) -> object:
    unit.takedowns.open(Takedown("t", 7, "p", "r", DAY, safety=False, history=()))
    unit.takedowns.append("t", given)
    return unit.takedowns.all()[0].history[0]


@door
def appeal(unit: UnitOfWork, given: Appeal) -> object:
    unit.takedowns.add_appeal(given, NOW)
    for step in given.steps:
        unit.takedowns.add_appeal_step(given.id, step, NOW)
    (found,) = unit.takedowns.appeals()
    return found


@door
def appeal_step(unit: UnitOfWork, given: AppealStep) -> object:
    return appeal(unit, Appeal("a", 7, "", "", "", None, DAY, DAY, steps=(given,))).steps[0]


@door
def piece(unit: UnitOfWork, given: PrintPiece) -> object:
    unit.pieces.add(given, NOW)
    (found,) = unit.pieces.all()
    return found


@door
def piece_step(unit: UnitOfWork, given: PieceStep) -> object:
    return piece(unit, PrintPiece("p", 7, "", "", "", None, None, "", (given,))).history[0]


@door
def placed(unit: UnitOfWork, given: PlacedPhoto) -> object:
    unit.pieces.place("p", "spring.pdf", [given], NOW, ANN, replaces=True)
    (found,) = unit.pieces.placed("p")
    return found


@door
def audit(unit: UnitOfWork, given: Audit) -> object:
    unit.pieces.add_audit("p", given)
    ((piece_id, found),) = unit.pieces.audits("p")
    assert piece_id == "p"
    return found


@door
def calibration_change(unit: UnitOfWork, given: CalibrationChange) -> object:
    unit.calibrations.append(given)
    (found,) = unit.calibrations.all()
    return found


@door
def faces_change(unit: UnitOfWork, given: FacesChange) -> object:
    unit.faces.append(given)
    (found,) = unit.faces.all()
    return found


@door
def job(unit: UnitOfWork, given: Job) -> object:
    unit.jobs.put(replace(given, message="", result={"of": "before"}))
    unit.jobs.put(given)
    return unit.jobs.get(given.id)


@door
def entry(unit: UnitOfWork, given: Entry) -> object:
    """The log counts and chains by itself, and knows its actions and roles."""
    by = Actor(given.actor_id, Role.RECORDS)
    unit.audit.append(Action.SWEEP_RUN, given.subject, by, given.at, given.details)
    (found,) = unit.audit.entries()
    assert [found] == unit.audit.entries_of([given.subject])
    own = {"subject", "actor_id", "at", "details"}
    return replace(given, **{name: getattr(found, name) for name in own})


@door
def event(unit: UnitOfWork, given: Event) -> object:
    unit.events.add(given, NOW)
    (found,) = unit.events.all()
    return found


@door
def problem(unit: UnitOfWork, given: Problem) -> object:
    unit.photos.put_problem(given, FileStamp(1, 2), NOW)
    (found,) = unit.photos.problems()
    return found


@door
def stamp(unit: UnitOfWork, given: FileStamp) -> object:
    unit.photos.put_problem(unreadable("/photos/1.jpg"), given, NOW)
    unit.photos.put_place("/photos/2.jpg", "a", given, None, NOW)
    of_problem, *_ = unit.photos.problem_stamps(["/photos/1.jpg"])["/photos/1.jpg"]
    of_place, _ = unit.photos.stamps(["/photos/2.jpg"])["/photos/2.jpg"]
    assert of_problem == of_place
    return of_place


@door
def photo(unit: UnitOfWork, given: Fingerprint) -> object:
    unit.photos.add([given], NOW)
    assert unit.photos.hashes() == [(given.sha256, given.hashes, given.trimmed_hashes)]
    return unit.photos.with_features([given.sha256])[given.sha256]


@door
def hashes(unit: UnitOfWork, given: PerceptualHashes) -> object:
    found = photo(unit, replace(fingerprint(1), hashes=given, trimmed_hashes=given))
    assert found.hashes == found.trimmed_hashes
    return found.hashes


@door
def face(unit: UnitOfWork, given: Face) -> object:
    (found,) = photo(unit, replace(fingerprint(1), faces=(given,))).faces
    if given.encodings:
        (block,) = unit.photos.face_blocks(list(given.encodings))
        assert plain(block.faces) == plain([found])
    return found


@door
def quality(unit: UnitOfWork, given: FaceQuality) -> object:
    (one,) = fingerprint(1, faces=1).faces
    photo(unit, replace(fingerprint(2), faces=(replace(one, quality=given),)))
    return unit.photos.qualities(9)[0]
