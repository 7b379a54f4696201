"""Kinds of files: photos that are read, pictures that are not, and what is no picture at all."""

from __future__ import annotations

SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".avif"},
)
# Pictures that are not read here. They are listed, so that it is said that nobody looked at them.
UNREAD_SUFFIXES = frozenset(
    {".gif", ".bmp", ".jxl", ".jp2", ".psd"}
    # Of cameras: as they come out, before they are developed.
    | {".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw"}
)


def what_it_is(content: bytes, pdf_advice: str) -> str:
    """Say what to do with a file that is no photo."""
    for start, advice in _OTHER_FILES.items():
        if content.startswith(start):
            return advice
    if content.startswith(b"%PDF"):
        return f"A PDF: {pdf_advice}."
    if not content:
        return "The file is empty: copy it again from the camera or its source."
    return (
        "Not a photo this program can read (JPEG, PNG, WebP, TIFF, HEIC or AVIF), or damaged "
        "at its start: export it again as JPEG."
    )


_OTHER_FILES = {
    b"PK\x03\x04": "A ZIP file, or an office document: unpack it, and check the photos in it.",
    b"GIF8": "A GIF, which may move: export the picture that is to be shown as JPEG.",
}
