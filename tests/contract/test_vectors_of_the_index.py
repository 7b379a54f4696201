"""The files of vectors beside the database hold what it holds, or are made anew."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from sqlmodel import col, delete, update

from consent.matching.gallery import face_scores
from consent.services import Services
from media_index.matching.calibration import shipped_calibration
from media_index.matching.search import TemplateMatrix
from media_index.storage.tables import FaceEncodingRow, FaceTokenRow
from media_index.types import CustomEncodings
from media_index.vectors.folder import VectorFolder
from tests.contract.photo_cases import NOW, add, face, fingerprint

MODELS = tuple(shipped_calibration().scales)
RANDOM = np.random.default_rng(0)
REFERENCE = face(np.random.default_rng(1), 0, MODELS)


def photo(number: int, faces: int = 2):
    random = np.random.default_rng(number)
    own = tuple(face(random, index, MODELS) for index in range(faces))
    return replace(fingerprint(number), faces=own)


def everything(bar: float = -1000.0) -> TemplateMatrix:
    """A search that every face answers."""
    templates = {model: REFERENCE.encodings[model][None] for model in MODELS}
    return TemplateMatrix(shipped_calibration(), templates, ["a"], {"a": bar})


def found(services: Services, folder: VectorFolder | None = None) -> set[tuple[str, int]]:
    """Photo and place of every face that the files lead to, with the vectors checked."""
    with services.reading() as unit:
        ids = (folder or services.vectors).possible(unit.photos, everything())
        assert len(ids) == len(set(ids))
        return {
            (sha256, face.index)
            for block in unit.photos.faces_by_id(ids, MODELS)
            for sha256, face in zip(block.photos, block.faces, strict=True)
        }


def in_the_database(services: Services) -> set[tuple[str, int]]:
    with services.reading() as unit:
        return {
            (sha256, face.index)
            for block in unit.photos.face_blocks(MODELS)
            for sha256, face in zip(block.photos, block.faces, strict=True)
        }


def kept(services: Services) -> dict[int, bytes]:
    """The vectors in the files, by id of the face."""
    head = services.vectors.head()
    assert head is not None
    return {
        int(one): block.vectors[MODELS[0]][row].tobytes()
        for block in services.vectors.blocks(head)
        for row, one in enumerate(block.ids)
    }


def as_stored(services: Services) -> dict[int, bytes]:
    """The vectors in the database, decrypted."""
    with services.reading() as unit:
        return {
            face_id: row.tobytes()
            for block in unit.photos.face_blocks(MODELS)
            for face_id, row in zip(block.ids, block.encodings[MODELS[0]], strict=True)
        }


def files(services: Services) -> set[str]:
    return {path.name for path in services.settings.vectors.iterdir()}


@pytest.fixture
def filled(services: Services) -> Services:
    add(services, *(photo(number) for number in range(6)))
    assert found(services) == in_the_database(services)
    return services


def test_an_empty_index_has_no_faces(services: Services) -> None:
    assert found(services) == set()


def test_a_second_search_reads_the_same_files(filled: Services) -> None:
    before = files(filled)

    assert found(filled) == in_the_database(filled)
    assert files(filled) == before
    assert kept(filled) == as_stored(filled)


def test_new_photos_are_added_to_what_is_there(filled: Services) -> None:
    add(filled, photo(50, faces=1))

    with patch.object(
        VectorFolder, "extend", autospec=True, side_effect=VectorFolder.extend
    ) as ran:
        assert found(filled) == in_the_database(filled)

    assert ran.call_args.args[1].last == 12, "the rest was kept"
    assert kept(filled) == as_stored(filled)


@pytest.mark.parametrize("readable", [True, False])
def test_only_later_faces_are_looked_for_where_that_is_asked(
    filled: Services, *, readable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not readable:
        monkeypatch.setattr(VectorFolder, "blocks", _no_disk)
    with filled.reading() as unit:
        every = filled.vectors.possible(unit.photos, everything())
        assert unit.photos.last_face() == max(every)
        assert filled.vectors.possible(unit.photos, everything(), 7) == [
            one for one in every if one > 7
        ]
        assert filled.vectors.possible(unit.photos, everything(), max(every)) == []


def _no_disk(*_: object) -> None:
    raise OSError("no disk")


def test_many_small_additions_leave_few_files(filled: Services) -> None:
    for number in range(20, 40):
        add(filled, photo(number, faces=1))
        assert found(filled) == in_the_database(filled)

    head = filled.vectors.head()
    assert head is not None
    assert len(head.segments) <= 5
    assert kept(filled) == as_stored(filled)


def _encode_anew(services: Services) -> None:
    changed = replace(photo(2), faces=photo(77).faces)
    with services.writing() as unit:
        unit.photos.replace([changed], NOW)
        unit.commit()


def _remove(services: Services) -> None:
    with services.writing() as unit:
        unit.photos._session.exec(
            delete(FaceEncodingRow).where(col(FaceEncodingRow.face_id).in_([3, 4]))
        )
        unit.commit()


def _change(services: Services) -> None:
    with services.writing() as unit:
        unit.photos._session.exec(
            update(FaceEncodingRow)
            .where(col(FaceEncodingRow.face_id) == 5)
            .values(vector=RANDOM.normal(size=128).astype("<f4").tobytes())
        )
        unit.commit()


def _forget_the_token(services: Services) -> None:
    """As when a database of another day is put in its place."""
    with services.writing() as unit:
        unit.photos._session.exec(update(FaceTokenRow).values(token="another"))
        unit.commit()


@pytest.mark.parametrize("change", [_encode_anew, _remove, _change, _forget_the_token])
def test_what_is_changed_or_removed_in_the_database_is_noticed(
    filled: Services, change: Callable[[Services], None]
) -> None:
    change(filled)
    add(filled, photo(90))

    assert found(filled) == in_the_database(filled)
    assert kept(filled) == as_stored(filled)


def test_how_much_the_encoder_sees_of_a_face_is_counted_in_the_search(services: Services) -> None:
    added = photo(1)
    seen = (10.0, 13.0)
    faces = [
        replace(one, quality=replace(one.quality, norm=norm))
        for one, norm in zip(added.faces, seen, strict=True)
    ]
    add(services, replace(added, faces=tuple(faces)))
    bars = [face_scores(shipped_calibration(), [one], [REFERENCE])[0, 0] - 1e-3 for one in faces]

    for bar in (min(bars), max(bars)):
        with services.reading() as unit:
            ids = services.vectors.possible(unit.photos, everything(bar))
            answering = [
                one for block in unit.photos.faces_by_id(ids, MODELS) for one in block.faces
            ]
        reaching = [one.index for one, own in zip(faces, bars, strict=True) if own >= bar]
        assert [one.index for one in answering] == reaching


def test_what_is_rolled_back_was_never_there(filled: Services) -> None:
    with filled.writing() as unit:
        unit.photos.add([photo(60)], NOW)
        seen = filled.vectors.possible(unit.photos, everything())
    assert len(seen) == 14
    add(filled, photo(61))

    assert found(filled) == in_the_database(filled)
    assert kept(filled) == as_stored(filled)


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8])


def _flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("spoil", [_cut_short, _flip_a_bit, _empty, Path.unlink])
@pytest.mark.parametrize("which", ["*.vectors", "head.json"])
def test_a_damaged_file_is_made_anew(
    filled: Services, spoil: Callable[[Path], None], which: str
) -> None:
    (path,) = filled.settings.vectors.glob(which)
    spoil(path)

    assert found(filled) == in_the_database(filled)
    assert kept(filled) == as_stored(filled)


def test_where_nothing_can_be_written_the_database_is_searched(
    services: Services, tmp_path: Path
) -> None:
    add(services, *(photo(number) for number in range(3)))
    (tmp_path / "file").write_text("not a folder")

    assert found(
        services, VectorFolder(tmp_path / "file" / "x", services.keys.seal)
    ) == in_the_database(services)


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes there")
def test_only_the_owner_can_read_them(filled: Services) -> None:
    folder = filled.settings.vectors
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("faces", [1, 2, 3])
def test_faces_of_one_model_alone_are_searched_whatever_their_number(
    services: Services, faces: int
) -> None:
    add(services, photo(1, faces=faces))
    shipped = shipped_calibration()
    one = face(np.random.default_rng(1), 0, MODELS)
    alone = replace(shipped, scales={MODELS[1]: shipped.scales[MODELS[1]]})
    templates = {MODELS[1]: one.encodings[MODELS[1]][None]}
    sought = TemplateMatrix(alone, templates, ["a"], {"a": -1000.0})
    with services.reading() as unit:
        for _ in range(2):
            assert len(services.vectors.possible(unit.photos, sought)) == faces
    # From the files, not from the database where they could not be written.
    assert services.vectors.head() is not None


def test_faces_that_were_encoded_later_are_found_among_those_before(services: Services) -> None:
    bare = fingerprint(1, faces=0)
    random = np.random.default_rng(2)
    late = replace(bare, faces=(face(random, 0, MODELS[:1]), face(random, 1, MODELS)))
    add(services, late, photo(2))
    assert len(found(services)) == 3
    vector = random.normal(size=128).astype(np.float32)
    moved = replace(late.faces[1], index=0)
    for faces, added in (((moved,), 0), (late.faces[:1], 1), (late.faces[:1], 0)):
        with services.writing() as unit:
            more = CustomEncodings(late.sha256, faces, ({MODELS[1]: vector},))
            assert unit.photos.add_encodings([more]) == added
            unit.commit()

    assert found(services) == in_the_database(services)
    assert len(found(services)) == 4
    with services.reading() as unit:
        assert unit.photos.photos_lacking(MODELS[1]) == []
        assert unit.photos.encoded_faces(MODELS[1]) == (4, 4)
        assert unit.photos.photos_lacking("model-c") == sorted([late.sha256, photo(2).sha256])
        assert unit.photos.places_lacking([late.sha256], "model-c") == {late.sha256: {0, 1}}
