"""A backup brought back in place of what is in the data home, which is kept beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from consent.bootstrap import build_services
from consent.domain.actors import Actor, Role
from consent.domain.errors import ConflictError, ConsentError
from consent.domain.faces import Faces
from consent.domain.wording import counted
from consent.indexing.rebuild import renew_photos
from consent.recovery.backup import FOLDERS, unpack
from consent.recovery.doctor import Finding, accept_register, count_unnamed_thumbnails, examine
from consent.services import Services
from consent.settings import Settings
from consent.storage.copying import SQLITE, bring_back, is_sqlite
from consent.storage.file_steps import remove_whole
from consent.storage.home_copies import REPLACED, RESTORING
from consent.storage.keys import KeyPlace
from media_index.errors import MediaIndexError
from media_index.faces.weights import missing_from

# Whoever may restore may not renew the index on other days.
_BY_ITSELF = Actor("likeness", Role.ADMIN)
# Of the database and its journals.
_DATABASE = (SQLITE, f"{SQLITE}-wal", f"{SQLITE}-shm")
# Made anew from the database.
_DERIVED = ("vectors", "spots")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back.

    Attributes:
        before: folder of what was there before; None if nothing was.
        again: what was erased since the backup was made, and therefore now again, as sentences.
        findings: what an examination of it says.
    """

    register_version: int
    before: Path | None
    again: tuple[str, ...]
    findings: tuple[Finding, ...]


def restore_backup(
    settings: Settings, path: Path, actor: Actor, say: Callable[[str], None]
) -> Restored:
    """Bring a backup back. Stop the program before: nobody may work meanwhile.

    All of it is taken out and compared first; only then is anything moved.

    Raises:
        BadInputError: the file is no whole backup; nothing was changed.
        SetupError: the database cannot be brought back; says what to do.
    """
    home = settings.home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in home.glob(f"{RESTORING}*"):
        # Of a restore that was killed.
        remove_whole(left)
    with tempfile.TemporaryDirectory(dir=home, prefix=RESTORING) as made:
        database = unpack(path, Path(made), KeyPlace(settings), say)
        sqlite = is_sqlite(settings.url)
        if sqlite != (database.name == SQLITE):
            raise ConflictError(
                "The backup is from a different kind of database than LIKENESS_DATABASE_URL: "
                "set it as it was when the backup was made."
            )
        before = _put_aside(home)
        for name in (*FOLDERS, *(_DATABASE if sqlite else ())):
            if (Path(made) / name).exists():
                shutil.move(Path(made) / name, home / name)
        if not sqlite:
            bring_back(settings.url, database)
    services = build_services(settings)
    with closing(services):
        again = accept_register(services, actor, with_losses=False)
        # The database was copied before the files: some of them may be of photos it never had.
        count_unnamed_thumbnails(services, remove=True)
        # Last: whoever stops it has all the rest, and runs likeness renew.
        _read_faces_again(services, say)
        found = examine(services, actor)
        with services.reading() as unit:
            version = unit.audit.register_version()
    return Restored(version, before, again, tuple(found))


def _read_faces_again(services: Services, say: Callable[[str], None]) -> None:
    """Encode faces again that were sealed by a key which was destroyed since the backup was made.

    Where it fails, the examination says what is left.
    """
    with services.reading() as unit:
        photos = unit.photos.unreadable() if unit.faces.mode() is Faces.INDEX else set()
    if not photos or missing_from(services.settings.weights):
        return
    count = counted(len(photos), "photo")
    say(
        f"The data is in place. The faces of {count} must be read again from the files, because "
        "the key of their measurements was destroyed after this backup was made. If you stop this, "
        "run likeness renew."
    )
    with suppress(ConsentError, MediaIndexError, OSError):
        renew_photos(services, photos, _BY_ITSELF)


def _put_aside(home: Path) -> Path | None:
    there = [home / name for name in (*_DATABASE, *FOLDERS, *_DERIVED) if (home / name).exists()]
    if not there:
        return None
    aside = Path(tempfile.mkdtemp(dir=home, prefix=REPLACED))
    for path in there:
        shutil.move(path, aside / path.name)
    return aside
