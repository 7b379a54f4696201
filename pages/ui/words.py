"""What languages and decisions are called on a page, in the order in which they are offered."""

from __future__ import annotations

from consent.domain.decisions import DecisionState
from consent.domain.policy import Policy

LANGUAGES = {"en": "English", "es": "Spanish"}
# On buttons; what was decided is said by the state itself.
CHOICES = {
    DecisionState.CONFIRMED: "Confirm",
    DecisionState.REJECTED: "Not this person",
    DecisionState.CANNOT_TELL: "Can't tell",
}


def channel_name(policy: Policy, channel_id: str) -> str:
    """Return what a channel is called; one that the policy no longer has, by its id."""
    return next((known.label for known in policy.channels if known.id == channel_id), channel_id)
