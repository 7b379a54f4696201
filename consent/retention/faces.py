"""Choose what is done with faces; what is no longer kept is erased at once.

First it is noted beside the master key, then the rows go in one transaction with the choice, then
the files, copies of the home and the database's journal. Killed at any step, choosing the same
again ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from consent.cases.erase import note_erasure
from consent.domain.actors import Actor
from consent.domain.errors import NoReasonError
from consent.domain.faces import Faces, FacesChange
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted
from consent.indexing.rebuild import RenewalReport, renew_index
from consent.retention.erase import end_face
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class FacesChosen:
    """What came of a choice.

    Attributes:
        erased: how much of what is erased, by words for people.
        renewed: what came of indexing again, where more is kept now.
    """

    before: Faces
    now: Faces
    erased: Mapping[str, int]
    renewed: RenewalReport | None = None

    def would_erase(self) -> list[str]:
        """Say for people what a choice would erase."""
        left = [f"Would be erased, {what}: {count:,}" for what, count in self.erased.items()]
        return ["Nothing was changed.", *left]

    def sentences(self) -> list[str]:
        """Say it for people."""
        said = [f"Faces: {self.now.words.lower()}."]
        said += [f"Erased, {what}: {count:,}" for what, count in self.erased.items() if count]
        if self.now.keeps_less_than(self.before):
            said.append(
                "Backups made before today still hold what was erased here: destroy them as your "
                "schedule allows."
            )
        if self.renewed is not None:
            said.append(f"Indexed again: {counted(self.renewed.renewed, 'photo')}.")
            if self.renewed.left:
                said.append(
                    f"{counted(self.renewed.left, 'photo is', 'photos are')} no longer where "
                    "they were, so their faces are not compared."
                )
        return said


@for_roles(Duty.READ_STATUS)
def faces_chosen(services: Services, actor: Actor) -> tuple[Faces, Sequence[FacesChange]]:
    """Return what is done with faces, and who chose what before, oldest first."""
    del actor
    with services.reading() as unit:
        return unit.faces.mode(), unit.faces.all()


@for_roles(Duty.FACES)
def choose_faces(
    services: Services,
    mode: Faces,
    reason: str,
    actor: Actor,
    *,
    dry_run: bool = False,
    read_again: bool = True,
    replaced_too: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> FacesChosen:
    """Choose what is done with faces, and erase what is no longer kept.

    Where more is kept from now on, all photos are read again, unless that is left for later
    (`likeness renew`). What a backup took the place of goes too, unless `replaced_too` is False.

    Raises:
        NoReasonError: nobody said why.
    """
    if not reason.strip():
        raise NoReasonError("that is done with faces")
    with services.writing() as unit:
        before = unit.faces.mode()
        own = uuid4().hex
        # Also if it was chosen before: that may have been killed before it had erased everything.
        ended, erased = (
            ([], {})
            if mode is Faces.INDEX
            else _erase(services, unit, mode, reason.strip(), actor, own)
        )
        if dry_run:
            return FacesChosen(before, mode, erased)
        if ended:
            # By the time an older backup is restored, more may be kept again.
            note_erasure(services, unit, own, ended, portraits=False)
        if mode is not Faces.INDEX:
            services.vectors.forget()
            unit.erases(copies_in=services.settings.home)
            if not replaced_too:
                unit.keep_replaced()
        now = services.now()
        if mode is not before:
            unit.faces.append(FacesChange(mode, reason.strip(), now, actor))
        if mode is not before or any(erased.values()):
            details = {"before": before.value, "after": mode.value, "reason": reason.strip()}
            unit.audit.append(Action.FACES_CHANGED, "faces", actor, now, details | erased)
        # What is erased is not to come back with a backup: noted too early rather than never.
        services.keys.note_faces(mode.value)
        unit.erases()
        unit.commit()
    if mode is not Faces.INDEX:
        # A search at the same time may have laid them out again from what was there before.
        services.vectors.forget()
    renewed = None
    if read_again and mode is Faces.INDEX and before is not mode:
        renewed = index_again(services, actor, progress)
    return FacesChosen(before, mode, erased, renewed)


@for_roles(Duty.FACES)
def index_again(
    services: Services,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
    since: datetime | None = None,
) -> RenewalReport:
    """Read all photos again, for what is kept of faces from now on; see `renew_index`."""
    return renew_index(services, actor, progress, since=since)


def _erase(
    services: Services, unit: UnitOfWork, mode: Faces, reason: str, actor: Actor, erasure: str
) -> tuple[list[str], dict[str, int]]:
    """Erase the rows of what is not kept, and note its files; rolled back with the transaction.

    Returns the ids of the cases whose faces were erased, and how much of what.
    """
    references = vectors = 0
    ended: list[str] = []
    if mode is Faces.OFF:
        templates = unit.register.templates()
        references = len(templates)
        vectors = sum(len(template.encodings) for template in templates)
        ended = [
            case.id
            for case in unit.register.revocations()
            if end_face(services, unit, case, reason, actor, erasure)
        ]
    unit.review.remove_all()
    return ended, {
        "encodings of faces in photos": unit.photos.forget_all_encodings(),
        "photos of the person": references,
        "encodings of photos of the person": vectors,
    }
