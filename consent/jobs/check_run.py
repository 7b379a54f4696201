"""Do the check of a job: in a process of its own, so that no page waits for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from consent.clearance import check_photos, judge_photos
from consent.jobs.background import Progress, asked_by, carry_out, load_job
from consent.jobs.checking_jobs import KIND
from consent.jobs.uploads import upload_folder
from consent.verdicts import PhotoProblem, ReasonCode
from consent.wording import clearance_as_plain
from media_index.places import place_of

if TYPE_CHECKING:
    from consent.channels import Use
    from consent.domain import Actor
    from consent.jobs.job import Job
    from consent.services import Services
    from consent.verdicts import Clearance, ClearanceReport


def run_check(services: Services, job_id: str) -> None:
    """Do a check; the process of the job calls this.

    Raises:
        NotFoundError: there is no such check.
    """
    carry_out(services, load_job(services, job_id, KIND), lambda job: _checked(services, job))


def _checked(services: Services, job: Job) -> dict[str, Any]:
    request: Any = job.request
    use = services.policy.use(request["use"])
    actor = asked_by(job)
    if "again" in request:
        return _judged_again(services, load_job(services, request["again"], KIND), use, actor)
    folder = upload_folder(services.settings, job.id)
    report = check_photos(
        services,
        # Named one by one: in a folder, what has no photo's suffix would be passed over.
        sorted(path for path in folder.rglob("*") if path.is_file())
        if request["uploaded"]
        else [place_of(path) for path in request["paths"]],
        use,
        actor,
        progress=Progress(services, job),
        # Not the job's own folder: its name keeps apart what two people dropped as IMG_1.jpg.
        upload_root=services.settings.uploads if request["uploaded"] else None,
        # Not in the request of a check from before events were asked for.
        event=request.get("event", ""),
    )
    root = folder if request["uploaded"] else Path(request["paths"][0])
    return _as_plain(services, report, [_name(one, root) for one in report.clearances])


def _judged_again(services: Services, old: Job, use: Use, actor: Actor) -> dict[str, Any]:
    photos: Any = (old.result or {})["photos"]
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
    return _as_plain(services, report, [photo["name"] for photo in photos])


def _as_plain(services: Services, report: ClearanceReport, names: list[str]) -> dict[str, Any]:
    publication = report.use.publication
    local = services.now().astimezone(ZoneInfo(services.settings.time_zone))
    return {
        "use": report.use.channel.label + (f", {publication}" if publication else ""),
        "named_use": f"{report.use.channel.id}:{publication or ''}",
        "register_version": report.register_version,
        "checked_at": local.isoformat(timespec="minutes"),
        "without_face": list(report.without_face),
        "photos": [
            clearance_as_plain(one) | {"name": name}
            for one, name in zip(report.clearances, names, strict=True)
        ],
    }


def _name(clearance: Clearance, root: Path) -> str:
    path = Path(clearance.path)
    inside = path != root and path.is_relative_to(root)
    return path.relative_to(root).as_posix() if inside else path.name
