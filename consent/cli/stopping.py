"""Ctrl-C, which Typer would turn into an exit without a word."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

INTERRUPTED = 130


class StoppedError(Exception):
    """Somebody stopped the command with Ctrl-C."""


class Commands(TyperGroup):
    """All commands; what stops one gets to `main`, which says so."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own, and not to be imported
        """Run the command.

        Raises:
            StoppedError: it was stopped with Ctrl-C.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise StoppedError from error
