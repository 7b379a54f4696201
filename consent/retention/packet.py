"""The paper of a disposal: what the officer signs, and afterwards the certificate."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.colors import black
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer

from consent.documents.sheet import BOLD, REGULAR, markup, page_size
from consent.domain.actors import Actor
from consent.domain.cases import Revocation
from consent.domain.retention import Disposal, DisposalStep, ended_on
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted
from consent.retention.dispose import disposal_named
from consent.services import Services

_MARGIN = 18 * mm
_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=15, leading=19)
_HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=9, leading=11)
_TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=9, leading=12)
_COLUMNS = ("Series", "Case", "Received", "Ended", "Files")
_SIGNERS = ("Records officer", "Approving authority")
_MEGA = 1_000_000


@for_roles(Duty.READ_DISPOSALS)
def packet_pdf(services: Services, label: str, actor: Actor, size: str = "letter") -> bytes:
    """Print a disposal; readable in black and white, and without names.

    Raises:
        NotFoundError: there is no such disposal.
        BadInputError: there is no such paper size.
    """
    del actor
    disposal, cases = disposal_named(services, label)
    made = BytesIO()
    document = SimpleDocTemplate(
        made,
        pagesize=page_size(size),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"Disposal {disposal.label}",
        lang="en-US",
        author=services.policy.library,
        invariant=1,
    )
    document.build(
        [
            *_opening(services, disposal),
            _cases(services, disposal, cases, document.width - 12),
            Spacer(1, 8 * mm),
            *_closing(services, disposal),
        ]
    )
    return made.getvalue()


def _opening(services: Services, disposal: Disposal) -> list[Flowable]:
    destroyed = disposal.state is DisposalStep.DESTROYED
    title = "Certificate of destruction" if destroyed else "Request to destroy records"
    volume = f"{disposal.volume_bytes / _MEGA:.1f} MB"
    return [
        Paragraph(markup(services.policy.library, bold=True), _HEAD),
        Paragraph(markup(f"{title} {disposal.label}", bold=True), _TITLE),
        Spacer(1, 4 * mm),
        Paragraph(
            markup(
                f"{disposal.series}: {counted(len(disposal.revocation_ids), 'case')}, ended from "
                f"{disposal.first_day} to {disposal.last_day}, {volume}. Kept for "
                f"{counted(services.policy.evidence_days, 'day')} after the end, by the policy of "
                f"{services.policy.version}. No legal hold is on any of them."
            ),
            _TEXT,
        ),
        Spacer(1, 4 * mm),
    ]


def _cases(
    services: Services, disposal: Disposal, cases: list[Revocation], width: float
) -> LongTable:
    today = services.today()
    with services.reading() as unit:
        files = {case.id: len(unit.retention.files_of(case.id)) for case in cases}
    rows = [[Paragraph(name, _HEAD) for name in _COLUMNS]]
    for case in cases:
        cells = (
            disposal.series,
            case.label,
            str(case.terms.submission.on),
            str(ended_on(case, today) or ""),
            str(files[case.id]),
        )
        rows.append([Paragraph(markup(cell), _TEXT) for cell in cells])
    whole = (0, 0), (-1, -1)
    return LongTable(
        rows,
        colWidths=[width * share for share in (0.36, 0.16, 0.18, 0.18, 0.12)],
        repeatRows=1,
        style=[("GRID", *whole, 0.4, black), ("VALIGN", *whole, "TOP")],
    )


def _closing(services: Services, disposal: Disposal) -> list[Flowable]:
    said = [
        f"{step.step.words} by {step.actor.id} on {services.day(step.at)}"
        f"{': ' + step.note if step.note else ''}."
        for step in disposal.history
    ]
    if digest := disposal.history[-1].digest:
        said.append(f"SHA-256 of what was destroyed: {digest}")
    lines: list[Flowable] = [Paragraph(markup(line), _TEXT) for line in said]
    for signer in _SIGNERS:
        blank = "_" * 34
        lines += [
            Spacer(1, 10 * mm),
            Paragraph(f"{blank} &nbsp; {'_' * 14}", _TEXT),
            Paragraph(f"{signer}, signature and date", _TEXT),
        ]
    return lines
