"""Cover people in a copy of a photo; it is handed over only if a check no longer sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from uuid import uuid4

from consent.checking.check import judge_photos
from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.copies import CopyKind, MadeCopy
from consent.domain.errors import BadInputError, ConflictError, NotFoundError, PhotoNotIndexedError
from consent.domain.events import Event
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.signals import Evidence
from consent.domain.verdicts import Clearance, Reason, Verdict
from consent.domain.wording import faces_named, sentences
from consent.matching.register_snapshot import RegisterSnapshot
from consent.matching.trials import try_references
from consent.services import Services
from consent.storage.photo_files import UPLOADED, image_limits, photo_bytes
from consent.storage.thumbnails import keep_thumbnails
from consent.storage.unit_of_work import UnitOfWork
from media_index.files.atomic import make_private_folder, private_file
from media_index.images.clean import clean_copy, head_around
from media_index.types import (
    NO_STAMP,
    Box,
    CopyForm,
    Cover,
    Fill,
    Fingerprint,
    PictureFormat,
)

# Mosaics and blurs were undone, and people known again, in 95.9 % of cases: arXiv 2506.12344.
CAN_BE_UNDONE = "Blur and mosaic can usually be undone. Use Solid."
_QUALITY = 95
# A smaller part of a photo, px, hides nobody.
_LEAST_SIDE = 8


class StillSeenError(ConflictError):
    """A check still sees, in a covered copy, whom it was to hide: it is not handed over."""

    def __init__(self, what: str) -> None:
        super().__init__(f"You can't have the copy yet: {what}")


@dataclass(frozen=True, slots=True)
class CoveredCopy:
    """A copy in which somebody is covered.

    Attributes:
        name: of its file.
        path: where it lies for a day.
        boxes: what is covered, px of the upright photo.
        hidden: labels of the cases whose person the check saw there before.
        clearance: for the use.
        caution: what to know of the way in which it is covered; empty where it is solid.
    """

    name: str
    path: str
    content: bytes
    sha256: str
    photo_sha256: str
    boxes: tuple[Box, ...]
    fill: Fill
    hidden: tuple[str, ...]
    clearance: Clearance
    caution: str = ""

    @property
    def may_go_out(self) -> bool:
        """Whether nobody else who revoked is still to be seen in the copy."""
        return self.clearance.decision.verdict is not Verdict.BLOCKED

    @property
    def warning(self) -> str:
        """That the copy is not cleared, though those are covered, and why; empty where it is."""
        decision = self.clearance.decision
        if decision.verdict is Verdict.CLEAR:
            return ""
        what = (
            "the copy has another warning"
            if self.may_go_out
            else "this copy must not go out either: cover them too"
        )
        return " ".join([f"They are covered, but {what}.", *sentences(decision.reasons)])


@for_roles(Duty.MAKE_COPIES)
def cover_people(
    services: Services,
    photo_sha256: str,
    where: Sequence[Box | int],
    use: Use,
    actor: Actor,
    *,
    fill: Fill = Fill.SOLID,
    form: PictureFormat | None = None,
    path: str = "",
) -> CoveredCopy:
    """Make a copy of a photo in which people are covered, and check it.

    `where` holds indexes of faces, which are covered with the whole head, and boxes drawn by hand,
    in px of the upright photo. `path` is where the photo was checked, if the index does not know.
    The photo stays as it is, and the copy is of the same events and the same moment.

    Raises:
        PhotoNotIndexedError: nothing is known of the photo.
        NotFoundError: its file is gone, or it has no such face.
        BadInputError: nobody is to be covered; a box lies outside, or is too small to hide anybody.
        StillSeenError: one of the people can still be seen.
        ImageError: the file cannot be read.
    """
    if not where:
        raise BadInputError("Choose who to cover: a face, or a box that you draw.")
    with services.reading() as unit:
        photo = unit.photos.with_features([photo_sha256]).get(photo_sha256)
        places = unit.photos.places_of([photo_sha256]).get(photo_sha256, [])
        events = unit.events.of_photos([photo_sha256]).get(photo_sha256, ())
    if photo is None:
        raise PhotoNotIndexedError(photo_sha256)
    boxes = tuple(dict.fromkeys(_box(photo, one) for one in where))
    seen = [path, *places] if path else places
    content = photo_bytes(seen, photo_sha256, services.settings.uploads)
    if content is None:
        raise NotFoundError("The photo's file is gone or has changed: check the photo again.")
    limits = image_limits(services.settings)
    covers = [Cover(box, fill) for box in boxes]
    made = clean_copy(content, CopyForm(format=form, quality=_QUALITY), limits, covers)
    looked, _ = services.look_at_bytes(made.content)
    # It shows the same moment; where it was taken is not kept of any photo.
    copy = replace(looked, exif=photo.exif)
    name = f"{PurePath(seen[0]).stem if seen else photo_sha256[:12]}-covered{made.suffix}"
    kept = f"{uuid4().hex}/{name}"
    try_references(services)
    now = services.now()
    with services.holding_faces(), services.writing() as unit:
        services.passing.note([copy])
        keep_thumbnails(services.settings.thumbnails, [copy])
        if copy.sha256 not in unit.photos.known([copy.sha256]):
            unit.photos.add([copy], now)
        unit.photos.put_place(f"{UPLOADED}{kept}", copy.sha256, NO_STAMP, None, now)
        unit.events.keep(copy.sha256, events)
        row = MadeCopy(
            copy.sha256,
            photo_sha256,
            CopyKind.COVERED,
            now,
            actor,
            box=boxes[0],
            fill=fill,
            other_boxes=boxes[1:],
        )
        unit.copies.add([row])
        hidden = _require_hidden(services, unit, photo, copy, events, boxes)
        corners = [box.as_list() for box in boxes]
        details = {"photo": photo_sha256, "boxes": corners, "fill": fill.value}
        unit.audit.append(Action.COPY_COVERED, copy.sha256, actor, now, details)
        unit.commit()
    file = services.settings.uploads / kept
    make_private_folder(file.parent)
    with private_file(file) as stream:
        stream.write(made.content)
    report = judge_photos(services, {str(file): copy.sha256}, {}, use, actor)
    return CoveredCopy(
        name,
        str(file),
        made.content,
        copy.sha256,
        photo_sha256,
        boxes,
        fill,
        hidden,
        report.clearances[0],
        "" if fill is Fill.SOLID else CAN_BE_UNDONE,
    )


def _box(photo: Fingerprint, where: Box | int) -> Box:
    if isinstance(where, int):
        face = next((face for face in photo.faces if face.index == where), None)
        if face is None:
            count = len(photo.faces)
            raise NotFoundError(
                f"There is no face {where + 1} in the photo, which has {count}: draw a box instead."
            )
        return head_around(face.box, photo.width, photo.height)
    box = where.within(photo.width, photo.height)
    if min(box.width, box.height) < _LEAST_SIDE:
        raise BadInputError(
            f"The box is outside the photo or empty: the photo is {photo.width} x {photo.height}"
            " px, and x1,y1 is "
            "the upper left corner."
        )
    return box


def _require_hidden(
    services: Services,
    unit: UnitOfWork,
    photo: Fingerprint,
    copy: Fingerprint,
    events: tuple[Event, ...],
    boxes: tuple[Box, ...],
) -> tuple[str, ...]:
    """Return the cases whose people were seen below the covers.

    Raises:
        StillSeenError: one of them, or a face there, is seen in the copy, too.
    """
    view = RegisterSnapshot(services, unit)
    if view.doubts:
        raise StillSeenError(view.doubts[0])
    facts = view.facts(copy, events, ())
    faces = [
        face.index + 1 for face in facts.faces if face.recognizable and _lies_below(boxes, face.box)
    ]
    if faces:
        raise StillSeenError(
            f"{faces_named(faces).capitalize()} can still be seen where it was covered. Cover the "
            "person solid, or draw a larger box."
        )
    hidden = {
        reason.revocation
        for reason in _said(services, view, photo, events)
        if reason.revocation and reason.box is not None and _lies_below(boxes, reason.box)
    }
    left = [reason for reason in _said(services, view, copy, events) if reason.revocation in hidden]
    if left:
        anywhere = any(reason.box is None for reason in left)
        raise StillSeenError(
            f"{left[0].revocation} is still seen in it. "
            + (
                "They were confirmed in the photo as a whole: mark the face in Review first."
                if anywhere
                else "Cover them there too, or draw a larger box."
            )
        )
    return tuple(sorted(label for label in hidden if label))


def _said(
    services: Services, view: RegisterSnapshot, photo: Fingerprint, events: tuple[Event, ...]
) -> Iterator[Reason]:
    """Yield whom a photo may show, by whatever channel it might be used for."""
    facts = view.facts(photo, events, ())
    for channel in services.policy.channels:
        decision = view.decide(facts, Use(channel), photo)
        for reason in (*decision.reasons, *decision.notes):
            if reason.match is not None and reason.match.signal.evidence is not Evidence.SCENE:
                yield reason


def _lies_below(covers: Sequence[Box], box: Box) -> bool:
    """Say whether more than half of a box lies below one of several covers."""
    return any(2 * cover.shared_with(box) > box.area for cover in covers)
