"""The paper of a disposal: what the officer signs, and afterwards the certificate."""

from __future__ import annotations

from reportlab.lib.colors import black
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from consent.documents.report import lines_to_sign, make_report, paragraph, report_width
from consent.documents.sheet import BOLD, REGULAR, ByColumn, space
from consent.domain.actors import Actor
from consent.domain.cases import Revocation
from consent.domain.retention import Disposal, DisposalStep, ended_on
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted, long_day
from consent.retention.dispose import disposal_named, files_destroyed
from consent.services import Services

_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=15, leading=19, tag="H1")
_SECTION = ParagraphStyle("section", fontName=BOLD, fontSize=11, leading=15, tag="H2")
_HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=9, leading=11)
_TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=9, leading=12)
_COLUMNS = ("Series", "Case", "Received", "Ended", "Files")
_SIGNERS = ("Records officer", "Approving authority")
_MEGA = 1_000_000
_LEAST = 100_000


@for_roles(Duty.READ_DISPOSALS)
def packet_pdf(services: Services, label: str, actor: Actor, size: str = "letter") -> bytes:
    """Print a disposal; readable in black and white, and without names.

    Raises:
        NotFoundError: there is no such disposal.
        BadInputError: there is no such paper size.
    """
    del actor
    disposal, cases = disposal_named(services, label)
    story = [
        *_opening(services, disposal),
        _cases(services, disposal, cases, report_width(size)),
        space(20),
        *_closing(services, disposal, report_width(size)),
    ]
    return make_report(story, f"Disposal {disposal.label}", services.policy.library, size)


def _opening(services: Services, disposal: Disposal) -> list[Flowable]:
    destroyed = disposal.state is DisposalStep.DESTROYED
    title = "Certificate of destruction" if destroyed else "Request to destroy records"
    volume = max(disposal.volume_bytes / _MEGA, 0.1)
    size = f"{'less than ' if disposal.volume_bytes < _LEAST else ''}{volume:.1f} MB"
    return [
        paragraph(services.policy.library, _HEAD),
        paragraph(f"{title} {disposal.label}", _TITLE),
        space(12),
        paragraph(
            f"{disposal.series}: {counted(len(disposal.revocation_ids), 'case')}, ended from "
            f"{long_day(disposal.first_day)} to {long_day(disposal.last_day)}, {size}. Kept for "
            f"{counted(services.policy.evidence_days, 'day')} after the end, by the policy of "
            f"{services.policy.version}. No legal hold is on any of them.",
            _TEXT,
        ),
        space(12),
        paragraph("Cases", _SECTION),
        space(4),
    ]


def _cases(
    services: Services, disposal: Disposal, cases: list[Revocation], width: float
) -> Flowable:
    today = services.today()
    if disposal.state is DisposalStep.DESTROYED:
        files = files_destroyed(services, disposal)
    else:
        with services.reading() as unit:
            files = {case.label: len(unit.retention.files_of(case.id)) for case in cases}
    rows = [[paragraph(name, _HEAD) for name in _COLUMNS]]
    for case in cases:
        cells = (
            disposal.series,
            case.label,
            long_day(case.terms.submission.on),
            "" if (ended := ended_on(case, today)) is None else long_day(ended),
            str(files[case.label]),
        )
        rows.append([paragraph(cell, _TEXT) for cell in cells])
    whole = (0, 0), (-1, -1)
    return ByColumn(
        rows,
        colWidths=[width * share for share in (0.36, 0.16, 0.18, 0.18, 0.12)],
        repeatRows=1,
        style=[("GRID", *whole, 0.4, black), ("VALIGN", *whole, "TOP")],
    )


def _closing(services: Services, disposal: Disposal, width: float) -> list[Flowable]:
    steps = [
        f"{step.step.words} by {step.actor.id} on {long_day(services.day(step.at))}"
        f"{': ' + step.note if step.note else ''}."
        for step in disposal.history
    ]
    if digest := disposal.history[-1].digest:
        steps.append(f"SHA-256 of what was destroyed: {digest}")
    lines: list[Flowable] = [
        paragraph("Who decided", _SECTION),
        *(paragraph(step, _TEXT) for step in steps),
    ]
    for signer in _SIGNERS:
        names = (f"{signer}: signature", "Date")
        lines += [space(14), lines_to_sign(names, (0.7 * width, 0.3 * width))]
    return lines
