"""A newsletter on its way to the printer: layout, audit, sign-off, and what a revocation stops."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from consent.cases.change import rescind
from consent.cases.references import photo_named
from consent.checking.overrides import propose_override, withdraw_override
from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind
from consent.domain.decisions import DecisionState
from consent.domain.errors import BadInputError, ConflictError, RefusedError
from consent.domain.print import (
    AnswerOnFile,
    AuditedPhoto,
    FaceStatus,
    PieceState,
    PlacedPhoto,
    alike_faces,
)
from consent.domain.takedowns import TakedownState
from consent.domain.terms import Rescission, Submission
from consent.domain.verdicts import Verdict
from consent.domain.wording import long_day, numbers_in_short
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.printing.answers import Answer, record_answers
from consent.printing.asking import accept_elsewhere, photo_to_ask
from consent.printing.audit import _Auditor, run_audit
from consent.printing.audit_pdf import audit_pdf
from consent.printing.audit_report import audit_csv, changes
from consent.printing.layouts import HandedIn, place_files, take_out
from consent.printing.over_time import Selection, signed_csv, signed_pieces
from consent.printing.pieces import (
    LayoutUnseenError,
    NewPiece,
    StillToStopError,
    move_piece,
    open_piece,
    show_piece,
    sign_off,
    use_of,
)
from consent.publishing.record import Posting, list_publications, record_publications
from consent.publishing.undo import undo_publications
from consent.review.decide import decide_sighting
from consent.services import Services
from consent.settings import ROOT
from consent.takedowns.board import Move, list_takedowns, move_takedown, stops_of_pieces
from consent.takedowns.open_due import open_takedowns_of_today
from media_index.types import FoundBy
from tests.revocations import OBAMA, revoke
from tests.staff import ANYBODY
from tests.unit.tagged_pdf import check_tags

SAMPLES = ROOT / "data" / "samples"
TALK = SAMPLES / "events" / "2026-05-14 Author talk"
STAGE, PANEL = TALK / "stage-obama-biden.jpg", TALK / "panel-astronaut-obama-biden.jpg"
EDITOR = Actor("Ed Press", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR, Role.DESK}))
DIRECTOR = Actor("Di Rossi", Role.DIRECTOR)
PRINT = frozenset({ChannelKind.PRINT})
BIDEN = SAMPLES / "originals" / "biden.jpg"


@pytest.fixture
def desk(indexed_samples: Services) -> Services:
    """The samples, with their events."""
    for folder in sorted((SAMPLES / "events").iterdir()):
        day, _, name = folder.name.partition(" ")
        event = NewEvent(name, date.fromisoformat(day), "Main library", public_space=True)
        index_photos(indexed_samples, IndexRequest([folder], event=event, jobs=1), EDITOR)
    open_piece(
        indexed_samples, NewPiece("newsletter", "Newsletter", "Spring 2026", run=2000), EDITOR
    )
    return indexed_samples


def test_a_piece_is_not_opened_for_a_day_that_is_past(services: Services) -> None:
    yesterday = services.today() - timedelta(days=1)
    with pytest.raises(BadInputError, match="is in the past: enter the day it goes to the pri"):
        open_piece(services, NewPiece("newsletter", "Spring", print_on=yesterday), EDITOR)


def layout(*pages: list[Image.Image], quality: int = 80) -> bytes:
    """Lay pictures out as a PDF, one below the other."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    for page in pages:
        for place, picture in enumerate(page):
            jpeg = io.BytesIO()
            picture.save(jpeg, "JPEG", quality=quality)
            high = 260 * picture.height / picture.width
            canvas.drawImage(ImageReader(jpeg), 60, 780 - 280 * place - high, 260, high)
        canvas.drawString(60, 40, "Spring at the library")
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def place(services: Services, *files: Path | bytes) -> None:
    handed_in = [
        HandedIn("layout.pdf", one)
        if isinstance(one, bytes)
        else HandedIn(one.name, one.read_bytes())
        for one in files
    ]
    place_files(services, "P-0001", handed_in, EDITOR)


def ask(services: Services, path: Path, *, given: bool = True, faces: tuple[int, ...] = ()) -> None:
    sha256 = photo_named(services, str(path))
    with services.reading() as unit:
        found = unit.photos.fingerprints([sha256])[sha256].faces
    answer = Answer(
        given=given,
        asked_on=services.today(),
        kinds=PRINT,
        photo_sha256=sha256,
        boxes=tuple(found[number - 1].box for number in faces),
        asked_by="Ana Ruiz",
    )
    record_answers(services, [answer], EDITOR)


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.split())


def standings(photo: AuditedPhoto) -> list[FaceStatus]:
    return [face.standing for face in photo.faces]


def test_pictures_of_a_layout_are_matched_with_their_originals(desk: Services):
    stage, panel = opened(STAGE), opened(PANEL)
    half = stage.crop((0, 0, stage.width // 2, stage.height))
    stranger = Image.effect_noise((400, 300), 90).convert("RGB")

    place(desk, layout([stage.resize((700, 700 * stage.height // stage.width)), half], [panel]))

    first, part, last = show_piece(desk, "P-0001", ANYBODY).placed
    assert (first.page, first.found) == (1, FoundBy.HASH)
    assert part.found is FoundBy.PART
    assert part.region is not None
    assert part.region.x2 == pytest.approx(stage.width / 2, rel=0.03)
    assert first.photo_sha256 == part.photo_sha256 == photo_named(desk, str(STAGE))
    assert (last.page, last.photo_sha256) == (2, photo_named(desk, str(PANEL)))

    place(desk, layout([stranger]))
    (alone,) = show_piece(desk, "P-0001", ANYBODY).placed
    assert alone.found is None
    assert run_audit(desk, "P-0001", EDITOR).photos[0].found == "as it is"


def test_several_pdfs_are_listed_one_after_the_other(desk: Services):
    photo, other = opened(SAMPLES / "originals" / "obama.jpg"), opened(STAGE)
    pdfs = [HandedIn("b.pdf", layout([photo, other], [photo])), HandedIn("a.pdf", layout([other]))]
    place_files(desk, "P-0001", pdfs, EDITOR)

    placed = show_piece(desk, "P-0001", ANYBODY).placed
    assert [(one.name, one.page, one.number) for one in placed if one.counted] == [
        ("a.pdf", 1, 1),
        ("b.pdf", 1, 1),
        ("b.pdf", 1, 2),
        ("b.pdf", 2, 1),
    ]


def test_what_is_canceled_while_it_is_matched_is_not_placed(desk: Services):
    class CanceledError(Exception):
        pass

    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total))
        if told.count((1, 1)) > 1:
            raise CanceledError

    with pytest.raises(CanceledError):
        place_files(desk, "P-0001", [HandedIn(STAGE.name, STAGE.read_bytes())], EDITOR, tell)
    assert show_piece(desk, "P-0001", ANYBODY).placed == ()


def test_a_crop_is_audited_by_what_it_shows(desk: Services):
    label = revoke(desk, OBAMA)
    stage = opened(STAGE)
    middle = stage.width * 52 // 100
    left = stage.crop((0, 0, middle, stage.height))
    right = stage.crop((middle, 0, stage.width, stage.height))
    place(desk, layout([left], [right]))

    with_obama, without = run_audit(desk, "P-0001", EDITOR).photos

    assert with_obama.verdict is Verdict.BLOCKED
    assert with_obama.faces[0].revocations == (label,)
    assert without.verdict is Verdict.CONSENT_MISSING
    assert standings(without) == [FaceStatus.MISSING]
    assert without.next_step.startswith("Ask face 2,")
    asked = photo_to_ask(desk, str(without.photo_sha256), EDITOR).people
    assert [(face.number, face.box) for photo in (with_obama, without) for face in photo.faces] == [
        (person.number, person.box) for person in asked
    ]


def test_the_audit_names_who_was_asked_and_what_is_missing(desk: Services):
    ask(desk, PANEL, faces=(1,))
    ask(desk, PANEL, faces=(2,), given=False)
    place(desk, PANEL)

    (photo,) = run_audit(desk, "P-0001", EDITOR).photos

    assert standings(photo) == [FaceStatus.ASKED, FaceStatus.REFUSED, FaceStatus.MISSING]
    assert photo.coverage == "2 of 3 recognizable people asked: 1 said yes, 1 said no."
    assert photo.faces[0].answer.asked_by == "Ana Ruiz"
    assert photo.faces[0].answer.how == "the person themselves"
    assert photo.next_step.startswith("Ask face 3, take the photo out")
    assert photo.lacking.endswith(": face 2 said no; face 3 was not asked.")
    assert photo.public_space is True


def test_the_same_face_asked_in_another_photo_counts_once_an_editor_accepts_it(desk: Services):
    ask(desk, PANEL, faces=(2,))
    place(desk, STAGE)
    (photo,) = run_audit(desk, "P-0001", EDITOR).photos
    shown = photo.faces[0].elsewhere
    assert shown is not None
    assert shown.photo_sha256 == photo_named(desk, str(PANEL))
    assert photo.faces[1].elsewhere is None
    assert photo.faces[0].standing is FaceStatus.MISSING

    accept_elsewhere(desk, photo.photo_sha256, photo.faces[0].box, shown.consent_id, EDITOR)

    (after,) = run_audit(desk, "P-0001", EDITOR).photos
    assert standings(after) == [FaceStatus.ASKED, FaceStatus.MISSING]
    assert after.faces[0].answer.how == "as in another photo of the event"


def test_who_looks_like_one_who_said_no_is_named_until_the_signature(desk: Services):
    """A whole room's yes is none of who said no by themselves, in whichever photo."""
    ask(desk, PANEL, faces=(2,), given=False)
    with desk.reading() as unit:
        events = unit.events.of_photos([photo_named(desk, str(STAGE))])
    (event,) = next(iter(events.values()))
    room = Answer(given=True, asked_on=desk.today(), kinds=PRINT, event_id=event.id)
    record_answers(desk, [room], EDITOR)
    place(desk, STAGE)

    audit = run_audit(desk, "P-0001", EDITOR)

    (photo,) = audit.photos
    assert standings(photo) == [FaceStatus.PERHAPS_REFUSED, FaceStatus.AS_A_ROOM]
    assert audit.verdict is Verdict.CONSENT_MISSING
    alike = "a person who looks like this one said no in another photo"
    assert (
        photo.lacking
        == f"stage-obama-biden.jpg: face 1 was asked only with the whole room, and {alike}."
    )
    with pytest.raises(BadInputError, match=alike):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)
    sign_off(desk, "P-0001", "Ed Press, editor", EDITOR, "She changed her mind")
    paper = words_of(audit_pdf(desk, "P-0001", EDITOR))
    assert "was asked in another photo of the event, and said no" in paper
    assert f"Signed off on {long_day(desk.today())} by Ed Press, editor." in paper
    assert f"face 1 was asked only with the whole room, and {alike}" in paper

    run_audit(desk, "P-0001", EDITOR)
    assert "Signed off on" not in words_of(audit_pdf(desk, "P-0001", EDITOR))


def test_sign_off_waits_for_what_blocks_and_wants_a_reason_for_what_is_missing(desk: Services):
    with pytest.raises(ConflictError, match="not audited"):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)
    with pytest.raises(BadInputError, match="no photos"):
        run_audit(desk, "P-0001", EDITOR)
    revoke(desk, OBAMA)
    place(desk, STAGE, PANEL)
    run_audit(desk, "P-0001", EDITOR)
    with pytest.raises(RefusedError, match=r"stage-obama-biden\.jpg"):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR, "Best practice only")

    for one in show_piece(desk, "P-0001", ANYBODY).placed:
        take_out(desk, "P-0001", one.id, EDITOR)
    place(desk, SAMPLES / "originals" / "astronaut.png")
    with pytest.raises(ConflictError, match="audit it again"):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR, "Best practice only")
    run_audit(desk, "P-0001", EDITOR)
    with pytest.raises(BadInputError, match="say why"):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)
    signed = sign_off(desk, "P-0001", "Ed Press, editor", EDITOR, "A press photo of NASA")
    assert signed.state is PieceState.APPROVED
    assert signed.history[-1].reason == "A press photo of NASA"


def test_a_revocation_after_the_approval_stops_the_printer(desk: Services):
    place(desk, STAGE)
    ask(desk, STAGE)
    run_audit(desk, "P-0001", EDITOR)
    sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)

    revoke(desk, OBAMA)

    with pytest.raises(ConflictError, match="has changed"):
        move_piece(desk, "P-0001", PieceState.AT_PRINTER, EDITOR)
    audit = run_audit(desk, "P-0001", EDITOR)
    before, after = (one for one in show_piece(desk, "P-0001", ANYBODY).audits)
    assert audit.verdict is Verdict.BLOCKED
    assert changes(before, after) == [
        "stage-obama-biden.jpg: was “Everyone said yes”, is “Do not use”."
    ]


def test_the_paper_of_a_piece_that_was_stopped_says_stop_and_who_signed_did_not_sign_that(
    desk: Services,
):
    ask(desk, STAGE)
    place(desk, STAGE)
    audit = run_audit(desk, "P-0001", EDITOR)
    sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)
    assert "STOP" not in words_of(audit_pdf(desk, "P-0001", ANYBODY))

    case = revoke(desk, OBAMA)
    (card,) = list_takedowns(desk, ANYBODY)

    paper = words_of(audit_pdf(desk, "P-0001", ANYBODY))
    numbers = f"takedown {card.takedown.label}, case {case}"
    assert f"STOP: {audit.photos[0].where} must not be printed: {numbers}." in paper
    assert paper.index("STOP: ") < paper.index("Verdict: ")
    assert f"this sign-off does not cover what must not be printed: {numbers}." in paper
    assert paper.index("The rest of this page is the audit of") < paper.index(
        "0 pictures can't be printed yet"
    )
    assert "Nothing to do" not in paper

    stop = Move(TakedownState.STOPPED, "Called the printer.")
    move_takedown(desk, card.takedown.label, stop, EDITOR)
    stopped = words_of(audit_pdf(desk, "P-0001", ANYBODY))
    assert f"must not be printed: {numbers}. Stopped at the printer." in stopped


def test_a_change_of_a_face_is_said_of_that_face(desk: Services):
    place(desk, STAGE)
    revoke(desk, OBAMA)
    revoke(desk, BIDEN, name="B. Reader")
    run_audit(desk, "P-0001", EDITOR)
    writing = Submission(desk.today(), original_at="Box 9")

    rescind(desk, "R-0002", Rescission(writing, "B. Reader"), EDITOR)

    run_audit(desk, "P-0001", EDITOR)
    before, after = show_piece(desk, "P-0001", ANYBODY).audits
    assert changes(before, after) == [
        "stage-obama-biden.jpg, face 2: revoked (R-0002) before, now not asked."
    ]
    run_audit(desk, "P-0001", EDITOR)
    assert changes(*show_piece(desk, "P-0001", ANYBODY).audits[-2:]) == []


def test_what_is_printed_is_out_and_what_is_in_draft_is_stopped_too(desk: Services):
    ask(desk, STAGE)
    place(desk, STAGE)
    run_audit(desk, "P-0001", EDITOR)
    sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)
    for state in (PieceState.AT_PRINTER, PieceState.PRINTED):
        move_piece(desk, "P-0001", state, EDITOR)
    move_piece(desk, "P-0001", PieceState.PRINTED, EDITOR, stock=150)
    (printed,) = list_publications(desk, ANYBODY)
    assert printed.issue == "Newsletter, Spring 2026"
    with pytest.raises(ConflictError, match="because P-0001 was printed with it"):
        undo_publications(desk, [printed.id], "A slip", ANYBODY)
    second = open_piece(desk, NewPiece("poster", "Summer poster"), EDITOR)
    place_files(desk, second.label, [HandedIn(PANEL.name, PANEL.read_bytes())], EDITOR)
    assert len(list_publications(desk, ANYBODY)) == 1, "a draft is not out"

    revoke(desk, OBAMA)

    cards = {card.publication.issue: card for card in list_takedowns(desk, ANYBODY)}
    assert cards["Newsletter, Spring 2026"].whereabouts == "Printed, 150 in stock"
    assert cards["Summer poster"].whereabouts == "In draft"
    assert len(list_publications(desk, ANYBODY)) == 1, "and still is not"


def test_what_can_still_be_stopped_is_due_before_it_is_printed_and_comes_first(desk: Services):
    """Also before what is of safety, and it is not printed without being asked again."""
    today = desk.today()
    on = today + timedelta(days=5)
    second = open_piece(desk, NewPiece("poster", "Summer poster", print_on=on), EDITOR)
    for label in ("P-0001", second.label):
        ask(desk, STAGE)
        place_files(desk, label, [HandedIn(STAGE.name, STAGE.read_bytes())], EDITOR)
        run_audit(desk, label, EDITOR)
        sign_off(desk, label, "Ed Press, editor", EDITOR)
        move_piece(desk, label, PieceState.AT_PRINTER, EDITOR)
    photo = show_piece(desk, "P-0001", ANYBODY).placed[0].photo_sha256
    facebook = Posting(desk.policy.use("facebook"), today, "https://fb.com/1", already_out=True)
    record_publications(desk, [str(photo)], facebook, EDITOR)

    case = revoke(desk, OBAMA)

    cards = list_takedowns(desk, ANYBODY)
    issues = [card.publication.issue or card.channel.id for card in cards]
    assert issues == ["Newsletter, Spring 2026", "Summer poster", "facebook"]
    assert [card.due_on for card in cards[:2]] == [today, on]
    assert [card.can_be_stopped for card in cards] == [True, True, False]
    of_piece = stops_of_pieces(desk, ANYBODY)[second.id]
    assert [card.case_label for card in of_piece] == [case]

    with pytest.raises(StillToStopError, match=f"{of_piece[0].takedown.label} \\({case}\\)"):
        move_piece(desk, second.label, PieceState.PRINTED, EDITOR)
    stop = Move(TakedownState.STOPPED, "Called the printer.")
    with pytest.raises(BadInputError, match="still to be printed"):
        move_takedown(desk, cards[2].takedown.label, stop, EDITOR)
    move_takedown(desk, of_piece[0].takedown.label, stop, EDITOR)
    (stopped,) = stops_of_pieces(desk, ANYBODY)[second.id]
    assert not stopped.can_be_stopped
    with pytest.raises(StillToStopError):
        move_piece(desk, second.label, PieceState.PRINTED, EDITOR)
    move_piece(desk, second.label, PieceState.PRINTED, EDITOR, all_the_same=True)
    assert {
        card.due_on for card in list_takedowns(desk, ANYBODY) if card.channel.id == "poster"
    } == {on}


def test_what_is_taken_out_of_the_list_has_to_be_seen_out_of_the_layout(desk: Services):
    ask(desk, STAGE)
    ask(desk, PANEL)
    place(desk, layout([opened(STAGE)], [opened(PANEL)]))
    out = show_piece(desk, "P-0001", ANYBODY).placed[1]
    take_out(desk, "P-0001", out.id, EDITOR)
    run_audit(desk, "P-0001", EDITOR)
    with pytest.raises(LayoutUnseenError, match="the layout was not seen again: Page 2, picture 1"):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)
    assert [photo.where for photo in show_piece(desk, "P-0001", ANYBODY).unseen] == [out.where]

    words = "Ann looked at the proof on paper."
    signed = sign_off(desk, "P-0001", "Ed Press", EDITOR, layout_unseen=words)
    assert signed.history[-1].layout_unseen == words
    paper = words_of(audit_pdf(desk, "P-0001", ANYBODY))
    assert f"The layout was not seen again: {words}" in paper
    # Whoever holds the layout must know what to look for in it.
    assert "Taken out of the list, and the layout was not seen again: Page 2, picture 1." in paper

    # The corrected PDF is matched and audited like the one before.
    place(desk, layout([opened(STAGE)]))
    run_audit(desk, "P-0001", EDITOR)
    file = show_piece(desk, "P-0001", ANYBODY)
    assert not file.unseen
    signed = sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)
    assert signed.history[-1].layout_unseen == ""


def test_an_uncorrected_pdf_still_shows_whom_the_audit_took_out(desk: Services):
    revoke(desk, BIDEN)
    pdf = layout([opened(SAMPLES / "originals" / "obama.jpg")], [opened(STAGE)])
    place(desk, pdf)
    audit = run_audit(desk, "P-0001", EDITOR)
    (blocked,) = audit.blocking
    take_out(desk, "P-0001", blocked.placed_id, EDITOR)
    place(desk, pdf)
    run_audit(desk, "P-0001", EDITOR)
    with pytest.raises(RefusedError, match="cannot be signed off: Page 2"):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR, "Could not be asked")


def test_any_number_of_people_fits_on_paper(desk: Services):
    """Each with an answer and a name of their own, so that none can be said with another."""
    place(desk, STAGE)
    audit = run_audit(desk, "P-0001", EDITOR)
    (photo,) = audit.photos
    named = [f"Reader number {number}" for number in range(1, 161)]
    faces = tuple(
        replace(
            photo.faces[0],
            number=number,
            standing=FaceStatus.ASKED,
            answer=AnswerOnFile(True, "Ana", desk.today(), "this face", name),
        )
        for number, name in enumerate(named, start=1)
    )
    with desk.writing() as unit:
        piece = show_piece(desk, "P-0001", ANYBODY).piece
        crowd = replace(audit, id="crowd", at=desk.now(), photos=(replace(photo, faces=faces),))
        unit.pieces.add_audit(piece.id, crowd)
        unit.commit()
    content = audit_pdf(desk, "P-0001", ANYBODY)
    check_tags(content, "en-US")
    with pypdfium2.PdfDocument(content) as document:
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
        assert len(document) > 2
    said = " ".join(text.split())
    assert all(name in said for name in named)


def test_those_who_stand_alike_share_a_line(desk: Services):
    place(desk, STAGE)
    (photo,) = run_audit(desk, "P-0001", EDITOR).photos
    face = photo.faces[0]
    crowd = [replace(face, number=number) for number in (*range(1, 81), 90, 92, 93)]
    no = replace(face, number=91, standing=FaceStatus.REVOKED, revocations=("R-0001",))
    together = alike_faces([*crowd, no])
    assert [numbers_in_short([face.number for face in of]) for of in together] == [
        "91",
        "1 to 80, 90, 92, 93",
    ]


def test_the_audit_is_printed_and_exported(desk: Services, tmp_path: Path):
    label = revoke(desk, OBAMA)
    ask(desk, PANEL, faces=(1,))
    place(desk, STAGE, PANEL)
    audit = run_audit(desk, "P-0001", EDITOR)

    content = audit_pdf(desk, "P-0001", ANYBODY, "letter")
    kinds = check_tags(content, "en-US", "(P-0001)")
    assert (kinds.count("/H2"), kinds.count("/Figure"), kinds.count("/Table")) == (2, 2, 2)
    (tmp_path / "audit.pdf").write_bytes(content)
    with pypdfium2.PdfDocument(content) as document:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    for said in (label, "Revoked", "Not asked", "Ana Ruiz", "Page 1 of", "Register version"):
        assert said in text
    rows = list(csv.DictReader(io.StringIO(audit_csv(audit))))
    assert [row["standing"] for row in rows if row["photo"] == PANEL.name] == [
        "Asked, said yes",
        "Revoked",
        "Not asked",
    ]


def test_signed_pieces_are_counted_over_time(desk: Services):
    ask(desk, STAGE, faces=(1,))
    place(desk, STAGE)
    run_audit(desk, "P-0001", EDITOR)
    assert signed_pieces(desk, ANYBODY) == []
    sign_off(desk, "P-0001", "Ed Press, editor", EDITOR, "Mr. Biden could not be reached")

    (signed,) = signed_pieces(desk, ANYBODY, Selection(since=desk.today(), event="Author talk"))

    assert (signed.photos, signed.signed_over) == (1, 1)
    assert signed.coverage.words == "1 of 2 recognizable people asked: 1 said yes."
    assert "could not be reached" in signed_csv([signed])
    assert signed_pieces(desk, ANYBODY, Selection(event="Summer reading kick-off")) == []
    assert signed_pieces(desk, ANYBODY, Selection(until=date(2020, 1, 1))) == []


def test_half_a_face_in_print_is_judged(desk: Services, tmp_path: Path):
    revoke(desk, OBAMA)
    portrait = SAMPLES / "originals" / "obama2.jpg"
    whole = opened(portrait)
    with desk.reading() as unit:
        sha256 = photo_named(desk, str(portrait))
        box = unit.photos.fingerprints([sha256])[sha256].faces[0].box
    middle, lower = (box.x1 + box.x2) // 2, box.y1 + box.height * 48 // 100
    for number, part in enumerate(
        (
            whole.crop((0, 0, middle - box.width // 40, whole.height)),
            whole.crop((0, 0, whole.width, lower)),
        )
    ):
        part.save(tmp_path / f"half-{number}.jpg", quality=92)
        place(desk, tmp_path / f"half-{number}.jpg")

    photos = run_audit(desk, "P-0001", EDITOR).photos

    assert {photo.verdict for photo in photos} == {Verdict.BLOCKED}
    with pytest.raises(RefusedError):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR, "No time.")


def test_an_audit_that_ends_late_leaves_a_piece_at_the_printer(
    desk: Services, monkeypatch: pytest.MonkeyPatch
):
    place(desk, PANEL)
    ask(desk, PANEL)
    run_audit(desk, "P-0001", EDITOR)
    sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)

    def meanwhile(auditor: _Auditor, placed: PlacedPhoto) -> AuditedPhoto:
        if show_piece(desk, "P-0001", ANYBODY).piece.state is PieceState.APPROVED:
            move_piece(desk, "P-0001", PieceState.AT_PRINTER, EDITOR)
        return judged(auditor, placed)

    judged = _Auditor.photo
    monkeypatch.setattr(_Auditor, "photo", meanwhile)
    run_audit(desk, "P-0001", EDITOR)
    assert show_piece(desk, "P-0001", ANYBODY).piece.state is PieceState.AT_PRINTER

    move_piece(desk, "P-0001", PieceState.PRINTED, EDITOR, stock=100)
    with pytest.raises(ConflictError, match="signed off before"):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR)


def test_of_a_photo_in_two_places_the_worse_verdict_counts(desk: Services):
    revoke(desk, OBAMA)
    stage = opened(STAGE)
    right = stage.crop((stage.width * 52 // 100, 0, stage.width, stage.height))
    place(desk, layout([stage], [right]))
    run_audit(desk, "P-0001", EDITOR)
    posting = Posting(use_of(desk, show_piece(desk, "P-0001", ANYBODY).piece), desk.today())
    with pytest.raises(RefusedError, match="Do not use"):
        record_publications(desk, [photo_named(desk, str(STAGE))], posting, EDITOR)


def test_what_is_neither_a_photo_nor_a_pdf_is_named_with_what_to_do(desk: Services):
    files = {
        "newsletter.docx": b"PK\x03\x04\x14\0\0\0[Content_Types].xml\0",
        "newsletter.indd": bytes.fromhex("0606edf5d81d46e5bd31efe7fe74b71d"),
        "poster.pub": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0",
    }
    handed_in = [HandedIn(name, content) for name, content in files.items()]
    photo = HandedIn("photo.pdf", STAGE.read_bytes())

    place_files(desk, "P-0001", [*handed_in, photo], EDITOR)

    placed = show_piece(desk, "P-0001", ANYBODY).placed
    assert [photo.problem.endswith("export a PDF, and upload that.") for photo in placed] == [
        *[True] * 3,
        False,
    ]
    assert placed[3].photo_sha256
    assert run_audit(desk, "P-0001", EDITOR).verdict is Verdict.NOT_CHECKED


def test_two_photos_that_lie_flush_are_matched_with_their_originals_each(desk: Services):
    stage, portrait = opened(STAGE), opened(SAMPLES / "originals" / "astronaut.png")
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    for left, picture in ((20, stage), (280, portrait)):
        canvas.drawImage(ImageReader(picture.resize((600, 600))), left, 400, 260, 260)
    canvas.save()

    place(desk, made.getvalue())

    wanted = {photo_named(desk, str(STAGE)), sample_sha(desk, "astronaut.png")}
    assert {photo.photo_sha256 for photo in show_piece(desk, "P-0001", ANYBODY).placed} >= wanted


def sample_sha(services: Services, name: str) -> str:
    return photo_named(services, str(SAMPLES / "originals" / name))


def test_of_two_layouts_each_is_named_and_one_without_pictures_is_said_to_be(desk: Services):
    pdfs = {
        "flyer.pdf": layout([opened(STAGE)]),
        "spring.pdf": layout([opened(PANEL)]),
        "words.pdf": layout([]),
    }
    handed_in = [HandedIn(name, content) for name, content in pdfs.items()]

    placing = place_files(desk, "P-0001", handed_in, EDITOR)

    assert placing.without_pictures == ("words.pdf",)
    where = [photo.where for photo in run_audit(desk, "P-0001", EDITOR).photos]
    assert sorted(where) == ["flyer.pdf, page 1, picture 1", "spring.pdf, page 1, picture 1"]
    alone = place_files(desk, "P-0001", handed_in[:1], EDITOR)
    assert [photo.where_among(alone.photos) for photo in alone.photos] == ["Page 1, picture 1"]


def test_a_layout_without_any_picture_is_audited_page_by_page(desk: Services):
    """A leaflet of nothing but words is a result, not an error; and its pages are looked at."""
    words = HandedIn("words.pdf", layout([], []))

    placing = place_files(desk, "P-0001", [words], EDITOR)

    assert placing.without_pictures == ("words.pdf",)
    audit = run_audit(desk, "P-0001", EDITOR)
    assert [photo.page for photo in audit.photos] == [1, 2]
    assert audit.verdict is Verdict.CLEAR
    assert [photo.faces for photo in audit.photos] == [(), ()]


def test_a_no_to_a_photo_acquits_no_picture_that_is_a_copy_of_a_confirmed_one(desk: Services):
    """Whatever it is also a part of, and as often as it is audited."""
    astronaut = SAMPLES / "originals" / "astronaut.png"
    welcome = SAMPLES / "events" / "2026-06-02 Summer reading kick-off"
    composite = photo_named(desk, str(welcome / "welcome-obama-astronaut.jpg"))
    with desk.writing() as unit:
        unit.photos.forget([str(astronaut)])
        unit.commit()
    case = revoke(desk, astronaut)
    with desk.reading() as unit:
        faces = unit.photos.fingerprints([composite])[composite].faces
    for box in (None, *(face.box for face in faces)):
        decide_sighting(desk, case, composite, box, DecisionState.REJECTED, EDITOR)

    place(desk, layout([opened(astronaut)]))
    audit = run_audit(desk, "P-0001", EDITOR)

    assert (audit.photos[0].photo_sha256, audit.photos[0].found) == (composite, FoundBy.PART)
    assert audit.verdict is Verdict.BLOCKED
    assert any(case in said for said in audit.photos[0].sentences)
    with pytest.raises(RefusedError, match="cannot be signed off: Page 1"):
        sign_off(desk, "P-0001", "Ed Press, editor", EDITOR, "No time.")

    open_takedowns_of_today(desk)
    stops = stops_of_pieces(desk, ANYBODY)[show_piece(desk, "P-0001", ANYBODY).piece.id]
    assert [card.case_label for card in stops] == [case]

    index_photos(desk, IndexRequest([astronaut], jobs=1), EDITOR)
    again = run_audit(desk, "P-0001", EDITOR)
    assert again.photos[0].photo_sha256 == sample_sha(desk, "astronaut.png")
    assert again.photos[0].found == FoundBy.HASH
    assert again.verdict is Verdict.BLOCKED


def test_what_was_decided_on_a_photo_holds_for_it_in_print(desk: Services):
    """What was overridden, and who was not seen in it."""
    stage = photo_named(desk, str(STAGE))
    case = revoke(desk, OBAMA)
    place(desk, layout([opened(STAGE)]))
    assert run_audit(desk, "P-0001", EDITOR).verdict is Verdict.BLOCKED

    use = use_of(desk, show_piece(desk, "P-0001", ANYBODY).piece)
    override = propose_override(desk, stage, use, "Agreed by phone.", desk.today(), DIRECTOR)
    assert run_audit(desk, "P-0001", EDITOR).verdict is Verdict.CLEAR

    withdraw_override(desk, override.id, "A slip.", DIRECTOR)
    with desk.reading() as unit:
        faces = unit.photos.fingerprints([stage])[stage].faces
    for face in faces:
        decide_sighting(desk, case, stage, face.box, DecisionState.REJECTED, EDITOR)
    assert run_audit(desk, "P-0001", EDITOR).verdict is Verdict.CONSENT_MISSING
