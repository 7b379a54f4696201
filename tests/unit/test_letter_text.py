"""What a letter says, as far as its page can show it."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from consent.cases.letter_text import text_of

_SECTOR, _STREAM, _END, _NONE = 512, 4096, 0xFFFFFFFE, 0xFFFFFFFF


def outlook(**said: str) -> bytes:
    """Return a message of Outlook with these properties: a file in Microsoft's compound format."""
    streams = {f"__substg1.0_{name}001F": text for name, text in said.items()}
    count = len(streams)
    folders = (count + 4) // 4
    begin = 1 + folders
    fat = [0xFFFFFFFD, *range(2, folders + 1), _END]
    for place in range(count):
        first = begin + place * (_STREAM // _SECTOR)
        fat += [*range(first + 1, first + _STREAM // _SECTOR), _END]
    table = struct.pack("<128I", *fat, *[_NONE] * (128 - len(fat)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0, 0
    )
    head += struct.pack("<108I", *[_NONE] * 108)

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text) + 2, kind, 1, _NONE, right, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    entries = [entry("Root Entry", 5, _NONE, 1, _END, 0)]
    for place, name in enumerate(streams):
        following = place + 2 if place + 1 < count else _NONE
        first = begin + place * (_STREAM // _SECTOR)
        entries.append(entry(name, 2, following, _NONE, first, _STREAM))
    folder = b"".join(entries).ljust(folders * _SECTOR, b"\0")
    content = b"".join(text.encode("utf-16-le").ljust(_STREAM, b"\0") for text in streams.values())
    return head + table + folder + content


def word(text: str) -> bytes:
    """Return a document of Word of one paragraph."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{namespace}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", f"{body}</w:body></w:document>")
    return out.getvalue()


def test_a_message_of_outlook_is_shown():
    message = outlook(
        **{"0037": "My photo", "1000": "Please do not show me.", "0C1A": "Ana Ruiz", "0E04": "Desk"}
    )
    assert (
        text_of(message) == "From: Ana Ruiz\nTo: Desk\nSubject: My photo\n\nPlease do not show me."
    )


def test_a_mail_is_shown_whatever_it_is_written_in():
    plain = b"From: Ana <ana@example.org>\r\nSubject: =?utf-8?q?M=C3=ADa?=\r\n\r\nNot me, please."
    assert text_of(plain) == "From: Ana <ana@example.org>\nSubject: M\u00eda\n\nNot me, please."
    page = b"From: a@b.test\nContent-Type: text/html\n\n"
    page += b"<p>Not <b>me</b> &amp; mine</p><script>x</script>"
    assert "Not  me  & mine" in str(text_of(page))
    assert "script" not in str(text_of(page))


def test_a_document_of_word_is_shown():
    assert text_of(word("Please do not show my daughter.")) == "Please do not show my daughter."


@pytest.mark.parametrize("content", [b"\xff\xd8\xff", b"%PDF-1.7\x00\x01", b"", b"PK\x03\x04 cut"])
def test_what_the_page_cannot_tell_is_left_to_its_program(content: bytes):
    assert text_of(content) is None


def test_a_damaged_message_is_left_to_its_program():
    assert text_of(outlook(**{"1000": "x"})[:700]) is None
