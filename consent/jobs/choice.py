"""Which photos of a check somebody has chosen, kept: a closed tab loses nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from consent.domain.actors import Actor
from consent.domain.jobs import Job, JobKind, JobState
from consent.domain.roles import Duty, for_roles
from consent.services import Services


@for_roles(Duty.CHECK)
def keep_choice(services: Services, check: str, photos: Collection[str], actor: Actor) -> None:
    """Keep which photos of a check somebody has chosen, by `CheckedPhoto.id`."""
    request = {"check": check, "actor": {"id": actor.id, "role": actor.role.value, "also": []}}
    chosen = {"photos": sorted(photos)}
    now, count = services.now(), len(photos)
    note = Job(
        _id(check, actor), JobKind.CHOICE, JobState.DONE, request, count, count, "", chosen, now
    )
    with services.writing() as unit:
        unit.jobs.put(note)
        unit.commit()


@for_roles(Duty.CHECK)
def kept_choice(services: Services, check: str, actor: Actor) -> frozenset[str]:
    """Return which photos of a check somebody had chosen."""
    with services.reading() as unit:
        note = unit.jobs.get(_id(check, actor))
    found: Any = {} if note is None else note.result or {}
    return frozenset(found.get("photos", ()))


def _id(check: str, actor: Actor) -> str:
    """Return the id of the note: each person has one of each check."""
    return hashlib.sha256(f"{check} {actor.id}".encode()).hexdigest()[:32]
