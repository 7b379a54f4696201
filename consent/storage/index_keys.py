"""By which keys the encodings of faces in photos are encrypted: faces that belong to nobody named.

A block of 256 faces, in the order of their ids, has a random key, wrapped as a person's is. Where a
face is erased at request, the others of its block are sealed anew and the old key is destroyed, so
that copies of it that lie elsewhere cannot be read: some hundred photos have to be encoded again
after an older backup is restored, and not all of them. Face and model are bound in: an encoding
that is put elsewhere does not open.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from secrets import token_hex

from sqlalchemy import (
    Connection,
    Table,
    and_,
    bindparam,
    column,
    delete,
    insert,
    inspect,
    or_,
    select,
    table,
    text,
    tuple_,
    update,
)
from sqlmodel import SQLModel

from consent.storage.sealed import KeyRing
from media_index.files.seal import Seal
from media_index.storage.tables import FaceEncodingRow

FACES_IN_BLOCK = 256
_REST = FACES_IN_BLOCK - 1
_OWNER = "faces-"
_MARK = b"enc1:"
# Where older versions kept them, until all of them are sealed; see migration 0044.
_PLAIN = table("face_encoding_plain", column("face_id"), column("model_id"), column("vector"))
_AT_ONCE = 16 * FACES_IN_BLOCK
# SQLite reads expressions that are up to a thousand deep.
_OWNERS_AT_ONCE = 200
_ENCODINGS: Table = SQLModel.metadata.tables[str(FaceEncodingRow.__tablename__)]
_KEYS: Table = SQLModel.metadata.tables["sealed_key"]


class IndexSeals:
    """What one transaction seals and opens encodings of the index by; see `EncodingSeals`.

    Attributes:
        retired: whether keys were destroyed, which is to be noted outside the home.
    """

    def __init__(self, ring: KeyRing, connection: Callable[[], Connection]) -> None:
        """Take the keys of the home."""
        self._ring, self._connection = ring, connection
        # By block, those that this transaction has sealed something by.
        self._owners: dict[int, str] = {}
        self._gone: set[str] = set()
        self.retired = False

    def sealed(self, face: int, model: str, packed: bytes) -> bytes:
        """Encrypt an encoding by the key of the face's block, which is made where there is none."""
        block = face // FACES_IN_BLOCK
        owner = self._owners.get(block) or self._owners.setdefault(block, self._owner(block))
        seal = self._ring.made(owner, self._connection())
        return _mark(owner) + seal.sealed(packed, _about(owner, face, model))

    def opened(self, face: int, model: str, kept: bytes) -> bytes | None:
        """Decrypt an encoding; None if it was changed, or its key is destroyed."""
        if not is_sealed_encoding(kept):
            return None
        begin = len(_MARK) + 1
        end = begin + kept[begin - 1]
        owner = kept[begin:end].decode("ascii", "replace")
        seal = self._seal(owner)
        return None if seal is None else seal.opened(kept[end:], _about(owner, face, model))

    def forget(self, faces: Collection[int]) -> None:
        """Destroy the keys of the blocks that faces were in, and seal the others there anew."""
        for block in sorted({face // FACES_IN_BLOCK for face in faces}):
            connection = self._connection()
            before = self._named(block)
            self._owners[block] = _new_owner(block)
            first = block * FACES_IN_BLOCK
            columns = _ENCODINGS.c
            rows = connection.execute(
                select(columns.face_id, columns.model_id, columns.vector).where(
                    columns.face_id.between(first, first + _REST)
                )
            ).all()
            anew = [
                {"face": face, "model": model, "sealed": self.sealed(face, model, packed)}
                for face, model, kept in rows
                if (packed := self.opened(face, model, kept)) is not None
            ]
            if anew:
                connection.execute(
                    update(_ENCODINGS)
                    .where(
                        columns.face_id == bindparam("face"), columns.model_id == bindparam("model")
                    )
                    .values(vector=bindparam("sealed")),
                    anew,
                )
            for owner in before:
                self._ring.retire(owner, connection)
                self.retired = True

    def forget_all(self) -> None:
        """Destroy the keys of all blocks.

        They are not noted as gone: of a backup that is restored, it is noted what is kept of faces.
        """
        self._connection().execute(delete(_KEYS).where(_KEYS.c.owner.startswith(_OWNER)))
        self._ring.forget()
        self._owners.clear()

    def unreadable(self) -> set[int]:
        """Return the faces with an encoding by a key that is noted as destroyed.

        There are none but after an older backup was restored: others were sealed anew.
        """
        found: set[int] = set()
        gone = sorted(owner for owner in self._ring.buried() if owner.startswith(_OWNER))
        columns = _ENCODINGS.c
        for start in range(0, len(gone), _OWNERS_AT_ONCE):
            # By blocks, of which the table has an index: it is asked with every search.
            within = [
                and_(
                    columns.face_id.between(first := _block(owner) * FACES_IN_BLOCK, first + _REST),
                    columns.vector >= (head := _mark(owner)),
                    columns.vector < head[:-1] + bytes([head[-1] + 1]),
                )
                for owner in gone[start : start + _OWNERS_AT_ONCE]
            ]
            rows = self._connection().execute(select(columns.face_id).where(or_(*within)))
            found.update(rows.scalars())
        return found

    def _seal(self, owner: str) -> Seal | None:
        if (known := self._ring.known(owner)) is not None:
            return known
        if owner in self._gone:
            return None
        found = self._ring.of(owner, self._connection())
        if found is None:
            # Not asked for again with each of its encodings.
            self._gone.add(owner)
        return found

    def _owner(self, block: int) -> str:
        """Return whose key a block is sealed by; a new name where there is none in use."""
        connection = self._connection()
        in_use = (owner for owner in self._named(block) if self._ring.of(owner, connection))
        return next(in_use, _new_owner(block))

    def _named(self, block: int) -> list[str]:
        query = select(_KEYS.c.owner).where(_KEYS.c.owner.startswith(f"{_OWNER}{block}-"))
        return list(self._connection().execute(query).scalars())


def is_sealed_encoding(kept: bytes) -> bool:
    """Say whether an encoding is kept encrypted, by whatever key."""
    return kept.startswith(_MARK)


def any_plain(connection: Connection) -> bool:
    """Say whether encodings that an older version wrote are not encrypted yet."""
    return inspect(connection).has_table(_PLAIN.name)


def seal_some(connection: Connection, seals: IndexSeals) -> int:
    """Encrypt some of what an older version wrote, and return how many; 0 if all of it is done."""
    columns = _PLAIN.c
    address = columns.face_id, columns.model_id
    rows = connection.execute(select(_PLAIN).order_by(*address).limit(_AT_ONCE)).all()
    if rows:
        sealed = [
            {"face_id": face, "model_id": model, "vector": seals.sealed(face, model, packed)}
            for face, model, packed in rows
        ]
        connection.execute(insert(_ENCODINGS), sealed)
        # Gone as far as it is sealed: whoever is stopped goes on from here.
        up_to = tuple_(*rows[-1][:2])
        connection.execute(delete(_PLAIN).where(tuple_(*address) <= up_to))
    return len(rows)


def drop_plain(connection: Connection) -> None:
    """Remove where they were; its pages are written over."""
    connection.execute(text(f"DROP TABLE IF EXISTS {_PLAIN.name}"))


def _new_owner(block: int) -> str:
    return f"{_OWNER}{block}-{token_hex(4)}"


def _block(owner: str) -> int:
    return int(owner.split("-")[1])


def _mark(owner: str) -> bytes:
    name = owner.encode()
    return _MARK + bytes([len(name)]) + name


def _about(owner: str, face: int, model: str) -> str:
    return f"face_encoding.vector/{owner}/{face}/{model}"
