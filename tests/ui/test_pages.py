"""The guard, the error paths, and that nothing typed is lost."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from consent.access.menu import open_to
from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from consent.domain.terms import Method
from consent.settings import ROOT
from media_index.types import NO_STAMP, Problem, ProblemCode
from tests.ui.page_cases import TIMEOUT, field, page_script, texts

# The app, and each page by itself, those of tomorrow too.
MODULES = [
    None,
    *sorted(
        ".".join(file.relative_to(ROOT / "pages").with_suffix("").parts)
        for file in (ROOT / "pages").rglob("*.py")
        if "\ndef page() -> None:" in file.read_text(encoding="utf-8")
    ),
]


def check_page() -> None:
    from pages.check import check_photos

    check_photos.page()


def record_page() -> None:
    from pages.desk import record_revocation

    record_revocation.page()


def home_page() -> None:
    from pages.home import home

    home.page()


def status_page() -> None:
    from pages.admin import status

    status.page()


def test_every_page_of_the_app_is_held_to_the_sign_in():
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    used = {f"pages.{module}" for module in MODULES if module is not None}

    assert len(used) >= 8
    for package, names in re.findall(r"^from (pages\.\w+) import (.+)$", app, re.MULTILINE):
        if package != "pages.ui":
            assert {f"{package}.{name.strip()}" for name in names.split(",")} <= used


@pytest.mark.parametrize("module", MODULES)
def test_without_a_session_there_is_only_the_way_to_the_sign_in(open_app, module):
    if module is None:
        app = open_app(signed_in=False)
    else:
        app = AppTest.from_string(page_script(module), default_timeout=TIMEOUT).run()
    assert not [*app.text_input, *app.button, *app.markdown]
    assert [title.value for title in app.title] == ["Likeness"]
    assert not app.exception


def test_the_page_says_who_acts_and_in_which_roles(open_app):
    app = open_app()
    assert app.title[0].value == "Home"
    assert "Desk, Director" in texts(app)


class ServedPages(PagesManager):
    """As the served app has it: the folder is not taken for pages."""

    def __init__(self, *given, **named) -> None:
        super().__init__(*given, **named)
        PagesManager.uses_pages_directory = False


def at_address(monkeypatch, address: str, actor: Actor | None) -> tuple[AppTest, list]:
    """Open the app as a browser does: it knows an address, and no page yet.

    Returns what the page shows, and what was sent.
    """
    sent: list = []
    parse = local_script_runner.parse_tree_from_messages

    def parsed(messages):
        sent.extend(messages)
        return parse(messages)

    monkeypatch.setattr(app_test, "PagesManager", ServedPages)
    monkeypatch.setattr(local_script_runner, "RerunData", partial(RerunData, page_name=address))
    monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", parsed)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
    app.session_state["actor"] = actor
    return app.run(), sent


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("record", None),
        ("record", Role.DESK),
        ("check", Role.COMMUNICATIONS),
        ("register", Role.ADMIN),
    ],
)
def test_an_address_opens_its_page_whoever_comes_and_whatever_their_first_page(
    open_app, monkeypatch, address, role
):
    """An ended session saw other addresses than the next one, which was told "Page not found"."""
    actor = role and Actor("Ema Wu", role)
    _, sent = at_address(monkeypatch, address, actor)

    assert not [one for one in sent if one.HasField("page_not_found")]
    (navigation,) = [one.navigation for one in sent if one.HasField("navigation")]
    (shown,) = [
        page
        for page in navigation.app_pages
        if page.page_script_hash == navigation.page_script_hash
    ]
    assert shown.url_pathname == address
    policy = services_from_environment().policy
    menu = [page.url_pathname for page in navigation.app_pages if not page.is_hidden]
    assert menu == ([] if actor is None else open_to(actor, policy))


def test_the_bare_address_leads_to_the_first_page_of_the_menu(open_app, monkeypatch):
    app, _ = at_address(monkeypatch, "", Actor("Ema Wu", Role.DESK))
    assert app.title[0].value == "Home"


def test_photos_cannot_be_checked_without_a_use_and_photos(open_app):
    app = open_app(check_page)
    check = next(one for one in app.button if one.label == "Check")
    assert check.disabled
    assert "First choose where they will appear, and drop photos." in texts(app)


def test_no_button_is_gray_without_a_word():
    """Who cannot press a button reads below it what to do first, on every page."""
    gray = Counter(
        file.name
        for file in (ROOT / "pages").rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if "disabled=" in line
    )
    # The others go by `button_after`. Of these, some say it below several buttons, and the first
    # and last photo, a report and a zip of nothing need no words; one says what it waits for.
    assert gray == {
        "form.py": 1,
        "references.py": 1,
        "ask.py": 2,
        "answers.py": 1,
        "actions.py": 2,
        "appeals.py": 1,
        "one_photo.py": 2,
        "results.py": 1,
        "copies.py": 1,
    }


def test_a_folder_that_is_not_there_is_said_and_stays_in_the_field(open_app):
    app = open_app(check_page)
    app.selectbox[0].select_index(1)
    app.run()
    app.button_group[0].set_value("A folder on the server").run()
    app.text_input[0].input("/no/such/folder").run()
    next(one for one in app.button if one.label == "Check").click().run()
    assert "There is no /no/such/folder in the folders" in app.error[0].value
    assert app.text_input[0].value == "/no/such/folder"


def test_a_check_nobody_knows_is_said(open_app):
    app = open_app(check_page)
    app.query_params["check"] = "no-such-job"
    app.run()
    assert "no longer on file" in app.info[0].value


def record(app: AppTest) -> AppTest:
    return next(one for one in app.button if one.label == "Record the revocation").click().run()


def came_as_letter(app, number: int = 1) -> None:
    """Say on the form, the first or a later one, that a letter came."""
    app.pills(key=f"revocation-{number}-method").set_value(Method.LETTER).run()


def test_a_refused_revocation_names_all_that_is_missing_and_loses_nothing(open_app):
    app = open_app(record_page)
    app.checkbox[0].check().run()
    came_as_letter(app)
    field(app, "Name of the person in the photos").input("Somebody").run()
    app = record(app)
    sentence = app.error[0].value
    assert "guardian" in sentence
    assert "the signed request is missing" in sentence
    assert field(app, "Name of the person in the photos").value == "Somebody"
    assert app.checkbox[0].value is True


def test_a_revocation_is_recorded_once_and_the_next_form_is_empty(open_app):
    app = open_app(record_page)
    came_as_letter(app)
    field(app, "Name of the person in the photos").input("Somebody").run()
    field(app, "Where the paper original is kept").input("Folder 2026").run()
    app = record(app)
    assert "Recorded as R-0001 for Somebody" in texts(app)
    assert not [one for one in app.button if one.label == "Record the revocation"]
    with services_from_environment().reading() as unit:
        assert len(unit.register.revocations()) == 1
    next(one for one in app.button if one.label == "Record another").click().run()
    assert field(app, "Name of the person in the photos").value == ""


@pytest.mark.parametrize(
    ("label", "letters", "said"),
    [
        ("Name of the person in the photos", 121, "At most 120 characters; this has 121."),
        ("Where the paper original is kept", 201, "At most 200 characters; this has 201."),
        ("Note", 1500, "this has 1,500. Upload the email above instead."),
    ],
)
def test_a_text_too_long_is_said_kept_and_not_recorded(open_app, label, letters, said):
    app = open_app(record_page)
    came_as_letter(app)
    field(app, "Name of the person in the photos").input("Somebody").run()
    field(app, "Where the paper original is kept").input("Folder 2026").run()
    # As the browser sends what is pasted: it drops what is longer than its own limit.
    assert field(app, label).max_chars == 0
    field(app, label).input("a" * letters).run()
    assert said in texts(app)
    app = record(app)
    assert "shorten it" in texts(app)
    assert field(app, label).value == "a" * letters
    field(app, label).input("A Person").run()
    assert said not in texts(app)
    assert "Recorded as R-0001" in texts(record(app))


def test_the_same_person_on_the_same_day_is_questioned_first(open_app):
    app = open_app(record_page)
    for number in (1, 2):
        came_as_letter(app, number)
        field(app, "Name of the person in the photos").input("Somebody").run()
        field(app, "Where the paper original is kept").input("Folder 2026").run()
        app = record(app)
        again = [one for one in app.button if one.label == "Record another"]
        if again:
            again[0].click().run()
    assert "already in the register" in app.warning[0].value
    app = record(app)
    assert app.warning, "not recorded before the box is ticked"
    next(one for one in app.checkbox if "I have checked this" in one.label).check().run()
    assert "Recorded as R" in texts(record(app))


def test_a_scope_must_be_chosen_before_it_can_be_recorded(open_app):
    app = open_app(record_page)
    came_as_letter(app)
    app.radio[0].set_value(False).run()
    save = next(one for one in app.button if one.label == "Record the revocation")
    assert save.disabled
    app.multiselect[0].select("Facebook").run()
    save = next(one for one in app.button if one.label == "Record the revocation")
    assert not save.disabled


def test_a_policy_that_cannot_be_read_is_said(open_app, monkeypatch, tmp_path):
    monkeypatch.setenv("LIKENESS_POLICY", str(tmp_path / "none.toml"))
    app = open_app(check_page)
    assert "until your IT fixes its setup" in app.error[0].value
    assert "policy file" not in app.error[0].value
    (details,) = app.expander
    assert details.label == "For your IT"
    assert "policy file" in details.markdown[0].value
    assert not app.exception


def test_the_status_page_shows_what_is_there(open_app):
    app = open_app(status_page)
    assert "Photos" in texts(app)
    assert not app.exception


def test_the_status_says_in_plain_words_what_is_wrong_and_keeps_the_rest_for_the_it(open_app):
    app = open_app(status_page)
    plain = "\n".join(
        str(shown.value) for shown in [*app.warning, *app.success] if "Everything" in shown.value
    )
    in_expander = "\n".join(str(shown.value) for shown in app.expander[0].markdown)
    assert app.expander[0].label == "For your IT"
    assert plain == "Everything works as it should."
    assert "LIKENESS" in in_expander
    assert texts(app).count("LIKENESS") == in_expander.count("LIKENESS")


def test_missing_weights_are_said_to_everybody(open_app, monkeypatch, tmp_path):
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path))
    app = open_app(status_page)
    assert "Faces are not compared" in app.warning[0].value
    urgent = "Faces are not compared: a part of the program is missing"
    assert urgent in [link.proto.label for link in open_app(home_page).get("page_link")]


def test_photos_that_a_missing_part_kept_out_are_not_called_damaged(open_app, services):
    cut, kept_out = (
        Problem(Path(name), code, "Told.")
        for name, code in (
            ("cut.jpg", ProblemCode.UNREADABLE),
            ("sound.jpg", ProblemCode.WEIGHTS_MISSING),
        )
    )
    with services.writing() as unit:
        for problem in (cut, kept_out):
            unit.photos.put_problem(problem, NO_STAMP, services.now())
        unit.commit()

    said = texts(open_app(status_page))

    assert "1 photo was not looked at, because a part of the program was missing" in said
    assert "likeness weights" in said
    assert "sound.jpg" not in said
