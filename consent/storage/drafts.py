"""Forms that were not recorded yet: kept for a day, encrypted, one for each staff member."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from media_index.files.atomic import write_whole
from media_index.files.seal import Seal

KEPT_FOR = timedelta(days=1)
_FORM = "form"


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file that was handed in with a form, and for what."""

    purpose: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A form as it stood.

    Attributes:
        at: when it was kept.
        fields: what was typed, as plain data.
        files: what was handed in, in its order.
    """

    at: datetime
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[DraftFile, ...] = ()


class DraftFolder:
    """A folder of drafts."""

    def __init__(self, folder: Path, key: Seal, now: Callable[[], datetime]) -> None:
        """Keep drafts in a folder, made at the first use."""
        self._folder, self._key, self._now = folder, key, now

    def keep(self, owner: str, draft: KeptDraft) -> None:
        """Keep the draft of a staff member in place of the one before."""
        place = self._place(owner)
        listed = []
        for file in draft.files:
            name = self._key.name_for(file.content)
            if not (place / name).exists():
                write_whole(place / name, [self._key.sealed(file.content, name)])
            listed.append({"purpose": file.purpose, "name": file.name, "file": name})
        form = {"at": draft.at.isoformat(), "fields": dict(draft.fields), "files": listed}
        plain = json.dumps(form).encode()
        write_whole(place / _FORM, [self._key.sealed(plain, _FORM)])
        kept = {_FORM, *(file["file"] for file in listed)}
        for path in place.iterdir():
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def of(self, owner: str) -> KeptDraft | None:
        """Return the draft of a staff member, whole, or None if there is none of the last day."""
        self.forget_old()
        place = self._place(owner)
        plain = self._read(place, _FORM)
        if plain is None:
            return None
        form = json.loads(plain)
        files = []
        for file in form["files"]:
            content = self._read(place, file["file"])
            if content is None:
                return None
            files.append(DraftFile(file["purpose"], file["name"], content))
        return KeptDraft(datetime.fromisoformat(form["at"]), form["fields"], tuple(files))

    def forget(self, owner: str) -> None:
        """Remove the draft of a staff member, if there is one."""
        shutil.rmtree(self._place(owner), ignore_errors=True)

    def with_files(self, digests: Collection[str]) -> list[Path]:
        """Return the folders of the drafts that hold a file of one of these SHA-256."""
        if not digests or not self._folder.is_dir():
            return []
        return [
            place
            for place in self._folder.iterdir()
            if any(
                hashlib.sha256(self._read(place, file.name) or b"").hexdigest() in digests
                for file in place.iterdir()
                if file.name != _FORM
            )
        ]

    def forget_old(self) -> None:
        """Remove the drafts that are older than a day."""
        if not self._folder.is_dir():
            return
        oldest = (self._now() - KEPT_FOR).timestamp()
        for place in self._folder.iterdir():
            form = place / _FORM
            # Whoever was killed has left files without a form.
            kept = form if form.exists() else place
            with contextlib.suppress(FileNotFoundError):
                if kept.stat().st_mtime < oldest:
                    shutil.rmtree(place, ignore_errors=True)

    def _place(self, owner: str) -> Path:
        return self._folder / self._key.name_for(owner)[:32]

    def _read(self, place: Path, name: str) -> bytes | None:
        path = place / name
        return self._key.opened(path.read_bytes(), name) if path.exists() else None
