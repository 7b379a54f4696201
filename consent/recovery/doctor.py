"""A look at a data home: what is wrong with it, what is mended, and what needs a backup."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from enum import Enum

from consent.domain.actors import Actor
from consent.domain.errors import ConsentError, NotFoundError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted
from consent.matching.not_compared import not_compared
from consent.matching.wholeness import clock_pause, register_doubts
from consent.recovery.again import remove_again
from consent.retention.proof import verify_log
from consent.services import Services
from consent.storage.copying import SQLITE, keeps_plain_encodings
from consent.storage.home_copies import REPLACED
from consent.storage.seen import Seen
from consent.storage.thumbnails import thumbnail, unnamed_thumbnails
from media_index.errors import MediaIndexError
from media_index.faces.weights import missing_from
from media_index.files.atomic import remove_drafts
from media_index.images.hevc import can_tell


class Cure(Enum):
    """What helps."""

    DONE = "mended"
    NONE = "to know"
    STEP = "a step of yours"
    BACKUP = "a backup"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, in a sentence with the next step."""

    sentence: str
    cure: Cure

    def to_dict(self) -> dict[str, str]:
        """Return it as data for JSON."""
        return {"sentence": self.sentence, "cure": self.cure.value}


@for_roles(Duty.BACK_UP)
def examine(services: Services, actor: Actor, *, mend: bool = False) -> list[Finding]:
    """Look at the home, and mend what can be made anew if that is asked for."""
    del actor
    found: list[Finding] = []
    try:
        found += [Finding(doubt, Cure.BACKUP) for doubt in register_doubts(services)]
        with services.reading() as unit:
            missed = not_compared(services, unit)
        found += [Finding(doubt, Cure.STEP) for doubt in missed.doubts]
        found += [Finding(note, Cure.NONE) for note in missed.notes]
    except (ConsentError, MediaIndexError) as error:
        found.append(Finding(str(error), Cure.BACKUP))
    if (pause := clock_pause(services)) is not None:
        found.append(Finding(pause, Cure.STEP))
    faults = verify_log(services).faults
    if faults:
        count = counted(len(faults), "thing")
        found.append(
            Finding(
                f"The log and the register do not match in {count}: see likeness log verify, and "
                "restore a backup with likeness restore.",
                Cure.BACKUP,
            )
        )
    found += _vault(services)
    found += _thumbnails(services)
    found += _unnamed(services, mend=mend)
    missing = missing_from(services.settings.weights)
    if missing:
        names = ", ".join(weights.name for weights in missing)
        found.append(
            Finding(f"Weights are missing ({names}): fetch them with likeness weights.", Cure.STEP)
        )
    found += [
        Finding(
            f"{aside.parent.name} may hold face measurements that are not encrypted, as older "
            "versions kept them: remove that folder of the data home when you no longer need it.",
            Cure.STEP,
        )
        for aside in sorted(services.settings.home.glob(f"{REPLACED}*/{SQLITE}"))
        if keeps_plain_encodings(aside)
    ]
    if not can_tell():
        found.append(
            Finding(
                "Damage inside HEIC photos is not seen on this computer, because libde265 was not "
                "found: install pillow-heif from PyPI, or save such photos as JPEG.",
                Cure.STEP,
            )
        )
    if not all(path.exists() for path in services.last_seen.places):
        with services.reading() as unit:
            used = unit.seal.anybody()
        if used:
            found.append(
                Finding(
                    "The state of the register could not be saved outside the database: check "
                    "that the program can write to the data home and to the folder in "
                    "LIKENESS_KEYS.",
                    Cure.STEP,
                )
            )
    if mend:
        found += _mended(services)
    return found


def _vault(services: Services) -> list[Finding]:
    with services.reading() as unit:
        cases = unit.register.revocations()
        named = {name: case.label for case in cases for name, _ in unit.retention.files_of(case.id)}
        labels = {case.id: case.label for case in cases}
        named |= {
            template.crop: labels.get(template.revocation_id, "")
            for template in unit.register.templates()
        }
    lost: dict[str, int] = {}
    for name, label in named.items():
        try:
            services.vault.get(name)
        except (NotFoundError, ConsentError):
            lost[label] = lost.get(label, 0) + 1
    return [
        Finding(
            f"Of {label}, {counted(count, 'file')} cannot be read: restore a backup with likeness "
            "restore, or use the paper original.",
            Cure.BACKUP,
        )
        for label, count in sorted(lost.items())
    ]


def _thumbnails(services: Services) -> list[Finding]:
    folder = services.settings.thumbnails
    with services.reading() as unit:
        photos = [sha256 for sha256, _, _ in unit.photos.hashes()]
        places = unit.photos.places_of(photos)
    missing = sum(thumbnail(folder, sha256) is None for sha256 in photos if places.get(sha256))
    if not missing:
        return []
    count = counted(missing, "photo has", "photos have")
    sentence = f"{count} no small picture: it is made again when the photo is next shown."
    return [Finding(sentence, Cure.DONE)]


def _unnamed(services: Services, *, mend: bool) -> list[Finding]:
    number = count_unnamed_thumbnails(services, remove=mend)
    if not number:
        return []
    if mend:
        count = counted(number, "small picture")
        was = "was" if number == 1 else "were"
        return [Finding(f"{count} that belonged to no photo {was} removed.", Cure.DONE)]
    count = counted(number, "small picture belongs", "small pictures belong")
    sentence = f"{count} to no photo: remove what is left with likeness doctor --mend."
    return [Finding(sentence, Cure.STEP)]


def count_unnamed_thumbnails(services: Services, *, remove: bool) -> int:
    """Count the thumbnails that no photo of the index has, and remove them if that is asked for.

    Older versions left such when they were killed at indexing, and a backup may hold some.
    """
    folder = services.settings.thumbnails
    with services.reading() as unit:
        left = unnamed_thumbnails(folder, unit.photos.known)
    if not left:
        return 0
    # They may be of photos that are being indexed: while nobody writes, they are not.
    with services.writing() as unit:
        left = unnamed_thumbnails(folder, unit.photos.known)
        if remove:
            for path in left:
                path.unlink(missing_ok=True)
    return len(left)


def _mended(services: Services) -> list[Finding]:
    settings = services.settings
    remove_drafts(settings.home)
    services.vectors.forget()
    shutil.rmtree(settings.spots, ignore_errors=True)
    sentence = (
        "The search files next to the database were removed. The next search makes them again."
    )
    return [Finding(sentence, Cure.DONE)]


@for_roles(Duty.BACK_UP)
def accept_register(
    services: Services, actor: Actor, *, with_losses: bool = True
) -> tuple[str, ...]:
    """Take the register as it is for the right one, of which that was in doubt.

    Numbers that were given before are not given again. What is missing in it is accepted too,
    unless told. It may be of a backup: what was erased since is erased again, and said in
    sentences.
    """
    again = tuple(remove_again(services, actor))
    with services.writing() as unit:
        if with_losses:
            unit.seal.accept()
        unit.audit.append(Action.HOME_ACCEPTED, "home", actor, services.now())
        unit.commit()
        version = unit.audit.register_version()
        seen = Seen(unit.seal.home(), version, unit.audit.digest_of(version) or "")
    services.last_seen.note(seen)
    return again


@for_roles(Duty.BACK_UP)
def accept_clock(services: Services, actor: Actor) -> None:
    """Take the clock of this computer for right, of which that was in doubt."""
    with services.writing() as unit:
        unit.audit.append(Action.CLOCK_ACCEPTED, "home", actor, services.now())
        unit.seal.saw_clock(services.now(), surely=True)
        unit.commit()
