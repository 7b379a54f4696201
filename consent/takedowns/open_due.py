"""Open a takedown for every published copy that a revocation blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from consent.domain.actors import Actor, Role
from consent.domain.cases import Revocation
from consent.domain.changes import RegisterChanged
from consent.domain.log import Action
from consent.domain.publications import Publication
from consent.domain.takedowns import Takedown, TakedownEvent, TakedownState
from consent.domain.verdicts import Verdict
from consent.matching.printed import Placed, as_printed
from consent.matching.register_snapshot import Concern, RegisterSnapshot, cut_to
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from consent.takedowns.judged import Judged, judged_now, to_judge_again
from consent.takedowns.may_show import photos_that_may_show
from consent.takedowns.print_copies import (
    CopyKey,
    PrintCopy,
    print_copies,
    with_originals,
    with_pictures,
)
from media_index.matching.copies import KnownPhotos

Progress = Callable[[int, int], None]

# Publications judged per read.
_BLOCK = 50
_BY_ITSELF = Actor("likeness", Role.ADMIN)


def open_due_takedowns(
    services: Services, change: RegisterChanged, tell: Progress | None = None
) -> list[Takedown]:
    """Open a takedown for every published copy that a revocation blocks and that has none.

    What only may show somebody waits for a person to confirm it. `tell` is told how many copies
    were looked at, of how many.
    """
    photos = change.photos
    if photos is not None and change.with_copies:
        photos = published_copies(services, photos)
        if not photos:
            return []
    with services.reading() as unit:
        out = _published(services, unit, change.actor, photos)
        published, within = out.published, None
        if change.label is not None and published:
            case = unit.register.find(change.label)
            if change.photos is None:
                shown = photos_that_may_show(services, unit, case, out.with_pictures)
                shown = with_originals(shown, out.copies.values())
                published = [made for made in published if made.photo_sha256 in shown]
            else:
                person = unit.register.of_same_people({case.id})
                within = Concern(frozenset(person), frozenset(out.with_pictures), alone=True)
        due = [
            (made, case)
            for made, case in _blocked(services, unit, published, out.copies, tell, within)
            if within is not None or change.label in {None, case.label}
        ]
    return _open_all(services, due, out.copies, change.actor)


def open_takedowns_of_today(
    services: Services, before: Judged | None = None, tell: Progress | None = None
) -> tuple[list[Takedown], Judged]:
    """Open what is due without anybody's having entered anything; once a day is enough.

    A revocation begins on its day, and what was interrupted, or is found by the parts it shows
    only, is made up for. Only what changed since `before` is judged: all where that is None.
    Returns what was opened, and the register by which all are judged now.
    """
    with services.holding_faces(), services.reading() as unit:
        now = judged_now(services, unit)
        out = _published(services, unit, _BY_ITSELF, None)
        again = to_judge_again(services, unit, before, out.with_pictures)
        again = with_originals(again, out.copies.values())
        published = [made for made in out.published if made.photo_sha256 in again]
        due = list(_blocked(services, unit, published, out.copies, tell))
    return _open_all(services, due, out.copies, _BY_ITSELF), now


@dataclass(frozen=True, slots=True)
class _Published:
    """What is out, or stands in a print piece as if it was."""

    published: list[Publication]
    copies: Mapping[CopyKey, PrintCopy]

    @property
    def photos(self) -> set[str]:
        return {made.photo_sha256 for made in self.published}

    @property
    def with_pictures(self) -> set[str]:
        return with_pictures(self.photos, self.copies.values())


def _published(
    services: Services, unit: UnitOfWork, actor: Actor, photos: Sequence[str] | None
) -> _Published:
    copies = print_copies(unit)
    published = [*unit.publications.all(photos, planned=True)]
    kept = {made.key for made in published}
    wanted = None if photos is None else set(photos)
    published += [
        copy.as_planned(services.today(), actor)
        for key, copy in copies.items()
        if not copy.printed and key not in kept and (wanted is None or key[2] in wanted)
    ]
    return _Published(published, copies)


def _open_all(
    services: Services,
    due: Sequence[tuple[Publication, Revocation]],
    copies: Mapping[CopyKey, PrintCopy],
    actor: Actor,
) -> list[Takedown]:
    """Open a takedown for each copy and case that have none."""
    if not due:
        return []
    with services.writing() as unit:
        known = {
            (takedown.publication_id, takedown.revocation_id) for takedown in unit.takedowns.all()
        }
        photos = sorted({made.photo_sha256 for made, _ in due})
        # Meanwhile somebody may have undone one.
        mistaken = {undone.publication_id for undone in unit.publications.undone()}
        due = [(made, case) for made, case in due if made.id not in mistaken]
        kept_ids = {made.id for made in unit.publications.all(photos, planned=True)}
        for made in dict.fromkeys(made for made, _ in due if made.id not in kept_ids):
            unit.publications.add(made, services.now())
        opened = [
            _open(services, unit, made, case, actor, copies.get(made.key))
            for made, case in due
            if (made.id, case.id) not in known
        ]
        unit.commit()
    return opened


def anything_published(services: Services) -> bool:
    """Say whether anything is out or stands in a print piece, so that it may have to come down."""
    with services.reading() as unit:
        return unit.publications.any() or bool(print_copies(unit))


@contextmanager
def noting_opened(services: Services, actor: Actor) -> Iterator[list[Takedown]]:
    """Note which takedowns a step of somebody opens, to show them.

    Yields a list that holds them once the step is done, without what others opened meanwhile.
    """
    opened: list[Takedown] = []
    with services.reading() as unit:
        first = unit.takedowns.next_number()
    yield opened
    with services.reading() as unit:
        every = unit.takedowns.all()
    opened += [
        takedown
        for takedown in every
        if takedown.number >= first and takedown.history[0].actor == actor
    ]


def published_copies(services: Services, photos: Sequence[str]) -> tuple[str, ...]:
    """Return those of some photos, and of their copies, that were published, or are in print."""
    if not photos:
        return ()
    with services.reading() as unit:
        out = {made.photo_sha256 for made in unit.publications.all(planned=True)}
        copies = print_copies(unit).values()
        out |= {copy.photo_sha256 for copy in copies}
        published = sorted(with_pictures(out, copies))
        if not published:
            return ()
        hashes = unit.photos.hashes(published)
        known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])
        asked = unit.photos.hashes(photos)
    found = set(photos) & set(published)
    for _, whole, trimmed in asked:
        found |= {hashes[copy.index][0] for copy in known.copies_of(whole, trimmed)}
    return tuple(sorted(with_originals(found, copies) & out))


def _blocked(
    services: Services,
    unit: UnitOfWork,
    published: Sequence[Publication],
    copies: Mapping[CopyKey, PrintCopy],
    tell: Progress | None,
    within: Concern | None = None,
) -> Iterator[tuple[Publication, Revocation]]:
    """Yield each publication with each case that blocks it; in print, what of it is shown."""
    if not published:
        return
    view = RegisterSnapshot(services, unit, within=within)
    cases = {
        case.label: case for case in view.revocations if within is None or case.id in within.cases
    }
    known = {channel.id for channel in services.policy.channels}
    for start in range(0, len(published), _BLOCK):
        block = [made for made in published[start : start + _BLOCK] if made.channel in known]
        shas = list({made.photo_sha256 for made in block})
        shown = [copies[made.key] for made in block if made.key in copies]
        photos = unit.photos.with_features(list(with_pictures(shas, shown)))
        events = unit.events.of_photos(shas)
        if tell is not None:
            tell(start, len(published))
        for made in block:
            photo = photos.get(made.photo_sha256)
            if photo is None:
                continue
            use = services.policy.use(f"{made.channel}:{made.issue}")
            copy = copies.get(made.key)
            blocking = set()
            for region, picture in copy.shown if copy is not None else ((None, None),):
                seen, of = cut_to(photo, region), events.get(photo.sha256, ())
                facts = view.facts(seen, of, (made.url,))
                decision = view.decide(facts, use, seen, region)
                printed = photos.get(picture or "")
                if printed is not None and printed.sha256 != photo.sha256:
                    original = Placed(photo, region, of, facts)
                    decision = as_printed(view, use, printed, original, decision)
                blocking |= {
                    reason.revocation
                    for reason in decision.reasons
                    if reason.verdict is Verdict.BLOCKED
                }
            yield from ((made, case) for label, case in cases.items() if label in blocking)


def _open(
    services: Services,
    unit: UnitOfWork,
    made: Publication,
    case: Revocation,
    actor: Actor,
    copy: PrintCopy | None,
) -> Takedown:
    now, today = services.now(), services.today()
    safety = case.terms_on(today).safety
    days = services.policy.takedowns.days_for(services.policy.channel(made.channel), safety=safety)
    usual = today + timedelta(days=days)
    takedown = Takedown(
        id=uuid4().hex,
        number=unit.takedowns.next_number(),
        publication_id=made.id,
        revocation_id=case.id,
        due_on=usual if copy is None else copy.due_on(usual, today),
        safety=safety,
        history=(TakedownEvent(now, actor, TakedownState.FOUND),),
    )
    unit.takedowns.open(takedown)
    details = {"takedown": takedown.label, "publication": made.id}
    unit.audit.append(Action.TAKEDOWN_OPENED, case.id, actor, now, details)
    return takedown
