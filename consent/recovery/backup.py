"""A backup: one file with the database of one moment and the files that belong to it, proven.

The database is copied as it is at one moment, while people work, and the files after it: each is
written before the row that names it, so that none is missing. What was erased in between is gone
from the files, as it should be. All of it is encrypted; the master key is not in it: keep its copy
elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from consent.domain.actors import Actor
from consent.domain.errors import BadInputError, ConflictError, SetupError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted
from consent.matching.wholeness import register_doubts
from consent.services import Services
from consent.storage.copying import POSTGRES, SQLITE, copy_database, look_at
from consent.storage.file_steps import remove_whole
from consent.storage.home_copies import BACKING_UP
from consent.storage.keys import KeyPlace, MasterKey
from consent.storage.sealed_file import SealingWriter, is_sealed, open_sealed
from media_index.files.atomic import private_file

MANIFEST = "manifest.json"
# Beside the database. Vectors and spots are made anew from it; weights are the program's.
FOLDERS = ("vault", "thumbnails")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, and brought back on trial.

    Attributes:
        register_version: of the register in it.
        files: how many are in it, beside the database.
        key_id: names the master key that it is encrypted by.
        doubts: what is wrong with the register that was backed up.
    """

    path: Path
    register_version: int
    cases: int
    files: int
    key_id: str
    doubts: tuple[str, ...] = ()


class DamagedBackupError(BadInputError):
    """A file is no backup of this program, or not all of one."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is not a complete backup ({why}): use another one.")


@for_roles(Duty.BACK_UP)
def make_backup(services: Services, path: Path, actor: Actor) -> Backup:
    """Write a backup, and prove it by a trial restore of it into a folder that goes again.

    Raises:
        BadInputError: there is a file of that name already.
        SetupError: the database cannot be copied; says what to do.
        ConflictError: something was erased meanwhile, which the backup would have kept.
        OSError: the disk refuses.
    """
    if path.exists():
        raise BadInputError(f"{path} already exists: give the backup another name.")
    doubts = register_doubts(services)
    place = services.keys.place or KeyPlace(services.settings)
    master = place.read()
    if master is None:
        raise SetupError(f"There is no key in {place.words}: put the copy of the key there.")
    draft = path.with_name(f".{path.name}.part")
    try:
        for left in services.settings.home.glob(f"{BACKING_UP}*"):
            # Of a backup that was killed.
            remove_whole(left)
        # Nothing is plain beside the backup, which may be on a disk that is carried about.
        with tempfile.TemporaryDirectory(dir=services.settings.home, prefix=BACKING_UP) as made:
            try:
                database = copy_database(services.settings.url, Path(made))
                files = _write(services, master, database, draft)
                version, cases = proven(draft, Path(made) / "trial", place)
            except FileNotFoundError as error:
                if Path(made).exists():
                    raise
                raise ConflictError(
                    "Something was erased while the backup was made: make the backup again."
                ) from error
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    with services.writing() as unit:
        details = {"version": version, "files": files}
        unit.audit.append(Action.HOME_BACKED_UP, "home", actor, services.now(), details)
        unit.commit()
    return Backup(path, version, cases, files, master.id, doubts)


def _write(services: Services, master: MasterKey, database: Path, draft: Path) -> int:
    sums: dict[str, str] = {}
    home = services.settings.home
    with (
        private_file(draft) as out,
        SealingWriter(out, master) as sealed,
        zipfile.ZipFile(cast("BinaryIO", sealed), "w", zipfile.ZIP_STORED) as archive,
    ):
        _add(archive, database, database.name, sums)
        for folder in FOLDERS:
            root = home / folder
            for file in sorted(path for path in root.rglob("*") if path.is_file()):
                if file.name.startswith("."):
                    continue
                # What was erased since it was listed is not to be kept.
                with suppress(FileNotFoundError):
                    _add(archive, file, f"{folder}/{file.relative_to(root).as_posix()}", sums)
        archive.writestr(MANIFEST, json.dumps({"format": 1, "sha256": sums}))
    return len(sums) - 1


def _add(archive: zipfile.ZipFile, file: Path, name: str, sums: dict[str, str]) -> None:
    digest = hashlib.sha256()
    with file.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
    sums[name] = digest.hexdigest()


def unpack(
    path: Path, folder: Path, place: KeyPlace, say: Callable[[str], None] | None = None
) -> Path:
    """Take a backup out into a folder, and return the database in it.

    Raises:
        DamagedBackupError: something is missing, or not as it was written.
        OtherKeyError: the key that it is encrypted by is not there.
    """
    try:
        with path.open("rb") as file:
            # Those of older versions were not encrypted.
            content = open_sealed(file, path, place) if is_sealed(path) else file
            archive = zipfile.ZipFile(content)
            sums: Mapping[str, str] = json.loads(archive.read(MANIFEST))["sha256"]
            for name, expected in sums.items():
                _take_out(archive, path, name, expected, folder)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise DamagedBackupError(path, str(error) or type(error).__name__) from error
    if say is not None:
        say(
            f"The backup is complete: {counted(len(sums), 'file')}. They are being put in place. "
            "Wait until it says that the register is back."
        )
    return next(folder / name for name in (SQLITE, POSTGRES) if name in sums)


def _take_out(archive: zipfile.ZipFile, path: Path, name: str, expected: str, folder: Path) -> None:
    target = folder / name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise DamagedBackupError(path, f"it contains the name {name}")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with archive.open(name) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
    target.chmod(0o600)
    if digest.hexdigest() != expected:
        raise DamagedBackupError(path, f"{name} is damaged")


def proven(path: Path, folder: Path, place: KeyPlace) -> tuple[int, int]:
    """Bring a backup back into a folder, look at it, and return version and number of cases.

    Raises:
        DamagedBackupError: it would not be of use.
    """
    folder.mkdir(mode=0o700)
    database = unpack(path, folder, place)
    if database.name == POSTGRES:
        # Its sum was compared; what is in it, the server's program wrote in one transaction.
        return 0, 0
    try:
        return look_at(database)
    except ValueError as error:
        raise DamagedBackupError(path, str(error)) from error
