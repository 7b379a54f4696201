"""The migrations make exactly the tables that the program speaks of."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect
from sqlmodel import SQLModel

import consent.storage.cases
import media_index.storage.tables
from consent.bootstrap import build_services
from consent.domain.errors import SetupError
from consent.services import Services
from consent.settings import ROOT, Settings
from consent.storage.engine import MIGRATIONS, migrate, newest_revision, open_database
from consent.storage.index_keys import drop_plain


@pytest.fixture
def empty(tmp_path: Path):
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, SQLModel.metadata))


def test_from_nothing_they_make_the_tables_of_the_code(empty: Engine):
    assert consent.storage.cases.RevocationRow.__tablename__ in SQLModel.metadata.tables
    assert media_index.storage.tables.PhotoRow.__tablename__ in SQLModel.metadata.tables
    assert differences(empty), "an empty database differs, or nothing is compared"

    migrate(empty)

    assert differences(empty) == []
    assert set(inspect(empty).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}


def test_they_make_the_indexes_and_the_unique_columns_of_the_code(empty: Engine):
    migrate(empty)

    seen = inspect(empty)
    for name, table in SQLModel.metadata.tables.items():
        indexed = {tuple(one["column_names"]) for one in seen.get_indexes(name)}
        assert {tuple(index.columns.keys()) for index in table.indexes} == indexed, name


def test_running_them_again_changes_nothing(empty: Engine):
    migrate(empty)
    migrate(empty)

    assert differences(empty) == []


def test_they_make_the_tables_of_the_code_of_those_of_before(empty: Engine):
    older = ROOT / "tests" / "data" / "older_home" / "likeness.sql"
    with closing(empty.raw_connection()) as connection:
        connection.cursor().executescript(older.read_text(encoding="utf-8"))
    tables = set(inspect(empty).get_table_names())

    migrate(empty)

    assert {"revocation", "photo", "alembic_version"} <= tables
    # What waits to be encrypted is gone once it is.
    with empty.begin() as connection:
        drop_plain(connection)
    assert differences(empty) == []


def test_they_are_one_line_without_branches():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)

    assert script.get_heads() == [newest_revision()]
    assert len(script.get_bases()) == 1


def test_an_address_that_is_none_is_a_sentence():
    with pytest.raises(SetupError, match="LIKENESS_DATABASE_URL is not a database address"):
        open_database("nonsense")


def test_a_database_that_is_not_there_is_a_sentence_without_the_password(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'missing' / 'likeness.db'}"

    with pytest.raises(SetupError, match="cannot be used"):
        open_database(url)


def test_a_data_home_that_cannot_be_made_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(SetupError, match="set LIKENESS_HOME to a folder you may write to"):
        build_services(Settings(home=tmp_path / "file" / "home"))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://lib:s3cr:t@db.test/likeness", "postgresql+psycopg://lib:***@"),
        ("postgresql://lib@db.test/likeness", "postgresql://lib@db.test/likeness"),
        ("sqlite:////srv/likeness.db", "sqlite:////srv/likeness.db"),
        ("sqlite:////srv/a@b/c:d.db", "sqlite:////srv/a@b/c:d.db"),
    ],
)
def test_the_address_is_shown_without_its_password(url: str, shown: str):
    found = Settings(database_url=url).shown_url

    assert found.startswith(shown)
    assert "s3cr" not in found


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_data_home_is_its_owners_only(
    tmp_path: Path, database: str, open_services: Callable[..., Services]
):
    open_services(home=tmp_path / "home")

    assert (tmp_path / "home" / "likeness.db").exists() == (database == "sqlite")
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) & 0o077 == 0
