"""What changed from one audit of a print piece to the next, in sentences."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from consent.printing.audit_findings import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consent.printing.audit_findings import Audit, AuditedFace, AuditedPhoto


def changes(before: Audit | None, after: Audit) -> list[str]:
    """Say what changed from one audit of a piece to the next, in sentences."""
    if before is None:
        return []
    then = {_key(photo): photo for photo in before.photos}
    now = {_key(photo): photo for photo in after.photos}
    said = []
    for key, photo in now.items():
        old = then.get(key)
        if old is None:
            said.append(f"{photo.where}: new. {photo.verdict.label}.")
        elif old.verdict is not photo.verdict:
            said.append(f"{photo.where}: was “{old.verdict.label}”, is “{photo.verdict.label}”.")
        else:
            said += _of_faces(old, photo)
    said += [f"{photo.where}: taken out." for key, photo in then.items() if key not in now]
    return said


def _key(photo: AuditedPhoto) -> tuple[int | None, str | None, str]:
    return photo.page, photo.photo_sha256, "" if photo.photo_sha256 else photo.where


def _of_faces(old: AuditedPhoto, photo: AuditedPhoto) -> Iterator[str]:
    """Say how faces stand otherwise than before; those of one change in one sentence."""
    # A face keeps its place; its number changes when another is marked by hand.
    then = {face.box: face for face in old.faces}
    alike: dict[str, list[str]] = defaultdict(list)
    for face in photo.faces:
        before = then.pop(face.box, None)
        if before is None:
            alike[f"not there before, now {_stands(face)}"].append(str(face.number))
        elif _stands(before) != _stands(face):
            change = f"{_stands(before)} before, now {_stands(face)}"
            alike[change].append(str(face.number))
    for change, faces in alike.items():
        yield f"{photo.where}, {listed(faces)}: {change}."
    if gone := [str(face.number) for face in then.values()]:
        yield f"{photo.where}, {listed(gone)} of the audit before: not there any more."


def _stands(face: AuditedFace) -> str:
    words = face.standing.words
    cases = f" ({', '.join(face.revocations)})" if face.revocations else ""
    return f"{words[:1].lower()}{words[1:]}{cases}"
