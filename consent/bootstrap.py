"""The only place that picks adapters: database, vault, models, executor, clock."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from consent.errors import SetupError
from consent.policy_reader import load_policy
from consent.services import Services
from consent.settings import ROOT, Settings
from consent.store import UnitOfWork
from consent.vault import FolderVault
from media_index.calibration import shipped_calibration
from media_index.clock import utc_now
from media_index.images import ImageLimits
from media_index.ingest import InProcessExecutor
from media_index.quality import Comparability
from media_index.vectors import VectorFolder

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from media_index.fingerprinting import FingerprintSettings
    from media_index.images import Picture
    from media_index.types import Fingerprint, Problem

# A writer waits this long for another before it gives up.
_BUSY_SECONDS = 30


def build_services(settings: Settings | None = None) -> Services:
    """Build the services from the settings, and bring the database up to date.

    Raises:
        SetupError: policy, data home or database cannot be used; says what to do.
    """
    settings = settings or Settings()
    policy = load_policy(settings.policy)
    _make_home(settings.home)
    engine = open_database(settings.url)
    fingerprinting = _fingerprint_settings(settings)
    return Services(
        settings=settings,
        policy=policy,
        reading=partial(UnitOfWork, engine, writing=False),
        writing=partial(UnitOfWork, engine, writing=True),
        vault=FolderVault(settings.vault),
        vectors=VectorFolder(settings.vectors),
        calibration=shipped_calibration(),
        comparability=Comparability(),
        now=utc_now,
        work=partial(_work, settings=fingerprinting),
        look=partial(_look, settings=fingerprinting),
        make_executor=_make_executor,
    )


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        message = (
            f"The data home {home} cannot be made ({error.strerror}): set LIKENESS_HOME to a "
            "folder you may write to."
        )
        raise SetupError(message) from error


def open_database(url: str) -> Engine:
    """Open the database and run the migrations it lacks.

    Raises:
        SetupError: the address is wrong or the database cannot be reached.
    """
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        migrate(engine)
    except ArgumentError as error:
        message = f"LIKENESS_DATABASE_URL is no database address ({error})."
        raise SetupError(message) from error
    except (OperationalError, ProgrammingError) as error:
        shown = make_url(url).render_as_string(hide_password=True)
        message = f"The database {shown} cannot be used ({error.orig}): check that it is there."
        raise SetupError(message) from error
    return engine


def migrate(engine: Engine) -> None:
    """Bring the schema up to date."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "consent" / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare_sqlite(engine: Engine) -> None:
    """Set what SQLite needs to serve several processes, and let us begin transactions."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
        # The driver would begin transactions by itself, and too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy hands it over untyped
        writing = connection.get_execution_options().get("writing", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _fingerprint_settings(settings: Settings) -> FingerprintSettings:
    # Imported here: the models' libraries take a second, and `likeness --help` half of one.
    from media_index.fingerprinting import FingerprintSettings  # noqa: PLC0415

    return FingerprintSettings(
        weights=settings.weights,
        limits=ImageLimits(
            max_bytes=settings.max_image_bytes,
            max_pixels=settings.max_image_pixels,
        ),
        time_zone=settings.time_zone,
    )


def _work(path: Path, settings: FingerprintSettings) -> Fingerprint | Problem:
    from media_index.fingerprinting import fingerprint_file  # noqa: PLC0415 - see above

    return fingerprint_file(path, settings)


def _look(content: bytes, settings: FingerprintSettings) -> tuple[Fingerprint, Picture]:
    from media_index.fingerprinting import loaded  # noqa: PLC0415 - see above

    return loaded(settings).fingerprint(content)


def _make_executor(workers: int) -> Executor:
    if workers <= 1:
        return InProcessExecutor()
    from media_index.fingerprinting import prepare_worker  # noqa: PLC0415 - see above

    # spawn: OpenCV's and dlib's threads do not survive a fork.
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=prepare_worker,
    )


@cache
def services_from_environment() -> Services:
    """Return the services of this process, built once from the environment."""
    return build_services()
