"""A laid-out newsletter with every way in which a photo gets into print, held against the truth."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from consent.domain.actors import Actor, Role
from consent.domain.print import Audit, totals
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.services import Services
from consent.settings import ROOT
from tests.revocations import OBAMA, revoke

SAMPLES = ROOT / "data" / "samples"
TALK = SAMPLES / "events" / "2026-05-14 Author talk"
EDITOR = Actor("Ed Press", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR, Role.DESK}))
WIDE, HIGH = A4


def photo(name: str, side: int = 900) -> Image.Image:
    originals = SAMPLES / "originals"
    (path,) = (*originals.glob(f"{name}.*"), *TALK.glob(f"{name}.*"))
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((side, side))
    return picture


def jpeg(picture: Image.Image) -> ImageReader:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return ImageReader(kept)


def png(picture: Image.Image) -> ImageReader:
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return ImageReader(kept)


def draw(
    canvas: Canvas, picture: Image.Image, x: float, y: float, width: float, **more: object
) -> None:
    high = width * picture.height / picture.width
    canvas.drawImage(jpeg(picture), x, y, width, high, **more)


def clipped(canvas: Canvas, picture: Image.Image, *, circle: bool) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    high = 240 * picture.height / picture.width
    if circle:
        path.circle(170, 300 + high * 0.6, 118)
    else:
        path.rect(60, 300 + high * 0.1, 220, high * 0.85)
    canvas.clipPath(path, stroke=0, fill=0)
    draw(canvas, picture, 50, 300, 240)
    canvas.restoreState()


def cmyk(canvas: Canvas) -> None:
    draw(canvas, photo("obama2").convert("CMYK"), 60, 420, 280)


def soft_mask(canvas: Canvas) -> None:
    picture = photo("astronaut")
    wide, high = picture.size
    across, down = np.meshgrid(np.linspace(-1, 1, wide), np.linspace(-1, 1, high))
    alpha = np.clip(2.2 - 1.6 * np.hypot(across, down), 0, 1) * 255
    picture.putalpha(Image.fromarray(alpha.astype(np.uint8)))
    canvas.drawImage(png(picture), 60, 380, 280, 280 * high / wide, mask="auto")


def duotone(canvas: Canvas) -> None:
    grey = photo("obama").convert("L")
    draw(canvas, ImageOps.colorize(grey, "#10204a", "#f4d9b0"), 60, 400, 280)


def turned(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(120, 360)
    canvas.rotate(7)
    draw(canvas, photo("obama3"), 0, 0, 280)
    canvas.restoreState()


def faded(canvas: Canvas) -> None:
    canvas.setFillAlpha(0.35)
    draw(canvas, photo("biden"), 30, 200, 520)
    canvas.setFillAlpha(1)
    for line in range(12):
        canvas.drawString(60, 700 - 30 * line, "Summer reading begins on June 14 in all branches.")


def form(canvas: Canvas) -> None:
    canvas.beginForm("box")
    draw(canvas, photo("obama2"), 0, 0, 260)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(80, 160)
    canvas.doForm("box")
    canvas.restoreState()


def raster_page(canvas: Canvas) -> None:
    page = Image.new("RGB", (1240, 1754), (250, 248, 240))
    first, second = photo("obama", 560), photo("biden", 560)
    page.paste(first, (80, 120))
    page.paste(second, (80, 900))
    canvas.drawImage(jpeg(page), 0, 0, WIDE, HIGH)


def collage(canvas: Canvas) -> None:
    made = Image.new("RGB", (1200, 620), (255, 255, 255))
    for place, name in enumerate(("obama2", "biden", "astronaut")):
        made.paste(
            ImageOps.fit(photo(name, 620), (400, 620), centering=(0.5, 0.2)), (400 * place, 0)
        )
    draw(canvas, made, 40, 420, 500)


def small(canvas: Canvas) -> None:
    for name, side, x in (("obama", 90, 60), ("biden", 48, 260)):
        picture = photo(name)
        share = side / min(picture.size)
        size = round(picture.width * share), round(picture.height * share)
        draw(canvas, picture.resize(size), x, 600, side / 1.5)


def ornaments(canvas: Canvas) -> None:
    """A logo and a QR code."""
    random = np.random.default_rng(3)
    code = np.kron(random.integers(0, 2, (25, 25)) * 255, np.ones((6, 6))).astype(np.uint8)
    draw(canvas, Image.fromarray(code).convert("RGB"), 60, 600, 90)
    logo = Image.new("RGB", (240, 80), (20, 90, 160))
    logo.paste((250, 210, 60), (20, 20, 90, 60))
    draw(canvas, logo, 260, 620, 120)


def outside(canvas: Canvas) -> None:
    """Somebody of whom no photo is in the index."""
    draw(canvas, photo("obama3").transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(3), 60, 420, 280)


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page, and what an editor sees there.

    Attributes:
        names: how often the person who revoked is seen.
    """

    name: str
    lay: Callable[[Canvas], None]
    pictures: int
    people: int
    names: int = 0


def half(name: str, *, left: bool) -> Callable[[Canvas], None]:
    def lay(canvas: Canvas) -> None:
        picture = photo(name, 1400)
        wide, high = picture.size
        box = (0, 0, wide // 2, high) if left else (wide // 2, 0, wide, high)
        draw(canvas, picture.crop(box), WIDE - 300 if left else 0, 400, 300)

    return lay


def fold(name: str, *, left: bool) -> Callable[[Canvas], None]:
    def lay(canvas: Canvas) -> None:
        draw(canvas, photo(name, 1400), WIDE - 280 if left else -280, 400, 560)

    return lay


PAGES = (
    Page("hero", lambda canvas: draw(canvas, photo("obama"), 60, 300, 420), 1, 1, 1),
    # On two facing pages: one picture of two people.
    Page("spread, left", half("stage-obama-biden", left=True), 1, 1, 1),
    Page("spread, right", half("stage-obama-biden", left=False), 0, 1),
    # As some layout programs write it: the whole picture on both, cut by the edge of the page.
    Page("over the fold, left", fold("panel-astronaut-obama-biden", left=True), 1, 3, 1),
    Page("over the fold, right", fold("panel-astronaut-obama-biden", left=False), 0, 0, 1),
    Page(
        "crop",
        lambda canvas: draw(canvas, photo("obama").crop((60, 20, 640, 700)), 60, 400, 260),
        *(1, 1, 1),
    ),
    Page("clip path", lambda canvas: clipped(canvas, photo("biden"), circle=False), 1, 1),
    Page("circle", lambda canvas: clipped(canvas, photo("obama2"), circle=True), 1, 1, 1),
    Page("CMYK", cmyk, 1, 1, 1),
    Page("soft mask", soft_mask, 1, 1),
    Page(
        "mirrored",
        lambda canvas: draw(canvas, ImageOps.mirror(photo("obama3")), 60, 400, 280),
        *(1, 1, 1),
    ),
    Page(
        "duotone",
        lambda canvas: draw(
            canvas,
            ImageOps.colorize(photo("obama").convert("L"), "#10204a", "#f4d9b0"),
            60,
            400,
            280,
        ),
        *(1, 1, 1),
    ),
    Page("turned by 7 degrees", turned, 1, 1, 1),
    Page("faded background", faded, 1, 1),
    Page("raster page", raster_page, 1, 2, 1),
    Page("collage", collage, 1, 3, 1),
    Page("form XObject", form, 1, 1, 1),
    Page("90 and 48 px", small, 2, 2, 1),
    Page("logo and QR code", ornaments, 2, 0),
    Page("outside photo", outside, 1, 1, 1),
)


def newsletter() -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    for page in PAGES:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, 40, "Spring at the library")
        page.lay(canvas)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


@pytest.fixture
def audit(indexed_samples: Services) -> Audit:
    services = indexed_samples
    event = NewEvent("Author talk", date(2026, 5, 14), "Main library", public_space=True)
    index_photos(services, IndexRequest([TALK], event=event, jobs=1), EDITOR)
    index_photos(services, IndexRequest([SAMPLES / "originals"], jobs=1), EDITOR)
    revoke(services, OBAMA, OBAMA.with_name("obama2.jpg"))
    label = open_piece(services, NewPiece("newsletter", "Newsletter"), EDITOR).label
    place_files(services, label, [HandedIn("newsletter.pdf", newsletter())], EDITOR)
    return run_audit(services, label, EDITOR)


@pytest.mark.slow
def test_nobody_is_missed_in_print_and_everything_is_counted_once(audit: Audit, tmp_path: Path):
    (tmp_path / "newsletter.pdf").write_bytes(newsletter())
    wrong = []
    for number, page in enumerate(PAGES, start=1):
        shown = [photo for photo in audit.photos if photo.page == number]
        named = any(face.revocations for photo in shown for face in photo.faces)
        if named is not bool(page.names):
            wrong.append(f"{page.name}: {'names' if named else 'misses'} the person")
        if page.names and not any(photo.blocks for photo in shown):
            wrong.append(f"{page.name}: does not stop the print")
        seen = totals(shown)
        # The second half of a spread is a picture only where the first one is not seen.
        expected = (1 if page.name == "spread, right" else page.pictures, page.people)
        if (seen.pictures, seen.coverage.people) != expected:
            found = Counter(photo.where for photo in shown)
            wrong.append(f"{page.name}: {seen} of {dict(found)}, not {expected}")
    assert wrong == []
    whole = totals(audit.photos)
    assert whole.pictures == sum(page.pictures for page in PAGES)
    assert whole.coverage.people == sum(page.people for page in PAGES)


@pytest.mark.slow
@pytest.mark.parametrize(("second", "pictures"), [("obama2", 1), ("biden", 2)])
def test_halves_of_a_photo_that_nobody_knows_are_one_picture(
    services: Services, second: str, pictures: int
):
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    half("obama2", left=True)(canvas)
    canvas.showPage()
    half(second, left=False)(canvas)
    canvas.save()
    label = open_piece(services, NewPiece("newsletter", "Newsletter"), EDITOR).label

    place_files(services, label, [HandedIn("newsletter.pdf", made.getvalue())], EDITOR)

    audit = run_audit(services, label, EDITOR)
    assert [photo.page for photo in audit.photos] == [1, 2]
    assert totals(audit.photos).pictures == pictures
