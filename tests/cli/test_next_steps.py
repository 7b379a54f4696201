"""A refusal says the step that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_cases import REVOKE, Run, refused


def test_a_case_that_is_not_there_is_looked_up_in_the_register(run: Run):
    refused(run("sweep", "R-9999"), "in the register. Run likeness register list.")


def test_a_day_that_was_not_given_is_asked_for(run: Run):
    refused(run("hold", "--name", "A. Reader"), "Give --requested, a day such as 2026-05-14.")


def test_what_is_asked_back_names_the_options_that_answer_it(run: Run):
    """ "Confirm to record it all the same" is for a page: a command has options for it."""
    hold = ["hold", "--name", "Zebulon Quirk", "--requested", "2026-06-01"]
    assert run(*hold).code == 0

    refused(run(*REVOKE), "The option for it: --confirm or --add-to R-0001.")
    assert run(*REVOKE, "--add-to", "R-0001").code == 0
    refused(run(*REVOKE), "The option for it: --confirm or --same-person-as R-0001.")
    # A hold has no such option.
    refused(run(*hold), "The option for it: --confirm.")
    assert run(*REVOKE, "--same-person-as", "R-0001").code == 0


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_file_without_commas_is_told_to_have_them(
    run: Run, tmp_path: Path, separator: str, name: str
):
    file = tmp_path / "register.csv"
    lines = ("name,received,note", "A. Reader,2024-05-01,Binder")
    file.write_text("\n".join(lines).replace(",", separator))

    answer = run("revoke", "--from-csv", file)

    refused(answer, f"does not have the column 'name': there are {name} between its columns. Save")


def test_a_folder_without_photos_was_indexed_but_not_checked(run: Run, tmp_path: Path):
    folder = tmp_path / "empty"
    folder.mkdir()

    assert run("index", folder).code == 0
    assert run("check", folder, "--use", "instagram").code == 3
