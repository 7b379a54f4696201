"""Copies of the photos of a check that a page has made."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from consent.domain.actors import Actor
from consent.domain.errors import BadInputError
from consent.domain.jobs import JobKind
from consent.domain.roles import Duty, for_roles
from consent.exporting.export import Export, PhotoToExport, export_copies
from consent.jobs.runner import load_job
from consent.services import Services


@for_roles(Duty.MAKE_COPIES)
def export_of_check(
    services: Services,
    check: str,
    to: Path,
    actor: Actor,
    *,
    use: str = "",
    names: Collection[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Export:
    """Export copies of the photos of a check; of some, by the names that it knows them by.

    Each is judged anew. Raises as `export_copies` does, and:

    Raises:
        NotFoundError: there is no such check.
        BadInputError: it is not done, or has no photo of that name.
    """
    job = load_job(services, check, JobKind.CHECK)
    if job.result is None:
        raise BadInputError("That check is not done: wait for it, then export.")
    found: Any = job.result
    photos = [
        PhotoToExport(photo["name"], photo["path"], photo["sha256"])
        for photo in found["photos"]
        if names is None or photo["name"] in names
    ]
    wanted = services.policy.use(use or found["named_use"])
    return export_copies(services, photos, wanted, to, actor, check=check, progress=progress)
