"""likeness check."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, Jobs, Paths, actor, open_services, places
from consent.domain.actors import Role
from consent.domain.errors import BadInputError
from consent.domain.verdicts import SAID_OF_ALL, Clearance, ClearanceReport, Verdict

if TYPE_CHECKING:
    from consent.checking.result import CheckResult
    from consent.matching.names import NamedInText
    from consent.services import Services

FLAGGED = 1
NOT_CHECKED = 3
NOTHING_TO_COMPARE = 4
_STYLES = {
    Verdict.BLOCKED: "bold red",
    Verdict.NOT_CHECKED: "bold magenta",
    Verdict.REVIEW: "bold yellow",
    Verdict.CONSENT_MISSING: "cyan",
    Verdict.CLEAR: "green",
}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(
    paths: Paths,
    *,
    use: Annotated[
        str,
        typer.Option(
            "--use",
            metavar="CHANNEL[:PUBLICATION]",
            help="What the photos will be used for.",
        ),
    ],
    event: Annotated[
        str,
        typer.Option("--event", help="Name of the event, if all photos are from one event."),
    ] = "",
    text: Annotated[
        str, typer.Option("--text", help="Text of a post or caption, to search for names.")
    ] = "",
    text_file: Annotated[
        Path | None, typer.Option("--text-file", help="A file with that text, in UTF-8.")
    ] = None,
    report_to: Annotated[
        Path | None, typer.Option("--report", help="A new .csv file for the report.")
    ] = None,
    jobs: Jobs = 0,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Check photos before they are posted or printed.

    The command always looks for names in the photos' files and file names, too. With --text it also
    flags a text that names a person who asked not to be named.

    The photos enter the index: later revocations are compared with them, too.

    Exit code: 0 all clear, 1 something flagged, 2 wrong usage, 3 something could not be checked, 4
    nobody is in the register, so there was nothing to compare with.

    Example: likeness check tomorrow/ --use instagram
    """
    from media_index.files.apart import make_ready

    # It starts while the register is opened.
    make_ready()
    from consent.checking.check import Watch, check_photos, names_in
    from consent.publishing.check_report import check_report

    files = places(paths)
    words = text if text_file is None else _text_of(text_file, text)
    if report_to is not None and (report_to.exists() or report_to.suffix.lower() != ".csv"):
        raise BadInputError(f"{report_to}: name a new file that ends in .csv for the report.")
    services = open_services()
    wanted = services.policy.use(use)
    who = actor(staff, Role.COMMUNICATIONS)
    with show.progress("Checking") as tell:
        report = check_photos(
            services, files, wanted, who, watch=Watch(tell), jobs=jobs, event=event.strip()
        )
    if report_to is not None:
        content = check_report(services, _result(services, report), who)
        # With a byte-order mark: spreadsheets take a file without one for another encoding.
        report_to.write_text(content, encoding="utf-8-sig", newline="")
    named = names_in(services, words, wanted, who) if words.strip() else []
    if json:
        show.as_json(
            {
                "register_version": report.register_version,
                "use": wanted.channel.id,
                "publication": wanted.issue,
                "without_reference_face": list(report.without_face),
                "withheld_reference": list(report.withheld),
                "hints": [{"revocation": label, "looks": looks} for label, looks in report.hints],
                "photos": [_plain(clearance) for clearance in report.clearances],
            }
            | ({"named_in_text": [_plain_name(found) for found in named]} if words.strip() else {})
            | ({"nothing_to_compare": True} if report.nobody else {}),
        )
    else:
        _print(report)
        for found in named:
            show.line(f"Text: {found.sentence}")
    verdicts = {clearance.decision.verdict for clearance in report.clearances}
    if named:
        verdicts.add(Verdict.REVIEW)
    # An empty folder was not checked either: nothing was looked at.
    raise typer.Exit(exit_code(verdicts or {Verdict.NOT_CHECKED}, nobody=report.nobody))


def _result(services: Services, report: ClearanceReport) -> CheckResult:
    from consent.checking.result import CheckResult
    from consent.domain.wording import clearance_to_dict
    from consent.jobs.check import report_to_dict

    photos = [
        clearance_to_dict(clearance) | {"name": clearance.path} for clearance in report.clearances
    ]
    found = report_to_dict(services, report, photos)
    who = {"checked_by": report.clearances[0].actor.id if report.clearances else ""}
    return CheckResult.from_dict(found | who)


def _text_of(file: Path, text: str) -> str:
    if text.strip():
        raise BadInputError("Give the text with --text or with --text-file, not with both.")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{file} is not UTF-8: save it so.") from error


def _plain_name(found: NamedInText) -> dict[str, object]:
    return {
        "revocation": found.label,
        "line": found.line,
        "words": [found.first_word, found.last_word],
        "start": found.start,
        "end": found.end,
        "as_written": found.as_written,
        "sentence": found.sentence,
    }


def exit_code(verdicts: set[Verdict], *, nobody: bool) -> int:
    """Return the code of the worst: not checked over flagged over clear.

    Clear beside an empty register, in which is `nobody`, has a code of its own.
    """
    if Verdict.NOT_CHECKED in verdicts:
        return NOT_CHECKED
    if verdicts - {Verdict.CLEAR}:
        return FLAGGED
    return NOTHING_TO_COMPARE if nobody and verdicts else 0


def _plain(clearance: Clearance) -> dict[str, object]:
    from consent.domain.wording import clearance_to_dict

    plain = clearance_to_dict(clearance)
    if clearance.decision.compared_with_nothing:
        # Whoever asks a program whether it is clear must not be told so.
        plain["verdict"] = "NOTHING_TO_COMPARE"
    return plain


def _print(report: ClearanceReport) -> None:
    from consent.domain.wording import (
        NO_PHOTO,
        NOBODY,
        doubts_in,
        look_out_for,
        no_face_kept,
        not_yet_compared,
        sentences,
    )

    for clearance in report.clearances:
        verdict = clearance.decision.verdict
        words = clearance.decision.words
        show.console().print(f"[{_STYLES[verdict]}]{words:<20}[/] ", end="")
        show.line(clearance.path)
        own = [reason for reason in clearance.decision.reasons if reason.code not in SAID_OF_ALL]
        notes = [note for note in clearance.decision.notes if note.code not in SAID_OF_ALL]
        for said in sentences(own):
            show.line(f"    {said}")
        for said in sentences(notes):
            show.line(f"    Note: {said}")
    for doubt in doubts_in(report.clearances):
        show.line(doubt)
    if report.nobody:
        show.line(NOBODY)
    if report.without_face:
        show.line(no_face_kept(report.without_face))
    if report.hints:
        show.line(look_out_for(report.hints))
    if report.withheld:
        show.line(not_yet_compared(report.withheld))
    if not report.clearances:
        show.line(NO_PHOTO)
    found = Counter(
        clearance.decision.words
        for clearance in sorted(
            report.clearances, key=lambda clearance: clearance.decision.verdict.rank
        )
    )
    counts = ", ".join(f"{count} {words.lower()}" for words, count in found.items())
    show.line(
        f"{counts or 'nothing'} ({report.use.channel.label}, register version "
        f"{report.register_version})."
    )
