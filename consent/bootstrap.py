"""The only place that picks adapters: database, vault, models, executor, clock."""

from __future__ import annotations

import errno
import gc
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from consent.domain.actors import Actor, Role
from consent.domain.errors import SetupError
from consent.domain.log import Action
from consent.indexing.faces_mode import FacesInUse
from consent.indexing.in_use import CalibrationInUse
from consent.matching.trials import try_references
from consent.policy_file import load_policy
from consent.services import Memory, Services
from consent.settings import Settings
from consent.storage.drafts import DraftFolder
from consent.storage.engine import KEYS, RING, open_database
from consent.storage.keys import HomeKeys, KeyPlace
from consent.storage.photo_files import image_limits, place_kept
from consent.storage.seen import LastSeen
from consent.storage.unit_of_work import Announce, UnitOfWork
from consent.storage.vault import SealedVault
from consent.takedowns.open_due import open_due_takedowns
from media_index.clock import utc_now
from media_index.files.apart import ApartExecutor, apart
from media_index.files.atomic import keep_private, make_private_folder, remove_drafts
from media_index.files.cluster import Cluster
from media_index.files.passing_faces import PassingFaces
from media_index.files.places import Place
from media_index.files.pool import prepare_worker, use_one_thread
from media_index.fingerprinting import (
    FingerprintSettings,
    design_of_file,
    encode_again,
    fingerprint_bytes,
    fingerprint_file,
)
from media_index.images.decode import Picture
from media_index.limits import COMPARABILITY
from media_index.types import Fingerprint, Problem
from media_index.vectors.folder import VectorFolder
from media_index.vectors.spot_folder import SpotFolder

_BY_ITSELF = Actor("likeness", Role.ADMIN)

# New objects after which Python looks for garbage, in a process that loads the register.
_NEW_OBJECTS = 20_000


def build_services(settings: Settings | None = None) -> Services:
    """Build the services from the settings, and bring the database up to date.

    Raises:
        SetupError: policy, data home or database cannot be used; says what to do.
    """
    settings = settings or Settings()
    policy = load_policy(settings.policy)
    _make_home(settings.home)
    engine = open_database(settings.url, _outside(settings))
    keys: HomeKeys = engine.get_execution_options()[KEYS]
    vault = SealedVault(settings.vault, keys, engine.get_execution_options()[RING], engine)
    last_seen = LastSeen(settings)
    fingerprinting = _fingerprint_settings(settings)
    outlining = replace(fingerprinting, encode=False, encoder=None)
    fingerprint = partial(fingerprint_file, settings=fingerprinting)
    place = partial(place_kept, uploads=settings.uploads)
    passing = PassingFaces(fingerprint, _make_executor, settings.workers, place)
    local_now = partial(_local_now, utc_now, ZoneInfo(settings.time_zone))
    reading = partial(UnitOfWork, engine, recall=passing, local_now=local_now)
    open_unit = partial(_writing, engine, last_seen, passing, local_now)
    vectors = VectorFolder(settings.vectors, keys.seal)
    _seal_register(reading, open_unit, vault)
    _seal_index(reading, open_unit, vectors)
    services = Services(
        settings=settings,
        policy=policy,
        reading=reading,
        open_unit=open_unit,
        last_seen=last_seen,
        reactions=(try_references, open_due_takedowns),
        vault=vault,
        drafts=DraftFolder(settings.drafts, keys.seal, utc_now),
        keys=keys,
        vectors=vectors,
        spots=SpotFolder(settings.spots / "known"),
        archive_spots=SpotFolder(settings.spots / "archive"),
        memory=Memory(),
        calibrations=CalibrationInUse(reading),
        faces_in_use=FacesInUse(reading),
        passing=passing,
        comparability=COMPARABILITY,
        now=utc_now,
        fingerprint_file=fingerprint,
        fingerprint_bytes=partial(_look, settings=fingerprinting),
        outline_file=partial(fingerprint_file, settings=outlining),
        outline_bytes=partial(_look, settings=outlining),
        design_of_file=partial(design_of_file, settings=fingerprinting),
        encode_faces=partial(encode_again, settings=fingerprinting),
        make_executor=_make_executor,
        close=engine.dispose,
    )
    for folder in (settings.vault, settings.thumbnails):
        remove_drafts(folder, below=False)
    services.remove_left()
    services.drafts.forget_old()
    services.work_off()
    return services


def _seal_register(
    reading: Callable[[], UnitOfWork],
    open_unit: Callable[[Announce], UnitOfWork],
    vault: SealedVault,
) -> None:
    """Encrypt the register of a home in use, and have its log tell of it as it is."""
    with reading() as unit:
        # Nearly every home is, and nobody who opens one waits for a writer.
        done = unit.is_sealed()
    if done:
        vault.remove_plain()
        return
    with open_unit(lambda _: None) as unit:
        first = unit.audit.keyed_from()
        untold = first > 1 and unit.audit.last_sequence() < first
        if sealed := unit.seal_existing(vault.sealed_from_plain):
            # What was plain is not to stay beside what is encrypted.
            unit.erases()
        if untold:
            details = {"entries": first - 1, "rows": unit.audit.tell_of_all()}
            unit.audit.append(Action.LOG_KEYED, "log", _BY_ITSELF, utc_now(), details)
        elif sealed:
            details = {"rows": sealed}
            unit.audit.append(Action.REGISTER_SEALED, "register", _BY_ITSELF, utc_now(), details)
        unit.commit()
    vault.remove_plain()


def _seal_index(
    reading: Callable[[], UnitOfWork],
    open_unit: Callable[[Announce], UnitOfWork],
    vectors: VectorFolder,
) -> None:
    """Encrypt the encodings of faces in photos that an older version wrote, some at a time.

    Stopped in between, the next start goes on; what was plain is not to stay in any file.
    """
    with reading() as unit:
        if not unit.any_encoding_plain():
            return
    more = True
    while more:
        with open_unit(lambda _: None) as unit:
            more = unit.seal_some_encodings() > 0
            unit.commit()
    vectors.forget()
    with open_unit(lambda _: None) as unit:
        if unit.any_encoding_plain():
            unit.drop_plain_encodings()
            unit.audit.append(Action.INDEX_SEALED, "index", _BY_ITSELF, utc_now())
        unit.erases()
        unit.commit()


def _outside(settings: Settings) -> KeyPlace:
    """Return where the key is, which must not lie with what it keeps."""
    if settings.keys.resolve().is_relative_to(settings.home.resolve()):
        raise SetupError(
            f"LIKENESS_KEYS is {settings.keys}, inside the data home: a person who takes the home "
            "would have its key. Name a folder outside."
        )
    place = KeyPlace(settings)
    place.keep_private()
    return place


def _writing(
    engine: Engine,
    last_seen: LastSeen,
    passing: PassingFaces,
    local_now: Callable[[], datetime],
    announce: Announce,
) -> UnitOfWork:
    return UnitOfWork(
        engine, announce=announce, last_seen=last_seen, recall=passing, local_now=local_now
    )


def _local_now(now: Callable[[], datetime], zone: ZoneInfo) -> datetime:
    return now().astimezone(zone)


def _make_home(home: Path) -> None:
    try:
        make_private_folder(home)
        keep_private(home)
        # The key of drafts, of older versions: nothing is kept by a key that lies with it.
        (home / "home.key").unlink(missing_ok=True)
    except OSError as error:
        step = "set LIKENESS_HOME to a folder you may write to"
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            step = "make room on the disk, or set LIKENESS_HOME to a folder on another"
        raise SetupError(
            f"The data home {home} cannot be made ({error.strerror}): {step}."
        ) from error


def _fingerprint_settings(settings: Settings) -> FingerprintSettings:
    return FingerprintSettings(
        weights=settings.weights,
        limits=replace(
            image_limits(settings),
            pdf_advice=(
                "upload it on the page Print, or with likeness print new, print place and audit, "
                "which take the pictures out of it"
            ),
        ),
        time_zone=settings.time_zone,
        encoder=settings.encoder,
    )


def _look(content: bytes, settings: FingerprintSettings) -> tuple[Fingerprint, Picture]:
    return apart(fingerprint_bytes, content, settings)


def _work_elsewhere(path: Place, settings: FingerprintSettings) -> Fingerprint | Problem:
    """Fingerprint a file on a worker of a cluster."""
    return fingerprint_file(path, _settings_here(settings))


@cache
def _settings_here(settings: FingerprintSettings) -> FingerprintSettings:
    """Prepare this worker, once, and say where its weights are: as there, or in its own home."""
    use_one_thread()
    return settings if settings.weights.is_dir() else replace(settings, weights=Settings().weights)


def _make_executor(workers: int) -> Executor:
    if workers <= 1:
        return ApartExecutor()
    # spawn: OpenCV's and dlib's threads do not survive a fork.
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=prepare_worker,
    )


def over_cluster(services: Services, address: str) -> tuple[Services, int]:
    """Return services that have photos fingerprinted by the workers of a Dask cluster.

    Returns with them how many photos the cluster works on at a time. The database is opened by this
    process alone.

    Raises:
        ClusterError: it cannot be used; says what to do.
    """
    cluster = Cluster(address)
    threads = cluster.threads()
    here = _fingerprint_settings(services.settings)
    # A relative path would be another one on a worker.
    settings = replace(here, weights=here.weights.resolve())
    there = replace(
        services,
        fingerprint_file=partial(_work_elsewhere, settings=settings),
        outline_file=partial(
            _work_elsewhere, settings=replace(settings, encode=False, encoder=None)
        ),
        make_executor=lambda _: cluster.executor(),
    )
    return there, threads


@cache
def services_from_environment() -> Services:
    """Return the services of this process, built once from the environment."""
    services = build_services()
    # What was imported stays, and a register is half a million objects that stay as well: to look
    # through them for garbage after every 700 new ones is a quarter of loading a register.
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
    return services
