"""likeness erase, purge, kept, dispose, receipt, log, key."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, day, open_services
from consent.domain.actors import Actor, Role
from consent.domain.retention import Disposal
from consent.domain.wording import counted

if TYPE_CHECKING:
    from consent.services import Services

TAMPERED = 1


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(erase)
    app.command()(purge)
    app.command()(kept)
    dispose = typer.Typer(help="Destroy records that are due and approved.", no_args_is_help=True)
    dispose.command("due")(dispose_due)
    dispose.command("list")(dispose_list)
    dispose.command("hold")(dispose_hold)
    dispose.command("lift")(dispose_lift)
    dispose.command("propose")(dispose_propose)
    dispose.command("packet")(dispose_packet)
    dispose.command("approve")(dispose_approve)
    dispose.command("refuse")(dispose_refuse)
    dispose.command("destroy")(dispose_destroy)
    app.add_typer(dispose, name="dispose")
    receipt = typer.Typer(help="What a receipt proves.", no_args_is_help=True)
    receipt.command("verify")(receipt_verify)
    receipt.command("record")(receipt_record)
    app.add_typer(receipt, name="receipt")
    log = typer.Typer(help="Read and verify the log.", no_args_is_help=True)
    log.command("list")(log_list)
    log.command("head")(log_head)
    log.command("verify")(log_verify)
    app.add_typer(log, name="log")
    key = typer.Typer(help="The key that protects the register.", no_args_is_help=True)
    key.command("make")(key_make)
    key.command("rotate")(key_rotate)
    key.command("check")(key_check)
    app.add_typer(key, name="key")


def erase(
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    face: Annotated[
        bool, typer.Option("--face", help="Erase the face (required; a face is not a record).")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be erased.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Erase the face of a person at once, from all of their cases. The cases stay in effect.

    Letters and decisions are records: see likeness dispose.

    Example: likeness erase R-0042 --face --reason "Asked to at the desk"
    """
    from consent.domain.errors import BadInputError
    from consent.retention.erase import erase_face

    if not face:
        raise BadInputError(
            "Add --face. Only the face can be erased at once, because it is not a record. To "
            "destroy letters and decisions when they are due, use likeness dispose."
        )
    done = erase_face(open_services(), revocation, reason, actor(staff, Role.DESK), dry_run=dry_run)
    if json:
        show.as_json({"dry_run": dry_run, **asdict(done)})
        return
    said = "Would be erased" if dry_run else "Erased"
    show.line(f"{said}, of {', '.join(done.cases)}:")
    for sentence in done.sentences():
        show.line(f"  {sentence}")


def purge(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be removed.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Remove data that is not a record and whose term has ended, by the policy's [retention].

    Example: likeness purge --dry-run
    """
    from consent.retention.purge import purge as remove

    done = remove(open_services(), actor(staff, Role.RECORDS), dry_run=dry_run)
    if json:
        show.as_json({"dry_run": dry_run, "counts": done.counts})
        return
    show.line("Would be removed:" if dry_run else "Removed:")
    for what, count in done.counts.items():
        show.line(f"  {what}: {count:,}")


def kept(
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    out: Annotated[
        Path | None, typer.Option(help="PDF to write: a sheet for the person.", show_default=False)
    ] = None,
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """List what is kept about the person in a case: what, why, until when, and who looked.

    Example: likeness kept R-0042 --out sheet.pdf --language es
    """
    from consent.retention.kept import kept_about, kept_sheet

    services, who = open_services(), actor(staff, Role.DESK)
    if out is not None:
        show.write_file(out, kept_sheet(services, revocation, language, who))
        show.answer({"revocation": revocation, "sheet": str(out)}, f"Written: {out}", json=json)
        return
    found = kept_about(services, revocation, who, language)
    if json:
        show.as_json(asdict(found))
        return
    show.line(f"Kept about the person in {', '.join(found.cases)}:")
    for thing in found.things:
        show.line(f"  {thing.case}: {thing.what} ({thing.count}). {thing.why} {thing.until}")
    show.line("Who looked:" if found.looks else "Nobody has opened their letters.")
    for look in found.looks:
        show.line(f"  {look.on}  {look.staff} {look.what}.")


Disposed = Annotated[str, typer.Argument(help="Such as D-0001.", show_default=False)]
Matter = Annotated[str, typer.Option(help="Reason for the hold, such as a lawsuit.")]
Why = Annotated[str, typer.Option(help="Why, in a few words.")]
Paper = Annotated[str, typer.Option(help="The signed paper.")]


def dispose_due(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List the cases that are due by the policy's [retention], and what delays them.

    Example: likeness dispose due
    """
    from consent.retention.dispose import list_due

    records = list_due(open_services(), actor(staff, Role.RECORDS))
    if json:
        show.as_json(
            {
                "due": [
                    {
                        "revocation": record.label,
                        "ended": record.ended,
                        "due": record.due,
                        "files": record.files,
                        "bytes": record.byte_size,
                        "held_for": [hold.matter for hold in record.held],
                    }
                    for record in records
                ]
            }
        )
        return
    for record in records:
        held = ", ".join(f"{hold.matter} ({hold.ordered_by})" for hold in record.held)
        show.line(
            f"{record.label}  ended {record.ended}, due since {record.due}, "
            f"{counted(record.files, 'file')}{', held for ' + held if held else ''}"
        )
    show.line(f"{counted(len(records), 'case is', 'cases are')} due.")


def dispose_list(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List disposals, and how far each has come.

    Example: likeness dispose list
    """
    from consent.retention.dispose import list_disposals

    found = list_disposals(open_services(), actor(staff, Role.RECORDS))
    if json:
        show.as_json({"disposals": [_disposal(disposal) for disposal in found]})
        return
    for disposal in found:
        show.line(_in_a_line(disposal))
    show.line(f"{len(found)} disposals.")


def dispose_hold(
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    matter: Matter,
    ordered_by: Annotated[str, typer.Option("--ordered-by", help="Who ordered it.")],
    reason: Why,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Keep a case, even if it is due. A case may have several legal holds.

    Example: likeness dispose hold R-0042 --matter "Doe v. Library" --ordered-by "City attorney"
    --reason "Letter of 2026-05-14" --as "R. Records:records"
    """
    from consent.retention.dispose import place_legal_hold

    who = actor(staff, Role.RECORDS)
    place_legal_hold(open_services(), revocation, matter, ordered_by, reason, who)
    show.answer(
        {"revocation": revocation, "held_for": matter},
        f"{revocation} is kept for {matter}.",
        json=json,
    )


def dispose_lift(
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    matter: Matter,
    reason: Why,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Lift a legal hold on a case.

    Example: likeness dispose lift R-0042 --matter "Doe v. Library" --reason "Settled"
    """
    from consent.retention.dispose import lift_legal_hold

    lift_legal_hold(open_services(), revocation, matter, reason, actor(staff, Role.RECORDS))
    show.answer(
        {"revocation": revocation, "no_longer_for": matter},
        f"{revocation} is no longer kept for {matter}.",
        json=json,
    )


def dispose_propose(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be proposed.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Propose all cases that are due and not on legal hold to the records officer.

    Example: likeness dispose propose --dry-run
    """
    from consent.retention.dispose import propose_disposal

    services, who = open_services(), actor(staff, Role.RECORDS)
    disposal = propose_disposal(services, who, dry_run=dry_run)
    if dry_run:
        _would(services, "propose", disposal, who, json=json)
        return
    show.answer({"dry_run": False, **_disposal(disposal)}, _in_a_line(disposal), json=json)


def dispose_packet(
    disposal: Disposed,
    *,
    out: Annotated[Path, typer.Option("--out", help="PDF to write.", show_default=False)],
    size: Annotated[str, typer.Option(help="letter or a4.")] = "letter",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Write the paper to sign; after the destruction, the certificate.

    Example: likeness dispose packet D-0001 --out packet.pdf
    """
    from consent.domain.errors import BadInputError
    from consent.retention.packet import packet_pdf

    if out.exists():
        # The signed request and the certificate are two papers: one must not replace the other.
        raise BadInputError(f"{out} already exists: name a new file.")
    show.write_file(out, packet_pdf(open_services(), disposal, actor(staff, Role.RECORDS), size))
    show.answer({"disposal": disposal, "file": str(out)}, f"Written to {out}.", json=json)


def dispose_approve(
    disposal: Disposed, *, paper: Paper, staff: AsStaff = "", json: AsJson = False
) -> None:
    """Record, as the records officer, that a disposal is approved.

    Example: likeness dispose approve D-0001 --paper "RC-075 of 2026-11-02" --as
    "R. Records:records"
    """
    _decide(disposal, paper, staff, approved=True, json=json)


def dispose_refuse(
    disposal: Disposed, *, paper: Paper, staff: AsStaff = "", json: AsJson = False
) -> None:
    """Record, as the records officer, that a disposal is refused.

    Example: likeness dispose refuse D-0001 --paper "Letter of 2026-11-02"
    """
    _decide(disposal, paper, staff, approved=False, json=json)


def dispose_destroy(
    disposal: Disposed,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be destroyed.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Destroy the records in an approved disposal. Number, dates and scope of each case stay.

    Example: likeness dispose destroy D-0001 --as "R. Records:records"
    """
    from consent.retention.dispose import destroy

    services, who = open_services(), actor(staff, Role.RECORDS)
    done = destroy(services, disposal, who, dry_run=dry_run)
    if dry_run:
        _would(services, "destroy", done, who, json=json)
        return
    show.answer({"dry_run": False, **_disposal(done)}, _in_a_line(done), json=json)


def _would(services: Services, do: str, disposal: Disposal, who: Actor, *, json: bool) -> None:
    """Say what a disposal would do, which is not done."""
    from consent.retention.dispose import would_go

    counts = would_go(services, disposal.revocation_ids, who)
    if json:
        show.as_json({"dry_run": True, **_disposal(disposal), "counts": counts})
        return
    show.line(
        f"Would {do}: {disposal.label}, {counted(len(disposal.revocation_ids), 'case')} that ended "
        f"from {disposal.first_day} to {disposal.last_day}; nothing was changed."
    )
    for what, count in counts.items():
        show.line(f"  {what}: {count:,}")


def _decide(named: str, paper: str, staff: str, *, approved: bool, json: bool) -> None:
    from consent.retention.dispose import decide_disposal

    who = actor(staff, Role.RECORDS)
    done = decide_disposal(open_services(), named, paper, who, approved=approved)
    show.answer(_disposal(done), _in_a_line(done), json=json)


def _disposal(disposal: Disposal) -> dict[str, object]:
    last = disposal.history[-1]
    return {
        "disposal": disposal.label,
        "state": disposal.state.value,
        "series": disposal.series,
        "cases": len(disposal.revocation_ids),
        "from": disposal.first_day,
        "to": disposal.last_day,
        "bytes": disposal.volume_bytes,
        "digest": last.digest,
    }


def _in_a_line(disposal: Disposal) -> str:
    digest = disposal.history[-1].digest
    return (
        f"{disposal.label}: {disposal.state.words.lower()}, "
        f"{counted(len(disposal.revocation_ids), 'case')} that ended from {disposal.first_day} to "
        f"{disposal.last_day}{', SHA-256 ' + digest if digest else ''}."
    )


def receipt_verify(
    code: Annotated[str, typer.Argument(help="Text of the QR code.", show_default=False)],
    *,
    json: AsJson = False,
) -> None:
    """Check, without a network, if this library issued a receipt, and if the case is the same.

    Example: likeness receipt verify "likeness-receipt-1|R-0042|..."
    """
    from consent.cases.receipt_code import verify_receipt

    facts = verify_receipt(open_services(), code)
    if json:
        show.as_json(asdict(facts))
    else:
        for sentence in facts.sentences():
            show.line(sentence)


def receipt_record(
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Print a case as a record for other programs, in the form of ISO/IEC TS 27560, without a name.

    Example: likeness receipt record R-0042
    """
    from consent.cases.receipt_code import consent_record

    del json
    show.as_json(consent_record(open_services(), revocation, actor(staff, Role.DESK)))


def log_list(
    *,
    since: Annotated[
        str, typer.Option("--from", help="First day, 2026-01-01.", show_default=False)
    ] = "",
    until: Annotated[
        str, typer.Option("--to", help="Last day, 2026-06-30.", show_default=False)
    ] = "",
    about: Annotated[
        str,
        typer.Option(
            help="Number of a case, disposal or piece, or an account.", show_default=False
        ),
    ] = "",
    by: Annotated[str, typer.Option(help="Who did it.", show_default=False)] = "",
    action: Annotated[
        str,
        typer.Option(help="Action, or its first characters, such as account.", show_default=False),
    ] = "",
    last: Annotated[int, typer.Option(help="Only this many, the newest.")] = 100,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """List what was done, by whom and when, newest last. It has no names from the register.

    Example: likeness log list --about R-0001 --from 2026-01-01
    """
    from consent.retention.log_list import LogQuery, read_log

    first, end = (
        day(text, option) if text else None for text, option in ((since, "--from"), (until, "--to"))
    )
    query = LogQuery(first, end, about, by, action, last)
    services, who = open_services(), actor(staff, Role.RECORDS)
    found = read_log(services, who, query)
    if json:
        show.as_json({"entries": [asdict(line) | {"at": line.at.isoformat()} for line in found]})
        return
    for line in found:
        details = "; ".join(f"{name}: {_worded(said)}" for name, said in line.details.items())
        show.line(
            f"{services.local(line.at):%Y-%m-%d %H:%M}  {line.action}  {line.about}  by {line.by} "
            f"({line.role}){f'  {details}' if details else ''}"
        )


def _worded(said: object) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)


def log_head(*, json: AsJson = False) -> None:
    """Print the end of the log. Write it down where no user of this program can change it.

    Example: likeness log head
    """
    from consent.retention.proof import log_head as read

    head = read(open_services())
    show.answer(asdict(head), str(head), json=json)


def log_verify(
    *,
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HEAD",
            help="A head written down before. You may repeat this option.",
            show_default=False,
        ),
    ] = None,
    new: Annotated[
        bool,
        typer.Option(
            "--new", help="Only entries since the log was last found whole; once a week, all of it."
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Check that the log and the register are as this program wrote them.

    Exit code: 0 they are, 1 someone changed them.

    Example: likeness log verify
    """
    from consent.domain.errors import BadInputError
    from consent.domain.log import read_head
    from consent.retention.proof import verify_log, verify_new

    heads = [read_head(text) for text in head or []]
    if new and heads:
        raise BadInputError("A head is compared with the whole log: leave out --new or --head.")
    services = open_services()
    found = verify_new(services) if new else verify_log(services, heads)
    if json:
        show.as_json(
            {
                "head": str(found.head),
                "checked": found.checked,
                "faults": [asdict(fault) for fault in found.faults],
            }
        )
    else:
        for fault in found.faults:
            show.line(fault.sentence)
        show.line(f"{counted(found.checked, 'entry', 'entries')} verified, up to {found.head}.")
    raise typer.Exit(TAMPERED if found.faults else 0)


def key_make(*, json: AsJson = False) -> None:
    """Make the key for this computer account. The first start does this by itself.

    Example: likeness key make
    """
    from consent.retention.keys import make_key
    from consent.settings import Settings

    facts = make_key(Settings())
    show.answer(asdict(facts), facts.sentence(), json=json)


def key_rotate(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """Replace the key in use with a new one. The data is not written again.

    Example: likeness key rotate --as "D. Rossi:director"
    """
    from consent.retention.keys import rotate_key

    facts = rotate_key(open_services(), actor(staff, Role.ADMIN))
    show.answer(asdict(facts), facts.sentence(), json=json)


def key_check(*, json: AsJson = False) -> None:
    """Show which key protects the register, and where it is.

    Example: likeness key check
    """
    from consent.retention.keys import key_in_use

    facts = key_in_use(open_services())
    show.answer(asdict(facts), facts.sentence(), json=json)
