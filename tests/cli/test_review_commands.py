"""likeness review, override and renew: what a person decides at the terminal stays."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from consent.domain.wording import long_day
from media_index.hashing.perceptual import sha256_hex
from tests.cli.command_cases import ORIGINALS, REVOKE, TODAY, Run, refused
from tests.staff import token_of

OBAMA2, BIDEN = ORIGINALS / "obama2.jpg", ORIGINALS / "biden.jpg"
CHILD = [*REVOKE, "--minor", "--guardian", "G. Quirk"]
REFERENCE = ["--photo", ORIGINALS / "obama.jpg", "--keep-face"]
SOON = TODAY + timedelta(days=20)
DIRECTOR = ["--as", "Di Rossi:director"]
DI, CAM = Actor("Di Rossi", Role.DIRECTOR), Actor("Cam Lee", Role.COMMUNICATIONS)
WITHOUT_ROLE = [
    *("override", "add", OBAMA2, "--use", "facebook", "--reason", "She agreed", "--until", SOON)
]
ADD = [*WITHOUT_ROLE, *DIRECTOR]


def sha(path: Path) -> str:
    return sha256_hex(path.read_bytes())


def verdict(run: Run, use: str = "facebook") -> str:
    return run("check", OBAMA2, "--use", use, "--json").data["photos"][0]["verdict"]


def test_a_pair_that_was_decided_is_not_listed_again(run: Run, revoked: Path):
    listed = run("review", "list", "--json")
    pair = next(one for one in listed.data["pairs"] if one["photo"] == sha(OBAMA2))
    assert listed.code == 0
    assert (pair["kind"], pair["revocation"]) == ("face", "R-0001")
    assert pair["false_matches_per_million"] < 50
    assert "Zebulon" not in listed.out
    (box,) = pair["boxes"]

    decided = run(
        *["review", "decide", OBAMA2, "--revocation", "R-0001", "--state", "rejected"],
        *["--box", ",".join(map(str, box)), "--json"],
    )

    assert decided.code == 0
    assert decided.data == {
        "revocation": "R-0001",
        "photo": sha(OBAMA2),
        "state": "rejected",
        "takedowns": [],
    }
    again = run("review", "list")
    assert sha(OBAMA2)[:16] not in again.out
    assert again.out.splitlines()[-1].endswith("to decide.")
    assert verdict(run) == "CLEAR"


def test_a_person_seen_from_behind_is_marked_in_the_photo_as_a_whole(run: Run, indexed: Path):
    run(*REVOKE)
    confirm = ["review", "decide", BIDEN, "--revocation", "R-0001", "--state", "confirmed"]

    answer = run(*confirm, "--wearing", "a green coat")

    assert (answer.code, answer.out) == (0, "R-0001: confirmed.\n")
    assert run("check", BIDEN, "--use", "facebook").code == 1


def test_an_override_lets_a_photo_pass_until_it_is_taken_back(run: Run, revoked: Path):
    assert verdict(run) == "BLOCKED"

    made = run(*ADD, "--json")
    assert made.code == 0
    assert made.data["expires_on"] == SOON.isoformat()
    assert (made.data["waits_for_second"], made.data["publication"]) == (False, None)
    assert made.data["lifts"] == ["face R-0001"]
    listed = run("override", "list", "--json", *DIRECTOR).data
    assert listed["overrides"] == [made.data]
    assert [verdict(run), verdict(run, "instagram")] == ["CLEAR", "BLOCKED"]
    assert run("override", "list").out.splitlines()[-1] == "1 override."

    taken = run(
        "override", "withdraw", made.data["override"], "--reason", "A slip", "--json", *DIRECTOR
    )

    assert (taken.code, taken.data["withdrawn"]) == (0, True)
    assert verdict(run) == "BLOCKED"
    assert run("override", "list", "--json").data == {"overrides": []}
    refused(run("override", "withdraw", made.data["override"], *DIRECTOR), "undone already")


def test_why_it_was_overridden_names_nobody_to_a_role_without_names(run: Run, revoked: Path):
    reason = ["--reason", "Zelda Quimby agreed"]
    run("override", "add", OBAMA2, "--use", "facebook", *reason, "--until", SOON, *DIRECTOR)

    shown = {
        role: [
            run("override", "list", "--as", f"Eve:{role}").out,
            run("override", "list", "--json", "--as", f"Eve:{role}").out,
        ]
        for role in ("communications", "records", "director")
    }
    for role in ("communications", "records"):
        for told in shown[role]:
            assert "Quimby" not in told
            assert "(withheld)" in told
    assert all("Zelda Quimby agreed" in told for told in shown["director"])
    # Verdicts are kept, and told to everybody.
    for told in (
        ("check", OBAMA2, "--use", "facebook"),
        ("check", OBAMA2, "--use", "facebook", "--json"),
    ):
        said = run(*told).out
        assert "Overridden by Di Rossi (director)" in said
        assert "Quimby" not in said


def test_for_a_minor_it_waits_for_a_second_person_who_has_just_signed_in(
    run: Run, indexed: Path, monkeypatch
):
    run(*CHILD, *REFERENCE)
    services = services_from_environment()
    staff = {actor.id: actor for actor in (DI, CAM, Actor("Ana Ruiz", Role.DESK))}
    early = token_of(services, CAM, ago=timedelta(minutes=6))
    tokens = {name: token_of(services, actor) for name, actor in staff.items()}

    def acts(token: str) -> None:
        monkeypatch.setenv("LIKENESS_TOKEN", token)

    acts(tokens["Di Rossi"])
    made = run(*ADD)
    assert made.code == 0
    assert "it waits for a second person" in made.out
    number = made.out.split()[1]
    assert "waits for a second person" in run("override", "list").out
    assert verdict(run) == "BLOCKED"
    second = ["override", "second", number]
    refused(run(*second), "can't be the same")
    refused(run(*second, "--as", "Cam Lee:communications"), "no other name")
    acts(tokens["Ana Ruiz"])
    refused(run(*second), "Only these roles may be the second person")
    acts(early)
    refused(run(*second), "agree within 5 minutes")
    acts(tokens["Cam Lee"])
    assert verdict(run) == "BLOCKED"

    seconded = run(*second, "--json")

    assert seconded.code == 0
    assert (seconded.data["by"], seconded.data["second"]) == ("Di Rossi", "Cam Lee")
    assert seconded.data["waits_for_second"] is False
    assert verdict(run) == "CLEAR"


def test_what_is_decided_outlives_a_renewed_index(run: Run, tmp_path: Path):
    photos = tmp_path / "photos"
    photos.mkdir()
    for file in (OBAMA2, ORIGINALS / "coffee.png"):
        shutil.copy(file, photos)
    run("index", photos, "--jobs", "1")
    run(*REVOKE)
    photo = photos / "obama2.jpg"
    run("review", "decide", photo, "--revocation", "R-0001", "--state", "confirmed")
    (photos / "coffee.png").unlink()

    renewed = run("renew", "--jobs", "1", "--json")

    assert renewed.code == 0
    assert renewed.data == {"renewed": 1, "left": 1, "templates": 0, "lost": [], "problems": []}
    assert verdict(run) == "BLOCKED"
    # A photo that can be read no more is not lost, and it is said.
    photo.write_bytes(photo.read_bytes()[:2000])
    broken = run("renew", "--jobs", "1")
    assert broken.code == 3
    assert str(photo) in broken.out


def test_renewing_an_empty_index_is_nothing_to_complain_about(run: Run):
    answer = run("renew")

    assert answer.code == 0
    assert answer.out.startswith("0 photos and 0 photos of the person made again")


NOBODY = "a" * 64
DECIDE = ["review", "decide", BIDEN, "--revocation", "R-0001", "--state"]
UNTIL = ["--until", "2030-01-01"]

MISTAKES: list[tuple[list[object], str]] = [
    ([*DECIDE, "perhaps"], "'perhaps' is not a decision: use confirmed, rejected or cannot_tell"),
    ([*DECIDE, "confirmed"], "no revocation R-0001"),
    ([*DECIDE, "confirmed", "--box", "1,2,3"], "'1,2,3' is not a box: write x1,y1,x2,y2"),
    ([*DECIDE, "confirmed", "--box", "-1,2,3,4"], "is not a box"),
    (["review", "decide", "gone.jpg", *DECIDE[3:], "confirmed"], "no photo gone.jpg"),
    (["review", "decide", BIDEN, "--state", "confirmed"], "--revocation"),
    ([*ADD[:2], "gone.jpg", *ADD[3:]], "no photo gone.jpg"),
    ([*ADD[:2], NOBODY, *ADD[3:]], "is not where it was"),
    ([*ADD, "--as", "Cam Lee:communications"], "may override a verdict: director"),
    (WITHOUT_ROLE, "may override a verdict: director"),
    ([*ADD, "--use", "myspace"], "no channel 'myspace'"),
    ([*ADD, "--reason", " "], "Enter why"),
    ([*ADD, "--until", "soon"], "--until: 'soon' is not a date"),
    ([*ADD, "--until", "2020-01-01"], "lasts at most 90 days"),
    (
        [*ADD, "--until", "2199-01-01"],
        f"choose a last day from {long_day(TODAY)} to {long_day(TODAY + timedelta(days=90))}",
    ),
    (ADD, "is not in the index: check or index it first"),
    (["override", "second", "3f2a"], "only where people sign in"),
    (["agree", "R-0001"], "only where people sign in"),
    (["override", "withdraw", "3f2a"], "no such override"),
]


def test_a_mistake_ends_with_2_and_a_sentence(run: Run):
    for words, said in MISTAKES:
        refused(run(*words), said)


def test_what_nothing_speaks_against_is_not_overridden(run: Run, indexed: Path):
    refused(run(*ADD), "there is nothing to override")


def test_no_reference_waits_for_a_look_where_none_matches_too_much(run: Run, revoked: Path):
    assert run("review", "references", "--json").data == {"references": []}
    refused(run("review", "confirm-reference", "0b6f"), "No such photo of a person is withheld")


def test_a_face_that_is_no_person_is_said_once_and_taken_back(run: Run, indexed: Path):
    astronaut = ORIGINALS / "astronaut.png"
    face = ["review", "face", astronaut]
    check = ["check", astronaut, "--use", "newsletter:Spring"]
    assert run(*check).code == 1
    listed = run(*face, "--json")
    assert [one["is"] for one in listed.data["faces"]] == [None]

    said = run(*face, "--face", 1, "--is", "no_person", "--note", "A mannequin", "--as", "Ann")

    assert (said.code, said.err) == (0, "")
    assert "face 1" in said.out
    assert "No person (Ann, " in said.out
    checked = run(*check)
    # Nobody is in the register.
    assert checked.code == 4
    assert "Note: Face 1: no person, said Ann on " in checked.out
    assert run(*face, "--json").data["faces"][0]["note"] == "(withheld)"
    (kept,) = run(*face, "--json", *DIRECTOR).data["faces"]
    assert (kept["number"], kept["is"], kept["note"]) == (1, "no_person", "A mannequin")
    assert run(*face, "--face", 1, "--is", "person").code == 0
    assert run(*check).code == 1


def test_a_face_that_surely_looks_like_somebody_is_a_directors_to_set_aside(
    run: Run, revoked: Path
):
    say = ["review", "face", OBAMA2, "--face", 1, "--is", "no_person"]

    answer = run(*say, "--note", "A wax figure")
    assert answer.code == 2
    assert "surely looks like R-0001" in answer.err
    refused(run(*say, *DIRECTOR), "Enter in a few words why it is no person")
    refused(run("review", "face", OBAMA2, "--face", 9, "--is", "person"), "There is no face 9")
    refused(run("review", "face", OBAMA2, "--face", 1), "Say what the face shows")
    assert run(*say, *DIRECTOR, "--note", "A wax figure").code == 0
    assert verdict(run) == "CLEAR"
