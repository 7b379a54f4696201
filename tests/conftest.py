"""What the tests share: the sample photos, the weights, a data home of their own, an index."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from pathlib import Path

# Python looks for garbage at each 700 new objects; a tenth of the time went there, for hardly any.
gc.set_threshold(20_000)

# Before NumPy and pytest's folders are there, which read the environment once.
if os.environ.get("PYTEST_XDIST_WORKER") or "bench" not in " ".join(sys.argv):
    # One core: of small matrices, threads that wait for each other burn two. What is measured
    # has all of them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# In memory nobody waits for the disk at each commit. 2 GiB: a run needs less than half of it.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * 1024**3:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

import atexit
import base64
import contextlib
import hashlib
import pickle
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from importlib.metadata import version
from typing import TypeVar, cast

import cv2
import numpy as np
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

import consent.access.secrets
import consent.storage.engine
import media_index.files.apart
import media_index.fingerprinting
from consent.bootstrap import build_services, services_from_environment
from consent.domain.actors import Actor
from consent.indexing.index import IndexRequest, index_photos
from consent.services import Services
from consent.settings import ROOT, Settings
from consent.storage.engine import open_database
from media_index.faces.weights import WEIGHTS, WeightsError, verified
from media_index.files.bounded import Bounds, BoundsError, Ending
from media_index.fingerprinting import CopyMarks, Fingerprinter, FingerprintSettings, loaded
from media_index.images.decode import Picture
from media_index.images.screens import Screen
from media_index.types import Fingerprint
from tests.postgres_server import NoServerError, PostgresServer
from tests.revocations import revoke
from tests.staff import ANYBODY

OpenServices = Callable[..., Services]
Answer = TypeVar("Answer", np.ndarray, tuple[np.ndarray, np.ndarray], CopyMarks, Screen | None)
DATABASE = "likeness.db"
MASTER_KEY = bytes(range(32))
PATIENCE_SECONDS = 300
# Of so many versions of the code.
KEPT_ANSWERS = 4
AFTERWARDS = {"bench", "matching", "storage", "vectors"}
NEED_SOCKETS = ("slow", "browser", "postgres", "bench")


def pytest_configure(config: pytest.Config) -> None:
    """Let each of several processes have one core in OpenCV too, and the master key of all."""
    if hasattr(config, "workerinput"):
        cv2.setNumThreads(1)
    # The same key for all processes, which share data homes.
    keys = Path(tempfile.mkdtemp(prefix="likeness-keys-"))
    (keys / "master.key").write_bytes(base64.b64encode(MASTER_KEY))
    os.environ["LIKENESS_KEYS"] = str(keys)
    atexit.register(shutil.rmtree, keys, ignore_errors=True)


def pytest_collection_finish() -> None:
    """Spare the collector the thousands of tests: they are no garbage."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give sockets back to the tests that drive servers and browsers."""
    for item in items:
        if any(item.get_closest_marker(name) for name in NEED_SOCKETS):
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the developer has set for the program, tests set their own."""
    for name in list(os.environ):
        if name.startswith("LIKENESS_") and name != "LIKENESS_KEYS":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _nothing_erased_before() -> None:
    """Homes of several tests are copies of one, and what was erased of it is noted beside them."""
    for noted in (Path(os.environ["LIKENESS_KEYS"]) / "heads").glob("erased-*.json"):
        noted.unlink()


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key folder of the test's own, for what destroys keys of the index or chooses less.

    That is noted beside the master key, for every copy of the home.
    """
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    shutil.copy(Path(os.environ["LIKENESS_KEYS"]) / "master.key", keys)
    monkeypatch.setenv("LIKENESS_KEYS", str(keys))


@pytest.fixture(autouse=True)
def _main_stays_main() -> Iterator[None]:
    """Put __main__, which spawned workers run, back where Streamlit's test runner took it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session", autouse=True)
def _passwords_hashed_quickly() -> Iterator[None]:
    """What costs a guesser a tenth of a second each time costs the tests nothing."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consent.access.secrets, "_hasher", lambda: quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def _sql_compiled_once() -> Iterator[None]:
    """A server compiles each statement once; each test opens a database of its own, of one kind."""
    compiled: LRUCache[object, object] = LRUCache(4000)

    def create(*args: object, **options: object) -> Engine:
        engine = create_engine(*args, **options)
        if engine.dialect.name == "sqlite":
            engine._compiled_cache = compiled
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consent.storage.engine, "create_engine", create)
        # SQLAlchemy keeps by dialect what it compiled: all of these are alike.
        patch.setattr(SQLiteDialect_pysqlite, "__eq__", lambda one, other: type(one) is type(other))
        patch.setattr(SQLiteDialect_pysqlite, "__hash__", lambda one: hash(type(one)))
        yield


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample photos; never written to."""
    return ROOT / "data" / "samples"


@pytest.fixture(scope="session")
def weights() -> Path:
    """The folder of the verified weights, as set-up left it."""
    folder = Settings().weights
    try:
        for file in WEIGHTS:
            verified(folder, file)
    except WeightsError as error:
        pytest.fail(
            f"{error} README's test command fetches them; LIKENESS_HOME names another data home.",
            pytrace=False,
        )
    return folder.resolve()


class Answers:
    """What the models said of pixels, for every process of this run and for the runs to come.

    Kept in pytest's cache, by what makes it: the code of media_index up to the fingerprint (the
    digests of the weights stand in it), and the libraries. `--cache-clear` has the models asked
    anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[bytes, object] = {}

    def of(self, key: bytes, ask: Callable[[], Answer]) -> Answer:
        """Return the answer kept under a key; ask for it the first time. Nobody may write to it."""
        if key not in self._known:
            self._known[key] = self._from_disk(key, ask)
        return cast("Answer", self._known[key])

    def _from_disk(self, key: bytes, ask: Callable[[], Answer]) -> Answer:
        file = self._folder / key.hex()
        try:
            answer = pickle.loads(file.read_bytes())
        except FileNotFoundError:
            answer = ask()
            part = file.with_suffix(f".{os.getpid()}")
            part.write_bytes(pickle.dumps(answer, protocol=5))
            part.replace(file)
        for array in answer if isinstance(answer, tuple) else (answer,):
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
        return answer


def what_answers() -> str:
    """Return a digest of all that the models' answers about given pixels hang on."""
    digest = hashlib.sha256()
    for library in (
        "numpy",
        "opencv-python-headless",
        "onnxruntime",
        "dlib",
        "pillow",
        "imagehash",
    ):
        digest.update(f"{library} {version(library)} ".encode())
    digest.update(f"{sys.version} {platform.platform()}".encode())
    for path in sorted((ROOT / "media_index").rglob("*")):
        # What is done with the answers is asked anew each time.
        afterwards = path.relative_to(ROOT / "media_index").parts[0] in AFTERWARDS
        if path.is_file() and path.suffix != ".pyc" and not afterwards:
            digest.update(f"{path.relative_to(ROOT)}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


class Remembering(Fingerprinter):
    """Asks its models about the same pixels once, however many tests show it the same picture."""

    def __init__(self, settings: FingerprintSettings, answers: Answers) -> None:
        super().__init__(settings)
        looks = (
            "detect_with_hints",
            "detect_turned",
            "detect_turned_near",
            "detect_in_negative",
        )
        models = [(self._detector, look) for look in looks]
        if settings.encode:
            models += [(self._sface, "vectors_and_norms"), (self._dlib, "encode")]
        for model, name in models:
            about = f"{name} {settings.detection}"
            setattr(model, name, once_for_each(getattr(model, name), about, answers))


def once_for_each(
    ask: Callable[..., Answer], about: str, answers: Answers
) -> Callable[..., Answer]:
    """Remember what a model says of arrays, or of lists of arrays."""

    def remembered(*asked: float | np.ndarray | list[np.ndarray], **unasked: float) -> Answer:
        digest = hashlib.sha256(about.encode())
        for given in asked:
            for array in map(np.asarray, given if isinstance(given, list) else [given]):
                digest.update(f"{array.dtype}{array.shape}".encode())
                digest.update(np.ascontiguousarray(array))
        return answers.of(digest.digest(), lambda: ask(*asked, **unasked))

    return remembered


def marks_once_for_each(
    find: Callable[..., CopyMarks], answers: Answers
) -> Callable[..., CopyMarks]:
    """Remember by what copies of a picture are found."""

    def remembered(picture: Picture, *stage: object) -> CopyMarks:
        digest = hashlib.sha256(f"marks {picture.width} {picture.rgb.shape}".encode())
        digest.update(np.ascontiguousarray(picture.rgb))
        return answers.of(digest.digest(), lambda: find(picture, *stage))

    return remembered


class Here:
    """In place of the models' own process: tests share what the models said, and patch them."""

    def make_ready(self, _bounds: Bounds, _module: str) -> None:
        """There is nothing to start."""

    def bounded(
        self, bounds: Bounds, work: Callable[..., object], /, *args: object, **kwargs: object
    ) -> object:
        """Do the work in this process."""
        try:
            return work(*args, **kwargs)
        except SystemExit as error:
            raise BoundsError(Ending.DIED, bounds) from error


@pytest.fixture(scope="session", autouse=True)
def _models_here() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(media_index.files.apart, "_MODELS", Here())
        yield


MODELS = media_index.files.apart._MODELS


@pytest.fixture
def models_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models in a process of their own, as they are in use."""
    monkeypatch.setattr(media_index.files.apart, "_MODELS", MODELS)


@pytest.fixture(scope="session", autouse=True)
def _models_asked_once(request: pytest.FixtureRequest, shared: Path) -> Iterator[None]:
    cache = getattr(request.config, "cache", None)
    every = shared / "answers" if cache is None else cache.mkdir("answers")
    folder = every / what_answers()
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    for old in sorted(every.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT_ANSWERS]:
        shutil.rmtree(old, ignore_errors=True)
    answers = Answers(folder)
    with pytest.MonkeyPatch.context() as patch:
        make = lru_cache(maxsize=4)(partial(Remembering, answers=answers))
        patch.setattr(media_index.fingerprinting, "_loaded", make)
        find = marks_once_for_each(media_index.fingerprinting.copy_marks, answers)
        patch.setattr(media_index.fingerprinting, "copy_marks", find)
        dots = once_for_each(media_index.fingerprinting.screen_of, "screen", answers)
        patch.setattr(media_index.fingerprinting, "screen_of", dots)
        yield


@pytest.fixture(scope="session")
def fingerprinter(weights: Path, _models_asked_once: None) -> Fingerprinter:
    """The models, loaded once."""
    return loaded(FingerprintSettings(weights))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder of this run of the tests, the same for all its processes."""
    root = tmp_path_factory.getbasetemp()
    return root if worker_id == "master" else root.parent


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty database with our tables, made by the migrations, to be copied."""
    database = tmp_path_factory.mktemp("migrated") / DATABASE
    open_database(f"sqlite:///{database}").dispose()
    return database


@pytest.fixture
def home(tmp_path: Path, weights: Path, migrated: Path, database: str) -> Path:
    """A data home with the weights in it, and an empty database."""
    home = make_home(tmp_path / "home", weights)
    if database == "sqlite":
        shutil.copy(migrated, home)
    return home


@pytest.fixture
def database() -> str:
    """Which database the program uses: "sqlite"; some folders of tests run on "postgresql" too."""
    return "sqlite"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server of PostgreSQL; the tests that ask for it are skipped where there is none."""
    try:
        server = PostgresServer()
    except NoServerError as error:
        pytest.skip(str(error))
    yield server
    server.remove()


@pytest.fixture(scope="session")
def migrated_in_postgres(postgres_server: PostgresServer) -> str:
    """The name of an empty database with our tables, to be copied."""
    name = postgres_server.make()
    open_database(postgres_server.url(name)).dispose()
    return name


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database: str) -> Iterator[str]:
    """The address for the settings: "" for SQLite, or a database of PostgreSQL of the test's own.

    It holds what the data home of the test is said to hold.
    """
    if database == "sqlite":
        yield ""
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    if "revoked_home" in request.fixturenames:
        _, template = request.getfixturevalue("samples_revoked_in_postgres")
    elif "indexed_home" in request.fixturenames:
        _, template = request.getfixturevalue("samples_indexed_in_postgres")
    else:
        template = request.getfixturevalue("migrated_in_postgres")
    name = server.make(template)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def open_services(database_url: str) -> Iterator[OpenServices]:
    """Open services with the settings given, as often as wanted; closed after the test."""
    opened: list[Services] = []

    def build(**settings: object) -> Services:
        chosen = {"database_url": database_url, **settings}
        services = build_services(Settings.model_validate(chosen))
        opened.append(services)
        return services

    yield build
    for services in opened:
        services.close()


@pytest.fixture
def services(home: Path, open_services: OpenServices) -> Services:
    """The services over an empty data home."""
    return open_services(home=home)


@pytest.fixture
def environment(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data home, also for what reads the environment: the commands and the pages."""
    monkeypatch.setenv("LIKENESS_HOME", str(home))
    monkeypatch.setenv("LIKENESS_DATABASE_URL", database_url)
    services_from_environment.cache_clear()
    yield home
    if services_from_environment.cache_info().currsize:
        services_from_environment().close()
    services_from_environment.cache_clear()


@pytest.fixture(scope="session")
def actor() -> Actor:
    """A staff member of every role."""
    return ANYBODY


@pytest.fixture(scope="session")
def samples_indexed_once(shared: Path, weights: Path, samples: Path, actor: Actor) -> Path:
    """A data home with the samples in its index. Copy it (`indexed_home`), never change it."""

    def make(home: Path) -> None:
        _index(Settings(home=make_home(home, weights)), samples, actor)

    return made_once(shared / "indexed", make)


@pytest.fixture(scope="session")
def samples_indexed_in_postgres(
    tmp_path_factory: pytest.TempPathFactory,
    weights: Path,
    samples: Path,
    actor: Actor,
    postgres_server: PostgresServer,
    migrated_in_postgres: str,
) -> tuple[Path, str]:
    """The same, and the name of the database that belongs to it; never change either."""
    home = make_home(tmp_path_factory.mktemp("indexed") / "home", weights)
    name = postgres_server.make(migrated_in_postgres)
    _index(Settings(home=home, database_url=postgres_server.url(name)), samples, actor)
    return home, name


def _index(settings: Settings, samples: Path, actor: Actor) -> None:
    services = build_services(settings)
    index_photos(services, IndexRequest([samples], jobs=1), actor)
    services.close()


@pytest.fixture(scope="session")
def sample_fingerprints(samples_indexed_once: Path, samples: Path) -> dict[str, Fingerprint]:
    """What the index holds of the samples, by path below the samples."""
    services = build_services(Settings(home=samples_indexed_once))
    paths = [path for path in samples.rglob("*") if path.is_file()]
    with services.reading() as unit:
        stamps = unit.photos.stamps([str(path) for path in paths])
        found = unit.photos.fingerprints([sha256 for _, sha256 in stamps.values()])
    services.close()
    return {
        path.relative_to(samples).as_posix(): found[stamps[str(path)][1]]
        for path in paths
        if str(path) in stamps
    }


@pytest.fixture(scope="session")
def samples_revoked_once(
    shared: Path, weights: Path, samples: Path, samples_indexed_once: Path, actor: Actor
) -> Path:
    """A data home in which the person of obama.jpg revoked. Copy it, never change it."""

    def make(home: Path) -> None:
        copied(samples_indexed_once, make_home(home, weights))
        _revoke(Settings(home=home), samples, actor)

    return made_once(shared / "revoked", make)


@pytest.fixture(scope="session")
def samples_revoked_in_postgres(
    tmp_path_factory: pytest.TempPathFactory,
    weights: Path,
    samples: Path,
    actor: Actor,
    postgres_server: PostgresServer,
    samples_indexed_in_postgres: tuple[Path, str],
) -> tuple[Path, str]:
    """The same, and the name of the database that belongs to it; never change either."""
    indexed, database = samples_indexed_in_postgres
    home = make_home(tmp_path_factory.mktemp("revoked") / "home", weights)
    name = postgres_server.make(database)
    settings = Settings(home=copied(indexed, home), database_url=postgres_server.url(name))
    _revoke(settings, samples, actor)
    return home, name


def _revoke(settings: Settings, samples: Path, actor: Actor) -> None:
    services = build_services(settings)
    revoke(services, samples / "originals" / "obama.jpg", by=actor)
    services.close()


@pytest.fixture
def indexed_home(request: pytest.FixtureRequest, home: Path, database: str) -> Path:
    """A data home of its own with the samples in its index."""
    if database == "sqlite":
        return copied(request.getfixturevalue("samples_indexed_once"), home)
    return copied(request.getfixturevalue("samples_indexed_in_postgres")[0], home)


@pytest.fixture
def revoked_home(request: pytest.FixtureRequest, home: Path, database: str) -> Path:
    """A data home of its own with the samples in its index, and R-0001: Zebulon Quirk."""
    if database == "sqlite":
        return copied(request.getfixturevalue("samples_revoked_once"), home)
    return copied(request.getfixturevalue("samples_revoked_in_postgres")[0], home)


@pytest.fixture
def indexed_samples(indexed_home: Path, open_services: OpenServices) -> Services:
    """The services over an index of the samples that the test may change."""
    return open_services(home=indexed_home)


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Have the first process that asks make a folder of this run; the others wait for it."""
    try:
        folder.with_suffix(".begun").mkdir()
    except FileExistsError:
        return _awaited(folder)
    try:
        make(folder.with_suffix(".part"))
        folder.with_suffix(".part").rename(folder)
    except BaseException as error:
        folder.with_suffix(".failed").write_text(repr(error))
        raise
    return folder


def _awaited(folder: Path) -> Path:
    end = time.monotonic() + PATIENCE_SECONDS
    while not folder.exists():
        if folder.with_suffix(".failed").exists():
            pytest.fail(f"{folder.name}: {folder.with_suffix('.failed').read_text()}")
        if time.monotonic() > end:
            pytest.fail(f"{folder.name} was not made within {PATIENCE_SECONDS} s")
        time.sleep(0.05)
    return folder


def make_home(home: Path, weights: Path) -> Path:
    home.mkdir()
    try:
        (home / "weights").symlink_to(weights, target_is_directory=True)
    except OSError:
        # Windows wants a privilege for symbolic links.
        (home / "weights").mkdir()
        for file in WEIGHTS:
            target = home / "weights" / file.name
            with contextlib.suppress(OSError):
                os.link(weights / file.name, target)
            if not target.exists():
                shutil.copy(weights / file.name, target)
    return home


def copied(source: Path, home: Path) -> Path:
    ignored = shutil.ignore_patterns("weights")
    shutil.copytree(source, home, dirs_exist_ok=True, ignore=ignored)
    return home
