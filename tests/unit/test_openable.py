"""A letter that nobody could open later is found while who brought it is still there."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

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
    POINTER,
    UNKNOWN,
)
from media_index.images.openable import why_not_opened as why

OLE_FREE, OLE_TABLE, OLE_END = 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFE
ODT = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>" * 500}
DOCX = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>" * 500}
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
NAMED_ANEW = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": '<Relationships><Relationship Type="http://a/officeDocument" '
    'Target="/word/document2.xml"/></Relationships>',
    "word/document2.xml": "<x>No photos</x>",
}
M4A = b"\0\0\0\x18ftypM4A \0\0\0\0M4A isom"
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


def damaged(parts: dict[str, str], text: str) -> bytes:
    """A document whose part no longer has its checksum."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue().replace(text.encode(), text.upper().encode())


def mail_with(content: bytes, name: str = "letter.pdf", kind: str = "pdf") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.org", "photos"
    mail.set_content("See the letter.")
    mail.add_attachment(content, "application", kind, filename=name)
    return mail.as_bytes()


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
        pytest.param(lambda: mail_with(pdf()), id="mail with a pdf"),
        pytest.param(lambda: mail_with(b"-" * 9, "a.p7s", "pkcs7-signature"), id="signed mail"),
        pytest.param(lambda: zipped(NAMED_ANEW), id="docx of Office 365"),
        pytest.param(lambda: M4A + b"\0\0\0\x08moov\0\0\0\x0amdat\1\2", id="m4a"),
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
        pytest.param(
            lambda: damaged(DOCX | {"word/document.xml": "<x>no photos</x>"}, "no photos"),
            CUT_OFF,
            id="damaged docx",
        ),
        pytest.param(
            lambda: zipped({"[Content_Types].xml": "<Types/>"}), CUT_OFF, id="docx of no document"
        ),
        pytest.param(
            lambda: zipped({k: v for k, v in NAMED_ANEW.items() if "document2" not in k}),
            CUT_OFF,
            id="docx of Office 365 of no document",
        ),
        pytest.param(
            lambda: zipped(DOCX | {"word/document.xml": "<x><y>No pho"}), CUT_OFF, id="docx cut"
        ),
        pytest.param(lambda: zipped(ODT | {"content.xml": ""}), CUT_OFF, id="odt of nothing"),
        pytest.param(
            lambda: zipped({"Index/Document.iwa": "-", ".iwpv2": "-", ".iwph": "-"}),
            LOCKED,
            id="pages",
        ),
        pytest.param(
            lambda: mail_with(b"-", "message.rpmsg", "x-microsoft-rpmsg-message"),
            LOCKED,
            id="rights-managed mail",
        ),
        pytest.param(
            lambda: mail_with(protected("secret")),
            f"has an attachment, letter.pdf, that {LOCKED}",
            id="mail with a locked pdf",
        ),
        pytest.param(
            lambda: mail_with(cut(zipped(DOCX)), "letter.docx"),
            f"has an attachment, letter.docx, that {CUT_OFF}",
            id="mail with a docx cut off",
        ),
        pytest.param(
            lambda: mail_with(b""),
            "has an attachment, letter.pdf, that is empty: ask for it again",
            id="mail with an empty attachment",
        ),
        pytest.param(lambda: M4A + bytes(999), CUT_OFF, id="m4a of nothing"),
        pytest.param(lambda: b"OTTO\0\1 a font" + bytes(9), UNKNOWN, id="font"),
        pytest.param(lambda: LFS, POINTER, id="pointer of Git LFS"),
        pytest.param(no_pages, CUT_OFF, id="pdf without pages, after one with a password"),
    ],
)
def test_what_nobody_can_open_is_said(content: Callable[[], bytes], said: str):
    assert why(content()) == said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "login.pdf",
            b"<!DOCTYPE html><html>Sign in</html>",
            "is named .pdf, but it is a web page",
        ),
        ("login.PDF", "<html>Sign in</html>".encode("utf-16"), "but it is a web page"),
        (
            "error.docx",
            b"<?xml version='1.0'?><Error>Gone</Error>",
            "is named .docx, but it is XML",
        ),
        ("letter.jpg", b"Not found", "is named .jpg, but it is plain text"),
        ("text.msg", b"No photos, please", "is named .msg, but it is plain text"),
    ],
)
def test_a_name_that_says_otherwise_is_said(name: str, content: bytes, said: str):
    assert said in str(why(content, name))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<html>No photos</html>"),
        ("letter.doc", b"<html>No photos</html>"),
        ("letter.txt", b"No photos"),
        ("letter", b"No photos"),
        ("mail.msg", MAIL),
    ],
)
def test_a_text_under_a_name_that_opens_it_is_taken(name: str, content: bytes):
    assert why(content, name) is None


def test_a_picture_too_large_to_try_is_taken_by_its_header():
    large = io.BytesIO()
    Image.new("1", (10_000, 5_000)).save(large, "PNG")
    assert why(large.getvalue()[:400]) is None
