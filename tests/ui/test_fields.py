"""Every field of a revocation is at every door, or the table says why it is not."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from datetime import date

import pytest
import typer
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from consent.cases.csv_import import import_revocations
from consent.cases.export import export_register
from consent.cases.search import RegisterQuery
from consent.cli import app as likeness
from consent.documents.receipt import receipt_for
from consent.documents.texts import load_texts
from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind
from consent.domain.errors import BadInputError
from consent.domain.fields import FIELDS, NOT_AT, Door, Part, fields_at
from consent.domain.intake import EvidenceFile, Reference
from consent.domain.terms import (
    Amendment,
    Method,
    NewRevocation,
    Period,
    Relationship,
    Requester,
    Scope,
    Submission,
)
from pages.desk.session import Draft
from pages.register.amend import CHANGES
from pages.register.session import CaseDesk
from tests.ui.page_cases import DESK, DIRECTOR, ORIGINALS, TIMEOUT, opened, page_script

# What a row of a CSV file, or an option, says of each field, and how the receipt says it.
PHOTO = ORIGINALS / "obama.jpg"
SAID = {
    "name": ("Nona Name", "Nona Name (a minor)"),
    "received": ("2026-05-14", "May 14, 2026"),
    "method": ("email", "by email"),
    "evidence": (str(PHOTO), "obama.jpg"),
    "photo": (str(PHOTO), "obama.jpg"),
    "face": ("0", "face 0"),
    "original_at": ("Binder 3", "Binder 3"),
    "by": ("Bea Branch", "Bea Branch"),
    "branch": ("Downtown", "Downtown"),
    "scope": ("print", "Everything in print"),
    "events": ("Author talk", "Which photos"),
    "photos": ("obama.jpg", "Which photos"),
    "period": ("past", "taken before May 20, 2026"),
    "captions": ("no", "only the likeness is covered"),
    "effective_from": ("2026-05-20", "May 20, 2026"),
    "until": ("2036-05-14", "May 14, 2036"),
    "safety": ("yes", "safety"),
    "minor": ("yes", "(a minor)"),
    "guardian": ("Gus Guardian", "Gus Guardian"),
    "birth_year": ("2015", "2015"),
    "requester": ("Otto Other", "Otto Other"),
    "relationship": ("other", "on behalf of the person"),
    "authority": ("court order seen", "court order"),
    "contact": ("555-0100", "555-0100"),
    "preferred_contact": ("Telephone", "Telephone"),
    "language": ("es", "Spanish"),
    "note": ("was upset", "upset"),
    "keep_face": ("yes", "you agreed that"),
    "keep_face_until": ("2030-01-31", "January 31, 2030"),
    "locators": ("a red hat", "red hat"),
    "seen": ("yes", "looked at"),
}


def test_the_table_has_every_field_and_no_other():
    """What `NewRevocation` takes, part by part, is what the table names."""
    attributes = {field.attribute or field.name for field in FIELDS}
    # The uses of a scope are one field; so is what a requester or a letter is made of, below.
    parts = {"submission", "requester", "all_channels", "kinds", "channels"}

    for shape in (NewRevocation, Submission, Requester, Scope):
        fields = {field.name for field in dataclasses.fields(shape)}
        assert fields - parts <= attributes, shape
    excepted = {name for reasons in NOT_AT.values() for names in reasons for name in names.split()}
    assert {field.name for field in FIELDS} == SAID.keys() >= excepted


def complained(door: Door, present: set[str]) -> str:
    """Name the fields that a door lacks without a reason, and those it has in spite of one."""
    expected = {field.name for field in fields_at(door)}
    others = {field.name for field in FIELDS} - expected
    lacking, unexpected = sorted(expected - present), sorted(present & others)
    return "; ".join(
        [f"{door} lacks {name}, and NOT_AT does not say why" for name in lacking]
        + [f"{door} has {name}, though NOT_AT says why not" for name in unexpected]
    )


@pytest.mark.parametrize("door", [Door.REVOKE, Door.HOLD, Door.AMEND])
def test_no_command_lacks_a_field(door: Door):
    command = typer.main.get_command(likeness).commands[door.value.removeprefix("likeness ")]
    present = {parameter.name for parameter in command.params}

    if door is Door.HOLD:
        present.add("received")
        assert "requested" in present
    if door is Door.AMEND:
        # Of the amendment itself; `--effective` is older than the table.
        present = present - {"revocation", "reason"} | {"effective_from"}
    assert complained(door, present) == ""


def test_no_amendment_lacks_a_field():
    present = {field.name for field in dataclasses.fields(Amendment)}
    assert "submission" in present
    letter = {field.name for field in dataclasses.fields(Submission)}
    called = {"on": "received", "effective_on": "effective_from"}
    present = {called.get(name, name) for name in present | letter}
    if "references" in present:
        present |= {"photo", "face"}
    if "scope" in present:
        present |= {field.name for field in FIELDS if field.part is Part.SCOPE}

    assert complained(Door.AMENDMENT, present) == ""


def widgets(app, prefix: str) -> set[str]:
    """Return the names in the keys of the widgets of a form."""
    found = set()
    nodes = [app._tree]
    while nodes:
        node = nodes.pop()
        nodes += getattr(node, "children", {}).values()
        _, _, key = getattr(getattr(node, "proto", None), "id", "").partition(f"-{prefix}")
        found |= {key} if key else set()
    return found


# The keys of the form's widgets that are not called as their field; a key of many begins so.
FORM_KEYS = {
    "received": "received-on",
    "photo": "photos",
    "face": "face-",
    "by": "received-by",
    "scope": "everything",
    "photos": "which",
    "captions": "caption",
    "effective_from": "since",
    "relationship": "relationship-True",
    "preferred_contact": "way",
    "locators": "hint-clothing",
    "keep_face": "agree",
    "keep_face_until": "agree-until",
    "seen": "seen-",
}


def at_the_form(keys: set[str], called: dict[str, str]) -> set[str]:
    """Return the fields whose widgets are there."""
    wanted = {field.name: called.get(field.name, field.name.replace("_", "-")) for field in FIELDS}
    return {
        name
        for name, key in wanted.items()
        if key in keys or (key.endswith("-") and any(found.startswith(key) for found in keys))
    }


def test_the_form_lacks_no_field(services):
    draft = Draft(1, taken=[(PHOTO.read_bytes(), PHOTO.name)])
    form = {
        "revocation-1-minor": True,
        "revocation-1-relationship-True": Relationship.OTHER,
        "revocation-1-agree": True,
        "revocation-1-which": "Photos of an event",
    }
    app = opened("desk.record_revocation", DESK, draft=draft, **form)

    assert complained(Door.FORM, at_the_form(widgets(app, "revocation-1-"), FORM_KEYS)) == ""


def test_the_page_of_a_case_lacks_no_field_to_amend(revoked):
    photo = Draft(-1, taken=[(PHOTO.read_bytes(), PHOTO.name)])
    desk = CaseDesk("R-0001", _drafts={"R-0001-1--references": photo})
    app = AppTest.from_string(page_script("register.case"), default_timeout=TIMEOUT)
    app.query_params["case"] = "R-0001"
    for key, value in {
        "actor": DESK,
        "case-desks": {"R-0001": desk},
        "tabs-R-0001": "Change",
        "R-0001-1--action": "Change the terms",
        "R-0001-1--amend-what": list(CHANGES),
        "R-0001-1--amend-agree": True,
    }.items():
        app.session_state[key] = value
    assert not app.run().exception

    keys = widgets(app, "R-0001-1--amend-") | widgets(app, "revocation--1-")
    called = FORM_KEYS | {"effective_from": "effective-on", "photos": "named"}
    assert complained(Door.AMEND_PAGE, at_the_form(keys, called)) == ""


def test_a_correction_lacks_no_field_on_the_page_and_at_the_command_line(revoked):
    command = typer.main.get_command(likeness).commands["correct"]
    others = {"revocation", "reason", "wrong_face", "face", "mistake", "staff", "json"}
    present = {parameter.name for parameter in command.params} - others
    assert complained(Door.CORRECTION, present) == ""

    app = AppTest.from_string(page_script("register.case"), default_timeout=TIMEOUT)
    app.query_params["case"] = "R-0001"
    for key, value in {
        "actor": DESK,
        "tabs-R-0001": "Change",
        "R-0001-1--action": "Correct a mistake",
        "R-0001-1--correct-minor": True,
    }.items():
        app.session_state[key] = value
    assert not app.run().exception
    keys = widgets(app, "R-0001-1--correct-")
    assert complained(Door.CORRECTION, at_the_form(keys, {"photo": "-", "face": "-"})) == ""


# What is typed or chosen at each field, where that is not the text of SAID.
CHOSEN = {
    "received": date(2026, 5, 14),
    "method": Method.EMAIL,
    "scope": False,
    "period": Period.PAST,
    "captions": False,
    "effective_from": date(2026, 5, 20),
    "until": date(2036, 5, 14),
    "safety": True,
    "minor": True,
    "birth_year": 2015,
    "relationship": Relationship.OTHER,
    "keep_face": True,
    "keep_face_until": date(2030, 1, 31),
}


def test_what_the_form_says_is_kept(services):
    draft = Draft(1, taken=[(PHOTO.read_bytes(), PHOTO.name)])
    form = {"revocation-1-kinds": [ChannelKind.PRINT]}
    for field in fields_at(Door.FORM):
        if field.name not in {"evidence", "photo", "face", "events", "photos", "locators", "seen"}:
            key = FORM_KEYS.get(field.name, field.name.replace("_", "-"))
            form[f"revocation-1-{key}"] = CHOSEN.get(field.name, SAID[field.name][0])
    app = AppTest.from_string(page_script("desk.record_revocation"), default_timeout=TIMEOUT)
    for key, value in {"actor": DESK, "draft": draft, **form}.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception

    app.button(key="revocation-1-save").click().run()

    assert not app.exception
    assert not app.error, [one.value for one in app.error]
    case, templates = found(services, "R-0001")
    for name, said in as_said(case).items():
        assert said == SAID[name][0], f"{Door.FORM} does not keep {name}"
    assert (case.terms.scope.kinds, len(templates)) == ({ChannelKind.PRINT}, 1)


def test_what_the_amendment_on_the_page_says_is_kept(revoked):
    photo = ORIGINALS / "obama2.jpg"
    draft = Draft(-1, taken=[(photo.read_bytes(), photo.name)])
    said = {
        "reason": "Moved away",
        "everything": False,
        "kinds": [ChannelKind.PRINT],
        "period": Period.PAST,
        "caption": False,
        "until": date(2036, 5, 14),
        "contact": "555-0100",
        "safety": True,
        "hint-clothing": "A red hat",
        "received-on": date(2026, 5, 14),
        "method": Method.EMAIL,
        "original-at": "Box 9",
        "branch": "Downtown",
        "agree": True,
        "agree-until": date(2030, 1, 31),
        "effective-on": revoked.today(),
    }
    app = AppTest.from_string(page_script("register.case"), default_timeout=TIMEOUT)
    app.query_params["case"] = "R-0001"
    for key, value in {
        "actor": DESK,
        "case-desks": {"R-0001": CaseDesk("R-0001", _drafts={"R-0001-1--references": draft})},
        "tabs-R-0001": "Change",
        "R-0001-1--action": "Change the terms",
        "R-0001-1--amend-what": list(CHANGES),
        **{f"R-0001-1--amend-{name}": value for name, value in said.items()},
    }.items():
        app.session_state[key] = value
    assert not app.run().exception

    app.button(key="R-0001-1--amend-save").click().run()

    assert not app.exception
    assert not app.error, [one.value for one in app.error]
    case, templates = found(revoked, "R-0001")
    terms, agreed = case.terms, case.terms.template_agreement
    assert terms.submission == Submission(
        date(2026, 5, 14), Method.EMAIL, original_at="Box 9", by=DESK.id, branch="Downtown"
    )
    assert (terms.scope.kinds, terms.scope.all_channels) == ({ChannelKind.PRINT}, False)
    assert (terms.scope.period, terms.scope.caption_too) == (Period.PAST, False)
    assert (terms.until, terms.safety) == (date(2036, 5, 14), True)
    assert (terms.requester.contact, terms.locators[0].clothing) == ("555-0100", "A red hat")
    assert (len(templates), agreed.until) == (2, date(2030, 1, 31))
    assert (case.history[-1].reason, case.history[-1].effective_on) == (
        "Moved away",
        revoked.today(),
    )


@pytest.fixture
def imported(services, tmp_path):
    """The case that a row makes in which every field is said."""
    row = {field.name: SAID[field.name][0] for field in fields_at(Door.CSV)}
    file = tmp_path / "register.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, row)
        writer.writeheader()
        writer.writerow(row)
    report = import_revocations(services, file, Actor("d.desk", Role.DESK))
    assert report.bad == []
    with services.reading() as unit:
        return unit.register.find(report.recorded[0][1])


def as_said(case) -> dict[str, str]:
    """Return what a case keeps, written as it is said."""
    found = {}
    for field in FIELDS:
        if not field.at(Door.CSV) or field.kind in {EvidenceFile, Reference, Scope}:
            continue
        if field.name.startswith("keep_face"):
            agreed = case.terms.template_agreement
            value = agreed is not None if field.name == "keep_face" else agreed.until
        else:
            value = field.kept(case, case.terms)
        found[field.name] = {True: "yes", False: "no"}.get(value, str(value))
    return found


def test_what_a_row_says_is_kept(imported):
    for name, said in as_said(imported).items():
        assert said == SAID[name][0], f"{Door.CSV} does not keep {name}"


@pytest.mark.parametrize("name", [field.name for field in FIELDS if not field.at(Door.CSV)])
def test_the_import_refuses_what_the_table_says_it_lacks(services, tmp_path, name: str):
    file = tmp_path / "register.csv"
    file.write_text(f"name,received,{name}\n", encoding="utf-8")

    with pytest.raises(BadInputError, match=f"has a column '{name}'"):
        import_revocations(services, file, DESK)


def test_the_export_has_the_fields_of_the_table(services, imported):
    text = export_register(services, RegisterQuery(), "Audit", DIRECTOR)
    (row,) = csv.DictReader(io.StringIO(text))

    assert complained(Door.EXPORT, {*row} - {"number", "state"}) == ""
    for field in fields_at(Door.EXPORT):
        assert row[field.name] == SAID[field.name][0], f"{Door.EXPORT} does not say {field.name}"


def test_the_receipt_says_the_fields_of_the_table(services, imported):
    texts = load_texts(services.settings.texts)
    page = receipt_for(imported, services.policy, texts, "en", services.today(), {})
    said = "\n".join(f"{row.label}: {row.value}" for row in page.rows)

    present = {name for name, (_, words) in SAID.items() if words in said}
    assert complained(Door.RECEIPT, present) == "", said


def likeness_json(*words: object) -> dict:
    answer = CliRunner().invoke(likeness, [*map(str, words), "--json"])
    assert answer.exit_code == 0, answer.output or answer.exception
    return json.loads(answer.output)


def found(services, label: str):
    with services.reading() as unit:
        return unit.register.find(label), unit.register.templates()


def test_what_the_command_says_is_kept(services):
    words = ["revoke"]
    for field in fields_at(Door.REVOKE):
        option = f"--{field.name.replace('_', '-')}"
        said = SAID[field.name][0]
        flag = {"yes": [option], "no": [f"--no-{field.name}"]}
        words += flag.get(said, [option, said])
    case, _ = found(services, likeness_json(*words)["revocation"])

    for name, said in as_said(case).items():
        assert said == SAID[name][0], f"{Door.REVOKE} does not keep {name}"


def test_what_amend_says_is_kept(revoked):
    letter = ["--received", "2026-05-14", "--method", "email", "--original-at", "Box 9"]
    letter += ["--by", "Bea Branch", "--branch", "Downtown"]
    words = ["--contact", "555-0100", "--safety", "--until", "2036-05-14"]
    words += ["--photo", ORIGINALS / "obama2.jpg", "--face", 0]
    likeness_json("amend", "R-0001", "--reason", "moved", *letter, *words)

    case, templates = found(revoked, "R-0001")
    came = date(2026, 5, 14)
    assert case.terms.submission == Submission(
        came, Method.EMAIL, original_at="Box 9", by="Bea Branch", branch="Downtown"
    )
    assert (case.terms.requester.contact, case.terms.safety) == ("555-0100", True)
    assert (case.terms.until, len(templates)) == (date(2036, 5, 14), 2)


def test_what_hold_says_is_kept_until_the_writing_comes(services):
    words = ["--branch", "Downtown", "--by", "Bea Branch", "--contact", "555-0100", "--safety"]
    asked = ["--name", "Nona Name", "--requested", services.today()]
    label = likeness_json("hold", *asked, *words)["revocation"]
    writing = ["--received", services.today(), "--original-at", "Box 9", "--branch", "Park"]
    likeness_json("hold", "--writing-for", label, *writing)

    case, _ = found(services, label)
    first, last = (step.terms for step in case.history)
    assert (first.submission.method, first.submission.branch) == (Method.ORAL, "Downtown")
    assert first.submission.by == "Bea Branch"
    assert (last.submission.original_at, last.submission.branch) == ("Box 9", "Park")
    assert (last.requester.contact, last.safety) == ("555-0100", True)
