"""Faces of the index that match a person closely stand beside the references, to find the others.

Often there is one reference. Some photos match it closely, and one that does not may look like
those: query expansion, as image retrieval has it (Chum et al., "Total Recall", 2007). A face that
somebody confirmed stands beside them too. What is found so is for somebody to look at, and never
blocks. Nothing is kept: no face becomes a reference unless a person says so (docs/adr/0018).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from consent.audit_log import Action
from consent.matching.close_picking import CloseMatch, chosen, is_good, thinned
from consent.matching.gallery import Gallery, passing_template, quality_terms, sought_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consent.domain import Sighting, Template
    from consent.matching.gallery import Pictured
    from consent.services import Services
    from consent.store import UnitOfWork
    from consent.verdicts import PersonMatch

# False matches per million comparisons from which a face may stand beside the references. 2026-11:
# at 5 a stranger who is in many photos and matched once draws the others in (docs/adr/0018).
CLOSE_PER_MILLION = 1.0
# After these all is found anew: scores are others, or faces have to be forgotten here too.
_CHANGES = (Action.CALIBRATION_CHANGED, Action.TEMPLATES_ERASED, Action.TEMPLATE_REMOVED)


class CloseMatches:
    """The close matches of everybody. What was compared once is not compared again.

    Hold one for as long as a program runs; it keeps nothing that the database does not hold.
    """

    def __init__(self) -> None:
        """Begin with nothing compared."""
        # Several people work at once, each in a thread of the server's.
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._token, self._changed = "", 0
        self._compared: dict[str, tuple[frozenset[str], int]] = {}
        self._found: dict[str, list[CloseMatch]] = {}

    def of(
        self,
        services: Services,
        unit: UnitOfWork,
        templates: Sequence[Template],
        decided: Sequence[Sighting],
    ) -> dict[str, list[CloseMatch]]:
        """Return the close matches of people, as different from one another as there are.

        Args:
            services: calibration and vectors.
            unit: open; not kept.
            templates: all those of the people who are asked about.
            decided: sightings, oldest first; those of other people do no harm.

        Returns:
            By revocation id, of those who have any: at most `MOST`, none of them a face that
            somebody rejected, nor one that is as like to such a face as two copies are.
        """
        with self._lock:
            self._bring_up(services, unit, templates)
            asked = {one.revocation_id for one in templates}
            found = {owner: list(self._found[owner]) for owner in asked & self._found.keys()}
        return chosen(services, unit, found, templates, decided)

    def _bring_up(
        self, services: Services, unit: UnitOfWork, templates: Sequence[Template]
    ) -> None:
        changed = max(unit.audit.last_place(one) for one in _CHANGES)
        token, added_only = unit.photos.tokens(self._token)
        if changed != self._changed or not added_only:
            self._forget()
        self._changed, self._token = changed, token
        last = unit.photos.last_face()
        wanted: dict[int, set[str]] = defaultdict(set)
        for owner, references in _ids(templates).items():
            known, after = self._compared.get(owner, (None, 0))
            if known != references:
                self._found.pop(owner, None)
                after = 0
            if after < last:
                wanted[after].add(owner)
            self._compared[owner] = references, max(after, last)
        # New references with every face; the others with the faces that came since.
        for after, owners in wanted.items():
            own = [one for one in templates if one.revocation_id in owners]
            for owner, match in _close(services, unit, own, after):
                self._found.setdefault(owner, []).append(match)
            for owner in owners & self._found.keys():
                self._found[owner] = thinned(self._found[owner])


def expanded_gallery(
    services: Services,
    templates: Sequence[Template],
    pictured: Mapping[str, Pictured],
    close: Mapping[str, Sequence[CloseMatch]],
) -> Gallery:
    """Return a gallery of those who have close matches: references and these together.

    Args:
        services: calibration and policy.
        templates: of anybody.
        pictured: see `Gallery`.
        close: by revocation id.
    """
    together = [one for one in templates if one.revocation_id in close]
    together += [
        passing_template(owner, one.photo_sha256, one.face, services.now())
        for owner, found in close.items()
        for one in found
    ]
    beside = {owner: len(found) for owner, found in close.items()}
    matching = services.policy.matching
    return Gallery(together, services.calibration, matching, pictured, beside)


def further(
    alone: Iterable[tuple[str, PersonMatch]], together: Iterable[tuple[str, PersonMatch]]
) -> Iterator[tuple[str, PersonMatch]]:
    """Yield of the matches beside close ones those that were not found alone.

    Args:
        alone: photos, and the matches in them.
        together: likewise.
    """
    known = {(photo, one.revocation_id, one.match.face) for photo, one in alone}
    for photo, one in together:
        if (photo, one.revocation_id, one.match.face) not in known:
            yield photo, one


def _ids(templates: Iterable[Template]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in templates:
        found[one.revocation_id].add(one.id)
    return {owner: frozenset(ids) for owner, ids in found.items()}


def _close(
    services: Services, unit: UnitOfWork, templates: Sequence[Template], after: int
) -> Iterator[tuple[str, CloseMatch]]:
    """Yield whose it is and each good face with a higher id that matches closely."""
    calibration = services.calibration
    sought = sought_from(templates, calibration, calibration.score_at(CLOSE_PER_MILLION))
    possible = services.vectors.possible(unit.photos, sought, after)
    for block in unit.photos.faces_by_id(possible, list(calibration.scales)):
        pairs = sought.found(block.encodings, quality_terms(calibration, block.faces))
        for row, column, score in zip(pairs.rows, pairs.columns, pairs.scores, strict=True):
            encodings = {model: one[row] for model, one in block.encodings.items()}
            face = replace(block.faces[row], encodings=encodings)
            if is_good(calibration, face):
                yield sought.owners[column], CloseMatch(block.photos[row], face, float(score))
