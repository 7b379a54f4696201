"""Kinds of files, told by how they begin: photos, what else may show people, and what is neither.

The signatures are those of the formats' own specifications, as file(1) and Exiftool list them too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from pathlib import PurePath

from media_index.files.documents import MOST_BYTES, holds_pictures, is_document

SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo", ".png", ".apng", ".webp", ".gif"}
    | {".tif", ".tiff", ".avif", ".avifs", ".heic", ".heics", ".heif", ".heifs", ".hif"},
)
# Of cameras: as they come out, before they are developed.
RAW_SUFFIXES = frozenset(
    {".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".kdc"}
    | {".mef", ".mos", ".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl"}
    | {".sr2", ".srf", ".srw", ".x3f"}
)
_OTHER_PICTURES = frozenset(
    {".bmp", ".dib", ".jxl", ".jp2", ".j2k", ".jpf", ".jpx", ".jxr", ".wdp", ".psd"}
    | {".psb", ".tga", ".pcx", ".ico", ".svg", ".svgz", ".eps", ".exr", ".hdr", ".xcf", ".fpx"}
    | {".xbm", ".xpm"}
)
# What is made of pictures, whatever else is in it.
_LAYOUTS = frozenset(
    {".pptx", ".pptm", ".ppsx", ".ppt", ".pps", ".odp", ".odg", ".key", ".pub", ".indd", ".idml"}
    | {".fodp", ".fodg", ".sla", ".qxp", ".qxd", ".cdr", ".afpub", ".afdesign"}
)
# Left behind in folders by desktops, in small letters; hidden files are as well.
LITTER = frozenset({"thumbs.db", "desktop.ini"})
# Windows keeps small copies of a folder's pictures in them.
_OF_THUMBNAILS, _SIDECAR = ".db", ".xmp"
# Of what lies in iCloud only, macOS shows in the folder as .IMG_1.jpg.icloud.
_IN_ICLOUD = re.compile(r"\.(.+)\.icloud", re.IGNORECASE)
# Texts, sidecars and sound: no picture, wherever they are.
_NO_PICTURES = frozenset(
    {".txt", ".csv", ".xmp", ".aae", ".json", ".ini", ".log", ".mp3", ".m4a", ".wav"}
)
# By which a file is told: enough for every signature, and for the parts of an office document.
HEAD_BYTES = 4096


class Kind(Enum):
    """What a file is, by its content."""

    PHOTO = auto()
    TIFF = auto()
    RAW = auto()
    GIF = auto()
    OTHER_PICTURE = auto()
    VIDEO = auto()
    PDF = auto()
    ARCHIVE = auto()
    # Text, sound, office documents, programs, databases: no picture by themselves.
    PLAIN = auto()
    EMPTY = auto()
    UNKNOWN = auto()


_STARTS = {
    b"\xff\xd8\xff": Kind.PHOTO,
    b"\x89PNG\r\n\x1a\n": Kind.PHOTO,
    b"FUJIFILMCCD-RAW": Kind.RAW,
    b"FOVb": Kind.RAW,
    b"\x00MRM": Kind.RAW,
    b"II\x1a\x00\x00\x00HEAPCCDR": Kind.RAW,
    b"IIRO": Kind.RAW,
    b"IIRS": Kind.RAW,
    b"MMOR": Kind.RAW,
    b"IIU\x00": Kind.RAW,
    b"II*\x00": Kind.TIFF,
    b"MM\x00*": Kind.TIFF,
    b"II+\x00": Kind.TIFF,
    b"MM\x00+": Kind.TIFF,
    b"GIF8": Kind.GIF,
    b"BM": Kind.OTHER_PICTURE,
    b"8BPS": Kind.OTHER_PICTURE,
    b"\xff\x0a": Kind.OTHER_PICTURE,
    b"\x00\x00\x00\x0cJXL ": Kind.OTHER_PICTURE,
    b"\x00\x00\x00\x0cjP  ": Kind.OTHER_PICTURE,
    b"\xff\x4f\xff\x51": Kind.OTHER_PICTURE,
    b"II\xbc\x01": Kind.OTHER_PICTURE,
    b"\x00\x00\x01\x00": Kind.OTHER_PICTURE,
    b"v/1\x01": Kind.OTHER_PICTURE,
    b"#?RADIANCE": Kind.OTHER_PICTURE,
    b"gimp xcf": Kind.OTHER_PICTURE,
    b"%!PS": Kind.OTHER_PICTURE,
    b"\xc5\xd0\xd3\xc6": Kind.OTHER_PICTURE,
    b"\x1aE\xdf\xa3": Kind.VIDEO,
    b"\x00\x00\x01\xba": Kind.VIDEO,
    b"\x00\x00\x01\xb3": Kind.VIDEO,
    b"0&\xb2u\x8ef\xcf\x11": Kind.VIDEO,
    b"FLV\x01": Kind.VIDEO,
    b".RMF": Kind.VIDEO,
    b"7z\xbc\xaf\x27\x1c": Kind.ARCHIVE,
    b"Rar!\x1a\x07": Kind.ARCHIVE,
    b"\x1f\x8b": Kind.ARCHIVE,
    b"BZh": Kind.ARCHIVE,
    b"\xfd7zXZ": Kind.ARCHIVE,
    b"\x28\xb5\x2f\xfd": Kind.ARCHIVE,
    # Office documents and mail of Microsoft's, Thumbs.db.
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Kind.PLAIN,
    # What macOS keeps beside a file on a disk that is not its own: ._IMG_1.jpg.
    b"\x00\x05\x16\x07": Kind.PLAIN,
    b"\x00\x05\x16\x00": Kind.PLAIN,
    b"\x00\x00\x00\x01Bud1": Kind.PLAIN,
    b"SQLite format 3\x00": Kind.PLAIN,
    b"MZ": Kind.PLAIN,
    b"\x7fELF": Kind.PLAIN,
    b"\xcf\xfa\xed\xfe": Kind.PLAIN,
    b"\xca\xfe\xba\xbe": Kind.PLAIN,
    b"L\x00\x00\x00\x01\x14\x02\x00": Kind.PLAIN,
    b"bplist0": Kind.PLAIN,
    b"ID3": Kind.PLAIN,
    b"\xff\xfb": Kind.PLAIN,
    b"\xff\xf3": Kind.PLAIN,
    b"\xff\xf2": Kind.PLAIN,
    b"fLaC": Kind.PLAIN,
    b"MThd": Kind.PLAIN,
    b"wOFF": Kind.PLAIN,
    b"wOF2": Kind.PLAIN,
    b"OTTO": Kind.PLAIN,
    b"\x00\x01\x00\x00": Kind.PLAIN,
}
_OF_HEIF = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1"}
    | {b"avif", b"avis"}
)
_OF_SOUND = frozenset({b"M4A ", b"M4B ", b"M4P "})
_MOVIE_BOXES = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_OF_RIFF = {b"WEBP": Kind.PHOTO, b"AVI ": Kind.VIDEO, b"WAVE": Kind.PLAIN}
_PARTS_OF_DOCUMENTS = (
    b"[Content_Types].xml",
    b"_rels/.rels",
    b"docProps/",
    b"word/",
    b"mimetypeapplication/",
    b"META-INF/",
    b".iwa",
)
_SVG = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>)?(\s|<!--.*?-->|<!DOCTYPE svg[^>]*>)*<svg", re.DOTALL
)
_NETPBM = re.compile(rb"P[1-6]\s+[#\d]|P7\n")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b\b"))
# Of MPEG transport streams, as camcorders write them: where the first begins, and its size.
_PACKETS = ((0, 188), (4, 192))


def kind_of(head: bytes) -> Kind:
    """Return what a file is.

    Args:
        head: its first `HEAD_BYTES`; all of it does, too.
    """
    if not head:
        return Kind.EMPTY
    tests = (_by_start, _of_container, _of_boxes, _of_text, _by_middle)
    return next((kind for test in tests if (kind := test(head)) is not None), Kind.UNKNOWN)


def _by_start(head: bytes) -> Kind | None:
    for start, kind in _STARTS.items():
        # Two letters begin many a text.
        if head.startswith(start) and (len(start) > 2 or not is_text(head)):  # noqa: PLR2004
            return kind
    return None


def _of_container(head: bytes) -> Kind | None:
    if head.startswith(b"RIFF"):
        return _OF_RIFF.get(head[8:12])
    if head.startswith(b"OggS"):
        return Kind.VIDEO if b"theora" in head else Kind.PLAIN
    if head.startswith(b"PK\x03\x04"):
        is_document = any(part in head for part in _PARTS_OF_DOCUMENTS)
        return Kind.PLAIN if is_document else Kind.ARCHIVE
    return None


def _of_boxes(head: bytes) -> Kind | None:
    """Tell files of MP4's family by their first box."""
    if head[4:8] in _MOVIE_BOXES:
        return Kind.VIDEO
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4]), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
    if b"crx " in brands:
        return Kind.RAW
    if brands & _OF_HEIF:
        return Kind.PHOTO
    return Kind.PLAIN if head[8:12] in _OF_SOUND else Kind.VIDEO


def _of_text(head: bytes) -> Kind | None:
    if _SVG.match(head) or _NETPBM.match(head):
        return Kind.OTHER_PICTURE
    return Kind.PLAIN if is_text(head) and b"%PDF-" not in head[:1024] else None


def _by_middle(head: bytes) -> Kind | None:
    # Readers of PDF take one with something before it.
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if any(head[at::size][:2] == b"GG" for at, size in _PACKETS):
        return Kind.VIDEO
    return Kind.ARCHIVE if head[257:262] == b"ustar" else None


def is_text(head: bytes) -> bool:
    """Say whether a file is text, in whatever encoding, by how it begins."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return len(head.translate(None, _CONTROLS)) == len(head)


def suffix_of(name: str) -> str:
    """Return the ending of a name, without what browsers and copies put after it: .jpg_large."""
    found = re.match(r"\.[a-z0-9]+", PurePath(name).suffix.lower())
    return found[0] if found else ""


def may_be_looked_at(name: str, read: Callable[[int], bytes]) -> bool:
    """Say whether a file in a folder is looked at, or named as one that nobody looked at.

    What its content shows to be no picture, and to hold none, is passed over, unless its name says
    that it is one. A file whose name says so is not opened here.

    Args:
        name: of the file.
        read: gives so many of its first bytes.

    Raises:
        OSError: it was opened, and cannot be read.
    """
    suffix = suffix_of(name)
    if suffix in SUFFIXES and not name.startswith("._"):
        return True
    if away := _IN_ICLOUD.fullmatch(name):
        return suffix_of(away[1]) not in _NO_PICTURES
    head = read(HEAD_BYTES)
    kind = kind_of(head)
    if name.startswith("."):
        return kind not in {Kind.PLAIN, Kind.EMPTY, Kind.UNKNOWN}
    if kind not in {Kind.PLAIN, Kind.EMPTY}:
        return True
    if suffix in RAW_SUFFIXES | _OTHER_PICTURES | _LAYOUTS:
        return True
    return _holds_pictures(suffix, head, read)


def _holds_pictures(suffix: str, head: bytes, read: Callable[[int], bytes]) -> bool:
    # A sidecar may hold a small copy of the photo beside it.
    if suffix in {_OF_THUMBNAILS, _SIDECAR} or not (is_document(head) or is_text(head)):
        return False
    # Of a short file, that was all: another request to a store costs more.
    return holds_pictures(head if len(head) < HEAD_BYTES else read(MOST_BYTES + 1))


def why_not_read(name: str, head: bytes, pdf_advice: str) -> str | None:
    """Say what to do with a file that is no photo for this program; None where it may be one."""
    if _IN_ICLOUD.fullmatch(name):
        return "It is not downloaded from iCloud yet: download it, then check again."
    kind = kind_of(head)
    # Most raw files are TIFF files whose first picture is a small one.
    if suffix_of(name) in RAW_SUFFIXES and kind in {Kind.TIFF, Kind.UNKNOWN}:
        return RAW_ADVICE
    if suffix_of(name) in _LAYOUTS and kind in {Kind.PLAIN, Kind.ARCHIVE, Kind.UNKNOWN}:
        return f"Slides or a layout, which may show people: export a PDF, and {pdf_advice}."
    is_named_so = suffix_of(name) in SUFFIXES | RAW_SUFFIXES | _OTHER_PICTURES
    if kind is Kind.PLAIN and is_text(head) and not is_named_so:
        return _DOCUMENT
    return None if kind in {Kind.PHOTO, Kind.TIFF, Kind.GIF} else what_it_is(head, pdf_advice)


def what_it_is(content: bytes, pdf_advice: str) -> str:
    """Say what to do with a file that is no photo, by how it begins."""
    kind = kind_of(content[:HEAD_BYTES])
    if kind is Kind.PDF:
        return f"A PDF: {pdf_advice}."
    if kind is Kind.PLAIN and is_document(content[:HEAD_BYTES]):
        return _DOCUMENT
    return _ADVICE.get(kind, _NO_PHOTO)


RAW_ADVICE = "A camera's raw file: export it as JPEG, and check that."
_DOCUMENT = (
    "A document or an email. The program does not look at photos inside it: save them as separate "
    "files, and check those."
)
_NO_PHOTO = (
    "Not a photo this program can read (JPEG, PNG, WebP, GIF, TIFF, HEIC or AVIF), or damaged at "
    "its start: export it again as JPEG."
)
_ADVICE = {
    Kind.EMPTY: "The file is empty: copy it again from the camera or its source.",
    Kind.RAW: RAW_ADVICE,
    Kind.OTHER_PICTURE: "A picture in a format that this program can't read: export it as JPEG,"
    " and check that.",
    Kind.VIDEO: "A video. The program looks only at photos: a person must watch it before you "
    "show it.",
    Kind.ARCHIVE: "An archive: unpack it, and check the photos in it.",
}
