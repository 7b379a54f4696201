"""What a mail or a document says, for the page of its case; the file itself is kept as it came."""

from __future__ import annotations

import email
import io
import re
import zipfile
from email import policy
from email.message import EmailMessage
from html import unescape

import docx2txt
import olefile

from media_index.files.bounded import BOUNDS, BoundsError, bounded

_MAIL_STARTS = (b"from:", b"to:", b"received:", b"return-path:", b"delivered-to:", b"subject:")
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_MOST_LETTERS = 20_000
_MOST_UNPACKED = 50 * 1024 * 1024
# Properties of an Outlook message ([MS-OXPROPS]) as text: from, address, to, subject, body.
_FROM, _ADDRESS, _TO, _SUBJECT, _BODY = "0C1A", "0C1F", "0E04", "0037", "1000"
_TAG = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)


def text_of(content: bytes) -> str | None:
    """Return what a mail, a document of Word or a plain text says; None if the page cannot tell.

    It is read in a process of its own, and what takes more than the bounds is not shown.
    """
    try:
        return bounded(BOUNDS, _text_of, content)
    except BoundsError:
        return None


def _text_of(content: bytes) -> str | None:
    if content.startswith(_OLE):
        text = _outlook(content)
    elif content.startswith(_ZIP):
        text = _word(content)
    elif content.lower().startswith(_MAIL_STARTS):
        text = _mail(content)
    else:
        text = _plain(content)
    return None if text is None else text.strip()[:_MOST_LETTERS] or None


def _outlook(content: bytes) -> str | None:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as parts:
            said = {
                name: _property(parts, name) for name in (_FROM, _ADDRESS, _TO, _SUBJECT, _BODY)
            }
    except (OSError, ValueError, IndexError):
        return None
    if not said[_BODY] and not said[_SUBJECT]:
        return None
    sender = " ".join(filter(None, (said[_FROM], said[_ADDRESS] and f"<{said[_ADDRESS]}>")))
    return _as_mail(sender, said[_TO], said[_SUBJECT], said[_BODY])


def _property(parts: olefile.OleFileIO, name: str) -> str:
    for kind, encoding in (("001F", "utf-16-le"), ("001E", "cp1252")):
        stream = f"__substg1.0_{name}{kind}"
        if parts.exists(stream):
            return str(parts.openstream(stream).read().decode(encoding, "replace")).strip("\0 ")
    return ""


def _word(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if "word/document.xml" not in parts.namelist():
                return None
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
                return None
        return re.sub(r"\n{3,}", "\n\n", str(docx2txt.process(io.BytesIO(content))))
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError):
        return None


def _mail(content: bytes) -> str | None:
    message = email.message_from_bytes(content, policy=policy.default)
    if not isinstance(message, EmailMessage):
        return None
    body = message.get_body(("plain", "html"))
    try:
        text = "" if body is None else str(body.get_content())
    except (LookupError, ValueError):
        return None
    if body is not None and body.get_content_subtype() == "html":
        text = unescape(_TAG.sub(" ", text))
    sender, to, subject = (str(message[name] or "") for name in ("from", "to", "subject"))
    return _as_mail(sender, to, subject, text)


def _as_mail(sender: str, to: str, subject: str, body: str) -> str:
    heads = {"From": sender, "To": to, "Subject": subject}
    said = "\n".join(f"{name}: {value}" for name, value in heads.items() if value)
    return f"{said}\n\n{body.strip()}"


def _plain(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return text if all(letter.isprintable() or letter in "\r\n\t\f" for letter in text) else None
