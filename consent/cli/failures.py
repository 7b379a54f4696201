"""What the computer refuses while a command works: a sentence with the path and the next step."""

from __future__ import annotations

import errno
import os

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


def sentence_of(error: OSError) -> str:
    """Return the sentence for a file or folder that the system refused.

    Args:
        error: as it came out of a use case, which foresaw none of its kind.
    """
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
