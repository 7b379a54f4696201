"""Office documents and mails: whether they hold pictures, by what is in them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

# Read to their end to be told; a longer one holds more than text.
MOST_BYTES = 64 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
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
    | {".avif", ".heic", ".heif", ".svg", ".emf", ".wmf", ".emz", ".wmz", ".pict", ".pct"}
    | {".mp4", ".mov", ".m4v", ".wmv", ".avi", ".pdf"}
)
# Of JPEG, PNG, GIF and TIFF files, as they stand in documents that are not compressed.
_STARTS = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]|\x89PNG\r\n\x1a\n|GIF8[79]a|%PDF-1|II\*\0|MM\0\*")
# A part of a mail that is no text: a picture, or something that may be one or hold some.
_PARTS = re.compile(
    rb"^content-type:\s*(image|video|application/(?!pgp-|(x-)?pkcs7-signature|ics|json|xml))",
    re.IGNORECASE | re.MULTILINE,
)
_IN_RTF = re.compile(rb"\\(pict|object)\b")
_IN_WEB = re.compile(rb"data:(image|video)/", re.IGNORECASE)
_UUENCODED = re.compile(rb"^begin [0-7]{3} \S", re.MULTILINE)


def is_document(head: bytes) -> bool:
    """Say whether a file may be a document or a mail in which pictures can stand.

    Args:
        head: how it begins; it is no archive of files.
    """
    return head.startswith((_OLE, _ZIP, _RTF, _PLIST)) or bool(
        _HEADER.search(head) or _WEB.search(head)
    )


def holds_pictures(content: bytes) -> bool:
    """Say whether a document or a mail holds pictures, or may do so where it cannot be told.

    Args:
        content: all of it, or more than `MOST_BYTES`.
    """
    if len(content) > MOST_BYTES:
        return True
    if content.startswith(_ZIP):
        return _zip_holds_pictures(content)
    if content.startswith((_OLE, _PLIST)):
        return bool(_STARTS.search(content))
    if content.startswith(_RTF):
        return bool(_IN_RTF.search(content))
    return any(found.search(content) for found in (_PARTS, _IN_WEB, _UUENCODED))


def _zip_holds_pictures(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, zlib.error):
        return True
    return any(
        PurePosixPath(name).suffix.lower() in _PICTURES and not _OF_FIRST_PAGE.search(name)
        for name in names
    )
