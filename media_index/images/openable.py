"""Whether anybody will be able to open a file that is kept as proof: a letter, a scan, a mail."""

from __future__ import annotations

import email
import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable
from email import policy
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect

import numpy as np
import pypdfium2
from PIL import Image, ImageFile

from media_index.files.bounded import BOUNDS, Bounds, BoundsError, bounded
from media_index.files.kinds import HEAD_BYTES, Kind, kind_of
from media_index.images.damage import require_undamaged
from media_index.images.decode import DECODER_ERRORS, FORMATS

LOCKED = (
    "needs a password, so nobody could read it later: save it without one, or scan a print of it"
)
CUT_OFF = (
    "can't be opened because it is damaged or cut off: copy or send it again, or scan a print of it"
)
NO_WRITING = "is a program or a shortcut, not a letter: upload the letter itself"
ARCHIVE = "is an archive: unpack it, and upload the files in it"
COSTLY = "takes too much time or memory to open: save it again as PDF, or scan a print of it"
NOTHING_ON_IT = "shows only an empty page: scan it or send it again"
NO_WORDS = "has no words in it: upload the letter itself"
ONLY_IN_ADOBE = (
    "is a form that only Adobe's program shows: print it there as a PDF, and upload that"
)
PORTFOLIO = "is a PDF with other files inside: save the letter from it, and upload that"
UNKNOWN = "has an unknown format, and perhaps nobody can open it: save it as PDF, or scan a print"

_PICTURES = (*FORMATS, "BMP")
# Decoded only so far as to find that the end is missing; what is larger costs too much for that.
_MOST_PIXELS = 40_000_000
_PREVIEW = (64, 64)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"L\x00\x00\x00\x01\x14")
# Of Windows, Linux, macOS and Google Drive; what programs that look for viruses are tried with.
_NO_LETTERS = re.compile(
    rb"\[InternetShortcut\]|\[Desktop Entry\]|<plist[^>]*>\s*<dict>\s*<key>URL</key>"
    rb'|^\s*\{[^{}]*"doc_id"\s*:|EICAR-STANDARD-ANTIVIRUS-TEST-FILE'
)
# What macOS keeps beside a file, databases, bookmarks, fonts.
_BINARY = (b"\0\5\x16", b"\0\0\0\1Bud1", b"SQLite format 3\0", b"bplist0", b"\0\1\0\0")
_PGP = b"-----BEGIN PGP MESSAGE-----"
_WORD_IN_TEXT = re.compile(r"\w{2}")
# Pages of a PDF or a scan that are looked at for something on them, at so many px a side.
_MOST_PAGES, _PAGE_SIDE = 20, 200
# Gray levels (standard deviation) by which paper differs from itself.
_EVEN = 1.0
_XFA_FULL = 2
# Readers of PDF look for the end so far back.
_PDF_END = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_HEADER = 512
_OLE_FREE = 0xFFFFFFFC
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# Of a Word document before 2007, at the start of a sector: what it is, and its flags.
_WORD, _WORD_FLAGS_AT, _WORD_ENCRYPTED = b"\xec\xa5", 10, 0x0100
_ODF_MANIFEST, _MOST_MANIFEST = "META-INF/manifest.xml", 1024 * 1024
_DOCUMENT_PARTS = (
    *("[Content_Types].xml", "mimetype", "Index/Document.iwa", "Index.zip", "index.xml.gz"),
)
_MAIL_STARTS = (
    *(b"from:", b"to:", b"received:", b"return-path:", b"delivered-to:", b"subject:", b"date:"),
    *(b"mime-version:", b"message-id:", b"content-type:", b"x-", b"arc-"),
)
_ENCRYPTED_MAIL = frozenset({"multipart/encrypted", "application/pkcs7-mime"})


def why_not_opened(content: bytes, bounds: Bounds = BOUNDS) -> str | None:
    """Say why nobody can open a file, and what to do; None where somebody can.

    What is said goes on a sentence that begins with the file's name, and has no full stop. It is
    opened in a process of its own: what takes more than the bounds is not opened by others either.
    """
    try:
        return bounded(bounds, _why_not_opened, content)
    except BoundsError:
        return COSTLY
    except DECODER_ERRORS:
        # Of its own kind, or too deep: 20,000 parts of a mail inside one another.
        return CUT_OFF


def _why_not_opened(content: bytes) -> str | None:
    if content.startswith(_PROGRAMS):
        return NO_WRITING
    for start, look in _BY_START.items():
        if content.startswith(start):
            return look(content)
    kind = kind_of(content[:HEAD_BYTES])
    if kind is Kind.OTHER_PICTURE and content.startswith(b"BM"):
        kind = Kind.PHOTO
    looks: dict[Kind, Callable[[bytes], str | None]] = {
        Kind.PDF: _pdf,
        Kind.PHOTO: _picture,
        Kind.TIFF: _picture,
        Kind.GIF: _picture,
        Kind.PLAIN: _text,
        Kind.ARCHIVE: lambda _: ARCHIVE,
        Kind.UNKNOWN: lambda _: UNKNOWN,
        Kind.EMPTY: lambda _: CUT_OFF,
    }
    look_at = looks.get(kind)
    return None if look_at is None else look_at(content)


def _pdf(content: bytes) -> str | None:
    try:
        with pypdfium2.PdfDocument(content) as document:
            pages = len(document)
            if pages:
                document[0].close()
            # PDFium reads what is left of a file that was cut off, perhaps the first page of three.
            whole = b"%%EOF" in content.rstrip(b"\0 \r\n\t")[-_PDF_END:]
            return _pages(document, content) if pages and whole else CUT_OFF
    except pypdfium2.PdfiumError as error:
        # What it says may be of the file before.
        is_locked = "password" in str(error).lower() and b"/Encrypt" in content
        return LOCKED if is_locked else CUT_OFF


def _pages(document: pypdfium2.PdfDocument, content: bytes) -> str | None:
    if document.get_formtype() == _XFA_FULL:
        return ONLY_IN_ADOBE
    if b"/Collection" in content and document.count_attachments():
        return PORTFOLIO
    document.init_forms()
    if len(document) > _MOST_PAGES:
        return None
    for number in range(len(document)):
        page = document[number]
        try:
            scale = _PAGE_SIDE / max(1.0, *page.get_size())
            shown = page.render(scale=min(1.0, scale), grayscale=True).to_numpy()
        finally:
            page.close()
        if shown.std() > _EVEN:
            return None
    return NOTHING_ON_IT


def _picture(content: bytes) -> str | None:
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    even = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=_PICTURES) as image:
                if image.width * image.height > _MOST_PIXELS:
                    return None
                require_undamaged(content, image.format or "")
                for page in range(min(_MOST_PAGES, getattr(image, "n_frames", 1))):
                    # Of a scan of several pages the last one may be missing.
                    image.seek(page)
                    if image.format == "JPEG":
                        image.draft("L", _PREVIEW)
                    gray = np.asarray(image.convert("RGBA" if image.mode == "P" else "L"))
                    even = even and float(gray.std()) <= _EVEN
    except (MemoryError, *DECODER_ERRORS):
        return CUT_OFF
    return NOTHING_ON_IT if even else None


def _zip(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
            if any(part.flag_bits & 1 for part in parts.infolist()):
                return LOCKED
            if not names.intersection(_DOCUMENT_PARTS):
                return ARCHIVE
            manifest = b""
            if _ODF_MANIFEST in names:
                with parts.open(_ODF_MANIFEST) as file:
                    manifest = file.read(_MOST_MANIFEST)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, *DECODER_ERRORS):
        return CUT_OFF
    return LOCKED if b"encryption-data" in manifest else None


def _ole(content: bytes) -> str | None:
    """Look at a document or mail of Microsoft's ([MS-CFB]): its table of sectors tells its size."""
    if _ENCRYPTED_PACKAGE in content:
        return LOCKED
    try:
        size = 1 << struct.unpack_from("<H", content, 30)[0]
        tables = struct.unpack_from("<109I", content, 76)
        last = 0
        for count, table in enumerate(tables):
            if table >= _OLE_FREE:
                break
            entries = struct.unpack_from(f"<{size // 4}I", content, (table + 1) * size)
            used = [place for place, entry in enumerate(entries) if entry != 0xFFFFFFFF]  # noqa: PLR2004
            last = max(last, count * (size // 4) + used[-1]) if used else last
    except (struct.error, OverflowError):
        return CUT_OFF
    # The last sector need not be filled.
    if len(content) <= (last + 1) * size:
        return CUT_OFF
    for start in range(_OLE_HEADER, len(content) - _OLE_HEADER + 1, _OLE_HEADER):
        if content.startswith(_WORD, start):
            flags = struct.unpack_from("<H", content, start + _WORD_FLAGS_AT)[0]
            return LOCKED if flags & _WORD_ENCRYPTED else None
    return None


def _text(content: bytes) -> str | None:
    head = content[:HEAD_BYTES]
    if content.startswith(_BINARY):
        return UNKNOWN
    if _PGP in head:
        return LOCKED
    if _NO_LETTERS.search(head) or not _WORD_IN_TEXT.search(_read(head)):
        return NO_WRITING if _NO_LETTERS.search(head) else NO_WORDS
    if not content[:HEAD_BYTES].lower().startswith(_MAIL_STARTS):
        return None
    mail = email.message_from_bytes(content, policy=policy.default)
    if mail.get_content_type() in _ENCRYPTED_MAIL and "signed" not in str(mail["content-type"]):
        return LOCKED
    cut = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)
    return CUT_OFF if any(isinstance(defect, cut) for defect in mail.defects) else None


def _read(head: bytes) -> str:
    """Return the letters of a text; of what is in no encoding known, some."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _rtf(content: bytes) -> str | None:
    return None if content.rstrip(b"\0 \r\n\t").endswith(b"}") else CUT_OFF


_BY_START: dict[bytes, Callable[[bytes], str | None]] = {
    b"PK\x03\x04": _zip,
    _OLE: _ole,
    b"{\\rtf": _rtf,
}
