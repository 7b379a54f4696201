"""Index photos in a data home that is thrown away, to see how long it takes."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from consent.bootstrap import build_services
from consent.domain.actors import Actor, Role
from consent.indexing.index import IndexRequest, index_photos
from consent.settings import Settings


def index_seconds(photos: Sequence[Path], jobs: int) -> float:
    """Return how long it takes to index photos into an empty database, models loaded before.

    With 1 job they are worked on by this process.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # Windows removes no database that is open; it lies in the system's own folder then.
        home = Path(folder) / "home"
        home.mkdir()
        shutil.copytree(Settings().weights, home / "weights")
        services = build_services(Settings(home=home, database_url=""))
        executor = services.make_executor(jobs)
        # A pool starts a process for each of these, as long as none is free; what comes of a photo
        # that cannot be read is said when it is indexed.
        list(executor.map(services.fingerprint_file, [photos[0]] * 2 * jobs))
        warm = replace(services, make_executor=lambda _jobs: executor)
        start = time.perf_counter()
        index_photos(warm, IndexRequest(photos, jobs=jobs), Actor("bench", Role.ADMIN))
        return time.perf_counter() - start
