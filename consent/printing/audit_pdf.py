"""An audit on paper: per photo a numbered picture and its people, and lines to sign on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether

from consent.documents.report import Figure, lines_to_sign, make_report, paragraph, report_width
from consent.documents.sheet import BOLD, REGULAR, ByRow, Columns, logo, space
from consent.domain.actors import Actor
from consent.domain.print import (
    AnswerOnFile,
    Audit,
    AuditedFace,
    AuditedPhoto,
    FaceStatus,
    alike_faces,
    totals,
)
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import clock_time, counted, ended, long_day, numbers_in_short
from consent.printing.pieces import (
    NotAuditedError,
    PieceFile,
    show_piece,
    stopped_places,
    verdict_of,
)
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from consent.takedowns.board import TakedownCard, takedowns_in
from media_index.images.marks import Line, Mark, draw_marks

_PICTURE = 62 * mm
# Rows that fit beside a picture whatever they say.
_MOST_BESIDE = 12
_GREY = colors.Color(0.35, 0.35, 0.35)
_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=16, leading=20, tag="H1")
_HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=10.5, leading=13)
_PHOTO = ParagraphStyle("photo", parent=_HEAD, tag="H2")
_STOPPED = ParagraphStyle("stop", parent=_HEAD, textColor=colors.Color(0.69, 0.09, 0.09))
_TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=8.5, leading=11)
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=7.5, leading=9.5, textColor=_GREY)


@for_roles(Duty.READ_PRINT)
def audit_pdf(services: Services, named: str, actor: Actor, size: str = "letter") -> bytes:
    """Print the last audit of a piece; readable in black and white.

    Raises:
        NotFoundError: there is no such piece.
        NotAuditedError: there is no audit to print.
        BadInputError: there is no such paper size.
    """
    file = show_piece(services, named, actor)
    if file.audit is None:
        raise NotAuditedError(file.piece.label)
    views = photo_views(
        services, [photo.photo_sha256 for photo in file.audit.photos if photo.photo_sha256], actor
    )
    width = report_width(size)
    stops = takedowns_in(services, file.piece, actor)
    story: list[Flowable] = [*_opening(services, file, file.audit, stops)]
    for photo in file.audit.photos:
        view = views.get(photo.photo_sha256 or "")
        stopped = [stop for stop in stops if stop.publication.photo_sha256 == photo.photo_sha256]
        since = bool(stopped) and file.stale
        story += [*_photo(photo, view, width, stopped, since=since), space(4 * mm)]
    story.append(_signatures(services, file, file.audit, width, stops))
    foot = _foot(services, file.piece.label, file.audit)
    title = f"Audit of {file.piece.name} ({file.piece.label})"
    return make_report(story, title, services.policy.library, size, foot)


def _opening(
    services: Services, file: PieceFile, audit: Audit, stops: Sequence[TakedownCard]
) -> list[Flowable]:
    piece = file.piece
    channel = services.policy.channel(piece.channel).label
    verdict = verdict_of(file)
    when = "not set" if piece.print_on is None else long_day(piece.print_on)
    run = "not set" if piece.run is None else f"{piece.run:,}"
    said = audit.words if not file.stale else f"{verdict.words}: the audit is out of date"
    stopping = counted(len(audit.blocking), "picture", "pictures")
    lacking = counted(len(audit.missing), "lacks", "lack")
    about = f"{channel}, to be printed: {when}, copies: {run}, editor: {piece.editor}."
    facts = [totals(audit.photos).words, f"{stopping} can't be printed yet; {lacking} consent."]
    return [
        *logo(services.policy.logo),
        paragraph(services.policy.library, _TEXT),
        paragraph(f"Audit of {piece.name} ({piece.label})", _TITLE),
        *(paragraph(_stop(file, stop), _STOPPED) for stop in stops),
        paragraph(f"Verdict: {said}.", _HEAD),
        *([paragraph(_taken_out(file), _HEAD)] if file.unseen else []),
        paragraph(about, _TEXT),
        *([paragraph(_as_it_was(services, audit), _HEAD)] if file.stale else []),
        *(paragraph(fact, _TEXT) for fact in (*facts, *audit.by_eye)),
        space(4 * mm),
    ]


def _as_it_was(services: Services, audit: Audit) -> str:
    at = _moment(services, audit.at)
    why = "The register or the layout has changed since"
    if audit.outdated:
        why = "An older version of this program audited it"
    return f"The rest of this page is the audit of {at}. {why}: audit it again."


def _stop(file: PieceFile, stop: TakedownCard) -> str:
    done = "" if stop.waits else f" {stop.takedown.state.words}."
    return f"STOP: {stopped_places(file, stop)} must not be printed: {_numbers(stop)}.{done}"


def _numbers(stop: TakedownCard) -> str:
    return f"takedown {stop.takedown.label}, case {stop.case_label}"


def _taken_out(file: PieceFile) -> str:
    """Name what was taken out of the list, for whoever holds the layout to look for it."""
    where = "; ".join(dict.fromkeys(photo.where_among(file.unseen) for photo in file.unseen))
    return (
        f"Taken out of the list, and the layout was not seen again: {where}. Check that it is out "
        "of the layout before it is printed."
    )


def _photo(
    photo: AuditedPhoto,
    view: PhotoView | None,
    width: float,
    stops: Sequence[TakedownCard],
    *,
    since: bool,
) -> list[Flowable]:
    """Return the picture with its people beside it; many stand below it, over several pages.

    `since` is that it was stopped since the audit, so that what was to be done then does not hold.

    What stands in a cell is on one page.
    """
    beside = width - _PICTURE - 5 * mm
    matched = f", {photo.source}" if photo.source else ""
    named = "The file" if photo.name == photo.where else photo.name
    words: list[Flowable] = [
        *(paragraph(f"STOP: must not be printed, {_numbers(stop)}.", _STOPPED) for stop in stops),
        paragraph(f"{photo.where}: {'when audited, ' if since else ''}{photo.words}", _PHOTO),
        paragraph(f"{named}{matched}. {photo.occasion}.", _SMALL),
        paragraph(photo.coverage if since else f"{photo.coverage} {photo.next_step}", _TEXT),
    ]
    groups = alike_faces(photo.faces)
    if 0 < len(groups) <= _MOST_BESIDE:
        words.append(_people(groups, beside))
    words += [paragraph(sentence, _SMALL) for sentence in photo.said_of_photo]
    picture = paragraph("No picture is kept.", _SMALL) if view is None else _picture(photo, view)
    table = Columns([[picture, words]], colWidths=[_PICTURE + 5 * mm, beside])
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("LINEABOVE", (0, 0), (-1, 0), 0.6, colors.black),
            ("TOPPADDING", (0, 0), (-1, -1), 5),
        ]
    )
    shown: list[Flowable] = [KeepTogether([table])]
    if len(groups) > _MOST_BESIDE:
        shown.append(_people(groups, width))
    return shown


def _picture(photo: AuditedPhoto, view: PhotoView) -> Figure:
    numbers = [face.number for face in photo.faces if face.standing.blocks]
    stops = f"; it stops the print because of {numbers_in_short(numbers)}" if numbers else ""
    alt = f"The picture, {photo.where}, its people numbered{stops}"
    return Figure(audited_picture(photo, view), alt, _PICTURE)


def _people(groups: list[list[AuditedFace]], width: float) -> Flowable:
    """Return a row for each group of people of whom the same is to be said."""
    named = [numbers_in_short([one.number for one in alike]) for alike in groups]
    numbers = min(24, 5 + 2 * max(map(len, named))) * mm
    rows = [
        [
            paragraph(name, _TEXT),
            # What stops the print is bold: paper may know no colour.
            paragraph(face.standing.words, _HEAD if face.standing.blocks else _TEXT),
            paragraph(_answered(face), _TEXT),
        ]
        for alike, name in zip(groups, named, strict=True)
        for face in alike[:1]
    ]
    columns = [numbers, 36 * mm, width - numbers - 36 * mm]
    table = ByRow(rows, colWidths=columns, hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, _GREY),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return table


def _answered(face: AuditedFace) -> str:
    cases = ", ".join(face.revocations)
    # Beside "Asked, said yes" it need not be said again.
    stands = {FaceStatus.ASKED, FaceStatus.AS_A_ROOM, FaceStatus.REFUSED}
    said = []
    if face.answer is not None:
        said.append(_said(face.answer, in_full=face.standing not in stands))
    if face.elsewhere is not None:
        said.append(face.elsewhere.words)
    words = " ".join(said)
    return f"{cases}: {words}" if cases and words else cases or words


def _said(answer: AnswerOnFile, *, in_full: bool) -> str:
    who = f"{answer.name}, " if answer.name else ""
    by = f" Guardian: {answer.guardian}." if answer.guardian else ""
    said = f"said {'yes' if answer.given else 'no'}, " if in_full else ""
    return (
        f"{who}{said}asked by {answer.asked_by} on {long_day(answer.asked_on)} ({answer.how}).{by}"
    )


def _signatures(
    services: Services,
    file: PieceFile,
    audit: Audit,
    width: float,
    stops: Sequence[TakedownCard],
) -> Flowable:
    signed = file.piece.signature
    lines: list[Flowable] = [space(8 * mm)]
    # Of the audit that was signed, and of no other.
    if signed is not None and signed.audit_id == audit.id:
        day = long_day(services.day(signed.at))
        lines.append(paragraph(f"Signed off on {day} by {signed.signed_as}.", _HEAD))
        if stops:
            numbers = "; ".join(map(_numbers, stops))
            words = f"STOP: this sign-off does not cover what must not be printed: {numbers}."
            lines.append(paragraph(words, _STOPPED))
        elif file.stale:
            words = "The register or the layout has changed since, which this does not cover."
            lines.append(paragraph(words, _HEAD))
        if signed.reason:
            lines.append(paragraph(f"Signed off without consent: {ended(signed.reason)}", _TEXT))
            lines += [paragraph(lacking, _TEXT) for lacking in audit.lacking]
        if signed.layout_unseen:
            seen = f"The layout was not seen again: {ended(signed.layout_unseen)}"
            lines.append(paragraph(seen, _TEXT))
    shares = (0.5, 0.3, 0.2)
    table = lines_to_sign(("Editor", "Role", "Date"), [width * share for share in shares])
    return KeepTogether([*lines, table])


def _foot(services: Services, label: str, audit: Audit) -> str:
    return (
        f"{label}. {services.policy.library}, {services.policy.name}, version "
        f"{audit.policy_version}. Register version {audit.register_version}; model {audit.model}; "
        f"audited {_moment(services, audit.at)} by {audit.actor.id}. Log {_log_head(services)}."
    )


def _log_head(services: Services) -> str:
    with services.reading() as unit:
        return str(unit.audit.head())


def _moment(services: Services, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(services.settings.time_zone))
    return f"{long_day(local.date())}, {clock_time(local)}"


_STOP, _ASK, _FINE = (176, 24, 24), (150, 90, 0), (70, 80, 90)


def audited_picture(photo: AuditedPhoto, view: PhotoView) -> bytes:
    """Return a JPEG: solid, a face stops the print; dashed, ask first; thin, nothing to do."""
    faces = sorted(photo.faces, key=lambda face: _line(face) is not Line.THIN)
    marks = [
        Mark(face.box, str(face.number), _line(face), _colour(face), always=True)
        for face in faces
        if face.standing is not FaceStatus.NOT_RECOGNIZABLE
    ]
    return draw_marks(view.thumbnail, (view.width, view.height), marks, photo.region)


def _line(face: AuditedFace) -> Line:
    if face.standing.blocks:
        return Line.SOLID
    if face.standing.lacks_consent:
        return Line.DASHED
    return Line.THIN


def _colour(face: AuditedFace) -> tuple[int, int, int]:
    return {Line.SOLID: _STOP, Line.DASHED: _ASK}.get(_line(face), _FINE)
