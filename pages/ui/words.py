"""What enums and languages are called on a page, in the order in which they are offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.domain.channels import ChannelKind
from consent.domain.decisions import DecisionState
from consent.domain.terms import Method, Period, Relationship

if TYPE_CHECKING:
    from consent.domain.policy import Policy

LANGUAGES = {"en": "English", "es": "Spanish"}
KINDS = {
    ChannelKind.ONLINE: "Online",
    ChannelKind.PRINT: "Print",
    ChannelKind.PRESS: "Press",
}
WHOLE_KINDS = {
    ChannelKind.ONLINE: "Everything online",
    ChannelKind.PRINT: "Everything printed",
    ChannelKind.PRESS: "Press",
}
PERIODS = {
    Period.BOTH: "Old and new photos",
    Period.PAST: "Only photos taken before",
    Period.FUTURE: "Only photos taken after",
}
METHODS = {
    Method.FORM: "Form",
    Method.LETTER: "Letter",
    Method.EMAIL: "Email",
    Method.OTHER_WRITING: "Other writing",
}
RELATIONSHIPS = {
    Relationship.SELF: "The person depicted",
    Relationship.PARENT: "A parent",
    Relationship.GUARDIAN: "A guardian",
    Relationship.OTHER: "Somebody else",
}
CHOICES = {
    DecisionState.CONFIRMED: "Confirm",
    DecisionState.REJECTED: "Not this person",
    DecisionState.CANNOT_TELL: "Can't tell",
}


def channel_name(policy: Policy, channel_id: str) -> str:
    """Return what a channel is called; one that the policy no longer has, by its id."""
    return next((one.label for one in policy.channels if one.id == channel_id), channel_id)
