"""Export copies of what stands cleared for a use at this second, and say what was left out."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from consent.checking.check import Watch, check_photos, judge_photos
from consent.checking.validity import still_holds
from consent.csv_rows import as_csv
from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.copies import CopyKind, MadeCopy
from consent.domain.errors import BadInputError, ConflictError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.verdicts import Clearance, Verdict
from consent.domain.wording import sentences
from consent.publishing.record import allowed_verdicts
from consent.services import Services
from consent.storage.files import safe_names
from consent.storage.photo_files import image_limits, photo_bytes
from consent.storage.unit_of_work import UnitOfWork
from media_index.errors import ImageError
from media_index.files.places import Place
from media_index.hashing.perceptual import sha256_hex
from media_index.images.clean import CleanCopy, clean_copy

LIST_NAME = "photos.csv"
_HEADING = ("file", "verdict", "use", "check", "day", "photo", "left behind", "reasons")
_GONE = "The file is gone or was changed: check it again, and export it from the new check."
_UNREAD = "The file could not be read when it was checked."
# The register may change while copies are made; then what changed is judged again.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class PhotoToExport:
    """A photo that somebody wants a copy of.

    Attributes:
        name: as the person knows it, with folders; the copy is called so.
        path: where it was checked.
        sha256: None if it could not be read.
    """

    name: str
    path: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ExportedCopy:
    """A copy that was handed out.

    Attributes:
        path: where the photo was checked.
        name: of the copy's file, with folders.
        words: the verdict.
        reasons: of a verdict that only warns.
        left_behind: what is in the photo's file and not in the copy, in words.
    """

    path: str
    name: str
    photo_sha256: str
    sha256: str
    words: str
    reasons: tuple[str, ...]
    left_behind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A photo that no copy was made of, and why."""

    name: str
    verdict: Verdict
    words: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """What came of an export.

    Attributes:
        check: what tells of which check the verdicts are.
        verdicts: of all photos that were asked for.
        nobody: nobody is in the register: nothing was compared.
    """

    use: Use
    on: date
    check: str
    copies: tuple[ExportedCopy, ...]
    left_out: tuple[LeftOut, ...]
    verdicts: frozenset[Verdict]
    nobody: bool = False

    def as_dict(self) -> dict[str, object]:
        """Return it as data for JSON."""
        return {
            "use": self.use.channel.id,
            "publication": self.use.issue,
            "check": self.check,
            "copies": [
                {
                    "file": copy.name,
                    "sha256": copy.sha256,
                    "path": copy.path,
                    "photo": copy.photo_sha256,
                    "label": copy.words,
                    "sentences": list(copy.reasons),
                    "left_behind": list(copy.left_behind),
                }
                for copy in self.copies
            ],
            "left_out": [
                {
                    "file": left.name,
                    "verdict": left.verdict.value,
                    "label": left.words,
                    "sentences": list(left.reasons),
                }
                for left in self.left_out
            ],
        }

    def as_csv(self) -> str:
        """Return the list that lies beside the copies."""
        copied = (
            (copy.name, copy.words, copy.photo_sha256, "; ".join(copy.left_behind), copy.reasons)
            for copy in self.copies
        )
        left = (
            (f"{photo.name} (left out)", photo.words, "", "", photo.reasons)
            for photo in self.left_out
        )
        return as_csv(
            _HEADING,
            (
                (name, words, self.use.label, self.check, self.on, photo, behind, " ".join(reasons))
                for name, words, photo, behind, reasons in (*copied, *left)
            ),
        )


@dataclass(frozen=True, slots=True)
class _Made:
    """A copy that is made and not yet handed out."""

    photo: PhotoToExport
    photo_sha256: str
    name: str
    file: Path
    sha256: str
    left_behind: tuple[str, ...]


@for_roles(Duty.MAKE_COPIES)
def export_copies(
    services: Services,
    photos: Sequence[PhotoToExport],
    use: Use,
    to: Path,
    actor: Actor,
    *,
    check: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Export:
    """Export copies into a new or empty folder, or into a new .zip file, with a list beside them.

    Each photo is judged again by what the register says when the copies are handed out, and its
    bytes must be those that were checked. Copies are upright, in the size and format that the
    policy names for the channel, with their color profile and no other data.

    Raises:
        BadInputError: no photo is named, or something lies there already.
        ConflictError: the register changed over and over meanwhile.
        OSError: the disk refuses.
    """
    wanted = list({photo.path: photo for photo in photos}.values())
    if not wanted:
        raise BadInputError("There is no photo to export: choose some.")
    _require_room(to)
    with _staged(to) as stage:
        made, failed = _make(services, wanted, use, stage, progress)
        for _ in range(_TRIES):
            export, version = _judged(services, wanted, use, check, made, failed, actor)
            going = [made[copy.path] for copy in export.copies]
            with services.writing() as unit:
                if version is not None and not still_holds(services, unit, version):
                    continue
                _record(services, unit, export, going, actor)
                unit.commit()
            _hand_out(export, going, to, stage)
            return export
    raise ConflictError("The register changed while the copies were made: export them again.")


@for_roles(Duty.MAKE_COPIES)
def export_checked(
    services: Services,
    paths: Sequence[Place],
    use: Use,
    to: Path,
    actor: Actor,
    *,
    event: str = "",
    jobs: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Export:
    """Check files and folders, and export copies of what is cleared.

    Raises as `check_photos` and `export_copies` do.
    """
    _require_room(to)
    watch = Watch(progress)
    report = check_photos(services, paths, use, actor, watch=watch, jobs=jobs, event=event)
    folders = [path for path in map(Path, map(str, paths)) if path.is_dir()]
    photos = [
        PhotoToExport(_below(Path(found.path), folders), found.path, found.sha256)
        for found in report.clearances
    ]
    if not photos:
        raise BadInputError("No photo was found there, so nothing was checked or exported.")
    return export_copies(services, photos, use, to, actor)


def _below(path: Path, folders: Sequence[Path]) -> str:
    """Return a path as somebody knows it who named these folders."""
    inside = [folder for folder in folders if path.is_relative_to(folder)]
    return path.relative_to(inside[0]).as_posix() if inside else path.name


def _require_room(to: Path) -> None:
    if to.suffix.lower() == ".zip":
        if to.exists():
            raise BadInputError(f"{to} already exists: name a new file.")
    elif to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise BadInputError(f"{to} is not empty: name a new or an empty folder.")


@contextmanager
def _staged(to: Path) -> Iterator[Path]:
    """Yield a folder, on the disk of the target, that nobody takes for the target."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=to.parent) as made:
        yield Path(made)


def _make(
    services: Services,
    photos: Sequence[PhotoToExport],
    use: Use,
    stage: Path,
    progress: Callable[[int, int], None] | None,
) -> tuple[dict[str, _Made], dict[str, str]]:
    """Make a copy of each photo; returns them by the photo's path, and why others could not be."""
    with services.reading() as unit:
        places = unit.photos.places_of([photo.sha256 for photo in photos if photo.sha256])
    form, limits = use.channel.copies, image_limits(services.settings)
    copies: list[tuple[PhotoToExport, str, CleanCopy]] = []
    failed: dict[str, str] = {}
    for count, photo in enumerate(photos, start=1):
        if photo.sha256 is not None:
            seen = (photo.path, *places.get(photo.sha256, ()))
            content = photo_bytes(seen, photo.sha256, services.settings.uploads)
            try:
                copy = None if content is None else clean_copy(content, form, limits)
            except ImageError as error:
                failed[photo.path] = str(error)
            else:
                if copy is None:
                    failed[photo.path] = _GONE
                else:
                    (stage / f"{len(copies)}").write_bytes(copy.content)
                    digest = sha256_hex(copy.content)
                    # What is written is not kept in memory, too.
                    copies.append((photo, digest, replace(copy, content=b"")))
        if progress is not None:
            progress(count, len(photos))
    names = safe_names(
        [str(PurePosixPath(photo.name).with_suffix(copy.suffix)) for photo, _, copy in copies]
    )
    made = {
        photo.path: _Made(
            photo, str(photo.sha256), name, stage / str(number), digest, copy.left_behind
        )
        for number, ((photo, digest, copy), name) in enumerate(zip(copies, names, strict=True))
    }
    return made, failed


def _judged(
    services: Services,
    photos: Sequence[PhotoToExport],
    use: Use,
    check: str,
    made: Mapping[str, _Made],
    failed: Mapping[str, str],
    actor: Actor,
) -> tuple[Export, Clearance | None]:
    """Judge the photos by today's register; returns with the export what tells of which that was.

    What was copied is handed out if it is cleared; all else is left out, with the reason.
    """
    named = {photo.path: photo.sha256 for photo in photos if photo.sha256 is not None}
    report = judge_photos(services, named, {}, use, actor)
    judged = {clearance.path: clearance for clearance in report.clearances}
    copies: list[ExportedCopy] = []
    left_out: list[LeftOut] = []
    for photo in photos:
        clearance = judged.get(photo.path)
        if clearance is None:
            verdict = Verdict.NOT_CHECKED
            left_out.append(LeftOut(photo.name, verdict, verdict.words, (_UNREAD,)))
            continue
        decision = clearance.decision
        said = sentences(decision.reasons)
        if decision.verdict not in allowed_verdicts(services):
            left_out.append(LeftOut(photo.name, decision.verdict, decision.words, tuple(said)))
        elif photo.path not in made:
            verdict, why = Verdict.NOT_CHECKED, failed[photo.path]
            left_out.append(LeftOut(photo.name, verdict, verdict.words, (why,)))
        else:
            copy = made[photo.path]
            copies.append(
                ExportedCopy(
                    photo.path,
                    copy.name,
                    copy.photo_sha256,
                    copy.sha256,
                    decision.words,
                    tuple(said),
                    copy.left_behind,
                )
            )
    verdicts = {clearance.decision.verdict for clearance in report.clearances}
    if any(photo.verdict is Verdict.NOT_CHECKED for photo in left_out):
        verdicts.add(Verdict.NOT_CHECKED)
    export = Export(
        use,
        services.today(),
        check or f"register version {report.register_version}",
        tuple(copies),
        tuple(left_out),
        frozenset(verdicts),
        nobody=report.nobody,
    )
    return export, next(iter(report.clearances), None)


def _record(
    services: Services, unit: UnitOfWork, export: Export, going: Sequence[_Made], actor: Actor
) -> None:
    now, channel = services.now(), export.use.channel.id
    unit.copies.add(
        [
            MadeCopy(copy.sha256, copy.photo_sha256, CopyKind.EXPORTED, now, actor, channel)
            for copy in going
        ]
    )
    details = {
        "copies": len(export.copies),
        "left_out": len(export.left_out),
        "check": export.check,
    }
    unit.audit.append(Action.COPIES_EXPORTED, channel, actor, now, details)


def _hand_out(export: Export, going: Sequence[_Made], to: Path, stage: Path) -> None:
    """Put the copies and the list where they were wanted; a killed program leaves no half a zip."""
    # With a byte-order mark: spreadsheets take a file without one for another encoding.
    listed = export.as_csv().encode("utf-8-sig")
    if to.suffix.lower() == ".zip":
        draft = stage / "export.zip"
        # Pictures are compressed already.
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as bundle:
            for copy in going:
                bundle.write(copy.file, copy.name)
            bundle.writestr(LIST_NAME, listed)
        draft.replace(to)
        return
    for copy in going:
        path = to / copy.name
        path.parent.mkdir(parents=True, exist_ok=True)
        copy.file.replace(path)
    to.mkdir(parents=True, exist_ok=True)
    (to / LIST_NAME).write_bytes(listed)
