"""A home as older versions left it: encodings of faces in photos are not encrypted."""

from __future__ import annotations

from sqlalchemy import text, update
from sqlmodel import col, select

from consent.services import Services
from media_index.storage.contents import pack
from media_index.storage.tables import FaceEncodingRow

# What migrations after 0043 add, beside what is told here.
_LATER = (("face", "few_tones"), ("photo", "frames"), ("photo", "frames_seen"))


def as_before(services: Services) -> dict[tuple[int, str], bytes]:
    """Make the home in use so, close it, and return the encodings by face and model."""
    plain: dict[tuple[int, str], bytes] = {}
    with services.writing() as unit:
        session = unit.photos._session
        for face, model, kept in session.exec(
            select(FaceEncodingRow.face_id, FaceEncodingRow.model_id, FaceEncodingRow.vector)
        ).all():
            vector = unit.photos._vector(face, model, kept)
            assert vector is not None
            plain[face, model] = pack(vector)
            address = col(FaceEncodingRow.face_id) == face, col(FaceEncodingRow.model_id) == model
            session.exec(update(FaceEncodingRow).where(*address).values(vector=pack(vector)))
        session.execute(text("DELETE FROM sealed_key WHERE owner LIKE 'faces-%'"))
        for table, column in _LATER:
            session.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        session.execute(text("UPDATE alembic_version SET version_num = '0043'"))
        unit.commit()
    services.close()
    return plain
