"""Words about a photo that lie in its file: what cameras, catalogs and people wrote into it.

IPTC-IIM, EXIF, XMP, comments and text chunks. Who made the photo is left out: they are not in it.
Faces that other programs have named are regions of the Metadata Working Group ("Guidelines for
Handling Image Metadata", 2.0, section 5.9): their boxes are of the picture as it is stored.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from PIL import Image, ImageFile, IptcImagePlugin

from media_index.files import bounded
from media_index.files.bounded import Bounds, BoundsError
from media_index.images.decode import DECODER_ERRORS, FORMATS
from media_index.images.turns import (
    ORIENTATION_TAG,
    of_orientation,
    points_back,
    turn_back,
)
from media_index.types import Box

_IPTC = {
    (2, 5): "Its title (IPTC)",
    (2, 25): "A keyword (IPTC)",
    (2, 40): "Its instructions (IPTC)",
    (2, 105): "Its headline (IPTC)",
    (2, 120): "Its caption (IPTC)",
}
_EXIF = {0x010E: "Its description (EXIF)"}
_EXIF_WIDE = {
    0x9C9B: "Its title (EXIF)",
    0x9C9C: "A comment (EXIF)",
    0x9C9E: "A keyword (EXIF)",
    0x9C9F: "Its subject (EXIF)",
}
_USER_COMMENT = 0x9286
_EXIF_IFD = 0x8769
# Of XMP, by the local name of the element or attribute; any other is told by that name.
_XMP = {
    "PersonInImage": "Its list of people (IPTC in XMP)",
    "PersonName": "Its list of people (IPTC in XMP)",
    "description": "Its caption (XMP)",
    "title": "Its title (XMP)",
    "Headline": "Its headline (XMP)",
    "subject": "A keyword (XMP)",
    "hierarchicalSubject": "A keyword (XMP)",
    "TagsList": "A keyword (XMP)",
    "Name": "A face named in it (XMP)",
    "PersonDisplayName": "A face named in it (XMP)",
}
# About who made the file, and with what.
_MAKERS = {
    *("creator", "Creator", "rights", "Credit", "Source", "Owner", "AuthorsPosition", "History"),
    *("CaptionWriter", "CreatorTool", "CreatorContactInfo", "DerivedFrom", "Artist", "Lens"),
    *("Photographer", "SerialNumber", "ImageCreator", "CopyrightOwner", "Licensor"),
    *("WebStatement", "UsageTerms"),
}
_WRAPPERS = frozenset({"RDF", "Description", "Bag", "Seq", "Alt", "li", "xmpmeta", "value"})
_TEXT_CHUNKS = {"comment", "Comment", "Description", "Title", "Subject", "Caption"}
_XMP_KEYS = ("xmp", "XML:com.adobe.xmp")
_ENTITIES = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_JPEG, _MARKER, _PIXELS = b"\xff\xd8", b"\xff", 0xDA
# Nobody writes more about a photo.
_MOST_LETTERS = 20_000
_BOUNDS = Bounds(seconds=10.0)


@dataclass(frozen=True, slots=True)
class Words:
    """Words about a photo.

    Attributes:
        place: where they stand, as a sentence begins.
        box: the face that they are said of, px of the upright photo; None for the photo.
    """

    place: str
    text: str
    box: Box | None = None


def words_in(content: bytes) -> list[Words]:
    """Return the words in a photo's file; none where it cannot be read at all.

    Raises:
        BoundsError: it takes too long, or ends the process that reads it.
    """
    return bounded.bounded(_BOUNDS, _words_in, _without_pixels(content))


def _without_pixels(content: bytes) -> bytes:
    """Return what stands before the pixels of a JPEG, all that is read here; others as they are."""
    at = 2
    while content[:2] == _JPEG and content[at : at + 1] == _MARKER and at + 4 <= len(content):
        if content[at + 1] == _PIXELS:
            return content[: at + 64]
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return content


def words_or_none(content: bytes) -> list[Words] | None:
    """Return the words in a photo's file; None where reading them takes too much."""
    try:
        return words_in(content)
    except BoundsError:
        return None


def _words_in(content: bytes) -> list[Words]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                return [
                    Words(words.place, words.text[:_MOST_LETTERS], words.box)
                    for words in _of(image)
                    if words.text.strip()
                ]
    except DECODER_ERRORS:
        return []


def _of(image: Image.Image) -> Iterator[Words]:
    yield from _iptc(image)
    orientation = 1
    try:
        exif = image.getexif()
        orientation = int(exif.get(ORIENTATION_TAG, 1))
        yield from _exif(exif)
    except DECODER_ERRORS:
        # A damaged block; what else the file holds is read all the same.
        orientation = 1
    for key in sorted(_TEXT_CHUNKS & image.info.keys(), key=str):
        yield Words("A comment in its file", _as_text(image.info[key]))
    for key in _XMP_KEYS:
        if key in image.info:
            yield from _xmp(_as_text(image.info[key]), image.size, orientation)


def _iptc(image: Image.Image) -> Iterator[Words]:
    if not isinstance(image, ImageFile.ImageFile):
        return
    try:
        found = IptcImagePlugin.getiptcinfo(image) or {}
    except DECODER_ERRORS:
        return
    for key, place in _IPTC.items():
        values = found.get(key, [])
        for value in values if isinstance(values, list) else [values]:
            yield Words(place, _as_text(value))


def _exif(exif: Image.Exif) -> Iterator[Words]:
    for tag, place in _EXIF.items():
        if tag in exif:
            yield Words(place, _as_text(exif[tag]))
    for tag, place in _EXIF_WIDE.items():
        if isinstance(exif.get(tag), bytes):
            yield Words(place, exif[tag].decode("utf-16-le", "replace").strip("\0"))
    comment = exif.get_ifd(_EXIF_IFD).get(_USER_COMMENT)
    if isinstance(comment, bytes):
        # Eight bytes say in which letters it is written.
        wide = comment.startswith(b"UNICODE")
        text = comment[8:].decode("utf-16-le" if wide else "utf-8", "replace")
        yield Words("A comment (EXIF)", text.strip("\0"))
    elif comment is not None:
        yield Words("A comment (EXIF)", _as_text(comment))


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("latin-1")
    return str(value)


def _xmp(text: str, size: tuple[int, int], orientation: int) -> Iterator[Words]:
    """Yield the words of XMP data; where it is damaged, all of them together."""
    root = _parsed(text[max(0, text.find("<")) :].strip("\0 \n"))
    if root is None:
        yield Words("Its XMP data", _TAG.sub(" ", text))
        return
    yield from _regions(root, size, orientation)
    yield from _walk(root, "")


def _parsed(text: str) -> ET.Element | None:
    # XMP has no entities of its own; a file that defines some is meant to fill the memory.
    if _ENTITIES.search(text):
        return None
    try:
        return ET.fromstring(text)  # noqa: S314 - see above
    except (ET.ParseError, ValueError):
        return None


def _walk(element: ET.Element, inside: str) -> Iterator[Words]:
    own = _local(element.tag)
    if own in _MAKERS:
        return
    inside = inside if own in _WRAPPERS else own
    for name, value in element.attrib.items():
        if _local(name) not in _MAKERS and not value.startswith(("http:", "uuid:", "xmp.")):
            yield Words(_place(_local(name)), value)
    if element.text and element.text.strip():
        yield Words(_place(inside), element.text.strip())
    for child in element:
        yield from _walk(child, inside)


def _place(name: str) -> str:
    return _XMP.get(name, f"{name or 'Something'} in its XMP data")


def _regions(root: ET.Element, size: tuple[int, int], orientation: int) -> Iterator[Words]:
    """Yield the names that another program gave to faces, with their boxes."""
    for element in root.iter():
        own = _values(element)
        area = next((child for child in element if _local(child.tag) == "Area"), None)
        name, where = own.get("Name"), {} if area is None else _values(area)
        if area is not None:
            for child in area.iter():
                where |= _values(child)
        if name and {"x", "y", "w", "h"} <= where.keys():
            box = _region_box(where, size, orientation)
            if box is not None:
                yield Words("The name of a face (XMP)", name, box)


def _values(element: ET.Element) -> dict[str, str]:
    """Return what XMP may write as attributes, or as elements with text."""
    found = {_local(name): value for name, value in element.attrib.items()}
    for child in element:
        if child.text and child.text.strip():
            found[_local(child.tag)] = child.text.strip()
    return found


def _region_box(where: dict[str, str], size: tuple[int, int], orientation: int) -> Box | None:
    """Return a box in px of the upright photo: the middle and the size are shares of the stored."""
    try:
        x, y, wide, high = (float(where[name]) for name in ("x", "y", "w", "h"))
    except ValueError:
        return None
    width, height = size
    corners = [
        ((x - wide / 2) * width, (y - high / 2) * height),
        ((x + wide / 2) * width, (y + high / 2) * height),
    ]
    turn = of_orientation(orientation)
    if turn is not None:
        # Where points lie after a turn is where they lay before the turn back.
        corners = points_back(corners, turn_back(turn), width, height)
    (x1, y1), (x2, y2) = corners
    return Box(*(round(side) for side in (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))))


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]
