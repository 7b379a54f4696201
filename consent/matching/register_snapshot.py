"""The register as it stands, ready to be compared with photos; loaded once per check."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from consent.domain.days import clearly_apart, days_meant
from consent.domain.decide import IN_FORCE, decide
from consent.domain.decisions import DecisionState, latest_of_each, same_face
from consent.domain.override_rules import lift
from consent.domain.terms import Period
from consent.domain.verdicts import FaceInPhoto, PersonMatch, PhotoFacts
from consent.matching.copies import CopyFinder, EventCopies
from consent.matching.days import FolderDays
from consent.matching.expansion import CloseMatches, expanded_gallery, only_in_second
from consent.matching.gallery import Gallery, Pictured
from consent.matching.same_scene import Scenes
from media_index.faces.quality import is_comparable, is_recognisable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from consent.domain.cases import Revocation, Template
    from consent.domain.channels import Use
    from consent.domain.decisions import PersonDecision, VerbalConsent
    from consent.domain.verdicts import Decision
    from consent.services import Services
    from consent.storage.unit_of_work import UnitOfWork
    from media_index.types import Box, Event, Fingerprint

# Of a face's box, to be in a part of a photo. A trial with cut photos: of a face of which half is
# left, be it the eyes or one side, the encoders still find the person.
_LEAST_SHOWN = 0.25


class RegisterSnapshot:
    """Revocations, decisions and templates at one register version."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        """Load the register inside a unit of work.

        Args:
            services: policy, calibration, comparability.
            unit: open; not kept.
        """
        self._services = services
        self._models = set(services.calibration.scales)
        self.version = unit.audit.register_version()
        self.revocations: list[Revocation] = unit.register.revocations()
        templates = unit.register.templates()
        on = pictured(services, unit, self.revocations, templates)
        self.gallery = Gallery(templates, services.calibration, services.policy.matching, on)
        self._with_face = {
            one.revocation_id for one in templates if self._models <= set(one.encodings)
        }
        decided = unit.decisions.sightings()
        close = services.memory.of(CloseMatches).of(services, unit, templates, decided)
        self._expanded = expanded_gallery(services, templates, on, close)
        self._sightings = _by_photo(decided)
        self._looks = unit.decisions.looks()
        self._known_since = _known_since(self.revocations, templates)
        self.consents: list[VerbalConsent] = unit.decisions.consents()
        self._overrides = unit.decisions.overrides()
        self._decided = CopyFinder(services, unit, self._sightings, self.gallery)
        self._event_copies = EventCopies(services, unit, self.revocations)
        self._days = FolderDays(services)
        # Whether anybody's revocation depends on when a photo was taken.
        self._limited = any(
            step.terms is not None
            and (step.terms.scope.event_ids or step.terms.scope.period is not Period.BOTH)
            for case in self.revocations
            for step in case.history
        )
        self.scenes = Scenes(services, unit, still_confirmed(decided), self.revocations)

    def without_face(self, use: Use) -> tuple[str, ...]:
        """Return the labels of those whom no comparison can find, and whom the use concerns."""
        today = self._services.today()
        return tuple(
            case.label
            for case in self.revocations
            if case.id not in self._with_face
            and case.state(today) in IN_FORCE
            and case.terms_on(today).scope.covers_channel(use.channel)
        )

    def signals_of(
        self, photo: Fingerprint, events: Sequence[Event]
    ) -> tuple[list[PersonMatch], list[PersonDecision]]:
        """Compare a photo with the register.

        Returns:
            Matches by its faces (alone, then beside close ones), as a copy of known photos, and by
            its scene; and the decisions on it, oldest first, those on photos that it is a copy of
            before its own.
        """
        inherited = self._decided.inherited(photo)
        decided = [*inherited.sightings, *self._sightings.get(photo.sha256, ())]
        found = [*self.faces_of(photo), *inherited.matches]
        here = _seen_here(found, decided)
        nearby = self.scenes.near(photo.sha256, photo.exif.taken_at, events)
        return [*found, *(one for one in nearby if one.revocation_id not in here)], decided

    def faces_of(self, photo: Fingerprint) -> Iterator[PersonMatch]:
        """Yield the matches of faces: with the references alone, then beside close matches."""
        alone, together = (
            [(photo.sha256, one) for one in gallery.of_faces(photo.faces, photo.exif.taken_at)]
            for gallery in (self.gallery, self._expanded)
        )
        for _, one in (*alone, *only_in_second(alone, together)):
            yield one

    def decisions_on(self, photo: Fingerprint) -> list[PersonDecision]:
        """Return the decisions on a photo, those on photos it is a copy of before its own."""
        inherited = self._decided.inherited(photo).sightings
        return [*inherited, *self._sightings.get(photo.sha256, ())]

    def facts(
        self, fingerprint: Fingerprint, events: tuple[Event, ...], posted_at: Sequence[str]
    ) -> PhotoFacts:
        """Return what the rules need of a photo, with the events of what it is a copy of."""
        limits = self._services.comparability
        taken = fingerprint.exif.taken_at
        local = None if taken is None else self._services.local(taken)
        maybe_on = frozenset() if local is None else days_meant(local)
        events = self._event_copies.events_of(fingerprint, events)
        named = [] if events else self._event_copies.named
        return PhotoFacts(
            sha256=fingerprint.sha256,
            faces=tuple(
                FaceInPhoto(
                    face.index,
                    face.box,
                    is_recognisable(face, limits),
                    is_comparable(face, limits) and self._models <= set(face.encodings),
                    self._looked_for(fingerprint.sha256, face.box),
                )
                for face in fingerprint.faces
            ),
            events=events,
            posted_at=tuple(posted_at),
            taken_on=None if local is None else local.date(),
            maybe_of=frozenset(event.id for event in named),
            same_day_as=frozenset(event.id for event in named if event.held_on in maybe_on),
            maybe_on=maybe_on,
        )

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
            one for one in self._looks if one.photo_sha256 == sha256 and same_face(one.box, box)
        ]
        last = {
            one.revocation_id: one.state
            for one in self._sightings.get(sha256, ())
            if same_face(one.box, box)
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
    ) -> Decision:
        """Judge a photo, or a part of it, for a use.

        Args:
            facts: of the photo.
            use: what it is wanted for.
            photo: what the index holds of it; None if it could not be read.
            region: the part that is used; None for all of it. Facts and photo are `cut_to` it.
        """
        today = self._services.today()
        if photo is None:
            matches: list[PersonMatch] = []
            decided = self._sightings.get(facts.sha256 or "", [])
        else:
            matches, decided = self.signals_of(photo, facts.events)
        if region is not None:
            matches = [one for one in matches if lies_in(region, one.match.box)]
            decided = [one for one in decided if lies_in(region, one.box)]
        if (matches or decided) and self._limited:
            facts = self._with_agreed_day(facts)
        decision = decide(
            facts,
            use,
            matches=matches,
            sightings=decided,
            revocations=self.revocations,
            consents=self.consents,
            policy=self._services.policy,
            today=today,
        )
        return lift(decision, facts, use, self._overrides, today)


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
    return box is None or region.shared_with(box) >= _LEAST_SHOWN * box.width * box.height


def pictured(
    services: Services,
    unit: UnitOfWork,
    revocations: Sequence[Revocation],
    templates: Sequence[Template],
) -> dict[str, Pictured]:
    """Return when everybody's reference faces were taken.

    Returns:
        By revocation id, for those who have any.
    """
    taken = unit.photos.taken_at([one.photo_sha256 for one in templates])
    at: dict[str, set[datetime]] = defaultdict(set)
    for one in templates:
        at[one.revocation_id].add(taken.get(one.photo_sha256) or one.added_at)
    now = services.now()
    return {
        case.id: Pictured(case.person.minor, frozenset(at[case.id]), now)
        for case in revocations
        if case.id in at
    }


def _known_since(
    revocations: Sequence[Revocation], templates: Sequence[Template]
) -> dict[str, datetime]:
    """Return since when each case can be looked for as well as today: its newest reference."""
    since = {case.id: case.history[0].at for case in revocations}
    for one in templates:
        since[one.revocation_id] = max(since[one.revocation_id], one.added_at)
    return since


def still_confirmed(sightings: Sequence[PersonDecision]) -> list[PersonDecision]:
    """Return the confirmations that no later decision on the same face has taken back."""
    return [one for one in latest_of_each(sightings) if one.state is DecisionState.CONFIRMED]


def _seen_here(found: Sequence[PersonMatch], decided: Sequence[PersonDecision]) -> set[str]:
    """Return the cases that a photo may show by more than its scene, as decisions stand."""
    last = latest_of_each(decided)
    rejected = [one for one in last if one.state is DecisionState.REJECTED]
    confirmed = {one.revocation_id for one in last if one.state is DecisionState.CONFIRMED}
    matched = {
        one.revocation_id
        for one in found
        if not any(
            other.revocation_id == one.revocation_id and same_face(other.box, one.match.box)
            for other in rejected
        )
    }
    return confirmed | matched


def _by_photo(sightings: Sequence[PersonDecision]) -> dict[str, list[PersonDecision]]:
    found: dict[str, list[PersonDecision]] = defaultdict(list)
    for sighting in sightings:
        found[sighting.photo_sha256].append(sighting)
    return found
