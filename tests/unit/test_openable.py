"""A letter that nobody could open later is found while who brought it is still there."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pypdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from media_index.images.openable import (
    ARCHIVE,
    CUT_OFF,
    LOCKED,
    NO_WORDS,
    NO_WRITING,
    NOTHING_ON_IT,
    UNKNOWN,
)
from media_index.images.openable import why_not_opened as why

OLE_FREE, OLE_TABLE, OLE_END = 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFE
ODT = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>" * 500}
DOCX = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>" * 500}
MAIL = (
    b"From: a@example.org\nSubject: photos\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nNo photos, please.\n--b--\n'
)


def pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for _ in range(3):
        canvas.drawString(72, 700, "Please do not use photos of me.")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def protected(reader: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf()))
    writer.encrypt(reader, "owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return buffer.getvalue()


def ole(first: bytes, *, stream: str = "WordDocument") -> bytes:
    """A compound file: its header, a table of sectors, a folder and one stream of two sectors."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, OLE_END, 0, OLE_END, 0)
    header += struct.pack("<109I", 0, *[OLE_FREE] * 108)
    table = struct.pack("<128I", OLE_TABLE, OLE_END, 3, OLE_END, *[OLE_FREE] * 124)
    folder = stream.encode("utf-16-le").ljust(512, b"\0")
    return header + table + folder + first.ljust(1024, b"\0")


def picture(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((200, 160), 60).save(buffer, kind, **options)
    return buffer.getvalue()


def a_scan_of_two_pages() -> bytes:
    return picture("TIFF", save_all=True, append_images=[Image.effect_noise((200, 160), 60)])


WORD = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x409, 0, 0x0200)
WORD_PROTECTED = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x409, 0, 0x0300)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(pdf, id="pdf"),
        pytest.param(lambda: pdf() + b"\0\r\n", id="pdf and padding"),
        pytest.param(lambda: protected(""), id="pdf that everybody may read"),
        *(
            pytest.param(lambda kind=kind: picture(kind), id=kind)
            for kind in ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")
        ),
        pytest.param(a_scan_of_two_pages, id="two pages"),
        pytest.param(lambda: zipped(DOCX), id="docx"),
        pytest.param(lambda: zipped(ODT), id="odt"),
        pytest.param(lambda: ole(WORD), id="doc"),
        pytest.param(lambda: ole(b"", stream="__properties_version1.0"), id="msg"),
        pytest.param(lambda: MAIL, id="eml"),
        pytest.param(lambda: b"{\\rtf1 No photos}\r\n\0", id="rtf"),
        pytest.param(lambda: "Keine Fotos, bitte: für Ömer".encode("latin-1"), id="txt"),
        pytest.param("请不要拍照".encode, id="txt without spaces"),
        pytest.param(lambda: "No photos".encode("utf-16"), id="txt of Notepad"),
        pytest.param(lambda: zipped({"index.xml.gz": "", "QuickLook/a.jpg": ""}), id="pages"),
    ],
)
def test_what_somebody_can_open_is_taken(content: Callable[[], bytes]):
    assert why(content()) is None


def empty_pages() -> bytes:
    made = pypdfium2.PdfDocument.new()
    for _ in range(2):
        made.new_page(612, 792)
    return of_document(made)


def no_pages() -> bytes:
    # What PDFium says is wrong is what was wrong before.
    assert why(protected("secret")) == LOCKED
    return of_document(pypdfium2.PdfDocument.new())


def of_document(document: pypdfium2.PdfDocument) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def an_empty_page(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("L", (200, 260), 250).save(made, kind)
    return made.getvalue()


def in_the_middle(content: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes(80) + content[at + 80 :]


def cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(lambda: protected("secret"), LOCKED, id="pdf"),
        pytest.param(lambda: ole(b"", stream="EncryptedPackage"), LOCKED, id="docx"),
        pytest.param(lambda: ole(WORD_PROTECTED), LOCKED, id="doc"),
        pytest.param(
            lambda: zipped(ODT | {"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
            LOCKED,
            id="odt",
        ),
        pytest.param(lambda: MAIL.replace(b"mixed", b"encrypted"), LOCKED, id="mail"),
        pytest.param(lambda: cut(pdf()), CUT_OFF, id="cut pdf"),
        pytest.param(lambda: pdf()[:9] + b"\n%%EOF", CUT_OFF, id="pdf without pages"),
        *(
            pytest.param(lambda kind=kind: cut(picture(kind)), CUT_OFF, id=f"cut {kind}")
            for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
        ),
        pytest.param(lambda: cut(zipped(DOCX)), CUT_OFF, id="cut docx"),
        pytest.param(lambda: cut(ole(WORD)), CUT_OFF, id="cut doc"),
        pytest.param(lambda: ole(WORD)[:600], CUT_OFF, id="cut doc early"),
        pytest.param(lambda: MAIL.replace(b"--b--", b""), CUT_OFF, id="cut mail"),
        pytest.param(lambda: b"{\\rtf1 No pho", CUT_OFF, id="cut rtf"),
        pytest.param(lambda: b"", CUT_OFF, id="empty"),
        pytest.param(lambda: b"MZ\x90\0\3\0\0\0\4", NO_WRITING, id="exe"),
        pytest.param(lambda: b"L\0\0\0\1\x14\2\0", NO_WRITING, id="shortcut"),
        pytest.param(lambda: b"[InternetShortcut]\r\nURL=a", NO_WRITING, id="web shortcut"),
        pytest.param(lambda: b"-----BEGIN PGP MESSAGE-----\n", LOCKED, id="pgp"),
        pytest.param(lambda: zipped({"letter.txt": "No photos."}), ARCHIVE, id="zip"),
        pytest.param(lambda: b"7z\xbc\xaf\x27\x1c\0\4", ARCHIVE, id="7z"),
        pytest.param(lambda: b"x\x9f>\x22\1\0", UNKNOWN, id="winmail.dat"),
        pytest.param(lambda: b"\0\5\x16\7\0\2\0\0Mac OS X", UNKNOWN, id="beside a file"),
        pytest.param(lambda: b"[Desktop Entry]\nType=Link\n", NO_WRITING, id="desktop shortcut"),
        pytest.param(lambda: b'{"url":"https://a","doc_id":"b"}', NO_WRITING, id="gdoc"),
        pytest.param(lambda: b" \r\n\t", NO_WORDS, id="txt of nothing"),
        pytest.param(lambda: b"x", NO_WORDS, id="txt of a letter"),
        pytest.param(empty_pages, NOTHING_ON_IT, id="empty pages"),
        pytest.param(lambda: an_empty_page("TIFF"), NOTHING_ON_IT, id="empty scan"),
        pytest.param(lambda: an_empty_page("JPEG"), NOTHING_ON_IT, id="empty photo"),
        pytest.param(lambda: a_scan_of_two_pages()[:-9000], CUT_OFF, id="last page cut"),
        pytest.param(lambda: in_the_middle(picture("JPEG")), CUT_OFF, id="damaged JPEG"),
        pytest.param(lambda: in_the_middle(picture("HEIF")), CUT_OFF, id="damaged HEIC"),
        pytest.param(no_pages, CUT_OFF, id="pdf without pages, after one with a password"),
    ],
)
def test_what_nobody_can_open_is_said(content: Callable[[], bytes], said: str):
    assert why(content()) == said


def test_a_picture_too_large_to_try_is_taken_by_its_header():
    large = io.BytesIO()
    Image.new("1", (10_000, 5_000)).save(large, "PNG")
    assert why(large.getvalue()[:400]) is None
