"""The letter that answers a Statement of Concern."""

from __future__ import annotations

from consent.documents.receipt import Row, Section, page_of
from consent.documents.receipt_pdf import render_receipt
from consent.documents.texts import load_texts
from consent.domain.actors import Actor
from consent.domain.errors import ConflictError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.takedowns import AppealDecision, AppealStepKind
from consent.services import Services
from consent.takedowns.appeals import appeal_named, require_its_names


@for_roles(Duty.TAKE_APPEALS)
def answer_letter(
    services: Services, label: str, language: str, actor: Actor, size: str = "letter"
) -> bytes:
    """Return the letter with the last answer to an appeal, as PDF; it is logged.

    Raises:
        RefusedError: the role may not see who appeals.
        NotFoundError: there is no such appeal.
        ConflictError: it was not answered yet.
        BadInputError: there are no texts in the language, or no such paper size.
    """
    with services.reading() as unit:
        appeal = appeal_named(unit, label)
    require_its_names(services, appeal, actor)
    answered = next((step for step in reversed(appeal.steps) if step.decision is not None), None)
    if answered is None or answered.decision is None:
        raise ConflictError(f"{appeal.label} was not answered yet: enter the answer first.")
    words = load_texts(services.settings.texts).words(language)
    board = answered.kind is AppealStepKind.BOARD_ANSWERED
    upheld = answered.decision is AppealDecision.UPHELD
    ends = "appeal_next_upheld" if upheld else "appeal_next_board" if board else "appeal_next"
    page = page_of(
        services.policy,
        words,
        appeal.label,
        services.today(),
        title=words.say("appeal_title"),
        lead=words.say("appeal_lead", name=appeal.name, date=appeal.received_on),
        rows=[
            Row(words.say("appeal_about"), appeal.about),
            Row(words.say("appeal_decided"), words.say(f"appeal_{answered.decision}")),
            Row(words.say("appeal_reason"), answered.reason),
            Row(words.say("appeal_on"), words.day(answered.on)),
        ],
        sections=[Section(words.say("heading_appeal_next"), (words.say(ends),))],
    )
    content = render_receipt(page, size)
    with services.writing() as unit:
        details = {"language": language}
        unit.audit.append(Action.APPEAL_LETTER_GIVEN, appeal.id, actor, services.now(), details)
        unit.commit()
    return content
