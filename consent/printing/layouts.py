"""Put photos into a print piece: files, or the laid-out PDF, whose pictures are taken out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from uuid import uuid4

from consent.domain.actors import Actor
from consent.domain.decisions import same_face
from consent.domain.errors import BadInputError, ConflictError, NotFoundError
from consent.domain.log import Action
from consent.domain.print import PieceState, PieceStep, PlacedPhoto, PrintPiece
from consent.domain.roles import Duty, for_roles
from consent.indexing.index import index_handed_in
from consent.matching.gallery import face_scores
from consent.matching.names import names_covered_today
from consent.matching.register_snapshot import lies_in
from consent.printing.pieces import piece_named
from consent.printing.seen import require_seen
from consent.publishing.originals import TAKEN_OUT, Original, find_originals
from consent.services import Services
from consent.storage.photo_files import UPLOADED, image_limits
from consent.storage.thumbnails import keep_thumbnails
from consent.storage.unit_of_work import UnitOfWork
from media_index.errors import MediaIndexError
from media_index.faces.quality import is_comparable, is_recognizable
from media_index.files.documents import is_document
from media_index.files.kinds import HEAD_BYTES, Kind, kind_of, why_not_read
from media_index.images.pdf import (
    PlacedPicture,
    UnreadablePicture,
    pictures_in,
    text_by_page,
)
from media_index.images.reading import read_picture
from media_index.images.seams import goes_over_the_fold, meet_at_the_fold
from media_index.images.words import words_or_none
from media_index.types import Box, Face, Fingerprint, FoundBy

PDF = ".pdf"
_UNREAD = "its text was not searched for names."
# A face in another picture of the same shot scores 4 and more down to 15 px, half a face 2.7; what
# the encoder makes of a face on its side scores as strangers do (2026-11, data/samples/originals).
_SAME_SHOT_PER_MILLION = 5_000.0


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file for a piece: a photo, or a laid-out PDF."""

    name: str
    content: bytes

    @property
    def is_pdf(self) -> bool:
        """Whether it is a laid-out PDF, by its first bytes, or by its name if it is no photo."""
        kind = kind_of(self.content[:HEAD_BYTES])
        is_named = PurePath(self.name).suffix.lower() == PDF
        return kind is Kind.PDF or (is_named and kind not in {Kind.PHOTO, Kind.TIFF})


@dataclass(frozen=True, slots=True)
class Placing:
    """What was put into a piece.

    Attributes:
        photos: pictures that could not be read among them.
        without_pictures: names of the PDFs in which there is no picture, and nobody to be seen. If
            there is no other file, each of their pages is among the photos.
        named: in sentences without names, where words in the files name somebody who asked not to
            be named; and which could not be read.
    """

    photos: tuple[PlacedPhoto, ...]
    without_pictures: tuple[str, ...]
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture on its way into a piece.

    Attributes:
        page: from 1; None for a file.
        number: on the page, or among the files.
        content: of a picture file; empty where there is a problem.
        bounds: where it stands on the page as rendered, px.
        is_page: it is no picture but a whole page.
        is_bare: of a page, that nobody is to be seen on it, nor a picture.
        repeats: of a page, the faces that pictures taken out of it show.
        counted: of a page, that it shows a picture which could not be taken out.
        goes_on: it is the second half of a picture that begins on the facing page.
    """

    page: int | None
    number: int
    name: str
    content: bytes
    seen: Fingerprint | None = None
    problem: str = ""
    bounds: Box | None = None
    is_page: bool = False
    is_bare: bool = False
    repeats: tuple[Box, ...] = ()
    counted: bool = True
    goes_on: bool = False


@for_roles(Duty.PRINT)
def place_files(
    services: Services,
    named: str,
    files: Sequence[HandedIn],
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
    keep: Callable[[UnitOfWork, Placing], None] | None = None,
) -> Placing:
    """Put files into a piece, and match every picture with its original in the index.

    `progress` is told how many pictures were looked at, of how many; before that is known, how many
    were taken out of the layout, of 0. `keep` keeps more in the transaction that places them.

    A laid-out PDF takes the place of what was in the piece before; single files are added. What
    has no original is judged as it is, and says so; so is a picture that shows a face which its
    original does not.

    Raises:
        NotFoundError: there is no such piece.
        ConflictError: it is at the printer, or printed.
        BadInputError: there is no file, or a PDF that cannot be read.
        MediaIndexError: a PDF cannot be read.
    """
    if not files:
        raise BadInputError("Upload the photos, or the PDF of the layout.")
    with services.reading() as unit:
        piece = piece_named(unit, named)
        require_open(piece)
        already = len(unit.pieces.placed(piece.id))
    tell = progress or _tell_nobody
    pictures: list[_Picture] = []
    for file in files:
        for picture in _of_pdf(file) if file.is_pdf else ():
            pictures.append(picture)
            tell(len(pictures), 0)
    singles = [file for file in files if not file.is_pdf]
    first = 1 if len(singles) < len(files) else already + 1
    pictures += [
        _Picture(None, number, file.name, file.content, problem=_why_no_photo(file))
        for number, file in enumerate(singles, start=first)
    ]
    looked, widths = _looked_at(services, pictures, tell)
    with_pictures = {picture.name for picture in looked if not picture.is_bare}
    if not looked:
        names = " and ".join(file.name for file in files)
        raise BadInputError(f"No page was found in {names}: upload the photos, or another PDF.")
    once = _going_on(services, _counted_once(looked, widths), widths)
    placed = _matched(services, piece, once, actor)
    said = tuple(_named(services, piece, files))
    without = dict.fromkeys(file.name for file in files if file.name not in with_pictures)
    placing = Placing(tuple(placed), tuple(without), said)
    # Once more: who cancels it before this finds nothing placed.
    tell(len(pictures), len(pictures))
    with services.writing() as unit:
        require_open(piece_named(unit, named))
        now, replaces = services.now(), any(file.is_pdf for file in files)
        names = ", ".join(file.name for file in files[:3])
        unit.pieces.place(piece.id, names, placed, now, actor, replaces=replaces, named=said)
        back_to_draft(services, unit, piece, actor)
        details = {"piece": piece.label, "photos": len(placed), "replaces": replaces}
        unit.audit.append(Action.PIECE_PLACED, piece.id, actor, now, details)
        if keep is not None:
            keep(unit, placing)
        unit.commit()
    return placing


def _named(services: Services, piece: PrintPiece, files: Sequence[HandedIn]) -> Iterator[str]:
    """Say where words in the files name somebody whose revocation covers their name."""
    names = names_covered_today(services)
    channel = services.policy.channel(piece.channel)
    for file in files if names else ():
        if not file.is_pdf:
            words = words_or_none(file.content)
            for said in names.said_of_file(file.name, words or (), channel):
                yield f"{file.name}: {said}"
            if words is None:
                yield f"{file.name}: {_UNREAD}"
            continue
        try:
            pages = text_by_page(file.content)
        except MediaIndexError as error:
            yield f"{file.name}: {_UNREAD} {error}"
            continue
        for number, text in enumerate(pages, start=1):
            for found in names.of_text(text, channel):
                yield f"{file.name}, page {number}: {found.sentence}"


def _looked_at(
    services: Services, pictures: Sequence[_Picture], tell: Callable[[int, int], None]
) -> tuple[list[_Picture], dict[tuple[str, int | None], int]]:
    """Return the pictures, and the pages that are needed, looked at; and the pages' widths, px.

    Where there is nothing else, each page is there, so that the piece can be audited.
    """
    looked: list[_Picture] = []
    bare: dict[tuple[str, int | None], _Picture] = {}
    widths: dict[tuple[str, int | None], int] = {}
    known: dict[bytes, Fingerprint] = {}
    for count, picture in enumerate(pictures, start=1):
        seen = _look(services, picture, known)
        page = picture.name, picture.page
        if not picture.is_page:
            looked.append(seen)
        elif (needed := _if_needed(services, seen, looked)) is not None:
            looked.append(needed)
        else:
            bare.setdefault(page, replace(seen, is_bare=True))
        if picture.is_page and seen.seen is not None:
            widths[page] = seen.seen.width
        tell(count, len(pictures))
    return looked or list(bare.values()), widths


@for_roles(Duty.PRINT)
def take_out(
    services: Services, named: str, placed_id: str, actor: Actor, *, seen: int | None = None
) -> None:
    """Take a photo out of a piece; `seen` is the version that whoever does it has looked at.

    Raises:
        PieceChangedError: somebody has changed the piece since it was seen.
        NotFoundError: there is no such piece, or it is not in it.
        ConflictError: the piece is at the printer, or printed.
    """
    with services.writing() as unit:
        piece = piece_named(unit, named)
        require_seen(unit, piece, seen)
        require_open(piece)
        if placed_id not in {placed.id for placed in unit.pieces.placed(piece.id)}:
            raise NotFoundError("That photo is no longer in the piece: it was taken out already.")
        now = services.now()
        unit.pieces.remove(placed_id, now, actor)
        back_to_draft(services, unit, piece, actor)
        details = {"piece": piece.label, "taken_out": placed_id}
        unit.audit.append(Action.PIECE_PLACED, piece.id, actor, now, details)
        unit.commit()


def _tell_nobody(_done: int, _total: int) -> None:
    """Take no notice of how far it is."""


def require_open(piece: PrintPiece) -> None:
    """Refuse to change what is in a piece that has left.

    Raises:
        ConflictError: it is at the printer, or printed.
    """
    if piece.state.has_left:
        raise ConflictError(
            f"{piece.label} is {piece.state.words.lower()}: call it back to draft before you "
            "change its photos."
            if piece.state is PieceState.AT_PRINTER
            else f"{piece.label} is printed: open a new piece for a reprint."
        )


def back_to_draft(services: Services, unit: UnitOfWork, piece: PrintPiece, actor: Actor) -> None:
    """Make a piece a draft again, whose photos have changed."""
    if piece.state is not PieceState.DRAFT:
        unit.pieces.append(piece.id, PieceStep(services.now(), actor, PieceState.DRAFT))


def _of_pdf(file: HandedIn) -> Iterator[_Picture]:
    for picture in pictures_in(file.content):
        if isinstance(picture, UnreadablePicture):
            yield _Picture(picture.page, picture.number, file.name, b"", problem=picture.why)
        elif isinstance(picture, PlacedPicture):
            found = _Picture(picture.page, picture.number, file.name, picture.content)
            yield replace(found, bounds=picture.bounds)
        else:
            found = _Picture(picture.page, picture.number, file.name, picture.content)
            yield replace(found, is_page=True)


def _why_no_photo(file: HandedIn) -> str:
    """Say what to do with a file that is no photo; nothing where it may be one."""
    head = file.content[:HEAD_BYTES]
    if kind_of(head) is Kind.PLAIN and is_document(head):
        return "A document, which may show people: export a PDF, and upload that."
    return why_not_read(file.name, head, "upload that") or ""


def _look(services: Services, picture: _Picture, known: dict[bytes, Fingerprint]) -> _Picture:
    """Return a picture with its fingerprint, or why there is none.

    Pictures that were looked at are in `known`: a logo is on every page, and a hostile layout
    places one photo hundreds of times.
    """
    if picture.problem:
        return replace(picture, content=b"")
    try:
        if picture.content not in known:
            known[picture.content] = services.look_at_bytes(picture.content)[0]
    except MediaIndexError as error:
        return replace(picture, content=b"", problem=str(error))
    return replace(picture, seen=known[picture.content])


def _counted_once(
    pictures: Sequence[_Picture], widths: Mapping[tuple[str, int | None], int]
) -> list[_Picture]:
    """Return pictures, of one that goes over the fold onto the next page counted where it begins.

    `widths` are those of the pages as rendered, px.
    """
    over = {
        (picture.name, picture.page + 1, picture.seen.sha256)
        for picture in pictures
        if picture.seen is not None and picture.page is not None and picture.bounds is not None
        if picture.bounds.x2 > widths.get((picture.name, picture.page), picture.bounds.x2)
    }
    return [
        replace(picture, counted=False, repeats=tuple(face.box for face in picture.seen.faces))
        if picture.seen is not None
        and picture.bounds is not None
        and picture.bounds.x1 < 0
        and (picture.name, picture.page, picture.seen.sha256) in over
        else picture
        for picture in pictures
    ]


def _going_on(
    services: Services,
    pictures: Sequence[_Picture],
    widths: Mapping[tuple[str, int | None], int],
) -> list[_Picture]:
    """Mark the second half of each picture that is cut in two by the fold.

    Of one with an original that is known by its parts; of others, by how the halves go together.
    """

    def goes_on(picture: _Picture) -> bool:
        width = widths.get((picture.name, picture.page), 0)
        return any(
            other.page is not None
            and (other.name, other.page + 1) == (picture.name, picture.page)
            and widths.get((other.name, other.page)) == width
            and other.content != picture.content
            and _goes_over(services, other, picture, width)
            for other in pictures
        )

    return [replace(picture, goes_on=True) if goes_on(picture) else picture for picture in pictures]


def _goes_over(services: Services, first: _Picture, second: _Picture, width: int) -> bool:
    readable = first.seen is not None and second.seen is not None
    at, there = first.bounds, second.bounds
    if not readable or at is None or there is None or not meet_at_the_fold(at, there, width):
        return False
    limits = image_limits(services.settings)
    left, right = (read_picture(picture.content, limits)[0].rgb for picture in (first, second))
    return goes_over_the_fold(left, at, right, there)


def _if_needed(services: Services, page: _Picture, looked: Sequence[_Picture]) -> _Picture | None:
    """Return a page if it shows a face that no picture taken out of it shows at that place.

    With the faces that one does; and not counted as a picture where all the others lie in pictures
    that were taken out, which the layout only shows otherwise.
    """
    beside = [
        picture for picture in looked if (picture.name, picture.page) == (page.name, page.page)
    ]
    if page.seen is None:
        return page
    shown = [
        (face, box)
        for picture in beside
        if picture.seen is not None and picture.bounds is not None
        for face in picture.seen.faces
        for box in [face.box.carried_to(picture.bounds, picture.seen.width, picture.seen.height)]
    ]
    repeats, new = [], []
    for face in page.seen.faces:
        if _is_one_of(services, face, shown):
            repeats.append(face.box)
        elif is_recognizable(face, services.comparability):
            new.append(face.box)
    if not new:
        return None
    bounds = [picture.bounds for picture in beside if picture.bounds is not None]
    outside = [box for box in new if not any(of.holds_middle_of(box) for of in bounds)]
    whole = Box(0, 0, page.seen.width, page.seen.height)
    return replace(page, bounds=whole, repeats=tuple(repeats), counted=bool(outside))


def _is_one_of(services: Services, face: Face, others: Sequence[tuple[Face, Box]]) -> bool:
    """Say whether another picture of the same shot shows a face at the same place.

    That something face-like is there is not enough: a picture that lies on its side, or is a
    negative, has that too. The encoder must see the same, where it sees anything.
    """
    near = [
        other for other, box in others if same_face(face.box, box) or box.holds_middle_of(face.box)
    ]
    calibration = services.calibration
    models = calibration.scales.keys()
    if not (is_comparable(face, services.comparability) and models <= face.encodings.keys()):
        return bool(near)
    clear = [other for other in near if models <= other.encodings.keys()]
    alike = calibration.score_at(_SAME_SHOT_PER_MILLION)
    return bool((face_scores(calibration, [face], clear) >= alike).any())


def _matched(
    services: Services, piece: PrintPiece, pictures: Sequence[_Picture], actor: Actor
) -> list[PlacedPhoto]:
    """Match pictures with their originals, and index them: what is printed is judged."""
    # A page is judged as it is: an original would be only a part of it.
    seen = [
        picture.seen for picture in pictures if picture.seen is not None and not picture.is_page
    ]
    originals = find_originals(services, seen, uploads=True)
    wanted = [original.photo_sha256 for original in originals.values()]
    with services.reading() as unit:
        photos = unit.photos.fingerprints(wanted)
    placed: list[PlacedPhoto] = []
    alone: list[_Picture] = []
    for picture in pictures:
        if picture.seen is None:
            placed.append(_placed(picture, None, problem=picture.problem))
            continue
        original = originals.get(picture.seen.sha256)
        whole = None if original is None else photos.get(original.photo_sha256)
        if original is None or whole is None:
            shown = _placed(picture, picture.seen.sha256)
            if not picture.is_page:
                shown = replace(shown, picture_sha256=picture.seen.sha256)
            counted = picture.counted and not picture.goes_on
            placed.append(replace(shown, repeats=picture.repeats, counted=counted))
            alone.append(picture)
            continue
        region = _region(original, picture.seen)
        shown = _placed(picture, whole.sha256, original.by, region)
        if not picture.counted:
            # Over the fold: all who are in it were counted on the page before.
            everybody = tuple(face.box for face in whole.faces)
            shown = replace(shown, counted=False, repeats=everybody)
        repeats = _shown_in_original(services, picture.seen, whole, original)
        if repeats is not None:
            # Somebody is in print who is not in the original: each is judged by itself.
            again = _placed(picture, picture.seen.sha256)
            placed += [shown, replace(again, repeats=repeats, counted=False)]
        else:
            placed.append(replace(shown, picture_sha256=picture.seen.sha256))
        alone.append(picture)
    _index(services, piece, alone, actor)
    return placed


def match_again(services: Services, named: str) -> None:
    """Match the pictures of a piece with originals that came into the index since, as well.

    So that a layout is judged the same way whenever it was placed.
    """
    with services.reading() as unit:
        piece = piece_named(unit, named)
        placed = unit.pieces.placed(piece.id)
        # An older version kept no picture: a file that was handed in is one itself.
        placed = [
            replace(photo, picture_sha256=photo.photo_sha256)
            if photo.page is None and photo.found is None and photo.picture_sha256 is None
            else photo
            for photo in placed
        ]
        pictures = unit.photos.with_features(
            list({photo.picture_sha256 for photo in placed if photo.picture_sha256})
        )
    # What is at the printer was signed as it is, and is judged as it was signed.
    if not pictures or piece.state.has_left:
        return
    originals = find_originals(services, list(pictures.values()), uploads=True)
    with services.writing() as unit:
        photos = unit.photos.fingerprints([found.photo_sha256 for found in originals.values()])
        changed: list[PlacedPhoto] = []
        for photo in placed:
            original = originals.get(photo.picture_sha256 or "")
            whole = None if original is None else photos.get(original.photo_sha256)
            if original is None or whole is None:
                continue
            picture = pictures[str(photo.picture_sha256)]
            if photo.found is None and _shown_in_original(services, picture, whole, original):
                continue
            region = _region(original, picture)
            # Over the fold, all who are in it were counted on the page before.
            repeats = tuple(face.box for face in whole.faces) if photo.repeats else ()
            now = replace(
                photo,
                photo_sha256=whole.sha256,
                found=original.by,
                region=region,
                repeats=repeats,
                counted=photo.counted or not repeats,
            )
            if (now.photo_sha256, now.region) != (photo.photo_sha256, photo.region):
                changed.append(now)
        if changed:
            unit.pieces.match_again(changed)
            unit.commit()


def _region(original: Original, picture: Fingerprint) -> Box | None:
    if original.placement is None:
        return None
    return original.placement.shown(picture.width, picture.height)


def _placed(
    picture: _Picture,
    photo_sha256: str | None,
    found: FoundBy | None = None,
    region: Box | None = None,
    problem: str = "",
) -> PlacedPhoto:
    where = picture.page, picture.number, picture.name
    return PlacedPhoto(uuid4().hex, *where, photo_sha256, found, region, problem)


def _shown_in_original(
    services: Services, picture: Fingerprint, whole: Fingerprint, original: Original
) -> tuple[Box, ...] | None:
    """Return the faces that a picture and its original show, if it shows others besides.

    Px of the picture; None where it shows no recognizable face that its original does not.
    """
    if original.by is FoundBy.BYTES:
        return None
    all_of_it = Box(0, 0, picture.width, picture.height)

    def carried(box: Box) -> Box:
        if original.placement is not None:
            return original.placement.box(box)
        return box.carried_to(all_of_it, whole.width, whole.height)

    # A face of the original of which too little is shown is not judged there: it is new here.
    known = [(face, box) for face in whole.faces if lies_in(all_of_it, box := carried(face.box))]
    repeats = [face for face in picture.faces if _is_one_of(services, face, known)]
    others = [face for face in picture.faces if face not in repeats]
    if not any(is_recognizable(face, services.comparability) for face in others):
        return None
    return tuple(face.box for face in repeats)


def _index(
    services: Services, piece: PrintPiece, pictures: Sequence[_Picture], actor: Actor
) -> None:
    """Index pictures as they are, so that they are judged, and that tomorrow's sweep finds them."""
    folder = TAKEN_OUT.removeprefix(UPLOADED) + piece.label
    files: dict[str, bytes] = {}
    # A logo is on every page.
    once = {picture.seen.sha256: picture for picture in pictures if picture.seen is not None}
    for number, picture in enumerate(once.values(), start=1):
        page = "" if picture.page is None else f"page {picture.page}, "
        name = f"{page}picture {picture.number} ({number}){_suffix(picture)}"
        files[f"{folder}/{name}"] = picture.content
    if not files:
        return
    # They were looked at: indexing only says where they are.
    seen = {sha256: picture.seen for sha256, picture in once.items() if picture.seen is not None}
    services.passing.note(seen.values())
    with services.writing() as unit:
        known = unit.photos.known(seen)
        new = [seen[sha256] for sha256 in seen if sha256 not in known]
        keep_thumbnails(services.settings.thumbnails, new)
        unit.photos.add(new, services.now())
        unit.commit()
    index_handed_in(services, files, actor)


def _suffix(picture: _Picture) -> str:
    suffix = PurePath(picture.name).suffix.lower()
    if suffix and suffix != PDF:
        return suffix
    return ".png" if picture.content.startswith(b"\x89PNG") else ".jpg"
