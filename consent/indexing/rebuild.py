"""Make the index anew, such as after a change of the encoders. What people decided stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from consent.domain.actors import Actor
from consent.domain.cases import Template
from consent.domain.decisions import same_face
from consent.domain.errors import NotFoundError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.photo_files import place_kept
from consent.storage.thumbnails import keep_thumbnails
from consent.storage.unit_of_work import UnitOfWork
from media_index.errors import MediaIndexError
from media_index.files.places import Place, is_file_now
from media_index.files.pool import IN_FLIGHT, ingest
from media_index.types import Fingerprint, Problem, Vector

_BATCH = 32


@dataclass(slots=True)
class RenewalReport:
    """What came of making the index anew.

    Attributes:
        left: photos that are at none of their places; the index holds them as before.
        problems: files that could not be read any more.
        templates: reference faces that were encoded anew.
        lost: labels of cases with a reference that could not be, and so matches nobody.
    """

    renewed: int = 0
    left: int = 0
    problems: list[Problem] = field(default_factory=list)
    templates: int = 0
    lost: list[str] = field(default_factory=list)


@for_roles(Duty.RENEW_INDEX)
def renew_index(
    services: Services,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
    *,
    jobs: int = 0,
    since: datetime | None = None,
) -> RenewalReport:
    """Fingerprint every indexed photo again, and encode every reference face again.

    Decisions are keyed to photo, place in it and case, so that they hold as before. Stopped in
    between, it goes on with the photos that were not made anew `since` it was begun.
    """
    report = RenewalReport()
    with services.reading() as unit:
        places = unit.photos.places_starting("")
        anew = set() if since is None else unit.photos.known_since(since)
    wanted: dict[str, Place] = {}
    for sha256, text in places:
        (place,) = _kept(services, [text])
        if sha256 not in wanted and is_file_now(place):
            wanted[sha256] = place
    report.left = len({sha256 for sha256, _ in places}) - len(wanted)
    _read_again(services, wanted, report, jobs, progress, anew)
    _renew_templates(services, report)
    with services.writing() as unit:
        details = {"photos": report.renewed, "templates": report.templates}
        unit.audit.append(Action.INDEX_RENEWED, "index", actor, services.now(), details)
        unit.commit()
    return report


@for_roles(Duty.RENEW_INDEX)
def renew_photos(services: Services, photos: Collection[str], actor: Actor) -> RenewalReport:
    """Fingerprint some indexed photos again, of those whose files are there."""
    report = RenewalReport()
    with services.reading() as unit:
        places = unit.photos.places_of(sorted(photos))
    wanted = {
        sha256: there[0]
        for sha256, texts in places.items()
        if (there := [place for place in _kept(services, texts) if is_file_now(place)])
    }
    report.left = len(photos) - len(wanted)
    _read_again(services, wanted, report)
    if report.renewed:
        with services.writing() as unit:
            details = {"photos": report.renewed, "templates": 0}
            unit.audit.append(Action.INDEX_RENEWED, "index", actor, services.now(), details)
            unit.commit()
    return report


def _kept(services: Services, texts: Iterable[str]) -> list[Place]:
    return [place_kept(text, services.settings.uploads) for text in texts]


def _read_again(
    services: Services,
    every: Mapping[str, Place],
    report: RenewalReport,
    jobs: int = 0,
    progress: Callable[[int, int], None] | None = None,
    anew: AbstractSet[str] = frozenset(),
) -> None:
    """Fingerprint photos at these places, without those that were read `anew` before."""
    wanted = {sha256: place for sha256, place in every.items() if sha256 not in anew}
    total, before = len(every), len(every) - len(wanted)
    workers = min(jobs or services.settings.workers, max(1, len(wanted)))
    batch: list[Fingerprint] = []
    outcomes = ingest(
        list(wanted.values()),
        services.look_at_file(),
        lambda: services.make_executor(workers),
        max(IN_FLIGHT, 2 * workers),
    )
    for done, item in enumerate(outcomes, start=before + 1):
        if isinstance(item.outcome, Problem):
            report.problems.append(item.outcome)
        elif item.outcome.sha256 in wanted:
            batch.append(item.outcome)
        if len(batch) >= _BATCH:
            _write(services, batch, report)
        if progress is not None:
            progress(done, total)
    _write(services, batch, report)


def _write(services: Services, batch: list[Fingerprint], report: RenewalReport) -> None:
    if not batch:
        return
    with services.writing() as unit:
        keep_thumbnails(services.settings.thumbnails, batch)
        unit.photos.replace(batch, services.now())
        unit.commit()
    report.renewed += len(batch)
    batch.clear()


def _renew_templates(services: Services, report: RenewalReport) -> None:
    models = set(services.calibration.scales)
    with services.writing() as unit:
        labels = {case.id: case.label for case in unit.register.revocations()}
        for template in unit.register.templates():
            if models <= set(template.encodings):
                continue
            encodings = face_encodings(services, unit, template, models)
            if encodings is None or not models <= set(encodings):
                report.lost.append(labels[template.revocation_id])
                continue
            unit.register.add_encodings(
                template.id, {model: encodings[model] for model in models - set(template.encodings)}
            )
            report.templates += 1
        unit.commit()


def face_encodings(
    services: Services, unit: UnitOfWork, template: Template, models: AbstractSet[str]
) -> Mapping[str, Vector] | None:
    """Return a reference face's encodings, from its photo in the index, or from its crop.

    It is taken from the index where all of `models` encoded it there.
    """
    photo = unit.photos.fingerprints([template.photo_sha256]).get(template.photo_sha256)
    for face in () if photo is None else photo.faces:
        if same_face(face.box, template.box) and models <= set(face.encodings):
            return face.encodings
    try:
        seen, _ = services.fingerprint_bytes(services.vault.get(template.crop))
    except (NotFoundError, MediaIndexError):
        # Said in the report: the case needs a new reference.
        return None
    # The crop is of one face with its surroundings: the largest is meant.
    largest = max(seen.faces, key=lambda face: face.quality.size_px, default=None)
    return None if largest is None else largest.encodings
