"""Encodings of faces in photos are kept encrypted, by a key for each block of them."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import text

from consent.domain.log import Action
from consent.retention.proof import verify_log
from consent.services import Services
from consent.storage import index_keys
from consent.storage.index_keys import FACES_IN_BLOCK
from media_index.matching.calibration import shipped_calibration
from media_index.types import CustomEncodings
from tests.contract.photo_cases import add, face, fingerprint
from tests.contract.test_vectors_of_the_index import everything
from tests.older_encodings import as_before

MODELS = tuple(shipped_calibration().scales)


def photo(number: int, faces: int = 2):
    random = np.random.default_rng(number)
    own = tuple(face(random, index, MODELS) for index in range(faces))
    return replace(fingerprint(number), faces=own)


def sql(services: Services, statement: str, **values: object) -> list[tuple]:
    with services.writing() as unit:
        result = unit.photos._session.execute(text(statement), values)
        rows = [tuple(row) for row in result] if result.returns_rows else []
        unit.commit()
    return rows


def kept(services: Services) -> dict[tuple[int, str], bytes]:
    rows = sql(services, "SELECT face_id, model_id, vector FROM face_encoding")
    return {(number, model): bytes(vector) for number, model, vector in rows}


def keys(services: Services) -> dict[str, bytes]:
    rows = sql(services, "SELECT owner, wrapped FROM sealed_key WHERE owner LIKE 'faces-%'")
    return {owner: bytes(wrapped) for owner, wrapped in rows}


def opened(services: Services) -> dict[tuple[int, str], bytes]:
    with services.reading() as unit:
        return {
            (number, model): rows[row].tobytes()
            for block in unit.photos.face_blocks(MODELS)
            for model, rows in block.encodings.items()
            for row, number in enumerate(block.ids)
        }


def erase(services: Services, sha256: str) -> None:
    """Erase the first face of a photo."""
    with services.writing() as unit:
        unit.photos.forget_encodings(sha256, [0])
        unit.commit()


def faces_left_out(services: Services) -> int:
    """How many faces a search says are damaged."""
    with services.reading() as unit:
        services.vectors.possible(unit.photos, everything())
        return services.vectors.unsound(unit.photos)


def test_none_is_plain_and_all_can_be_read(services: Services) -> None:
    photos = [photo(number) for number in range(3)]
    add(services, *photos)
    late = {MODELS[0]: np.ones(128, np.float32)}
    with services.writing() as unit:
        bare = replace(fingerprint(9, faces=0), faces=(face(np.random.default_rng(9), 0, ()),))
        unit.photos.add([bare], services.now())
        unit.photos.add_encodings([CustomEncodings(bare.sha256, bare.faces, (late,))])
        unit.commit()

    written = [v.tobytes() for p in photos for f in p.faces for v in f.encodings.values()]
    written.append(late[MODELS[0]].tobytes())
    rows = kept(services)
    assert len(rows) == len(written)
    assert not any(vector[:16] in row for vector in written for row in rows.values())
    assert sorted(opened(services).values()) == sorted(written[:-1])
    assert len(keys(services)) == 1


def test_a_block_has_a_key_of_its_own(services: Services) -> None:
    add(services, photo(1, faces=FACES_IN_BLOCK + 10))
    assert {owner.split("-")[1] for owner in keys(services)} == {"0", "1"}
    assert len(opened(services)) == 2 * (FACES_IN_BLOCK + 10)


def test_one_put_in_the_place_of_another_does_not_open(services: Services) -> None:
    add(services, photo(1), photo(2))
    rows, model = kept(services), MODELS[0]
    for number, other in ((1, 2), (2, 1)):
        moved = {"vector": rows[other, model], "face": number, "model": model}
        sql(
            services,
            "UPDATE face_encoding SET vector = :vector WHERE face_id = :face AND model_id = :model",
            **moved,
        )
    assert {number for number, _ in opened(services)} == {3, 4}
    assert faces_left_out(services) == 2


def test_an_erased_face_takes_the_key_of_its_block_along(
    services: Services, open_services: Callable[..., Services]
) -> None:
    add(services, photo(1), photo(2), photo(3, faces=FACES_IN_BLOCK))
    rows, before, there = kept(services), keys(services), opened(services)
    erase(services, photo(1).sha256)

    left = {address: vector for address, vector in there.items() if address[0] != 1}
    assert opened(services) == left
    now = keys(services)
    assert len(now) == 2
    assert len(before.keys() & now.keys()) == 1, "the other block's stays"
    with services.reading() as unit:
        assert unit.photos.count_unreadable() == 0
    (gone,) = before.keys() - now.keys()
    assert gone in services.keys.buried()
    assert all(rows[address] != row for address, row in kept(services).items() if address[0] < 256)

    # As after a backup of yesterday is restored.
    sql(services, "INSERT INTO sealed_key (owner, wrapped, made_at) VALUES (:o, :w, :a)",
        o=gone, w=before[gone], a=str(services.now()))  # fmt: skip
    for (number, model), vector in rows.items():
        sql(services, "DELETE FROM face_encoding WHERE face_id = :f AND model_id = :m",
            f=number, m=model)  # fmt: skip
        sql(services, "INSERT INTO face_encoding VALUES (:f, :m, :v)",
            f=number, m=model, v=vector)  # fmt: skip
    again = open_services(home=services.settings.home)
    assert {number for number, _ in opened(again)} == {*range(256, FACES_IN_BLOCK + 5)}
    assert faces_left_out(again) == 255
    with again.reading() as unit:
        assert unit.photos.count_unreadable() == 255
        unreadable = unit.photos.not_compared(MODELS, again.comparability, "upload:")
    assert unreadable == (0, sorted(photo(number).sha256 for number in (1, 2, 3)))
    # What is encoded from now on goes by a new key.
    with again.writing() as unit:
        unit.photos.replace([photo(3, faces=1)], again.now())
        unit.commit()
    add(again, photo(4))
    assert len([address for address in opened(again) if address[1] == MODELS[0]]) >= 3


def test_killed_before_it_is_noted_that_a_key_is_gone(
    services: Services, open_services: Callable[..., Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(services, photo(1))
    (before,) = keys(services)

    class KilledError(BaseException):
        """The power."""

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("consent.storage.keys.HomeKeys.bury", killed)
        with pytest.raises(KilledError):
            erase(services, photo(1).sha256)
    assert keys(services)[before] == b""
    assert len(opened(services)) == 2

    again = open_services(home=services.settings.home)
    assert before not in keys(again)
    assert before in again.keys.buried()
    assert len(opened(again)) == 2


def test_without_encodings_there_is_no_key(services: Services) -> None:
    add(services, photo(1, faces=FACES_IN_BLOCK + 1))
    with services.writing() as unit:
        unit.photos.forget_all_encodings()
        unit.commit()
    assert keys(services) == {}
    add(services, photo(2))
    assert len(opened(services)) == 4


STEPS = [
    None,
    "consent.storage.unit_of_work.seal_some",
    "consent.storage.unit_of_work.drop_plain",
    "consent.storage.unit_of_work.empty_journal",
    "media_index.vectors.folder.VectorFolder.forget",
]


# Who is killed closes no connection.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("step", STEPS)
def test_a_home_of_an_older_version_ends_up_encrypted(
    services: Services,
    open_services: Callable[..., Services],
    step: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed at any step of it, the next start goes on."""
    add(services, *(photo(number) for number in range(6)))
    plain = as_before(services)
    monkeypatch.setattr(index_keys, "_AT_ONCE", 7)
    calls = iter(range(9))

    class KilledError(BaseException):
        """The power."""

    def killed(*args: object) -> object:
        # Each batch is a transaction; the second one does not come to its end.
        if step == STEPS[1] and next(calls) < 1:
            return index_keys.seal_some(*args)  # type: ignore[arg-type]
        raise KilledError

    if step is not None:
        with monkeypatch.context() as patch:
            patch.setattr(step, killed)
            with pytest.raises(KilledError):
                open_services(home=services.settings.home)
        gc.collect()

    again = open_services(home=services.settings.home)

    rows = kept(again)
    assert opened(again) == plain
    assert rows.keys() == plain.keys()
    assert not any(vector[:16] in rows[address] for address, vector in plain.items())
    with again.reading() as unit:
        assert not unit.any_encoding_plain()
        assert [entry.action for entry in unit.audit.entries()][-1] == Action.INDEX_SEALED
    assert verify_log(again).faults == ()
    assert faces_left_out(again) == 0
    # Files of vectors are told apart from those of before, as ever.
    tokens = sql(again, "SELECT token FROM face_token")
    sql(again, "DELETE FROM face_encoding WHERE face_id = 1")
    assert not {*tokens} & {*sql(again, "SELECT token FROM face_token")}
