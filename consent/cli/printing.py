"""likeness print and likeness audit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.check import NOT_CHECKED, exit_code
from consent.cli.options import AsJson, AsStaff, actor, day, open_services
from consent.domain.actors import Role
from consent.domain.print import PieceState, PlacedPhoto, PrintPiece
from consent.domain.wording import counted, ended, on_file

if TYPE_CHECKING:
    from consent.printing.over_time import SignedPiece
    from consent.printing.pieces import PieceFile

Piece = Annotated[str, typer.Argument(help="Number or name, such as P-0003.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    pieces = typer.Typer(help="Newsletters, posters and reports.", no_args_is_help=True)
    pieces.command("new")(new)
    pieces.command("list")(list_all)
    pieces.command("place")(place)
    pieces.command("take-out")(take_out)
    pieces.command("put-back")(put_back)
    pieces.command("sign")(sign)
    pieces.command("move")(move)
    pieces.command("signed")(signed)
    app.add_typer(pieces, name="print")
    app.command()(audit)


def new(
    title: Annotated[str, typer.Argument(help="Such as Newsletter.", show_default=False)],
    *,
    channel: Annotated[str, typer.Option(help="A channel in the policy, such as newsletter.")],
    issue: Annotated[str, typer.Option(help="Such as Spring 2026.")] = "",
    print_on: Annotated[str, typer.Option(help="The day, 2026-05-14.")] = "",
    run: Annotated[int | None, typer.Option(help="Copies.")] = None,
    editor: Annotated[str, typer.Option(help="Who is responsible for it.")] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Open a print piece as a draft.

    Example: likeness print new Newsletter --channel newsletter --issue "Spring 2026" --run 2000
    """
    from consent.printing.pieces import NewPiece, open_piece

    on = day(print_on, "--print-on") if print_on else None
    made = open_piece(
        open_services(),
        NewPiece(channel, title, issue, on, run, editor),
        actor(staff, Role.PRINT_EDITOR),
    )
    show.answer(_plain(made), f"{made.label}: {made.name}.", json=json)


def list_all(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List print pieces, newest first.

    Example: likeness print list
    """
    from consent.printing.pieces import list_files, next_step, verdict_of
    from consent.takedowns.board import stops_of_pieces, whereabouts

    services, who = open_services(), actor(staff, Role.PRINT_EDITOR)
    files = list_files(services, who)
    stops = stops_of_pieces(services, who)
    if json:
        plain = [
            {
                **_plain(piece),
                "verdict": None if piece.is_printed else verdict_of(file),
                "next_step": next_step(file, stops.get(piece.id, ())) or None,
                "to_stop": [
                    {"takedown": card.takedown.label, "revocation": card.case_label}
                    for card in stops.get(piece.id, ())
                    if card.can_be_stopped
                ],
            }
            for file in files
            for piece in [file.piece]
        ]
        show.as_json({"pieces": plain})
        return
    for file in files:
        piece = file.piece
        found = stops.get(piece.id, [])
        cases = ", ".join(card.case_label for card in found if card.can_be_stopped)
        stop = f"  Stop it: {cases}" if cases else ""
        verdict = "" if piece.is_printed else f"{verdict_of(file).words}  "
        after = next_step(file, found)
        todo = f"  Next: {after}" if after else ""
        where = whereabouts(piece, found)
        show.line(f"{piece.label}  {verdict}{where}  {piece.name}{stop}{todo}")
    show.line(f"{counted(len(files), 'piece')}.")


def place(
    piece: Piece,
    files: Annotated[
        list[Path],
        typer.Argument(help="Photos, or PDFs of the layout, which replace what is in the piece."),
    ],
    *,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Put photos into a piece. Pictures of a PDF are matched with their originals.

    Exit code: 0 done, 3 a picture could not be read.

    Example: likeness print place P-0003 newsletter.pdf
    """
    from consent.cases.csv_import import read_evidence
    from consent.printing.layouts import HandedIn, place_files

    read = [read_evidence(file) for file in files]
    handed_in = [HandedIn(file.name, file.content) for file in read]
    with show.progress("Looking") as tell:
        placing = place_files(
            open_services(),
            piece,
            handed_in,
            actor(staff, Role.PRINT_EDITOR),
            tell,
        )
    code = NOT_CHECKED if any(photo.problem for photo in placing.photos) else 0
    if json:
        show.as_json(
            {
                "piece": piece,
                "photos": [_plain_placed(photo, placing.photos) for photo in placing.photos],
                "without_pictures": list(placing.without_pictures),
                "named": list(placing.named),
            }
        )
        raise typer.Exit(code)
    for photo in placing.photos:
        how = photo.problem or (on_file(photo.found) if photo.found else "no original on file")
        show.line(f"{photo.where_among(placing.photos)}: {how}")
    for name in placing.without_pictures:
        show.line(f"{name}: no picture was found in it, and nobody is to be seen.")
    for said in placing.named:
        show.line(f"Text: {said}")
    raise typer.Exit(code)


def take_out(
    piece: Piece,
    photo: Annotated[str, typer.Argument(help="Id of the photo, from print place --json.")],
    *,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Take a photo out of a piece.

    Example: likeness print take-out P-0003 3f2a...
    """
    from consent.printing.layouts import take_out as take

    take(open_services(), piece, photo, actor(staff, Role.PRINT_EDITOR))
    show.answer({"piece": piece, "taken_out": photo}, "Taken out.", json=json)


def put_back(
    piece: Piece,
    photo: Annotated[str, typer.Argument(help="Id of the photo, from print place --json.")],
    *,
    reason: Annotated[str, typer.Option(help="Why you put it back.")],
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Put a photo back into a piece, if it may be printed.

    Example: likeness print put-back P-0003 3f2a... --reason "The wrong one was taken out"
    """
    from consent.printing.put_back import put_back as put

    put(open_services(), piece, photo, reason, actor(staff, Role.PRINT_EDITOR))
    show.answer({"piece": piece, "put_back": photo}, "Put back: audit it again.", json=json)


def sign(
    piece: Piece,
    *,
    signed_as: Annotated[str, typer.Option("--sign-as", help="Name and role of the signer.")],
    reason: Annotated[
        str,
        typer.Option(help="Why you sign although consents are missing, or a name is in the text."),
    ] = "",
    layout_unseen: Annotated[
        str,
        typer.Option(
            help="Who checked that the removed photos are out of the layout, if there is no "
            "corrected PDF."
        ),
    ] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Sign off a piece for the printer. Refused if anything blocks.

    Example: likeness print sign P-0003 --sign-as "Ed Press, editor"
    """
    from consent.printing.pieces import show_piece, sign_off

    services, who = open_services(), actor(staff, Role.PRINT_EDITOR)
    made = sign_off(services, piece, signed_as, who, reason, layout_unseen)
    audit = show_piece(services, piece, who).audit
    over = [] if audit is None else audit.lacking
    words = [
        f"{made.label}: {made.state.words}.",
        *(f"Signed without consent: {said}" for said in over),
    ]
    show.answer({**_plain(made), "signed_over": over}, "\n".join(words), json=json)


def move(
    piece: Piece,
    *,
    to: Annotated[PieceState, typer.Option("--to", help="New status.")],
    stock: Annotated[int | None, typer.Option(help="Printed copies that are left.")] = None,
    all_the_same: Annotated[
        bool,
        typer.Option(
            "--all-the-same",
            help="Confirm that it was printed with the photo that should have been stopped.",
        ),
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Record that a piece went to the printer, was printed, or is a draft again.

    Example: likeness print move P-0003 --to printed --stock 150
    """
    from consent.printing.pieces import move_piece

    who = actor(staff, Role.PRINT_EDITOR)
    made = move_piece(open_services(), piece, to, who, stock, all_the_same=all_the_same)
    show.answer(_plain(made), f"{made.label}: {made.whereabouts}.", json=json)


def signed(
    *,
    since: Annotated[str, typer.Option(help="First day, 2026-01-01.")] = "",
    until: Annotated[str, typer.Option(help="Last day, 2026-12-31.")] = "",
    event: Annotated[str, typer.Option(help="Only photos of this event.")] = "",
    branch: Annotated[str, typer.Option(help="Only photos of events at this place.")] = "",
    csv: Annotated[Path | None, typer.Option(help="CSV to write.")] = None,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """List signed-off pieces: how many people were asked, and who signed for the rest.

    Example: likeness print signed --since 2026-01-01 --csv year.csv
    """
    from consent.printing.over_time import Selection, signed_csv, signed_pieces

    selection = Selection(
        day(since, "--since") if since else None,
        day(until, "--until") if until else None,
        event,
        branch,
    )
    pieces = signed_pieces(open_services(), actor(staff, Role.PRINT_EDITOR), selection)
    if csv is not None:
        show.write_file(csv, signed_csv(pieces).encode("utf-8-sig"))
    if json:
        show.as_json({"signed": [_plain_signed(piece) for piece in pieces]})
        return
    for piece in pieces:
        photos = counted(piece.signed_over, "photo")
        over = (
            f" {photos} signed off without consent: {ended(piece.reason)}"
            if piece.signed_over
            else ""
        )
        show.line(
            f"{piece.signed_on}  {piece.label}  {piece.name}: {piece.coverage.words} Signed by "
            f"{piece.signed_as}.{over}"
        )
    show.line(f"{len(pieces)} signed.")


def audit(
    piece: Piece,
    *,
    pdf: Annotated[Path | None, typer.Option(help="PDF to write.")] = None,
    size: Annotated[str, typer.Option(help="Paper size: letter or a4.")] = "letter",
    csv: Annotated[Path | None, typer.Option(help="CSV to write.")] = None,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Audit a print piece: who is in it, who was asked, and what is missing.

    Exit code: 0 all clear, 1 something flagged, 2 wrong usage, 3 something could not be checked, 4
    nobody is in the register.

    Example: likeness audit P-0003 --pdf audit.pdf
    """
    from consent.matching.wholeness import register_is_empty
    from consent.printing.audit import run_audit
    from consent.printing.audit_pdf import audit_pdf
    from consent.printing.audit_report import audit_csv, audit_to_dict
    from consent.printing.pieces import show_piece

    services, who = open_services(), actor(staff, Role.PRINT_EDITOR)
    found = run_audit(services, piece, who)
    file = show_piece(services, piece, who)
    if pdf is not None:
        show.write_file(pdf, audit_pdf(services, piece, who, size))
    if csv is not None:
        show.write_file(csv, audit_csv(found).encode("utf-8-sig"))
    if json:
        show.as_json(audit_to_dict(file, found))
    else:
        _print(file)
    nobody = register_is_empty(services)
    raise typer.Exit(exit_code({photo.verdict for photo in found.photos}, nobody=nobody))


def _print(file: PieceFile) -> None:
    from consent.domain.print import alike_faces, totals
    from consent.domain.wording import numbers_in_short
    from consent.printing.audit_report import changes
    from consent.printing.pieces import sign_off_words

    audits = file.audits
    for change in changes(file.audit_before, audits[-1]):
        show.line(f"Changed: {change}")
    for photo in audits[-1].photos:
        show.line(f"{photo.where}: {photo.words}. {photo.coverage} {photo.next_step}")
        for alike in alike_faces(photo.faces):
            cases = f" {', '.join(alike[0].revocations)}" if alike[0].revocations else ""
            numbers = numbers_in_short([face.number for face in alike])
            elsewhere = alike[0].elsewhere
            hint = "" if elsewhere is None else f". {elsewhere.words}"
            show.line(f"    {numbers}  {alike[0].standing.words}{cases}{hint}")
        for said in photo.said_of_photo:
            show.line(f"    {said}")
    for said in audits[-1].by_eye:
        show.line(said)
    show.line(totals(audits[-1].photos).words)
    show.line(f"{file.piece.label}: {audits[-1].words}.")
    if said := sign_off_words(file):
        show.line(said)


def _plain(piece: PrintPiece) -> dict[str, object]:
    return {
        "piece": piece.label,
        "name": piece.name,
        "channel": piece.channel,
        "state": piece.state,
        "print_on": piece.print_on,
        "run": piece.run,
        "stock": piece.stock if piece.state is PieceState.PRINTED else None,
        "editor": piece.editor,
    }


def _plain_placed(placed: PlacedPhoto, others: Sequence[PlacedPhoto]) -> dict[str, object]:
    return {
        "id": placed.id,
        "page": placed.page,
        "where": placed.where_among(others),
        "sha256": placed.photo_sha256,
        "matched_by": placed.found,
        "region": placed.region,
        "problem": placed.problem or None,
    }


def _plain_signed(piece: SignedPiece) -> dict[str, object]:
    return {
        "piece": piece.label,
        "name": piece.name,
        "channel": piece.channel,
        "signed_on": piece.signed_on,
        "signed_as": piece.signed_as,
        "photos": piece.photos,
        "people": piece.coverage.people,
        "asked": piece.coverage.asked,
        "said_yes": piece.coverage.said_yes,
        "said_no": piece.coverage.said_no,
        "signed_over": piece.signed_over,
        "reason": piece.reason or None,
    }
