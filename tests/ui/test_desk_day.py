"""A day at the desk: what is said, kept and asked on the pages where letters are taken."""

from __future__ import annotations

import os
import time
from datetime import date, timedelta
from typing import Any

import streamlit as st
from streamlit.elements.lib import policies
from streamlit.runtime.uploaded_file_manager import DeletedFile
from streamlit.testing.v1 import AppTest

from consent.cases.change import end_template_agreement, place_hold
from consent.cases.correct import Correction, correct
from consent.cases.drafts import kept_draft
from consent.cases.open import record_revocation
from consent.cases.references import read_reference
from consent.domain.actors import Actor, Role
from consent.domain.cases import State
from consent.domain.channels import ChannelKind
from consent.domain.decisions import DecisionState
from consent.domain.errors import BadInputError
from consent.domain.intake import EvidenceFile
from consent.domain.terms import Method, NewRevocation, Submission
from consent.indexing.events import NewEvent, create_event
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from pages.desk.session import Draft
from pages.ui.words import shown_day
from tests.ui.page_cases import (
    DESK,
    DIRECTOR,
    ORIGINALS,
    STAFF,
    TIMEOUT,
    field,
    labels,
    opened,
    page_script,
    press,
    revoke,
    texts,
)

PHOTO = ORIGINALS / "obama.jpg"


def case_page(label: str, tab: str, **chosen: object) -> AppTest:
    """Open a tab of a case's page."""
    app = AppTest.from_string(page_script("register.case"), default_timeout=TIMEOUT)
    app.query_params["case"] = label
    app.session_state["actor"] = DESK
    app.session_state[f"tabs-{label}"] = tab
    for key, value in chosen.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def recorded_with_photo(**form: object) -> AppTest:
    """Record a letter with a portrait, as the form stands."""
    draft = Draft(1, taken=[(PHOTO.read_bytes(), PHOTO.name)])
    typed = {
        "revocation-1-name": "Nona Name",
        "revocation-1-method": Method.LETTER,
        "revocation-1-original-at": "Binder 3",
    } | form
    return press(
        opened("desk.record_revocation", DESK, draft=draft, **typed), "Record the revocation"
    )


def test_who_agreed_to_no_face_is_not_said_to_have_brought_no_photo(services):
    said = texts(recorded_with_photo())

    assert "No photo of the person was added" not in said
    assert "No face measurement is saved." in said
    with services.reading() as unit:
        assert unit.register.templates() == []


def test_a_face_becomes_a_reference_only_when_they_agree(revoked):
    end_template_agreement(revoked, "R-0001", "They ended it.", DESK)
    app = press(case_page("R-0001", "Photos"), "Use as a photo of the person")

    assert "has not agreed to that: ask first" in texts(app)
    with revoked.reading() as unit:
        assert unit.register.templates() == []


def test_nobody_says_by_default_how_it_came(services):
    app = opened("desk.record_revocation", DESK, **{"revocation-1-name": "Nona Name"})

    (save,) = [button for button in app.button if button.label == "Record the revocation"]
    assert save.disabled
    assert "First choose how the request came." in texts(app)


def test_required_fields_are_marked_alike(revoked):
    app = opened("desk.record_revocation", DESK)
    app.checkbox(key="revocation-1-minor").check()
    app.run()
    asked = [one.label for one in app.text_input]
    assert "Name of the person in the photos (required)" in asked
    assert "Parent or guardian who signed (required)" in asked
    assert app.pills(key="revocation-1-method").label == "How the request came (required)"

    # A slip is corrected from the top of its case.
    app = press(case_page("R-0001", "Photos"), "Correct a mistake")
    asked = [one.label for one in app.text_input]
    assert "Name of the person in the photos (required)" in asked
    assert "What happened? (required)" in asked


def test_the_page_after_recording_names_the_person_and_leads_to_the_case(services):
    app = recorded_with_photo()

    assert "Recorded as R-0001 for Nona Name" in texts(app)
    assert [link.proto.label for link in app.get("page_link")] == ["Open R-0001"]


def test_a_slip_is_typed_over_on_the_page_of_the_case(revoked):
    app = case_page("R-0001", "Change", **{"R-0001-1--action": "Correct a mistake"})
    field(app, "Name of the person in the photos").set_value("Zebulon Quick")
    field(app, "Branch").set_value("Downtown")
    field(app, "What happened?").set_value("Misheard.")

    app = press(app, "Correct it")

    assert "R-0001 is corrected" in texts(app)
    with revoked.reading() as unit:
        case = unit.register.find("R-0001")
    assert (case.person.name, case.submission.branch) == ("Zebulon Quick", "Downtown")
    assert len(case.history) > 1


def test_a_slip_typed_over_a_case_that_changed_meanwhile_says_so(revoked):
    app = case_page("R-0001", "Change", **{"R-0001-1--action": "Correct a mistake"})
    field(app, "Branch").set_value("Downtown")
    field(app, "What happened?").set_value("Forgotten.")
    other = Actor("Bo Chen", Role.DESK)
    correct(revoked, "R-0001", Correction("Misspelled.", {"name": "Zebulon Quick"}), other)

    app = press(app, "Correct it")

    assert "R-0001 was changed meanwhile by Bo Chen" in texts(app)
    with revoked.reading() as unit:
        assert unit.register.find("R-0001").person.name == "Zebulon Quick"
    assert "changed meanwhile" not in texts(app.run())


def test_a_case_entered_by_mistake_is_closed_on_its_page(revoked):
    app = case_page("R-0001", "Change", **{"R-0001-1--action": "Entered by mistake"})
    field(app, "What happened?").set_value("Entered twice.")

    app = press(app, "It was entered by mistake")

    assert "The case is not in effect" in texts(app)
    with revoked.reading() as unit:
        case = unit.register.find("R-0001")
    assert case.state(revoked.today()) is State.MISTAKEN


def test_which_face_was_meant_is_asked_again_at_its_picture(services):
    panel = ORIGINALS.parent / "events" / "2026-05-14 Author talk"
    photo = read_reference(services, str(panel / "panel-astronaut-obama-biden.jpg"), 0)
    revoke(services, references=[photo])

    app = press(case_page("R-0001", "Photos"), "Wrong face")

    (right,) = [one for one in app.radio if one.label == "Which face is the person?"]
    assert right.options == ["Face 2", "Face 3", "None of them"]
    assert right.value is None


def test_the_letter_after_a_hold_is_added_to_it(services):
    asked = Submission(services.today(), Method.ORAL)
    place_hold(services, NewRevocation("Nóna Name", asked), DESK)
    app = recorded_with_photo(**{"revocation-1-agree": True})
    assert "R-0001 is a hold for a person with this name" in texts(app)
    assert [link.proto.label for link in app.get("page_link")] == ["Look at R-0001"]

    app = press(app, "Add this letter to R-0001")

    assert "Recorded as R-0001 for Nona Name" in texts(app)
    with services.reading() as unit:
        (case,) = unit.register.revocations()
        assert len(unit.register.templates()) == 1
    assert case.state(services.today()) is State.ACTIVE


def test_an_answer_counts_for_what_was_asked_alone(services):
    revoke(services)
    app = recorded_with_photo(**{"revocation-1-name": "Zebulon Quirk"})
    app.checkbox[-1].check()
    field(app, "Name of the person in the photos").set_value("Z. Quirk")
    app = press(app, "Record the revocation")

    assert "Recorded as" not in texts(app)
    assert "is for a person with this name" in texts(app)


def uploader(app: AppTest, label: str):
    return next(one for one in app.file_uploader if one.label.startswith(label))


def filled_form() -> AppTest:
    """Fill the form with a letter, a portrait and a name."""
    app = opened("desk.record_revocation", DESK)
    field(app, "Name of the person in the photos").set_value("Nona Name")
    uploader(app, "Upload the signed request").set_value(
        [("letter.txt", b"Please do not show me.", "")]
    )
    uploader(app, "Photos of the person").set_value([(PHOTO.name, PHOTO.read_bytes(), "")])
    app.pills(key="revocation-1-method").set_value(Method.LETTER)
    app.run()
    assert not app.exception
    return app


def test_a_form_is_brought_back_whole_and_lies_encrypted(services):
    filled_form()
    kept = [path.read_bytes() for path in services.settings.drafts.rglob("*") if path.is_file()]
    assert kept
    assert not [one for one in kept if b"Nona" in one or b"do not show" in one]

    app = opened("desk.record_revocation", DESK)
    said = texts(app)
    assert "is back. Nothing is recorded yet" in said
    assert "1 file with the signed request and 1 photo of the person" in said
    assert "letter.txt" in said
    assert field(app, "Name of the person in the photos").value == "Nona Name"

    app = press(app, "Record the revocation")
    assert "Recorded as R-0001 for Nona Name" in texts(app)
    with services.reading() as unit:
        (case,) = unit.register.revocations()
        assert len(unit.decisions.person_decisions()) == 1
    assert len(case.terms.evidence) == 1
    assert not list(services.settings.drafts.rglob("form"))
    assert "is back" not in texts(opened("desk.record_revocation", DESK))


def test_a_form_that_is_back_counts_no_files_where_there_are_none(services):
    opened("desk.record_revocation", DESK, **{"revocation-1-name": "Nona Name"})
    said = texts(opened("desk.record_revocation", DESK))
    assert "is recorded yet. Add again what you added after that." in said


def test_a_spoken_request_is_not_said_to_have_a_paper(services):
    place_hold(services, NewRevocation("Nona", Submission(services.today(), Method.ORAL)), DESK)
    said = texts(case_page("R-0001", "Papers"))
    assert "A spoken request: there is no paper." in said
    assert "paper original" not in said


def test_what_stands_in_a_piece_is_stopped_and_what_is_out_taken_down(services):
    editor = Actor("Pia", Role.PRINT_EDITOR)
    piece = open_piece(services, NewPiece("newsletter", "Spring"), editor)
    photo = ORIGINALS / "obama3.jpg"
    place_files(services, piece.label, [HandedIn(photo.name, photo.read_bytes())], editor)
    said = texts(recorded_with_photo(**{"revocation-1-agree": True}))
    assert "To stop before print: T-0001." in said
    assert "to take down" not in said


def test_what_comes_is_kept_before_it_is_looked_at(services, monkeypatch):
    """A page that was reloaded while a photo was read came back without the photo."""
    kept = []

    def offer(_services, _content, name):
        kept.append(kept_draft(services, DESK))
        raise BadInputError(f"{name} cannot be read")

    monkeypatch.setattr("pages.desk.session.offer_faces", offer)
    filled_form()

    (draft, *_) = kept
    assert {file.name for file in draft.files} == {"letter.txt", PHOTO.name}
    assert draft.fields["form"]["name"] == ["plain", "Nona Name"]


def test_nothing_can_be_recorded_while_a_photo_is_read(services, monkeypatch):
    """A press on the button from before was swallowed, or recorded what nobody had seen."""
    app = opened("desk.record_revocation", DESK)
    app.pills(key="revocation-1-method").set_value(Method.LETTER)
    app.run()
    assert "Record the revocation" in labels(app)
    uploader(app, "Photos of the person").set_value([(PHOTO.name, PHOTO.read_bytes(), "")])
    with monkeypatch.context() as patched:
        # As the page stands while the photo is read.
        patched.setattr("pages.desk.session.offer_faces", lambda *_: st.stop())
        app.run()
    waiting = next(one for one in app.button if one.label == "Reading the photo ...")
    assert waiting.disabled
    assert "Record the revocation" not in labels(app)

    app.run()
    assert "Reading the photo ..." not in labels(app)
    assert "Record the revocation" in labels(app)
    app.run()
    assert "Reading the photo ..." not in labels(app), "it is read once"


def test_a_press_that_comes_too_early_is_answered(services):
    """The button was pressed before the photo was read, in which a face has to be picked."""
    app = opened("desk.record_revocation", DESK)
    app.pills(key="revocation-1-method").set_value(Method.LETTER)
    app.run()
    stage = ORIGINALS.parent / "events" / "2026-05-14 Author talk" / "stage-obama-biden.jpg"
    uploader(app, "Photos of the person").set_value([(stage.name, stage.read_bytes(), "")])
    app = press(app, "Record the revocation")
    assert "Nothing is saved yet." in texts(app)
    assert "First pick the person's face in each photo" in texts(app)
    app.run()
    assert "Nothing is saved yet." not in texts(app)


def test_what_was_handed_in_is_there_when_another_page_was_open_meanwhile(services):
    pages = "import streamlit as st\nif not st.session_state.get('elsewhere'):\n    "
    shown = page_script("desk.record_revocation").replace("\n\npage()", "; page()")
    app = AppTest.from_string(pages + shown, default_timeout=TIMEOUT)
    app.session_state["actor"] = DESK
    app.run()
    field(app, "Name of the person in the photos").set_value("Nona Name")
    uploader(app, "Upload the signed request").set_value([("letter.txt", b"Do not show me.", "")])
    app.run()
    app.session_state["elsewhere"] = True
    app.run()
    app.session_state["elsewhere"] = False
    app.run()

    assert "letter.txt" in texts(app)
    (file,) = kept_draft(services, DESK).files
    assert file.content == b"Do not show me."


def test_files_of_a_server_that_was_started_anew_are_passed_by(services):
    """The browser names files that the new server never had."""
    filled_form()
    app = opened("desk.record_revocation", DESK)
    for name in ("evidence", "photos"):
        app.session_state[f"revocation-1-{name}"] = [DeletedFile("gone")]
    app.run()
    assert not app.exception
    assert "letter.txt" in texts(app)


def test_a_form_that_is_back_has_each_value_once(services, monkeypatch, caplog):
    """Streamlit warned of fields with a default and a value that was brought back."""
    app = filled_form()
    app.radio(key="revocation-1-everything").set_value(False)
    app.checkbox(key="revocation-1-minor").check()
    app.run()
    field(app, "Parent or guardian who signed").set_value("Gus Guardian")
    app.pills(key="revocation-1-kinds").set_value([ChannelKind.PRINT])
    app.run()
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)

    app = opened("desk.record_revocation", DESK)
    assert app.radio(key="revocation-1-everything").value is False
    assert field(app, "Received by").value == "Ana Ruiz"
    app = press(app, "Record the revocation")
    press(app, "Another person on this letter")

    assert "Session State API" not in caplog.text


def test_a_form_is_nobody_elses_and_is_begun_anew_when_asked(services):
    filled_form()
    assert "is back" not in texts(opened("desk.record_revocation", DIRECTOR))

    app = press(opened("desk.record_revocation", DESK), "Start over")
    assert field(app, "Name of the person in the photos").value == ""
    assert "is back" not in texts(opened("desk.record_revocation", DESK))


def test_a_form_is_forgotten_after_a_day(services):
    filled_form()
    yesterday = time.time() - 25 * 3600
    for form in services.settings.drafts.rglob("form"):
        os.utime(form, (yesterday, yesterday))

    assert "is back" not in texts(opened("desk.record_revocation", DESK))
    assert not list(services.settings.drafts.iterdir())


def test_what_was_pressed_before_the_form_was_shown_records_nothing(services):
    app = filled_form()
    app.session_state["draft"].shown = 0
    app = press(app, "Record the revocation")

    assert "Nothing is recorded yet" in texts(app)
    with services.reading() as unit:
        assert unit.register.revocations() == []
    assert "Recorded as R-0001" in texts(press(app, "Record the revocation"))


def test_a_photo_that_is_refused_is_not_passed_by_in_silence(services):
    app = filled_form()
    coffee = ORIGINALS / "coffee.png"
    photos = [(PHOTO.name, PHOTO.read_bytes(), ""), (coffee.name, coffee.read_bytes(), "")]
    uploader(app, "Photos of the person").set_value(photos)
    app.run()

    (save,) = [button for button in app.button if button.label == "Record the revocation"]
    assert save.disabled
    assert "Nothing is recorded while coffee.png is there" in texts(app)


def test_another_person_on_the_letter_keeps_it_and_who_asked(services):
    app = filled_form()
    app.checkbox(key="revocation-1-minor").check()
    app.run()
    field(app, "Parent or guardian who signed").set_value("Gus Guardian")
    field(app, "Contact").set_value("555-0100")
    app = press(app, "Record the revocation")
    app = press(app, "Another person on this letter")
    assert "letter.txt" in texts(app)
    assert field(app, "Name of the person in the photos").value == ""

    field(app, "Name of the person in the photos").set_value("Benno Name")
    app = press(app, "Record the revocation")

    assert "Recorded as R-0002 for Benno Name" in texts(app)
    with services.reading() as unit:
        first, second = unit.register.revocations()
    assert second.terms.requester == first.terms.requester
    # One letter, kept for each of them by their own key.
    read = [[*map(services.vault.get, case.terms.evidence)] for case in (first, second)]
    assert read[0] == read[1] != []
    assert second.submission == first.submission
    assert (second.person.guardian, second.terms.requester.contact) == ("Gus Guardian", "555-0100")
    assert first.person.id != second.person.id


def test_another_person_on_the_letter_is_recorded_later_from_the_case(services, monkeypatch):
    """Not over a form that somebody has begun."""
    went: list[str] = []
    monkeypatch.setattr("pages.register.case.go_to", went.append)
    app = filled_form()
    field(app, "Contact").set_value("555-0100")
    press(app, "Record the revocation")

    case = press(case_page("R-0001", "History"), "Another person on this letter")
    assert went == ["record"]
    app = opened("desk.record_revocation", DESK, draft=case.session_state["draft"])
    assert "Another person on the letter of R-0001" in texts(app)
    assert "letter.txt" in texts(app)
    assert field(app, "Contact").value == "555-0100"
    field(app, "Name of the person in the photos").set_value("Benno Name").run()

    case = press(case_page("R-0001", "History"), "Another person on this letter")
    assert "Another form is not finished" in texts(case)
    assert went == ["record"]


def test_two_names_and_two_unlike_faces_are_asked_about(services):
    app = filled_form()
    biden = ORIGINALS / "biden.jpg"
    photos = [(PHOTO.name, PHOTO.read_bytes(), ""), (biden.name, biden.read_bytes(), "")]
    uploader(app, "Photos of the person").set_value(photos)
    field(app, "Name of the person in the photos").set_value("Ana and Ben Ruiz")
    app = press(app, "Record the revocation")

    said = texts(app)
    assert "This looks like more than one name" in said
    assert "are they of one person?" in said
    with services.reading() as unit:
        assert unit.register.revocations() == []


def test_an_objection_is_filed_on_the_page_and_decided_by_a_director(services):
    revoke(services, references=[], keep_face=False, minor=True, guardian="Gus Guardian")
    form = {"R-0001-1--action": "Objection", "R-0001-1--object-method": Method.LETTER}
    app = case_page("R-0001", "Change", **form)
    field(app, "Who objects").set_value("Paula Parent")
    field(app, "Where the paper original is kept").set_value("Binder 4")
    app = press(app, "File the objection")
    assert "is filed. The case stays in effect until a director decides" in texts(app)
    assert "print the receipt from Papers" in texts(app)
    where = "Disputed: a director decides under Change, Objection"
    assert any(where in one.value for one in app.markdown)

    # What waits for the director lies open.
    outcome = {"R-0001-2--settle-outcome": True}
    app = case_page("R-0001", "Change", **outcome, actor=DIRECTOR)
    field(app, "Why?").set_value("Both have custody.")
    app = press(app, "Decide the objection")
    assert "The objection is decided" in texts(app)
    with services.reading() as unit:
        case = unit.register.find("R-0001")
    assert case.dispute is None
    assert case.state(services.today()) is State.ACTIVE


def test_what_the_uploader_says_is_what_is_taken(services):
    app = opened("desk.record_revocation", DESK)
    assert uploader(app, "Upload the signed request").proto.max_upload_size_mb == 50


def test_a_letter_by_mail_is_shown_on_the_page_of_its_case(services):
    mail = EvidenceFile("mail.eml", b"From: ana@example.org\nSubject: Photos\n\nNot me, please.")
    letter = Submission(services.today(), Method.EMAIL, [mail])
    record_revocation(services, NewRevocation("Nona Name", letter), DESK)

    app = press(case_page("R-0001", "Papers"), "Open")

    assert "Subject: Photos" in texts(app)
    assert "Not me, please." in texts(app)


def test_what_holds_later_or_for_a_time_is_not_said_to_hold_from_now_on(services):
    later = services.today() + timedelta(days=9)
    said = texts(recorded_with_photo(**{"revocation-1-since": later}))
    assert f"It is in effect from {shown_day(later)}." in said

    app = opened("desk.record_revocation", DESK)
    field(app, "Name of the person in the photos").set_value("Hal Holder")
    app.pills(key="revocation-1-method").set_value(Method.ORAL)
    app = press(app.run(), "Record the hold")
    lapses = services.today() + timedelta(days=services.policy.hold_days)
    assert f"Nothing with this person goes out until {shown_day(lapses)}." in texts(app)


def limits(app: AppTest) -> Any:
    """Return the box of the form that asks for limits."""
    return next(one for one in app.expander if one.label.startswith("Only some photos"))


def test_limits_that_were_chosen_stay_in_sight_and_are_said_once_recorded(services):
    plain = opened("desk.record_revocation", DESK)
    assert (limits(plain).label, limits(plain).proto.expanded) == (
        "Only some photos, or for some time",
        False,
    )
    event = create_event(services, NewEvent("Chess club", date(2026, 5, 14), "Main"), STAFF)
    chosen = {"revocation-1-which": "Photos of an event", "revocation-1-events": [event]}
    app = opened("desk.record_revocation", DESK, **chosen)
    assert limits(app).proto.expanded
    assert limits(app).label.endswith("(chosen below)")

    said = texts(recorded_with_photo(**chosen))
    assert "What it covers:" in said
    assert "Photos taken at any time. The name must not appear in captions." in said
    assert "Photos of: Chess club (May 14, 2026)." in said
    assert "Chess club, May 14, 2026" in app.multiselect(key="revocation-1-events").options


def test_the_case_says_when_they_agreed_and_who_took_it_down(services):
    revoke(services)
    day = shown_day(services.today())
    assert f"Saved face measurement: they agreed on {day}, recorded by Ana Ruiz." in texts(
        case_page("R-0001", "Photos")
    )


def test_an_unlike_face_is_asked_about_where_a_case_is_amended(revoked):
    biden = ORIGINALS / "biden.jpg"
    form = {
        "R-0001-1--amend-what": ["More photos of the person"],
        "R-0001-1--amend-reason": "Brought a photo",
    }
    app = case_page("R-0001", "Change", **{"R-0001-1--action": "Change the terms"}, **form)
    uploader(app, "Photos of the person").set_value([(biden.name, biden.read_bytes(), "")])
    app.run()
    app = press(app, "Change the case")
    assert "is it of the same person?" in texts(app)

    looked = next(one for one in app.checkbox if one.label.startswith("I have checked this"))
    looked.check()
    app = press(app, "Change the case")

    assert "R-0001 is changed" in texts(app)
    with revoked.reading() as unit:
        assert len(unit.register.templates()) == 2


def test_a_letter_of_unlike_faces_is_still_added_to_its_hold(services):
    asked = Submission(services.today(), Method.ORAL)
    place_hold(services, NewRevocation("Nóna Name", asked), DESK)
    biden = ORIGINALS / "biden.jpg"
    draft = Draft(1, taken=[(one.read_bytes(), one.name) for one in (PHOTO, biden)])
    typed = {
        "revocation-1-name": "Nona Name",
        "revocation-1-method": Method.LETTER,
        "revocation-1-original-at": "Binder 3",
    }
    app = opened("desk.record_revocation", DESK, draft=draft, **typed)
    app = press(app, "Record the revocation")
    app = press(app, "Add this letter to R-0001")
    assert "Recorded as" not in texts(app)
    assert "are they of one person?" in texts(app)

    app.checkbox(key="revocation-1-looked-at").check()
    app = press(app, "Add this letter to R-0001")

    assert "Recorded as R-0001 for Nona Name" in texts(app)


def test_an_answer_given_just_before_it_is_recorded_is_kept(services):
    app = filled_form()
    (first, *_) = [one for one in app.get("button_group") if "-seen-" in str(one.key)]
    first.set_value(DecisionState.CONFIRMED)
    # Both come in one run: whoever clicks fast does not wait for the page.
    app = press(app, "Record the revocation")

    assert "Recorded as R-0001" in texts(app)
    with services.reading() as unit:
        decided = unit.decisions.person_decisions()
    assert len(decided) == 2
