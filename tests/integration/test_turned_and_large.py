"""Heads that are not upright, and small faces in large photos, are found as others are."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from consent.checking.check import check_photos
from consent.domain.actors import Actor
from consent.domain.verdicts import Verdict
from consent.indexing.index import IndexRequest, index_photos
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.services import Services
from consent.settings import ROOT
from tests.revocations import OBAMA, revoke

ORIGINALS = ROOT / "data" / "samples" / "originals"
PAPER = (612, 792)


@pytest.fixture
def revoked(services: Services) -> Services:
    """The person of obama.jpg has revoked; nothing else is indexed."""
    revoke(services, OBAMA)
    return services


def other_photo() -> Image.Image:
    with Image.open(ORIGINALS / "obama2.jpg") as photo:
        small = photo.convert("RGB")
    small.thumbnail((700, 700))
    return small


def verdict(services: Services, actor: Actor, photo: Path) -> Verdict:
    report = check_photos(services, [photo], services.policy.use("instagram"), actor, jobs=1)
    return report.clearances[0].decision.verdict


@pytest.mark.parametrize("degrees", [45, 60, -75, 90, 120, -135, 180])
def test_a_head_on_its_side_is_found(revoked: Services, actor: Actor, tmp_path: Path, degrees: int):
    lying = tmp_path / "lying.jpg"
    other_photo().rotate(degrees, expand=True, fillcolor="gray").save(lying)

    assert verdict(revoked, actor, lying) is Verdict.BLOCKED


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_face_in_a_negative_is_found(revoked: Services, actor: Actor, tmp_path: Path, mode: str):
    """As an effect of a layout, or by a mistake with the inks: any phone turns it back."""
    negative = tmp_path / "negative.jpg"
    ImageOps.invert(other_photo().convert(mode)).save(negative)

    assert verdict(revoked, actor, negative) is Verdict.BLOCKED


def test_a_small_face_in_a_large_photo_is_found(revoked: Services, actor: Actor, tmp_path: Path):
    small = other_photo()
    small.thumbnail((170, 170))
    large = Image.new("RGB", (6000, 4000), "gray")
    large.paste(small, (3100, 1900))
    large.save(tmp_path / "large.jpg")

    assert verdict(revoked, actor, tmp_path / "large.jpg") is Verdict.BLOCKED


@pytest.mark.parametrize("degrees", [60, 180])
def test_a_small_head_on_its_side_in_a_large_photo_is_found(
    revoked: Services, actor: Actor, tmp_path: Path, degrees: int
):
    small = other_photo()
    small.thumbnail((180, 180))
    large = Image.new("RGB", (4000, 3000), "gray")
    large.paste(small.rotate(degrees, expand=True, fillcolor="gray"), (2100, 1900))
    large.save(tmp_path / "large.jpg")

    assert verdict(revoked, actor, tmp_path / "large.jpg") is not Verdict.CLEAR


def audited(services: Services, actor: Actor, pdf: bytes) -> Verdict:
    piece = open_piece(services, NewPiece("newsletter", "Newsletter"), actor)
    place_files(services, piece.label, [HandedIn("layout.pdf", pdf)], actor)
    return run_audit(services, piece.label, actor).verdict


def test_an_original_on_its_side_clears_no_upright_print(
    revoked: Services, actor: Actor, tmp_path: Path
):
    upright = other_photo()
    archive = tmp_path / "archive"
    archive.mkdir()
    upright.rotate(90, expand=True).save(archive / "scan.jpg", quality=92)
    index_photos(revoked, IndexRequest([archive], jobs=1), actor)
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=PAPER)
    canvas.drawImage(ImageReader(upright), 100, 300, 300, 300 * upright.height / upright.width)
    canvas.save()

    assert audited(revoked, actor, made.getvalue()) is Verdict.BLOCKED


@pytest.mark.parametrize("flags", [4, pytest.param(2, id="hidden")])
@pytest.mark.parametrize("is_listed", [True, False])
def test_the_face_of_a_button_is_judged(
    revoked: Services, actor: Actor, flags: int, is_listed: bool
):
    photo = other_photo()
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=photo.size)
    canvas.drawImage(ImageReader(photo), 0, 0, *photo.size)
    canvas.save()
    blank = io.BytesIO()
    canvas = Canvas(blank, pagesize=PAPER)
    canvas.drawString(60, 700, "Spring at the library")
    canvas.save()
    writer = PdfWriter(clone_from=io.BytesIO(blank.getvalue()))
    writer.append(PdfReader(io.BytesIO(drawn.getvalue())))
    look, page = writer.pages[1], writer.pages[0]
    content = look.get_contents()
    assert content is not None
    content[NameObject("/Type")] = NameObject("/XObject")
    content[NameObject("/Subtype")] = NameObject("/Form")
    content[NameObject("/BBox")] = ArrayObject([FloatObject(side) for side in look.mediabox])
    content[NameObject("/Resources")] = look["/Resources"]
    button = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Btn"),
            NameObject("/Ff"): NumberObject(65536),
            NameObject("/F"): NumberObject(flags),
            NameObject("/T"): TextStringObject("photo"),
            NameObject("/Rect"): ArrayObject([FloatObject(side) for side in (100, 200, 400, 600)]),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(content)}),
        }
    )
    placed = writer._add_object(button)
    page[NameObject("/Annots")] = ArrayObject([placed])
    fields = DictionaryObject({NameObject("/Fields"): ArrayObject([placed])})
    if is_listed:
        writer.root_object[NameObject("/AcroForm")] = fields
    writer.remove_page(1)
    made = io.BytesIO()
    writer.write(made)

    assert audited(revoked, actor, made.getvalue()) is Verdict.BLOCKED


def test_a_face_printed_in_dots_is_found(revoked: Services, actor: Actor, tmp_path: Path):
    """As newspapers and one-bit scans have it: ink or paper, in dots of up to 12 px."""
    gray = np.asarray(other_photo().convert("L").resize((900, 1725))) / 255
    down, across = np.mgrid[0:1725, 0:900] * np.sqrt(2) * np.pi / 12
    screen = np.cos(across + down) * np.cos(across - down)
    threshold = np.argsort(np.argsort(screen.ravel())).reshape(screen.shape) / screen.size
    Image.fromarray(gray > threshold).save(tmp_path / "dots.png")

    assert verdict(revoked, actor, tmp_path / "dots.png") is Verdict.BLOCKED
