"""What leaves the house about takedowns: the mail that asks for removal, the closing letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consent.documents.receipt import Row, Section, page_of
from consent.documents.receipt_pdf import render_receipt
from consent.documents.scope_words import channel_name
from consent.documents.texts import Words, load_texts
from consent.domain.actors import Actor
from consent.domain.errors import ConflictError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.takedowns.board import TakedownCard, list_takedowns

# Beyond these, the copies on one channel share a row, so that the letter stays one page.
_ROWS = 8


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail, ready to copy."""

    subject: str
    body: str


def removal_mail(services: Services, card: TakedownCard, language: str = "en") -> MailText:
    """Return the mail that asks a partner, newspaper or platform to remove a copy.

    Of what is not printed yet, the printer is asked to stop it. It names the photo and its address
    or print piece, and nobody.

    Raises:
        ConflictError: the revocation no longer stands.
        BadInputError: there are no texts in the language.
    """
    if card.moot:
        raise ConflictError(
            f"{card.case_label} is no longer in effect, so {card.takedown.label} needs no mail: "
            "nothing has to be removed."
        )
    words = load_texts(services.settings.texts).words(language)
    made = card.publication
    mail = "mail_stop" if card.can_be_stopped else "mail"
    return MailText(
        words.say(f"{mail}_subject"),
        words.say(
            f"{mail}_body",
            library=services.policy.library,
            photo=card.file_name,
            channel=channel_name(card.channel, words),
            address=made.url or made.issue or words.day(made.published_on),
        ),
    )


@for_roles(Duty.READ_NAMES)
def close_out_letter(
    services: Services, label: str, language: str, actor: Actor, size: str = "letter"
) -> bytes:
    """Return the letter that says what became of every published copy, as PDF; it is logged.

    Copies that the library may keep, because the revocation no longer stands, are not in it.

    Raises:
        RefusedError: the role may not see who asked.
        NotFoundError: there is no such case.
        ConflictError: no copy was found, or one of them is still to be removed.
        BadInputError: there are no texts in the language.
    """
    services.policy.require_names(actor)
    with services.reading() as unit:
        case = unit.register.find(label)
    found = list_takedowns(services, actor, label=case.label)
    cards = [card for card in found if not card.moot]
    if not found:
        raise ConflictError(
            f"No published copy was found for {case.label}: there is nothing to close."
        )
    if not cards:
        raise ConflictError(
            f"{case.label} is no longer in effect, and nothing was removed before: there is "
            "nothing to close."
        )
    if waiting := [card.takedown.label for card in cards if card.waits]:
        raise ConflictError(
            f"Still open: {', '.join(waiting)}. You can make the letter once every copy is done."
        )
    words = load_texts(services.settings.texts).words(language)
    count = len(cards)
    one = "_one" if count == 1 else ""
    next_step = Section(words.say("heading_closeout_next"), (words.say("closeout_next"),))
    page = page_of(
        services.policy,
        words,
        case.label,
        services.today(),
        title=words.say("closeout_title"),
        lead=words.say(f"closeout_lead{one}", count=str(count)),
        rows=_rows(services, cards, words),
        sections=[next_step],
    )
    content = render_receipt(page, size)
    with services.writing() as unit:
        details = {"language": language, "takedowns": count}
        unit.audit.append(Action.CLOSE_OUT_LETTER_GIVEN, case.id, actor, services.now(), details)
        unit.commit()
    return content


def _rows(services: Services, cards: Sequence[TakedownCard], words: Words) -> Iterator[Row]:
    said: dict[str, list[str]] = defaultdict(list)
    for card in sorted(cards, key=lambda card: card.publication.published_on):
        channel = channel_name(card.channel, words)
        made = card.publication
        where = made.url or made.issue or words.day(made.published_on)
        said[channel].append(f"{where}: {_outcome(services, card, words)}")
    together = len(cards) > _ROWS
    for channel, copies in said.items():
        for text in ["; ".join(copies)] if together else copies:
            yield Row(channel, text)


def _outcome(services: Services, card: TakedownCard, words: Words) -> str:
    # What staff noted is theirs, and in their language.
    on = words.day(services.day(card.takedown.last.at))
    return words.say(f"takedown_{card.takedown.state}", date=on)
