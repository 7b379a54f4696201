"""What the tests of the rules are told of: photos, people, wishes, decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Revocation
from consent.domain.channels import ChannelKind, Use
from consent.domain.decide import CasesInForce, decide
from consent.domain.decisions import DecisionState, PersonDecision, VerbalConsent
from consent.domain.events import Event
from consent.domain.policy import Policy, SameScene
from consent.domain.signals import Match
from consent.domain.terms import EVERYTHING, Method, Requester, Scope, Submission, Terms
from consent.domain.verdicts import (
    Decision,
    FaceInPhoto,
    PersonMatch,
    PhotoFacts,
    PhotoProblem,
    ReasonCode,
    Verdict,
)
from consent.matching.copies import NEAR_DUPLICATE
from consent.matching.gallery import FACE
from consent.matching.same_scene import SAME_SCENE
from consent.policy_file import load_policy
from consent.settings import ROOT
from media_index.types import Box, ProblemCode

TODAY = date(2026, 6, 15)
BEGAN = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
STAFF = Actor("ann", Role.DESK)
PHOTO, KNOWN, OTHER_PHOTO = "a" * 64, "b" * 64, "c" * 64
BOXES = [Box(100, 100, 200, 220), Box(400, 90, 500, 210), Box(700, 100, 790, 205)]
LEFT, RIGHT, THIRD = (
    FaceInPhoto(index, box, recognizable=True, comparable=True) for index, box in enumerate(BOXES)
)
TURNED_AWAY = replace(LEFT, comparable=False)
TINY = replace(THIRD, recognizable=False, comparable=False)
TALK = Event("talk", "Author talk", None, None, public_space=True)
SUPPORT = Event("support", "Grief circle", None, None, public_space=False)
SHIPPED = load_policy(ROOT / "data" / "policy.toml")
SCENES_ASK = replace(SHIPPED, same_scene=SameScene(20, asks=True))
INSTAGRAM, NEWSLETTER, PRESS = (
    Use(SHIPPED.channel(name)) for name in ("instagram", "newsletter", "press_release")
)
UNREADABLE = PhotoProblem(ProblemCode.UNREADABLE, "The photo is damaged.")
PICTURE = PhotoFacts(PHOTO, (LEFT, RIGHT), (TALK,), taken_on=date(2026, 5, 14))
ONLINE = frozenset({ChannelKind.ONLINE})
IN_PRINT = frozenset({ChannelKind.PRINT})


def terms(scope: Scope = EVERYTHING, since: date = BEGAN, until: date | None = None) -> Terms:
    receipt = Submission(since, Method.FORM, by="ann")
    return Terms(scope, receipt, Requester("Zebulon Quirk"), since, until)


def step(kind: CaseStep, on: date, of: Terms | None = None, lapses: date | None = None):
    return CaseEvent("", kind, NOON, STAFF, on, of, lapses)


def case(*history: CaseEvent, number: int = 1) -> Revocation:
    case_id = f"case-{number}"
    person = Person(f"person-{number}", "Zebulon Quirk")
    return Revocation(
        case_id, number, person, tuple(replace(one, revocation_id=case_id) for one in history)
    )


def revoked(
    scope: Scope = EVERYTHING, since: date = BEGAN, until: date | None = None, number: int = 1
) -> Revocation:
    return case(step(CaseStep.RECORDED, since, terms(scope, since, until)), number=number)


def on_hold(lapses: date = TODAY, scope: Scope = EVERYTHING) -> Revocation:
    return case(step(CaseStep.HOLD_PLACED, BEGAN, terms(scope), lapses))


def looks_like(
    face: FaceInPhoto = LEFT, *, surely: bool = True, of: str = "case-1", score: float = 9.0
) -> PersonMatch:
    match = Match(FACE, score, 8.0, "fused z-score", "m", face.index, face.box, 0.01)
    return PersonMatch(of, match, surely)


def copy_of(known: str = KNOWN, *, surely: bool = True, of: str = "case-1") -> PersonMatch:
    match = Match(NEAR_DUPLICATE, 12, 30, "Hamming bits of 256", "pdq")
    return PersonMatch(of, match, surely, known)


def same_scene(of: str = "case-1") -> PersonMatch:
    return PersonMatch(of, Match(SAME_SCENE, 60, 64, "bits", "pdq"), blocks=False)


def said(
    state: DecisionState, box: Box | None = LEFT.box, of: str = "case-1", photo: str = PHOTO
) -> PersonDecision:
    return PersonDecision(photo, of, box, state, NOON, STAFF)


CONFIRMED, REJECTED, CANNOT_TELL, SUGGESTED = (
    DecisionState.CONFIRMED,
    DecisionState.REJECTED,
    DecisionState.CANNOT_TELL,
    DecisionState.SUGGESTED,
)


def verbal(
    *,
    given: bool = True,
    on: date = BEGAN,
    box: Box | None = None,
    photo: str | None = PHOTO,
    event: str | None = None,
    kinds: frozenset[ChannelKind] = IN_PRINT,
    expires: date | None = None,
) -> VerbalConsent:
    return VerbalConsent("v", "ann", on, given, kinds, photo, box, event, expires)


def judged(
    photo: PhotoFacts = PICTURE,
    use: Use = INSTAGRAM,
    *,
    matches: tuple[PersonMatch, ...] | list[PersonMatch] = (),
    decided: tuple[PersonDecision, ...] | list[PersonDecision] = (),
    revocations: tuple[Revocation, ...] | list[Revocation] = (),
    consents: tuple[VerbalConsent, ...] | list[VerbalConsent] = (),
    policy: Policy = SHIPPED,
    today: date = TODAY,
) -> Decision:
    return decide(
        photo,
        use,
        matches=matches,
        decided=decided,
        in_force=CasesInForce(revocations, today),
        consents=consents,
        policy=policy,
        day_of=datetime.date,
    )


def codes(decision: Decision) -> list[ReasonCode]:
    return [reason.code for reason in decision.reasons]


def noted(decision: Decision) -> list[ReasonCode]:
    return [note.code for note in decision.notes]


NOBODY = Scope(all_channels=False)
PRINT_ONLY = replace(NOBODY, kinds=IN_PRINT)
RESCISSION = step(CaseStep.RESCINDED, TODAY)
WRITING = step(CaseStep.RECORDED, BEGAN, terms())
RANKS = list(Verdict)
