"""Remove what is no record once its term has ended, by the policy's `[retention]`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from consent.domain.actors import Actor
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.services import Services


@dataclass(frozen=True, slots=True)
class Purged:
    """How much is removed, by words for people."""

    counts: dict[str, int]


@for_roles(Duty.PURGE)
def purge(services: Services, actor: Actor, *, dry_run: bool = False) -> Purged:
    """Remove verdicts, jobs, copies kept and names of who answered, whose terms have ended."""
    policy, now, today = services.policy, services.now(), services.today()
    with services.writing() as unit:
        old = now - timedelta(days=policy.clearance_days)
        verdicts = unit.decisions.clearances_before(old)
        unit.audit.touched("clearance", [(key,) for key in verdicts])
        unit.decisions.remove_clearances(verdicts)
        jobs = unit.jobs.ended_before(old)
        unit.jobs.forget(jobs)
        copies = unit.retention.forget_copies(today, unit.audit)
        answered = today - timedelta(days=policy.evidence_days)
        answers = unit.retention.forget_answers(answered, unit.audit)
        done = Purged(
            {
                "verdicts of checks": len(verdicts),
                "jobs": len(jobs),
                "copies of what was taken down": len(copies),
                "names of people who gave a spoken answer": answers,
            }
        )
        if dry_run:
            return done
        services.drafts.forget_old()
        for name in copies:
            services.vault.erase(name)
        if any(done.counts.values()):
            unit.audit.append(Action.PURGED, "home", actor, now, dict(done.counts))
        unit.erases()
        unit.commit()
    return done
