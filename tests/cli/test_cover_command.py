"""likeness cover: a copy with people covered, or a sentence why there is none."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command_cases import ORIGINALS, Run, refused

OBAMA2 = ORIGINALS / "obama2.jpg"


def test_a_copy_is_written_where_it_was_wanted(run: Run, revoked: Path, tmp_path: Path):
    out = tmp_path / "covered.jpg"
    cover = ["cover", OBAMA2, "--use", "facebook", "--out", out]
    refused(run(*cover), "Say who to cover")
    refused(run(*cover, "--face", 9), "There is no face 9 in the photo, which has 1")
    refused(run(*cover[:-1], tmp_path / "x.gif", "--face", 1), "ends in .jpg, .png or .webp")
    assert not out.exists()

    made = run(*cover, "--face", 1, "--box", "0,0,40,40", "--json")

    assert made.code == 0
    assert len(made.data["boxes"]) == 2
    assert (made.data["label"], made.data["hidden"]) == ("No match found", ["R-0001"])
    assert made.data["photo"] != made.data["sha256"]
    assert out.is_file()
    refused(run(*cover, "--face", 1), "already exists")
