"""Which published copies must be judged again, by what the log says since all were judged."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from consent.domain.log import BESIDE_PHOTOS, OF_A_CASE, Action, Entry
from consent.matching.made_by import made_by
from consent.matching.register_snapshot import depends_on_day
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from consent.takedowns.may_show import photos_that_may_show
from media_index.hashing.keypoints import KnownFeatures
from media_index.matching.copies import KnownPhotos

# Goes up with every change of what blocks, so that all is judged anew.
_RULES = 1
# The copies of more cases than this are found sooner by judging all.
_MANY = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """The register by which every published copy was judged.

    Attributes:
        made_by: what else it was judged by.
        sequence: the last entry of the log that was taken into account.
        day: on the library's calendar.
    """

    made_by: str
    sequence: int
    day: date


def judged_now(services: Services, unit: UnitOfWork) -> Judged:
    """Return the register as it stands."""
    return Judged(made_by(services, _RULES), unit.audit.last_sequence(), services.today())


@dataclass(slots=True)
class _Touched:
    """What may be judged otherwise now.

    Attributes:
        cases: by id.
        photos: by SHA-256.
        faces: photos of which somebody said what a face is of: their copies and parts, too.
        pieces: print pieces whose photos are others, or shown otherwise.
        limited: every case that covers photos of some events, or of a time, only.
        everything: all of it.
    """

    cases: set[str] = field(default_factory=set)
    photos: set[str] = field(default_factory=set)
    faces: set[str] = field(default_factory=set)
    pieces: set[str] = field(default_factory=set)
    limited: bool = False
    everything: bool = False


def _case(touched: _Touched, entry: Entry) -> None:
    touched.cases.add(entry.subject)


def _face(touched: _Touched, entry: Entry) -> None:
    touched.faces.add(entry.subject)


def _photo(touched: _Touched, entry: Entry) -> None:
    touched.photos.add(str(entry.details.get("photo")))


def _piece(touched: _Touched, entry: Entry) -> None:
    touched.pieces.add(entry.subject)


def _limited(touched: _Touched, entry: Entry) -> None:
    del entry
    touched.limited = True


def _none(touched: _Touched, entry: Entry) -> None:
    """Change no verdict that blocks."""


_CONCERNS: dict[str, Callable[[_Touched, Entry], None]] = {
    Action.SIGHTING_DECIDED: _case,
    **dict.fromkeys(OF_A_CASE, _case),
    Action.FACE_DECIDED: _face,
    Action.OVERRIDE_GRANTED: _photo,
    Action.OVERRIDE_WITHDRAWN: _photo,
    Action.PUBLICATION_RECORDED: _photo,
    Action.PIECE_OPENED: _piece,
    Action.PIECE_PLACED: _piece,
    Action.PIECE_MOVED: _piece,
    # What folders and events say of the day of a photo.
    Action.EVENT_CREATED: _limited,
    Action.EVENT_JOINED: _limited,
    Action.EVENT_CORRECTED: _limited,
    Action.INDEX_PHOTOS_ADDED: _limited,
    **dict.fromkeys(
        (
            *BESIDE_PHOTOS,
            Action.CLEARANCE_GIVEN,
            Action.FACE_LOOKED_AT,
            Action.PIECE_AUDITED,
            Action.POST_CANCELLED,
            Action.POST_SCHEDULED,
            Action.PUBLICATION_UNDONE,
            Action.VERBAL_CONSENT_RECORDED,
            Action.VERBAL_CONSENT_TAKEN_BACK,
        ),
        _none,
    ),
}


def to_judge_again(
    services: Services, unit: UnitOfWork, before: Judged | None, published: Collection[str]
) -> set[str]:
    """Return those of some published photos whose verdicts may be others than they were.

    What an entry of the log does is looked up; one that is not in the table concerns all.
    """
    now = judged_now(services, unit)
    if before is None or before.made_by != now.made_by or before.sequence > now.sequence:
        return set(published)
    touched = _Touched()
    for entry in unit.audit.entries_after(before.sequence):
        concern = _CONCERNS.get(entry.action)
        if concern is None:
            return set(published)
        concern(touched, entry)
    _add_what_days_changed(unit, touched, before.day, now.day)
    touched.cases = unit.register.of_same_people(touched.cases)
    if len(touched.cases) > _MANY:
        return set(published)
    in_pieces = {
        placed.photo_sha256
        for piece in sorted(touched.pieces)
        for placed in unit.pieces.placed(piece)
        if placed.photo_sha256 is not None
    }
    again = set(published) & (touched.photos | in_pieces)
    again |= _copies_and_parts(unit, touched.faces, set(published) - again)
    for case in unit.register.by_ids(sorted(touched.cases)):
        again |= photos_that_may_show(services, unit, case, set(published) - again)
    return again


def _add_what_days_changed(unit: UnitOfWork, touched: _Touched, then: date, today: date) -> None:
    """Add what begins or ends by itself: amendments, holds, terms, overrides."""
    if then == today and not touched.limited:
        return
    for case in unit.register.revocations():
        if (touched.limited and depends_on_day(case)) or (
            case.state(then) != case.state(today) or case.terms_on(then) != case.terms_on(today)
        ):
            touched.cases.add(case.id)
    touched.photos |= {
        override.photo_sha256
        for override in unit.decisions.overrides()
        if override.in_force(then) != override.in_force(today)
    }


def _copies_and_parts(
    unit: UnitOfWork, photos: Collection[str], among: Collection[str]
) -> set[str]:
    """Return those that are one of some photos, a copy of one, or share a part with one."""
    found = set(photos) & set(among)
    if not photos or not among:
        return found
    hashes = unit.photos.hashes(sorted(among))
    known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])
    for _, whole, trimmed in unit.photos.hashes(sorted(photos)):
        found |= {hashes[copy.index][0] for copy in known.copies_of(whole, trimmed)}
    spots = KnownFeatures([each for _, each in unit.photos.features(sorted(photos))])
    for sha256, features in unit.photos.features(sorted(set(among) - found)):
        if spots.search(features):
            found.add(sha256)
    return found
