"""Audits of print pieces that a page starts: done by a process of its own, read until done."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from consent.domain.actors import Actor
from consent.domain.jobs import Job, JobKind
from consent.domain.roles import Duty, for_roles
from consent.jobs.runner import (
    Progress,
    asked_by,
    cancel_job,
    carry_out,
    load_job,
    newest_job,
    start_job,
)
from consent.printing.audit import run_audit
from consent.services import Services

AUDIT = JobKind.AUDIT
_DIED = "The audit stopped before it was done. Nothing was lost: audit the piece again."


@for_roles(Duty.PRINT)
def start_audit(services: Services, label: str, actor: Actor) -> str:
    """Start to audit a piece; where somebody has started it already, that audit goes on."""
    running = last_audit(services, label, actor)
    if running is not None and not running.state.ended:
        return running.id
    return start_job(services, uuid4().hex, AUDIT, {"piece": label}, actor)


@for_roles(Duty.PRINT)
def last_audit(services: Services, label: str, actor: Actor) -> Job | None:
    """Return where the last audit of a piece stands; None if no page has started one."""
    return newest_job(services, AUDIT, {"piece": label}, _DIED)


@for_roles(Duty.PRINT)
def cancel_audit(services: Services, job_id: str, actor: Actor) -> None:
    """Have an audit stop at the next picture: the piece stays as it was audited before.

    Raises:
        NotFoundError: there is no such job.
    """
    cancel_job(services, load_job(services, job_id, AUDIT))


def run_audit_of_page(services: Services, job_id: str) -> None:
    """Audit a piece; the process of the job calls this.

    Raises:
        NotFoundError: there is no such job.
    """

    def work(job: Job) -> dict[str, Any]:
        request: Any = job.request
        tell = Progress(services, job)
        return {"audit": run_audit(services, request["piece"], asked_by(job), tell).id}

    carry_out(services, load_job(services, job_id, AUDIT), work)
