"""An audit as plain data and as rows: for other programs, and for a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from consent.csv_rows import cell
from consent.printing.pieces import verdict_of

if TYPE_CHECKING:
    from consent.printing.audit_findings import Audit, AuditedFace, AuditedPhoto
    from consent.printing.pieces import PieceFile

COLUMNS = (
    "page",
    "photo",
    "name",
    "verdict",
    "face",
    "standing",
    "revocations",
    "answer",
    "asked_by",
    "asked_on",
    "how",
    "next_step",
)


def audit_as_plain(file: PieceFile, audit: Audit) -> dict[str, object]:
    """Return an audit as data for JSON."""
    piece = file.piece
    return {
        "piece": piece.label,
        "name": piece.name,
        "channel": piece.channel,
        "state": piece.state.value,
        "verdict": verdict_of(file).value,
        "stale": file.stale,
        "register_version": audit.register_version,
        "policy_version": audit.policy_version,
        "model": audit.model,
        "at": audit.at.isoformat(),
        "by": audit.actor.id,
        "photos": [_photo(photo) for photo in audit.photos],
    }


def _photo(photo: AuditedPhoto) -> dict[str, object]:
    return {
        "id": photo.placed_id,
        "page": photo.page,
        "where": photo.where,
        "name": photo.name,
        "sha256": photo.photo_sha256,
        "matched_by": photo.found,
        "verdict": photo.verdict.value,
        "coverage": photo.coverage,
        "people": photo.people,
        "asked": photo.asked,
        "event": photo.event or None,
        "public_space": photo.public_space,
        "reasons": list(photo.sentences),
        "next_step": photo.next_step,
        "faces": [_face(face) for face in photo.faces],
    }


def _face(face: AuditedFace) -> dict[str, object]:
    answer = face.answer
    return {
        "number": face.number,
        "box": face.box.as_list(),
        "standing": face.standing.value,
        "revocations": list(face.revocations),
        "given": None if answer is None else answer.given,
        "asked_by": None if answer is None else answer.asked_by,
        "asked_on": None if answer is None else answer.asked_on.isoformat(),
        "how": None if answer is None else answer.how,
        "asked_elsewhere": None if face.elsewhere is None else face.elsewhere.photo_sha256,
    }


def audit_csv(audit: Audit) -> str:
    """Return an audit as CSV: a row for each face, and one for each photo without any."""
    made = StringIO()
    rows = csv.writer(made)
    rows.writerow(COLUMNS)
    for photo in audit.photos:
        front = (photo.page or "", photo.where, photo.name, photo.verdict.label)
        for face in photo.faces or (None,):
            rows.writerow([cell(one) for one in (*front, *_cells(photo, face))])
    return made.getvalue()


def _cells(photo: AuditedPhoto, face: AuditedFace | None) -> tuple[object, ...]:
    if face is None:
        return "", "", "", "", "", "", "", photo.next_step
    one = face.answer
    answered = ("", "", "", "")
    if one is not None:
        said = "yes" if one.given else "no"
        answered = (said, one.asked_by, one.asked_on.isoformat(), one.how)
    cases = " ".join(face.revocations)
    return face.number, face.standing.words, cases, *answered, photo.next_step
