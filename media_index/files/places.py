"""Where photos lie: a path of this computer, or a URL that fsspec opens.

What a person names, and what the database holds, becomes a place here. A path of this computer
stays a `pathlib.Path`, and needs nothing. A URL (`s3://bucket/2026`) is a `UrlPlace`, which answers
the same questions; it needs the extra `cluster`, and the driver of its kind of store.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path
from urllib.parse import urlsplit

from media_index.files.urls import PlaceError, UrlPlace, opened
from media_index.types import NO_STAMP, FileStamp

# Two letters at least: C:\ is a drive of Windows.
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(::[a-z0-9]+)*://")

# What stat says of a path that leads nowhere.
_NOTHING_THERE = {errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP}

Place = Path | UrlPlace


def place_of(text: str) -> Place:
    """Return the place that a text of the database, or of a person, names; nothing is opened."""
    if not _URL.match(text):
        return Path(text)
    scheme, separator, rest = text.partition("://")
    return UrlPlace(scheme.lower() + separator + (rest.rstrip("/") or rest[:1]))


def named(text: str) -> Place:
    """Return the place that a person names, if it is one that can be kept.

    Raises:
        PlaceError: it is a URL that the index cannot keep, or that nothing here can read.
    """
    place = place_of(text)
    if isinstance(place, Path):
        return place
    parts = urlsplit(place.url)
    if parts.password is not None:
        shown = place.url.replace(f":{parts.password}@", ":***@")
        step = "leave it out, and keep it in fsspec's own settings, as docs/cluster.md says"
        raise PlaceError(shown, "the password would be kept in the index", step)
    if "::" in place.url:
        raise PlaceError(place.url, "it is a chain of several URLs", "name where the files lie")
    if parts.scheme in {"file", "local"} and not parts.path.startswith("/"):
        raise PlaceError(place.url, "it names no folder", "write it as file:///folder")
    opened(place.url)
    return place


def absolute(place: Place) -> Place:
    """Return a place as it is kept."""
    if isinstance(place, UrlPlace):
        return place
    return Path(os.path.abspath(place))  # noqa: PTH100 - resolve() would follow links


def mode_of(path: Path) -> int | None:
    """Return the mode of what is at a path, links followed; None if nothing is.

    `Path.is_file` and its like raise or say no, by the version of Python, where nobody can tell.

    Raises:
        OSError: it cannot be looked at: the name is too long, or a folder may not be entered.
    """
    try:
        return path.stat().st_mode
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            return None
        raise
    except ValueError:
        # A NUL in the name, which no path has.
        return None


def is_file_now(place: Place) -> bool:
    """Say whether it is a file that can be looked at now; asked before it is read."""
    if isinstance(place, UrlPlace):
        return place.is_file()
    try:
        mode = mode_of(place)
    except OSError:
        return False
    return mode is not None and stat.S_ISREG(mode)


def head_of(place: Place, size: int) -> bytes:
    """Return the first bytes of a file; none of what is no file, such as a pipe.

    Raises:
        OSError: it cannot be read.
    """
    if isinstance(place, UrlPlace):
        return place.head(size)
    if not stat.S_ISREG(place.stat().st_mode):
        return b""
    with place.open("rb") as file:
        return file.read(size)


def stamp_of(place: Place) -> FileStamp:
    """Return size and time of a file; NO_STAMP if it cannot be looked at."""
    try:
        if isinstance(place, UrlPlace):
            return place.stamp()
        status = place.stat()
    except OSError:
        # Gone since it was listed, or a link that leads nowhere.
        return NO_STAMP
    return FileStamp(status.st_size, status.st_mtime_ns)


def is_gone(place: Place) -> bool:
    """Say whether nothing is there for sure; a store that does not answer has lost nothing."""
    if isinstance(place, Path):
        try:
            place.lstat()
        except OSError as error:
            return error.errno in _NOTHING_THERE
        return False
    try:
        place.kind()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def may_hide_photos(place: Place) -> bool:
    """Say whether it is a folder, or may be one, so that a problem with it hides photos."""
    try:
        if isinstance(place, Path):
            mode = mode_of(place)
            return mode is not None and stat.S_ISDIR(mode)
        return place.kind() == "directory"
    except OSError as error:
        return not isinstance(error, FileNotFoundError)
