"""The `likeness` command as staff run it: what it prints, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from consent.bootstrap import services_from_environment
from consent.policy_file import load_policy
from consent.settings import ROOT
from tests.cli.command_cases import ORIGINALS, REVOKE, SAMPLES, Run, refused
from tests.turned_photos import SAID, turned_otherwise


def log() -> list[tuple[str, str, str]]:
    with services_from_environment().reading() as unit:
        return [(one.action, one.actor_id, one.actor_role) for one in unit.audit.entries()]


# -- The main job, as a process of its own -----------------------------------------------------


def process(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "consent.cli", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "LIKENESS_HOME": str(home), "LIKENESS_JOBS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_revoke_then_check_then_sweep(indexed_home: Path):
    recorded = process(
        indexed_home, *REVOKE, "--photo", ORIGINALS / "obama.jpg", "--keep-face", "--json"
    )
    assert recorded.returncode == 0, recorded.stderr
    answer = json.loads(recorded.stdout)
    advice = answer.pop("enrolment")
    assert answer == {
        "revocation": "R-0001",
        "templates": 1,
        "remarks": [],
        "takedowns": [],
    }
    assert (advice["references"], advice["enough"]) == (1, False)
    assert any(one.startswith("Ask them to ") for one in advice["sentences"])

    flagged = process(indexed_home, "check", ORIGINALS, "--use", "instagram", "--json")
    assert flagged.returncode == 1, flagged.stderr
    verdicts = {
        Path(photo["path"]).name: photo["verdict"] for photo in json.loads(flagged.stdout)["photos"]
    }
    assert verdicts.pop("biden.jpg") == "CLEAR"
    assert verdicts.pop("astronaut.png") == "CLEAR"
    assert verdicts.pop("coffee.png") == "CLEAR"
    assert set(verdicts.values()) == {"BLOCKED"}

    swept = process(indexed_home, "sweep", "R-0001")
    # One of the samples is damaged, and may show them.
    assert swept.returncode == 3, swept.stderr
    assert swept.stdout.splitlines()[0].endswith("confirmed")
    assert (
        "Not checked: 1 photo file could not be read, so it was not searched. IT can see why"
        in swept.stdout
    )
    assert "18 of 23 photos may show R-0001" in swept.stdout
    assert "Zebulon" not in swept.stdout + flagged.stdout


# -- check ------------------------------------------------------------------------------------


def test_check_as_json_has_the_shape_that_is_promised(run: Run, indexed: Path):
    run(*REVOKE, "--photo", ORIGINALS / "obama.jpg", "--keep-face")

    answer = run("check", ORIGINALS / "obama2.jpg", "--use", "newsletter:Summer", "--json")

    data = answer.data
    assert {"register_version", "use", "photos"} <= data.keys()
    assert (data["use"], data["publication"]) == ("newsletter", "Summer")
    assert isinstance(data["register_version"], int)
    (photo,) = data["photos"]
    assert {"path", "sha256", "verdict", "faces", "reasons"} <= photo.keys()
    assert photo["path"] == str(ORIGINALS / "obama2.jpg")
    assert len(photo["sha256"]) == 64
    assert photo["faces"] == {"count": 1, "not_compared": 0}
    face, asked = photo["reasons"]
    keys = {
        "code",
        "revocation",
        "face",
        "box",
        "score",
        "threshold",
        "false_matches_per_million",
    }
    assert keys <= face.keys()
    assert keys <= asked.keys()
    assert (face["code"], face["revocation"], face["face"]) == ("face", "R-0001", 0)
    assert [type(side) for side in face["box"]] == [int] * 4
    assert face["score"] >= face["threshold"]
    assert face["false_matches_per_million"] > 0
    assert (asked["code"], asked["revocation"]) == ("verbal_consent_missing", None)
    assert "Zebulon" not in answer.out


@pytest.mark.parametrize(
    ("photos", "code"),
    [
        (["originals/biden.jpg", "originals/astronaut.png"], 0),
        (["originals/biden.jpg", "originals/obama2.jpg"], 1),
        (["events/2026-05-14 Author talk/truncated.jpg"], 3),
        (["originals/obama2.jpg", "events/2026-05-14 Author talk/truncated.jpg"], 3),
        (["originals/biden.jpg", "originals/gone.jpg"], 3),
    ],
)
def test_check_ends_with_the_worst(run: Run, indexed: Path, photos: list[str], code: int):
    run(*REVOKE, "--photo", ORIGINALS / "obama.jpg", "--keep-face")

    answer = run("check", *[SAMPLES / photo for photo in photos], "--use", "instagram")

    assert answer.code == code
    for photo in photos:
        assert str(SAMPLES / photo) in answer.out


def test_check_of_an_empty_folder_has_checked_nothing(run: Run, tmp_path: Path):
    (tmp_path / "empty").mkdir()

    answer = run("check", tmp_path / "empty", "--use", "instagram")

    assert answer.code == 3
    assert "nothing was checked" in answer.out


def test_check_without_weights_says_what_to_do(run: Run, environment: Path):
    (environment / "weights").unlink()

    answer = run("check", ORIGINALS / "biden.jpg", "--use", "instagram")

    assert answer.code == 3
    assert "likeness weights" in answer.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", ORIGINALS, "--use", "myspace"], "no channel 'myspace'"),
        (["check", ORIGINALS], "--use"),
        (["check", "--use", "instagram"], "paths"),
        (["check", ORIGINALS, "--use", "x", "--as", "Ann:king"], "no role 'king'"),
        (["sweep", "R-0001"], "no revocation R-0001"),
        (["sweep"], "revocation"),
        (["revoke"], "--name"),
        (["revoke", "--name", "A", "--received", "soon", "--note", "x"], "'soon' is not a date"),
        ([*REVOKE, "--scope", "radio"], "no channel 'radio'"),
        ([*REVOKE, "--evidence", "gone.pdf"], "gone.pdf cannot be read"),
        ([*REVOKE, "--photo", "gone.jpg"], "no photo gone.jpg"),
        ([*REVOKE, "--face", "0"], "one --face for each --photo"),
        ([*REVOKE, "--method", "fax"], "fax"),
        (["revoke", "--from-csv", "gone.csv"], "gone.csv cannot be read"),
        (["index", ORIGINALS, "--date", "2026-05-14"], "name it with --event"),
        (["index", ORIGINALS, "--event", "Talk", "--date", "soon"], "'soon' is not a date"),
        (["policy", "check", "gone.toml"], "no file gone.toml"),
        (["nonsense"], "nonsense"),
        (["check", ORIGINALS, "--use", "x", "--colour"], "--colour"),
    ],
    ids=lambda words: " ".join(map(str, words))[-40:] if isinstance(words, list) else "",
)
def test_a_mistake_in_what_was_asked_ends_with_2_and_a_sentence(
    run: Run, words: list[object], said: str
):
    answer = run(*words)

    assert answer.code == 2
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""


def test_a_broken_policy_file_ends_with_3_and_its_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "policy.toml"
    file.write_text((ROOT / "data" / "policy.toml").read_text().replace("days = 14", "days = 0"))
    monkeypatch.setenv("LIKENESS_POLICY", str(file))

    answer = run("status")

    assert answer.code == 3
    assert "Line " in answer.err


# -- The others --------------------------------------------------------------------------------


def test_sweep_as_json_has_the_shape_that_is_promised(run: Run, indexed: Path):
    run(*REVOKE, "--photo", ORIGINALS / "obama.jpg", "--keep-face")
    run("index", ORIGINALS, "--event", "Portraits", "--date", "2026-05-14")

    data = run("sweep", "R-0001", "--json").data

    assert data["revocation"] == "R-0001"
    assert all({"path", "event", "score", "box"} <= photo.keys() for photo in data["photos"])
    assert data["photos"][0]["path"] == str(ORIGINALS / "obama.jpg")
    assert data["photos"][0]["event"] == "Portraits"
    assert len(data["photos"]) == 18


def test_index_as_json_and_again(run: Run, tmp_path: Path):
    photos = tmp_path / "2026-05-14 Coffee morning"
    photos.mkdir()
    shutil.copy(ORIGINALS / "coffee.png", photos)

    first, again = run("index", photos, "--json"), run("index", photos, "--json")

    assert (first.code, first.data["added"], first.data["problems"]) == (0, 1, [])
    (suggested,) = first.data["suggested_events"]
    assert (suggested["name"], suggested["date"]) == ("Coffee morning", "2026-05-14")
    assert (again.data["added"], again.data["unchanged"]) == (0, 1)


def test_index_ends_with_3_when_a_file_could_not_be(run: Run, tmp_path: Path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")

    answer = run("index", tmp_path / "photos", "--json")

    assert answer.code == 3
    assert [one["code"] for one in answer.data["problems"]] == ["unreadable"]


def test_revoke_from_csv_names_bad_lines_and_ends_with_1(run: Run, tmp_path: Path):
    file = tmp_path / "register.csv"
    file.write_text("name,received,note\nA. Reader,2024-05-01,Binder\nB. Reader,never,Binder\n")

    as_json = run("revoke", "--from-csv", file, "--json")
    as_text = run("revoke", "--from-csv", file)

    assert as_json.code == 1
    assert as_json.data["recorded"] == [{"line": 2, "revocation": "R-0001"}]
    assert [row["line"] for row in as_json.data["bad"]] == [3]
    assert as_text.code == 1
    assert "Line 3: not recorded. 'never' is not a date" in as_text.out


def test_revoke_from_csv_ends_with_0_when_all_rows_are_good(run: Run, tmp_path: Path):
    file = tmp_path / "register.csv"
    file.write_text("name,received,note\nA. Reader,2024-05-01,Binder\n")

    assert run("revoke", "--from-csv", file).code == 0


def test_status_tells_what_is_there(run: Run, environment: Path):
    run(*REVOKE)

    data = run("status", "--json").data
    text = run("status").out

    assert data["revocations"] == {"active": 1}
    assert (data["missing_weights"], data["log_broken_at"]) == ([], None)
    assert data["settings"]["LIKENESS_HOME"] == str(environment)
    assert data["register_version"] == 1
    assert "unbroken" in text
    assert str(environment) in text


def test_status_says_that_the_weights_are_missing(run: Run, environment: Path):
    (environment / "weights").unlink()

    assert "run likeness weights" in run("status").out
    assert len(run("status", "--json").data["missing_weights"]) == 2


def test_weights_from_a_folder(run: Run, environment: Path, weights: Path, tmp_path: Path):
    (environment / "weights").unlink()

    assert run("weights", "--from", tmp_path).code == 3
    data = run("weights", "--from", weights, "--json").data

    assert [Path(one["path"]).is_file() for one in data["weights"]] == [True, True]
    assert "through ONNX Runtime" in data["dlib_network"]
    assert data["dlib_network"] in run("status").out


def test_policy_check_says_yes_or_which_line(run: Run, tmp_path: Path):
    shipped = ROOT / "data" / "policy.toml"
    broken = tmp_path / "policy.toml"
    broken.write_text(shipped.read_text().replace("days = 14", "days = 0"))

    good, bad = run("policy", "check", shipped, "--json"), run("policy", "check", broken, "--json")

    assert (good.code, good.data["usable"], good.data["version"]) == (
        0,
        True,
        load_policy(shipped).version,
    )
    assert (bad.code, bad.data["usable"]) == (1, False)
    assert broken.read_text().splitlines()[bad.data["line"] - 1] == "days = 0"
    assert f"Line {bad.data['line']}" in run("policy", "check", broken).out


def test_who_acts_stands_in_the_log(run: Run, monkeypatch: pytest.MonkeyPatch):
    run(*REVOKE, "--as", "Ann Clerk:director")
    monkeypatch.setenv("LIKENESS_STAFF", "bob")
    run("sweep", "R-0001")

    assert log() == [
        ("revocation:recorded", "Ann Clerk", "director"),
        ("revocation:swept", "bob", "desk"),
    ]


def test_without_as_the_account_acts(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("getpass.getuser", lambda: "deskpc")
    run(*REVOKE)

    assert log() == [("revocation:recorded", "deskpc", "desk")]


def test_brackets_in_a_name_are_printed_as_they_are(run: Run, tmp_path: Path):
    folder = tmp_path / "a [bold]folder"
    folder.mkdir()
    (folder / "x.jpg").write_bytes(b"nothing")

    assert str(folder / "x.jpg") in run("check", folder, "--use", "instagram").out


# -- Quick to answer ------------------------------------------------------------------------------


def test_help_loads_no_model_no_database_and_no_terminal():
    # Each takes longer to load than all that the help needs.
    slow = {
        "numpy",
        "cv2",
        "dlib",
        "face_recognition",
        "sqlmodel",
        "sqlalchemy",
        "pydantic",
        "PIL",
        "streamlit",
        "rich",
    }
    script = (
        "import sys, consent.cli\n"
        "sys.argv = ['likeness', '--help']\n"
        "try:\n    consent.cli.main()\n"
        f"finally:\n    print(sorted({slow} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert "Usage: likeness" in done.stdout
    assert done.stderr == "[]\n"


@pytest.mark.parametrize(("name", "said"), SAID.items())
def test_a_check_says_which_of_two_readings_of_the_turn_was_used(
    run: Run, indexed: Path, tmp_path: Path, name: str, said: str
):
    with Image.open(ORIGINALS / "coffee.png") as picture:
        (tmp_path / name).write_bytes(turned_otherwise(picture.convert("RGB"), name))

    told = run("check", tmp_path / name, "--use", "instagram").out.splitlines()

    (note,) = [line for line in told if said in line]
    assert note.startswith("    Note: ")
    assert "looked for faces both ways" in note


def test_a_text_that_names_somebody_is_flagged_without_the_name(
    run: Run, revoked: Path, tmp_path: Path
):
    post = tmp_path / "post.txt"
    post.write_text("Story hour.\nThanks to Zebulon Quirck!", encoding="utf-8")
    check = ["check", ORIGINALS / "biden.jpg", "--use", "facebook"]
    assert run(*check, "--text", "Thanks to Zebulon!").code == 0

    said = run(*check, "--text-file", post)

    assert said.code == 1
    assert "Text: Line 2, words 3 to 4: a name nearly like that of R-0001" in said.out
    assert "Quir" not in said.out
    (found,) = run(*check, "--text-file", post, "--json").data["named_in_text"]
    assert (found["revocation"], found["line"], found["words"]) == ("R-0001", 2, [3, 4])
    refused(run(*check, "--text", "x", "--text-file", post), "not with both")


def test_the_report_says_who_checked_and_what_became_of_each_photo(
    run: Run, revoked: Path, tmp_path: Path
):
    photos = [ORIGINALS / name for name in ("obama2.jpg", "biden.jpg", "coffee.png")]
    run("check", ORIGINALS / "biden.jpg", "--use", "facebook")
    post = ["--use", "facebook", "--on", "2026-05-20", "--url", "https://facebook.com/p/1"]
    run("publications", "add", ORIGINALS / "biden.jpg", *post)
    file = tmp_path / "report.csv"

    check = ["check", *photos, "--use", "facebook", "--report", file, "--as", "Cam Lee"]
    assert run(*check).code == 1

    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    by_name = {Path(row["photo"]).name: row for row in rows}
    assert by_name["obama2.jpg"]["cases"] == "R-0001"
    assert by_name["biden.jpg"]["posted"] == "2026-05-20 https://facebook.com/p/1"
    assert by_name["coffee.png"]["posted"] == ""
    assert {row["checked by"] for row in rows[:3]} == {"Cam Lee"}
    # No photo is of an event: that is said once.
    assert [row["photo"] for row in rows[3:]] == ["(all photos)"]
    assert "No event is named" in rows[3]["notes"]
    assert not any(row["notes"] for row in rows[:3])
    refused(run(*check), "a new file that ends in .csv")


def test_a_tiff_that_says_it_is_lower_than_it_is_is_not_checked(
    run: Run, revoked: Path, tmp_path: Path
):
    """A flipped bit in its height leaves the person below what is shown."""
    file = tmp_path / "cut.tif"
    with Image.open(ORIGINALS / "obama.jpg") as opened:
        opened.save(file, "TIFF")
        high = opened.height
    whole = run("check", file, "--use", "facebook", "--json").data["photos"][0]
    assert whole["verdict"] == "BLOCKED"
    content = file.read_bytes()
    entry = b"\x01\x01\x04\0\x01\0\0\0"
    assert content.count(entry + high.to_bytes(4, "little")) == 1
    lower = entry + (high // 16).to_bytes(4, "little")
    file.write_bytes(content.replace(entry + high.to_bytes(4, "little"), lower))

    cut = run("check", file, "--use", "facebook", "--json").data["photos"][0]
    assert cut["verdict"] == "NOT_CHECKED"
