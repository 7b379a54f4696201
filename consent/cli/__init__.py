"""The `likeness` command. Thin: read the options, call one use case, show the answer."""

from __future__ import annotations

import os
import sys
from copy import copy
from typing import Any

import typer

from consent.cli import (
    account,
    appeals,
    bench,
    calibrate,
    check,
    correct,
    cover,
    export,
    faces,
    gate,
    home,
    index,
    job,
    lifecycle,
    overrides,
    printing,
    publications,
    records,
    register,
    retention,
    review,
    revoke,
    scheduled,
    setup,
    sweep,
    takedowns,
    verbal,
)
from consent.cli.failures import exit_code_of, options_in, sentence_of
from consent.cli.show import aside, error_line, never_fail_on_letters
from consent.cli.stopping import INTERRUPTED, Commands, StoppedError
from consent.domain.errors import ConsentError
from media_index.errors import MediaIndexError

app = typer.Typer(
    name="likeness",
    cls=Commands,
    help="Photo consent and likeness revocations for libraries: index event photos, record "
    "written revocations, check before posting or printing.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Rich draws boxes around the help, and takes as long for it as all the rest.
    rich_markup_mode=None,
)

for module in (
    setup,
    home,
    account,
    index,
    revoke,
    lifecycle,
    correct,
    check,
    export,
    cover,
    gate,
    review,
    overrides,
    sweep,
    register,
    publications,
    scheduled,
    verbal,
    takedowns,
    appeals,
    printing,
    calibrate,
    faces,
    records,
    retention,
    bench,
    job,
):
    module.add_to(app)


def main() -> None:
    """Run the command line; the only place that turns errors into exit codes."""
    never_fail_on_letters()
    program = program_for(*sys.argv[1:2])
    try:
        _warn_of_unknown_variables()
        program()
    except (KeyboardInterrupt, StoppedError):
        error_line("Stopped. The work so far is kept. To continue, run the same command again.")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, less) has gone; nobody is left to be told.
        sys.exit(0)
    except (ConsentError, MediaIndexError, OSError) as error:
        options = options_in(program, sys.argv[1:])
        error_line(sentence_of(error, options))
        sys.exit(exit_code_of(error))


def program_for(name: str = "") -> Any:  # noqa: ANN401 - Typer's own
    """Return the program with no command but one; with all where none is called so, as for help.

    Typer reads the options of every command it is given: more than a quarter of what a command
    needs to start.
    """
    called = typer.main.get_command_name
    one = copy(app)
    one.registered_commands = [
        command
        for command in app.registered_commands
        if command.callback and (command.name or called(command.callback.__name__)) == name
    ]
    one.registered_groups = [group for group in app.registered_groups if group.name == name]
    if one.registered_commands or one.registered_groups:
        return typer.main.get_group(one)
    return typer.main.get_command(app)


def _warn_of_unknown_variables() -> None:
    # Loading the settings takes as long as all the help.
    if "--help" in sys.argv or not any(name.startswith("LIKENESS_") for name in os.environ):
        return
    from consent.settings import unknown_variables

    if unknown := unknown_variables(os.environ):
        aside(
            f"likeness: no setting is called {', '.join(unknown)}, so it is not used: see the "
            "names with likeness status."
        )
