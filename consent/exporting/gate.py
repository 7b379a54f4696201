"""A folder that photos are dropped into: what is cleared goes on, all else is held with a report.

Every file ends in exactly one place, whenever the program is killed: it is written under a name
that nobody takes for a photo's, renamed when it is whole, and removed from where it came last of
all. What was interrupted in between is found and gone on with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from consent.checking.check import check_photos
from consent.checking.validity import still_holds
from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.copies import CopyKind, MadeCopy
from consent.domain.errors import BadInputError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.verdicts import Clearance, ReasonCode, Verdict
from consent.domain.wording import clock_time, long_day, sentences
from consent.services import Services
from consent.storage.photo_files import image_limits
from media_index.errors import ImageError
from media_index.files.kinds import LITTER
from media_index.files.places import stamp_of
from media_index.fingerprinting import file_sha256
from media_index.hashing.perceptual import sha256_hex
from media_index.images.clean import SUFFIXES, clean_copy

# What is being written, or was when the program was killed; listed by nobody.
_DRAFT = ".likeness-gate-"
_REPORT = ".txt"
# Looks at which a file must be the same, before it is taken for whole.
_LOOKS = 2
# And before one that looks as if its end was missing is: the rest may be on its way.
_PATIENT_LOOKS = 12
# Names that programs give what they have not written whole.
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
_MAYBE_INCOMPLETE = frozenset({ReasonCode.UNREADABLE, ReasonCode.UNSUPPORTED_FORMAT})
_CHUNK = 1024 * 1024
_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Gate:
    """Where files come from, and where they go.

    Attributes:
        incoming: where they are dropped.
        cleared: for those that nothing speaks against.
        held: for all others, each with a report beside it.
        keep: leave them where they were dropped, too.
        strip: let clean copies through instead of the files.
    """

    incoming: Path
    cleared: Path
    held: Path
    use: Use
    keep: bool = False
    strip: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that went through the gate.

    Attributes:
        name: below the folder that it was dropped into.
        path: where it is now.
        words: the verdict.
    """

    name: str
    path: Path
    verdict: Verdict
    words: str
    cleared: bool


@dataclass(slots=True)
class Watched:
    """What a gate remembers between two looks; nothing is lost with it but time.

    Attributes:
        incomplete: files that could not be read to their end, and have not changed since.
        failed: files that could not be put in place at the last look, and why.
        waits: how many files are not whole yet, or have to be looked at again.
    """

    stamps: dict[Path, tuple[_Stamp, int]] = field(default_factory=dict)
    done: dict[Path, _Stamp] = field(default_factory=dict)
    incomplete: dict[Path, _Stamp] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    waits: int = 0


def require_gate(gate: Gate) -> None:
    """Refuse folders that would feed one another, and make those that are missing.

    Raises:
        BadInputError: the first is not there, or one lies in another; clean copies are wanted, and
            the photos would be gone.
    """
    if gate.strip and not gate.keep:
        raise BadInputError(
            "Clean copies may be smaller, and the original photos would be gone: add --copy, "
            "which keeps them."
        )
    if not gate.incoming.is_dir():
        raise BadInputError(f"There is no folder {gate.incoming}: make it, or check the path.")
    folders = [path.resolve() for path in (gate.incoming, gate.cleared, gate.held)]
    for one in folders:
        if any(one is not other and one.is_relative_to(other) for other in folders):
            raise BadInputError(
                f"{one} is inside another one of the three folders, or is the same folder: name "
                "three separate folders."
            )
    for folder in (gate.cleared, gate.held):
        folder.mkdir(parents=True, exist_ok=True)
        for draft in folder.rglob(f"{_DRAFT}*"):
            draft.unlink(missing_ok=True)


@for_roles(Duty.MAKE_COPIES)
def look_once(
    services: Services, gate: Gate, watched: Watched, actor: Actor, *, jobs: int = 0
) -> list[Passed]:
    """Look at the folder, check the files that are whole, and put each where it belongs.

    A file is whole when its size and time are the same at two looks; one that cannot be read to its
    end is waited for longer. What changes meanwhile, or what the register says, is looked at again.
    """
    watched.failed.clear()
    ready, patient = _ready(gate, watched)
    if not ready:
        return []
    report = check_photos(services, ready, gate.use, actor, jobs=jobs)
    judged = {Path(found.path): found for found in report.clearances}
    with services.reading() as unit:
        if report.clearances and not still_holds(services, unit, report.clearances[0]):
            watched.waits += len(ready)
            return []
    passed: list[Passed] = []
    moved: dict[Path, Passed] = {}
    for path in ready:
        found = judged.get(path)
        if found is None or (_maybe_incomplete(found) and path not in patient):
            watched.incomplete[path] = watched.stamps[path][0]
            watched.waits += 1
            continue
        name = path.relative_to(gate.incoming.absolute()).as_posix()
        try:
            put = _put(services, gate, watched, path, found, actor)
        except OSError as error:
            watched.failed[name] = error.strerror or str(error)
            watched.waits += 1
            continue
        if put is None:
            watched.waits += 1
            continue
        passed.append(put)
        moved[path] = put
    _tell_index(services, gate, moved, judged)
    return passed


def _ready(gate: Gate, watched: Watched) -> tuple[list[Path], set[Path]]:
    """Return the files that are whole, and those of them that were waited for long."""
    there: dict[Path, tuple[_Stamp, int]] = {}
    for path in _files(gate.incoming.absolute()):
        stamp = _stamp(path)
        if stamp is None or watched.done.get(path) == stamp:
            continue
        before, looks = watched.stamps.get(path, (None, 0))
        there[path] = stamp, looks + 1 if stamp == before else 1
    watched.stamps = there
    patient = {path for path, (_, looks) in there.items() if looks >= _PATIENT_LOOKS}
    ready = [
        path
        for path, (stamp, looks) in there.items()
        if path in patient
        or (looks >= _LOOKS and stamp[0] > 0 and watched.incomplete.get(path) != stamp)
    ]
    watched.waits = len(there) - len(ready)
    return ready, patient


def _files(folder: Path) -> Iterator[Path]:
    for below, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            unfinished = name.startswith((".", "~")) or name.lower().endswith(_UNFINISHED)
            path = Path(below, name)
            if not unfinished and name.lower() not in LITTER and not path.is_symlink():
                yield path


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        # It has gone since it was listed.
        return None
    return status.st_size, status.st_mtime_ns


def _maybe_incomplete(found: Clearance) -> bool:
    return any(reason.code in _MAYBE_INCOMPLETE for reason in found.decision.reasons)


def _put(
    services: Services,
    gate: Gate,
    watched: Watched,
    path: Path,
    found: Clearance,
    actor: Actor,
) -> Passed | None:
    """Put a file where it belongs; None if it is another by now, and must be looked at again.

    Raises:
        OSError: a disk refuses.
    """
    name = path.relative_to(gate.incoming.absolute())
    decision = found.decision
    cleared = decision.verdict is Verdict.CLEAR and not decision.compared_with_nothing
    before = _stamp(path)
    digest = file_sha256(path)
    if before is None or (found.sha256 is not None and digest != found.sha256):
        return None
    failed = ""
    lying = _lying_copies(services, gate.cleared / name, digest) if gate.strip else {}
    target = _target((gate.cleared if cleared else gate.held) / name, digest)
    if cleared and gate.strip:
        try:
            target = _clean(services, gate, path, digest, lying, actor)
        except ImageError as error:
            cleared, failed = False, str(error)
            target = _target(gate.held / name, digest)
    if not cleared:
        _write_whole(_report_of(target), _report(services, found, name.as_posix(), failed))
    if not target.exists():
        _copy_whole(path, target, digest)
    # What a program that was killed, or another register, had put elsewhere.
    elsewhere = _target((gate.held if cleared else gate.cleared) / name, digest)
    for other in [elsewhere, *([] if cleared else lying)]:
        other.unlink(missing_ok=True)
    if cleared:
        _report_of(elsewhere).unlink(missing_ok=True)
    if not _let_go(gate, watched, path, before):
        return None
    verdict = Verdict.NOT_CHECKED if failed else decision.verdict
    words = verdict.words if failed else decision.words
    return Passed(name.as_posix(), target, verdict, words, cleared)


def _let_go(gate: Gate, watched: Watched, path: Path, before: _Stamp) -> bool:
    """Take a file that was put in place from where it was dropped, or note that it was.

    Returns False if it was written again meanwhile: the new one is looked at by itself.
    """
    if gate.keep:
        watched.done[path] = before
        return True
    if _stamp(path) != before:
        return False
    path.unlink()
    _remove_empty(path.parent, gate.incoming.absolute())
    return True


def _clean(
    services: Services,
    gate: Gate,
    path: Path,
    digest: str,
    lying: Mapping[Path, str],
    actor: Actor,
) -> Path:
    """Return where a clean copy of a file lies, known as a copy of it; make it if there is none.

    Raises:
        ImageError: it cannot be copied.
        OSError: a disk refuses, or the file is another by now.
    """
    channel = gate.use.channel
    there = next((copy for copy, made_for in lying.items() if made_for == channel.id), None)
    if there is not None:
        return there
    content = path.read_bytes()
    if sha256_hex(content) != digest:
        raise OSError(None, "it was changed while it was copied")
    copy = clean_copy(content, channel.copies, image_limits(services.settings))
    copied, now = sha256_hex(copy.content), services.now()
    with services.writing() as unit:
        unit.copies.add([MadeCopy(copied, digest, CopyKind.EXPORTED, now, actor, channel.id)])
        details = {"copies": 1, "left_out": 0, "check": "gate"}
        unit.audit.append(Action.COPIES_EXPORTED, channel.id, actor, now, details)
        unit.commit()
    name = path.relative_to(gate.incoming.absolute()).with_suffix(copy.suffix)
    target = _target(gate.cleared / name, copied)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{_DRAFT}{copied[:16]}")
        with draft.open("wb") as new:
            new.write(copy.content)
            new.flush()
            os.fsync(new.fileno())
        draft.replace(target)
    return target


def _lying_copies(services: Services, wanted: Path, digest: str) -> dict[Path, str]:
    """Return the clean copies of a photo where what is cleared goes, and for which channel."""
    with services.reading() as unit:
        known = unit.copies.of_photos([digest])
    places = {
        _target(wanted.with_suffix(suffix), copy.sha256): copy.channel
        for copy in known
        for suffix in SUFFIXES.values()
    }
    return {path: channel for path, channel in places.items() if path.exists()}


def _target(wanted: Path, digest: str) -> Path:
    """Return where a file goes: as it is called, or with a number where another is called so."""
    path, count = wanted, 1
    while path.exists() and file_sha256(path) != digest:
        count += 1
        path = wanted.with_name(f"{wanted.stem} ({count}){wanted.suffix}")
    return path


def _copy_whole(source: Path, target: Path, digest: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{_DRAFT}{digest[:16]}")
    copied = hashlib.sha256()
    with source.open("rb") as old, draft.open("wb") as new:
        while chunk := old.read(_CHUNK):
            copied.update(chunk)
            new.write(chunk)
        new.flush()
        os.fsync(new.fileno())
    if copied.hexdigest() != digest:
        draft.unlink()
        raise OSError(None, "it was changed while it was copied")
    shutil.copystat(source, draft)
    draft.replace(target)


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(
        f"{_DRAFT}{hashlib.sha256(path.name.encode()).hexdigest()[:16]}{_REPORT}"
    )
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _report_of(path: Path) -> Path:
    return path.with_name(path.name + _REPORT)


def _report(services: Services, found: Clearance, name: str, failed: str = "") -> str:
    decision = found.decision
    at = services.local(found.at)
    when = f"{long_day(at.date())}, {clock_time(at)}"
    words = Verdict.NOT_CHECKED.words if failed else decision.words
    lines = [
        name,
        f"{words} ({found.use.label})",
        "",
        *([f"A clean copy could not be made: {failed}"] if failed else []),
        *sentences(decision.reasons),
        *(f"Note: {said}" for said in sentences(decision.notes)),
        "",
        f"Checked {when}, register version {found.register_version}.",
        "When this is solved, put the photo in the folder again. It will be checked again.",
        "",
    ]
    return "\n".join(lines)


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove folders that came with their photos, once these have gone."""
    while folder != root and folder.is_relative_to(root):
        try:
            folder.rmdir()
        except OSError:
            # Something is left in it, or has come.
            return
        folder = folder.parent


def _tell_index(
    services: Services,
    gate: Gate,
    moved: Mapping[Path, Passed],
    judged: Mapping[Path, Clearance],
) -> None:
    """Let the index know where the photos lie now."""
    if not moved:
        return
    with services.writing() as unit:
        now = services.now()
        for path, put in moved.items():
            sha256 = judged[path].sha256
            stripped = gate.strip and put.cleared
            if sha256 is not None and not stripped and put.path.exists():
                place, stamp = put.path.absolute(), stamp_of(put.path)
                unit.photos.put_place(str(place), sha256, stamp, None, now)
        if not gate.keep:
            unit.photos.forget([str(path.absolute()) for path in moved])
        unit.commit()


def wait_for_gate(
    services: Services,
    gate: Gate,
    actor: Callable[[], Actor],
    *,
    watch: bool,
    pause: Callable[[], None],
    told: Callable[[Sequence[Passed], Watched], None],
    jobs: int = 0,
) -> set[Verdict]:
    """Look again and again: while the program runs, or until nothing is left to wait for.

    Returns the verdicts that were given. `actor` says who acts at each look; `pause` waits until
    the next one; `told` hears what came of it.

    Raises:
        BadInputError: the folders cannot be used.
    """
    require_gate(gate)
    watched, verdicts = Watched(), set[Verdict]()
    while True:
        passed = look_once(services, gate, watched, actor(), jobs=jobs)
        told(passed, watched)
        verdicts |= {one.verdict for one in passed}
        if not watch and not watched.waits:
            return verdicts
        pause()
