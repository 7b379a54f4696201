"""An audit as plain data and as rows: for other programs, and for a spreadsheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from consent.csv_rows import as_csv
from consent.domain.print import Audit, AuditedFace, AuditedPhoto, Coverage, totals
from consent.domain.wording import faces_named
from consent.printing.pieces import PieceFile, verdict_of

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


def audit_to_dict(file: PieceFile, audit: Audit) -> dict[str, object]:
    """Return an audit as data for JSON."""
    piece, seen = file.piece, totals(audit.photos)
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
        "totals": {
            "pictures": seen.pictures,
            "not_checked": seen.unseen,
            **_counts(seen.coverage),
        },
        "by_eye": list(audit.by_eye),
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
        "counted": photo.counted,
        **_counts(photo.counts),
        "event": photo.event or None,
        "public_space": photo.public_space,
        "reasons": list(photo.sentences),
        "next_step": photo.next_step,
        "faces": [_face(face) for face in photo.faces],
    }


def _counts(coverage: Coverage) -> dict[str, object]:
    """Return who was asked as data: `asked` are those who said yes, and who said no."""
    return {
        "people": coverage.people,
        "asked": coverage.asked,
        "said_yes": coverage.said_yes,
        "said_no": coverage.said_no,
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
        "repeated": face.repeated,
        "asked_elsewhere": None if face.elsewhere is None else face.elsewhere.photo_sha256,
        "said_elsewhere": None if face.elsewhere is None else face.elsewhere.given,
    }


def audit_csv(audit: Audit) -> str:
    """Return an audit as CSV: a row for each face, and one for each photo without any."""
    return as_csv(
        COLUMNS, (_row(photo, face) for photo in audit.photos for face in photo.faces or (None,))
    )


def _row(photo: AuditedPhoto, face: AuditedFace | None) -> tuple[object, ...]:
    front = (photo.page, photo.where, photo.name, photo.verdict.words)
    if face is None:
        return *front, *[""] * 7, photo.next_step
    answered: tuple[object, ...] = ("", "", "", "")
    if (answer := face.answer) is not None:
        said = "yes" if answer.given else "no"
        answered = (said, answer.asked_by, answer.asked_on, answer.how)
    cases = " ".join(face.revocations)
    return *front, face.number, face.standing.words, cases, *answered, photo.next_step


def changes(before: Audit | None, after: Audit) -> list[str]:
    """Say what changed from one audit of a piece to the next, in sentences."""
    if before is None or after.says_the_same_as(before):
        return []
    then = {_key(photo): photo for photo in before.photos}
    now = {_key(photo): photo for photo in after.photos}
    said = []
    for key, photo in now.items():
        old = then.get(key)
        if old is None:
            said.append(f"{photo.where}: new. {photo.words}.")
        elif old.verdict is not photo.verdict:
            said.append(f"{photo.where}: was “{old.words}”, is “{photo.words}”.")
        else:
            said += [*_of_faces(old, photo)] or _of_the_rest(old, photo)
    said += [f"{photo.where}: taken out." for key, photo in then.items() if key not in now]
    old_eye, new_eye = before.said_by_eye, after.said_by_eye
    said += [f"New: {sentence}" for sentence in new_eye if sentence not in old_eye]
    said += [f"No longer true: {sentence}" for sentence in old_eye if sentence not in new_eye]
    if before.policy_version != after.policy_version:
        said.append(f"The policy was {before.policy_version}, is {after.policy_version}.")
    if before.rules != after.rules:
        said.append("The last audit was made by an older version.")
    if before.model != after.model:
        said.append("The limits for comparing faces have changed.")
    # A picture that is judged twice stands in one place.
    return list(dict.fromkeys(said))


def _key(photo: AuditedPhoto) -> tuple[int | None, str | None, str]:
    return photo.page, photo.photo_sha256, "" if photo.photo_sha256 else photo.where


def _of_faces(old: AuditedPhoto, photo: AuditedPhoto) -> Iterator[str]:
    """Say how faces stand otherwise than before; those of one change in one sentence."""
    # A face keeps its place; its number changes when another is marked by hand.
    then = {face.box: face for face in old.faces}
    alike: dict[str, list[int]] = defaultdict(list)
    for face in photo.faces:
        before = then.pop(face.box, None)
        if before is None:
            alike[f"not there before, now {_stands(face)}"].append(face.number)
        elif _stands(before) != _stands(face):
            change = f"{_stands(before)} before, now {_stands(face)}"
            alike[change].append(face.number)
    for change, faces in alike.items():
        yield f"{photo.where}, {faces_named(faces)}: {change}."
    if gone := [face.number for face in then.values()]:
        yield f"{photo.where}, {faces_named(gone)} in the last audit: no longer there."


def _of_the_rest(old: AuditedPhoto, photo: AuditedPhoto) -> list[str]:
    """Say that something else is told of a photo, such as its event, or who answered."""
    same = old == replace(photo, placed_id=old.placed_id, where=old.where)
    return (
        [] if same else [f"{photo.where}: the verdict is the same, but the reasons have changed."]
    )


def _stands(face: AuditedFace) -> str:
    words = face.standing.words
    cases = f" ({', '.join(face.revocations)})" if face.revocations else ""
    return f"{words[:1].lower()}{words[1:]}{cases}"
