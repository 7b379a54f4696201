"""What is said of a photo of a person whose face is no longer kept, or never was."""

from __future__ import annotations

import json

import pytest

from tests.cli.command_cases import ORIGINALS, REVOKE, TODAY, Run


@pytest.mark.parametrize("agreed", [True, False])
def test_a_photo_of_the_person_is_later_judged_like_any_other(run: Run, agreed: bool):
    """What its faces measured is erased, or was not kept, and no case has a face any more."""
    kept = ("--keep-face",) if agreed else ()
    assert run(*REVOKE, "--photo", ORIGINALS / "obama.jpg", *kept).code == 0
    if agreed:
        assert run("erase", "R-0001", "--face", "--reason", "Asked to").code == 0
    check = ("check", ORIGINALS / "obama.jpg", "--use", "facebook", "--json")
    (blocked,) = run(*check).data["photos"]
    assert blocked["verdict"] == "BLOCKED"
    assert "encodings_missing" not in json.dumps(blocked), blocked
    taken_back = ("rescind", "R-0001", "--received", TODAY, "--original-at", "Binder 4")
    assert run(*taken_back, "--signed-by", "Zebulon Quirk").code == 0

    checked = run(*check)

    (photo,) = checked.data["photos"]
    assert photo["verdict"] == "CLEAR", photo["reasons"]
    assert photo["faces"]["not_compared"] == 0
    assert checked.code == 0
