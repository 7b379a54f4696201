"""Faces of the index that match a person closely stand beside the references, to find the others.

Often there is one reference. Some photos match it closely, and one that does not may look like
those: query expansion, as image retrieval has it (Chum et al., "Total Recall", 2007). A face that
somebody confirmed stands beside them too. What is found so is for somebody to look at, and never
blocks. Kept beside the database are numbers of faces and scores, to go on from; no face becomes a
reference unless a person says so (docs/adr/0018).
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from threading import Lock

import numpy as np

from consent.domain.cases import Template
from consent.domain.decisions import (
    DecisionState,
    FaceDecision,
    FaceKind,
    PersonDecision,
    latest_of_each,
    same_face,
)
from consent.domain.events import Event
from consent.domain.faces import Faces
from consent.domain.log import Action
from consent.domain.verdicts import PersonMatch
from consent.matching.finder import Finder, Findings
from consent.matching.gallery import (
    Gallery,
    Pictured,
    face_scores,
    passing_template,
    quality_terms,
    template_matrix,
)
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.faces.quality import strangers_let_through
from media_index.limits import CLOSE_MATCHING, FLOODING
from media_index.matching.calibration import Calibration
from media_index.storage.contents import FaceBlock
from media_index.types import Face, Fingerprint

_FORMAT = 1
# After these all is found anew: scores are others, or faces have to be forgotten here too.
_CHANGES = (
    Action.CALIBRATION_CHANGED,
    Action.FACES_CHANGED,
    Action.TEMPLATES_ERASED,
    Action.TEMPLATE_REMOVED,
)


class CloseMatches:
    """The close matches of everybody. What was compared once is not compared again.

    Hold one for as long as a program runs; it keeps nothing that the database does not hold.
    """

    def __init__(self, *, passing: bool = False) -> None:
        """Begin with nothing compared; of what is passing nothing is kept beside the database."""
        # Several people work at once, each in a thread of the server's.
        self._lock = Lock()
        self._passing = self._read = passing
        self._forget()

    def _forget(self) -> None:
        self._token, self._changed = "", 0
        # The digest of each person's references, and the last face that they were compared with.
        self._compared: dict[str, tuple[str, int]] = {}
        self._found: dict[str, list[CloseMatch]] = {}

    def of(
        self,
        services: Services,
        unit: UnitOfWork,
        templates: Sequence[Template],
        decided: Sequence[PersonDecision],
    ) -> dict[str, list[CloseMatch]]:
        """Return the close matches of people, as different from one another as there are.

        Templates are all those of the people who are asked about; decisions on others do no harm.

        Returns:
            By revocation id, of those who have any; none of them a face that somebody rejected,
            nor one that is as like to such a face as two copies are.
        """
        with self._lock:
            if unit.faces.mode() is not Faces.INDEX:
                # Faces of others are not kept, not even to stand beside the references.
                self._forget()
                return {}
            self._bring_up(services, unit, templates)
            asked = {template.revocation_id for template in templates}
            found = {owner: list(self._found[owner]) for owner in asked & self._found.keys()}
        return chosen(services, unit, found, templates, decided)

    def _bring_up(
        self, services: Services, unit: UnitOfWork, templates: Sequence[Template]
    ) -> None:
        if not self._read:
            self._read = True
            self._recall(services, unit)
        changed = max(unit.audit.last_sequence(action) for action in _CHANGES)
        token, added_only = unit.photos.tokens(self._token)
        if changed != self._changed or not added_only:
            self._forget()
        self._changed, self._token = changed, token
        wanted = self._not_compared(templates, unit.photos.last_face())
        own_photos = {(template.revocation_id, template.photo_sha256) for template in templates}
        # New references with every face; the others with the faces that came since.
        for after, owners in wanted.items():
            own = [template for template in templates if template.revocation_id in owners]
            for owner, match in _close(services, unit, own, after):
                # The photo of a reference says nothing beyond it.
                if (owner, match.photo_sha256) not in own_photos:
                    self._found.setdefault(owner, []).append(match)
            for owner in owners & self._found.keys():
                self._found[owner] = thinned(self._found[owner])
        if wanted and not self._passing:
            # The disk is full or read-only: the next process finds them anew.
            with contextlib.suppress(OSError):
                services.vectors.findings.write(self._to_dict(services))

    def _not_compared(self, templates: Sequence[Template], last: int) -> dict[int, set[str]]:
        """Return whom to compare with faces above which id, and note that it was done."""
        wanted: dict[int, set[str]] = defaultdict(set)
        for owner, references in _references(templates).items():
            known, after = self._compared.get(owner, (None, 0))
            if known != references:
                self._found.pop(owner, None)
                after = 0
            if after < last:
                wanted[after].add(owner)
            self._compared[owner] = references, max(after, last)
        return wanted

    def _to_dict(self, services: Services) -> dict[str, object]:
        by_last: dict[int, dict[str, str]] = defaultdict(dict)
        for owner, (references, last) in self._compared.items():
            by_last[last][owner] = references
        return {
            "format": _FORMAT,
            "by": _compared_by(services),
            "token": self._token,
            "changed": self._changed,
            "compared": list(by_last.items()),
            "found": {
                owner: [[match.id, match.score] for match in found]
                for owner, found in self._found.items()
            },
        }

    def _recall(self, services: Services, unit: UnitOfWork) -> None:
        """Take what another process found; numbers of faces alone, which are read here."""
        kept = services.vectors.findings.read()
        if kept is None or kept["format"] != _FORMAT or kept["by"] != _compared_by(services):
            return
        self._token, self._changed = kept["token"], kept["changed"]
        self._compared = {
            owner: (references, last)
            for last, owners in kept["compared"]
            for owner, references in owners.items()
        }
        wanted = {face for found in kept["found"].values() for face, _ in found}
        faces = {
            face: match
            for block in unit.photos.faces_by_id(sorted(wanted), list(services.calibration.scales))
            for face, match in _matches(block)
        }
        self._found = {
            owner: [replace(faces[face], score=score) for face, score in found if face in faces]
            for owner, found in kept["found"].items()
        }


class FaceFinder(Finder):
    """People by their faces: with the references alone, then beside their close matches."""

    def __init__(
        self,
        services: Services,
        templates: Sequence[Template],
        pictured: Mapping[str, Pictured],
        close: Mapping[str, Sequence[CloseMatch]],
    ) -> None:
        """Stack references, and once more those of who has close matches together with these."""
        self._services = services
        calibration, matching = services.calibration, services.policy.matching
        self.alone = Gallery(templates, calibration, matching, pictured)
        together = [template for template in templates if template.revocation_id in close]
        together += [
            passing_template(owner, match.photo_sha256, match.face, services.now())
            for owner, found in close.items()
            for match in found
        ]
        count = {owner: len(found) for owner, found in close.items()}
        self._beside = Gallery(together, calibration, matching, pictured, count)

    def find_in(self, photo: Fingerprint, events: Sequence[Event] = ()) -> Findings:
        """Compare the faces of a photo."""
        del events
        alone, beside = (
            [(photo.sha256, match) for match in gallery.of_faces(photo.faces, photo.exif.taken_at)]
            for gallery in (self.alone, self._beside)
        )
        found = (*alone, *_only_in_second(alone, beside))
        return Findings(tuple(without_crowds([match for _, match in found])))

    def search(
        self, unit: UnitOfWork, after: int = 0, tell: Callable[[int], None] | None = None
    ) -> Iterator[tuple[str, PersonMatch]]:
        """Compare the faces of the index with a higher id; of many people, `tell` of each block."""
        if self.alone.few:
            alone = list(self.alone.search(self._services, unit, after))
            yield from alone
            yield from _only_in_second(alone, self._beside.search(self._services, unit, after))
            return
        for block in self.alone.blocks(self._services, unit, after):
            alone = list(self.alone.in_block(unit, block))
            yield from alone
            yield from _only_in_second(alone, self._beside.in_block(unit, block))
            if tell is not None:
                tell(len(block.faces))


def without_crowds(found: Sequence[PersonMatch]) -> list[PersonMatch]:
    """Return the matches of a photo's faces, of a face that is like many people the likest alone.

    Such a face is hardly one; it is shown to somebody once, and blocks nothing by itself.
    """
    people: dict[int | None, set[str]] = defaultdict(set)
    for match in found:
        people[match.match.face].add(match.revocation_id)
    crowds = {face for face, of in people.items() if len(of) >= FLOODING.people_of_one_face}
    likest = {
        face: max(
            (match for match in found if match.match.face == face),
            key=lambda match: (not match.hint, match.match.score),
        )
        for face in crowds
    }
    return [
        *(match for match in found if match.match.face not in crowds),
        *(replace(match, blocks=False) for match in likest.values()),
    ]


def _only_in_second(
    first: Iterable[tuple[str, PersonMatch]], second: Iterable[tuple[str, PersonMatch]]
) -> Iterator[tuple[str, PersonMatch]]:
    """Yield the photos and matches of which the first has none of the same face and person."""
    known = {(photo, match.revocation_id, match.match.face) for photo, match in first}
    for photo, match in second:
        if (photo, match.revocation_id, match.match.face) not in known:
            yield photo, match


def _compared_by(services: Services) -> list[object]:
    """Return what decides which faces are close matches, as JSON has it."""
    return [services.calibration.id, *asdict(CLOSE_MATCHING).values()]


def _references(templates: Iterable[Template]) -> dict[str, str]:
    """Return by owner a digest of which references there are."""
    found: dict[str, list[str]] = defaultdict(list)
    for template in templates:
        found[template.revocation_id].append(template.id)
    return {
        owner: hashlib.sha256(" ".join(sorted(ids)).encode()).hexdigest()[:32]
        for owner, ids in found.items()
    }


def _close(
    services: Services, unit: UnitOfWork, templates: Sequence[Template], after: int
) -> Iterator[tuple[str, CloseMatch]]:
    """Yield whose it is and each good face with a higher id that matches closely."""
    calibration = services.calibration
    bar = calibration.score_at(CLOSE_MATCHING.per_million)
    matrix = template_matrix(templates, calibration, bar)
    possible = services.vectors.possible(unit.photos, matrix, after)
    for block in unit.photos.faces_by_id(possible, list(calibration.scales)):
        pairs = matrix.found(block.encodings, quality_terms(calibration, block.faces))
        matches = [match for _, match in _matches(block)]
        for row, column, score in zip(pairs.rows, pairs.columns, pairs.scores, strict=True):
            if is_good(calibration, matches[row].face):
                yield matrix.owners[column], replace(matches[row], score=float(score))


def _matches(block: FaceBlock) -> Iterator[tuple[int, CloseMatch]]:
    """Yield the number of each face of a block, and it as a match without a score."""
    for row, face in enumerate(block.faces):
        encodings = {model: of[row] for model, of in block.encodings.items()}
        own = replace(face, encodings=encodings)
        yield block.ids[row], CloseMatch(block.photos[row], own, 0.0, id=block.ids[row])


@dataclass(frozen=True, slots=True, eq=False)
class CloseMatch:
    """A face of the index, with its encodings, that matches somebody closely, or was confirmed.

    Attributes:
        score: with the person's references; 0 where it was confirmed, whatever it is.
        id: the face's in the index; 0 where it was confirmed.
    """

    photo_sha256: str
    face: Face
    score: float
    confirmed: bool = False
    id: int = 0

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from the others."""
        return self.photo_sha256, self.face.index


def chosen(
    services: Services,
    unit: UnitOfWork,
    found: Mapping[str, Sequence[CloseMatch]],
    templates: Sequence[Template],
    decided: Sequence[PersonDecision],
) -> dict[str, list[CloseMatch]]:
    """Leave out what was rejected and what is a reference, and pick of the others.

    Templates are those of all people who are asked about, not only of those in `found`.
    """
    references = {(template.revocation_id, template.photo_sha256) for template in templates}
    owners = {template.revocation_id for template in templates}
    standing = [
        decision for decision in _last_decisions(decided) if decision.revocation_id in owners
    ]
    confirmed = _faces_of(
        unit,
        [
            decision
            for decision in standing
            if decision.state is DecisionState.CONFIRMED
            and (decision.revocation_id, decision.photo_sha256) not in references
        ],
    )
    wanted = found.keys() | confirmed.keys()
    rejected = _faces_of(
        unit,
        [
            decision
            for decision in standing
            if decision.state is DecisionState.REJECTED and decision.revocation_id in wanted
        ],
    )
    calibration = services.calibration
    block = calibration.score_at(services.policy.matching.block_per_million)
    nobody = unit.decisions.face_decisions()
    picked = {}
    for owner in wanted:
        candidates = {
            match.key: match
            for match in (*confirmed.get(owner, ()), *found.get(owner, ()))
            if (owner, match.photo_sha256) not in references and is_good(calibration, match.face)
        }
        kept = [match for match in candidates.values() if not _is_nobody(match, nobody)]
        others = [match.face for match in rejected.get(owner, ())]
        scores = face_scores(calibration, [match.face for match in kept], others)
        alike = scores.max(axis=1, initial=-np.inf) >= block
        kept = [match for match, is_alike in zip(kept, alike, strict=True) if not is_alike]
        if kept:
            picked[owner] = _picked(calibration, kept)
    return picked


def _is_nobody(match: CloseMatch, said: Sequence[FaceDecision]) -> bool:
    """Say whether somebody took a face for no person, and nobody took that back."""
    kinds = [
        decision.kind
        for decision in said
        if decision.photo_sha256 == match.photo_sha256 and same_face(decision.box, match.face.box)
    ]
    return not match.confirmed and kinds[-1:] == [FaceKind.NO_PERSON]


def thinned(found: Sequence[CloseMatch]) -> list[CloseMatch]:
    """Return as many as may be candidates, of all scores: the closest are copies of a reference."""
    most = CLOSE_MATCHING.candidates
    if len(found) <= most:
        return list(found)
    ordered = sorted(found, key=lambda match: match.score)
    return [ordered[int(rank)] for rank in np.linspace(0, len(found) - 1, most)]


def _picked(calibration: Calibration, candidates: Sequence[CloseMatch]) -> list[CloseMatch]:
    """Return the candidates that are least like the references and one another.

    Copies are left out: eight of one picture say no more than one, a reference's say nothing.
    """
    faces = [match.face for match in candidates]
    between = face_scores(calibration, faces, faces)
    nearest = np.array([match.score for match in candidates])
    copies = CLOSE_MATCHING.copy * between.diagonal()
    picked: list[CloseMatch] = []
    while len(picked) < CLOSE_MATCHING.most and (nearest < copies).any():
        row = int(np.argmin(nearest - copies))
        picked.append(candidates[row])
        nearest = np.maximum(nearest, between[row])
    return picked


def is_good(calibration: Calibration, face: Face) -> bool:
    """Say whether a face can be compared by all models, and shows as much as a good one."""
    return calibration.scales.keys() <= face.encodings.keys() and (
        strangers_let_through(face.quality) == 1
    )


def _last_decisions(decided: Sequence[PersonDecision]) -> list[PersonDecision]:
    """Return the last decision on each face and person, the newest first."""
    return sorted(latest_of_each(decided), key=lambda decision: decision.at, reverse=True)


def _faces_of(unit: UnitOfWork, decided: Sequence[PersonDecision]) -> dict[str, list[CloseMatch]]:
    """Return by owner the faces that decisions are of, at most so many as may be candidates."""
    of_owner: dict[str, list[PersonDecision]] = defaultdict(list)
    for decision in decided:
        if len(of_owner[decision.revocation_id]) < CLOSE_MATCHING.candidates:
            of_owner[decision.revocation_id].append(decision)
    wanted = {decision.photo_sha256 for own in of_owner.values() for decision in own}
    photos = unit.photos.fingerprints(list(wanted)) if wanted else {}
    faces = {
        owner: [
            CloseMatch(decision.photo_sha256, face, 0.0, confirmed=True)
            for decision in own
            if (photo := photos.get(decision.photo_sha256)) is not None
            for face in photo.faces
            if face.encodings and same_face(face.box, decision.box)
        ]
        for owner, own in of_owner.items()
    }
    return {owner: own for owner, own in faces.items() if own}
