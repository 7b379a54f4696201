"""The register as it stands, ready to be compared with photos; loaded once per check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from consent.domain.cases import Revocation, Template, is_nobody
from consent.domain.channels import Use
from consent.domain.days import clearly_apart, days_meant
from consent.domain.decide import CasesInForce, decide
from consent.domain.decisions import (
    DecisionState,
    FaceDecision,
    FaceKind,
    PersonDecision,
    VerbalConsent,
    latest_of_each,
    same_face,
    still_confirmed,
)
from consent.domain.events import Event
from consent.domain.faces import Faces
from consent.domain.named import NamedPhoto
from consent.domain.override_rules import lift
from consent.domain.scope import looks_anywhere
from consent.domain.signals import Evidence
from consent.domain.terms import Period
from consent.domain.verdicts import (
    Decision,
    FaceInPhoto,
    PersonMatch,
    PhotoFacts,
    Reason,
    ReasonCode,
)
from consent.domain.wording import long_day
from consent.matching.all_finders import Finders
from consent.matching.copies import EventCopies
from consent.matching.face_kinds import FaceKinds
from consent.matching.finder import Finder, Findings, People
from consent.matching.folder_days import FolderDays
from consent.matching.names import NamesCovered
from consent.matching.one_person import Shared, shared
from consent.matching.trials import compared
from consent.matching.wholeness import doubts
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.faces.detect import least_sought
from media_index.faces.quality import (
    is_comparable,
    is_outline,
    is_recognizable,
    was_not_reached,
)
from media_index.limits import DETECTION, PLACING
from media_index.types import Box, Face, Fingerprint

_Asked = tuple[type[Finder], str, tuple[Box, ...]]


@dataclass(frozen=True, slots=True)
class Concern:
    """A part of the register: what matters for these cases and photos (SHA-256).

    Attributes:
        alone: nothing is asked of anybody else, so that no other case is read.
    """

    cases: frozenset[str]
    photos: frozenset[str]
    alone: bool = False


class RegisterSnapshot:
    """Revocations, decisions and templates at one register version.

    Attributes:
        unsound: ids of the reference faces that have a damaged encoding.
    """

    revocations: list[Revocation]
    within: Concern | None
    lent: Shared
    unsound: frozenset[str]

    def __init__(
        self,
        services: Services,
        unit: UnitOfWork,
        before: RegisterSnapshot | None = None,
        within: Concern | None = None,
    ) -> None:
        """Load the register inside a unit of work, which is not kept; all of it, or a part.

        What another snapshot of the same version has found, and new photos cannot change, is not
        looked for again. Of a part, only what is said of its photos is right, and only of its cases
        and of nobody in particular.
        """
        self._services = services
        self._off = unit.faces.mode() is Faces.OFF
        self._models = services.calibration.scales.keys()
        self.version = unit.audit.register_version()
        # Whose face is lent to whom depends on the day, too: see `shared`.
        self.day = services.today()
        same = before is not None and before.standing == self.standing
        if before is not None and same and within is None and before.within is None:
            self.revocations, lent = before.revocations, before.lent
            cases: Sequence[Revocation] = self.revocations
            unit.register.unsound |= before.unsound
        else:
            only = within.cases if within is not None and within.alone else None
            register = unit.register
            self.revocations = register.revocations() if only is None else register.by_ids(only)
            cases, own, decisions = _people(unit, self.revocations, within)
            lent = shared(self.revocations, own, decisions, self.day)
        self.within, self.lent = within, lent
        templates, decided = lent.templates, lent.decisions
        self._by_name = lent.by_name
        usable = compared(unit, templates)
        self._withheld = {trial.revocation_id for trial in unit.references.withheld().values()}
        self._with_face = {
            template.revocation_id
            for template in usable
            if self._models <= template.encodings.keys()
        }
        of_cases = decided
        if within is not None:
            of_cases = [decision for decision in decided if decision.revocation_id in within.cases]
        self.lasting: dict[_Asked, Findings] = before.lasting if before and same else {}
        self._finders = Finders.of(services, unit, People(cases, usable, of_cases))
        self.scenes = self._finders.scenes
        self._decided: dict[str, list[PersonDecision]] = defaultdict(list)
        for decision in decided:
            self._decided[decision.photo_sha256].append(decision)
        self._named: dict[str, list[NamedPhoto]] = defaultdict(list)
        for found in unit.named.all():
            self._named[found.photo_sha256].append(found)
        self._looks = unit.decisions.looks()
        self.face_kinds = FaceKinds(services, unit, self._finders.faces.alone)
        newest = (
            {template.revocation_id: template.added_at for template in templates}
            if within is None or within.alone
            else unit.register.newest_references()
        )
        self._known_since = _known_since(self.revocations, newest)
        self.consents: list[VerbalConsent] = unit.decisions.consents()
        self._overrides = unit.decisions.overrides()
        self._event_copies = EventCopies(services, unit, self.revocations)
        self._days = FolderDays(services)
        shown = {decision.photo_sha256 for decision in still_confirmed(decided)}
        self.unsound = frozenset(unit.register.unsound)
        self.doubts = doubts(services, unit, shown)
        # Whether anybody's revocation depends on when a photo was taken.
        self._limited = any(map(depends_on_day, self.revocations))
        self._in_force = CasesInForce(self.revocations, self.day)

    @cached_property
    def names(self) -> NamesCovered:
        """The names that revocations in force cover."""
        return NamesCovered(self._in_force, self.day)

    def named_in(self, photo: Fingerprint | None) -> list[PersonMatch]:
        """Return whose names stood in words about a photo when it was last checked."""
        found = [] if photo is None else self._named.get(photo.sha256, [])
        return self.names.kept(found, photo) if found and photo is not None else []

    @property
    def standing(self) -> tuple[int, date, frozenset[str]]:
        """What tells this register from one that something else must be said by."""
        return self.version, self.day, frozenset(self._models)

    def without_face(self, use: Use) -> tuple[str, ...]:
        """Return the labels of those whom no comparison can find, and whom the use concerns."""
        concerned = self._in_force.concerned_by(use.channel) - self._with_face
        return tuple(case.label for case in self._in_force if case.id in concerned)

    def hints(self, use: Use) -> tuple[tuple[str, str], ...]:
        """Return label and looks of those whom the use concerns and no face finds for sure.

        Of looks that are told with no occasion; a child outgrows its reference.
        """
        concerned = self._in_force.concerned_by(use.channel)
        found = []
        for case in self._in_force:
            if case.id not in concerned or (case.id in self._with_face and not case.person.minor):
                continue
            terms = case.terms_on(self.day)
            looks = looks_anywhere(terms.locators)
            # Of some events alone, it is said at their photos.
            if looks and not terms.scope.event_ids:
                found.append((case.label, ", ".join(looks)))
        return tuple(found)

    def withheld(self, use: Use) -> tuple[str, ...]:
        """Return the labels of those whom the use concerns and a reference of whom is withheld."""
        if not self._withheld:
            return ()
        concerned = self._in_force.concerned_by(use.channel) & self._withheld
        return tuple(case.label for case in self._in_force if case.id in concerned)

    def signals_of(
        self, photo: Fingerprint, events: Sequence[Event]
    ) -> tuple[list[PersonMatch], list[PersonDecision]]:
        """Compare a photo with the register, by every signal.

        Returns:
            Matches; and the decisions on it, oldest first, those on photos that it is a copy of
            before its own.
        """
        found = [self._findings(finder, photo, events) for finder in self._finders]
        inherited = [decision for findings in found for decision in findings.decisions]
        decided = [*inherited, *self._decided.get(photo.sha256, ())]
        matches = [
            self._as_sure(match)
            for findings in found
            for match in findings.matches
            if not self.face_kinds.sets_aside(
                photo, match.match, match.revocation_id, surely=match.blocks
            )
        ]
        # Who is seen here need not be said to have been near.
        seen = [found for found in matches if found.match.signal.evidence is not Evidence.SCENE]
        here = _seen_here(seen, decided)
        nearby = [found for found in matches if found.match.signal.evidence is Evidence.SCENE]
        return [*seen, *(found for found in nearby if found.revocation_id not in here)], decided

    def _findings(self, finder: Finder, photo: Fingerprint, events: Sequence[Event]) -> Findings:
        if not finder.lasting:
            return finder.find_in(photo, events)
        # Of a part of a photo there are fewer faces.
        key = type(finder), photo.sha256, tuple(face.box for face in photo.faces)
        if key not in self.lasting:
            self.lasting[key] = finder.find_in(photo, events)
        return self.lasting[key]

    def faces_of(self, photo: Fingerprint) -> tuple[PersonMatch, ...]:
        """Return the matches of faces: with the references alone, then beside close matches."""
        return tuple(map(self._as_sure, self._finders.faces.find_in(photo).matches))

    def _as_sure(self, match: PersonMatch) -> PersonMatch:
        """Return a match as sure as it is: by a namesake's face, it never blocks."""
        return replace(match, blocks=False) if match.revocation_id in self._by_name else match

    @property
    def nobody(self) -> bool:
        """Whether nobody is in the register; see `is_nobody`."""
        return is_nobody(self.revocations, self.day)

    def in_force(self) -> list[Revocation]:
        """Return the revocations and holds that stand today."""
        return list(self._in_force)

    def every_signal_of(self, photo: Fingerprint) -> list[PersonMatch]:
        """Return all matches, also those of faces that somebody took for no person."""
        return [match for finder in self._finders for match in finder.find_in(photo, ()).matches]

    def decisions_on(self, photo: Fingerprint) -> list[PersonDecision]:
        """Return the decisions on a photo, those on photos it is a copy of before its own."""
        inherited = self._finders.copies.decisions_on(photo)
        return [*inherited, *self._decided.get(photo.sha256, ())]

    def facts(
        self, fingerprint: Fingerprint, events: tuple[Event, ...], posted_at: Sequence[str]
    ) -> PhotoFacts:
        """Return what the rules need of a photo, with the events of what it is a copy of."""
        limits = self._services.comparability
        taken = fingerprint.exif.taken_at
        local = None if taken is None else self._services.local(taken)
        maybe_on = frozenset() if local is None else days_meant(local)
        events = self._event_copies.events_of(fingerprint, events)
        sought = least_sought(DETECTION, fingerprint.width, fingerprint.height)
        named = [] if events else self._event_copies.named
        said = self.face_kinds.of(fingerprint)
        visible = [face for face in fingerprint.faces if is_recognizable(face, limits)]
        return PhotoFacts(
            sha256=fingerprint.sha256,
            faces=tuple(
                FaceInPhoto(
                    face.index,
                    face.box,
                    is_recognizable(face, limits),
                    is_comparable(face, limits)
                    and self._models <= face.encodings.keys()
                    and not self._off,
                    self._looked_for(fingerprint.sha256, face.box),
                    *self._kind(said.get(face.index)),
                )
                for face in fingerprint.faces
            ),
            events=events,
            posted_at=tuple(posted_at),
            taken_on=None if local is None else local.date(),
            maybe_of=frozenset(event.id for event in named),
            same_day_as=frozenset(event.id for event in named if event.held_on in maybe_on),
            maybe_on=maybe_on,
            turning=fingerprint.turning,
            frames=fingerprint.frames or 0,
            frames_seen=fingerprint.frames_seen or 0,
            least_face=0.0 if sought <= 1.0 else sought * limits.recognizable_px,
            faces_off=self._off,
            not_encoded=0 if self._off else sum(map(self._lacks_encoding, visible)),
            not_reached=0 if self._off else sum(map(was_not_reached, fingerprint.faces)),
        )

    def _lacks_encoding(self, face: Face) -> bool:
        return is_outline(face) or (
            face.quality.norm is not None and not self._models <= face.encodings.keys()
        )

    def _kind(self, said: FaceDecision | None) -> tuple[FaceKind, str]:
        """Return what a face is of, and who said so, in words."""
        if said is None:
            return FaceKind.PERSON, ""
        return said.kind, f"{said.actor.id} on {long_day(self._services.day(said.at))}"

    def _with_agreed_day(self, facts: PhotoFacts) -> PhotoFacts:
        """Return the facts of a photo that may show somebody, with what its folder says of its day.

        Only named events, and clocks that agree, let a photo pass: see `domain.days`.
        """
        if facts.sha256 is None or facts.taken_on is None:
            return facts
        agreed = self._days.agreed_day(facts.sha256, facts.taken_on)
        maybe_of = facts.maybe_of - {
            event.id for event in self._event_copies.named if clearly_apart(agreed, event.held_on)
        }
        return replace(facts, agreed_on=agreed, maybe_of=maybe_of)

    def _looked_for(self, sha256: str, box: Box) -> frozenset[str]:
        """Return the cases that somebody looked for in a face, and did not find."""
        looks = [
            look for look in self._looks if look.photo_sha256 == sha256 and same_face(look.box, box)
        ]
        last = {
            decision.revocation_id: decision.state
            for decision in self._decided.get(sha256, ())
            if same_face(decision.box, box)
        }
        rejected = {case for case, state in last.items() if state is DecisionState.REJECTED}
        if not looks or looks[-1].taken_back:
            return frozenset(rejected)
        at = looks[-1].at
        return frozenset(rejected | {case for case, on in self._known_since.items() if on <= at})

    def decide(
        self,
        facts: PhotoFacts,
        use: Use,
        photo: Fingerprint | None,
        region: Box | None = None,
        named: Sequence[PersonMatch] | None = None,
    ) -> Decision:
        """Judge a photo, or a part of it, for a use.

        The photo is None if it could not be read, the region for all of it; facts and photo are
        `cut_to` the region. `named` are those whose names stand in words about the photo;
        by default, as it was last checked.
        """
        if photo is None:
            matches: list[PersonMatch] = []
            decided = self._decided.get(facts.sha256 or "", [])
        else:
            matches, decided = self.signals_of(photo, facts.events)
        matches = [*matches, *(self.named_in(photo) if named is None else named)]
        if region is not None:
            matches = [found for found in matches if lies_in(region, found.match.box)]
            decided = [decision for decision in decided if lies_in(region, decision.box)]
        if (matches or decided) and self._limited:
            facts = self._with_agreed_day(facts)
        decision = decide(
            facts,
            use,
            matches=matches,
            decided=decided,
            in_force=self._in_force,
            consents=self.consents,
            policy=self._services.policy,
            day_of=self._services.day,
        )
        withheld = tuple(
            Reason(ReasonCode.REFERENCE_WITHHELD, None, label)
            for label in self.withheld(use)
            if any(face.recognizable for face in facts.faces)
        )
        nobody = (Reason(ReasonCode.NOTHING_TO_COMPARE, None),) if self.nobody else ()
        decision = replace(decision, notes=(*decision.notes, *withheld, *nobody))
        return lift(decision, facts, use, self._overrides, self.day).doubted(self.doubts)


def depends_on_day(case: Revocation) -> bool:
    """Say whether a revocation ever covered photos of some events, or of a time, only."""
    return any(
        step.terms is not None
        and (bool(step.terms.scope.event_ids) or step.terms.scope.period is not Period.BOTH)
        for step in case.history
    )


def cut_to(photo: Fingerprint, region: Box | None) -> Fingerprint:
    """Return a photo with only the faces in a part of it, numbered anew."""
    if region is None:
        return photo
    seen = [face for face in photo.faces if lies_in(region, face.box)]
    return replace(
        photo, faces=tuple(replace(face, index=index) for index, face in enumerate(seen))
    )


def lies_in(region: Box, box: Box | None) -> bool:
    """Say whether enough of a box lies in a part of a photo; what is of the whole photo does.

    Half a face is still a face: its eyes, or one side of it, are enough to know somebody by.
    """
    return box is None or region.shared_with(box) >= PLACING.least_shown * box.area


def _people(
    unit: UnitOfWork, revocations: Sequence[Revocation], within: Concern | None
) -> tuple[Sequence[Revocation], list[Template], list[PersonDecision]]:
    """Return whom photos are compared with, their references, and the decisions that matter."""
    if within is None:
        return revocations, unit.register.templates(), unit.decisions.person_decisions()
    cases = [case for case in revocations if case.id in within.cases]
    # What is known of a person by another case counts as well.
    known = unit.register.of_same_people(within.cases)
    templates = [template for case in sorted(known) for template in unit.register.templates(case)]
    decided = unit.decisions.person_decisions(photos=within.photos, cases=known)
    return cases, templates, decided


def _known_since(
    revocations: Sequence[Revocation], newest: Mapping[str, datetime]
) -> dict[str, datetime]:
    """Return since when each case can be looked for as well as today: its newest reference."""
    return {
        case.id: max(case.entered_at, newest.get(case.id, case.entered_at)) for case in revocations
    }


def _seen_here(found: Sequence[PersonMatch], decided: Sequence[PersonDecision]) -> set[str]:
    """Return the cases that a photo may show by more than its scene, as decisions stand."""
    last = latest_of_each(decided)
    rejected = [decision for decision in last if decision.state is DecisionState.REJECTED]
    confirmed = {
        decision.revocation_id for decision in last if decision.state is DecisionState.CONFIRMED
    }
    matched = {
        match.revocation_id
        for match in found
        if not any(
            no.revocation_id == match.revocation_id and same_face(no.box, match.match.box)
            for no in rejected
        )
    }
    return confirmed | matched
