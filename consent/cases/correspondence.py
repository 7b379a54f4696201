"""The papers of a case: the writings that came in, and the receipts that went out.

They name people, so they are for the roles that see names, and each look is in the log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from consent.access.looks import note_look
from consent.cases.letter_text import text_of
from consent.cases.receipt_code import log_in, receipt_code
from consent.documents.form import blank_form
from consent.documents.form_pdf import render_form
from consent.documents.receipt import receipt_for
from consent.documents.receipt_pdf import render_receipt
from consent.documents.scope_words import event_words
from consent.documents.scripts import in_latin
from consent.documents.sheet import not_printed
from consent.documents.texts import load_texts
from consent.domain.actors import Actor
from consent.domain.cases import Revocation
from consent.domain.errors import NotFoundError
from consent.domain.intake import EvidenceFile
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.terms import NewRevocation
from consent.services import Services
from consent.storage.photo_files import image_limits
from media_index.errors import ImageError
from media_index.images.decode import jpeg, reduced
from media_index.images.reading import read_picture

_PAGE_PX = 1600


@dataclass(frozen=True, slots=True)
class KeptWriting:
    """A file of the writing, kept in the vault; its size is in bytes."""

    sha256: str
    name: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedWriting:
    """A writing as somebody looks at it.

    Attributes:
        content: the file's bytes.
        picture: JPEG bytes, if it is one.
        text: what a mail or a document says; None where the page cannot show it.
    """

    kept: KeptWriting
    content: bytes
    picture: bytes | None
    text: str | None = None


@for_roles(Duty.READ_NAMES)
def list_writings(services: Services, label: str, actor: Actor) -> list[KeptWriting]:
    """Return the files of a case, oldest first.

    Raises:
        RefusedError: the role may not.
        NotFoundError: there is no such case.
    """
    services.policy.require_names(actor)
    with services.reading() as unit:
        case = unit.register.find(label)
        return [KeptWriting(*row) for row in unit.register.evidence_of(case.id)]


@for_roles(Duty.READ_NAMES)
def open_writing(services: Services, label: str, sha256: str, actor: Actor) -> OpenedWriting:
    """Return a file of a case, and enter in the log who looked.

    Raises:
        RefusedError: the role may not.
        NotFoundError: the case has no such file, or it is no longer in the vault.
    """
    writings = {kept.sha256: kept for kept in list_writings(services, label, actor)}
    if (kept := writings.get(sha256)) is None:
        raise NotFoundError(f"{label} has no such written request: reload the page.")
    content = services.vault.get(sha256)
    with services.reading() as unit:
        case = unit.register.find(label)
    details = {"evidence": sha256}
    note_look(services, Action.EVIDENCE_OPENED, case.id, actor, details, at=sha256)
    picture = _picture(services, content)
    return OpenedWriting(kept, content, picture, None if picture else text_of(content))


@for_roles(Duty.TAKE_LETTERS)
def letter_of(services: Services, label: str, actor: Actor) -> NewRevocation:
    """Return a new revocation of another person, still without a name, by the letter of a case.

    It has the letter's files, who asked and how to reach them, and what the letter covers.

    Raises:
        RefusedError: the role may not.
        NotFoundError: there is no such case, or a file is no longer in the vault.
    """
    services.policy.require_names(actor)
    with services.reading() as unit:
        case = unit.register.find(label)
        rows = unit.register.evidence_of(case.id)
    note_look(services, Action.EVIDENCE_OPENED, case.id, actor, {"letter": True})
    terms = case.terms
    files = [EvidenceFile(name, services.vault.get(sha256)) for sha256, name, _, _ in rows]
    return NewRevocation(
        "",
        replace(case.submission, evidence=files),
        # Photos named one by one are of the other person.
        scope=replace(terms.scope, photo_ids=frozenset()),
        minor=case.person.minor,
        guardian=case.person.guardian or "",
        requester=terms.requester,
        effective_from=terms.effective_from,
        until=terms.until,
        safety=terms.safety,
        note=terms.note,
    )


def not_printable(case: Revocation) -> str:
    """Say which letters of the names in a case no font here has; empty if a receipt has all."""
    names = (case.person.name, case.person.guardian or "", case.terms.requester.name)
    lacking = dict.fromkeys(part for name in names for part in not_printed(name))
    if not lacking:
        return ""
    said = ", ".join(f"{part} as {in_latin(part)}" for part in lacking)
    return (
        f"The receipt cannot print every letter of the name: it shows {said}. Write the name on it "
        "by hand."
    )


@for_roles(Duty.READ_NAMES)
def give_receipt(
    services: Services, label: str, language: str, actor: Actor, size: str = "letter"
) -> bytes:
    """Return the receipt of a case as PDF, and enter in the log that it was given.

    Raises:
        RefusedError: the role may not.
        NotFoundError: there is no such case.
        BadInputError: there are no texts in the language.
    """
    services.policy.require_names(actor)
    with services.reading() as unit:
        case = unit.register.find(label)
        events = tuple(unit.events.all())
        code = receipt_code(services, unit, case)
    texts = load_texts(services.settings.texts)
    named = event_words(events, texts.words(language))
    page = receipt_for(
        case, services.policy, texts, language, services.today(), named, services.day
    )
    # The log's end in plain digits too, for whoever writes it down.
    foot = (*page.foot, texts.words(language).say("receipt_code", code=log_in(code)))
    content = render_receipt(replace(page, code=code, foot=foot), size)
    _log(services, label, Action.RECEIPT_GIVEN, actor, {"language": language})
    return content


def blank_form_pdf(services: Services, language: str, size: str = "letter") -> bytes:
    """Return the form to be filled in by hand, as PDF.

    Raises:
        BadInputError: there are no texts in the language, or no such paper.
    """
    texts = load_texts(services.settings.texts)
    return render_form(blank_form(services.policy, texts, language), size)


def _log(
    services: Services, label: str, action: Action, actor: Actor, details: dict[str, str]
) -> None:
    with services.writing() as unit:
        case = unit.register.find(label)
        unit.audit.append(action, case.id, actor, services.now(), details)
        unit.commit()


def _picture(services: Services, content: bytes) -> bytes | None:
    try:
        picture, _ = read_picture(content, image_limits(services.settings))
        return jpeg(reduced(picture.rgb, _PAGE_PX))
    except ImageError:
        # A PDF, a letter as text: shown by the program that the computer has for it.
        return None
