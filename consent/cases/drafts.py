"""A form that is not recorded yet survives reload, sign-in and a restart of the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from consent.domain.actors import Actor
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.drafts import DraftFile, KeptDraft

__all__ = ["DraftFile", "KeptDraft", "forget_draft", "keep_draft", "kept_draft"]


@for_roles(Duty.TAKE_LETTERS)
def keep_draft(
    services: Services, actor: Actor, fields: Mapping[str, Any], files: Sequence[DraftFile]
) -> None:
    """Keep what somebody has typed and handed in; nothing of it is recorded."""
    draft = KeptDraft(services.now(), fields, tuple(files))
    services.drafts.keep(_owner(actor), draft)


@for_roles(Duty.TAKE_LETTERS)
def kept_draft(services: Services, actor: Actor) -> KeptDraft | None:
    """Return what somebody had typed and handed in within the last day; None if nothing is left."""
    return services.drafts.of(_owner(actor))


@for_roles(Duty.TAKE_LETTERS)
def forget_draft(services: Services, actor: Actor) -> None:
    """Remove it: it was recorded, or begun anew."""
    services.drafts.forget(_owner(actor))


def _owner(actor: Actor) -> str:
    return f"{actor.role}:{actor.id}"
