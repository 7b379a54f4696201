"""likeness takedowns, appeals, and sweep --open-takedowns: from what is out to the last letter."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from consent.bootstrap import services_from_environment
from consent.cases.references import photo_named
from consent.domain.publications import Publication
from tests.cli.command_cases import ORIGINALS, TODAY, Run, refused

POST = "https://facebook.com/p/1"
DIRECTOR = ["--as", "Di Rossi:director"]


@pytest.fixture
def out(run: Run, revoked: Path) -> Path:
    """Two photos of somebody who revoked are out, online and in print."""
    publish = ["publications", "add", "--already-out", "--use"]
    facebook = ["facebook", "--url", POST, "--on", "2026-05-20"]
    run(*publish, *facebook, ORIGINALS / "obama2.jpg")
    run(*publish, "newsletter:Spring 2026", "--on", "2026-05-10", ORIGINALS / "obama3.jpg")
    return revoked


def log_of(action: str) -> list[str]:
    with services_from_environment().reading() as unit:
        return [one.actor_id for one in unit.audit.entries() if one.action == action]


def test_takedowns_are_listed_moved_and_told_the_patron(run: Run, out: Path, tmp_path: Path):
    listed = run("takedowns", "list", "--json")
    online, printed = listed.data["takedowns"]
    assert listed.code == 0
    assert (online["takedown"], online["revocation"]) == ("T-0001", "R-0001")
    assert (online["state"], online["channel"], online["url"]) == ("found", "facebook", POST)
    assert (printed["publication"], printed["url"]) == ("Spring 2026", None)
    assert not any(one["overdue"] or one["safety"] or one["moot"] for one in (online, printed))
    assert "Zebulon" not in listed.out
    only = run("takedowns", "list", "--channel", "Newsletter", "--state", "found", "--json")
    assert [one["takedown"] for one in only.data["takedowns"]] == ["T-0002"]
    assert run("takedowns", "list", "--overdue").out == "0 takedowns.\n"

    mail = run("takedowns", "mail", "T-0001", "--json")
    assert POST in mail.data["body"]
    assert "Zebulon" not in mail.out
    spanish = run("takedowns", "mail", "t-0001", "--language", "es")
    assert (spanish.code, POST in spanish.out) == (0, True)
    assert spanish.out.splitlines()[0] != mail.data["subject"]

    letter = tmp_path / "letter.pdf"
    early = ["takedowns", "letter", "R-0001", "--out", letter]
    refused(run(*early), "Still open: T-0001, T-0002")
    shot = tmp_path / "gone.txt"
    shot.write_bytes(b"a screenshot")
    gone = run("takedowns", "move", "T-0001", "--to", "deleted", "--proof", shot, "--json")
    assert (gone.code, gone.data) == (0, {"takedown": "T-0001", "state": "deleted"})
    stale = ["takedowns", "move", "T-0001", "--to", "retained", "--seen", "found", "--note", "Kept"]
    refused(run(*stale), 'has changed, and nothing was saved: you saw it as "Found"')
    circulating = ["takedowns", "move", "T-0002", "--to", "in_circulation", "--note", "Since May"]
    refused(run(*circulating), "what happens to the stock")
    last = run(*circulating, "--stop-reprint", "--stock", "Pulped")
    assert (last.code, last.out) == (0, "T-0002: Print in circulation.\n")
    refused(run(*early, "--as", "Cam Lee:communications"), "desk, director")
    assert not letter.exists()

    written = run(*early, "--json", *DIRECTOR)

    assert written.data == {"revocation": "R-0001", "letter": str(letter)}
    assert letter.read_bytes().startswith(b"%PDF")
    assert log_of("takedown:letter_given") == ["Di Rossi"]


def test_a_sweep_opens_what_is_due_once(run: Run, revoked: Path):
    # Recorded by a version that did not open takedowns by itself.
    services = services_from_environment()
    with services.writing() as unit:
        photo = photo_named(services, str(ORIGINALS / "obama2.jpg"))
        made = Publication("p1", photo, "facebook", "", POST, TODAY - timedelta(9), "Cam Lee")
        unit.publications.add(made, services.now())
        unit.commit()
    assert run("sweep", "R-0001", "--json").data["takedowns"] == []

    opened = run("sweep", "R-0001", "--open-takedowns", "--json")

    # One of the samples is damaged, which no sweep passes over in silence.
    assert (opened.code, opened.data["takedowns"]) == (3, ["T-0001"])
    (copy,) = [one for one in opened.data["photos"] if one["published"]]
    assert copy["published"][0]["url"] == POST
    again = run("sweep", "R-0001", "--open-takedowns")
    assert "1 of them published" in again.out
    assert "Opened" not in again.out


def test_an_appeal_is_entered_answered_and_goes_to_the_board(run: Run, tmp_path: Path):
    about = ["--about", "My comment of May 3", "--contact", "b@example.org"]
    came = tmp_path / "statement.txt"
    came.write_text("My comment was removed.")
    about += ["--statement", came]
    added = run("appeals", "add", "--name", "B. Poster", *about, "--received", TODAY, "--json")
    assert added.code == 0
    assert (added.data["appeal"], added.data["waits"]) == ("A-0001", True)
    assert added.data["due_on"] > (TODAY + timedelta(days=41)).isoformat()

    decide = ["appeals", "decide", "A-0001", "--decision", "denied", "--reason", "Off topic"]
    refused(run("appeals", "to-board", "A-0001"), "it needs the first answer")
    refused(run(*decide, "--as", "Cam Lee:communications"), "may answer an appeal: director")
    assert run(*decide, *DIRECTOR).out == "A-0001: Denied: it stays as it is.\n"
    refused(run(*decide, *DIRECTOR), "It can go to the Board")
    assert "answered" in run("appeals", "list").out
    taken = run("appeals", "to-board", "a-0001", "--json", "--as", "Ana Ruiz:desk")
    assert (taken.data["waits"], taken.data["steps"][-1]["step"]) == (True, "to_board")

    final = run(*decide[:4], "upheld", "--reason", "It was on topic", "--json", *DIRECTOR)

    assert [one["decision"] for one in final.data["steps"]] == ["denied", None, "upheld"]
    assert final.data["steps"][-1]["step"] == "board_answered"
    (listed,) = run("appeals", "list", "--json", "--as", "Ana Ruiz:desk").data["appeals"]
    assert listed == final.data
    letter, kept = tmp_path / "letter.pdf", tmp_path / "kept.txt"
    desk = ("--as", "Ana Ruiz:desk")
    assert run("appeals", "letter", "A-0001", "--out", letter, *desk).code == 0
    assert letter.read_bytes().startswith(b"%PDF")
    assert run("appeals", "statement", "A-0001", "--out", kept, *desk).code == 0
    assert kept.read_text() == came.read_text()
    refused(run("appeals", "to-board", "A-0001", *desk), "can't go to the Board yet")


def test_who_appeals_is_withheld_from_roles_that_need_not_know(run: Run):
    about = ["--about", "My comment of May 3", "--contact", "b@example.org"]
    run("appeals", "add", "--name", "B. Poster", *about, "--received", TODAY)
    decide = ["appeals", "decide", "A-0001", "--decision", "denied", "--reason", "Off topic"]
    run(*decide, *DIRECTOR)
    others = ["--json", "--as", "Cam Lee:communications"]

    listed = run("appeals", "list", *others)
    taken = run("appeals", "to-board", "A-0001", *others)

    assert [one["name"] for one in listed.data["appeals"]] == ["Name withheld"]
    assert (taken.code, taken.data["name"], taken.data["contact"]) == (0, "Name withheld", "")
    assert "Poster" not in listed.out + taken.out


MOVE = ["takedowns", "move", "T-0001", "--to"]
APPEAL = ["appeals", "add", "--name", "B. Poster", "--about", "My comment", "--received"]
MISTAKES: list[tuple[list[object], str]] = [
    (
        [*MOVE, "deleted", "--note", "x"],
        "under Takedowns. Run likeness takedowns list.",
    ),
    ([*MOVE, "burnt"], "burnt"),
    ([*MOVE, "deleted", "--proof", "gone.png"], "gone.png cannot be read"),
    (["takedowns", "move", "R-0001", "--to", "deleted"], "no takedown R-0001"),
    (["takedowns", "mail", "T-0009"], "no takedown T-0009"),
    (["takedowns", "letter", "R-0001", "--out", "x.pdf"], "no revocation R-0001"),
    (["takedowns", "letter", "R-0001"], "--out"),
    (["takedowns", "list", "--channel", "myspace"], "no channel 'myspace'"),
    (["takedowns", "list", "--state", "lost"], "lost"),
    ([*APPEAL, "soon"], "--received: 'soon' is not a date"),
    ([*APPEAL, "2199-01-01"], "can't be in the future"),
    ([*APPEAL, TODAY, "--takedown", "T-0001"], "no takedown T-0001"),
    ([*APPEAL[:3], " ", *APPEAL[4:], TODAY], "Enter who appeals"),
    (
        ["appeals", "decide", "A-0001", "--decision", "maybe", "--reason", "x", *DIRECTOR],
        "upheld, partly,",
    ),
    (
        ["appeals", "decide", "A-0001", "--decision", "partly", "--reason", "x", *DIRECTOR],
        "no appeal A-0001",
    ),
    (["appeals", "decide", "A-0001", "--decision", "partly", "--reason", "", *DIRECTOR], "Say why"),
    (["appeals", "to-board", "A-0001"], "no appeal A-0001"),
    (["sweep", "R-0001", "--open-takedowns"], "no revocation R-0001"),
]


def test_a_mistake_ends_with_2_and_a_sentence(run: Run):
    for words, said in MISTAKES:
        refused(run(*words), said)
    assert run("appeals", "list", "--json").data == {"appeals": []}
