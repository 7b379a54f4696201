"""Whatever a table holds comes back from its store as it went in, every field of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from consent.settings import Settings
from consent.storage.engine import open_database
from consent.storage.keys import KeyPlace
from consent.storage.publications import PublicationRow
from consent.storage.unit_of_work import UnitOfWork
from media_index.storage.columns import Columns
from tests.contract.stored_objects import DOORS, NOT_KEPT, every_columns, made, plain
from tests.postgres_server import PostgresServer

# Tables that hold what is no dataclass, or parts of one.
WITHOUT_A_DATACLASS = {
    "person": "an id; all else is in person_event",
    "evidence": "which file of the vault belongs to which case",
    "template_encoding": "vectors of a template",
    "scheduled_post_step": "the last one is a scheduled post's `step`",
    "job_part": "results of a job, as plain data",
    "print_layout": "which photos were handed in together",
    "placed_photo_step": "which photos are no longer placed",
    "kept_event": "which events a photo belongs to",
    "face_encoding": "vectors of a face",
    "home_key": "by which key the home is kept",
    "sealed_key": "keys of people, wrapped",
    "register_seal": "how many rows there should be",
    "home_mark": "the latest moment of the clock",
    "log_row": "digests of rows, read past the store",
    "face_token": "names of states of the encodings",
    "local_features": "arrays of a photo",
    "design_features": "arrays of a photo",
}
# Whoever is referred to need not be there: nothing of it is committed.
UNREFERRED = {
    "sqlite": "PRAGMA defer_foreign_keys = ON",
    "postgresql": "SET LOCAL session_replication_role = replica",
}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('stored') / 'likeness.db'}"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.url(server.make())
    opened = open_database(url, KeyPlace(Settings()))
    yield opened
    opened.dispose()


def test_every_table_is_of_a_dataclass_or_said_to_be_of_none():
    mapped = {columns.table.__tablename__ for columns in every_columns()}

    assert mapped | set(WITHOUT_A_DATACLASS) == set(SQLModel.metadata.tables)
    assert mapped.isdisjoint(WITHOUT_A_DATACLASS)


def test_every_dataclass_of_a_table_has_a_door_here():
    assert set(DOORS) == {columns.item for columns in every_columns()}


def test_a_field_without_a_column_is_refused():
    @dataclass
    class Grown:
        id: str
        shelf: str

    with pytest.raises(TypeError, match=r"PublicationRow has no column for .*Grown\.shelf"):
        Columns(Grown, PublicationRow)
    assert Columns(Grown, PublicationRow, apart=("shelf",)).names == ["id"]


@pytest.mark.parametrize("whole", [True, False], ids=["every field set", "some fields set"])
@pytest.mark.parametrize("kind", DOORS, ids=lambda kind: kind.__name__)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_an_object_comes_back_as_it_went_in(
    engine: Engine, kind: type, whole: bool, data: st.DataObject
):
    thing = data.draw(made(kind, whole=whole))

    with UnitOfWork(engine, announce=print) as unit:
        unit._session.execute(text(UNREFERRED[engine.dialect.name]))
        found = DOORS[kind](unit, thing)
        # Never committed: the next one finds nothing of it.

    assert plain(found) == plain(replace(thing, **NOT_KEPT.get(kind, {})))
