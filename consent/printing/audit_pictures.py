"""The pictures of an audit: each photo as it is printed, its faces numbered by how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.printing.audit_findings import Standing
from media_index.drawing import Line, Mark, draw_marks

if TYPE_CHECKING:
    from consent.printing.audit_findings import AuditedFace, AuditedPhoto
    from consent.reviewing.photo_views import PhotoView

_STOP, _ASK, _FINE = (176, 24, 24), (150, 90, 0), (70, 80, 90)


def audited_picture(photo: AuditedPhoto, view: PhotoView) -> bytes:
    """Draw a photo of an audit: solid, it stops the print; dashed, ask first; thin, nothing to do.

    Args:
        photo: as it was found.
        view: its thumbnail and size.

    Returns:
        JPEG bytes.
    """
    faces = sorted(photo.faces, key=lambda face: _line(face) is not Line.THIN)
    marks = [
        Mark(face.box, str(face.number), _line(face), _colour(face), always=True)
        for face in faces
        if face.standing is not Standing.NOT_RECOGNISABLE
    ]
    return draw_marks(view.thumbnail, (view.width, view.height), marks, photo.region)


def _line(face: AuditedFace) -> Line:
    if face.standing.blocks:
        return Line.SOLID
    if face.standing in {Standing.MISSING, Standing.REFUSED}:
        return Line.DASHED
    return Line.THIN


def _colour(face: AuditedFace) -> tuple[int, int, int]:
    return {Line.SOLID: _STOP, Line.DASHED: _ASK}.get(_line(face), _FINE)
