"""Photos dropped on a page: kept in a folder of their own while they are checked, and for a day."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from consent.domain.errors import SetupError
from consent.settings import Settings
from consent.storage.files import safe_names
from media_index.files.atomic import make_private_folder, private_file
from media_index.files.kinds import LITTER, may_be_looked_at

Upload = tuple[str, BinaryIO]

KEPT_FOR = timedelta(days=1)


def upload_folder(settings: Settings, job_id: str) -> Path:
    """Return the folder of a job's uploads."""
    return settings.uploads / job_id


def keep_uploads(settings: Settings, job_id: str, uploads: Sequence[Upload]) -> int:
    """Write uploads to the job's folder, under names that stay inside it and are unique.

    Returns how many were kept: what desktops leave in folders is not.

    Raises:
        SetupError: they could not be written; nothing is left behind.
    """
    folder = upload_folder(settings, job_id)
    photos = [upload for upload in uploads if not _is_litter(*upload)]
    if not photos:
        return 0
    try:
        make_private_folder(folder)
        names = safe_names([name for name, _ in photos])
        for name, (_, content) in zip(names, photos, strict=True):
            path = folder / name
            make_private_folder(path.parent)
            content.seek(0)
            with private_file(path) as file:
                shutil.copyfileobj(content, file)
    except OSError as error:
        forget_uploads(settings, job_id)
        raise SetupError(
            f"The photos could not be kept for the check ({error.strerror}): make room on the "
            "disk of the data home, and try again.",
        ) from error
    return len(photos)


def uploaded_files(settings: Settings, job_id: str) -> list[Path]:
    """Return a job's uploads, in the order of their names."""
    folder = upload_folder(settings, job_id)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def forget_uploads(settings: Settings, job_id: str) -> None:
    """Delete a job's uploads."""
    shutil.rmtree(upload_folder(settings, job_id), ignore_errors=True)


def forget_old_uploads(settings: Settings, now: datetime) -> None:
    """Delete uploads that have lain for a day, during which the result of a check is used."""
    before = (now - KEPT_FOR).timestamp()
    for path in settings.uploads.glob("*"):
        if path.is_dir() and path.stat().st_mtime < before:
            forget_uploads(settings, path.name)


def photos_among(uploads: Sequence[Upload]) -> list[Upload]:
    """Leave out what is left out of a folder: what its content shows to be no picture."""
    return [upload for upload in uploads if _may_be_looked_at(*upload)]


def _may_be_looked_at(name: str, content: BinaryIO) -> bool:
    def read(size: int) -> bytes:
        content.seek(0)
        return content.read(size)

    return may_be_looked_at(_last(name), read)


def _last(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]


def _is_litter(name: str, content: BinaryIO) -> bool:
    last = _last(name)
    named_so = last.casefold() in LITTER or last.startswith(".")
    return named_so and not _may_be_looked_at(name, content)
