"""No vector of a face stands anywhere in the home, where all faces are indexed and in use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.jobs.day import do_day
from consent.matching.sweep import sweep
from consent.recovery.backup import make_backup
from consent.services import Services
from tests.older_encodings import as_before
from tests.revocations import revoke
from tests.vector_search import files_with_vectors

pytestmark = pytest.mark.slow
DIRECTOR = Actor("D. Lane", Role.DIRECTOR, frozenset(Role))


@pytest.fixture
def database() -> str:
    """Numbers are looked for in files; PostgreSQL's are its server's."""
    return "sqlite"


def every_vector(services: Services) -> list[np.ndarray]:
    with services.reading() as unit:
        photos = unit.photos.fingerprints([sha256 for sha256, *_ in unit.photos.hashes()])
        faces = [face for photo in photos.values() for face in photo.faces]
        templates = unit.register.templates()
    found = [vector for face in (*faces, *templates) for vector in face.encodings.values()]
    assert len(found) > 50
    return found


def in_use(services: Services, samples: Path) -> str:
    """Work as on any day: a revocation, its sweep, a check, the day's job."""
    originals = samples / "originals"
    label = revoke(services, originals / "obama.jpg")
    assert sweep(services, label, DIRECTOR).hits
    photos = [originals / "obama2.jpg", originals / "biden.jpg"]
    check_photos(services, photos, services.policy.use("facebook"), DIRECTOR)
    do_day(services)
    return label


def test_none_is_plain_while_the_program_works(
    indexed_samples: Services, samples: Path, tmp_path: Path
) -> None:
    services = indexed_samples
    in_use(services, samples)
    home = services.settings.home
    make_backup(services, home / "of-today.backup", DIRECTOR)
    assert [*services.settings.vectors.glob("*.vectors")]

    assert files_with_vectors(home, every_vector(services)) == set()

    # The search finds what there is: half of a float64, scaled, in the middle of something else.
    planted = every_vector(services)[0].astype("<f8").tobytes()
    (home / "planted").write_bytes(b"abc" + planted + b"def")
    assert files_with_vectors(home, every_vector(services)) == {"planted"}


def test_none_is_left_of_what_an_older_version_kept_plain(
    indexed_samples: Services, samples: Path, open_services: Callable[..., Services]
) -> None:
    """Not in free pages, not in the journal, not in files of vectors."""
    in_use(indexed_samples, samples)
    wanted = every_vector(indexed_samples)
    home = indexed_samples.settings.home
    as_before(indexed_samples)
    (home / "vectors" / "old.vectors").write_bytes(wanted[0].tobytes())
    before = files_with_vectors(home, wanted)
    assert {"likeness.db", "vectors/old.vectors"} <= before

    services = open_services(home=home)

    assert files_with_vectors(home, wanted) == set()
    assert sweep(services, "R-0001", DIRECTOR).hits
    assert files_with_vectors(home, wanted) == set()
