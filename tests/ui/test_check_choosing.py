"""The result of a check: seen by filter and address, chosen from, and done with what was chosen."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from uuid import uuid4

import pytest

from consent.cases.references import photo_named, read_reference
from consent.checking.check import judge_photos
from consent.checking.overrides import propose_override
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState
from consent.domain.errors import RefusedError
from consent.domain.jobs import Job, JobKind, JobState
from consent.domain.log import Action
from consent.domain.wording import clearance_to_dict, long_day
from consent.indexing.events import NewEvent, create_event, name_event
from consent.jobs.check import keep_up, read_check, report_to_dict, says_otherwise
from consent.jobs.runner import load_job, save_job
from consent.publishing.posts import list_scheduled
from consent.publishing.record import Posting, list_publications, record_publications
from consent.review.decide import decide_sighting, faces_seen
from consent.review.queue import review_queue
from consent.services import Services
from pages.check.photos import Chosen
from pages.ui.words import short_day
from tests.staff import ANYBODY
from tests.ui.page_cases import (
    DIRECTOR,
    ORIGINALS,
    STAFF,
    cells,
    field,
    labels,
    open_photo,
    opened,
    press,
    revoke,
    sample,
    texts,
)

PAGE = "check.check_photos"
NAMES = ("astronaut.png", "biden.jpg", "coffee.png", "obama2.jpg", "obama3.jpg")


def made_check(
    services: Services, names=NAMES, actor=STAFF, state=JobState.DONE, event: str = ""
) -> str:
    """A check of samples for Instagram that is done; returns its id."""
    use = services.policy.use("instagram")
    named = {str(ORIGINALS / name): sample(services, name) for name in names}
    report = judge_photos(services, named, {}, use, actor)
    photos = [
        clearance_to_dict(one) | {"name": name}
        for one, name in zip(report.clearances, names, strict=True)
    ]
    job_id = uuid4().hex
    request = {
        "use": use.name,
        "uploaded": False,
        "paths": [str(ORIGINALS)],
        "event": event,
        "actor": {"id": actor.id, "role": actor.role.value, "also": []},
    }
    result = report_to_dict(services, report, photos) if state is JobState.DONE else None
    count = len(names)
    job = Job(job_id, JobKind.CHECK, state, request, count, count, "", result, services.now())
    save_job(services, job)
    return job_id


@pytest.fixture
def checked(revoked: Services) -> str:
    return made_check(revoked)


def asked(app) -> dict[str, str]:
    """The query of the page's address."""
    return {
        name: value if isinstance(value, str) else value[0]
        for name, value in app.query_params.items()
    }


def choose(app, *names: str):
    """Choose photos as the grid tells it."""
    shown = cells(app)
    chosen: Chosen = app.session_state[f"chosen-{asked(app)['check']}"]
    told = {
        "turn": chosen.turn,
        "ids": [shown[name]["id"] for name in names],
        "here": [cell["id"] for cell in shown.values()],
    }
    chosen.told(told)
    app.run()
    return app


def answer(app, opener: str, label: str):
    """Press a button of a dialog; the test runner closes it at every run, so it is opened again."""
    next(one for one in app.button if one.label == opener).click()
    return press(app, label, -1)


def test_what_is_shown_stands_in_the_address(checked: str):
    app = opened(PAGE, STAFF, check=checked)
    assert list(cells(app)) == [
        "obama2.jpg",
        "obama3.jpg",
        "astronaut.png",
        "biden.jpg",
        "coffee.png",
    ]

    app.button_group(key="check-only").set_value("CLEAR").run()
    app.text_input(key="check-find").set_value("E").run()
    app.selectbox(key="check-order").set_value("name").run()
    assert asked(app) == {"check": checked, "only": "clear", "find": "E", "sort": "name"}

    colleague = opened(PAGE, DIRECTOR)
    for name, value in asked(app).items():
        colleague.query_params[name] = value
    colleague.run()
    assert list(cells(colleague)) == ["biden.jpg", "coffee.png"]


def test_a_file_name_is_found_whatever_verdict_is_shown(checked: str):
    app = opened(PAGE, STAFF, check=checked)
    app.query_params["only"] = "clear"
    app.query_params["find"] = "obama2"
    app.run()
    assert "No file name matches among the photos with: No match found." in texts(app)

    press(app, "Show the 1 photo that does")

    assert list(cells(app)) == ["obama2.jpg"]


@pytest.mark.parametrize(
    "query", [{"only": "x", "page": "-1"}, {"sort": "?", "page": "9", "photo": "0"}]
)
def test_an_address_with_nonsense_shows_all(checked: str, query: dict[str, str]):
    app = opened(PAGE, STAFF, check=checked)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert len(cells(app)) == len(NAMES)


def test_chosen_photos_are_posted_together_under_one_address(checked: str, revoked: Services):
    app = choose(opened(PAGE, STAFF, check=checked), "biden.jpg", "coffee.png", "obama2.jpg")
    assert "**3 chosen**" in texts(app)

    press(app, "Posted")
    assert "**2 photos**, in one post." in texts(app)
    assert "left out: Do not use: 1" in texts(app)
    field(app, "Link to the post on Instagram").set_value("https://fb.com/p/1")
    answer(app, "Posted", "Record")
    assert "on Facebook, but the post is for Instagram. If it is right, press" in texts(app)
    assert list_publications(revoked, ANYBODY) == []
    field(app, "Link to the post on Instagram").set_value("https://instagram.com/p/1")
    answer(app, "Posted", "Record")

    assert "Recorded as posted on Instagram: 2 photos. To undo a mistake" in texts(app)
    made = list_publications(revoked, ANYBODY)
    assert {one.url for one in made} == {"https://instagram.com/p/1"}
    assert {one.photo_sha256 for one in made} == {
        sample(revoked, name) for name in ("biden.jpg", "coffee.png")
    }
    app = opened(PAGE, STAFF, check=checked)
    assert cells(app)["biden.jpg"]["done"] == "Posted"
    press(app, "Choose the photo with no match found")
    answer(press(app, "Schedule"), "Schedule", "Schedule")
    assert [one.photo_sha256 for one in list_scheduled(revoked, ANYBODY)] == [
        sample(revoked, "astronaut.png")
    ]


def test_what_was_chosen_is_there_again_for_whoever_chose_it(checked: str, revoked: Services):
    choose(opened(PAGE, STAFF, check=checked), "biden.jpg", "coffee.png")

    app = opened(PAGE, STAFF, check=checked)
    assert "**2 chosen**" in texts(app)
    app.text_input(key="check-find").set_value("coffee").run()
    assert "**2 chosen** (1 not in this list)" in texts(app)
    assert "chosen**" not in texts(opened(PAGE, DIRECTOR, check=checked))
    press(app, "Clear selection")
    assert "chosen**" not in texts(opened(PAGE, STAFF, check=checked))


def test_what_the_grid_tells_too_late_chooses_nothing(checked: str):
    chosen = Chosen(checked)
    chosen.put({"a"})
    chosen.told({"turn": 0, "ids": ["b"], "here": ["a", "b"]})
    assert chosen.ids == {"a"}
    chosen.told({"turn": 1, "ids": ["b"], "here": ["b", "c"]})
    assert chosen.ids == {"a", "b"}
    chosen.told("nonsense")
    assert chosen.ids == {"a", "b"}


def test_one_photo_says_how_sure_it_is_beside_the_reference_face(checked: str):
    app = open_photo(opened(PAGE, STAFF, check=checked), "obama2.jpg")
    said = texts(app)
    assert "**Very likely the same person**, face 1" in said
    assert "so alike that this photo must not go out." in said
    assert "1 of 5" in said
    assert "Photo added" in said

    press(app, "Next")
    assert "obama3.jpg" in texts(app)
    press(app, "All photos")
    assert len(cells(app)) == len(NAMES)


def test_one_photo_says_who_decided_that_a_match_is_somebody_else(revoked: Services):
    photo = sample(revoked, "obama2.jpg")
    (face,) = faces_seen(revoked, photo, DIRECTOR)
    no = DecisionState.REJECTED
    decide_sighting(revoked, "R-0001", photo, face.box, no, DIRECTOR, "A look-alike")

    app = open_photo(opened(PAGE, STAFF, check=made_check(revoked)), "obama2.jpg")

    said, day = texts(app), long_day(revoked.today())
    assert f"Di Rossi said on {day} that face 1 is not the person in R-0001." in said
    assert "A person has already decided about the warnings, as noted below" in said
    assert "nobody in the register was found" not in said
    press(app, "All photos")
    assert "said on" not in texts(open_photo(app, "biden.jpg"))


def test_what_is_blocked_as_a_copy_says_of_which_photo_and_where_that_is_changed(
    revoked: Services, monkeypatch: pytest.MonkeyPatch
):
    name = "2026-06-02 Summer reading kick-off/obama.webp"
    path = ORIGINALS.parent / "events" / name
    photo = photo_named(revoked, str(path))
    for face in faces_seen(revoked, photo, DIRECTOR):
        decide_sighting(
            revoked, "R-0001", photo, face.box, DecisionState.REJECTED, DIRECTOR, "Another"
        )

    job = made_check(revoked, [str(path)])
    app = opened(PAGE, STAFF, check=job)
    ((name, cell),) = cells(app).items()
    assert "A nearly identical copy" in cell["title"]
    app = open_photo(app, name)

    said = texts(app)
    assert "The person in R-0001 was confirmed in obama.jpg." in said
    assert "change it on the case's page, under Photos" in said
    assert "say so in Review" not in said
    links = [one.proto.label for one in app.get("page_link")]
    assert "Change it: photos of R-0001" in links
    assert "Review it" not in labels(app)
    monkeypatch.setattr("pages.check.one_photo._COPIES", 0)
    app.run()
    assert "They were also confirmed in 1 more photo." in texts(app)

    decide_sighting(revoked, "R-0001", photo, None, DecisionState.REJECTED, DIRECTOR)
    app = opened(PAGE, STAFF, check=job)
    (cell,) = cells(app).values()
    assert "A copy" not in cell["title"]


def test_reviewing_the_chosen_asks_about_them_alone(checked: str, revoked: Services):
    app = choose(opened(PAGE, STAFF, check=checked), "obama3.jpg", "biden.jpg")
    assert "Review 1 of these" in labels(app)
    desk_app = opened("review.queue", STAFF)
    before = texts(desk_app)
    desk = desk_app.session_state["review-desk"]
    desk.look_at_only([sample(revoked, "obama3.jpg")], {"check": checked})
    desk_app.run()
    assert "**1 to decide**" in texts(desk_app)
    assert "obama3.jpg" in texts(desk_app)
    assert "Showing only the questions about 1 photo of your check." in texts(desk_app)
    press(desk_app, "Show all questions")
    assert texts(desk_app).splitlines()[:3] == before.splitlines()[:3]


def test_what_is_said_of_all_is_said_once_and_the_event_named_afterwards(checked: str):
    app = opened(PAGE, STAFF, check=checked)
    assert texts(app).count("No event is named") == 1
    app = open_photo(app, "coffee.png")
    assert "No event is named" not in texts(app)
    press(app, "All photos")

    press(app, "Name the event")
    field(app, "Or the name of a new event").set_value("Reading night")
    press(app, "Name the event")
    answer(app, "Name the event", "Save the event")

    app = opened(PAGE, STAFF, check=checked)
    assert "No event is named" not in texts(app)
    assert "Something has changed" not in texts(app), "no verdict is another"
    assert "Event: Reading night" in texts(app)


def test_a_wrong_event_is_corrected_and_the_photos_judged_by_the_right_one(revoked: Services):
    day = revoked.today()
    gala = create_event(revoked, NewEvent("Gala", day, public_space=False), STAFF)
    talk = create_event(revoked, NewEvent("Author talk", day), STAFF)
    name_event(revoked, [sample(revoked, name) for name in NAMES], gala.id, STAFF)
    checked = made_check(revoked, event=gala.id)
    app = opened(PAGE, STAFF, check=checked)
    assert f"Event: Gala, {short_day(day)} (5)." in texts(app)
    assert cells(app)["astronaut.png"]["words"] == "A person must look"

    press(app, "Wrong event?")
    assert "not in a public space" in texts(app)
    app.selectbox(key="photos-event").select(talk)
    press(app, "Wrong event?")
    answer(app, "Wrong event?", "Correct it")

    app = opened(PAGE, STAFF, check=checked)
    assert f"Event: Author talk, {short_day(day)} (5)." in texts(app)
    assert cells(app)["astronaut.png"]["words"] == "No match found"
    assert cells(app)["obama2.jpg"]["words"] == "Do not use"
    with revoked.reading() as unit:
        entry = [
            one for one in unit.audit.entries_of([gala.id]) if one.action == Action.EVENT_CORRECTED
        ][-1]
    assert (entry.details["event"], len(entry.details["photos"])) == (talk.id, len(NAMES))
    again = load_job(revoked, checked, JobKind.CHECK).request
    assert again["event"] == talk.id, "else the folder's photos would join the wrong one anew"


def test_checks_are_listed_for_who_started_them(revoked: Services):
    mine = made_check(revoked)
    running = made_check(revoked, NAMES[:2], state=JobState.RUNNING)
    made_check(revoked, actor=DIRECTOR)

    app = opened(PAGE, STAFF)
    assert "5 photos for Instagram" in texts(app)
    assert "2 of 2 photos for Instagram" in texts(app)
    assert labels(app).count("Open") == 2

    app.button(key=f"cancel-{running}").click().run()
    assert "Cancel" not in labels(app)
    app.button(key=f"open-{mine}").click().run()
    assert not app.exception
    assert len(cells(app)) == len(NAMES)


def given(services: Services) -> list[int]:
    """How many photos were judged, each time that some were."""
    with services.reading() as unit:
        return [
            sum(entry.details["verdicts"].values())
            for entry in unit.audit.entries_after(0)
            if entry.action == Action.CLEARANCE_GIVEN
        ]


SIGNING = "../events/2026-05-14 Author talk/signing-astronaut-biden.jpg"


def test_an_answer_is_shown_in_every_window_of_an_open_result(services: Services):
    """One window judges the photo again; the other is shown anew, too, once."""
    portrait = read_reference(services, str(ORIGINALS / "biden.jpg"))
    assert revoke(services, name="Stella Orbit", references=[portrait]) == "R-0001"
    signing = sample(services, SIGNING)
    checked = made_check(services, ("coffee.png", SIGNING))
    shown = read_check(services, checked, ANYBODY).result
    assert not says_otherwise(services, checked, shown, STAFF)

    asked = review_queue(services, DIRECTOR).pairs.of_photos([signing])
    box = next(pair.box for pair in asked if pair.label == "R-0001")
    decide_sighting(services, "R-0001", signing, box, DecisionState.REJECTED, DIRECTOR, "A twin")

    assert says_otherwise(services, checked, shown, STAFF)
    assert says_otherwise(services, checked, shown, DIRECTOR), "another window was first"
    anew = read_check(services, checked, ANYBODY).result
    assert not says_otherwise(services, checked, anew, STAFF)

    # The face no longer speaks against it; that it is cut from a photo of the person still does.
    app = opened(PAGE, STAFF, check=checked)
    assert "Still “Do not use”, but for other reasons than before: signing-astro" in texts(app)
    said = texts(open_photo(app, SIGNING))
    assert "Perhaps a part of a photo in which R-0001 was confirmed" in said
    assert "Very likely the same person" not in said
    assert "Di Rossi said on" in said


def test_what_changes_no_photo_of_an_open_result_leaves_it_alone(checked: str, revoked: Services):
    shown = read_check(revoked, checked, ANYBODY).result
    other = sample(revoked, "obama_partial_face.jpg")
    decide_sighting(revoked, "R-0001", other, None, DecisionState.REJECTED, DIRECTOR)
    assert read_check(revoked, checked, ANYBODY).stale
    assert not says_otherwise(revoked, checked, shown, STAFF)


def test_a_colleagues_revocation_is_said_on_an_open_result(checked: str, revoked: Services):
    app = opened(PAGE, STAFF, check=checked)
    picture = read_reference(revoked, str(ORIGINALS / "astronaut.png"))
    assert revoke(revoked, name="Stella Orbit", references=[picture]) == "R-0002"

    # In a browser, within ten seconds by itself.
    app.run()

    assert "Changed from “No match found” to “Do not use”: astronaut.png." in texts(app)
    assert cells(app)["astronaut.png"]["words"] == "Do not use"
    assert "Was “No match found” when" in texts(open_photo(app, "astronaut.png"))
    app = press(app, "All photos")
    assert given(revoked) == [len(NAMES), len(NAMES)]
    app.run()
    assert given(revoked) == [len(NAMES), len(NAMES)], "once"


def test_what_concerns_one_photo_leaves_the_others_as_they_are(checked: str, revoked: Services):
    use, url = revoked.policy.use("instagram"), "https://instagram.com/p/2"
    until = revoked.today()
    propose_override(revoked, sample(revoked, "obama2.jpg"), use, "He agreed", until, DIRECTOR)

    posting = Posting(use, revoked.today(), url)
    record_publications(revoked, [sample(revoked, "biden.jpg")], posting, STAFF)
    with pytest.raises(RefusedError, match="has changed"):
        record_publications(revoked, [sample(revoked, "obama2.jpg")], posting, STAFF)

    app = opened(PAGE, STAFF, check=checked)
    assert cells(app)["obama2.jpg"]["words"] == "Allowed by override"
    assert given(revoked) == [len(NAMES), 1]
    record_publications(revoked, [sample(revoked, "obama2.jpg")], posting, STAFF)


def test_what_an_override_lets_through_is_not_shown_as_if_nobody_was_in_it(revoked: Services):
    use, until = revoked.policy.use("instagram"), revoked.today()
    propose_override(revoked, sample(revoked, "obama2.jpg"), use, "He agreed", until, DIRECTOR)
    app = opened(PAGE, STAFF, check=made_check(revoked))

    shown = cells(app)
    assert shown["obama2.jpg"]["look"] == "ALLOWED"
    alike = [name for name, cell in shown.items() if cell["words"] == "No match found"]
    (show,) = (one for one in app.pills if one.label == "Show")
    assert f"No match found {len(alike)} · Allowed by override 1" in " ".join(show.options)
    press(app, f"Choose all {len(alike)} with no match found")
    chosen = app.session_state[f"chosen-{asked(app)['check']}"].ids
    assert shown["obama2.jpg"]["id"] not in chosen


def test_what_was_posted_by_mistake_is_undone_beside_the_photo(checked: str, revoked: Services):
    use = revoked.policy.use("instagram")
    posting = Posting(use, revoked.today(), "https://instagram.com/p/3")
    record_publications(revoked, [sample(revoked, "biden.jpg")], posting, STAFF)
    app = open_photo(opened(PAGE, STAFF, check=checked), "biden.jpg")
    assert "Posted" not in labels(app)

    press(app, "Undo")
    field(app, "Why?").set_value("It was the other photo")
    answer(app, "Undo", "Undo")

    assert list_publications(revoked, ANYBODY) == []
    assert "Posted" in labels(open_photo(opened(PAGE, STAFF, check=checked), "biden.jpg"))


def test_clean_copies_of_the_chosen_are_made_at_once(checked: str):
    app = choose(opened(PAGE, STAFF, check=checked), "biden.jpg", "obama2.jpg")
    press(app, "Export")
    assert "2 photos for Instagram." in texts(app)
    answer(app, "Export", "Make the copies")
    assert any("Download 1 copy" in str(one.proto) for one in app.get("download_button"))
    assert "Left out: obama2.jpg, do not use." in texts(app)


def test_a_person_is_covered_beside_the_photo(checked: str):
    app = open_photo(opened(PAGE, STAFF, check=checked), "obama2.jpg")
    assert "Export" not in labels(app), "it is not cleared"
    press(app, "Cover people")
    assert "The photo does not change." in texts(app)
    assert "Make the copy" in labels(app)


def test_with_an_empty_register_nothing_is_green_and_nothing_offered_as_cleared(services: Services):
    app = opened(PAGE, STAFF, check=made_check(services))
    assert "Nobody is in the register" in texts(app)
    assert {cell["look"] for cell in cells(app).values()} == {"NOTHING"}
    assert {cell["words"] for cell in cells(app).values()} == {"Nothing to compare with"}
    assert not [one for one in labels(app) if one.endswith("with no match found")]
    assert "Every face" not in texts(open_photo(app, "coffee.png"))


def test_the_report_says_whom_where_and_what_became_of_each_photo(checked: str, revoked: Services):
    result = read_check(revoked, checked, ANYBODY).result
    sha256 = sample(revoked, "biden.jpg")
    report = result.as_csv({sha256: "Author talk"}, {sha256: "Posted on Instagram, Nov 27, 2026"})
    rows = {row["photo"]: row for row in csv.DictReader(io.StringIO(report))}
    assert rows["obama2.jpg"]["cases"] == "R-0001"
    assert (rows["biden.jpg"]["event"], rows["biden.jpg"]["cases"]) == ("Author talk", "")
    assert rows["biden.jpg"]["posted"] == "Posted on Instagram, Nov 27, 2026"
    assert rows["coffee.png"]["posted"] == ""


def test_a_text_is_looked_through_for_who_asked_not_to_be_named(checked: str):
    app = opened(PAGE, STAFF, check=checked)
    app.text_area(key="text-words").set_value("Our reader\nZebulon Quirk on stage")
    press(app, "Check the text")
    assert "Line 2, words 1 to 2: the name of R-0001" in texts(app)

    app.text_area(key="text-words").set_value("Our readers on stage")
    press(app, "Check the text")
    assert "the text has no name from the register" in texts(app)


def test_another_policy_has_all_photos_judged_again(checked: str, revoked: Services):
    revised = replace(revoked, policy=replace(revoked.policy, version="2030-01"))
    keep_up(revised, checked, STAFF)
    assert given(revoked) == [len(NAMES), len(NAMES)]
    assert not read_check(revised, checked, STAFF).stale
    assert read_check(revoked, checked, STAFF).stale


def test_the_demonstration_has_somebody_to_be_found_and_to_be_taken_out(
    services: Services, monkeypatch: pytest.MonkeyPatch
):
    check = made_check(services)
    assert "Add a sample case" not in labels(opened(PAGE, DIRECTOR, check=check))
    monkeypatch.setattr("pages.ui.guard.is_demo", lambda: True)
    everybody = Actor("Demo", Role.COMMUNICATIONS, frozenset(Role))

    app = press(opened(PAGE, everybody, check=check), "Add a sample case")
    app.run()
    assert cells(app)["obama2.jpg"]["words"] == "Do not use"
    assert cells(app)["biden.jpg"]["words"] == "No match found"

    app = press(opened(PAGE, everybody), "Remove it")
    assert "Add a sample case" in labels(app)
    app = opened(PAGE, everybody, check=check)
    assert {cell["words"] for cell in cells(app).values()} == {"Nothing to compare with"}


def test_an_override_says_whom_it_is_about_and_that_a_second_person_must_agree(services: Services):
    revoke(services, minor=True, guardian="G. Parent")
    checked = made_check(services)
    app = open_photo(opened(PAGE, DIRECTOR, check=checked), "obama2.jpg")
    press(app, "Override")
    said = (
        "You are letting this photo go out on Instagram although R-0001 (a child) said no. Your "
        "name and reason are kept."
    )
    assert said in texts(app)

    field(app, "Why may it be used?").set_value("She agreed")
    answer(app, "Override", "Override")

    app.run()
    assert "Saved. A second person must agree: Review, Overrides." in texts(app)
    app = open_photo(press(app, "All photos"), "obama3.jpg")
    assert "Saved." not in texts(app), "it is said of the one photo"


def test_a_photo_that_may_not_go_out_but_did_is_recorded_so_that_it_can_be_taken_down(
    checked: str, revoked: Services
):
    app = choose(opened(PAGE, STAFF, check=checked), "obama2.jpg", "biden.jpg")
    press(app, "Posted")
    assert "Do not use: 1" in texts(app)
    app.checkbox(key="post-already-out").check()
    app.text_input(key="post-url").set_value("https://instagram.com/p/9")
    answer(app, "Posted", "Record")

    made = list_publications(revoked, STAFF)
    out = {sample(revoked, name) for name in ("obama2.jpg", "biden.jpg")}
    assert {one.photo_sha256 for one in made} == out

    app = open_photo(opened(PAGE, STAFF, check=checked), "obama3.jpg")
    press(app, "Already out")
    app.text_input(key="post-url").set_value("https://instagram.com/p/10")
    answer(app, "Already out", "Record")
    assert "Nothing is recorded yet" in texts(app)
    assert len(list_publications(revoked, STAFF)) == len(out)
