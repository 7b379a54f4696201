"""What an override lifts, and what nothing lifts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from consent.domain.channels import Use
from consent.domain.decisions import Override
from consent.domain.verdicts import Decision, PhotoFacts, Reason, ReasonCode, Verdict
from consent.domain.wording import long_day


def lift(
    decision: Decision, photo: PhotoFacts, use: Use, overrides: Sequence[Override], today: date
) -> Decision:
    """Take away what was overridden, and note it, with who answers for it.

    Why they did may name somebody, and a verdict is kept and told to every role: it stays with
    the override.
    """
    lifting = [override for override in overrides if _applies(override, photo, use, today)]
    lifted = [reason for reason in decision.reasons if any(lifts(over, reason) for over in lifting)]
    if not lifted:
        return decision
    kept = tuple(reason for reason in decision.reasons if reason not in lifted)
    notes = (*map(_overridden, lifting), *(replace(reason, verdict=None) for reason in lifted))
    return Decision.of(kept, (*notes, *decision.notes))


def lifts(override: Override, reason: Reason) -> bool:
    """Say whether an override was given for a reason.

    Nothing lifts "could not be checked". Nor a face that cannot be compared: it may be that of
    somebody who revokes tomorrow; that somebody looked at it is another record.
    """
    if reason.verdict is Verdict.NOT_CHECKED or reason.code is ReasonCode.UNCOMPARABLE_FACE:
        return False
    # Whoever let a sure match pass has let a possible one pass too, and not the other way round.
    surely = (reason.code, reason.revocation)
    return not override.lifts.isdisjoint({lift_key(reason), surely})


def lift_key(reason: Reason) -> tuple[str, str | None]:
    """Return what an override keeps of a reason: the code, how sure it was, and the case it is of.

    Where there is no case, the code names the face or the event: that one person's no was
    overridden says nothing of the next one's.
    """
    if reason.revocation is not None:
        unsure = "" if reason.verdict is Verdict.BLOCKED else " in review"
        return reason.code + unsure, reason.revocation
    where = reason.detail if reason.box is None else ",".join(map(str, reason.box.as_list()))
    return f"{reason.code} {where}".strip(), None


def _applies(override: Override, photo: PhotoFacts, use: Use, today: date) -> bool:
    return (
        override.in_force(today)
        and override.photo_sha256 == photo.sha256
        and override.channel == use.channel.id
        and override.issue in {None, use.issue}
    )


def _overridden(override: Override) -> Reason:
    by = override.granted_by
    second = "" if override.second is None else f" and {override.second.id}"
    said = f"{by.id} ({by.role}){second} until {long_day(override.expires_on)}"
    return Reason(ReasonCode.OVERRIDDEN, None, detail=said)
