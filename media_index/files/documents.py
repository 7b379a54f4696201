"""Office documents, mails and texts: whether they hold pictures, by what is in them."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

# Read to their end to be told; a longer one holds more than text.
MOST_BYTES = 64 * 1024 * 1024
# By which a part is told, and in which a file of pictures says what it is.
_HEAD, _BOX = 4096, 32
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
# Of each part of an archive, before its name; of one of LibreOffice's with a password, all of it.
_ZIP_HEADER, _LOCKED = 30, "encrypted-package"
_RTF = b"{\\rtf"
# Of macOS: what Safari saves as a web archive, among others.
_PLIST = b"bplist0"
_HEADER = re.compile(
    rb"^(mime-version|received|return-path|content-type|from):", re.IGNORECASE | re.MULTILINE
)
_WEB = re.compile(rb"<(!doctype html|html|body|table|p|div)[\s>]", re.IGNORECASE)
# Small pictures of the document's own first page are none that are in it.
_OF_FIRST_PAGE = re.compile(r"(^|/)(thumbnails?|quicklook|preview[^/]*\.jpg$)", re.IGNORECASE)
_PICTURES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp"}
    | {".avif", ".heic", ".heif", ".hif", ".jxl", ".jp2", ".jpf", ".jpx", ".jxr", ".wdp", ".hdp"}
    | {".svg", ".svgz", ".emf", ".wmf", ".emz", ".wmz", ".pict", ".pct", ".psd", ".tga", ".eps"}
    | {".mp4", ".mov", ".m4v", ".wmv", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".3gp", ".pdf"}
    # Slides are made of pictures, whatever else is in them.
    | {".pptx", ".pptm", ".ppsx", ".ppt", ".pps", ".odp", ".odg", ".sldx"}
)
# Parts of a document that are texts themselves, and those that are documents.
_TEXTS = frozenset({".xml", ".html", ".htm", ".xhtml", ".mht", ".mhtml", ".eml", ".rtf", ".txt"})
_INSIDE = frozenset({".docx", ".docm", ".xlsx", ".xlsm", ".xlsb", ".odt", ".ods"})
_MOST_INSIDE, _MOST_PARTS = 3, 5000
# How files of pictures and films begin, as they stand in documents that are not compressed. Each
# begins with letters of its own: so Python finds it fast.
_STARTS = tuple(
    re.compile(start, re.DOTALL)
    for start in (
        *(rb"\xff\xd8\xff[\xc0-\xfe]", rb"\x89PNG\r\n\x1a\n", rb"GIF8[79]a", rb"%PDF-1"),
        *(rb"II\*\0", rb"MM\0\*", rb"RIFF.{4}(WEBP|AVI )", rb" EMF\0\0\x01\0"),
        rb"BM.{4}\0{4}.{2}\0\0[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0",
        # HEIC, AVIF, MP4 and MOV, but no sound alone.
        rb"ftyp(?!M4[ABP] )[\x20-\x7e]{4}(?<=\0\0[\0\x01].ftyp....)",
        *(rb"\0\0\0\x08wide", rb"\0\0\0\x0c(JXL |jP  )\r\n\x87\n", rb"0&\xb2u\x8ef\xcf\x11"),
    )
)
# The same in base64, at the beginning of what is written so: JPEG, PNG, GIF, WebP, TIFF, BMP, PDF,
# HEIC and MP4.
_IN_BASE64 = tuple(
    re.compile(start + rb"(?<![\w+/]" + start + rb")[\w+/\r\n\t ]{40}")
    for start in (
        *(rb"/9j/[2-7]", rb"iVBORw0KGgo", rb"R0lGOD[dl]h", rb"UklGR.{6}XRUJQ", rb"JVBERi0"),
        *(rb"SUkqA", rb"TU0AK", rb"Qk[0-3][\w+/]{5}AAAA", rb"AAAA[\w+/][GWm2]Z0eXB"),
    )
)
# Where Word, LibreOffice, address books and calendars put what is no text.
_IN_TEXT = re.compile(
    rb"<(w:binData|pkg:binaryData|office:binary-data)\b"
    rb"|^(PHOTO|LOGO)\b[^:\n]*;ENCODING=B|^ATTACH\b[^:\n]*;FMTTYPE=(image|video)/[^:\n]*BASE64"
    rb"|data:(image|video)/[\w.+-]+;base64,\s*[\w+/]{40}",
    re.IGNORECASE | re.MULTILINE,
)
# A part of a mail that is no text: a picture, or something that may be one or hold some.
_PARTS = re.compile(
    rb"^content-type:\s*(image|video|application/(?!pgp-|(x-)?pkcs7-signature|ics|json|xml))",
    re.IGNORECASE | re.MULTILINE,
)
_IN_RTF = re.compile(rb"\\(pict|object)\b")
_IN_WEB = re.compile(rb"data:(image|video)/", re.IGNORECASE)
_UUENCODED = re.compile(rb"^begin [0-7]{3} \S", re.MULTILINE)
# Word and Excel put the colors and fonts of a document into it as an archive: no other document.
_OF_THEME = re.compile(rb"\[Content_Types\]\.xml|_rels/|theme/(?!media/)")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_CARD = b"BEGIN:V"


def is_document(head: bytes) -> bool:
    """Say whether a file may be a document or a mail in which pictures can stand.

    Args:
        head: how it begins; it is no archive of files.
    """
    head = _plain(head)
    return head.startswith((_OLE, _ZIP, _RTF, _PLIST)) or bool(
        _HEADER.search(head) or _WEB.search(head)
    )


def holds_pictures(content: bytes) -> bool:
    """Say whether a document, a mail or a text holds pictures, or may do so where it is not told.

    Args:
        content: all of it, or more than `MOST_BYTES`.
    """
    return _holds_pictures(content, _MOST_INSIDE)


def _holds_pictures(content: bytes, deeper: int) -> bool:
    is_known = is_document(content[:_HEAD])
    if len(content) > MOST_BYTES and is_known:
        return True
    if content.startswith(_ZIP):
        return _zip_holds_pictures(content, deeper)
    if content.startswith((_OLE, _PLIST)):
        return _holds_raw(content)
    # A text as long as that is a log or a table; were photos in it, the first would be before.
    text = _plain(content[:MOST_BYTES])
    if text.startswith(_RTF):
        return bool(_IN_RTF.search(text))
    if is_known and any(found.search(text) for found in (_PARTS, _IN_WEB, _UUENCODED)):
        return True
    return _text_holds_pictures(text)


def _plain(text: bytes) -> bytes:
    """Return a text in UTF-8 and without what may stand before it; as it is, if it is none."""
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = text.decode("utf-16", "replace").encode("utf-8", "replace")
    return text.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n\t ")


def _text_holds_pictures(text: bytes) -> bool:
    if _CARD in text[:_HEAD]:
        # Address books and calendars break lines anywhere.
        text = re.sub(rb"\r?\n[ \t]", b"", text)
    return any(found.search(text) for found in (_IN_TEXT, *_IN_BASE64))


def _holds_raw(content: bytes) -> bool:
    if _ENCRYPTED_PACKAGE in content or any(start.search(content) for start in _STARTS):
        return True
    return any(_archives(content)) or _text_holds_pictures(content)


def _archives(content: bytes) -> Iterator[bool]:
    """Yield for each part of an archive inside whether it is more than colors and fonts."""
    for found in re.finditer(re.escape(_ZIP), content):
        yield _OF_THEME.match(content, found.start() + _ZIP_HEADER) is None


def _zip_holds_pictures(content: bytes, deeper: int) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [
                part for part in archive.infolist() if not _OF_FIRST_PAGE.search(part.filename)
            ]
            if any(_suffix(part) in _PICTURES or part.filename == _LOCKED for part in parts):
                return True
            # What is text and list of parts by its name, and what says nothing by it.
            opened = [part for part in parts if _suffix(part) not in {".rels", ".iwa", ".vml"}]
            whole = sum(part.file_size for part in opened)
            if len(opened) > _MOST_PARTS or whole > MOST_BYTES:
                return True
            return any(_part_holds_pictures(archive, part, deeper) for part in opened)
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError, zlib.error):
        return True


def _part_holds_pictures(archive: zipfile.ZipFile, part: zipfile.ZipInfo, deeper: int) -> bool:
    with archive.open(part) as file:
        # Whatever it says of its size.
        head = file.read(_HEAD)
        is_inside = _suffix(part) in _INSIDE or head.startswith((_OLE, _ZIP))
        if is_inside or _suffix(part) in _TEXTS:
            content = head + file.read(MOST_BYTES)
            if is_inside and (deeper == 0 or not content.startswith((_OLE, _ZIP))):
                return True
            return _holds_pictures(content, deeper - 1)
    return any(start.search(head[:_BOX]) for start in _STARTS)


def _suffix(part: zipfile.ZipInfo) -> str:
    return PurePosixPath(part.filename).suffix.lower()
