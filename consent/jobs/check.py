"""Checks that a page starts: kept as a job, done by a process of its own, read until done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from consent.checking.check import Watch, check_photos, judge_photos
from consent.checking.result import CheckedPhoto, CheckResult, worst_first
from consent.checking.validity import changed_between, concerned_since
from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.errors import BadInputError, ConsentError
from consent.domain.jobs import Job, JobKind, JobState
from consent.domain.roles import Duty, for_roles
from consent.domain.verdicts import Clearance, ClearanceReport, PhotoProblem, ReasonCode
from consent.domain.wording import clearance_to_dict
from consent.indexing.events import correct_event, event_named
from consent.indexing.roots import below_roots
from consent.jobs.runner import (
    Progress,
    asked_by,
    cancel_job,
    carry_out,
    is_interrupted,
    is_queued,
    load_job,
    read_job,
    save_job,
    start_job,
    start_job_of_uploads,
)
from consent.jobs.uploads import (
    Upload,
    forget_old_uploads,
    photos_among,
    upload_folder,
    uploaded_files,
)
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.files.places import place_of
from media_index.files.pool import find_photos

KIND = JobKind.CHECK
_LISTED = 200
_DIED = "The check stopped before it was done. Nothing was lost: check again."


@dataclass(frozen=True, slots=True)
class CheckState:
    """Where a check stands.

    Attributes:
        total: photos in all; 0 while not known.
        stale: the register has changed since.
        queued: it begins once fewer checks are being done.
        of_folder: whose files may be others by now.
    """

    job_id: str
    state: JobState
    done: int
    total: int
    message: str
    result: CheckResult | None
    stale: bool
    queued: bool = False
    of_folder: bool = False

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.state.ended


@for_roles(Duty.CHECK)
def check_uploads(
    services: Services, uploads: Sequence[Upload], use: Use, actor: Actor, event: str = ""
) -> str:
    """Start to check photos that were dropped on a page.

    Raises:
        BadInputError: there is no photo among them.
        SetupError: they could not be kept.
    """
    forget_old_uploads(services.settings, services.now())
    return start_job_of_uploads(
        services,
        KIND,
        # If none of them is a picture, each is said to be none.
        photos_among(uploads) or uploads,
        {"use": use.name, "uploaded": True, "event": event},
        actor,
        missing="Add photos first: drop some here, or choose a folder.",
    )


@for_roles(Duty.CHECK)
def check_folder(services: Services, folder: str, use: Use, actor: Actor, event: str = "") -> str:
    """Start to check a folder, or a file, of the computer that the program runs on.

    Raises:
        BadInputError: it is not there, or nothing that pages may read.
    """
    paths = [str(below_roots(services.settings, folder))]
    request = {"use": use.name, "uploaded": False, "paths": paths, "event": event}
    return start_job(services, uuid4().hex, KIND, request, actor)


@for_roles(Duty.CHECK)
def check_again(services: Services, job_id: str, actor: Actor) -> str:
    """Start a finished check anew, for the same photos and use.

    Uploads are judged by what the index holds of them; their files are gone after a day.

    Raises:
        NotFoundError: there is no such check.
        BadInputError: its uploads are gone, and it was never done; its folder is no longer there.
    """
    old = load_job(services, job_id, KIND)
    request = dict(old.request)
    if "paths" not in request:
        if old.result is None:
            raise BadInputError("The photos of that check are gone: choose them again.")
        request = {**request, "uploaded": False, "again": old.id}
    else:
        paths: Any = request["paths"]
        request["paths"] = [str(below_roots(services.settings, path)) for path in paths]
    return start_job(services, uuid4().hex, KIND, request, actor)


@for_roles(Duty.CHECK)
def read_check(services: Services, job_id: str, actor: Actor) -> CheckState:
    """Return where a check stands.

    Raises:
        NotFoundError: there is no such check.
    """
    job = read_job(services, job_id, KIND, _DIED)
    result = CheckResult.from_dict(job.result) if job.result else None
    with services.reading() as unit:
        stale = result is not None and _is_stale(services, unit, result)
    return CheckState(
        job.id,
        job.state,
        job.done,
        job.total,
        job.message,
        result,
        stale,
        is_queued(job.id),
        "paths" in job.request,
    )


@for_roles(Duty.CHECK)
def keep_up(services: Services, job_id: str, actor: Actor) -> None:
    """Judge again what the register says otherwise since a check was done, and keep it with it.

    What concerns one photo alone has only that one judged; no file is read.

    Raises:
        NotFoundError: there is no such check.
    """
    job = load_job(services, job_id, KIND)
    if job.result is None:
        return
    result: Any = job.result
    checked_on = datetime.fromisoformat(result["checked_at"]).date()
    # Results of older code do not say by which policy they are.
    all_anew = result.get("policy_version") != services.policy.version
    with services.reading() as unit:
        version = unit.audit.register_version()
        all_anew = all_anew or changed_between(unit, checked_on, services.today())
        concerned = None if all_anew else concerned_since(unit, result["register_version"])
    if concerned == frozenset():
        return
    again = [
        photo for photo in result["photos"] if concerned is None or photo["sha256"] in concerned
    ]
    use = services.policy.use(result["named_use"])
    report, photos = _judged_anew(services, again, use, actor)
    judged = {photo["path"]: photo for photo in photos}
    kept = [_with_before(photo, judged.get(photo["path"])) for photo in result["photos"]]
    whole = report_to_dict(services, report, kept) | {"checked_by": asked_by(job).id}
    # What was changed while it was judged is seen at the next look.
    save_job(services, replace(job, result=whole | {"register_version": version}))


@for_roles(Duty.CHECK)
def says_otherwise(services: Services, job_id: str, shown: CheckResult, actor: Actor) -> bool:
    """Keep a check up, and return whether it now says anything else than what is shown of it.

    Whoever judged it again: another window of the same check may have been first.

    Raises:
        NotFoundError: there is no such check.
    """
    keep_up(services, job_id, actor)
    kept = load_job(services, job_id, KIND).result
    return kept is not None and not CheckResult.from_dict(kept).says_the_same(shown)


def _with_before(photo: dict[str, Any], anew: dict[str, Any] | None) -> dict[str, Any]:
    """Return a photo as it was judged anew, with what was said of it when the check was done."""
    if anew is None:
        return photo
    first = photo.get("was") or photo["label"]
    # Of a check from before this was kept, those of the last time.
    reasons = photo.get("first_reasons", photo["sentences"])
    return anew | {"was": "" if first == anew["label"] else first, "first_reasons": reasons}


@for_roles(Duty.ADD_EVENTS)
def correct_event_of_check(
    services: Services,
    job_id: str,
    photos: Sequence[str],
    wrong_id: str,
    right_id: str,
    actor: Actor,
) -> int:
    """Correct of which event photos of a check are, as `correct_event` does, and of the check.

    Else the wrong one would be said of them anew when their folder is checked again.

    Raises:
        NotFoundError: there is no such check.
        NoSuchEventError: there is no such event.
        BadInputError: it is the same event.
    """
    job = load_job(services, job_id, KIND)
    count = correct_event(services, photos, wrong_id, right_id, actor)
    named = str(job.request.get("event", ""))
    if named and event_named(services, named).id == wrong_id:
        save_job(services, replace(job, request={**job.request, "event": right_id}))
    return count


@for_roles(Duty.CHECK)
def cancel_check(services: Services, job_id: str, actor: Actor) -> None:
    """Have a check stop at the next photo; what it has looked at stays in the index.

    Raises:
        NotFoundError: there is no such check.
    """
    cancel_job(services, load_job(services, job_id, KIND))


@dataclass(frozen=True, slots=True)
class StartedCheck:
    """A check that somebody started, as it is listed.

    Attributes:
        use: label of the channel, and the publication.
        at: when it was last heard of.
        total: photos in all; 0 while not known.
        interrupted: nobody works on it any more; to read it begins it again.
    """

    job_id: str
    use: str
    state: JobState
    done: int
    total: int
    message: str
    at: datetime
    queued: bool
    interrupted: bool


@for_roles(Duty.CHECK)
def started_checks(services: Services, actor: Actor, count: int = 8) -> list[StartedCheck]:
    """Return the checks that somebody started last, the newest first."""
    with services.reading() as unit:
        # Of all people: few start so many checks that nothing of others would be among them.
        jobs = unit.jobs.latest(KIND, _LISTED)
    own = [job for job in jobs if asked_by(job).is_same_person(actor)]
    return [
        StartedCheck(
            job.id,
            _use_label(services, str(job.request["use"])),
            job.state,
            job.done,
            job.total,
            job.message,
            job.updated_at,
            is_queued(job.id),
            is_interrupted(services, job),
        )
        for job in own[:count]
    ]


@for_roles(Duty.CHECK)
def newest_check(services: Services, actor: Actor) -> str | None:
    """Return the check that was done last, whoever started it; None if none was."""
    with services.reading() as unit:
        last = unit.jobs.last_done(KIND)
    return None if last is None else last.id


def _use_label(services: Services, named: str) -> str:
    try:
        return services.policy.use(named).label
    except ConsentError:
        # A channel that the policy had then.
        return named


@dataclass(frozen=True, slots=True)
class EarlyVerdicts:
    """The verdicts that a running check has come to, the doubtful first.

    A later photo can still change them: they are no clearances.

    Attributes:
        last: which part of the results was read last.
    """

    photos: tuple[CheckedPhoto, ...] = ()
    last: int = 0


@for_roles(Duty.CHECK)
def read_early(
    services: Services, job_id: str, before: EarlyVerdicts, actor: Actor
) -> EarlyVerdicts:
    """Return what a running check has found, with what has come since it was read before."""
    with services.reading() as unit:
        last, results = unit.jobs.parts(job_id, before.last)
    if last == before.last:
        return before
    found = [*before.photos, *map(CheckedPhoto.from_dict, results)]
    return EarlyVerdicts(tuple(worst_first(found)), last)


def _is_stale(services: Services, unit: UnitOfWork, result: CheckResult) -> bool:
    if result.policy_version != services.policy.version:
        return True
    if result.register_version != unit.audit.register_version():
        return True
    checked_on = datetime.fromisoformat(result.checked_at).date()
    return changed_between(unit, checked_on, services.today())


def run_check(services: Services, job_id: str) -> None:
    """Do a check; the process of the job calls this.

    Raises:
        NotFoundError: there is no such check.
    """
    # From the result, photos are exported, looked at closely, and people covered in them.
    job = load_job(services, job_id, KIND)
    carry_out(services, job, lambda job: _checked(services, job), keeps_uploads=True)


def _checked(services: Services, job: Job) -> dict[str, Any]:
    request: Any = job.request
    use = services.policy.use(request["use"])
    actor = asked_by(job)
    if "again" in request:
        return _judged_again(services, load_job(services, request["again"], KIND), use, actor)
    folder = upload_folder(services.settings, job.id)
    if request["uploaded"] and not folder.is_dir():
        raise BadInputError("The photos of this check are gone: choose them again.")
    root = folder if request["uploaded"] else Path(request["paths"][0])
    tell = Progress(services, job)

    def found(clearances: Sequence[Clearance]) -> None:
        tell.found([_photo_to_dict(clearance, root) for clearance in clearances])

    report = check_photos(
        services,
        _uploaded(services, job)
        if request["uploaded"]
        else [place_of(path) for path in request["paths"]],
        use,
        actor,
        watch=Watch(tell, found),
        # Not the job's own folder: its name keeps apart what two people dropped as IMG_1.jpg.
        upload_root=services.settings.uploads if request["uploaded"] else None,
        # Not in the request of a check from before events were asked for.
        event=request.get("event", ""),
    )
    photos = [_photo_to_dict(clearance, root) for clearance in report.clearances]
    return report_to_dict(services, report, photos) | {"checked_by": actor.id}


def _uploaded(services: Services, job: Job) -> list[Path]:
    """Return the folder of what was handed in, or its files where none of them is a photo."""
    folder = upload_folder(services.settings, job.id)
    photos, problems = find_photos([folder])
    return [folder] if photos or problems else uploaded_files(services.settings, job.id)


def _judged_again(services: Services, old: Job, use: Use, actor: Actor) -> dict[str, Any]:
    photos: Any = (old.result or {})["photos"]
    report, judged = _judged_anew(services, photos, use, actor)
    return report_to_dict(services, report, judged) | {"checked_by": actor.id}


def _judged_anew(
    services: Services, photos: Sequence[Mapping[str, Any]], use: Use, actor: Actor
) -> tuple[ClearanceReport, list[dict[str, Any]]]:
    """Judge photos of a result by what the index holds of them."""
    report = judge_photos(
        services,
        {photo["path"]: photo["sha256"] for photo in photos},
        {
            photo["path"]: PhotoProblem(
                ReasonCode(photo["reasons"][0]["code"]),
                photo["reasons"][0]["sentence"],
            )
            for photo in photos
            if photo["sha256"] is None
        },
        use,
        actor,
    )
    judged = [
        clearance_to_dict(clearance) | {"name": photo["name"]}
        for clearance, photo in zip(report.clearances, photos, strict=True)
    ]
    return report, judged


def report_to_dict(
    services: Services, report: ClearanceReport, photos: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return what a check found as data for the job's result."""
    local = services.now().astimezone(ZoneInfo(services.settings.time_zone))
    return {
        "use": report.use.label,
        "named_use": report.use.name,
        "register_version": report.register_version,
        "policy_version": services.policy.version,
        "checked_at": local.isoformat(timespec="minutes"),
        "without_face": list(report.without_face),
        "withheld": list(report.withheld),
        "hints": [list(hint) for hint in report.hints],
        "photos": photos,
    }


def _photo_to_dict(clearance: Clearance, root: Path) -> dict[str, Any]:
    return clearance_to_dict(clearance) | {"name": _name(clearance, root)}


def _name(clearance: Clearance, root: Path) -> str:
    path = Path(clearance.path)
    inside = path != root and path.is_relative_to(root)
    return path.relative_to(root).as_posix() if inside else path.name
