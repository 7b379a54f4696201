"""The log: one entry per change, each chained to the one before by its digest.

A digest is keyed: whoever can write the database, and has not the key, makes none that fits.

Entries hold ids and reasons, no names and no encodings, so that they may outlive what they
describe.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from consent.domain.actors import Actor
from consent.domain.errors import BadInputError

OLDER, KEYED = 1, 2


class Action(StrEnum):
    """What may happen, as subject:action."""

    INDEX_PHOTOS_ADDED = "index:photos_added"
    EVENT_JOINED = "event:joined"
    EVENT_CREATED = "event:created"
    EVENT_CORRECTED = "event:corrected"
    REVOCATION_RECORDED = "revocation:recorded"
    REVOCATION_AMENDED = "revocation:amended"
    REVOCATION_CORRECTED = "revocation:corrected"
    REVOCATION_MISTAKEN = "revocation:entered_by_mistake"
    RESCISSION_ASKED = "revocation:rescission_asked"
    REVOCATION_RESCINDED = "revocation:rescinded"
    REVOCATION_DISPUTED = "revocation:disputed"
    DISPUTE_SETTLED = "revocation:dispute_settled"
    HOLD_PLACED = "hold:placed"
    PERSON_MERGED = "person:merged"
    PERSON_UNMERGED = "person:unmerged"
    REGISTER_EXPORTED = "register:exported"
    RECORDS_DRAFTED = "records:drafted"
    RECORDS_EXPORTED = "records:exported"
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
    FACES_CHANGED = "faces:changed"
    TEMPLATE_REMOVED = "template:removed"
    PUBLICATION_RECORDED = "publication:recorded"
    PUBLICATION_UNDONE = "publication:undone"
    PUBLICATIONS_IMPORTED = "publication:imported"
    REUSE_CHECKED = "publication:source_checked"
    COPIES_EXPORTED = "copy:exported"
    COPY_COVERED = "copy:covered"
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
    NAMES_SEEN = "revocation:names_seen"
    NAME_REVEALED = "revocation:name_revealed"
    NAME_SEARCHED = "register:searched_by_name"
    TEMPLATE_SEEN = "template:seen"
    RECEIPT_GIVEN = "revocation:receipt_given"
    HOME_BACKED_UP = "home:backed_up"
    HOME_ACCEPTED = "home:accepted"
    CLOCK_ACCEPTED = "home:clock_accepted"
    CLEARANCE_GIVEN = "clearance:given"
    SWEEP_RUN = "revocation:swept"
    LOG_KEYED = "log:keyed"
    ROWS_WRITTEN = "log:rows_written"
    LEGAL_HOLD_PLACED = "legal_hold:placed"
    LEGAL_HOLD_LIFTED = "legal_hold:lifted"
    DISPOSAL_PROPOSED = "disposal:proposed"
    DISPOSAL_APPROVED = "disposal:approved"
    DISPOSAL_REFUSED = "disposal:refused"
    DISPOSAL_DONE = "disposal:destroyed"
    PURGED = "home:purged"
    REGISTER_SEALED = "register:sealed"
    INDEX_SEALED = "index:sealed"
    KEY_ROTATED = "key:rotated"
    ACCOUNT_CREATED = "account:created"
    ACCOUNT_ROLES_CHANGED = "account:roles_changed"
    ACCOUNT_LOCKED = "account:locked"
    ACCOUNT_UNLOCKED = "account:unlocked"
    ACCOUNT_RESET = "account:reset"
    PASSWORD_CHOSEN = "account:password_chosen"  # noqa: S105 - what happened, no secret
    SECOND_FACTOR_SET = "account:second_factor_set"
    SIGN_IN_REFUSED = "account:sign_in_refused"
    SIGN_IN_HELD = "account:sign_in_held"
    SIGNED_IN = "account:signed_in"
    SIGNED_OUT = "account:signed_out"
    TOKEN_MADE = "account:token_made"  # noqa: S105 - the same

    @property
    def changes_register(self) -> bool:
        """Whether a clearance given before may be wrong now."""
        return self in _REGISTER


_REGISTER = frozenset(
    {
        Action.EVENT_CREATED,
        Action.EVENT_CORRECTED,
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
        Action.DISPOSAL_DONE,
        Action.TEMPLATE_ADDED,
        Action.TEMPLATE_REMOVED,
        Action.TEMPLATE_WITHHELD,
        Action.TEMPLATE_CONFIRMED,
        Action.INDEX_RENEWED,
        Action.CALIBRATION_CHANGED,
        Action.FACES_CHANGED,
        Action.FACE_LOOKED_AT,
        Action.FACE_DECIDED,
        Action.OVERRIDE_GRANTED,
        Action.OVERRIDE_WITHDRAWN,
        Action.SIGHTING_DECIDED,
        Action.VERBAL_CONSENT_RECORDED,
        Action.VERBAL_CONSENT_TAKEN_BACK,
    },
)

# After these a case covers something else, or is found by other faces; it is their subject.
OF_A_CASE = frozenset(
    {
        Action.REVOCATION_RECORDED,
        Action.REVOCATION_AMENDED,
        Action.REVOCATION_RESCINDED,
        Action.RESCISSION_ASKED,
        Action.HOLD_PLACED,
        Action.TEMPLATE_ADDED,
        Action.TEMPLATE_REMOVED,
        Action.TEMPLATES_ERASED,
        Action.TEMPLATE_WITHHELD,
        Action.TEMPLATE_CONFIRMED,
    }
)

# Without effect on what any photo shows, may be used for, or is asked about.
BESIDE_PHOTOS = frozenset(
    {
        Action.ACCOUNT_CREATED,
        Action.ACCOUNT_LOCKED,
        Action.ACCOUNT_RESET,
        Action.ACCOUNT_ROLES_CHANGED,
        Action.ACCOUNT_UNLOCKED,
        Action.APPEAL_DECIDED,
        Action.APPEAL_LETTER_GIVEN,
        Action.APPEAL_RECEIVED,
        Action.APPEAL_TO_BOARD,
        Action.CLOSE_OUT_LETTER_GIVEN,
        Action.COPIES_EXPORTED,
        Action.COPY_COVERED,
        Action.DISPOSAL_APPROVED,
        Action.DISPOSAL_PROPOSED,
        Action.DISPOSAL_REFUSED,
        Action.EVIDENCE_OPENED,
        Action.HOME_BACKED_UP,
        Action.INDEX_SEALED,
        Action.KEY_ROTATED,
        Action.LEGAL_HOLD_LIFTED,
        Action.LEGAL_HOLD_PLACED,
        Action.LOG_KEYED,
        Action.NAMES_SEEN,
        Action.NAME_REVEALED,
        Action.NAME_SEARCHED,
        Action.OVERRIDE_PROPOSED,
        Action.PASSWORD_CHOSEN,
        Action.POSTS_RECHECKED,
        Action.RECEIPT_GIVEN,
        Action.RECORDS_DRAFTED,
        Action.RECORDS_EXPORTED,
        Action.REGISTER_EXPORTED,
        Action.REGISTER_SEALED,
        Action.REUSE_CHECKED,
        Action.SECOND_FACTOR_SET,
        Action.SIGNED_IN,
        Action.SIGNED_OUT,
        Action.SIGN_IN_HELD,
        Action.SIGN_IN_REFUSED,
        Action.SWEEP_RUN,
        Action.TAKEDOWN_ASSIGNED,
        Action.TAKEDOWN_MOVED,
        Action.TAKEDOWN_OPENED,
        Action.TEMPLATE_SEEN,
        Action.TOKEN_MADE,
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log; `sequence` counts from 1, without gaps.

    Attributes:
        rows: digest of the rows of the register that were written with it, or "".
        scheme: how its digest was made; 1 is that of older versions, by anybody.
    """

    sequence: int
    at: datetime
    action: str
    subject: str
    actor_id: str
    actor_role: str
    details: Mapping[str, Any]
    previous: str
    digest: str
    changes_register: bool = False
    rows: str = ""
    scheme: int = KEYED


@dataclass(frozen=True, slots=True)
class Head:
    """An entry of the log as it was written down elsewhere: its number and its digest."""

    sequence: int
    digest: str

    def __str__(self) -> str:
        """Say it as it is printed."""
        return f"{self.sequence}:{self.digest}"


BEGINNING = Head(0, "0" * 64)


class FaultKind(StrEnum):
    """What was done to the log, or to the register behind its back."""

    CHANGED = "changed"
    MISSING = "missing"
    MOVED = "moved"
    CUT_OFF = "cut_off"
    GONE = "gone"
    MADE_ANEW = "made_anew"
    ROW_CHANGED = "row_changed"
    ROW_REMOVED = "row_removed"
    ROW_INSERTED = "row_inserted"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that this program has not done, at an entry of the log."""

    kind: FaultKind
    sequence: int
    sentence: str


def read_head(text: str) -> Head:
    """Read a head as `likeness log head` prints it.

    Raises:
        BadInputError: it is none.
    """
    sequence, _, digest = text.strip().partition(":")
    if not sequence.isdecimal() or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise BadInputError(
            f"{text!r} is not a log head: give the number of the entry, a colon and 64 letters and "
            "digits.",
            command="likeness log head",
        )
    return Head(int(sequence), digest)


def chained(
    key: bytes,
    after: Head,
    at: datetime,
    action: Action,
    subject: str,
    actor: Actor,
    details: Mapping[str, Any],
    rows: str = "",
) -> Entry:
    """Make the entry that follows another."""
    entry = Entry(
        after.sequence + 1,
        at,
        action.value,
        subject,
        actor.id,
        actor.role.value,
        details,
        after.digest,
        "",
        action.changes_register,
        rows,
    )
    return replace(entry, digest=digest_of(entry, key))


def digest_of(entry: Entry, key: bytes) -> str:
    """Return the digest that an entry must have."""
    named = (
        entry.sequence,
        entry.previous,
        entry.at,
        entry.action,
        entry.subject,
        entry.actor_id,
        entry.actor_role,
        entry.details,
    )
    if entry.scheme != KEYED:
        return hashlib.sha256(_plain(*named)).hexdigest()
    whole = _plain(*named, entry.changes_register, entry.rows, entry.scheme)
    return hmac.digest(key, whole, "sha256").hex()


def faults_in(
    entries: Iterable[Entry],
    key: bytes,
    *,
    keyed_from: int = 1,
    after: Head = BEGINNING,
    heads: Sequence[Head] = (),
) -> Iterator[Fault]:
    """Name what was done to the entries that follow one, in their order.

    Args:
        entries: the log, from the entry after `after` on.
        key: of the digests.
        keyed_from: the entries before are of an older version, and were not keyed.
        after: up to where the log is known to be as it was written.
        heads: what was written down elsewhere of it.
    """
    last = after
    known = {head.sequence: head.digest for head in heads if head.sequence > after.sequence}
    for entry in entries:
        if entry.sequence > last.sequence + 1:
            yield Fault(FaultKind.MISSING, last.sequence + 1, _missing(last, entry))
        wanted = KEYED if entry.sequence >= keyed_from else OLDER
        own = entry.scheme == wanted and digest_of(entry, key) == entry.digest
        if not own:
            yield Fault(FaultKind.CHANGED, entry.sequence, _CHANGED.format(entry.sequence))
        elif entry.previous != last.digest and entry.sequence <= last.sequence + 1:
            yield Fault(FaultKind.MOVED, entry.sequence, _MOVED.format(entry.sequence))
        if known.pop(entry.sequence, entry.digest) != entry.digest:
            yield Fault(FaultKind.MADE_ANEW, entry.sequence, _ANEW.format(entry.sequence))
        last = Head(entry.sequence, entry.digest)
    if known:
        furthest = max(known)
        kind = FaultKind.CUT_OFF if last.sequence else FaultKind.GONE
        said = _CUT_OFF if last.sequence else _GONE
        yield Fault(kind, last.sequence + 1, said.format(last.sequence, furthest))


def first_broken(entries: Iterable[Entry], key: bytes, keyed_from: int = 1) -> int | None:
    """Return the sequence of the first entry that was changed, removed or put in, if any."""
    fault = next(faults_in(entries, key, keyed_from=keyed_from), None)
    return None if fault is None else fault.sequence


def _missing(last: Head, entry: Entry) -> str:
    first, until = last.sequence + 1, entry.sequence - 1
    if first == until:
        return f"Entry {first} is missing."
    return f"Entries {first} to {until} are missing."


_CHANGED = "Entry {} was changed or added by something other than this program."
_MOVED = "Entry {} does not follow the one before it: it was moved, or what was before it was."
_ANEW = (
    "Entry {} is not the one that was written down: the log was rewritten, or belongs to another "
    "library."
)
_CUT_OFF = "The log ends at entry {}, but was seen at entry {}: its end was cut off."
_GONE = "The log is empty, but was seen at entry {1}: all of it is gone."


def _plain(*fields: object) -> bytes:
    return json.dumps(
        fields,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        default=lambda moment: moment.isoformat(),
    ).encode()
