"""likeness correct, and what is said of a slip at the command line."""

from __future__ import annotations

from tests.cli.command_cases import REVOKE, Run, refused


def test_a_slip_is_corrected(run: Run):
    run(*REVOKE)
    right = ["--name", "Zebulon Quick", "--branch", "Downtown", "--received", "2026-05-30"]
    answer = run("correct", "R-0001", *right, "--reason", "Misheard")

    assert answer.out == "R-0001 is corrected; it is in effect.\n"
    (case,) = run("register", "list", "--json").data["cases"]
    assert (case["name"], case["branch"], case["received"]) == (
        "Zebulon Quick",
        "Downtown",
        "2026-05-30",
    )


def test_an_empty_text_empties_the_field(run: Run):
    run(*REVOKE, "--branch", "Park")
    assert run("correct", "R-0001", "--branch", "", "--reason", "No branch").code == 0
    assert run("register", "list", "--json").data["cases"][0]["branch"] == ""


def test_a_case_is_entered_by_mistake(run: Run):
    run(*REVOKE)
    answer = run("correct", "R-0001", "--mistake", "--reason", "Entered twice", "--json")
    assert answer.data == {"revocation": "R-0001", "state": "mistaken"}


def test_what_contradicts_itself_is_refused(run: Run):
    run(*REVOKE)
    why = ["--reason", "x"]
    refused(run("correct", "R-0001", *why), "Nothing in R-0001 would change")
    refused(run("correct", "R-0001", *why, "--face", "1"), "say --wrong-face with the photo")
    refused(
        run("correct", "R-0001", *why, "--mistake", "--branch", "Park"),
        "--branch: a case that was entered by mistake",
    )
    refused(
        run("correct", "R-0001", *why, "--received", "soon"), "--received: 'soon' is not a date"
    )


def test_a_letter_is_added_to_its_hold(run: Run):
    run("hold", "--name", "Zebulon Quirk", "--requested", "2026-06-01")
    asked = run(*REVOKE)
    assert asked.code == 2
    assert "add it to R-0001" in asked.err
    assert run(*REVOKE, "--add-to", "R-0001", "--json").data["revocation"] == "R-0001"
    assert run("register", "list", "--json").data["cases"][0]["state"] == "active"


def test_a_second_letter_of_the_same_person_is_theirs(run: Run):
    run(*REVOKE)
    again = run(*REVOKE, "--same-person-as", "R-0001", "--json")
    assert again.data["revocation"] == "R-0002"


def test_a_name_of_nothing_and_a_method_that_is_none_are_refused_plainly(run: Run):
    nameless = ["revoke", "--name", "", "--received", "2026-06-01"]
    refused(run(*nameless), "Give --name with the person's name")
    refused(
        run(*REVOKE, "--method", "pigeon"),
        "likeness: --method: 'pigeon' is not one of 'form', 'letter', 'email', 'other_writing'",
    )


def test_another_child_on_the_letter_is_a_case_with_the_same_letter(run: Run, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Not my children, please.")
    child = ["--minor", "--guardian", "Gus Quirk", "--contact", "555-0100", "--evidence", letter]
    run(*REVOKE, *child)
    again = run("revoke", "--name", "Wilhelmina Quirk", "--letter-of", "R-0001", "--json")

    assert again.data["revocation"] == "R-0002"
    first, second = sorted(
        run("register", "list", "--json").data["cases"], key=lambda case: case["revocation"]
    )
    assert (second["name"], second["received"]) == ("Wilhelmina Quirk", first["received"])
    refused(
        run("revoke", "--name", "B", "--letter-of", "R-0001", "--received", "2026-06-01"),
        "--received: with --letter-of, this comes from that letter",
    )


def test_two_names_in_one_are_asked_about(run: Run):
    two = ["revoke", "--name", "Ana and Luis Ruiz", "--received", "2026-06-01", "--note", "Box"]
    refused(run(*two), "more than one name")
    assert run(*two, "--confirm").code == 0


def test_an_objection_is_filed_and_decided(run: Run):
    run(*REVOKE, "--minor", "--guardian", "Gus Quirk")
    writing = ["--received", "2026-06-08", "--original-at", "Binder 4"]
    taken_back = ["rescind", "R-0001", *writing, "--signed-by", "Paula Quirk", "--authority", "x"]
    refused(run(*taken_back), "File this paper as an objection")
    filed = run("object", "R-0001", *writing, "--signed-by", "Paula Quirk")
    assert "R-0001 holds until a director decides" in filed.out
    decide = ["settle", "R-0001", "--reason", "Both have custody"]
    refused(run(*decide), "--stands or --ends")
    refused(run(*decide, "--stands", "--as", "Ana:desk"), "may decide an objection: director")
    assert run(*decide, "--ends", "--json", "--as", "Di:director").data == {
        "revocation": "R-0001",
        "state": "rescinded",
    }
