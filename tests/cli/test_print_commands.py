"""likeness consent, print and audit: from the answer at the event to what was signed over."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from consent.cli.check import NOTHING_TO_COMPARE
from tests.cli.command_cases import ORIGINALS, REVOKE, SAMPLES, TODAY, Run, refused
from tests.made_pdfs import buttons

TALK = SAMPLES / "events" / "2026-05-14 Author talk"
STAGE = TALK / "stage-obama-biden.jpg"
OTHER = ORIGINALS / "astronaut.png"
NEW = ["print", "new", "Newsletter", "--channel", "newsletter", "--issue", "Spring 2026"]
SIGN = ["print", "sign", "P-0001", "--sign-as", "Ed Press, editor"]


@pytest.fixture
def piece(run: Run, indexed: Path) -> Path:
    """P-0001, a newsletter with a photo of two people who were not asked."""
    event = ["--event", "Author talk", "--date", "2026-05-14"]
    assert run("index", TALK, *event).code in {0, 3}
    assert run(*NEW, "--run", "2000").code == 0
    assert run("print", "place", "P-0001", STAGE).code == 0
    return indexed


def test_answers_are_recorded_by_face_by_photo_and_for_a_room(run: Run, piece: Path):
    first = run("consent", "add", STAGE, "--faces", "1", "--yes", "--uses", "print", "--json")
    (one,) = first.data["recorded"]
    assert (first.code, one["given"], one["kinds"], len(one["box"])) == (0, True, ["print"], 4)
    no = run("consent", "add", STAGE, "--faces", "2", "--no", "--uses", "newsletter")
    assert "2 of 2 recognizable people asked: 1 said yes, 1 said no." in no.out
    room = ["--event", "Author talk", "--on", "2026-05-14", "--asked-by", "Ana Ruiz"]
    assert run("consent", "add", *room, "--yes", "--uses", "print,facebook").code == 0

    listed = run("consent", "list", "--event", "Author talk", "--json").data["consents"]
    assert sorted(len(one["channels"]) for one in listed) == [0, 1, 1]
    assert [one["asked_by"] for one in listed if one["photo"] is None] == ["Ana Ruiz"]
    assert run("consent", "list", "--photo", STAGE).out.endswith("2 answers.\n")
    refused(run("consent", "add", STAGE, "--uses", "print"), "--yes or --no")
    refused(run("consent", "add", STAGE, "--faces", "7", "--yes", "--uses", "print"), "7")
    refused(run("consent", "add", STAGE, "--yes", "--uses", "billboard"), "billboard")
    refused(run("consent", "add", "--event", "Nowhere", "--yes", "--uses", "print"), "Nowhere")


def test_a_list_of_answers_is_taken_in_and_its_bad_rows_are_named(
    run: Run, piece: Path, tmp_path: Path
):
    asked = tmp_path / "asked.csv"
    asked.write_text(
        "photo,faces,answer,uses,asked_on,asked_by\n"
        f"{STAGE},1,yes,print,2026-05-14,Ana Ruiz\n"
        f"{STAGE},2,perhaps,print,2026-05-14,Ana Ruiz\n"
        f"{STAGE},2,no,print,someday,Ana Ruiz\n",
        encoding="utf-8",
    )

    done = run("consent", "import", asked)
    assert done.code == 1
    assert "Line 3:" in done.out
    assert "Line 4:" in done.out
    assert done.out.endswith("1 answer recorded, 2 rows not.\n")
    assert len(run("consent", "list", "--json").data["consents"]) == 1


def test_a_piece_goes_from_the_draft_to_the_printer(run: Run, piece: Path, tmp_path: Path):
    paper, table = tmp_path / "audit.pdf", tmp_path / "audit.csv"
    audited = run("audit", "P-0001", "--pdf", paper, "--csv", table)
    assert audited.code == 1
    assert "1, 2  Not asked" in audited.out
    assert audited.out.endswith("P-0001: Ask first.\n")
    assert paper.read_bytes().startswith(b"%PDF")
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"))))
    assert len(rows) == 2

    refused(run(*SIGN), "say why the piece goes to the printer without it")
    refused(run(*SIGN), "The option for it: --reason.")
    refused(run("print", "move", "P-0001", "--to", "at_printer"), "P-0001")
    run("consent", "add", STAGE, "--faces", "1", "--yes", "--uses", "print")
    again = run("audit", "Newsletter, Spring 2026")
    assert "Changed: " in again.out
    assert run(*SIGN, "--reason", "Asked by mail, no answer").code == 0
    for state in ("at_printer", "printed"):
        assert run("print", "move", "P-0001", "--to", state, "--json").data["state"] == state
    listed = run("print", "list", "--json").data["pieces"]
    assert [(one["piece"], one["state"], one["stock"]) for one in listed] == [
        ("P-0001", "printed", 2000)
    ]
    (signed,) = run("print", "signed", "--json").data["signed"]
    assert (signed["people"], signed["asked"], signed["signed_over"]) == (2, 1, 1)
    assert signed["reason"] == "Asked by mail, no answer"
    year = TODAY.year
    assert run("print", "signed", "--until", f"{year - 1}-12-31").out == "0 signed.\n"


def test_a_revocation_blocks_the_piece_and_its_copy_is_a_takedown(run: Run, piece: Path):
    run("consent", "add", STAGE, "--yes", "--uses", "print")
    assert run("audit", "P-0001").code == NOTHING_TO_COMPARE
    assert run(*SIGN).code == 0

    assert run(*REVOKE, "--photo", ORIGINALS / "obama.jpg", "--keep-face").code == 0
    blocked = run("audit", "P-0001", "--json")
    assert blocked.code == 1
    assert blocked.data["verdict"] == "BLOCKED"
    (photo,) = blocked.data["photos"]
    assert [one["standing"] for one in photo["faces"]] == ["revoked", "asked"]
    assert "Zebulon" not in blocked.out
    refused(run(*SIGN, "--reason", "It is late"), "P-0001")
    (copy,) = run("takedowns", "list", "--json").data["takedowns"]
    assert (copy["publication"], copy["whereabouts"]) == ("Newsletter, Spring 2026", "Audited")

    out = photo["id"]
    assert run("print", "take-out", "P-0001", out).code == 0
    refused(run("print", "take-out", "P-0001", out), "taken out already")
    back = ("print", "put-back", "P-0001", out, "--reason")
    refused(run(*back, "Ed says"), "cannot be put back: Do not use. Face 1: revoked R-0001.")
    (listed,) = run("print", "list", "--json").data["pieces"]
    assert (listed["verdict"], listed["next_step"]) == (
        "NOT_CHECKED",
        "Upload the PDF of the layout, or photos.",
    )
    run("correct", "R-0001", "--mistake", "--reason", "Entered twice")
    assert run(*back, "The case was a mistake").out == "Put back: audit it again.\n"
    assert "Next: Audit it again." in run("print", "list").out


def test_who_was_entered_by_mistake_was_compared_with_nothing(run: Run, piece: Path):
    run("consent", "add", STAGE, "--yes", "--uses", "print")
    run(*REVOKE)
    run("correct", "R-0001", "--mistake", "--reason", "Entered twice")
    assert run("audit", "P-0001").code == NOTHING_TO_COMPARE


def test_what_cannot_be_placed_is_said(run: Run, piece: Path, tmp_path: Path):
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(STAGE.read_bytes()[:2000])
    placed = run("print", "place", "P-0001", damaged, OTHER, "--json")
    bad, good = placed.data["photos"]
    assert placed.code == 3
    assert bad["problem"]
    assert good["matched_by"] is not None
    assert run("audit", "P-0001").code == 3
    refused(run("print", "place", "P-0001", tmp_path / "none.pdf"), "none.pdf")
    refused(run("audit", "P-0009"), "P-0009")
    refused(run(*NEW), "P-0001")
    refused(run("print", "new", "Post", "--channel", "facebook"), "not print")


def test_what_was_not_looked_at_has_not_nobody_in_it(run: Run, indexed: Path, tmp_path: Path):
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(STAGE.read_bytes()[:2000])
    assert run(*NEW).code == 0
    assert run("print", "place", "P-0001", damaged).code == 3
    audit = run("audit", "P-0001")
    assert audit.code == 3
    assert "Nobody in it" not in audit.out
    assert "1 not checked, so it is not known who else is shown." in audit.out


def test_an_audit_sees_who_is_shown_once_a_box_of_a_form_is_ticked(
    run: Run, revoked: Path, tmp_path: Path
):
    """A tick alone holds nothing."""
    with Image.open(ORIGINALS / "obama.jpg") as opened:
        photo = opened.convert("RGB")
    for other, verdict in (("tick", "CLEAR"), ("photo", "BLOCKED")):
        box = {"/N": {"/Off": "empty", "/Yes": other}, "/D": {"/Off": "empty", "/Yes": "tick"}}
        layout = tmp_path / f"{other}.pdf"
        layout.write_bytes(buttons(photo, box))
        assert run("print", "new", other, "--channel", "newsletter", "--issue", "May").code == 0
        piece = f"{other}, May"
        assert run("print", "place", piece, layout).code == 0
        assert run("audit", piece, "--json").data["verdict"] == verdict


def test_an_audit_says_whom_nothing_but_an_eye_finds(run: Run, piece: Path, tmp_path: Path):
    came = ("--received", TODAY, "--method", "letter", "--note", "Binder 3")
    assert run("revoke", "--name", "Nona Name", *came).code == 0

    paper = tmp_path / "audit.pdf"
    audited = run("audit", "P-0001", "--pdf", paper)

    assert "No face of R-0001 is on file" in audited.out
    pages = [page.extract_text() for page in PdfReader(paper).pages]
    assert "No face of R-0001 is on file" in " ".join(pages).replace("\n", " ")
    (said,) = run("audit", "P-0001", "--json").data["by_eye"]
    assert said in audited.out


def test_a_list_of_answers_taken_in_twice_is_taken_in_once(run: Run, piece: Path, tmp_path: Path):
    asked = tmp_path / "asked.csv"
    asked.write_text(
        "photo,faces,answer,uses,asked_on,asked_by\n"
        f"{STAGE},1,yes,print,2026-05-14,Ana Ruiz\n"
        f"{STAGE},2,yes,print,2026-05-14,Ana Ruiz\n",
        encoding="utf-8",
    )
    first = run("consent", "import", asked)
    assert "2 answers recorded" in first.out

    again = run("consent", "import", asked)

    assert again.code == 0
    assert "2 rows are already imported" in again.out
    assert "0 answers recorded" in again.out
    assert run("consent", "list", "--photo", STAGE).out.endswith("2 answers.\n")
