"""Index photos in a data home that is thrown away, to see how long it takes."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from consent.bootstrap import build_services
from consent.domain import Actor, Role
from consent.indexing import IndexRequest, index_photos
from consent.settings import Settings
from media_index.errors import MediaIndexError

if TYPE_CHECKING:
    from collections.abc import Sequence


def index_seconds(photos: Sequence[Path], jobs: int) -> float:
    """Return how long it takes to index photos into an empty database.

    The models of this process are loaded before; those of other processes are not, since they are
    not when staff index either.

    Args:
        photos: files.
        jobs: worker processes.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        # Windows removes no database that is open; it lies in the system's own folder then.
        home = Path(place) / "home"
        home.mkdir()
        shutil.copytree(Settings().weights, home / "weights")
        services = build_services(Settings(home=home, database_url=""))
        for photo in photos[:1] if jobs == 1 else ():
            try:
                services.look(photo.read_bytes())
            except MediaIndexError:
                # Not a photo, which indexing will say; the models are loaded all the same.
                continue
        start = time.perf_counter()
        index_photos(services, IndexRequest(photos, jobs=jobs), Actor("bench", Role.ADMIN))
        return time.perf_counter() - start
