"""Every indexed photo that may show a person: of a recorded case, or of faces not yet recorded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from consent.domain.decisions import DecisionState, last_on
from consent.domain.log import Action
from consent.matching.expansion import CloseMatches, expanded_gallery
from consent.matching.gallery import Gallery, passing_template
from consent.matching.index_scan import index_matches
from consent.matching.register_snapshot import pictured, still_confirmed
from media_index.matching.scores import KnownPhotos
from media_index.types import Box, Match, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consent.domain.actors import Actor
    from consent.domain.cases import Revocation, Template
    from consent.domain.decisions import PersonDecision
    from consent.domain.intake import ReferenceFace
    from consent.domain.publications import Publication
    from consent.services import Services
    from consent.storage.unit_of_work import UnitOfWork
    from media_index.types import Event

STALE = "{count:,} photos could not be compared before the index is renewed: likeness renew."


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that may show the person.

    Attributes:
        sha256: the photo.
        paths: where it was seen.
        events: it belongs to.
        match: the best signal in it.
        state: what a person said of it; None if nobody did, or took it back.
        published: where it was published.
    """

    sha256: str
    paths: tuple[str, ...]
    events: tuple[Event, ...]
    match: Match
    state: DecisionState | None
    published: tuple[Publication, ...] = ()

    @property
    def name(self) -> str:
        """What to call the photo: by its file, where there still is one."""
        if self.paths:
            return PurePath(self.paths[0]).name
        return f"Photo {self.sha256[:12]}" if self.published else "Reference photo"


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep found, best first.

    Attributes:
        label: of the case; empty for faces not yet recorded.
        hits: photos.
        photos: how many were searched.
        stale: of these, photos with faces of another encoder: not compared before the index is
            renewed.
    """

    label: str
    hits: tuple[Hit, ...]
    photos: int
    stale: int = 0

    @property
    def published(self) -> int:
        """How many of the photos found were published."""
        return sum(bool(hit.published) for hit in self.hits)


def sweep(services: Services, label: str, actor: Actor) -> SweepReport:
    """Search the index for a revoked person.

    Args:
        services: adapters.
        label: such as R-0042.
        actor: who asks.

    Raises:
        NotFoundError: there is no such case.
    """
    with services.reading() as unit:
        case = unit.register.find(label)
        decided = [one for one in unit.decisions.sightings() if one.revocation_id == case.id]
        report = _search(services, unit, unit.register.templates(case.id), decided, case)
    with services.writing() as unit:
        unit.audit.append(
            Action.SWEEP_RUN,
            case.id,
            actor,
            services.now(),
            {"hits": len(report.hits)},
        )
        unit.commit()
    return report


def preview(services: Services, faces: Sequence[ReferenceFace]) -> SweepReport:
    """Search the index for faces that are not recorded yet; nothing is kept."""
    templates = [
        passing_template("preview", found.photo.sha256, found.face, services.now())
        for found in faces
    ]
    with services.reading() as unit:
        return _search(services, unit, templates, [], None)


def _search(
    services: Services,
    unit: UnitOfWork,
    templates: Sequence[Template],
    decided: Sequence[PersonDecision],
    case: Revocation | None,
) -> SweepReport:
    on = pictured(services, unit, [case] if case else [], templates)
    gallery = Gallery(templates, services.calibration, services.policy.matching, on)
    # Of faces that are not recorded nothing is remembered.
    known = services.memory.of(CloseMatches) if case else CloseMatches()
    close = known.of(services, unit, templates, decided)
    expanded = expanded_gallery(services, templates, on, close)
    best: dict[str, Match] = {}
    alone = ((sha256, one.match) for sha256, one in index_matches(services, unit, gallery))
    for sha256, match in (*alone, *_copies(unit, decided)):
        if sha256 not in best or _strength(match) > _strength(best[sha256]):
            best[sha256] = match
    for sha256, one in index_matches(services, unit, expanded):
        best.setdefault(sha256, one.match)
    for sighting in still_confirmed(decided):
        best.setdefault(sighting.photo_sha256, _by_hand(sighting))
    places = unit.photos.places_of(list(best))
    events = unit.photos.events_of(list(best))
    published: dict[str, list[Publication]] = defaultdict(list)
    for copy in unit.publications.all(list(best)):
        published[copy.photo_sha256].append(copy)
    hits = [
        Hit(
            sha256,
            tuple(places.get(sha256, ())),
            events.get(sha256, ()),
            match,
            _state(sha256, match.box, decided),
            tuple(published[sha256]),
        )
        for sha256, match in best.items()
        # A photo without a place is a reference that was handed in, not one of the library's;
        # unless it is out, and its file was moved away.
        if places.get(sha256) or published[sha256]
    ]
    hits.sort(key=lambda hit: _strength(hit.match), reverse=True)
    return SweepReport(
        case.label if case else "",
        tuple(hits),
        unit.photos.counts()["photos"],
        unit.photos.stale_photos(list(services.calibration.scales)),
    )


def _copies(unit: UnitOfWork, decided: Sequence[PersonDecision]) -> Iterator[tuple[str, Match]]:
    confirmed = [sighting.photo_sha256 for sighting in still_confirmed(decided)]
    if not confirmed:
        return
    photos = unit.photos.fingerprints(confirmed)
    known = KnownPhotos([(one.hashes, one.trimmed_hashes) for one in photos.values()])
    every = unit.photos.hashes()
    library = KnownPhotos([(whole, inner) for _, whole, inner in every])
    # A distance is the same both ways: the few that are near any are compared once more.
    near = {
        copy.place
        for one in photos.values()
        for copy in library.copies_of(one.hashes, one.trimmed_hashes)
    }
    for sha256, hashes, trimmed in (every[place] for place in sorted(near)):
        for copy in known.copies_of(hashes, trimmed)[:1]:
            if sha256 not in photos:
                yield (
                    sha256,
                    Match(Signal.NEAR_DUPLICATE, copy.bits, copy.threshold, copy.unit, copy.method),
                )


def _by_hand(sighting: PersonDecision) -> Match:
    return Match(Signal.MANUAL, 1.0, 1.0, "confirmed by a person", "person", None, sighting.box)


def _strength(match: Match) -> tuple[int, float]:
    """Order signals: what a person confirmed, copies, then faces by score."""
    order = {Signal.MANUAL: 3, Signal.EXACT: 3, Signal.NEAR_DUPLICATE: 1}
    if match.signal is Signal.FACE:
        return 2, match.score
    return order.get(match.signal, 0), -match.score


def _state(
    sha256: str,
    box: Box | None,
    decided: Sequence[PersonDecision],
) -> DecisionState | None:
    last = last_on(box, [one for one in decided if one.photo_sha256 == sha256])
    return None if last is None or last.state is DecisionState.SUGGESTED else last.state
