"""likeness publications and recheck: what went out, what is planned, what is reused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PIL import Image

from consent.bootstrap import services_from_environment
from consent.cases.references import photo_named
from consent.domain.actors import Actor, Role
from consent.publishing.posts import schedule_posts
from consent.publishing.reuse import check_source
from media_index.hashing.perceptual import sha256_hex
from tests.cli.command_cases import ORIGINALS, REVOKE, TODAY, Run, refused

BIDEN, OBAMA2 = ORIGINALS / "biden.jpg", ORIGINALS / "obama2.jpg"
POST = "https://facebook.com/p/1"
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR}))
ADD = ["publications", "add", BIDEN, "--use", "facebook", "--url", POST, "--on", "2026-05-20"]
REFERENCE = ["--photo", ORIGINALS / "obama.jpg", "--keep-face"]
# Of a check where nobody is in the register.
NOBODY = 4


def sha(path: Path) -> str:
    return sha256_hex(path.read_bytes())


def test_a_post_is_recorded_once_and_only_when_it_was_cleared(run: Run, indexed: Path):
    refused(run(*ADD), "was not checked for Facebook")
    assert run("check", BIDEN, "--use", "facebook").code == NOBODY

    made = run(*ADD, "--json")

    assert made.code == 0
    (one,) = made.data["recorded"]
    assert one == {
        "id": one["id"],
        "by": one["by"],
        "photo": sha(BIDEN),
        "channel": "facebook",
        "publication": None,
        "url": POST,
        "on": "2026-05-20",
    }
    assert made.data["takedowns"] == []
    refused(run(*ADD), "already recorded as published")
    elsewhere = [*ADD[:6], "https://www.instagram.com/p/1", *ADD[7:]]
    refused(run(*elsewhere), "The address is on Instagram, but the post is for Facebook.")
    assert run(*elsewhere, "--confirm").code == 0
    listed = run("publications", "list", "--json").data["publications"]
    assert [(one["photo"], one["file"]) for one in listed] == [(sha(BIDEN), "biden.jpg")] * 2
    assert run("publications", "list").out.splitlines()[-1] == "2 publications."


def test_what_is_out_already_and_shows_somebody_opens_a_takedown(run: Run, revoked: Path):
    words = [*ADD[:2], OBAMA2, *ADD[3:]]
    run("check", OBAMA2, "--use", "facebook")
    refused(run(*words), "Do not use")

    made = run(*words, "--already-out")

    assert made.code == 0
    assert "Someone in it has revoked: T-0001, due " in made.out


def test_what_was_recorded_by_mistake_is_undone_with_its_takedown(run: Run, revoked: Path):
    run(*ADD[:2], OBAMA2, *ADD[3:], "--already-out")
    (made,) = run("publications", "list", "--json").data["publications"]
    undo = ["publications", "undo", made["id"][:8]]
    refused(run(*undo, "--reason", " "), "why the record is undone")

    undone = run(*undo, "--reason", "It was the other photo", "--json")

    assert undone.data == {"takedowns": ["T-0001"]}
    assert run("publications", "list", "--json").data == {"publications": []}
    (card,) = run("takedowns", "list", "--json").data["takedowns"]
    assert card["state"] == "mistaken"
    refused(run(*undo, "--reason", "Again"), "already undone")
    # It can be recorded anew, and opens a takedown of its own.
    again = run(*ADD[:2], OBAMA2, *ADD[3:], "--already-out", "--json")
    assert again.data["takedowns"] == ["T-0002"]


def test_photos_of_one_post_are_recorded_and_scheduled_at_once(run: Run, indexed: Path):
    both = [BIDEN, OBAMA2]
    run("check", *both, "--use", "facebook")
    planned = run(
        "publications", "schedule", *both, "--use", "facebook", "--on", TODAY, "--json"
    ).data["scheduled"]
    assert {post["photo"] for post in planned} == {sha(BIDEN), sha(OBAMA2)}

    made = run("publications", "add", *both, *ADD[3:], "--json").data["recorded"]

    assert {one["photo"] for one in made} == {sha(BIDEN), sha(OBAMA2)}
    assert {one["url"] for one in made} == {POST}


def test_a_list_names_its_bad_rows_and_ends_with_1(run: Run, indexed: Path, tmp_path: Path):
    file = tmp_path / "posted.csv"
    good = f"{BIDEN},facebook,2026-05-20,{POST}"
    file.write_text(f"photo,channel,date,url\n{good}\ngone.jpg,facebook,2026-05-20,{POST}2\n")

    first = run("publications", "import", file, "--json")

    assert first.code == 1
    assert [one["photo"] for one in first.data["recorded"]] == [sha(BIDEN)]
    assert [one["line"] for one in first.data["bad"]] == [3]
    again = run("publications", "import", file)
    assert again.code == 1
    assert "Line 3: There is no photo gone.jpg" in again.out
    assert "0 recorded, 1 known already, 1 bad rows, 0 to take down." in again.out
    file.write_text(f"photo,channel,date,url\n{good}\n")
    assert run("publications", "import", file).code == 0


def test_downloaded_posts_are_matched_and_recorded_only_if_asked(
    run: Run, indexed: Path, tmp_path: Path
):
    folder = tmp_path / "downloads"
    folder.mkdir()
    with Image.open(BIDEN) as opened:
        opened.resize((480, 1090)).save(folder / "small.jpg", quality=60)

    matched = run("publications", "match", folder, "--json")

    (post,) = matched.data["posts"]
    assert matched.code == 0
    assert (post["original"], post["found_by"]) == (sha(BIDEN), "same picture")
    assert matched.data["recorded"] == []
    assert run("publications", "list", "--json").data == {"publications": []}

    kept = run("publications", "match", folder, "--use", "instagram", "--on", "2026-05-20")
    assert kept.code == 0
    assert "small.jpg: a copy of a photo on file" in kept.out
    assert "1 recorded, 0 known already" in kept.out

    # What cannot be read is said, and may be anything.
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 no photo")
    assert run("publications", "match", folder).code == 1


def test_a_customers_post_is_looked_after(run: Run, indexed: Path):
    source = ["--source", "https://x.com/c/5", "--already-out"]
    made = ["publications", "add", BIDEN, "--use", "facebook", "--url", POST]
    run(*made, "--on", TODAY - timedelta(days=40), *source)

    (late,) = run("publications", "sources", "--overdue", "--json").data["sources"]

    assert (late["due_on"], late["gone"]) == ((TODAY - timedelta(days=10)).isoformat(), False)
    assert (late["source"], late["url"]) == ("https://x.com/c/5", POST)
    services = services_from_environment()
    with services.reading() as unit:
        (one,) = unit.publications.all()
    check_source(services, one.id, STAFF, there=True)
    assert run("publications", "sources", "--overdue", "--json").data == {"sources": []}
    assert run("publications", "sources").out.startswith("https://x.com/c/5: look on ")
    check_source(services, one.id, STAFF, there=False)
    gone = run("publications", "sources", "--overdue")
    assert (gone.code, "gone: take the copy down" in gone.out) == (0, True)


def test_scheduled_posts_end_with_the_worst(run: Run, indexed: Path):
    nothing = run("recheck", "--scheduled", "--json")
    assert (nothing.code, nothing.data) == (0, {"posts": [], "takedowns": []})
    services = services_from_environment()
    use, tomorrow = services.policy.use("facebook"), services.today() + timedelta(days=1)
    photos = [photo_named(services, str(photo)) for photo in (BIDEN, OBAMA2)]
    run("check", BIDEN, OBAMA2, "--use", "facebook")
    schedule_posts(services, photos, use, tomorrow, STAFF)
    assert run("recheck").code == NOBODY
    run(*REVOKE, *REFERENCE)

    answer = run("recheck", "--scheduled", "--json")

    posts = {one["photo"]: one for one in answer.data["posts"]}
    assert answer.code == 1
    flagged = posts[sha(OBAMA2)]
    assert (flagged["verdict"], flagged["before"]) == ("BLOCKED", "CLEAR")
    assert flagged["planned_on"] == tomorrow.isoformat()
    assert "R-0001" in " ".join(flagged["sentences"])
    assert posts[sha(BIDEN)]["verdict"] == "CLEAR"
    assert "2 scheduled posts checked." in run("recheck").out


LATER = ["--on", "2199-01-01"]
MISTAKES: list[tuple[list[object], str]] = [
    ([*ADD[:2], "gone.jpg", *ADD[3:]], "no photo gone.jpg"),
    ([*ADD, "--use", "myspace"], "no channel 'myspace'"),
    ([*ADD, "--on", "soon"], "--on: 'soon' is not a date"),
    ([*ADD, *LATER], "can't be in the future"),
    ([*ADD, "--url", ""], "Give the address of the post"),
    ([*ADD, "--url", "facebook.com/p/1"], "an address must begin with https://"),
    ([*ADD, "--source", "x"], "an address must begin with https://"),
    (ADD, "not in the index"),
    (ADD[:5], "--on"),
    (["publications", "import", "gone.csv"], "gone.csv cannot be read"),
    (["publications", "match", "gone"], "gone"),
    (["publications", "match", ORIGINALS, "--use", "facebook"], "both --use and --on"),
    (["publications", "match", ORIGINALS, "--on", "2026-05-20"], "both --use and --on"),
    (["recheck", "--as", "Cam:king"], "no role 'king'"),
]


def test_a_mistake_ends_with_2_and_a_sentence(run: Run, tmp_path: Path):
    for words, said in MISTAKES:
        refused(run(*words), said)
    lacking = tmp_path / "posted.csv"
    lacking.write_text("photo,channel\nx.jpg,facebook\n")
    refused(run("publications", "import", lacking), "does not have the column 'date'")
    assert run("publications", "list", "--json").data == {"publications": []}


def test_a_mistake_in_the_day_is_found_before_anything_is_matched(run: Run, tmp_path: Path):
    (tmp_path / "post.jpg").write_bytes((ORIGINALS / "coffee.png").read_bytes())

    refused(
        run("publications", "match", tmp_path, "--use", "facebook", "--on", "soon"), "not a date"
    )
    refused(run("publications", "match", tmp_path, "--use", "facebook", *LATER), "the future")

    assert run("status", "--json").data["index"]["photos"] == 0
