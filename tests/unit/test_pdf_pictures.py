"""The pictures of laid-out PDFs, as layout programs write them and as they come damaged."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    RectangleObject,
    StreamObject,
    TextStringObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from consent.settings import ROOT
from media_index.images.pdf import (
    PdfError,
    PdfLimits,
    PlacedPicture,
    RenderedPage,
    UnreadablePicture,
    pictures_in,
)
from tests.made_pdfs import (
    CORNER,
    PAGE,
    as_jpeg,
    buttons,
    laid_out,
    named,
    renderings,
    stream,
    with_jpeg,
    with_second_photo,
)

PHOTO = ROOT / "data" / "samples" / "originals" / "obama.jpg"


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    with Image.open(PHOTO) as opened:
        small = opened.convert("RGB")
    small.thumbnail((240, 240))
    return small


def placed(pdf: bytes, limits: PdfLimits | None = None) -> list[PlacedPicture]:
    return [one for one in pictures_in(pdf, limits) if isinstance(one, PlacedPicture)]


def unreadable(pdf: bytes, limits: PdfLimits | None = None) -> list[str]:
    return [one.why for one in pictures_in(pdf, limits) if isinstance(one, UnreadablePicture)]


def rendered(pdf: bytes) -> RenderedPage:
    return next(one for one in pictures_in(pdf) if isinstance(one, RenderedPage))


def likeness(content: bytes, like: Image.Image) -> float:
    """Return how two pictures of about one size go together, from -1 (inverted) to 1."""
    with Image.open(io.BytesIO(content)) as opened:
        shown = opened.convert("L").resize((64, 64))
    meant = like.convert("RGB").convert("L").resize((64, 64))
    pixels = [np.asarray(one, dtype=float).ravel() for one in (shown, meant)]
    return float(np.corrcoef(*pixels)[0, 1])


def test_a_jpeg_is_taken_out_byte_for_byte_with_its_page_and_place(photo):
    content = as_jpeg(photo)
    first, second = placed(laid_out(with_jpeg(content), pages=2))

    assert (first.content, first.page, second.page, second.number) == (content, 1, 2, 1)
    # 40 pt from the left, 400 of 500 pt up, at 150 dots to the inch.
    assert first.bounds.x1 == pytest.approx(40 * 150 / 72, abs=1)
    assert first.bounds.y1 == pytest.approx(100 * 150 / 72, abs=1)


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "RGBA"])
def test_colours_and_masks_come_out_as_they_are_printed(photo, mode: str):
    inked = photo.convert(mode)

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(inked), 40, 200, 160, 200, mask="auto")

    (found,) = placed(laid_out(draw))
    # Inks are mixed otherwise by every program; a wrong mask or an inversion is far off.
    assert likeness(found.content, inked) > 0.97


@pytest.mark.parametrize(("degrees", "turn"), [(90, 3), (180, 2), (270, 1)])
def test_a_picture_that_the_layout_turned_is_given_as_it_stands(photo, degrees: int, turn: int):
    def draw(canvas: Canvas) -> None:
        canvas.translate(200, 250)
        canvas.rotate(degrees)
        canvas.drawImage(ImageReader(io.BytesIO(as_jpeg(photo))), -60, -80, 120, 160)

    (found,) = placed(laid_out(draw))
    meant = np.rot90(np.asarray(photo), k=4 - turn)
    assert likeness(found.content, Image.fromarray(np.ascontiguousarray(meant))) > 0.95


def test_a_picture_within_forms_within_forms_is_found(photo):
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("inner")
        with_jpeg(as_jpeg(photo))(canvas)
        canvas.endForm()
        canvas.beginForm("outer")
        canvas.doForm("inner")
        canvas.endForm()
        canvas.doForm("outer")

    assert len(placed(laid_out(draw))) == 1


@pytest.mark.parametrize("overlap", [0, 6])
@pytest.mark.parametrize("across", [1, 4])
def test_strips_and_tiles_are_one_picture(photo, across: int, overlap: int):
    wide, high = photo.size

    def draw(canvas: Canvas) -> None:
        for row in range(4):
            for column in range(across):
                box = (
                    wide * column // across,
                    high * row // 4,
                    min(wide, wide * (column + 1) // across + overlap),
                    min(high, high * (row + 1) // 4 + overlap),
                )
                tile = photo.crop(box)
                place = 50 + box[0], 450 - box[3]
                canvas.drawImage(ImageReader(tile), *place, *tile.size)

    (found,) = placed(laid_out(draw))

    assert likeness(found.content, photo) > 0.99
    assert (found.bounds.width, found.bounds.height) == pytest.approx(
        [side * 150 / 72 for side in photo.size], abs=2
    )


@pytest.mark.parametrize("below", [False, True])
def test_two_photos_that_lie_flush_are_two(photo, below: bool):
    with Image.open(PHOTO.with_name("astronaut.png")) as opened:
        other = opened.convert("RGB").resize(photo.size)
    wide, high = photo.size

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(photo), 10, 450 - high, wide, high)
        place = (10, 450 - 2 * high) if below else (10 + wide, 450 - high)
        canvas.drawImage(ImageReader(other), *place, wide, high)

    found = placed(laid_out(draw))

    for picture in (photo, other):
        assert max(likeness(one.content, picture) for one in found) > 0.98


def test_where_a_seam_says_nothing_the_pictures_are_given_both_ways(photo):
    """Two photos before one white wall, or one that was cut there: nobody can tell."""
    wall = photo.copy()
    wall.paste("white", (wall.width - 20, 0, wall.width, wall.height))

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(wall), 10, 100)
        canvas.drawImage(ImageReader(ImageOps.mirror(wall)), 10 + wall.width, 100)

    assert sorted(one.bounds.width for one in placed(laid_out(draw))) == pytest.approx(
        [wall.width * 150 / 72] * 2 + [2 * wall.width * 150 / 72], abs=2
    )


def test_photos_side_by_side_stay_two(photo):
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(photo), 20, 200, 150, 190)
        canvas.drawImage(ImageReader(photo), 180, 200, 150, 190)

    assert len(placed(laid_out(draw))) == 2


def test_a_page_is_given_as_it_is_printed(photo):
    page = rendered(laid_out(with_jpeg(as_jpeg(photo))))

    with Image.open(io.BytesIO(page.content)) as opened:
        assert opened.size == pytest.approx([side * 150 / 72 for side in PAGE], abs=1)


def test_an_ornament_is_no_picture(photo):
    dot = photo.resize((20, 20))

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(dot), 40, 40, 20, 20)

    assert placed(laid_out(draw)) == []


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_on_a_turned_page_a_picture_is_given_as_it_is_printed(photo, degrees: int):
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(with_jpeg(as_jpeg(photo)))))
    writer.pages[0].rotate(degrees)
    made = io.BytesIO()
    writer.write(made)

    (found,) = placed(made.getvalue())

    turned = photo.rotate(-degrees, expand=True)
    assert likeness(found.content, turned) > 0.95
    page = Image.open(io.BytesIO(rendered(made.getvalue()).content))
    box = found.bounds
    assert likeness(as_jpeg(page.crop((box.x1, box.y1, box.x2, box.y2))), turned) > 0.95


def test_readers_do_not_turn_a_jpeg_by_its_exif(photo):
    exif = Image.Exif()
    exif[0x0112] = 6
    made = io.BytesIO()
    photo.save(made, "JPEG", exif=exif)

    (found,) = placed(laid_out(with_jpeg(made.getvalue())))

    with Image.open(io.BytesIO(found.content)) as opened:
        assert opened.getexif().get(0x0112, 1) == 1
    assert likeness(found.content, photo) > 0.98


def test_a_negative_that_the_layout_turns_back_is_given_as_it_is_printed(photo):
    negative = as_jpeg(ImageOps.invert(photo))
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(with_jpeg(negative))))
    for image in writer.pages[0]["/Resources"]["/XObject"].values():
        decode = ArrayObject([NumberObject(value) for value in (1, 0) * 3])
        image.get_object()[NameObject("/Decode")] = decode
    made = io.BytesIO()
    writer.write(made)

    (found,) = placed(made.getvalue())

    assert likeness(found.content, photo) > 0.98


def test_an_odd_page_costs_a_sentence_and_the_others_are_read(photo):
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(with_jpeg(as_jpeg(photo)), pages=2)))
    writer.pages[0].cropbox = RectangleObject((600, 800, 1000, 1000))
    made = io.BytesIO()
    writer.write(made)

    (why,) = unreadable(made.getvalue())
    assert why.startswith("The page cannot be read")
    assert [picture.page for picture in placed(made.getvalue())] == [2]


def test_a_huge_page_is_looked_at_in_a_size_that_fits(photo):
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(with_jpeg(as_jpeg(photo)))))
    writer.pages[0].mediabox = RectangleObject((0, 0, 14_400, 14_400))
    made = io.BytesIO()
    writer.write(made)

    page = rendered(made.getvalue())

    with Image.open(io.BytesIO(page.content)) as opened:
        assert opened.width * opened.height <= 41_000_000


def test_what_cannot_be_taken_out_is_said(photo):
    pdf = laid_out(with_jpeg(as_jpeg(photo)))

    assert unreadable(pdf) == []
    (large,) = unreadable(pdf, PdfLimits(max_pixels=1000))
    assert "place a smaller copy" in large
    (many,) = unreadable(pdf, PdfLimits(max_pictures=0))
    assert "more than 0 pictures: split it" in many


def test_a_damaged_picture_is_named_and_its_page_still_rendered(photo):
    content = as_jpeg(photo)
    pdf = laid_out(with_jpeg(content))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    image = next(iter(writer.pages[0]["/Resources"]["/XObject"].values())).get_object()
    # Not base 85 any more, as the layout wrote it, but a JPEG that ends after its head.
    image._data = content[:200]
    image[NameObject("/Filter")] = NameObject("/DCTDecode")
    damaged = io.BytesIO()
    writer.write(damaged)

    found = list(pictures_in(damaged.getvalue()))
    assert not any(isinstance(one, PlacedPicture) for one in found)
    assert "upload its file" in unreadable(damaged.getvalue())[0]
    assert isinstance(found[-1], RenderedPage)


def test_files_that_are_no_readable_pdf_are_refused_with_what_to_do(photo):
    pdf = laid_out(with_jpeg(as_jpeg(photo)), pages=3)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt("secret")
    locked = io.BytesIO()
    writer.write(locked)

    for content, said in (
        (locked.getvalue(), "protected by a password: export it again without one"),
        (b"%PDF-1.7 and nothing more", "cannot be read"),
        (b"", "cannot be read"),
    ):
        with pytest.raises(PdfError, match=said):
            list(pictures_in(content))
    with pytest.raises(PdfError, match="more than 2 pages"):
        list(pictures_in(pdf, PdfLimits(max_pages=2)))


def with_stamp(picture: Image.Image, flags: int) -> bytes:
    """Return a page without a picture, but for a stamp that shows one."""
    look = io.BytesIO()
    canvas = Canvas(look, pagesize=PAGE)
    canvas.drawImage(ImageReader(picture), 40, 200, 160, 200)
    canvas.save()
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(lambda canvas: canvas.drawString(9, 9, "a"))))
    writer.append(PdfReader(io.BytesIO(look.getvalue())))
    drawn = writer.pages[1].get_contents()
    drawn |= {
        NameObject("/Type"): NameObject("/XObject"),
        NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): RectangleObject((0, 0, *PAGE)),
        NameObject("/Resources"): writer.pages[1]["/Resources"],
    }
    stamp = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Stamp"),
            NameObject("/F"): NumberObject(flags),
            NameObject("/Rect"): RectangleObject((0, 0, *PAGE)),
            NameObject("/AP"): DictionaryObject(
                {NameObject("/N"): writer._add_object(drawn)},
            ),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(stamp)])
    writer.remove_page(1)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_what_is_on_paper_alone_or_on_the_screen_alone_is_a_page_of_its_own(photo):
    seen, unseen, hidden = 4, 32, 2

    def ink(page: RenderedPage) -> float:
        with Image.open(io.BytesIO(page.content)) as opened:
            return 255 - float(np.asarray(opened.convert("L"), float).mean())

    def inks(flags: int) -> list[bool]:
        pages = [
            one for one in pictures_in(with_stamp(photo, flags)) if isinstance(one, RenderedPage)
        ]
        assert [page.number for page in pages] == list(range(1, len(pages) + 1))
        return [ink(page) > 5 for page in pages]

    assert inks(seen) == [True]
    assert inks(seen | unseen) == [False, True]
    assert inks(0) == [True, False]
    # Some readers show it all the same.
    assert inks(hidden) == [False, True]


def test_attached_files_that_may_show_people_are_named(photo):
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(with_jpeg(as_jpeg(photo)))))
    writer.add_attachment("invoice.xml", b"<a/>")
    writer.add_attachment("extra.jpg", as_jpeg(photo))
    made = io.BytesIO()
    writer.write(made)
    (why,) = unreadable(made.getvalue())
    assert "extra.jpg" in why
    assert "invoice" not in why


def test_a_jpeg_2000_that_is_cut_off_is_named(photo):
    whole = io.BytesIO()
    photo.save(whole, "JPEG2000")

    def with_jpx(content: bytes) -> bytes:
        writer = PdfWriter(clone_from=io.BytesIO(laid_out(with_jpeg(as_jpeg(photo)))))
        image = next(iter(writer.pages[0]["/Resources"]["/XObject"].values())).get_object()
        image._data = content
        image[NameObject("/Filter")] = NameObject("/JPXDecode")
        made = io.BytesIO()
        writer.write(made)
        return made.getvalue()

    assert not unreadable(with_jpx(whole.getvalue()))
    (why,) = unreadable(with_jpx(whole.getvalue()[: len(whole.getvalue()) // 3]))
    assert "upload its file" in why


def changed(photo: Image.Image, entries: dict[str, object], data: bytes | None = None) -> bytes:
    """Return a page with a JPEG of which the PDF says something else, or which has other data."""
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(with_jpeg(as_jpeg(photo)))))
    image = next(iter(writer.pages[0]["/Resources"]["/XObject"].values())).get_object()
    image._data = as_jpeg(photo) if data is None else data
    image[NameObject("/Filter")] = NameObject("/DCTDecode")
    for key, value in entries.items():
        image[NameObject(key)] = value
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_what_pdfium_leaves_blank_or_shows_otherwise_is_named(photo):
    pixels = zlib.compress(photo.tobytes()[: photo.width * photo.height])
    flate = {"/Filter": NameObject("/FlateDecode")}

    for entries, data, said in (
        ({"/Filter": NameObject("/WebPDecode")}, None, "of an unknown kind"),
        ({"/Filter": NameObject("/JBIG2Decode")}, bytes(300), "of an unknown kind"),
        ({"/ColorSpace": NameObject("/DeviceGray")}, None, "other inks than it says"),
        (flate, pixels, "ends too early"),
    ):
        (why,) = unreadable(changed(photo, entries, data))
        assert said in why
    assert unreadable(changed(photo, flate, zlib.compress(photo.tobytes()))) == []
    # As printers have them.
    assert unreadable(laid_out(with_jpeg(as_jpeg(photo.convert("CMYK"))))) == []


def with_annotation(entries: dict[str, object], of_all: dict[str, object] | None = None) -> bytes:
    """Return a page of text with an annotation, and entries of the PDF as a whole."""
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(lambda canvas: canvas.drawString(9, 9, "a"))))
    annotation = {"/Type": NameObject("/Annot"), "/Rect": RectangleObject((9, 9, 90, 90))}
    placed = writer._add_object(on_their_own(writer, named(annotation | entries)))
    writer.pages[0][NameObject("/Annots")] = ArrayObject([placed])
    writer.root_object.update(on_their_own(writer, named(of_all or {})))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def on_their_own(writer: PdfWriter, entries: DictionaryObject) -> DictionaryObject:
    """Put the streams in entries into the PDF, as objects of their own."""
    for key, value in entries.items():
        if isinstance(value, StreamObject):
            entries[key] = writer._add_object(value)
        elif isinstance(value, DictionaryObject):
            on_their_own(writer, value)
    return entries


def test_what_a_reader_opens_from_a_page_is_named(photo):
    file = named({"/Type": NameObject("/Filespec"), "/F": TextStringObject("extra.jpg")})
    file[NameObject("/EF")] = named({"/F": stream(as_jpeg(photo))})
    note = {"/Subtype": NameObject("/FileAttachment"), "/FS": file}

    assert "extra.jpg" in unreadable(with_annotation(note))[0]
    assert "a video" in unreadable(with_annotation({"/Subtype": NameObject("/RichMedia")}))[0]
    assert unreadable(with_annotation({"/Subtype": NameObject("/Text")})) == []


def test_pages_that_another_program_makes_are_named():
    form = named({"/Fields": ArrayObject(), "/XFA": stream(b"<template/>")})
    note = {"/Subtype": NameObject("/Text")}
    of_all = {"/AcroForm": form, "/NeedsRendering": BooleanObject(True)}
    (xfa,) = unreadable(with_annotation(note, of_all))
    assert "XFA" in xfa

    def draw(canvas: Canvas) -> None:
        canvas.drawString(9, 99, "This is an Adobe Illustrator File that was")
        canvas.drawString(9, 80, "saved without PDF Content.")

    (illustrator,) = unreadable(laid_out(draw))
    assert "Illustrator" in illustrator


def test_of_too_many_attached_files_the_number_is_named():
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(lambda canvas: canvas.drawString(9, 9, "a"))))
    for number in range(103):
        writer.add_attachment(f"{number:03}.txt", b"text")
    made = io.BytesIO()
    writer.write(made)

    (why,) = unreadable(made.getvalue())
    assert "3 more" in why


def test_a_button_that_the_form_wants_drawn_anew_is_drawn_as_it_is_too(photo):
    writer = PdfWriter(clone_from=io.BytesIO(with_stamp(photo, 4)))
    button = writer.pages[0]["/Annots"][0]
    button.get_object().update(
        named({"/Subtype": NameObject("/Widget"), "/FT": NameObject("/Btn")})
        | named({"/Ff": NumberObject(65536), "/T": TextStringObject("photo")})
    )
    writer.root_object[NameObject("/AcroForm")] = named(
        {"/Fields": ArrayObject([button]), "/NeedAppearances": BooleanObject(True)}
    )
    made = io.BytesIO()
    writer.write(made)

    shown = [one for one in pictures_in(made.getvalue()) if isinstance(one, RenderedPage)]
    darkest = [np.asarray(Image.open(io.BytesIO(one.content)).convert("L")).mean() for one in shown]
    assert min(darkest) < 250


def test_a_tiny_page_is_looked_at_as_if_it_were_enlarged(photo):
    def draw(canvas: Canvas) -> None:
        canvas.setPageSize((42, 60))
        canvas.drawImage(ImageReader(photo), 0, 0, 42, 60)

    with Image.open(io.BytesIO(rendered(laid_out(draw)).content)) as page:
        assert page.height == pytest.approx(1000, abs=1)


def test_photos_that_fill_shapes_are_rendered_as_fine_as_they_are_printed(photo):
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(with_jpeg(as_jpeg(photo)))))
    page = writer.pages[0]
    fill = stream(b"300 0 0 375 0 0 cm /Photo Do")
    sides = ("/BBox", RectangleObject((0, 0, 300, 375))), ("/Resources", page["/Resources"])
    fill.update(named(dict(sides) | {"/XStep": NumberObject(300), "/YStep": NumberObject(375)}))
    kinds = dict.fromkeys(("/PatternType", "/PaintType", "/TilingType"), NumberObject(1))
    fill.update(named(kinds))
    (name,) = page["/Resources"]["/XObject"]
    fill.set_data(fill.get_data().replace(b"/Photo", name.encode()))
    page["/Resources"][NameObject("/Pattern")] = named({"/Fill": writer._add_object(fill)})
    shape = stream(b"/Pattern cs /Fill scn 0 0 300 375 re f")
    page[NameObject("/Contents")] = writer._add_object(shape)
    made = io.BytesIO()
    writer.write(made)

    with Image.open(io.BytesIO(rendered(made.getvalue()).content)) as opened:
        assert opened.width == pytest.approx(PAGE[0] * 300 / 72, abs=1)


@pytest.mark.parametrize("within_form", [False, True])
@pytest.mark.parametrize("usage", [False, True])
def test_what_is_drawn_on_a_layer_that_is_switched_off_is_seen(*, within_form: bool, usage: bool):
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(lambda canvas: canvas.drawString(9, 9, "a"))))
    page = writer.pages[0]
    layer = named({"/Type": NameObject("/OCG"), "/Name": TextStringObject("Photos")})
    if usage:
        layer[NameObject("/Usage")] = named({"/View": named({"/ViewState": NameObject("/OFF")})})
    kept = writer._add_object(layer)
    shown = named({} if usage else {"/OFF": ArrayObject([kept])})
    writer.root_object[NameObject("/OCProperties")] = named(
        {"/OCGs": ArrayObject([kept]), "/D": shown}
    )
    black = b"0 g 40 40 300 300 re f"
    if within_form:
        form = stream(black)
        form.update(named({"/Type": NameObject("/XObject"), "/Subtype": NameObject("/Form")}))
        form.update(named({"/BBox": RectangleObject((0, 0, *PAGE)), "/OC": kept}))
        page["/Resources"][NameObject("/XObject")] = named({"/Form": writer._add_object(form)})
        drawn = stream(b"/Form Do")
    else:
        page["/Resources"][NameObject("/Properties")] = named({"/Layer": kept})
        drawn = stream(b"/OC /Layer BDC " + black + b" EMC")
    page[NameObject("/Contents")] = writer._add_object(drawn)
    made = io.BytesIO()
    writer.write(made)

    found = [one for one in pictures_in(made.getvalue()) if isinstance(one, RenderedPage)]
    grays = [np.asarray(Image.open(io.BytesIO(one.content)).convert("L")).mean() for one in found]
    assert (max(grays) > 250, min(grays) < 180) == (True, True)


def looks(pdf: bytes, photo: Image.Image) -> list[float]:
    """Return by how many gray levels the corner differs from a photo, in each rendering."""
    meant = np.asarray(photo.convert("L").resize((64, 64)), dtype=float)
    return [
        float(np.abs(np.asarray(cut.resize((64, 64)), dtype=float) - meant).mean())
        for cut in renderings(pdf, CORNER)
    ]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(
    "shown",
    [
        {"/N": {"/Off": "tick", "/Yes": "photo"}},
        {"/N": {"/Off": "tick", "/S\u00ed, claro": "photo"}},
        {"/N": {"/Off": "tick", "/N": "photo"}, "/D": {"/Off": "tick", "/N": "tick"}},
        {"/N": "tick", "/D": "photo"},
        {"/N": "tick", "/R": "photo"},
        {"/N": {"/Off": "tick", "/Yes": "tick"}, "/D": {"/Off": "tick", "/Yes": "photo"}},
        {"/N": {"/Off": "tick", "/1": "tick", "/2": "tick", "/3": "photo"}},
    ],
)
def test_what_a_button_shows_in_any_other_state_is_looked_at(photo, shown, *, apart: bool):
    assert min(looks(buttons(photo, shown, apart=apart), photo)) < 12


def test_of_buttons_on_one_another_each_is_looked_at(photo):
    shown = [{"/N": {"/Off": "empty", "/Yes": drawn}} for drawn in ("photo", "photo")]
    other = ImageOps.mirror(photo)
    assert len(looks(buttons(photo, *shown), photo)) == 2
    top = with_second_photo(buttons(photo, *shown), other)
    assert min(looks(top, photo)) < 12
    assert min(looks(top, other)) < 12


@pytest.mark.parametrize("nested", [False, True])
def test_what_cannot_be_drawn_in_another_state_is_named(photo, *, nested: bool):
    box = {"/N": {"/Off": "empty", "/Yes": "photo"}}
    writer = PdfWriter(clone_from=io.BytesIO(buttons(photo, box)))
    states = writer.pages[0]["/Annots"][0]["/AP"]["/N"]
    states["/Yes"]["/Resources"]["/XObject"]["/Im"][NameObject("/Filter")] = NameObject("/WebP")
    if nested:
        outer = stream(b"/Im Do")
        outer.update(states["/Yes"])
        inner = named({"/Im": states.raw_get("/Yes")})
        outer[NameObject("/Resources")] = named({"/XObject": inner})
        states[NameObject("/Yes")] = writer._add_object(outer)
    made = io.BytesIO()
    writer.write(made)

    (why,) = unreadable(made.getvalue())
    assert "cannot be drawn (it is damaged, or of an unknown kind)" in why


def test_a_tick_in_a_box_is_not_looked_at_again(photo):
    box = {"/N": {"/Off": "empty", "/Yes": "tick"}, "/D": {"/Off": "tick", "/Yes": "tick"}}
    assert len(looks(buttons(photo, box, box | {"/R": "tick"}), photo)) == 1


def test_pictures_in_reserve_and_pages_of_other_files_are_named(photo):
    reserve = named({"/Image": NumberObject(0), "/DefaultForPrinting": BooleanObject(True)})
    (why,) = unreadable(changed(photo, {"/Alternates": ArrayObject([reserve])}))
    assert "in reserve" in why
    other = named({"/F": TextStringObject("photo.pdf"), "/Page": NumberObject(0)})
    (why,) = unreadable(changed(photo, {"/Ref": other}))
    assert "another file" in why
