"""likeness backup, restore, doctor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, open_services
from consent.domain.actors import Role
from consent.domain.wording import counted

if TYPE_CHECKING:
    from consent.recovery.doctor import Finding

FOUND, NEEDS_BACKUP = 1, 3


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)
    app.command()(doctor)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.", show_default=False)],
    *,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Back up the data home to one file, while people work, and test it with a trial restore.

    The backup is encrypted with the master key, which is not in it. Keep a copy of the key
    somewhere else: without it, nobody can restore the backup. A plain copy of the folder is not a
    backup.

    Exit code: 0 done, 2 wrong usage, 3 it can't be done, or something is wrong with the backup.

    Example: likeness backup /media/usb/likeness-2026-06-01.zip
    """
    from consent.recovery.backup import make_backup

    made = make_backup(open_services(), file, actor(staff, Role.ADMIN))
    if json:
        show.as_json(
            {
                "file": str(made.path),
                "register_version": made.register_version,
                "revocations": made.cases,
                "files": made.files,
                "key": made.key_id,
                "doubts": list(made.doubts),
            }
        )
        raise typer.Exit(NEEDS_BACKUP if made.doubts else 0)
    show.line(
        f"{made.path}: {counted(made.cases, 'revocation')} and {counted(made.files, 'file')}, "
        f"register version {made.register_version}. A trial restore worked, and the backup is "
        "complete."
    )
    show.line(
        f"It is encrypted by the key {made.key_id}: without a copy of that key, nobody can "
        "restore it. Keep the copy somewhere else."
    )
    for doubt in made.doubts:
        show.line(doubt)
    raise typer.Exit(NEEDS_BACKUP if made.doubts else 0)


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.", show_default=False)],
    *,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Restore a backup into the data home. Stop the program first.

    The old data is kept in before-restore-... of the data home, until something is erased.

    Exit code: 0 restored, 1 restored, and you need to do something, 2 the file is not a complete
    backup, 3 it can't be restored, or something in it needs another backup.

    Example: likeness restore /media/usb/likeness-2026-06-01.zip
    """
    from consent.bootstrap import services_from_environment
    from consent.recovery.restore import restore_backup
    from consent.settings import Settings

    say = show.aside if json else show.line
    done = restore_backup(Settings(), file, actor(staff, Role.ADMIN), say)
    # What was opened of the home before is no longer there.
    services_from_environment.cache_clear()
    if json:
        show.as_json(
            {
                "register_version": done.register_version,
                "before": None if done.before is None else str(done.before),
                "erased_again": list(done.again),
                "findings": [finding.to_dict() for finding in done.findings],
            }
        )
    else:
        show.line(f"The register is back at version {done.register_version}.")
        if done.before is not None:
            show.line(f"What was there before is in {done.before}.")
        for sentence in done.again:
            show.line(sentence)
        _show_findings(done.findings)
    raise typer.Exit(_code_of(done.findings))


def doctor(
    *,
    mend: Annotated[
        bool, typer.Option("--mend", help="Fix what can be made again from the database.")
    ] = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Confirm that the register is the right one, also after restoring it with other "
            "programs. What was erased since is erased again.",
        ),
    ] = False,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Confirm that this computer's clock is right.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Examine the data home: what is wrong, what can be fixed, and what needs a backup.

    Exit code: 0 all is well, 1 you need to do something, 3 something needs a backup.

    Example: likeness doctor --mend
    """
    from consent.recovery.doctor import accept_clock, accept_register, examine

    services, who = open_services(), actor(staff, Role.ADMIN)
    if clock_is_right:
        accept_clock(services, who)
    again = accept_register(services, who) if accept else ()
    found = examine(services, who, mend=mend)
    if json:
        findings = [finding.to_dict() for finding in found]
        show.as_json({"erased_again": list(again), "findings": findings})
    else:
        for sentence in again:
            show.line(sentence)
        _show_findings(found)
        if not found:
            show.line("Nothing is wrong.")
    raise typer.Exit(_code_of(found))


def _show_findings(found: Sequence[Finding]) -> None:
    for finding in found:
        show.line(f"{finding.sentence} [{finding.cure.value}]")


def _code_of(found: Sequence[Finding]) -> int:
    from consent.recovery.doctor import Cure

    cures = {finding.cure for finding in found}
    if Cure.BACKUP in cures:
        return NEEDS_BACKUP
    return FOUND if Cure.STEP in cures else 0
