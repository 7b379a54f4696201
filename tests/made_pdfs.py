"""PDFs with photos, as tests make them: on the page, and in what buttons show."""

from __future__ import annotations

import io

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    RectangleObject,
    StreamObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from media_index.images.pdf import RenderedPage, pictures_in

PAGE = (400, 500)
CORNER, TICK = (9, 9, 89, 89), b"0 g 1 w 5 5 m 40 9 l 70 70 l S BT (4) Tj ET"


def renderings(content: bytes, place: tuple[int, int, int, int]) -> list[Image.Image]:
    """Return what each rendering of a page shows at a place, in gray; points from below left."""
    found = []
    for one in pictures_in(content):
        assert isinstance(one, RenderedPage), one
        with Image.open(io.BytesIO(one.content)) as opened:
            scale = opened.width / PAGE[0]
            left, low, right, high = place
            edges = (left, PAGE[1] - high, right, PAGE[1] - low)
            found.append(opened.convert("L").crop(tuple(round(edge * scale) for edge in edges)))
    return found


def as_jpeg(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=90)
    return made.getvalue()


def laid_out(draw, pages: int = 1) -> bytes:
    """Return a PDF whose every page was drawn by a function."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=PAGE)
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def with_jpeg(content: bytes):
    """Return a function that draws a JPEG on a page."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(io.BytesIO(content)), 40, 200, 160, 200)

    return draw


def named(entries: dict[str, object]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def stream(data: bytes) -> StreamObject:
    made = StreamObject()
    made.set_data(data)
    return made


def buttons(photo: Image.Image, *shown: dict[str, object], apart: bool = False) -> bytes:
    """Return a page of text with buttons in one corner, by what each shows.

    Of that, `photo` stands for what draws the photo, and `tick` for what draws a tick.
    """
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(with_jpeg(as_jpeg(photo)))))
    page = writer.pages[0]
    (image,) = page["/Resources"]["/XObject"].values()
    page[NameObject("/Contents")] = writer._add_object(stream(b"0 g 200 450 9 9 re f"))
    del page["/Resources"][NameObject("/XObject")]
    content = {"photo": b"q 80 0 0 80 0 0 cm /Im Do Q", "tick": TICK, "empty": b""}

    def drawn(what: object) -> object:
        if isinstance(what, dict):
            made = named({key: drawn(value) for key, value in what.items()})
            return writer._add_object(made) if apart else made
        form = stream(content[str(what)])
        form.update(named({"/Type": NameObject("/XObject"), "/Subtype": NameObject("/Form")}))
        form[NameObject("/BBox")] = RectangleObject((0, 0, 80, 80))
        form[NameObject("/Resources")] = named(
            {"/XObject": named({"/Im": image.indirect_reference})}
        )
        return writer._add_object(form)

    kinds = {"/Type": NameObject("/Annot"), "/Subtype": NameObject("/Widget")}
    kinds |= {"/FT": NameObject("/Btn"), "/Rect": RectangleObject(CORNER)}
    of_each = [kinds | {"/AS": NameObject("/Off"), "/AP": drawn(looks)} for looks in shown]
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(named(one)) for one in of_each])
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def with_second_photo(pdf: bytes, other: Image.Image) -> bytes:
    """Return a PDF in which the topmost button draws another photo."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    drawn = writer.pages[0]["/Annots"][-1]["/AP"]["/N"]["/Yes"]
    image = stream(as_jpeg(other))
    image.update(drawn["/Resources"]["/XObject"]["/Im"])
    image[NameObject("/Filter")] = NameObject("/DCTDecode")
    drawn["/Resources"]["/XObject"][NameObject("/Im")] = writer._add_object(image)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
