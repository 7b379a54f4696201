"""The small pictures of indexed photos: kept as files, found by the photo's SHA-256."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from consent.storage.file_steps import in_step, keep, keep_all, remove
from media_index.files.atomic import by_content
from media_index.types import Fingerprint


def keep_thumbnails(folder: Path, photos: Iterable[Fingerprint]) -> None:
    """Write photos' thumbnails, in the transaction that writes their rows.

    So no row is without one, and none stays whose row does not: not even of a process that is
    killed, after which the file of the photo may be gone.

    Raises:
        RuntimeError: no transaction is at work.
        OSError: the disk refuses.
    """
    if not in_step():
        message = "a thumbnail is kept in the transaction that writes the photo's row"
        raise RuntimeError(message)
    keep_all({_place(folder, photo.sha256): photo.thumbnail for photo in photos}, folder)


def put_thumbnail(folder: Path, sha256: str, content: bytes) -> None:
    """Write the thumbnail, a JPEG, of a photo that is in the index.

    Raises:
        OSError: the disk refuses.
    """
    keep(_place(folder, sha256), content, folder)


def thumbnail(folder: Path, sha256: str) -> bytes | None:
    """Return a photo's thumbnail as JPEG, or None if it has none."""
    path = _place(folder, sha256)
    return path.read_bytes() if path.exists() else None


def forget_thumbnail(folder: Path, sha256: str) -> None:
    """Remove a photo's thumbnail, if it has one."""
    remove(_place(folder, sha256))


def unnamed_thumbnails(
    folder: Path, named: Callable[[Collection[str]], Collection[str]]
) -> list[Path]:
    """Return the thumbnails of photos that are not in the index.

    `named` returns those of some SHA-256 that are. All files are listed, which is too slow to do
    each time the program starts.
    """
    places = {path.stem: path for path in folder.glob("*/*.jpg")}
    known = set(named(places))
    return [path for sha256, path in places.items() if sha256 not in known]


def _place(folder: Path, sha256: str) -> Path:
    return by_content(folder, sha256, ".jpg")
