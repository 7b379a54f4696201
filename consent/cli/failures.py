"""What ends a command: its sentence, and the exit code for each category of error."""

from __future__ import annotations

import errno
import os

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


def sentence_of(error: Exception) -> str:
    """Return an error's own sentence, or one for a file or folder that the system refused."""
    if isinstance(error, (ConsentError, MediaIndexError)) or not isinstance(error, OSError):
        return str(error)
    said = error.strerror or str(error) or type(error).__name__
    what = "Something" if error.filename is None else os.fsdecode(error.filename)
    return f"{what} could not be read or written ({said}): {_next_step(error)}."


def _next_step(error: OSError) -> str:
    if error.errno in _NO_ROOM:
        return "make room on the disk, and run the command again"
    if error.errno in _NOT_ALLOWED:
        return "see that this account may read it, and write where it must, and try again"
    if error.errno == errno.ENAMETOOLONG:
        return "give it a shorter name"
    return "see that it is there and can be reached, and try again"
