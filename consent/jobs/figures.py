"""Figures that take long to count, counted by a process of its own; pages show when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from consent.domain.actors import Actor, Role
from consent.domain.jobs import Job, JobKind
from consent.domain.roles import Duty, for_roles
from consent.indexing.thresholds import Workload, workload
from consent.jobs.runner import carry_out, find_job, load_job, start_job
from consent.retention.proof import verify_new
from consent.services import Services

FIGURES = JobKind.FIGURES
# There is one at a time, and whoever opens the page sees it.
_ID = "figures"
_DIED = "Counting stopped before it was done: count again."
_BY_ITSELF = Actor("likeness", Role.ADMIN)
_OLD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted, and when.

    Attributes:
        log_broken_at: sequence of the first log entry that was tampered with, if any.
    """

    at: datetime
    workload: Workload
    log_broken_at: int | None


@for_roles(Duty.READ_STATUS)
def count_figures(services: Services, actor: Actor) -> Figures:
    """Count now: seconds, with thousands of cases."""
    work = workload(services)
    return Figures(services.now(), work, verify_new(services).first_broken)


@for_roles(Duty.READ_STATUS)
def read_figures(services: Services, actor: Actor) -> tuple[Figures | None, Job | None]:
    """Return what was counted last, and the job that counts, or counted; None before the first."""
    job = find_job(services, _ID, FIGURES, _DIED)
    if job is None:
        return None, None
    counted: Any = job.result or job.request.get("before")
    return (_from_dict(services, counted) if counted else None), job


@for_roles(Duty.READ_STATUS)
def start_counting(services: Services, actor: Actor) -> None:
    """Start to count anew, unless that is under way."""
    figures, job = read_figures(services, actor)
    if job is None or job.state.ended:
        # What was counted before is shown until then.
        before = {} if figures is None else {"before": _to_dict(figures)}
        start_job(services, _ID, FIGURES, before, _BY_ITSELF)


def is_old(services: Services, figures: Figures) -> bool:
    """Say whether figures were counted so long ago that they are to be counted anew."""
    return services.now() - figures.at > _OLD


def run_figures(services: Services, job_id: str) -> None:
    """Count; the process of the job calls this.

    Raises:
        NotFoundError: there is no such job.
    """
    carry_out(
        services,
        load_job(services, job_id, FIGURES),
        lambda _: _to_dict(count_figures(services, _BY_ITSELF)),
    )


def _to_dict(figures: Figures) -> dict[str, Any]:
    work = figures.workload
    return {
        "at": figures.at.isoformat(),
        "people": [[*kind, count] for kind, count in work.people.items()],
        "times": [[multiple, share] for multiple, share in work.times.items()],
        "faces": work.faces,
        "log_broken_at": figures.log_broken_at,
    }


def _from_dict(services: Services, counted: dict[str, Any]) -> Figures:
    people = {
        (minor, years, references): count for minor, years, references, count in counted["people"]
    }
    work = Workload(
        people,
        dict(counted["times"]),
        counted["faces"],
        services.policy.matching,
        services.calibration,
    )
    return Figures(datetime.fromisoformat(counted["at"]), work, counted["log_broken_at"])
