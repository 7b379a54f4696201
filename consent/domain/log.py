"""The log: one entry per change, each chained to the one before by its hash.

Entries hold ids and reasons, no names and no encodings, so that they may outlive what they
describe.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from consent.domain.actors import Actor

FIRST = "0" * 64


class Action(StrEnum):
    """What may happen, as subject:action."""

    INDEX_PHOTOS_ADDED = "index:photos_added"
    EVENT_JOINED = "event:joined"
    EVENT_CREATED = "event:created"
    REVOCATION_RECORDED = "revocation:recorded"
    REVOCATION_AMENDED = "revocation:amended"
    REVOCATION_CORRECTED = "revocation:corrected"
    REVOCATION_MISTAKEN = "revocation:entered_by_mistake"
    REVOCATION_RESCINDED = "revocation:rescinded"
    REVOCATION_DISPUTED = "revocation:disputed"
    DISPUTE_SETTLED = "revocation:dispute_settled"
    HOLD_PLACED = "hold:placed"
    PERSON_MERGED = "person:merged"
    PERSON_UNMERGED = "person:unmerged"
    REGISTER_EXPORTED = "register:exported"
    TEMPLATES_ERASED = "template:erased"
    TEMPLATE_ADDED = "template:added"
    TEMPLATE_WITHHELD = "template:withheld"
    TEMPLATE_CONFIRMED = "template:confirmed"
    SIGHTING_DECIDED = "sighting:decided"
    VERBAL_CONSENT_RECORDED = "verbal_consent:recorded"
    VERBAL_CONSENT_TAKEN_BACK = "verbal_consent:taken_back"
    FACE_LOOKED_AT = "face:looked_at"
    FACE_DECIDED = "face:decided"
    OVERRIDE_PROPOSED = "override:proposed"
    OVERRIDE_GRANTED = "override:granted"
    OVERRIDE_WITHDRAWN = "override:withdrawn"
    INDEX_RENEWED = "index:renewed"
    INDEX_ENCODED = "index:encoded"
    CALIBRATION_CHANGED = "calibration:changed"
    TEMPLATE_REMOVED = "template:removed"
    PUBLICATION_RECORDED = "publication:recorded"
    PUBLICATIONS_IMPORTED = "publication:imported"
    REUSE_CHECKED = "publication:source_checked"
    POST_SCHEDULED = "post:scheduled"
    POST_CANCELLED = "post:cancelled"
    POSTS_RECHECKED = "post:rechecked"
    TAKEDOWN_OPENED = "takedown:opened"
    TAKEDOWN_MOVED = "takedown:moved"
    TAKEDOWN_ASSIGNED = "takedown:assigned"
    CLOSE_OUT_LETTER_GIVEN = "takedown:letter_given"
    APPEAL_RECEIVED = "appeal:received"
    APPEAL_DECIDED = "appeal:decided"
    APPEAL_LETTER_GIVEN = "appeal:letter_given"
    APPEAL_TO_BOARD = "appeal:to_board"
    PIECE_OPENED = "print_piece:opened"
    PIECE_PLACED = "print_piece:placed"
    PIECE_AUDITED = "print_piece:audited"
    PIECE_MOVED = "print_piece:moved"
    EVIDENCE_OPENED = "evidence:opened"
    RECEIPT_GIVEN = "revocation:receipt_given"
    CLEARANCE_GIVEN = "clearance:given"
    SWEEP_RUN = "revocation:swept"

    @property
    def changes_register(self) -> bool:
        """Whether a clearance given before may be wrong now."""
        return self in _REGISTER


_REGISTER = frozenset(
    {
        Action.EVENT_CREATED,
        Action.EVENT_JOINED,
        Action.REVOCATION_RECORDED,
        Action.REVOCATION_AMENDED,
        Action.REVOCATION_CORRECTED,
        Action.REVOCATION_MISTAKEN,
        Action.REVOCATION_RESCINDED,
        Action.HOLD_PLACED,
        Action.PERSON_MERGED,
        Action.PERSON_UNMERGED,
        Action.TEMPLATES_ERASED,
        Action.TEMPLATE_ADDED,
        Action.TEMPLATE_REMOVED,
        Action.TEMPLATE_WITHHELD,
        Action.TEMPLATE_CONFIRMED,
        Action.INDEX_RENEWED,
        Action.CALIBRATION_CHANGED,
        Action.FACE_LOOKED_AT,
        Action.FACE_DECIDED,
        Action.OVERRIDE_GRANTED,
        Action.OVERRIDE_WITHDRAWN,
        Action.SIGHTING_DECIDED,
        Action.VERBAL_CONSENT_RECORDED,
        Action.VERBAL_CONSENT_TAKEN_BACK,
    },
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log; `sequence` counts from 1, without gaps."""

    sequence: int
    at: datetime
    action: str
    subject: str
    actor_id: str
    actor_role: str
    details: Mapping[str, Any]
    previous: str
    digest: str


def chained(
    sequence: int,
    previous: str,
    at: datetime,
    action: Action,
    subject: str,
    actor: Actor,
    details: Mapping[str, Any],
) -> Entry:
    """Make the entry that follows the one whose digest is `previous`."""
    what = at, action.value, subject, actor.id, actor.role.value, details
    return Entry(sequence, *what, previous, _digest(sequence, previous, *what))


def first_broken(entries: Iterable[Entry]) -> int | None:
    """Return the sequence of the first entry that was changed, removed or put in, if any."""
    previous, expected = FIRST, 1
    for entry in entries:
        digest = _digest(
            entry.sequence,
            previous,
            entry.at,
            entry.action,
            entry.subject,
            entry.actor_id,
            entry.actor_role,
            entry.details,
        )
        if (entry.sequence, entry.previous, entry.digest) != (expected, previous, digest):
            return expected
        previous, expected = entry.digest, expected + 1
    return None


def _digest(*fields: object) -> str:
    plain = json.dumps(
        fields,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        default=lambda moment: moment.isoformat(),
    )
    return hashlib.sha256(plain.encode()).hexdigest()
