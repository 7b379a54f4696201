"""What ends a command: its sentence, and the exit code for each category of error."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from typing import Any

from consent.domain.errors import ConsentError, SetupError
from media_index.errors import InstallationError, MediaIndexError

USAGE = 2
NOT_DONE = 3

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


def exit_code_of(error: Exception) -> int:
    """Tell what was asked wrongly from what was asked rightly, and could not be done here."""
    if isinstance(error, (SetupError, InstallationError)):
        return NOT_DONE
    return USAGE if isinstance(error, (ConsentError, MediaIndexError)) else NOT_DONE


def sentence_of(error: Exception, options: Mapping[str, str] | None = None) -> str:
    """Return an error's own sentence, or one for a file or folder that the system refused.

    With the options that answer it, of those of the command: their flags by their names.
    """
    if isinstance(error, ConsentError):
        helps = f" Run {error.command}." if error.command else ""
        told = [
            f"{(options or {})[name]} {value}".strip()
            for name, value in error.answered_by.items()
            if name in (options or {})
        ]
        option = f" The option for it: {' or '.join(told)}." if told else ""
        return f"{error}{option}{helps}"
    if isinstance(error, MediaIndexError) or not isinstance(error, OSError):
        return str(error)
    said = error.strerror or str(error) or type(error).__name__
    what = "Something" if error.filename is None else os.fsdecode(error.filename)
    return f"{what} could not be read or written ({said}): {_next_step(error)}."


def options_in(command: Any, words: Iterable[str]) -> dict[str, str]:  # noqa: ANN401 - Typer's own
    """Return the flags of the command that some words call, by the names of what they give."""
    for word in words:
        command = getattr(command, "commands", {}).get(word, command)
    return {param.name: param.opts[-1] for param in command.params if param.opts[-1][:2] == "--"}


def _next_step(error: OSError) -> str:
    if error.errno in _NO_ROOM:
        return "make room on the disk, and run the command again"
    if error.errno in _NOT_ALLOWED:
        return "see that this account may read it, and write where it must, and try again"
    if error.errno == errno.ENAMETOOLONG:
        return "give it a shorter name"
    return "see that it is there and can be reached, and try again"
