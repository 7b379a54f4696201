"""From a downloaded post back to the photo of the library that it was made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from consent.domain.actors import Actor
from consent.domain.copies import CopyKind
from consent.domain.errors import BadInputError
from consent.domain.roles import Duty, for_roles
from consent.indexing.index import FEW_PHOTOS, IndexRequest, index_photos
from consent.services import Services
from consent.storage.photo_files import UPLOADED
from consent.storage.unit_of_work import UnitOfWork
from media_index.files.places import Place, is_gone, place_of
from media_index.files.pool import find_photos, ingest
from media_index.matching.copies import KnownPhotos
from media_index.types import Fingerprint, FoundBy, Placement, Problem
from media_index.vectors.spot_search import SpotIndex
from media_index.vectors.spots import DamagedSpotsError

# Pictures taken out of layouts: made from photos, no originals.
TAKEN_OUT = f"{UPLOADED}print/"


@dataclass(frozen=True, slots=True)
class Original:
    """The photo of the library that a picture was made from.

    Attributes:
        placement: where the photo's pixels lie in the picture, where only a part was found.
    """

    photo_sha256: str
    by: FoundBy
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class MatchedPost:
    """A downloaded post.

    Attributes:
        sha256: of the file; None if it could not be read.
        original: what it was made from; None if nothing was found, and it is indexed as it is.
    """

    path: Place
    sha256: str | None
    original: Original | None
    problem: str = ""

    @property
    def photo_sha256(self) -> str | None:
        """The photo to record: the original, or the file itself."""
        return self.sha256 if self.original is None else self.original.photo_sha256


@for_roles(Duty.PUBLISH)
def match_posts(
    services: Services,
    folder: Path,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
) -> list[MatchedPost]:
    """Match downloaded posts with the photos that they were made from.

    Cropped, squared, bordered and recompressed ones are found. A post without an original in the
    index is indexed as it is, so that tomorrow's sweep finds it.

    Raises:
        BadInputError: the folder is not there.
    """
    if is_gone(folder.absolute()):
        raise BadInputError(f"There is no {folder}: enter the folder of the downloaded posts.")
    files, problems = find_photos([folder], services.settings.home)
    posts = [
        MatchedPost(place_of(str(problem.path)), None, None, problem.reason) for problem in problems
    ]
    looked: list[tuple[Place, Fingerprint]] = []
    workers = 1 if len(files) <= FEW_PHOTOS else min(services.settings.workers, len(files))
    outcomes = ingest(files, services.look_at_file(), lambda: services.make_executor(workers))
    for count, item in enumerate(outcomes, start=1):
        if isinstance(item.outcome, Problem):
            posts.append(MatchedPost(item.path, None, None, item.outcome.reason))
        else:
            looked.append((item.path, item.outcome))
        if progress is not None:
            progress(count, len(files))
    originals = find_originals(services, [photo for _, photo in looked], folder)
    posts += [
        MatchedPost(path, photo.sha256, originals.get(photo.sha256)) for path, photo in looked
    ]
    alone = [post.path for post in posts if post.sha256 is not None and post.original is None]
    if alone:
        index_photos(services, IndexRequest(alone), actor)
    return sorted(posts, key=lambda post: post.path)


def find_originals(
    services: Services,
    pictures: Sequence[Fingerprint],
    folder: Path | None = None,
    *,
    uploads: bool = False,
) -> dict[str, Original]:
    """Return the library's photo that each picture was made from, by the picture's SHA-256.

    What is indexed from the `folder` where they lie is no original; what was handed in on a page
    may be one, if `uploads`.
    """
    with services.reading() as unit:
        own = _own_photos(unit, folder, uploads=uploads)
        found = {
            picture.sha256: Original(picture.sha256, FoundBy.BYTES)
            for picture in pictures
            if picture.sha256 in own
        }
        # What was exported here, and comes back as it went out.
        made = unit.copies.named([picture.sha256 for picture in pictures])
        exported = [copy for copy in made if copy.kind is CopyKind.EXPORTED]
        found |= {
            copy.sha256: Original(copy.photo_sha256, FoundBy.BYTES)
            for copy in exported
            if copy.sha256 not in found
        }
        hashes = [row for row in unit.photos.hashes() if row[0] in own]
        known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])
        for picture in pictures:
            if picture.sha256 not in found:
                copies = known.copies_of(picture.hashes, picture.trimmed_hashes)
                if copies and copies[0].surely:
                    sha256 = hashes[copies[0].index][0]
                    found[picture.sha256] = Original(sha256, FoundBy.HASH)
        left = [picture for picture in pictures if picture.sha256 not in found]
        if left:
            found |= _by_parts(services, unit, left, own)
    return found


def _own_photos(unit: UnitOfWork, folder: Path | None, *, uploads: bool) -> set[str]:
    below = None if folder is None else folder.absolute()

    def is_own(path: str) -> bool:
        if path.startswith(UPLOADED):
            return uploads and not path.startswith(TAKEN_OUT)
        return below is None or not Path(path).is_relative_to(below)

    own = {sha256 for sha256, path in unit.photos.places_starting("") if is_own(path)}
    # A post of a covered copy is not one of the photo in which nobody is covered.
    return own | {copy.sha256 for copy in unit.copies.covered()}


def _by_parts(
    services: Services, unit: UnitOfWork, pictures: Sequence[Fingerprint], own: AbstractSet[str]
) -> dict[str, Original]:
    photos = sorted(own)
    try:
        return _found(services.archive_spots.index(unit.photos, photos), pictures)
    except DamagedSpotsError:
        return _found(services.archive_spots.index(unit.photos, photos, anew=True), pictures)


def _found(index: SpotIndex, pictures: Sequence[Fingerprint]) -> dict[str, Original]:
    """Return the photo of which each picture shows the most spots.

    Raises:
        DamagedSpotsError: a file is not what was written.
    """
    return {
        picture.sha256: Original(index.photos[row], FoundBy.PART, placement)
        for picture in pictures
        for row, placement in index.search(picture.features)[:1]
    }
