"""A library at work, driven in any order, and a simple model of what must hold after each step."""

from __future__ import annotations

import copy
import shutil
import sqlite3
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, Pool, event

import consent.bootstrap
import consent.storage.keys
import consent.storage.log
import consent.storage.sealed
import consent.storage.unit_of_work
import media_index.clock
from consent.cases.change import amend, place_hold, record_writing, rescind
from consent.cases.correct import correct, enter_mistake
from consent.cases.intake import QuestionKind
from consent.cases.open import record_revocation
from consent.cases.people import merge_people
from consent.cases.references import photo_named, read_reference
from consent.checking.check import check_photos
from consent.checking.overrides import list_overrides, propose_override, withdraw_override
from consent.domain.actors import Actor, Role
from consent.domain.cases import State
from consent.domain.channels import ChannelKind
from consent.domain.decisions import DecisionState, latest_of_each
from consent.domain.errors import ConsentError
from consent.domain.intake import EvidenceFile
from consent.domain.takedowns import TakedownState
from consent.domain.terms import (
    EVERYTHING,
    Amendment,
    Correction,
    Method,
    NewRevocation,
    Rescission,
    Scope,
    Submission,
)
from consent.domain.verdicts import Decision, Verdict
from consent.matching.register_snapshot import RegisterSnapshot
from consent.publishing.record import Posting, list_publications, record_publications
from consent.recovery.backup import make_backup
from consent.recovery.doctor import accept_clock
from consent.recovery.restore import restore_backup
from consent.retention.dispose import decide_disposal, destroy, list_due, propose_disposal
from consent.retention.erase import erase_face
from consent.retention.proof import verify_log
from consent.review.decide import decide_sighting
from consent.services import Services
from consent.takedowns.board import Move, TakedownCard, list_takedowns, move_takedown
from consent.takedowns.open_due import open_takedowns_of_today
from media_index.types import Box
from tests.integration.test_killed_at_each_write import DESK, RECORDS, SAMPLES, Home

# Who is in which photo; the first of each is the one that they bring.
PEOPLE = {
    "obama": ("obama.jpg", "obama2.jpg", "obama3.jpg"),
    "biden": ("biden.jpg",),
}
PERSON_IN = {photo: person for person, photos in PEOPLE.items() for photo in photos}
PHOTOS = (*PERSON_IN, "coffee.png")
KINDS = {"facebook": ChannelKind.ONLINE, "press_release": ChannelKind.PRESS}
DIRECTOR = Actor("d.director", Role.DIRECTOR, frozenset(Role))
EVERY = frozenset(QuestionKind)
DELETED = TakedownState.DELETED
OVER = frozenset({State.RESCINDED, State.ENDED, State.MISTAKEN, State.LAPSED})

people = st.sampled_from(sorted(PEOPLE))
photos = st.sampled_from(PHOTOS)
channels = st.sampled_from(sorted(KINDS))
only = st.sampled_from([None, None, *KINDS.values()])
# Before which write the program is killed; 0: never.
kills = st.just(0) | st.just(0) | st.integers(1, 40)
days = st.sampled_from([0, 0, 1, 5])


# The case, the address and the photo of which a copy must come down.
Copy = tuple[str, str, str]


class KilledError(BaseException):
    """Nobody may catch it: the process is as good as gone."""


class Killer:
    """Ends what is done in this process before its n-th write, as far as that can be told.

    From then on nothing is written or removed any more, and what was not committed is lost.
    """

    def __init__(self) -> None:
        self._left, self._home = 0, ""
        self._connections: list[sqlite3.Connection] = []
        event.listen(Engine, "before_cursor_execute", self._row)
        event.listen(Engine, "commit", lambda _connection: self._write())
        event.listen(Pool, "connect", self._connected)
        sys.addaudithook(self._file)

    def kills(self, home: Path, step: Callable[[], object], number: int) -> bool:
        """Take a step, and say whether it came as far as its n-th write."""
        self._left, self._home, self._connections = number, str(home), []
        try:
            # What it sets for its thread goes with it.
            copy_context().run(step)
        except KilledError:
            for connection in self._connections:
                connection.close()
            return True
        finally:
            self._left, self._home = 0, ""
        return False

    def _write(self) -> None:
        if not self._home:
            return
        self._left -= 1
        if self._left <= 0:
            raise KilledError

    def _row(self, _c: object, _k: object, statement: str, *_more: object) -> None:
        if statement.split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            self._write()

    def _file(self, happening: str, words: tuple) -> None:
        if (
            self._home
            and happening in {"os.rename", "os.link", "os.remove"}
            and str(words[0]).startswith(self._home)
        ):
            self._write()

    def _connected(self, connection: sqlite3.Connection, _record: object) -> None:
        if self._home:
            self._connections.append(connection)


# A hook cannot be taken away again.
killer = cache(Killer)


class Clock:
    """The computer's clock, which the machine sets on."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return media_index.clock.utc_now() + self.ahead

    def set_for(self, patch: pytest.MonkeyPatch) -> None:
        for module in (
            consent.bootstrap,
            consent.storage.keys,
            consent.storage.log,
            consent.storage.sealed,
            consent.storage.unit_of_work,
        ):
            patch.setattr(module, "utc_now", self.now)


@dataclass
class Case:
    """What must be known of a case.

    Attributes:
        begins: the first day of the writing; None while there is only a hold.
        lapses: the last day of the hold that it began as.
        only: the kind of channels that it covers; None for all.
        face: whether the face of the person is kept.
        destroyed: as the retention schedule wants.
    """

    person: str
    name: str
    begins: date | None
    lapses: date | None = None
    until: date | None = None
    only: ChannelKind | None = None
    face: bool = True
    withdrawn: date | None = None
    mistaken: date | None = None
    destroyed: bool = False

    def state(self, today: date) -> State:
        if self.mistaken is not None:
            return State.MISTAKEN
        if self.withdrawn is not None and self.withdrawn <= today:
            return State.RESCINDED
        if self.begins is None or self.begins > today:
            if self.lapses is None:
                return State.PENDING
            return State.HELD if today <= self.lapses else State.LAPSED
        return State.ACTIVE if self.until is None or today <= self.until else State.ENDED

    def ended(self, today: date) -> date | None:
        """Return the day from which its term of retention runs."""
        state = self.state(today)
        return {
            State.RESCINDED: self.withdrawn,
            State.ENDED: self.until,
            State.LAPSED: self.lapses,
            State.MISTAKEN: self.mistaken,
        }.get(state)

    def can_change(self, today: date) -> bool:
        over = self.state(today) in OVER or self.withdrawn is not None or self.destroyed
        return not over


@dataclass
class Override:
    """What was let pass, of whom, and until when."""

    photo: str
    channel: str
    lifts: frozenset[tuple[str, str]]
    last: date


@dataclass
class Known:
    """What must be known at all.

    Attributes:
        posts: channel, by address and photo.
        owed: the cases, addresses and photos that must have a takedown.
        may_be_owed: those that may have one: it opens at the next occasion.
        done: those whose takedown is closed.
        said: by which case somebody is in a photo, or is not, in this order; None takes that back.
    """

    cases: dict[str, Case] = field(default_factory=dict)
    posts: dict[tuple[str, str], str] = field(default_factory=dict)
    overrides: dict[str, Override] = field(default_factory=dict)
    owed: set[Copy] = field(default_factory=set)
    may_be_owed: set[Copy] = field(default_factory=set)
    done: set[Copy] = field(default_factory=set)
    said: list[tuple[str, str, bool | None]] = field(default_factory=list)

    def of_same_person(self, label: str) -> list[str]:
        """Return all cases of the person of one: they are one in the register, too."""
        person = self.cases[label].person
        return [
            other
            for other, case in self.cases.items()
            if case.person == person and not case.destroyed
        ]

    def decided(self, labels: Collection[str]) -> dict[str, bool]:
        """Return in which photos somebody is, or is not, as it was last said by some cases."""
        last = {photo: is_there for label, photo, is_there in self.said if label in labels}
        return {photo: is_there for photo, is_there in last.items() if is_there is not None}

    def reason(self, label: str, photo: str, channel: str, today: date) -> str | None:
        """Return what speaks against a photo by a case; None if nothing does."""
        case = self.cases[label]
        state = case.state(today)
        if state not in {State.ACTIVE, State.HELD} or case.only not in {None, KINDS[channel]}:
            return None
        # What is known by one case of a person counts for the others.
        together = self.of_same_person(label)
        said = self.decided(together).get(photo)
        face = any(self.cases[other].face for other in together)
        if said is False or (said is None and not (face and PERSON_IN.get(photo) == case.person)):
            return None
        if state is State.HELD:
            return "hold"
        return "known" if said else "face"

    def against(self, photo: str, channel: str, today: date) -> set[tuple[str, str]]:
        """Return what speaks against a photo and was not let pass: why, and by which case."""
        found = {
            (reason, label)
            for label in self.cases
            if (reason := self.reason(label, photo, channel, today)) is not None
        }
        for let in self.overrides.values():
            if (let.photo, let.channel) == (photo, channel) and today <= let.last:
                found -= let.lifts
        return found

    def verdict(self, photo: str, channel: str, today: date) -> Verdict:
        why = {reason for reason, _ in self.against(photo, channel, today)}
        if why - {"hold"}:
            return Verdict.BLOCKED
        return Verdict.REVIEW if why else Verdict.CLEAR

    def due(self, today: date) -> set[Copy]:
        """Return what must come down."""
        return {
            (label, url, photo)
            for (url, photo), channel in self.posts.items()
            for reason, label in self.against(photo, channel, today)
            if reason != "hold"
        }


class Library(RuleBasedStateMachine):
    """A library at work.

    Attributes:
        base: a data home with the samples in its index.
        boxes: of the only face in each photo of a person.
        work: folder of the homes of the runs.
        clock: of all of them; it goes back to the right time for each.
    """

    base: ClassVar[Path]
    boxes: ClassVar[dict[str, Box]]
    work: ClassVar[Path]
    clock: ClassVar[Clock]
    runs: ClassVar = count()

    def __init__(self) -> None:
        super().__init__()
        self.clock.ahead = timedelta(0)
        path = self.work / str(next(self.runs)) / "home"
        shutil.copytree(self.base, path, symlinks=True)
        self.home = Home(path, None)
        self.services = self.home.open()
        self.sha256 = {photo: photo_named(self.services, str(SAMPLES / photo)) for photo in PHOTOS}
        self.known, self.kept, self.number = Known(), None, 0
        self.given, self.buried = 0, set()
        # Since the backup was made.
        self.erased: set[str] = set()

    # How steps are taken.

    @property
    def today(self) -> date:
        return self.services.today()

    def do(self, step: Callable[[Services], object], kill: int) -> None:
        """Take a step, which may be killed, and then is taken again."""
        if not kill:
            step(self.services)
            return
        services = self.services
        services.close()
        killer().kills(self.home.path, lambda: step(services), kill)
        services.close()
        self.services = self.home.open()
        # What is done already says so.
        with suppress(ConsentError):
            step(self.services)

    def letter(self, text: str) -> Submission:
        self.number += 1
        page = EvidenceFile(f"{self.number}.txt", f"{text} {self.number}".encode())
        return Submission(self.today, Method.LETTER, evidence=[page])

    def name(self) -> str:
        self.number += 1
        return f"Reader {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[self.number % 26]}. {self.number}"

    def labels(self, meant: Callable[[Case], bool]) -> list[str]:
        return sorted(label for label, case in self.known.cases.items() if meant(case))

    def changeable(self) -> list[str]:
        return self.labels(lambda case: case.can_change(self.today))

    def changed(self, label: str, *photos: str) -> None:
        """Say that takedowns must be open of what a case covers; of some photos only, or of all."""
        self.known.owed |= {
            due
            for due in self.known.due(self.today)
            if due[0] == label and (not photos or due[2] in photos)
        }

    def same(self, person: str) -> str:
        """Return another case of a person, to be joined with; empty if there is none."""
        found = self.labels(lambda case: case.person == person and not case.destroyed)
        return found[0] if found else ""

    def enter(
        self,
        case: Case,
        record: Callable[[Services, NewRevocation], object],
        new: NewRevocation,
        kill: int,
    ) -> None:
        def step(services: Services) -> None:
            with services.reading() as unit:
                if any(other.person.name == new.name for other in unit.register.revocations()):
                    return
            record(services, new)

        self.do(step, kill)
        with self.services.reading() as unit:
            every = unit.register.revocations()
        (made,) = [other for other in every if other.person.name == new.name]
        assert made.number > self.given, "a number is given once"
        self.given = made.number
        self.known.said.append((made.label, PEOPLE[case.person][0], True))
        self.known.cases[made.label] = case
        self.changed(made.label)

    def new(self, person: str, **more: object) -> NewRevocation:
        face = read_reference(self.services, str(SAMPLES / PEOPLE[person][0]))
        name, came = self.name(), self.letter("No photos.")
        return NewRevocation(name, came, references=[face], **more)  # type: ignore[arg-type]

    # The desk.

    @initialize(channel=channels, face=st.booleans(), only=only, kill=kills)
    def begin(self, channel: str, face: bool, only: ChannelKind | None, kill: int) -> None:
        self.publish(set(PHOTOS), channel, 0)
        self.revoke("obama", 0, None, None, True, kill)
        self.revoke("biden", 0, None, only, face, 0)
        self.back_up()

    @rule(
        person=people, wait=days, lasts=st.none() | days, only=only, face=st.booleans(), kill=kills
    )
    def revoke(
        self,
        person: str,
        wait: int,
        lasts: int | None,
        only: ChannelKind | None,
        face: bool,
        kill: int,
    ) -> None:
        begins = self.today + timedelta(days=wait)
        until = None if lasts is None else begins + timedelta(days=lasts)
        new = self.new(
            person,
            scope=_scope(only),
            keep_face=face,
            effective_from=begins,
            until=until,
        )
        case = Case(person, new.name, begins, until=until, only=only, face=face)
        same = self.same(person)

        def record(services: Services, new: NewRevocation) -> None:
            record_revocation(services, new, DESK, confirmed=EVERY, same_person_as=same)

        self.enter(case, record, new, kill)

    @rule(person=people, only=only, kill=kills)
    def hold(self, person: str, only: ChannelKind | None, kill: int) -> None:
        new = self.new(person, scope=_scope(only), keep_face=True)
        lapses = self.today + timedelta(days=self.services.policy.hold_days)
        case = Case(person, new.name, None, lapses, only=only)
        same = self.same(person)

        self.enter(
            case, lambda services, new: place_hold(services, new, DESK, confirmed=EVERY), new, kill
        )
        if same:
            label = next(label for label, other in self.known.cases.items() if other is case)
            self.do(lambda services: merge_people(services, label, same, "One.", DESK), kill)

    def holds(self) -> list[str]:
        meant = {State.HELD, State.LAPSED}
        return self.labels(
            lambda case: (
                case.begins is None
                and case.state(self.today) in meant
                and case.withdrawn is None
                and not case.destroyed
            )
        )

    @precondition(lambda self: self.holds())
    @rule(data=st.data(), kill=kills)
    def the_writing_comes(self, data: st.DataObject, kill: int) -> None:
        label = data.draw(st.sampled_from(self.holds()))
        letter = self.letter("In writing.")
        self.do(
            lambda services: record_writing(services, label, letter, DESK, confirmed=EVERY), kill
        )
        self.known.cases[label].begins = self.today
        self.changed(label)

    def begun(self) -> list[str]:
        return self.labels(
            lambda case: case.can_change(self.today) and (case.begins or self.today) <= self.today
        )

    @precondition(lambda self: self.begun())
    @rule(data=st.data(), only=only, lasts=st.none() | days, kill=kills)
    def amend(
        self, data: st.DataObject, only: ChannelKind | None, lasts: int | None, kill: int
    ) -> None:
        label = data.draw(st.sampled_from(self.begun()))
        case = self.known.cases[label]
        until = None
        if lasts is not None:
            until = self.today + timedelta(days=lasts)
        said = Amendment(
            f"Changed {self.number}.",
            self.letter("Otherwise."),
            scope=_scope(only),
            until=until,
            lasting=until is None,
        )
        self.do(lambda services: amend(services, label, said, DESK, confirmed=EVERY), kill)
        case.only, case.until = only, until
        self.changed(label)

    @precondition(
        lambda self: self.labels(lambda case: case.mistaken is None and not case.destroyed)
    )
    @rule(data=st.data(), kill=kills)
    def correct(self, data: st.DataObject, kill: int) -> None:
        meant = self.labels(lambda case: case.mistaken is None and not case.destroyed)
        label = data.draw(st.sampled_from(meant))
        right = self.name()
        slip = Correction("Typed in a hurry.", {"name": right})
        self.do(lambda services: correct(services, label, slip, DESK, confirmed=EVERY), kill)
        self.known.cases[label].name = right
        self.changed(label)

    @precondition(
        lambda self: self.labels(lambda case: case.mistaken is None and not case.destroyed)
    )
    @rule(data=st.data(), kill=kills)
    def mistake(self, data: st.DataObject, kill: int) -> None:
        meant = self.labels(lambda case: case.mistaken is None and not case.destroyed)
        label = data.draw(st.sampled_from(meant))
        self.do(lambda services: enter_mistake(services, label, "Nobody asked.", DIRECTOR), kill)
        case = self.known.cases[label]
        case.mistaken, case.face = self.today, False

    @precondition(lambda self: self.changeable())
    @rule(data=st.data(), wait=days, kill=kills)
    def withdraw(self, data: st.DataObject, wait: int, kill: int) -> None:
        label = data.draw(st.sampled_from(self.changeable()))
        case, letter = self.known.cases[label], self.letter("Taken back.")
        day = self.today + timedelta(days=wait)
        back = Rescission(letter, case.name, effective_on=day)
        self.do(lambda services: rescind(services, label, back, DESK), kill)
        case.withdrawn = day
        case.face = case.face and wait > 0

    @precondition(lambda self: self.changeable())
    @rule(data=st.data(), kill=kills)
    def erase(self, data: st.DataObject, kill: int) -> None:
        label = data.draw(st.sampled_from(self.changeable()))
        self.do(lambda services: erase_face(services, label, "Asked to.", DESK), kill)
        for other in self.known.of_same_person(label):
            self.known.cases[other].face = False
            self.erased.add(other)

    # Review, publishing, takedowns, overrides.

    @precondition(lambda self: self.changeable())
    @rule(
        data=st.data(),
        photo=photos,
        state=st.sampled_from(
            [DecisionState.CONFIRMED, DecisionState.REJECTED, DecisionState.SUGGESTED]
        ),
        kill=kills,
    )
    def review(self, data: st.DataObject, photo: str, state: DecisionState, kill: int) -> None:
        label = data.draw(st.sampled_from(self.changeable()))
        case = self.known.cases[label]
        # Whom the face is not of is said of the photo as a whole.
        box = self.boxes[photo] if PERSON_IN.get(photo) == case.person else None
        sha256 = self.sha256[photo]
        self.do(lambda services: decide_sighting(services, label, sha256, box, state, DESK), kill)
        said = {DecisionState.CONFIRMED: True, DecisionState.REJECTED: False}.get(state)
        self.known.said.append((label, photo, said))
        if said:
            self.changed(label, photo)

    @rule(which=st.sets(photos, min_size=1), channel=channels, kill=kills)
    def publish(self, which: set[str], channel: str, kill: int) -> None:
        url = f"https://facebook.com/p/{len(self.known.posts)}"
        posting = Posting(self.services.policy.use(channel), self.today, url, already_out=True)
        shas = [self.sha256[photo] for photo in sorted(which)]
        self.do(lambda services: record_publications(services, shas, posting, DESK), kill)
        self.known.posts |= {(url, photo): channel for photo in which}
        self.known.owed |= {due for due in self.known.due(self.today) if due[1] == url}

    def waiting(self) -> list[Copy]:
        return sorted(self.known.owed - self.known.done)

    @precondition(lambda self: self.waiting())
    @rule(data=st.data(), kill=kills)
    def take_down(self, data: st.DataObject, kill: int) -> None:
        copy = data.draw(st.sampled_from(self.waiting()))
        cards = list_takedowns(self.services, DESK)
        (label,) = [card.takedown.label for card in cards if self.copy_of(card) == copy]
        gone = Move(DELETED, "It was gone when I looked.")
        self.do(lambda services: move_takedown(services, label, gone, DESK), kill)
        self.known.done.add(copy)

    def copy_of(self, card: TakedownCard) -> Copy:
        names = _turned(self.sha256)
        return card.case_label, card.publication.url, names[card.publication.photo_sha256]

    def to_let_pass(self) -> list[tuple[str, str]]:
        return [
            (photo, channel)
            for photo in PHOTOS
            for channel in KINDS
            if self.known.against(photo, channel, self.today)
        ]

    @precondition(lambda self: self.to_let_pass())
    @rule(data=st.data(), lasts=days, kill=kills)
    def override(self, data: st.DataObject, lasts: int, kill: int) -> None:
        photo, channel = data.draw(st.sampled_from(self.to_let_pass()))
        use, last = self.services.policy.use(channel), self.today + timedelta(days=lasts)
        sha256 = self.sha256[photo]
        self.do(
            lambda services: propose_override(services, sha256, use, "Needed.", last, DIRECTOR),
            kill,
        )
        (made,) = {let.id for let in list_overrides(self.services, DIRECTOR)} - set(
            self.known.overrides
        )
        lifts = frozenset(self.known.against(photo, channel, self.today))
        self.known.overrides[made] = Override(photo, channel, lifts, last)

    @precondition(lambda self: self.known.overrides)
    @rule(data=st.data(), kill=kills)
    def end_override(self, data: st.DataObject, kill: int) -> None:
        standing = sorted(
            own for own, let in self.known.overrides.items() if self.today <= let.last
        )
        if not standing:
            return
        own = data.draw(st.sampled_from(standing))
        self.do(lambda services: withdraw_override(services, own, "No.", DIRECTOR), kill)
        del self.known.overrides[own]

    @rule(channel=channels)
    def check(self, channel: str) -> None:
        use, files = self.services.policy.use(channel), [SAMPLES / photo for photo in PHOTOS]
        said = check_photos(self.services, files, use, DESK).clearances
        self.compare_verdicts(
            channel, {photo: one.decision for photo, one in zip(PHOTOS, said, strict=True)}
        )

    # What time and accidents do.

    def sleep(self, days: int) -> None:
        self.clock.ahead += timedelta(days=days)
        if days > 1:
            accept_clock(self.services, DIRECTOR)

    @rule(days=st.sampled_from([1, 1, 3, 15, 100]))
    def days_pass(self, days: int) -> None:
        self.sleep(days)
        open_takedowns_of_today(self.services)
        self.known.owed |= self.known.due(self.today)

    def over(self) -> list[str]:
        return self.labels(lambda case: case.ended(self.today) is not None and not case.destroyed)

    @precondition(lambda self: self.over())
    @rule(kill=kills)
    def years_pass(self, kill: int) -> None:
        ended, days = self.today, self.services.policy.evidence_days + 1
        self.sleep(days)
        due = self.labels(
            lambda case: not case.destroyed and (case.ended(self.today) or self.today) <= ended
        )
        assert sorted(record.label for record in list_due(self.services, RECORDS)) == due
        label = propose_disposal(self.services, RECORDS).label
        decide_disposal(self.services, label, "RC-075", RECORDS, approved=True)
        self.do(lambda services: destroy(services, label, RECORDS), kill)
        for label in due:
            self.bury(label)

    def bury(self, label: str) -> None:
        """Say that a case is destroyed: no backup brings it back."""
        self.buried.add(label)
        case = self.known.cases[label]
        case.destroyed, case.name, case.face = True, "", False
        self.known.said = [said for said in self.known.said if said[0] != label]

    @rule()
    def back_up(self) -> None:
        file = self.home.path.parent / "backup.zip"
        file.unlink(missing_ok=True)
        make_backup(self.services, file, DIRECTOR)
        self.kept = copy.deepcopy(self.known)
        self.erased.clear()

    @precondition(lambda self: self.kept is not None)
    @rule()
    def restore(self) -> None:
        self.services.close()
        backup = self.home.path.parent / "backup.zip"
        restore_backup(self.services.settings, backup, DIRECTOR, lambda _said: None)
        self.services = self.home.open()
        accept_clock(self.services, DIRECTOR)
        self.known = copy.deepcopy(self.kept)
        for label in self.erased & self.known.cases.keys():
            self.known.cases[label].face = False
        for label in self.buried & self.known.cases.keys():
            case = self.known.cases[label]
            if case.ended(self.today) is None:
                # How it ended is not in the backup.
                case.until = self.today - timedelta(days=1)
            self.bury(label)

    # What must hold.

    @invariant()
    def all_is_as_it_must_be(self) -> None:
        self.cases_are_as_entered()
        self.what_is_out_and_must_come_down_is_known()
        self.verdicts_are_right()
        self.overrides_are_as_given()

    def teardown(self) -> None:
        assert verify_log(self.services).faults == ()
        self.services.close()
        shutil.rmtree(self.home.path.parent)

    def cases_are_as_entered(self) -> None:
        today = self.today
        with self.services.reading() as unit:
            cases = unit.register.revocations()
            with_face = {template.revocation_id for template in unit.register.templates()}
            decided = latest_of_each(unit.decisions.person_decisions())
            evidence = {
                case.label: [name for name, *_ in unit.register.evidence_of(case.id)]
                for case in cases
            }
            assert unit.seal.losses() == []
            assert not unit.jobs.owed()
            assert not unit.jobs.owed_removals()
        labels, photo_of = {case.id: case.label for case in cases}, _turned(self.sha256)
        said: dict[str, dict[str, bool]] = {case.label: {} for case in cases}
        for decision in decided:
            if decision.state is not DecisionState.SUGGESTED:
                is_there = decision.state is DecisionState.CONFIRMED
                said[labels[decision.revocation_id]][photo_of[decision.photo_sha256]] = is_there
        there = {
            case.label: (
                case.person.name,
                case.state(today),
                case.terms_on(today).scope,
                case.id in with_face,
                said[case.label],
            )
            for case in cases
        }
        known = {
            label: (
                case.name,
                case.state(today),
                _scope(case.only),
                case.face,
                self.known.decided({label}),
            )
            for label, case in self.known.cases.items()
        }
        for label in there.keys() | known.keys():
            assert there.get(label) == known.get(label), f"{label}: {there} and not {known}"
        for label, names in evidence.items():
            if label not in self.buried:
                assert all(map(self.services.vault.get, names)), "letters can be read"

    def what_is_out_and_must_come_down_is_known(self) -> None:
        names = _turned(self.sha256)
        out = list_publications(self.services, DESK)
        assert {(post.url, names[post.photo_sha256]) for post in out} == set(self.known.posts)
        self.known.may_be_owed |= self.known.due(self.today)
        cards = list_takedowns(self.services, DESK)
        copies = [self.copy_of(card) for card in cards]
        assert len(copies) == len(set(copies)), "a copy comes down once"
        assert self.known.owed <= set(copies), "what must come down is on the board"
        assert set(copies) <= self.known.may_be_owed | self.known.owed
        done = {self.copy_of(card) for card in cards if card.takedown.state is DELETED}
        assert done == self.known.done
        # What opened before it had to is worked off as all else.
        self.known.owed |= set(copies)

    def verdicts_are_right(self) -> None:
        """Judge as a check does, which reads the files besides."""
        with self.services.reading() as unit:
            view = RegisterSnapshot(self.services, unit)
            there = unit.photos.with_features([*self.sha256.values()])
            channel = sorted(KINDS)[self.number % len(KINDS)]
            use, said = self.services.policy.use(channel), {}
            for photo, sha256 in self.sha256.items():
                facts = view.facts(there[sha256], (), ())
                said[photo] = view.decide(facts, use, there[sha256])
        self.compare_verdicts(channel, said)

    def compare_verdicts(self, channel: str, said: Mapping[str, Decision]) -> None:
        for photo, decision in said.items():
            must = self.known.verdict(photo, channel, self.today)
            if decision.verdict is not must:
                message = f"{photo} on {channel}: {decision}, not {must} of {self.known}"
                raise AssertionError(message)

    def overrides_are_as_given(self) -> None:
        standing = {let.id for let in list_overrides(self.services, DIRECTOR)}
        assert standing == {
            own for own, let in self.known.overrides.items() if self.today <= let.last
        }


def _scope(only: ChannelKind | None) -> Scope:
    return EVERYTHING if only is None else Scope(all_channels=False, kinds=frozenset({only}))


def _turned(names: dict[str, str]) -> dict[str, str]:
    return {sha256: photo for photo, sha256 in names.items()}
