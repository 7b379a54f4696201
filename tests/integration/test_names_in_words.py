"""Who asked not to be named is found in what is written about a photo, and never by name."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reportlab.pdfgen.canvas import Canvas

from consent.checking.check import check_photos, judge_photos, names_in
from consent.checking.overrides import propose_override
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState
from consent.domain.log import Action
from consent.domain.review import PairKind
from consent.domain.terms import Scope
from consent.domain.verdicts import Decision, ReasonCode, Verdict
from consent.domain.wording import sentences
from consent.indexing.index import IndexRequest, index_photos
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, StillNamedError, open_piece, sign_off
from consent.review.decide import decide_sighting
from consent.review.queue import review_queue
from consent.services import Services
from consent.settings import ROOT
from media_index.images.words import Words, _words_in
from media_index.types import Box
from tests.revocations import revoke
from tests.staff import ANYBODY

ASTRONAUT = ROOT / "data" / "samples" / "originals" / "astronaut.png"
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS)
DIRECTOR = Actor("Di Rossi", Role.DIRECTOR)
REGION = (
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-"
    "syntax-ns#'><rdf:Description xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/"
    "regions/' xmlns:stArea='http://ns.adobe.com/xmp/sType/Area#' xmlns:dc='http://purl.org/dc/"
    "elements/1.1/'><dc:creator><rdf:Seq><rdf:li>Penny Photographer</rdf:li></rdf:Seq></dc:creator>"
    "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag>"
    "<rdf:li><rdf:Description mwg-rs:Name='Zebulon Quirk' mwg-rs:Type='Face'>"
    "<mwg-rs:Area stArea:x='{x}' stArea:y='{y}' stArea:w='{w}' stArea:h='{h}' "
    "stArea:unit='normalized'/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList>"
    "</mwg-rs:Regions></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def check(services: Services, path: Path, use: str = "facebook") -> Decision:
    wanted = services.policy.use(use)
    (found,) = check_photos(services, [path], wanted, STAFF, jobs=1).clearances
    return found.decision


def astronaut(path: Path, xmp: str = "", description: str = "") -> Path:
    """The sample with words in it: no face of hers is in the register."""
    text = PngInfo()
    if xmp:
        text.add_itxt("XML:com.adobe.xmp", xmp)
    if description:
        text.add_text("Description", description)
    with Image.open(ASTRONAUT) as picture:
        picture.save(path, pnginfo=text)
    return path


def test_a_file_name_is_looked_through(services: Services, tmp_path: Path) -> None:
    photo = astronaut(tmp_path / "zebulon_quirk-03.png")
    assert check(services, photo).verdict is Verdict.CLEAR
    label = revoke(services, name="Zebulon Quirk")

    decision = check(services, photo)

    assert (decision.verdict, decision.reasons[0].code) == (Verdict.REVIEW, ReasonCode.NAMED)
    (said, *_) = sentences(decision.reasons)
    assert said.startswith(f"Its file name holds the name of {label}: check if it is the person")
    assert "Quirk" not in said
    renamed = photo.rename(tmp_path / "reading.png")
    assert check(services, renamed).verdict is Verdict.CLEAR


def test_words_in_the_file_ask_at_the_face_that_was_named(
    services: Services, tmp_path: Path
) -> None:
    label = revoke(services, name="Zebulon Quirk")
    index_photos(services, IndexRequest([ASTRONAUT], jobs=1), ANYBODY)
    with services.reading() as unit:
        ((sha256, _),) = unit.photos.places_starting("")
        (face,) = unit.photos.fingerprints([sha256])[sha256].faces
    box = face.box
    xmp = REGION.format(
        x=(box.x1 + box.x2) / 2 / 512,
        y=(box.y1 + box.y2) / 2 / 512,
        w=box.width / 512,
        h=box.height / 512,
    )
    photo = astronaut(tmp_path / "reading.png", xmp)

    decision = check(services, photo)

    (reason,) = decision.reasons
    assert (reason.code, reason.verdict, reason.face) == (ReasonCode.NAMED, Verdict.REVIEW, 0)
    assert sentences([reason])[0].startswith(
        f"The name of a face (XMP) holds the name of {label}, face 1"
    )
    sha256 = _sha256(services, photo)
    decide_sighting(services, label, sha256, box, DecisionState.REJECTED, ANYBODY)
    assert check(services, photo).verdict is Verdict.CLEAR
    decide_sighting(services, label, sha256, box, DecisionState.CONFIRMED, ANYBODY)
    assert check(services, photo).verdict is Verdict.BLOCKED


def _sha256(services: Services, path: Path) -> str:
    with services.reading() as unit:
        return {place: sha for sha, place in unit.photos.places_starting("")}[str(path)]


def test_it_is_asked_in_review_and_known_without_the_file(
    services: Services, tmp_path: Path
) -> None:
    label = revoke(services, name="Zebulon Quirk")
    photo = astronaut(tmp_path / "a.png", description="Zebulon Quirk reads")
    check(services, photo)
    sha256 = _sha256(services, photo)
    photo.unlink()
    use = services.policy.use("facebook")

    (again,) = judge_photos(services, {str(photo): sha256}, {}, use, STAFF).clearances

    assert again.decision.reasons[0].code is ReasonCode.NAMED
    with services.reading() as unit:
        (kept,) = unit.named.all()
    assert "Quirk" not in str(kept)
    (pair,) = [pair for pair in review_queue(services, STAFF).pairs if pair.kind is PairKind.NAMED]
    assert (pair.label, pair.photo_sha256, pair.boxes) == (label, sha256, ())

    decide_sighting(services, label, sha256, None, DecisionState.REJECTED, ANYBODY)

    assert not [pair for pair in review_queue(services, STAFF).pairs if pair.kind is PairKind.NAMED]
    (cleared,) = judge_photos(services, {str(photo): sha256}, {}, use, STAFF).clearances
    assert cleared.decision.verdict is Verdict.CLEAR


def test_only_names_and_channels_that_are_covered_are_looked_for(
    services: Services, tmp_path: Path
) -> None:
    photo = astronaut(tmp_path / "a.png", description="Mia Stone and Zebulon Quirk, in May")
    revoke(services, name="Mia Stone", scope=Scope(caption_too=False))
    revoke(
        services,
        name="Zebulon Quirk",
        scope=Scope(all_channels=False, channels=frozenset({"instagram"})),
    )

    assert check(services, photo, "facebook").verdict is Verdict.CLEAR
    decision = check(services, photo, "instagram")
    assert [reason.revocation for reason in decision.reasons] == ["R-0002"]

    text = "Story hour.\nWith Zebulon Quirk, and Mia Stone!"
    assert names_in(services, text, services.policy.use("facebook"), STAFF) == []
    (found,) = names_in(services, text, services.policy.use("instagram"), STAFF)
    with services.reading() as unit:
        # A caption that names somebody tells that they revoked; so does a photo's file.
        asked = [one for one in unit.audit.entries() if one.action == Action.NAME_SEARCHED]
    assert [(one.actor_id, one.details) for one in asked] == [(STAFF.id, {})] * 2
    assert (found.label, found.line, found.first_word, found.last_word) == ("R-0002", 2, 2, 3)
    assert text[found.start : found.end] == "Zebulon Quirk"
    assert found.sentence.startswith("Line 2, words 2 to 3: the name of R-0002")
    assert "Quirk" not in found.sentence


def test_a_namesake_is_let_pass_by_an_override(services: Services, tmp_path: Path) -> None:
    photo = astronaut(tmp_path / "Zebulon Quirk.png")
    revoke(services, name="Zebulon Quirk")
    check(services, photo)
    use = services.policy.use("facebook")
    until = services.today()

    propose_override(services, _sha256(services, photo), use, "A namesake", until, DIRECTOR)

    assert check(services, photo).verdict is Verdict.CLEAR


def test_the_text_of_a_layout_is_looked_through(services: Services) -> None:
    revoke(services, name="Zebulon Quirk")
    new = NewPiece("newsletter", "Newsletter")
    piece = open_piece(services, new, ANYBODY)
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(400, 300))
    canvas.drawImage(str(ASTRONAUT.with_name("coffee.png")), 20, 20, 200, 120)
    canvas.showPage()
    canvas.drawString(20, 280, "Our readers")
    canvas.drawString(20, 260, "Dr. Zebulon Quirk and friends")
    canvas.save()

    placing = place_files(services, piece.label, [HandedIn("n.pdf", made.getvalue())], ANYBODY)

    (said,) = placing.named
    assert said.startswith("n.pdf, page 2: Line 2, words 2 to 3: the name of R-0001")
    assert said in run_audit(services, piece.label, ANYBODY).by_eye
    with pytest.raises(StillNamedError, match="the name of R-0001"):
        sign_off(services, piece.label, "Ed Press, editor", ANYBODY)
    again = [HandedIn("Zebulon Quirk.png", ASTRONAUT.with_name("coffee.png").read_bytes())]
    (named,) = place_files(services, piece.label, again, ANYBODY).named
    assert named.startswith("Zebulon Quirk.png: Its file name holds the name of R-0001")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_named_face_lies_where_it_is_seen(orientation: int) -> None:
    """Regions are of the picture as it is stored, and boxes of the upright one."""
    upright = Image.new("L", (80, 60), 0)
    upright.paste(255, (50, 10, 70, 30))
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    stored = upright if turn is None else upright.transpose(turn)
    x1, y1, x2, y2 = stored.getbbox() or (0, 0, 0, 0)
    wide, high = stored.size
    xmp = REGION.format(
        x=(x1 + x2) / 2 / wide, y=(y1 + y2) / 2 / high, w=(x2 - x1) / wide, h=(y2 - y1) / high
    )
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    stored.save(buffer, "JPEG", exif=exif, xmp=xmp.encode())

    (region, *_) = _words_in(buffer.getvalue())

    assert region == Words("The name of a face (XMP)", "Zebulon Quirk", Box(50, 10, 70, 30))


def test_all_that_says_who_is_in_a_photo_is_read_and_not_who_made_it() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Described"
    exif[0x013B] = "Penny Photographer"
    exif[0x9C9E] = "Keyword".encode("utf-16-le")
    caption = b"\x1c\x02\x78\x00\x09Captioned"
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00" + (len(caption)).to_bytes(2, "big")
    block += caption + b"\x00" * (len(caption) % 2)
    buffer = io.BytesIO()
    xmp = REGION.format(x=0.5, y=0.5, w=0.1, h=0.1)
    Image.new("RGB", (40, 40)).save(
        buffer, "JPEG", exif=exif, xmp=xmp.encode(), comment=b"Commented"
    )
    content = buffer.getvalue()
    content = content[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block + content[2:]

    said = {words.text for words in _words_in(content)}

    assert {"Described", "Keyword", "Captioned", "Commented", "Zebulon Quirk"} <= said
    assert "Penny Photographer" not in said
    bomb = xmp.replace("<x:xmpmeta", "<!DOCTYPE x [<!ENTITY q 'Zebulon Quirk'>]><x:xmpmeta")
    Image.new("RGB", (40, 40)).save(buffer := io.BytesIO(), "JPEG", xmp=bomb.encode())
    assert any("xmp" in words.place.casefold() for words in _words_in(buffer.getvalue()))
    assert _words_in(b"no picture") == []
