"""What a PDF can show beside what it usually does, as PDFs in which just that is shown.

PDFium has no switch for layers, and draws of a button only the state that is set. pikepdf (qpdf)
edits what PDFium saved, so that both read the same objects. It takes a fifth of a second to import:
import this module only for a PDF that has layers or appearances.
"""

from __future__ import annotations

import copy
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf

# Of one annotation. A radio button has four: on and off, as it is and pressed.
MOST_LOOKS = 32
# Fields are nested in fields; deeper ones are no program's.
_MOST_PARENTS = 32
# What annotations show usually, pressed and pointed at.
_APPEARANCES = ("/N", "/D", "/R")
# Invisible, hidden, not viewed.
_HIDING = 1 | 2 | 32
# What ties things to layers: pictures, forms and annotations; and by name, parts of a content.
_TIES = ("/OC", "/Properties")
# Of its content: pictures, shadings, patterns, and what may have a mask. Ticks have none of them.
# Not by pikepdf's parser, which leaves out what follows a slip in the content: PDFium does not.
_PICTURES_DRAWN = re.compile(
    rb"(?:^|[\s\0\])>])(?:Do|BI|sh|gs)(?=[\s\0/\[<(%]|$)"
    rb"|/[^\s\0/]+[\s\0]+(?:scn|SCN)(?=[\s\0/\[<(%]|$)"
)
_MANY_WHY = (
    f"A button or the like can show more than {MOST_LOOKS} different things, and the program did "
    "not look at all of them: look at it yourself, or export the PDF again."
)
_UNREAD_WHY = (
    "What a button, stamp or the like shows cannot be read ({}): look at it yourself, or export "
    "the PDF again."
)
_UNEDITED_WHY = (
    "Layers that are switched off, and what buttons show in other states, were not looked at ({}): "
    "look at them yourself, or export the PDF again."
)


@dataclass(frozen=True, slots=True)
class OtherLooks:
    """PDFs that show what another one does not usually show.

    Attributes:
        layered: it with every layer switched on; None where it has none.
        appearances: copies of its pages, on each of which are other annotations, or the same ones
            in another state; None where none may show a picture.
        copies: of each page of it that has any, from 0, the pages of `appearances`.
        notes: of each page that has any, what of it is not shown, in sentences.
        problem: of it as a whole, in a sentence; nothing else is given then.
    """

    layered: bytes | None = None
    appearances: bytes | None = None
    copies: dict[int, range] = field(default_factory=dict)
    notes: dict[int, list[str]] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """What an annotation shows in one state, and where."""

    drawn: pikepdf.Stream
    place: pikepdf.Rectangle
    flags: int


def other_looks(plain: bytes, *, pages: int, layers: bool) -> OtherLooks:
    """Return what else a PDF without a password can show.

    Args:
        plain: the file.
        pages: as many as PDFium finds in it: which is which goes by their order.
        layers: whether anything in it may be on a layer.
    """
    try:
        with pikepdf.open(io.BytesIO(plain)) as pdf:
            if len(pdf.pages) != pages:
                return OtherLooks(problem=_UNEDITED_WHY.format("its list of pages is damaged"))
            # Of the rest nothing is drawn, and in a tagged PDF it is most.
            for key in set(pdf.Root.keys()) - {"/Type", "/Pages"}:
                del pdf.Root[key]
            layered = None
            if layers:
                _untie_from_layers(pdf)
                layered = _saved(pdf)
            copies, notes = _copy_pages(pdf)
            appearances = _saved(pdf) if copies else None
    except (pikepdf.PikepdfError, ValueError) as error:
        # The latter of numbers that are too large.
        return OtherLooks(problem=_UNEDITED_WHY.format(error))
    return OtherLooks(layered, appearances, copies, notes)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    made = io.BytesIO()
    with warnings.catch_warnings():
        # That a button is in no form.
        warnings.simplefilter("ignore", pikepdf.exceptions.PageCopyWarning)
        pdf.save(
            made,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            preserve_pdfa=False,
            fix_metadata_version=False,
        )
    return made.getvalue()


def _untie_from_layers(pdf: pikepdf.Pdf) -> None:
    """Let everything be shown: what is on no layer depends on no state, usage or expression."""
    for entries in _dictionaries(pdf.Root):
        for key in _TIES:
            if key in entries:
                del entries[key]


def _dictionaries(first: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield each dictionary and stream that leads on from one, once."""
    seen: set[tuple[int, int]] = set()
    ahead = [first]
    while ahead:
        part = ahead.pop()
        if part.is_indirect:
            if part.objgen in seen:
                continue
            seen.add(part.objgen)
        parts: Iterable[object] = ()
        if isinstance(part, pikepdf.Array):
            parts = part
        elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            parts = part.values()
        ahead += (one for one in parts if isinstance(one, pikepdf.Object))


def _copy_pages(pdf: pikepdf.Pdf) -> tuple[dict[int, range], dict[int, list[str]]]:
    """Leave nothing but copies of pages, with other looks; say which are whose, and the notes."""
    pages = [page.obj for page in pdf.pages]
    copies: dict[int, range] = {}
    notes: dict[int, list[str]] = {}
    made: list[pikepdf.Dictionary] = []
    for index, page in enumerate(pages):
        looks, said = _looks(page)
        if said:
            notes[index] = list(dict.fromkeys(said))
        drawings = _apart(looks)
        if drawings:
            copies[index] = range(len(made), len(made) + len(drawings))
        for drawing in drawings:
            # Its content and its pictures are not copied, but referred to.
            one = pdf.make_indirect(copy.copy(page))
            one["/Annots"] = pikepdf.Array([_stamp(look) for look in drawing])
            made.append(one)
    del pdf.pages[:]
    for one in made:
        pdf.pages.append(pikepdf.Page(one))
    return copies, notes


def _looks(page: pikepdf.Object) -> tuple[list[_Look], list[str]]:
    """Return what the annotations of a page may show of pictures, and what is not known."""
    found: list[_Look] = []
    said: list[str] = []
    annotations = page.get("/Annots")
    for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
        if not isinstance(annotation, pikepdf.Dictionary):
            continue
        streams = _appearances(annotation)
        if len(streams) > MOST_LOOKS:
            said.append(_MANY_WHY)
        drawn = []
        for one in streams[:MOST_LOOKS]:
            try:
                if _may_show_picture(one):
                    drawn.append(one)
            except pikepdf.PikepdfError as error:
                said.append(_UNREAD_WHY.format(error))
        place = annotation.get("/Rect")
        if not drawn:
            continue
        if not (isinstance(place, pikepdf.Array) and place.is_rectangle):
            said.append(_UNREAD_WHY.format("it has no place on the page"))
            continue
        flags = annotation.get_int("/F", 0) & ~_HIDING
        found += [_Look(one, pikepdf.Rectangle(place), flags) for one in drawn]
    return found, said


def _appearances(annotation: pikepdf.Object) -> list[pikepdf.Stream]:
    """Return each thing that an annotation may show, in any state, once."""
    shown = _inherited(annotation, "/AP")
    streams: dict[tuple[int, int], pikepdf.Stream] = {}
    for key in _APPEARANCES:
        look = shown.get(key) if isinstance(shown, pikepdf.Dictionary) else None
        for one in look.values() if isinstance(look, pikepdf.Dictionary) else (look,):
            if isinstance(one, pikepdf.Stream):
                streams[one.objgen] = one
    return list(streams.values())


def _inherited(annotation: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """Return an entry of an annotation, or of the field that it belongs to."""
    entries: pikepdf.Object | None = annotation
    for _ in range(_MOST_PARENTS):
        if not isinstance(entries, pikepdf.Dictionary):
            break
        if key in entries:
            return entries.get(key)
        entries = entries.get("/Parent")
    return None


def _may_show_picture(drawn: pikepdf.Stream) -> bool:
    content = drawn.read_bytes(pikepdf.StreamDecodeLevel.specialized)
    return _PICTURES_DRAWN.search(content) is not None


def _apart(looks: Sequence[_Look]) -> list[list[_Look]]:
    """Divide looks so that of those that lie on one another, only one is drawn at a time."""
    drawings: list[list[_Look]] = []
    for look in looks:
        free = (
            drawing
            for drawing in drawings
            if not any(_lie_on(look.place, other.place) for other in drawing)
        )
        drawing = next(free, None)
        if drawing is None:
            drawings.append([look])
        else:
            drawing.append(look)
    return drawings


def _lie_on(one: pikepdf.Rectangle, other: pikepdf.Rectangle) -> bool:
    beside = one.llx >= other.urx or other.llx >= one.urx
    above = one.lly >= other.ury or other.lly >= one.ury
    return not (beside or above)


def _stamp(look: _Look) -> pikepdf.Dictionary:
    """Return an annotation that shows one thing, whatever state or form it was in."""
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Stamp,
        Rect=look.place.as_array(),
        F=look.flags,
        AP=pikepdf.Dictionary(N=look.drawn),
    )
