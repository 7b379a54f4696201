"""What a PDF shows once a layer or a button is switched, however the file writes it down."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from media_index.images.pdf import UnreadablePicture, pictures_in
from media_index.images.pdf_looks import MOST_LOOKS, other_looks
from tests.made_pdfs import PAGE, renderings

# Most buttons here are in no form, as when a page was taken out of one.
pytestmark = pytest.mark.filterwarnings("ignore::pikepdf.exceptions.PageCopyWarning")
PLACE = (10, 10, 90, 90)
BLACK, TICK = b"q 80 0 0 80 0 0 cm /Im Do Q", b"0 g 1 w 5 5 m 40 9 l S"


@pytest.fixture
def pdf() -> pikepdf.Pdf:
    """Return a PDF of one page with nothing on it."""
    made = pikepdf.new()
    made.add_blank_page(page_size=PAGE)
    return made


def black(pdf: pikepdf.Pdf, content: bytes = BLACK, **entries: object) -> pikepdf.Stream:
    """Return a form of 80 by 80, in which /Im is a black picture."""
    pixel = {"Width": 1, "Height": 1, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
    image = pdf.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image, **pixel)
    pictures = Dictionary(XObject=Dictionary(Im=image))
    box = {"BBox": Array([0, 0, 80, 80]), "Resources": pictures}
    return pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, **box, **entries)


def annotate(pdf: pikepdf.Pdf, **entries: object) -> pikepdf.Object:
    """Put a button on the page, which shows the state /Off."""
    one = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Btn,
            Rect=Array(PLACE),
            AS=Name.Off,
            **entries,
        )
    )
    page = pdf.pages[0].obj
    page.Annots = Array([*page.get("/Annots", ()), one])
    return one


def saved(pdf: pikepdf.Pdf, *, packed: bool = False) -> bytes:
    mode = pikepdf.ObjectStreamMode
    made = io.BytesIO()
    pdf.save(made, object_stream_mode=mode.generate if packed else mode.disable)
    return made.getvalue()


def grays(content: bytes) -> list[float]:
    """Return how light the place of the button is in each rendering, 0 to 255."""
    return [float(np.asarray(cut, dtype=float).mean()) for cut in renderings(content, PLACE)]


def named(content: bytes) -> list[str]:
    return [one.why for one in pictures_in(content) if isinstance(one, UnreadablePicture)]


@pytest.mark.parametrize("packed", [False, True])
def test_an_appearance_is_found_in_packed_objects(pdf, *, packed: bool):
    states = pdf.make_indirect(Dictionary(Off=black(pdf, TICK), Yes=black(pdf)))
    annotate(pdf, AP=pdf.make_indirect(Dictionary(N=states)))
    content = saved(pdf, packed=packed)
    assert (b"/ObjStm" in content, b"/XRef" in content, b"/AP" in content) == (
        packed,
        packed,
        not packed,
    )
    # Without buttons, as it is, and in the other state.
    blank, off, on = grays(content)
    assert blank > off > on
    assert on < 9


def test_an_appearance_of_the_field_is_that_of_its_parts(pdf):
    states = pdf.make_indirect(Dictionary(N=Dictionary(Off=black(pdf, TICK), Yes=black(pdf))))
    parent = pdf.make_indirect(Dictionary(FT=Name.Btn, T="One of", AP=states))
    part = annotate(pdf, Parent=parent)
    parent.Kids = Array([part])
    pdf.Root.AcroForm = Dictionary(Fields=Array([parent]))
    assert min(grays(saved(pdf))) < 9


@pytest.mark.parametrize("spelled", [b"/#41#50", b"/#41P", b"/A#50"])
def test_an_appearance_is_found_however_its_name_is_spelled(pdf, spelled: bytes):
    instead = b"/" + b"Appear"[: len(spelled) - 1]
    look = Dictionary({"/N": Dictionary({"/Off": black(pdf, TICK), "/S\u00ed #1": black(pdf)})})
    annotate(pdf)[instead.decode()] = look
    content = saved(pdf).replace(instead, spelled)
    assert (b"/AP" in content, spelled in content, b"#" in content) == (False, True, True)
    assert min(grays(content)) < 9


def test_two_states_that_show_the_same_are_looked_at_once(pdf):
    same = black(pdf)
    annotate(pdf, AP=Dictionary(N=Dictionary(Off=same, Yes=same), D=Dictionary(Yes=same)))
    blank, on = grays(saved(pdf))
    assert blank > 250
    assert on < 9


def test_buttons_beside_one_another_are_drawn_together(pdf):
    for left in (10, 110, 210):
        one = annotate(pdf, AP=Dictionary(N=Dictionary(Off=black(pdf, TICK), Yes=black(pdf))))
        one.Rect = Array([left, 10, left + 80, 90])
    assert len(grays(saved(pdf))) == 3


def test_a_button_that_can_show_too_much_is_named(pdf):
    states = {f"/S{number}": black(pdf, TICK) for number in range(MOST_LOOKS + 1)}
    annotate(pdf, AP=Dictionary(N=Dictionary(states)))
    (why,) = named(saved(pdf))
    assert f"more than {MOST_LOOKS} different things" in why


@pytest.mark.parametrize("wrong", [{"Filter": Name.Unheard}, {"Filter": Name.FlateDecode}])
def test_an_appearance_that_cannot_be_read_is_named(pdf, wrong):
    broken = black(pdf)
    broken.write(b"nothing of that kind", filter=wrong["Filter"])
    annotate(pdf, AP=Dictionary(N=Dictionary(Off=black(pdf, TICK), Yes=broken)))
    (why,) = named(saved(pdf))
    assert "cannot be read" in why


def test_a_button_with_a_picture_and_without_a_place_is_named(pdf):
    annotate(pdf, AP=Dictionary(N=Dictionary(Yes=black(pdf)))).Rect = Array([1, 2])
    (why,) = named(saved(pdf))
    assert "no place" in why


def test_a_pdf_that_cannot_be_edited_is_named_as_not_looked_at(pdf):
    too_large = saved(pdf).replace(b"[ 0 0 400 500 ]", b"[ 0 0 4" + b"0" * 30 + b" 500 ]")
    for content in (b"%PDF-1.7 and nothing more", too_large):
        looks = other_looks(content, pages=1, layers=True)
        assert (looks.layered, looks.appearances) == (None, None)
        assert "were not looked at" in str(looks.problem)


def test_of_a_damaged_list_of_pages_the_looks_are_named_as_not_looked_at(pdf):
    annotate(pdf, AP=Dictionary(N=Dictionary(Off=black(pdf, TICK), Yes=black(pdf))))
    pdf.Root.Pages.Kids = Array([Dictionary(), *pdf.Root.Pages.Kids])
    content = saved(pdf).replace(b"/Kids [ << >>", b"/Kids [ null").replace(b"t 1 /K", b"t 2 /K")
    assert any("its list of pages is damaged" in why for why in named(content))


@pytest.mark.parametrize(
    "hides",
    [
        {"P": Name.AllOff},
        {"P": Name.AnyOff},
        {"VE": Array([Name.Not])},
    ],
)
@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("of_what", ["content", "form", "annotation"])
def test_what_an_expression_of_layers_hides_is_seen(pdf, hides, of_what: str, *, listed: bool):
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Photos"))
    if listed:
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary())
    member = Dictionary(Type=Name.OCMD, OCGs=Array([layer]), **hides)
    if "VE" in hides:
        member.VE = Array([*hides["VE"], layer])
    page = pdf.pages[0].obj
    if of_what == "annotation":
        one = annotate(pdf, AP=Dictionary(N=black(pdf)), OC=member)
        one.Subtype = Name.Stamp
        # Nobody but its page has it.
        page.Annots = Array([Dictionary(one)])
    elif of_what == "form":
        page.Resources = Dictionary(XObject=Dictionary(Form=black(pdf, OC=member)))
        page.Contents = pdf.make_stream(b"1 0 0 1 10 10 cm /Form Do")
    else:
        page.Resources = Dictionary(Properties=Dictionary(Photos=member))
        page.Contents = pdf.make_stream(b"/OC /Photos BDC 0 g 10 10 80 80 re f EMC")
    assert min(grays(saved(pdf, packed=True))) < 9
