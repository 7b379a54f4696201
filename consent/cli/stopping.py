"""What ends a command before its use case: Ctrl-C, and options that hold what they cannot."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from consent.domain.errors import BadInputError

INTERRUPTED = 130


class StoppedError(Exception):
    """Somebody stopped the command with Ctrl-C."""


class Commands(TyperGroup):
    """All commands; what stops one gets to `main`, which says so."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own, and not to be imported
        """Run the command.

        Raises:
            StoppedError: it was stopped with Ctrl-C.
            BadInputError: an option holds what it cannot; says what it may be.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise StoppedError from error
        except typer.BadParameter as error:
            if type(error) is not typer.BadParameter or error.param is None:
                raise
            option = error.param.opts[0] if error.param.opts[0].startswith("-") else "The argument"
            said = error.message.removeprefix("Value error, ").rstrip(".")
            raise BadInputError(f"{option}: {said}.") from error
