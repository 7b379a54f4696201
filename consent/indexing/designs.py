"""Photos indexed before designs were looked into get their finer spots when they are checked."""

from __future__ import annotations

from collections.abc import Mapping

from consent.services import Services
from media_index.files.places import Place
from media_index.files.pool import IN_FLIGHT, ingest
from media_index.types import Problem

_FEW_PHOTOS = 4


def look_into_designs(services: Services, files: Mapping[Place, str], jobs: int = 0) -> None:
    """Find the finer spots of photos of which the index holds none, by their files.

    `files` has the SHA-256 of the photo at each place. What cannot be read any more is compared as
    before: its spots are those that it was indexed with.
    """
    with services.reading() as unit:
        missing = unit.photos.without_design(list(files.values()))
    tasks = {sha256: place for place, sha256 in files.items() if sha256 in missing}
    photos = {place: sha256 for sha256, place in tasks.items()}
    workers = min(jobs or services.settings.workers, len(photos))
    workers = 1 if len(photos) <= _FEW_PHOTOS else workers
    outcomes = ingest(
        list(photos),
        services.design_of_file,
        lambda: services.make_executor(workers),
        max(IN_FLIGHT, 2 * workers),
    )
    found = {
        photos[item.path]: item.outcome
        for item in outcomes
        if not isinstance(item.outcome, Problem)
    }
    if found:
        with services.writing() as unit:
            unit.photos.put_designs(found)
            unit.commit()
