"""The papers of a case: the writings that came in, and the receipts that went out.

They name people, so they are for the roles that see names, and each look is in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consent.audit_log import Action
from consent.errors import NotFoundError, RefusedError
from consent.receipts.contents import receipt_for
from consent.receipts.form import blank_form
from consent.receipts.form_pdf import render_form
from consent.receipts.pdf import render_receipt
from consent.receipts.texts import load_texts
from consent.revocations import find_revocation
from media_index.errors import ImageError
from media_index.images import ImageLimits, decode, jpeg, reduced

if TYPE_CHECKING:
    from datetime import datetime

    from consent.domain import Actor
    from consent.services import Services

_PAGE_PX = 1600


@dataclass(frozen=True, slots=True)
class KeptWriting:
    """A file of the writing, kept in the vault.

    Attributes:
        sha256: of the file.
        name: of the file, as it came.
        size: bytes.
        added_at: UTC.
    """

    sha256: str
    name: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedWriting:
    """A writing as somebody looks at it.

    Attributes:
        kept: which.
        content: the file's bytes.
        picture: JPEG bytes, if it is a picture.
    """

    kept: KeptWriting
    content: bytes
    picture: bytes | None


def may_see_papers(services: Services, actor: Actor) -> bool:
    """Say whether a role may see who asked, and what they wrote."""
    return actor.role in services.policy.may_see_names


def list_writings(services: Services, label: str, actor: Actor) -> list[KeptWriting]:
    """Return the files of a case, oldest first.

    Raises:
        RefusedError: the role may not.
        NotFoundError: there is no such case.
    """
    require_names(services, actor)
    with services.reading() as unit:
        case = find_revocation(unit, label)
        return [KeptWriting(*row) for row in unit.register.evidence_of(case.id)]


def open_writing(services: Services, label: str, sha256: str, actor: Actor) -> OpenedWriting:
    """Return a file of a case, and enter in the log who looked.

    Raises:
        RefusedError: the role may not.
        NotFoundError: the case has no such file, or it is no longer in the vault.
    """
    kept = next(
        (one for one in list_writings(services, label, actor) if one.sha256 == sha256), None
    )
    if kept is None:
        message = f"{label} has no such writing: reload the page."
        raise NotFoundError(message)
    content = services.vault.get(sha256)
    _log(services, label, Action.EVIDENCE_OPENED, actor, {"evidence": sha256})
    return OpenedWriting(kept, content, _picture(services, content))


def give_receipt(
    services: Services, label: str, language: str, actor: Actor, size: str = "letter"
) -> bytes:
    """Return the receipt of a case as PDF, and enter in the log that it was given.

    Args:
        services: adapters.
        label: such as R-0042.
        language: code, en or es.
        actor: who gives it.
        size: of the paper, letter or a4.

    Raises:
        RefusedError: the role may not.
        NotFoundError: there is no such case.
        BadInputError: there are no texts in the language.
    """
    require_names(services, actor)
    with services.reading() as unit:
        case = find_revocation(unit, label)
        events = {event.id: event.name for event in unit.photos.events()}
    texts = load_texts(services.settings.texts)
    page = receipt_for(case, services.policy, texts, language, services.today(), events)
    content = render_receipt(page, size)
    _log(services, label, Action.RECEIPT_GIVEN, actor, {"language": language})
    return content


def blank_form_pdf(services: Services, language: str, size: str = "letter") -> bytes:
    """Return the form to be filled in by hand, as PDF.

    Raises:
        BadInputError: there are no texts in the language, or no such paper.
    """
    texts = load_texts(services.settings.texts)
    return render_form(blank_form(services.policy, texts, language), size)


def require_names(services: Services, actor: Actor) -> None:
    """Refuse roles that need not know who asked.

    Raises:
        RefusedError: the role may not.
    """
    if not may_see_papers(services, actor):
        roles = ", ".join(sorted(services.policy.may_see_names))
        message = f"Writings and receipts name people; they are for: {roles}. Ask one of them."
        raise RefusedError(message)


def _log(
    services: Services, label: str, action: Action, actor: Actor, details: dict[str, str]
) -> None:
    with services.writing() as unit:
        case = find_revocation(unit, label)
        unit.audit.append(action, case.id, actor, services.now(), details)
        unit.commit()


def _picture(services: Services, content: bytes) -> bytes | None:
    settings = services.settings
    limits = ImageLimits(settings.max_image_bytes, settings.max_image_pixels)
    try:
        return jpeg(reduced(decode(content, limits).rgb, _PAGE_PX))
    except ImageError:
        # A PDF, a letter as text: shown by the program that the computer has for it.
        return None
