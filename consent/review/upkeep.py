"""The review queue is kept up: each entry of the log touches what it concerns, and nothing else.

What the log says since the queue was last kept up tells which cases, photos and checks have to be
looked at again. Whatever is not known to be without effect makes all of it anew, so that the table
never lacks what `consent.review.asked` would work out from nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from consent.domain.decide import IN_FORCE
from consent.domain.decisions import DecisionState
from consent.domain.errors import ConflictError
from consent.domain.faces import Faces
from consent.domain.log import BESIDE_PHOTOS, OF_A_CASE, Action, Entry
from consent.domain.review import CaseSearch, Origin, Pair, ReviewState
from consent.matching.index_scan import IndexScan
from consent.matching.known_photos import DecidedPhotosKept, search_spots
from consent.matching.made_by import made_by
from consent.matching.one_person import decisions_about
from consent.matching.register_snapshot import depends_on_day
from consent.matching.trials import compared, try_references
from consent.review.asked import (
    Settled,
    checked_after,
    dated,
    in_force,
    of_checks,
    of_nearby,
    of_suspects,
    photo_dates,
)
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.hashing.keypoints import KnownFeatures
from media_index.matching.copies import KnownPhotos

# Goes up with every change of what is asked, so that older tables are made anew.
_RULES = 1
# Others write meanwhile, and a queue that was worked out for an older table is worked out again.
_TRIES = 5
# Comparisons of a face with a reference that take a second or two.
_QUICKLY = 20_000_000

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Touched:
    """What has to be looked at again.

    Attributes:
        decided: by case, the photos that somebody decided on.
        cases: those whose terms, state or references are others now.
        photos: checked ones.
        faces: photos of which somebody said what a face is of.
        of_checks: all checked ones.
        private: checked ones of events that were not in a public space.
        published: photos that were published, or of which that was taken back.
        pieces: a print piece was moved on, whichever photos are in it.
        grown: the index has.
        everything: all of it.
    """

    decided: dict[str, set[str]] = field(default_factory=dict)
    cases: set[str] = field(default_factory=set)
    photos: set[str] = field(default_factory=set)
    faces: set[str] = field(default_factory=set)
    of_checks: bool = False
    private: bool = False
    published: set[str] = field(default_factory=set)
    pieces: bool = False
    grown: bool = False
    everything: bool = False


def _decision(touched: _Touched, entry: Entry) -> None:
    touched.decided.setdefault(entry.subject, set()).add(str(entry.details.get("photo")))


def _case(touched: _Touched, entry: Entry) -> None:
    touched.cases.add(entry.subject)


def _look(touched: _Touched, entry: Entry) -> None:
    touched.photos.add(entry.subject)


def _face(touched: _Touched, entry: Entry) -> None:
    touched.faces.add(entry.subject)


def _override(touched: _Touched, entry: Entry) -> None:
    touched.photos.add(str(entry.details.get("photo")))


def _answer(touched: _Touched, entry: Entry) -> None:
    del entry
    touched.private = True


def _event(touched: _Touched, entry: Entry) -> None:
    del entry
    touched.of_checks = True


def _index(touched: _Touched, entry: Entry) -> None:
    del entry
    touched.grown = True


def _publication(touched: _Touched, entry: Entry) -> None:
    touched.published.add(str(entry.details.get("photo")))


def _piece(touched: _Touched, entry: Entry) -> None:
    del entry
    touched.pieces = True


def _none(touched: _Touched, entry: Entry) -> None:
    """Which checks were made since is asked of the checks themselves."""


_CONCERNS: dict[str, Callable[[_Touched, Entry], None]] = {
    Action.SIGHTING_DECIDED: _decision,
    **dict.fromkeys(OF_A_CASE, _case),
    Action.FACE_LOOKED_AT: _look,
    Action.FACE_DECIDED: _face,
    Action.OVERRIDE_GRANTED: _override,
    Action.OVERRIDE_WITHDRAWN: _override,
    Action.VERBAL_CONSENT_RECORDED: _answer,
    Action.VERBAL_CONSENT_TAKEN_BACK: _answer,
    Action.EVENT_JOINED: _event,
    Action.EVENT_CORRECTED: _event,
    Action.INDEX_PHOTOS_ADDED: _index,
    Action.PUBLICATION_RECORDED: _publication,
    Action.PUBLICATION_UNDONE: _publication,
    Action.PUBLICATIONS_IMPORTED: _piece,
    Action.POST_SCHEDULED: _publication,
    Action.POST_CANCELLED: _publication,
    Action.PIECE_MOVED: _piece,
    **dict.fromkeys(
        (
            *BESIDE_PHOTOS,
            Action.EVENT_CREATED,
            Action.PIECE_OPENED,
            Action.PIECE_PLACED,
            Action.PIECE_AUDITED,
            Action.CLEARANCE_GIVEN,
        ),
        _none,
    ),
}


# Where encodings are not kept, many files are read again after these.
_READING_FILES = frozenset({_case, _event, _index, _answer})


def has_to_be_made(services: Services) -> bool:
    """Say whether to bring the table up takes so long that nobody should wait for it.

    In a large home, before it was ever made, each day, and after what makes all of it anew.
    """
    with services.reading() as unit:
        state = unit.review.state()
        reads = unit.faces.mode() is Faces.REGISTER and bool(unit.register.template_ids())
        if (
            state is not None
            and state.version == made_by(services, _RULES)
            and state.day == services.today()
            and all(
                entry.action in _CONCERNS
                and not (reads and _CONCERNS[entry.action] in _READING_FILES)
                for entry in unit.audit.entries_after(state.sequence)
            )
        ):
            return False
        return reads or unit.photos.last_face() * len(unit.register.template_ids()) > _QUICKLY


def keep_up(services: Services, tell: Progress | None = None) -> ReviewState:
    """Bring the table up to what the log says, and return how far that is.

    `tell` is told how many faces were compared, of how many.

    It is worked out while others may write; then written, unless somebody else has been quicker.

    Raises:
        ConflictError: others wrote all the while.
    """
    try_references(services)
    for _ in range(_TRIES):
        with services.holding_faces(), services.reading() as unit:
            before = unit.review.state()
            made = _worked_out(services, unit, before, tell)
        if made is None and before is not None:
            return before
        if made is None:
            continue
        with services.writing() as unit:
            if unit.review.state() != before:
                continue
            for write in made.writes:
                write(unit)
            unit.review.put_state(made.state)
            unit.commit()
        return made.state
    raise ConflictError(
        "The review list could not be updated because others were saving. Reload the page."
    )


@dataclass(frozen=True, slots=True)
class _Made:
    state: ReviewState
    writes: Sequence[Callable[[UnitOfWork], None]]


def _worked_out(
    services: Services, unit: UnitOfWork, before: ReviewState | None, tell: Progress | None
) -> _Made | None:
    """Return what has to be written; None where nothing has changed."""
    now = ReviewState(
        made_by(services, _RULES),
        unit.audit.last_sequence(),
        services.today(),
        unit.photos.last_face(),
        unit.decisions.last_check(),
    )
    if now == before:
        return None
    upkeep = _Upkeep(services, unit, before, now, tell)
    upkeep.run()
    return _Made(now, upkeep.writes)


class _Upkeep:
    """Works out what has to be written, at one moment of the register."""

    def __init__(
        self,
        services: Services,
        unit: UnitOfWork,
        before: ReviewState | None,
        now: ReviewState,
        tell: Progress | None,
    ) -> None:
        self._services = services
        self._unit = unit
        self._before = before
        self._now = now
        self._tell = tell
        self._compared = 0
        self.writes: list[Callable[[UnitOfWork], None]] = []

    def run(self) -> None:
        before = self._before
        touched = self._touched()
        if before is None or touched.everything:
            self.writes.append(lambda unit: unit.review.remove_all())
            self._search_all(0, {}, {})
            self._all_checks()
            self._put(of_nearby(self._services, self._unit))
            return
        new_day = before.day != self._now.day
        if new_day or before.last_face != self._now.last_face:
            self._search_all(before.last_face, self._unit.review.searches(), touched.decided)
        else:
            self._search_touched(touched)
        if touched.faces:
            touched.photos |= self._settle_faces(touched.faces)
        if new_day or touched.of_checks:
            self._all_checks()
        else:
            self._checks(touched)
        self._nearby(touched, everybody=new_day or touched.grown or touched.of_checks)
        if new_day or touched.pieces:
            self._date(None)
        elif touched.published:
            self._date(touched.published)

    def _touched(self) -> _Touched:
        touched = _Touched()
        before = self._before
        if before is None or before.version != self._now.version:
            touched.everything = True
            return touched
        for entry in self._unit.audit.entries_after(before.sequence):
            concern = _CONCERNS.get(entry.action)
            if concern is None:
                touched.everything = True
            else:
                concern(touched, entry)
        if self._now.last_face < before.last_face:
            # Faces are gone, and others may have come.
            touched.everything = True
        if not touched.everything:
            self._widen(touched)
        return touched

    def _widen(self, touched: _Touched) -> None:
        """Add a person's other cases: what is known by one of them counts for all."""
        register = self._unit.register
        touched.cases |= register.of_same_people(touched.cases)
        for case_id, photos in list(touched.decided.items()):
            for other in register.of_same_people({case_id}):
                touched.decided.setdefault(other, set()).update(photos)

    # -- faces ------------------------------------------------------------------------------------

    def _search_all(
        self, after: int, known: dict[str, CaseSearch], decided_on: dict[str, set[str]]
    ) -> None:
        """Search for everybody: who is searched for in another way, among all faces."""
        cases = in_force(self._services, self._unit)
        every = compared(self._unit, self._unit.register.templates())
        templates = [template for template in every if template.revocation_id in cases]
        decided = decisions_about(self._unit, cases.keys())
        scan = IndexScan(self._services, self._unit, list(cases.values()), templates, decided)
        self._settle(decided_on, self._search(scan, known, after))

    def _search_touched(self, touched: _Touched) -> None:
        ids = touched.cases | touched.decided.keys()
        if not ids:
            return
        today = self._services.today()
        every = self._unit.register.by_ids(ids)
        cases = [case for case in every if case.state(today) in IN_FORCE]
        templates = [
            template for case in cases for template in self._unit.register.templates(case.id)
        ]
        decided = decisions_about(self._unit, ids)
        usable = compared(self._unit, templates)
        scan = IndexScan(self._services, self._unit, cases, usable, decided)
        known = self._unit.review.searches(ids)
        self._settle(touched.decided, self._search(scan, known, after=None))

    def _search(self, scan: IndexScan, known: dict[str, CaseSearch], after: int | None) -> set[str]:
        """Search for people, and return who was searched for among all faces.

        Args:
            scan: the people.
            known: how they were searched for, and perhaps some who need be searched for no more.
            after: who is searched for as before is compared with the faces above this id; None
                where there are none.
        """
        digests = scan.digests()
        anew = {
            owner
            for owner, digest in digests.items()
            if owner not in known or known[owner].digest != digest
        }
        gone = known.keys() - digests.keys()
        if gone or anew:
            self.writes.append(lambda unit: unit.review.remove_of_cases(gone | anew, Origin.SEARCH))
            self.writes.append(lambda unit: unit.review.forget_searches(gone))
            searches = [CaseSearch(owner, digests[owner]) for owner in sorted(anew)]
            self.writes.append(lambda unit: unit.review.put_searches(searches))
        found = scan.search(self._unit, anew, tell=self._count)
        if after is not None:
            found += scan.search(self._unit, digests.keys() - anew, after)
        self._put(of_suspects(self._services, self._unit, found))
        return anew

    def _count(self, faces: int) -> None:
        """Say how many faces were compared."""
        self._compared += faces
        if self._tell is not None:
            every = self._now.last_face
            self._tell(min(self._compared, every), every)

    def _settle(self, decided_on: dict[str, set[str]], anew: set[str]) -> None:
        """Look again whether somebody has decided, on these photos and on copies of them.

        Of those who were searched for anew it is known.
        """
        decided = {case_id: on for case_id, on in decided_on.items() if case_id not in anew}
        if not decided:
            return
        rows = self._unit.review.of_cases(decided.keys(), Origin.SEARCH)
        asked: dict[str, set[str]] = {}
        for _, pair in rows:
            asked.setdefault(str(pair.revocation_id), set()).add(pair.photo_sha256)
        near: set[str] = set()
        for case_id, on in decided.items():
            near |= _copies(self._unit, on, asked.get(case_id, set()))
        settled = Settled(self._services, self._unit, decided.keys())
        self._settle_rows(rows, near, settled)

    def _settle_rows(
        self, rows: Sequence[tuple[int, Pair]], near: set[str], settled: Settled
    ) -> None:
        photos = settled.photos(self._unit, near)
        now = {
            row: settled.says(
                photos[pair.photo_sha256],
                str(pair.revocation_id),
                pair.box,
                surely=pair.surely,
            )
            for row, pair in rows
            if pair.photo_sha256 in photos
        }
        self.writes.append(lambda unit: unit.review.settle(now))

    def _settle_faces(self, decided: set[str]) -> set[str]:
        """Look again at faces of which somebody said what they are of, and at copies and parts.

        Returns the photos concerned, among those that were searched and those that were checked.
        """
        rows = self._unit.review.of_origin(Origin.SEARCH)
        among = {pair.photo_sha256 for _, pair in rows} | self._flagged()
        near = _copies(self._unit, decided, among)
        known = KnownFeatures([each for _, each in self._unit.photos.features(sorted(decided))])
        for sha256, features in self._unit.photos.features(sorted(among - near)):
            if known.search(features):
                near.add(sha256)
        cases = {str(pair.revocation_id) for _, pair in rows if pair.photo_sha256 in near}
        if cases:
            self._settle_rows(rows, near, Settled(self._services, self._unit, cases))
        return near

    # -- checks -----------------------------------------------------------------------------------

    def _all_checks(self) -> None:
        photos = self._flagged()
        self.writes.append(lambda unit: unit.review.remove_origin(Origin.CHECK))
        self._put(of_checks(self._services, self._unit, photos))

    def _flagged(self) -> set[str]:
        return self._unit.decisions.flagged_since(checked_after(self._services))

    def _checks(self, touched: _Touched) -> None:
        """Look again at what checks have left to a person."""
        new = self._checked_since()
        whole = touched.photos | new
        flagged: set[str] = set()
        if touched.grown or touched.private or touched.cases or touched.decided:
            flagged = self._flagged()
        if flagged and (touched.grown or touched.private):
            whole |= self._by_event(flagged, touched)
        if whole:
            self._check_again(whole, None)
        if touched.cases:
            self._check_again(flagged - whole, touched.cases)
        for case_id, photos in touched.decided.items():
            if case_id not in touched.cases:
                self._check_again(self._shown_in(flagged - whole, case_id, photos), {case_id})
        if new:
            self._date(new)

    def _checked_since(self) -> set[str]:
        """Return the photos that were checked since the queue was last kept up."""
        before = self._before
        if before is None:
            return set()
        return self._unit.decisions.checked_above(before.last_check)

    def _by_event(self, flagged: set[str], touched: _Touched) -> set[str]:
        """Return the photos that are of no event, or of one behind closed doors.

        Of those of no event others may tell, which came since: what they are copies of, or lie
        beside.
        """
        if touched.grown and any(map(depends_on_day, self._unit.register.revocations())):
            return flagged
        events = self._unit.events.of_photos(sorted(flagged))
        return {
            sha256
            for sha256 in flagged
            if not (of := events.get(sha256, ()))
            or (touched.private and not all(event.public_space for event in of))
        }

    def _check_again(self, photos: Collection[str], cases: Collection[str] | None) -> None:
        if not photos:
            return
        self.writes.append(lambda unit: unit.review.remove_of_checks(photos, cases))
        self._put(of_checks(self._services, self._unit, photos, cases))

    def _shown_in(self, flagged: Collection[str], case_id: str, decided: set[str]) -> set[str]:
        """Return the photos that are, or show, one of those that somebody decided on."""
        found = _copies(self._unit, decided, flagged)
        ever = {
            decision.photo_sha256
            for decision in self._unit.decisions.person_decisions(cases=[case_id])
            if decision.revocation_id == case_id and decision.state is DecisionState.CONFIRMED
        }
        # Parts are found of those alone in which somebody is confirmed, or was before.
        shown = decided & ever
        if not shown:
            return found
        kept = self._services.memory.of(DecidedPhotosKept)
        known = kept.of(self._services, self._unit, shown, shown)
        for photo in self._unit.photos.with_features(sorted(set(flagged) - found)).values():
            known, parts = search_spots(self._services, known, shown, photo)
            if parts:
                found.add(photo.sha256)
        return found

    # -- the rest ---------------------------------------------------------------------------------

    def _nearby(self, touched: _Touched, *, everybody: bool) -> None:
        if not self._services.policy.same_scene.asks:
            return
        ids = touched.cases | touched.decided.keys()
        if everybody:
            self.writes.append(lambda unit: unit.review.remove_origin(Origin.NEARBY))
            self._put(of_nearby(self._services, self._unit))
        elif ids:
            self.writes.append(lambda unit: unit.review.remove_of_cases(ids, Origin.NEARBY))
            self._put(of_nearby(self._services, self._unit, ids))

    def _put(self, pairs: Iterable[Pair]) -> None:
        made = dated(self._services, self._unit, list(pairs))
        if made:
            self.writes.append(lambda unit: unit.review.put(made))

    def _date(self, photos: Collection[str] | None) -> None:
        """Enter when photos were published and checked, where that is another day than it was."""
        before = self._unit.review.dates(photos)
        dates = photo_dates(self._services, self._unit, before.keys())
        others = {
            sha256: on
            for sha256, on in dates.items()
            if before[sha256] != {(on.published_on, on.checked_at)}
        }

        def write(unit: UnitOfWork) -> None:
            for sha256, on in others.items():
                unit.review.date_photo(sha256, on.published_on, on.checked_at)

        self.writes.append(write)


def _copies(unit: UnitOfWork, photos: Collection[str], among: Collection[str]) -> set[str]:
    """Return the photos among others that are one of some photos, or perhaps a copy of one."""
    found = set(photos) & set(among)
    if not among:
        return found
    hashes = unit.photos.hashes(sorted(among))
    known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])
    # A distance is the same both ways.
    for _, whole, trimmed in unit.photos.hashes(sorted(photos)):
        found |= {hashes[copy.index][0] for copy in known.copies_of(whole, trimmed)}
    return found
