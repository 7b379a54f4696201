"""A file or folder named by a URL, opened by fsspec: S3, SFTP, an archive in the cloud."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, cast

from media_index.errors import InstallationError, MediaIndexError
from media_index.types import NO_STAMP, FileStamp

_INSTALL = "install what reads URLs: pip install -e '.[cluster]'"
# The kinds of addresses that are read where LIKENESS_SCHEMES names no others. It is read of the
# environment, so that it holds in every process that opens one, and on the machines of a cluster.
_VARIABLE = "LIKENESS_SCHEMES"
SCHEMES = ("https", "s3", "gs", "az", "sftp", "smb", "file", "memory")
_ETAGS = ("ETag", "etag", "contentHash", "md5Hash")


class PlaceError(MediaIndexError, OSError):
    """A place that cannot be reached; an OSError, as with a path that cannot be read."""

    def __init__(self, url: str, reason: str, next_step: str = "check that it is there") -> None:
        super().__init__(f"{url} cannot be reached ({reason}): {next_step}.")
        # Where OSErrors have it.
        self.strerror = reason


class MissingReaderError(PlaceError, InstallationError):
    """What reads such places is not installed."""


class Files(Protocol):
    """What is asked of a file system of fsspec; its paths are those without the protocol."""

    protocol: str | tuple[str, ...]

    def info(self, path: str) -> Mapping[str, Any]:
        """Return name, type and size of a file or folder, and what else the store tells."""
        ...

    def ls(self, path: str, *, detail: bool) -> Sequence[Mapping[str, Any]]:
        """Return the `info` of all that lies in a folder."""
        ...

    def modified(self, path: str) -> datetime:
        """Return when a file was changed; not every store tells."""
        ...

    def cat_file(self, path: str, start: int | None = None, end: int | None = None) -> bytes:
        """Return a file's bytes, or some of them."""
        ...

    def open(self, path: str, mode: str) -> AbstractContextManager[BufferedIOBase]:
        """Open a file."""
        ...

    def invalidate_cache(self) -> None:
        """Forget what was listed before."""
        ...


@dataclass(frozen=True, slots=True, order=True)
class UrlPlace:
    """A file or folder named by a URL, without a slash at its end.

    It is opened anew by each process that it is sent to.
    """

    url: str

    def __str__(self) -> str:
        return self.url

    @property
    def name(self) -> str:
        """The last part."""
        return self.url.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The ending of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> UrlPlace:
        """The folder it lies in."""
        above, _, _ = self.url.rpartition("/")
        return UrlPlace(f"{above}/" if above.endswith(":/") else above)

    def __truediv__(self, name: str) -> UrlPlace:
        return UrlPlace(f"{self.url}{'' if self.url.endswith('/') else '/'}{name}")

    def kind(self) -> str:
        """Return "file", "directory" or what else it is.

        Raises:
            OSError: it is not there (FileNotFoundError), or cannot be looked at.
        """
        with _reached(self.url) as (files, path):
            return str(files.info(path)["type"])

    def is_file(self) -> bool:
        """Say whether it is a file that can be looked at now; asked before it is read."""
        return self._is("file")

    def is_dir(self) -> bool:
        """Say whether it is a folder that can be looked at now."""
        return self._is("directory")

    def exists(self) -> bool:
        """Say whether it is there and can be looked at now."""
        return self._is("file") or self._is("directory")

    def _is(self, kind: str) -> bool:
        try:
            return self.kind() == kind
        except OSError:
            return False

    def read_bytes(self) -> bytes:
        """Return the file's bytes.

        Raises:
            OSError: it cannot be read.
        """
        with _reached(self.url) as (files, path):
            return files.cat_file(path)

    def head(self, size: int) -> bytes:
        """Return the file's first bytes.

        Raises:
            OSError: it cannot be read.
        """
        with _reached(self.url) as (files, path):
            return files.cat_file(path, 0, size)

    @contextmanager
    def open(self, mode: str = "rb") -> Iterator[BufferedIOBase]:
        """Open the file, to read it piece by piece.

        Raises:
            OSError: it cannot be read.
        """
        with _reached(self.url) as (files, path), files.open(path, mode) as stream:
            yield stream

    def stamp(self) -> FileStamp:
        """Return what tells it from what was there before, unsure where the store does not tell.

        Raises:
            OSError: it cannot be looked at.
        """
        with _reached(self.url) as (files, path):
            info = files.info(path)
            size = info.get("size")
            return FileStamp(
                NO_STAMP.byte_size if size is None else int(size), _changed(files, path, info)
            )

    def files_below(
        self, refused: Callable[[UrlPlace, str], None], leave_out: Path | None = None
    ) -> Iterator[UrlPlace]:
        """List the files in this folder and below, or this file itself.

        Args:
            refused: told what could not be listed, and why.
            leave_out: a folder of this computer that is not searched.

        Raises:
            OSError: there is nothing here, or it cannot be looked at.
        """
        with _reached(self.url) as (files, path):
            # Stores keep what they listed; a check would answer for photos of yesterday.
            files.invalidate_cache()
            if files.info(path)["type"] != "directory":
                yield self
                return
        waiting = [self]
        while waiting:
            folder = waiting.pop()
            try:
                found = folder._children(refused, leave_out)  # noqa: SLF001 - of its own kind
            except OSError as error:
                why = f"The folder could not be opened ({error.strerror or error})"
                refused(folder, f"{why}: ask who may read it.")
                continue
            yield from (place for place, is_folder in found if not is_folder)
            waiting.extend(place for place, is_folder in reversed(found) if is_folder)

    def _children(
        self, refused: Callable[[UrlPlace, str], None], leave_out: Path | None
    ) -> list[tuple[UrlPlace, bool]]:
        """Return what lies in this folder, by name, and whether each is a folder itself."""
        found: list[tuple[UrlPlace, bool]] = []
        with _reached(self.url) as (files, path):
            for entry in sorted(files.ls(path, detail=True), key=lambda entry: str(entry["name"])):
                name = str(entry["name"]).rstrip("/")
                # Some stores list the folder itself, and a page links to others.
                if not name.startswith(f"{path.rstrip('/')}/") or name == path:
                    continue
                place = self / name.removeprefix(path).lstrip("/")
                is_folder = place.is_dir() if entry.get("islink") else entry["type"] == "directory"
                if opened(place.url)[1] != name:
                    refused(place, "Its name cannot be written as a URL: rename it.")
                elif is_folder and entry.get("islink"):
                    # It may lead round in circles.
                    refused(place, "A link to a folder is not followed: name that folder itself.")
                elif not (is_folder and _is_same_folder(files, name, leave_out)):
                    found.append((place, is_folder))
        return found


def opened(url: str) -> tuple[Files, str]:
    """Return the file system of a URL, and the path in it.

    Raises:
        PlaceError: nothing here can read it, or may; says what to install or to set.
    """
    _require_allowed(url)
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise MissingReaderError(url, "fsspec is not installed", _INSTALL) from error
    try:
        return cast("tuple[Files, str]", url_to_fs(url))
    except ImportError as error:
        # fsspec names the driver: "Install s3fs to access S3".
        raise MissingReaderError(url, str(error), "install that with pip") from error
    except Exception as error:
        # Each kind of store has its own way to refuse a URL.
        raise PlaceError(url, str(error), "check how it is spelt") from error


def _require_allowed(url: str) -> None:
    """Refuse kinds of addresses that nobody has allowed: many reach what only this computer does.

    Raises:
        PlaceError: one of the kinds that it is made of is not allowed.
    """
    given = os.environ.get(_VARIABLE, "").lower().replace(",", " ").split()
    for part in url.split("::"):
        kind = part.partition("://")[0].lower()
        if kind not in (given or SCHEMES):
            step = f"name {kind} in {_VARIABLE} if it should be read, beside the others"
            raise PlaceError(url, f"addresses of the kind {kind} are not read here", step)


@contextmanager
def _reached(url: str) -> Iterator[tuple[Files, str]]:
    """Open the file system of a URL; all that goes wrong with it is an OSError."""
    try:
        yield opened(url)
    except OSError:
        raise
    except Exception as error:
        # Each kind of store raises errors of its own.
        raise PlaceError(url, f"{type(error).__name__}: {error}") from error


def _changed(files: Files, path: str, info: Mapping[str, Any]) -> int:
    """Return a number that changes with the file: made of its etag, or its time in ns.

    An etag is asked first: it changes with the content, where a store's times are of seconds.
    """
    etag = next((str(info[name]) for name in _ETAGS if info.get(name)), "")
    # A weak one may stay the same where bytes change.
    if etag and not etag.startswith("W/"):
        # 63 bits, which every database holds.
        return int.from_bytes(hashlib.sha256(etag.encode()).digest()[:8]) >> 1
    try:
        return round(files.modified(path).timestamp() * 1_000_000_000)
    except (NotImplementedError, RuntimeError):
        # The store does not tell: the file is read again each time.
        return NO_STAMP.mtime_ns


def _is_same_folder(files: Files, path: str, folder: Path | None) -> bool:
    here = "file" in files.protocol
    return here and folder is not None and os.path.realpath(path) == os.path.realpath(folder)
