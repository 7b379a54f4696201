"""The files of known photos' spots beside the database hold what it holds, or are made anew."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from consent.services import Services
from media_index.types import Fingerprint, LocalFeatures
from media_index.vectors.spot_folder import SpotFolder
from media_index.vectors.spots import DamagedSpotsError
from tests.contract.photo_cases import NOW, add, fingerprint, sha


def photo(number: int, seed: int | None = None) -> Fingerprint:
    """A photo of 40 spots."""
    draw = np.random.default_rng(number if seed is None else seed)
    points = draw.uniform(0, 3000, (40, 2)).astype(np.float32)
    descriptors = draw.gamma(0.6, 30, (40, 128)).clip(0, 255).astype(np.uint8)
    return replace(fingerprint(number), features=LocalFeatures(points, descriptors))


def found(
    services: Services,
    asked: Fingerprint,
    among: Sequence[int] = range(6),
    folder: SpotFolder | None = None,
) -> list[str]:
    """The known photos, of some, that a photo is a copy of."""
    with services.reading() as unit:
        index = (folder or services.spots).index(unit.photos, [sha(number) for number in among])
    return [index.photos[row] for row, _ in index.search(asked.features)]


def folder_of(services: Services) -> Path:
    return services.settings.spots / "known"


def files(services: Services) -> set[str]:
    return {path.name for path in folder_of(services).iterdir()}


@pytest.fixture
def filled(services: Services) -> Services:
    add(services, *(photo(number) for number in range(6)))
    assert found(services, photo(2)) == [sha(2)]
    return services


def another_program(services: Services) -> SpotFolder:
    return SpotFolder(folder_of(services))


def test_where_no_photo_is_known_none_is_found(services: Services):
    assert found(services, photo(1), []) == []
    assert found(services, photo(1), [1]) == [], "it is not in the index"


def test_a_second_search_reads_the_same_files(filled: Services):
    before = files(filled)

    for folder in (filled.spots, another_program(filled)):
        assert found(filled, photo(3), folder=folder) == [sha(3)]
    assert files(filled) == before


def test_only_those_asked_for_are_found(filled: Services):
    assert found(filled, photo(3), [1, 2]) == []
    assert found(filled, photo(3), [3]) == [sha(3)]


def test_many_small_additions_leave_few_files(filled: Services):
    for number in range(6, 30):
        add(filled, photo(number))
        assert found(filled, photo(number), range(number + 1)) == [sha(number)]

    assert all(found(filled, photo(number), range(30)) == [sha(number)] for number in range(30))
    # Old ones are removed after some minutes; the head names those in use.
    head = (folder_of(filled) / "head.json").read_text()
    assert head.count(".spots") <= 5


def test_a_photo_read_anew_is_found_as_it_is_now(filled: Services):
    with filled.writing() as unit:
        unit.photos.replace([photo(2, seed=77)], NOW + timedelta(seconds=1))
        unit.commit()

    for folder in (filled.spots, another_program(filled)):
        assert found(filled, photo(9, seed=77), folder=folder) == [sha(2)]
        assert found(filled, photo(2), folder=folder) == []


def test_what_is_rolled_back_was_never_there(filled: Services):
    with filled.writing() as unit:
        unit.photos.replace([photo(2, seed=77)], NOW + timedelta(seconds=1))
        filled.spots.index(unit.photos, [sha(number) for number in range(6)])

    assert found(filled, photo(2)) == [sha(2)]


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8])


def _flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    # Of what is searched; a photo's own spots are read when they are compared.
    content[len(content) // 20] ^= 1
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("spoil", [_cut_short, _flip_a_bit, _empty, Path.unlink])
@pytest.mark.parametrize("which", ["*.spots", "head.json"])
def test_a_damaged_file_is_made_anew(filled: Services, spoil: Callable[[Path], None], which: str):
    (path,) = folder_of(filled).glob(which)
    spoil(path)

    assert found(filled, photo(2), folder=another_program(filled)) == [sha(2)]


def test_damage_to_the_spots_of_a_photo_is_noticed_when_they_are_compared(filled: Services):
    (path,) = folder_of(filled).glob("*.spots")
    content = path.read_bytes()
    path.write_bytes(content.replace(photo(2).features.descriptors.tobytes()[:64], bytes(64)))
    folder = another_program(filled)

    with pytest.raises(DamagedSpotsError):
        found(filled, photo(2), folder=folder)
    with filled.reading() as unit:
        index = folder.index(unit.photos, [sha(2)], anew=True)
    assert [index.photos[row] for row, _ in index.search(photo(2).features)] == [sha(2)]


def test_where_nothing_can_be_written_memory_does(services: Services, tmp_path: Path):
    add(services, photo(1), photo(2))
    (tmp_path / "file").write_text("not a folder")

    assert found(services, photo(2), folder=SpotFolder(tmp_path / "file" / "x")) == [sha(2)]


def test_what_is_forgotten_is_made_anew(filled: Services):
    filled.spots.forget()
    assert files(filled) == set()

    assert found(filled, photo(2)) == [sha(2)]


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes there")
def test_only_the_owner_can_read_them(filled: Services):
    assert folder_of(filled).stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder_of(filled).iterdir()} == {0o600}
