"""Whether anybody will be able to open a file that is kept as proof: a letter, a scan, a mail."""

from __future__ import annotations

import email
import io
import re
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable
from email import policy
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.message import EmailMessage
from itertools import islice
from pathlib import PurePath
from typing import cast
from xml.parsers import expat

import numpy as np
import pypdfium2
from PIL import Image, ImageFile

from media_index.files.bounded import BOUNDS, Bounds, BoundsError, bounded
from media_index.files.kinds import HEAD_BYTES, SUFFIXES, Kind, is_text, kind_of, suffix_of
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
POINTER = "only says where Git LFS keeps the file: fetch the file itself, and upload that"
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
# Programs open files of these names by the name; Word opens web pages named .doc.
_NO_TEXTS = SUFFIXES | {".pdf", ".docx", ".odt", ".msg", ".pages", ".bmp"}
_LFS = b"version https://git-lfs.github.com/spec/"
_WEB = re.compile(
    r"(<\?xml[^>]*>|<!--.*?-->|\s)*<(!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
# Of sound that begins and ends there: what lies behind its heading is all alike.
_SOUND = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"fLaC", b"OggS", b"RIFF", b"MThd")
_SOUND_HEADING = 256
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
# What is in a document: a part named by the list of parts, or by custom.
_TYPES, _RELATIONS, _MOST_XML = "[Content_Types].xml", "_rels/.rels", 64 * 1024 * 1024
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*/officeDocument[\"'][^>]*>")
_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']/?([^\"']+)")
_MAIN = re.compile(r"(word/document\d*|xl/workbook|ppt/presentation)\.(xml|bin)")
_ODF_TYPE = b"application/vnd.oasis.opendocument"
# Of Pages: what checks a password, and its hint.
_PAGES_LOCKED = (".iwpv2", ".iwph")
_DOCUMENT_PARTS = (*(_TYPES, "mimetype", "Index/Document.iwa", "Index.zip", "index.xml.gz"),)
_MAIL_STARTS = (
    *(b"from:", b"to:", b"received:", b"return-path:", b"delivered-to:", b"subject:", b"date:"),
    *(b"mime-version:", b"message-id:", b"content-type:", b"x-", b"arc-"),
)
_ENCRYPTED_MAIL = frozenset({"multipart/encrypted", "application/pkcs7-mime"})
# A mail that only Outlook shows, and only to whom it was written.
_RIGHTS_MANAGED = "application/x-microsoft-rpmsg-message"
# Attachments that are looked at; a mail with more is taken for what is known by then.
_MOST_PARTS, _MOST_ATTACHED, _SECONDS_ATTACHED = 50, 40 * 1024 * 1024, 8.0


def why_not_opened(content: bytes, name: str = "", bounds: Bounds = BOUNDS) -> str | None:
    """Say why nobody can open a file, and what to do; None where somebody can.

    What is said goes on a sentence that begins with the file's name, and has no full stop. It is
    opened in a process of its own: what takes more than the bounds is not opened by others either.
    """
    try:
        return bounded(bounds, _why_not_opened, content, name)
    except BoundsError:
        return COSTLY
    except DECODER_ERRORS:
        # Of its own kind, or too deep: 20,000 parts of a mail inside one another.
        return CUT_OFF


def _why_not_opened(content: bytes, name: str) -> str | None:
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
        Kind.PLAIN: lambda content: _misnamed(content, name) or _text(content),
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


def _misnamed(content: bytes, name: str) -> str | None:
    """Say what a text is whose name says that it is none: a page that asks to sign in, an error."""
    if content.startswith(_LFS):
        return POINTER
    suffix = suffix_of(PurePath(name).name)
    head = content[:HEAD_BYTES]
    is_mail = suffix == ".msg" and head.lower().startswith(_MAIL_STARTS)
    if suffix not in _NO_TEXTS or is_mail or not is_text(head):
        return None
    text = _read(head).lstrip("\ufeff")
    what = "plain text"
    if _WEB.match(text):
        what = "a web page"
    elif text.lstrip().startswith("<?xml"):
        what = "XML"
    return f"is named {suffix}, but it is {what}: get the letter again, and upload that"


def _zip(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
            if any(part.flag_bits & 1 for part in parts.infolist()):
                return LOCKED
            if not names.intersection(_DOCUMENT_PARTS):
                return ARCHIVE
            if any(name.endswith(_PAGES_LOCKED) for name in names):
                return LOCKED
            if b"encryption-data" in _part(parts, _ODF_MANIFEST):
                return LOCKED
            main = _main_part(parts)
            return None if main is None or _is_whole(parts, main) else CUT_OFF
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, *DECODER_ERRORS):
        return CUT_OFF


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """Return a part from its beginning; nothing if it is not there."""
    if name not in parts.namelist():
        return b""
    with parts.open(name) as file:
        return file.read(_MOST_MANIFEST)


def _main_part(parts: zipfile.ZipFile) -> str | None:
    """Return the part that holds the writing, be it there or not; None where that is not known."""
    names = parts.namelist()
    if _part(parts, "mimetype").startswith(_ODF_TYPE):
        return "content.xml"
    if _TYPES not in names:
        return None
    relation = _RELATION.search(_part(parts, _RELATIONS))
    if relation is not None and (target := _TARGET.search(relation[0])) is not None:
        return target[1].decode("utf-8", "replace")
    known = next((name for name in names if _MAIN.fullmatch(name)), None)
    is_word = _RELATIONS not in names or any(name.startswith("word/") for name in names)
    return known or ("word/document.xml" if is_word else None)


def _is_whole(parts: zipfile.ZipFile, name: str) -> bool:
    """Say whether a part is there to its end; ZipFile compares its checksum there."""
    if name not in parts.namelist():
        return False
    parser = expat.ParserCreate()
    left = _MOST_XML
    with parts.open(name) as file:
        try:
            while left > 0 and (read := file.read(1024 * 1024)):
                left -= len(read)
                if name.endswith(".xml"):
                    parser.Parse(read, False)  # noqa: FBT003
            if left > 0 and name.endswith(".xml"):
                parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            # What stands behind the end is not missing.
            return error.code == expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
    return True


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
    if _PGP in head or not is_text(head):
        return LOCKED if _PGP in head else _sound(content)
    if _NO_LETTERS.search(head) or not _WORD_IN_TEXT.search(_read(head)):
        return NO_WRITING if _NO_LETTERS.search(head) else NO_WORDS
    return _mail(content) if head.lower().startswith(_MAIL_STARTS) else None


def _mail(content: bytes) -> str | None:
    mail = email.message_from_bytes(content, policy=policy.default)
    if mail.get_content_type() in _ENCRYPTED_MAIL and "signed" not in str(mail["content-type"]):
        return LOCKED
    cut = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)
    if any(isinstance(defect, cut) for defect in mail.defects):
        return CUT_OFF
    return _attached(mail)


def _sound(content: bytes) -> str | None:
    """Look at what is no text: a voice that was recorded is taken, unless nothing was."""
    if content[4:8] == b"ftyp":
        return None if b"moov" in content and b"mdat" in content else CUT_OFF
    if not content.startswith(_SOUND):
        return UNKNOWN
    return None if len(set(content[_SOUND_HEADING:])) > 1 else CUT_OFF


def _attached(mail: EmailMessage) -> str | None:
    """Say which attachment of a mail nobody can open; pictures in its text may be logos."""
    until, left = time.monotonic() + _SECONDS_ATTACHED, _MOST_ATTACHED
    for part in islice(mail.walk(), _MOST_PARTS):
        name = part.get_filename() or ""
        if part.get_content_type() == _RIGHTS_MANAGED or name.lower().endswith(".rpmsg"):
            return LOCKED
        if part.is_multipart() or not name or part.get_content_disposition() == "inline":
            continue
        content = cast("bytes", part.get_payload(decode=True) or b"")
        if not content and part.get_content_maintype() != "text":
            return f"has an attachment, {name}, that is empty: ask for it again"
        left -= len(content)
        if left < 0 or time.monotonic() > until:
            break
        if (why := _attachment(content)) in {LOCKED, CUT_OFF}:
            return f"has an attachment, {name}, that {why}"
    return None


def _attachment(content: bytes) -> str | None:
    for start, look in _BY_START.items():
        if content.startswith(start):
            return look(content)
    kind = kind_of(content[:HEAD_BYTES])
    if kind is Kind.PDF:
        return _pdf(content)
    return _picture(content) if kind in {Kind.PHOTO, Kind.TIFF, Kind.GIF} else None


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
