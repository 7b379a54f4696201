"""A pair of the review queue with all that helps to decide it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import PurePath

import numpy as np

from consent.access.looks import note_look
from consent.domain.actors import Actor
from consent.domain.cases import Revocation, Template
from consent.domain.decisions import still_confirmed
from consent.domain.errors import NotFoundError
from consent.domain.events import Event
from consent.domain.log import Action
from consent.domain.review import Pair, PairKind
from consent.domain.roles import Duty, for_roles
from consent.domain.scope import looks_of
from consent.domain.withheld import file_name_for
from consent.domain.wording import PHOTO_OF_PERSON, long_day, rarity
from consent.matching.expansion import CloseMatch, CloseMatches
from consent.matching.gallery import face_scores, stack
from consent.matching.trials import compared
from consent.review.likely import Likely, likely_people
from consent.review.photos import PhotoView, photo_views, picture_at
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.hashing.keypoints import KnownFeatures
from media_index.images.decode import crop, jpeg, reduced
from media_index.matching.scores import fused_scores
from media_index.types import Box, Fingerprint

# Shown at once, of those whom a face may be.
LIKELY = 6
_REFERENCES = 3
_CLOSE = 2
# Of the face's own size: enough around it for hair, ears and collar.
_MARGIN = 0.6
_ZOOM_SIDE = 640
_DAYS_IN_YEAR = 365.25
_DAYS_IN_MONTH = 30.4


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference face to look at, or one that stands beside the references.

    Attributes:
        picture: JPEG bytes; None where it is no longer kept.
        words: when it was added, or where it is from.
        close: whether it is no reference, but a close match.
    """

    picture: bytes | None
    words: str
    close: bool = False


@dataclass(frozen=True, slots=True)
class LikelyFace:
    """Somebody of the register beside a face that cannot be compared surely.

    Attributes:
        reference: their face; None where none is kept.
        looks: what was told of how they look.
        fits: it was told of this photo's occasion.
    """

    label: str
    reference: Reference | None
    looks: str
    fits: bool


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair as it is shown.

    Attributes:
        photo: for the whole picture; None where none is kept.
        zoom: JPEG bytes of the face with its surroundings, as sharp as the file is; None for a
            pair without a face, or where the file is not at any of its places.
        references: photos that it may be a copy of; faces of the case, the likest first; then the
            close matches, where it is only together with them that the face is alike.
        likeness: the score in words.
        facts: when, where, who else, what to look for; in sentences.
        boxes: of all faces, in the order of their numbers.
        likely: whom a face may be that is asked of nobody in particular, the likeliest first.
        people: how many there are of these in all.
    """

    name: str
    photo: PhotoView | None
    zoom: bytes | None
    references: tuple[Reference, ...]
    likeness: str
    facts: tuple[str, ...]
    boxes: tuple[Box, ...]
    likely: tuple[LikelyFace, ...] = ()
    people: int = 0

    @property
    def compares(self) -> bool:
        """Whether a face stands beside that of the photo."""
        faces = [*self.references, *(person.reference for person in self.likely)]
        return any(face is not None and face.picture is not None for face in faces)


@for_roles(Duty.REVIEW)
def view_pair(services: Services, pair: Pair, actor: Actor, most_likely: int = LIKELY) -> PairView:
    """Return a pair with its pictures and what is known of the scene.

    Where it is asked of nobody in particular, with so many of those who are most likely meant.

    Raises:
        NotFoundError: the photo or the case is no longer there.
    """
    with services.reading() as unit:
        photo = unit.photos.fingerprints([pair.photo_sha256]).get(pair.photo_sha256)
        if photo is None:
            raise NotFoundError("The photo was taken out of the index meanwhile: reload the page.")
        places = unit.photos.places_of([photo.sha256]).get(photo.sha256, [])
        case = None if pair.label is None else unit.register.find(pair.label)
        templates = [] if case is None else unit.register.templates(case.id)
        others = _others_in(unit, photo.sha256, pair.label)
        events = unit.events.of_photos([photo.sha256]).get(photo.sha256, ())
        beside = _beside(services, unit, pair, photo, templates)
        copied = [] if case is None else _copied(unit, pair, case)
        seen = [*copied, *(match.photo_sha256 for match in beside)]
        places_beside = unit.photos.places_of(seen)
        likely = (
            likely_people(services, unit, photo, pair.boxes, events)
            if pair.kind is PairKind.UNCOMPARABLE
            else []
        )
    if case is not None and templates:
        note_look(services, Action.TEMPLATE_SEEN, case.id, actor)
    for person in likely[:most_likely]:
        if person.template is not None:
            note_look(services, Action.TEMPLATE_SEEN, person.case.id, actor)
    views = photo_views(services, [photo.sha256, *copied], actor)
    nearest = _nearest(services, templates, photo, pair.box)
    asked = [*([] if case is None else [case]), *(person.case for person in likely)]
    called = partial(file_name_for, services.policy, actor, asked)
    return PairView(
        name=called(PurePath(places[0]).name) if places else PHOTO_OF_PERSON,
        photo=views.get(photo.sha256),
        zoom=None if pair.box is None else _zoom(services, places, photo.sha256, pair.box),
        references=(
            *(
                _copied_one(views.get(sha256), places_beside.get(sha256, []), called)
                for sha256 in copied
            ),
            *(_reference(services, template) for template in nearest[:_REFERENCES]),
            *(
                _close_one(services, match, places_beside.get(match.photo_sha256, []), called)
                for match in beside
            ),
        ),
        likeness=_likeness(pair),
        facts=tuple(_facts(services, pair, case, nearest, others, events)),
        boxes=tuple(face.box for face in photo.faces),
        likely=tuple(_likely_face(services, person) for person in likely[:most_likely]),
        people=len(likely),
    )


def _likely_face(services: Services, likely: Likely) -> LikelyFace:
    template = likely.template
    reference = None if template is None else _reference(services, template)
    return LikelyFace(likely.case.label, reference, likely.looks, likely.fits)


def _likeness(pair: Pair) -> str:
    if pair.kind is PairKind.FACE:
        said = rarity(pair.false_matches_per_million)
        return f"{said[0].upper()}{said[1:]}."
    if pair.kind is PairKind.COPY:
        return "Perhaps a copy, or a part, of a photo that shows the person: compare the two."
    return ""


def _facts(
    services: Services,
    pair: Pair,
    case: Revocation | None,
    templates: Sequence[Template],
    others: Sequence[str],
    events: Sequence[Event],
) -> Iterator[str]:
    for event in events:
        where = "" if event.public_space else f", {event.space}"
        yield f"{event.name}{where}."
    if pair.taken_at is not None and templates:
        yield _gap(services.day(pair.taken_at), services.day(templates[0].added_at))
    yield from _hint(pair)
    if case is not None:
        here = {event.id for event in events}
        for locator in case.terms_on(services.today()).locators:
            said = looks_of(locator)
            if said and (locator.event_id is None or locator.event_id in here):
                yield f"What the person told: {said}."
        if case.person.minor:
            yield "A child: faces change fast at that age."
    if others:
        yield f"Confirmed in this photo already: {', '.join(others)}."


def _hint(pair: Pair) -> Iterator[str]:
    if pair.kind is PairKind.FACE and pair.hint:
        yield f"The match was found only with the help of {pair.hint}."
    if pair.kind is PairKind.NAMED:
        yield f"{pair.hint} holds the name, or one nearly like it."
    if pair.kind is PairKind.SCENE and pair.hint:
        seen = pair.score is not None
        yield f"{pair.label} was at this event {pair.hint}." if seen else f"Look for {pair.hint}."


def _others_in(unit: UnitOfWork, sha256: str, label: str | None) -> list[str]:
    decided = unit.decisions.person_decisions(photos=[sha256])
    confirmed = {decision.revocation_id for decision in still_confirmed(decided)}
    return [case.label for case in unit.register.by_ids(confirmed) if case.label != label]


def _gap(taken_on: date, added_on: date) -> str:
    """Say how far photo and reference are apart."""
    days = (taken_on - added_on).days
    if days == 0:
        return "This photo and the photo of the person are from the same day."
    far = abs(days)
    if far >= _DAYS_IN_YEAR:
        count, unit = round(far / _DAYS_IN_YEAR), "year"
    elif far >= 2 * _DAYS_IN_MONTH:
        count, unit = round(far / _DAYS_IN_MONTH), "month"
    else:
        count, unit = far, "day"
    plural = "" if count == 1 else "s"
    order = "after" if days > 0 else "before"
    return f"This photo was taken {count} {unit}{plural} {order} the photo of the person was added."


def _nearest(
    services: Services, templates: Sequence[Template], photo: Fingerprint, box: Box | None
) -> list[Template]:
    """Return a case's references, the likest to the face first; the newest where none is meant."""
    models = set(services.calibration.scales)
    face = next((face for face in photo.faces if face.box == box), None)
    usable = [template for template in templates if models <= set(template.encodings)]
    if face is None or not models <= set(face.encodings) or not usable:
        return sorted(templates, key=lambda template: template.added_at, reverse=True)
    scores = fused_scores(
        services.calibration,
        stack([face.encodings], services.calibration),
        stack([template.encodings for template in usable], services.calibration),
    )[0]
    return [usable[index] for index in np.argsort(-scores)]


def _reference(services: Services, template: Template) -> Reference:
    added_on = services.day(template.added_at)
    words = f"Photo added {long_day(added_on)}"
    try:
        return Reference(services.vault.get(template.crop), words)
    except NotFoundError:
        return Reference(None, f"{words}; its picture is not on file")


def _beside(
    services: Services,
    unit: UnitOfWork,
    pair: Pair,
    photo: Fingerprint,
    templates: Sequence[Template],
) -> list[CloseMatch]:
    """Return the close matches beside which a face is alike, the likest first."""
    face = next((face for face in photo.faces if face.box == pair.box), None)
    if pair.kind is not PairKind.FACE or not pair.hint or face is None:
        return []
    templates = compared(unit, templates)
    owners = {template.revocation_id for template in templates}
    decided = unit.decisions.person_decisions(cases=owners)
    found = services.memory.of(CloseMatches).of(services, unit, templates, decided)
    close = [match for own in found.values() for match in own]
    scores = face_scores(services.calibration, [face], [match.face for match in close])[0]
    return [close[index] for index in np.argsort(-scores)[:_CLOSE]]


def _copied(unit: UnitOfWork, pair: Pair, case: Revocation) -> list[str]:
    """Return the photos of the person that a photo may be a copy of, the likeliest first."""
    if pair.kind is not PairKind.COPY:
        return []
    confirmed = still_confirmed(unit.decisions.person_decisions(cases=[case.id]))
    others = sorted({decision.photo_sha256 for decision in confirmed} - {pair.photo_sha256})
    photos = unit.photos.with_features([pair.photo_sha256, *others])
    copy, known = photos[pair.photo_sha256], [one for one in others if one in photos]
    spots = KnownFeatures([photos[one].features for one in known])
    alike = [known[place] for place, _ in spots.search(copy.features, copy.design)]
    return list(dict.fromkeys([*alike, *known]))[:_CLOSE]


def _copied_one(
    view: PhotoView | None, places: Sequence[str], called: Callable[[str], str]
) -> Reference:
    name = called(PurePath(places[0]).name) if places else "Another photo"
    words = f"{name}: the person was confirmed in it"
    return Reference(None if view is None else view.thumbnail, words, close=True)


def _close_one(
    services: Services, match: CloseMatch, places: Sequence[str], called: Callable[[str], str]
) -> Reference:
    name = called(PurePath(places[0]).name) if places else "Another photo"
    words = f"{name}: {'confirmed' if match.confirmed else 'matches closely'}"
    picture = _zoom(services, places, match.photo_sha256, match.face.box)
    return Reference(picture, words, close=True)


def _zoom(services: Services, places: Sequence[str], sha256: str, box: Box) -> bytes | None:
    """Return the face from the file itself, much sharper than from a thumbnail."""
    picture = picture_at(services, places, sha256)
    return None if picture is None else jpeg(reduced(crop(picture, box, _MARGIN), _ZOOM_SIDE))
