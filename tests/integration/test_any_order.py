"""Desk, review, publishing, takedowns, corrections, erasure, backup and kills, in any order.

A simple model says what must hold after each step. A thousand runs:
LIKENESS_TEST_RUNS=1000 python -m pytest -n 0 -m slow tests/integration/test_any_order.py
"""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from consent.cases.change import rescind
from consent.cases.correct import correct
from consent.cases.intake import QuestionKind
from consent.cases.known_cases import KnownCases
from consent.cases.open import record_revocation
from consent.cases.references import photo_named, read_reference
from consent.checking.check import check_photos
from consent.domain.cases import State
from consent.domain.decisions import DecisionState
from consent.domain.errors import ConsentError
from consent.domain.intake import EvidenceFile
from consent.domain.takedowns import TakedownState
from consent.domain.terms import Correction, Method, NewRevocation, Rescission, Submission
from consent.domain.verdicts import Verdict
from consent.publishing.record import Posting, list_publications, record_publications
from consent.recovery.backup import make_backup
from consent.recovery.restore import restore_backup
from consent.retention.erase import erase_face
from consent.retention.proof import verify_log
from consent.review.decide import decide_sighting
from consent.services import Services
from consent.takedowns.board import Move, list_takedowns, move_takedown
from tests.integration.test_killed_at_each_write import DESK, SAMPLES, Home, is_killed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the work is done in a fork"),
]

RUNS = int(os.environ.get("LIKENESS_TEST_RUNS", "3"))
STEPS = 10
# Who is in which photo; the first is the one that they bring.
PEOPLE = {"obama": ("obama.jpg", "obama2.jpg", "obama3.jpg"), "biden": ("biden.jpg",)}
PERSON_IN = {photo: person for person, photos in PEOPLE.items() for photo in photos}
EVERY = frozenset(QuestionKind)
people = st.sampled_from(sorted(PEOPLE))
photos = st.sampled_from(sorted(PERSON_IN))
# Before which write the program is killed; 0: never.
kills = st.sampled_from([0, 0, 0, 1, 2, 3, 5, 8, 13, 21, 34])


@dataclass
class Case:
    """What must be known of a case."""

    person: str
    name: str
    in_force: bool = True
    face: bool = True
    confirmed: set[str] = field(default_factory=set)
    rejected: set[str] = field(default_factory=set)


@dataclass
class Known:
    """What must be known at all."""

    cases: dict[str, Case] = field(default_factory=dict)
    posts: list[str] = field(default_factory=list)

    def must_not_go_out(self, photo: str) -> bool:
        return any(
            case.in_force
            and photo not in case.rejected
            and (photo in case.confirmed or (case.face and case.person == PERSON_IN[photo]))
            for case in self.cases.values()
        )

    def may_go_out(self, photo: str) -> bool:
        return not any(
            case.in_force and (case.person == PERSON_IN[photo] or photo in case.confirmed)
            for case in self.cases.values()
        )


class Library(RuleBasedStateMachine):
    """A library at work.

    Attributes:
        base: a data home with the samples in its index.
        work: folder of the homes of the runs.
    """

    base: Path
    work: Path
    runs = count()

    def __init__(self) -> None:
        super().__init__()
        path = self.work / str(next(self.runs)) / "home"
        shutil.copytree(self.base, path, symlinks=True)
        self.home = Home(path, None)
        self.services = self.home.open()
        self.known, self.kept, self.number, self.given = Known(), None, 0, 0

    def teardown(self) -> None:
        self.services.close()
        shutil.rmtree(self.home.path.parent)

    def do(self, step: Callable[[Services], object], kill: int) -> None:
        """Take a step, which may be killed, and then is taken again."""
        if not kill:
            step(self.services)
            return
        self.services.close()
        is_killed(self.home, step, kill)
        self.services = self.home.open()
        # What is done already says so.
        with suppress(ConsentError):
            step(self.services)

    def cases(self, *, in_force: bool) -> list[str]:
        cases = self.known.cases.items()
        return sorted(label for label, case in cases if case.in_force or not in_force)

    @rule(person=people, kill=kills)
    def revoke(self, person: str, kill: int) -> None:
        self.number += 1
        name = f"Reader {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[self.number % 26]}. {self.number}"
        letter = EvidenceFile(f"{self.number}.txt", f"No photos, {self.number}.".encode())

        def step(services: Services) -> None:
            with services.reading() as unit:
                if any(case.person.name == name for case in unit.register.revocations()):
                    return
            face = read_reference(services, str(SAMPLES / PEOPLE[person][0]))
            came = Submission(services.today(), Method.LETTER, evidence=[letter])
            new = NewRevocation(name, came, references=[face], keep_face=True)
            record_revocation(services, new, DESK, confirmed=EVERY)

        self.do(step, kill)
        with self.services.reading() as unit:
            (case,) = [c for c in unit.register.revocations() if c.person.name == name]
        assert case.number > self.given, "a number is given once"
        self.given = case.number
        self.known.cases[case.label] = Case(person, name, confirmed={PEOPLE[person][0]})

    @precondition(lambda self: self.cases(in_force=True))
    @rule(data=st.data(), photo=photos, same=st.booleans(), kill=kills)
    def review(self, data: st.DataObject, photo: str, same: bool, kill: int) -> None:
        label = data.draw(st.sampled_from(self.cases(in_force=True)))
        state = DecisionState.CONFIRMED if same else DecisionState.REJECTED

        def step(services: Services) -> None:
            sha256 = photo_named(services, str(SAMPLES / photo))
            decide_sighting(services, label, sha256, None, state, DESK)

        self.do(step, kill)
        case = self.known.cases[label]
        (case.confirmed if same else case.rejected).add(photo)
        (case.rejected if same else case.confirmed).discard(photo)

    @rule(photo=photos, kill=kills)
    def publish(self, photo: str, kill: int) -> None:
        url = f"https://facebook.com/p/{len(self.known.posts)}{photo}"

        def step(services: Services) -> None:
            sha256 = photo_named(services, str(SAMPLES / photo))
            use = services.policy.use("facebook")
            posting = Posting(use, services.today(), url, already_out=True)
            record_publications(services, [sha256], posting, DESK)

        self.do(step, kill)
        self.known.posts.append(url)

    @rule(data=st.data(), kill=kills)
    def take_down(self, data: st.DataObject, kill: int) -> None:
        waiting = [
            card.takedown.label
            for card in list_takedowns(self.services, DESK)
            if card.takedown.state is TakedownState.FOUND
        ]
        if not waiting:
            return
        label = data.draw(st.sampled_from(sorted(waiting)))
        gone = Move(TakedownState.DELETED, "It was gone when I looked.")
        self.do(lambda services: move_takedown(services, label, gone, DESK), kill)
        cards = list_takedowns(self.services, DESK)
        (state,) = [c.takedown.state for c in cards if c.takedown.label == label]
        assert state is TakedownState.DELETED

    @precondition(lambda self: self.known.cases)
    @rule(data=st.data(), kill=kills)
    def correct(self, data: st.DataObject, kill: int) -> None:
        label = data.draw(st.sampled_from(self.cases(in_force=False)))
        case = self.known.cases[label]
        right = f"{case.name} X"
        slip = Correction("Typed in a hurry.", {"name": right})
        self.do(lambda services: correct(services, label, slip, DESK, confirmed=EVERY), kill)
        case.name = right

    @precondition(lambda self: self.cases(in_force=True))
    @rule(data=st.data(), kill=kills)
    def withdraw(self, data: st.DataObject, kill: int) -> None:
        label = data.draw(st.sampled_from(self.cases(in_force=True)))
        case = self.known.cases[label]

        def step(services: Services) -> None:
            letter = EvidenceFile("back.txt", f"{label} is taken back.".encode())
            back = Submission(services.today(), Method.LETTER, evidence=[letter])
            rescind(services, label, Rescission(back, case.name), DESK)

        self.do(step, kill)
        case.in_force = case.face = False

    @precondition(lambda self: self.cases(in_force=True))
    @rule(data=st.data(), kill=kills)
    def erase(self, data: st.DataObject, kill: int) -> None:
        label = data.draw(st.sampled_from(self.cases(in_force=True)))
        self.do(lambda services: erase_face(services, label, "Asked to.", DESK), kill)
        self.known.cases[label].face = False

    @rule()
    def back_up(self) -> None:
        file = self.home.path.parent / "backup.zip"
        file.unlink(missing_ok=True)
        make_backup(self.services, file, DESK)
        self.kept = copy.deepcopy(self.known)

    @precondition(lambda self: self.kept is not None)
    @rule()
    def restore(self) -> None:
        self.services.close()
        settings = self.services.settings
        restore_backup(settings, self.home.path.parent / "backup.zip", DESK, lambda _said: None)
        self.services = self.home.open()
        assert self.kept is not None
        self.known = copy.deepcopy(self.kept)

    @rule(photo=photos)
    def check(self, photo: str) -> None:
        use = self.services.policy.use("facebook")
        (said,) = check_photos(self.services, [SAMPLES / photo], use, DESK).clearances
        verdict = said.decision.verdict
        if self.known.must_not_go_out(photo):
            assert verdict is Verdict.BLOCKED
        if self.known.may_go_out(photo):
            assert verdict is Verdict.CLEAR

    @invariant()
    def what_is_known_is_what_was_entered(self) -> None:
        with self.services.reading() as unit:
            today = self.services.today()
            cases = {
                case.label: (case.person.name, case.state(today) is State.ACTIVE)
                for case in unit.register.revocations()
            }
            with_face = {template.revocation_id for template in unit.register.templates()}
            ids = {case.label: case.id for case in unit.register.revocations()}
            kept = self.services.memory.of(KnownCases).of(self.services, unit)
            assert kept == KnownCases().of(self.services, unit)
            assert unit.seal.losses() == []
            assert not unit.jobs.owed()
        known = self.known.cases.items()
        assert cases == {label: (case.name, case.in_force) for label, case in known}
        faces = {label for label, case in known if case.face}
        assert {label for label, id_ in ids.items() if id_ in with_face} == faces
        posted = {post.url for post in list_publications(self.services, DESK)}
        assert posted == set(self.known.posts)
        assert verify_log(self.services).faults == ()


def test_in_any_order_what_was_entered_holds(samples_indexed_once: Path, tmp_path: Path) -> None:
    run_state_machine_as_test(
        type("Runs", (Library,), {"base": samples_indexed_once, "work": tmp_path}),
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
