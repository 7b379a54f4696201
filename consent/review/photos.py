"""Find a photo of the index by its event, the day it was taken, or where it was posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consent.domain.actors import Actor
from consent.domain.events import Event
from consent.domain.roles import Duty, for_roles
from consent.publishing.record import photos_at_url
from consent.services import Services
from consent.storage.photo_files import UPLOADED, image_limits, photo_bytes
from consent.storage.thumbnails import put_thumbnail, thumbnail
from media_index.errors import MediaIndexError
from media_index.images.decode import Picture, jpeg, reduced
from media_index.images.decode import thumbnail as small_picture
from media_index.images.reading import read_picture
from media_index.types import Box

# px of the long side: as sharp as a screen shows, and no more than a browser likes to take.
_SHARP_SIDE = 4000


@for_roles(Duty.SEE_PHOTOS)
def find_indexed(
    services: Services,
    actor: Actor,
    *,
    event_id: str | None = None,
    day: date | None = None,
    url: str = "",
) -> list[str]:
    """Return the photos that answer all that is given, by SHA-256; none if nothing is given."""
    answers: list[list[str]] = []
    with services.reading() as unit:
        if event_id is not None:
            answers.append(unit.photos.photos_of_event(event_id))
        if day is not None:
            zone = ZoneInfo(services.settings.time_zone)
            first = datetime.combine(day, time(), zone)
            last = datetime.combine(day + timedelta(days=1), time(), zone)
            answers.append(unit.photos.photos_taken_between(first, last))
    if url.strip():
        answers.append(photos_at_url(services, url))
    if not answers:
        return []
    common = set(answers[0]).intersection(*answers[1:])
    return [sha256 for sha256 in answers[0] if sha256 in common]


@for_roles(Duty.SEE_PHOTOS)
def known_events(services: Services, actor: Actor) -> list[Event]:
    """Return the events of the index, the newest first."""
    with services.reading() as unit:
        return unit.events.all()


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo as it is shown.

    Attributes:
        width: px of the full-size photo after EXIF rotation.
        height: px of the full-size photo after EXIF rotation.
    """

    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FacedPhoto:
    """A photo with the boxes of its faces, in the order of their index."""

    view: PhotoView
    boxes: tuple[Box, ...]


@for_roles(Duty.SEE_PHOTOS)
def faced_photo(services: Services, sha256: str, actor: Actor) -> FacedPhoto | None:
    """Return a photo with its faces, or None if it is no longer kept."""
    view = photo_views(services, [sha256], actor).get(sha256)
    with services.reading() as unit:
        photo = unit.photos.fingerprints([sha256]).get(sha256)
    if view is None or photo is None:
        return None
    return FacedPhoto(view, tuple(face.box for face in photo.faces))


@for_roles(Duty.SEE_PHOTOS)
def photo_views(services: Services, photos: Sequence[str], actor: Actor) -> dict[str, PhotoView]:
    """Return what shows each photo, by SHA-256.

    A thumbnail that was lost is made again from the photo's file; where that has gone, too, the
    photo is left out.
    """
    folder = services.settings.thumbnails
    with services.reading() as unit:
        known = unit.photos.fingerprints(list(dict.fromkeys(photos)))
        small = {sha256: thumbnail(folder, sha256) for sha256 in known}
        places = unit.photos.places_of([sha256 for sha256, content in small.items() if not content])
    for sha256, seen in places.items():
        small[sha256] = _made_again(services, seen, sha256)
    return {
        sha256: PhotoView(content, photo.width, photo.height)
        for sha256, photo in known.items()
        if (content := small[sha256]) is not None
    }


def _made_again(services: Services, places: Sequence[str], sha256: str) -> bytes | None:
    """Make the thumbnail of a photo of the library; of what was dropped on a page, none."""
    seen = [place for place in places if not place.startswith(UPLOADED)]
    picture = picture_at(services, seen, sha256)
    if picture is None:
        return None
    content = small_picture(picture, image_limits(services.settings))
    put_thumbnail(services.settings.thumbnails, sha256, content)
    return content


@for_roles(Duty.SEE_PHOTOS)
def sharp_photo(services: Services, sha256: str, actor: Actor) -> bytes | None:
    """Return a photo itself as JPEG, upright; None where its file is at none of its places."""
    with services.reading() as unit:
        places = unit.photos.places_of([sha256]).get(sha256, [])
    picture = picture_at(services, places, sha256)
    return None if picture is None else jpeg(reduced(picture.rgb, _SHARP_SIDE))


def picture_at(services: Services, places: Sequence[str], sha256: str) -> Picture | None:
    """Return the picture in the file of these bytes; None where it has gone, or is not read."""
    settings = services.settings
    limits = image_limits(settings)
    try:
        content = photo_bytes(places, sha256, settings.uploads)
        return None if content is None else read_picture(content, limits)[0]
    except (OSError, MediaIndexError):
        # On a disk that is not there.
        return None
