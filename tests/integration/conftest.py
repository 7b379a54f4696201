"""Photos to index, and a way to index them in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent.domain.actors import Actor
from consent.indexing.index import IndexReport, IndexRequest, index_photos
from consent.services import Services
from tests.integration.indexing_cases import picture


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Everything here holds on both databases."""
    return str(request.param)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of three photos and a broken one."""
    folder = tmp_path / "photos"
    for seed in (1, 2, 3):
        picture(folder / f"{seed}.png", seed)
    content = (folder / "3.png").read_bytes()
    (folder / "broken.png").write_bytes(content[: len(content) // 2])
    return folder


@pytest.fixture
def run(services: Services, actor: Actor):
    """Index in this process."""

    def index(*paths: Path, **options: object) -> IndexReport:
        return index_photos(services, IndexRequest(paths, jobs=1, **options), actor)

    return index
