"""Published: what is planned, what is out, what is reused, and what was posted before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consent.checking.check import check_photos
from consent.domain.takedowns import TakedownState
from consent.publishing.posts import list_scheduled, schedule_posts
from consent.publishing.record import Posting, list_publications, record_publications
from consent.publishing.reuse import list_sources
from consent.takedowns.board import Move, list_takedowns, move_takedown
from tests.staff import ANYBODY
from tests.ui.page_cases import (
    ORIGINALS,
    STAFF,
    field,
    labels,
    links,
    opened,
    press,
    revoke,
    sample,
    texts,
)

PAGE = "published.publications"
POST = "https://facebook.com/p/1"
IMPORT = "Folder on the server (its full path)"


def publish(services, name: str, **more: object) -> None:
    day = services.today() - timedelta(days=40)
    facebook = services.policy.use("facebook")
    posting = Posting(facebook, day, POST, already_out=True, **more)
    record_publications(services, [sample(services, name)], posting, STAFF)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("Out", "Nothing is recorded as published yet."),
        ("Scheduled", "No posts are planned."),
        ("Customers' posts", "No customers' posts are reused."),
        (
            "Import",
            "The program also finds copies that are cropped, square, recompressed or have borders.",
        ),
    ],
)
def test_with_nothing_there_the_page_says_what_would_be(open_app, shown: str, said: str):
    open_app()

    assert said in texts(opened(PAGE, STAFF, published_shown=shown))


def test_what_is_out_is_listed_by_channel(services):
    publish(services, "biden.jpg")
    issue = Posting(services.policy.use("newsletter:Spring"), services.today(), already_out=True)
    record_publications(services, [sample(services, "coffee.png")], issue, STAFF)

    app = opened(PAGE, STAFF)
    assert "**2 recorded as published**, newest first" in texts(app)
    assert "Newsletter, Spring" in texts(app)
    app.selectbox(key="published-channel").select("facebook").run()

    assert "**1 recorded as published**" in texts(app)
    assert "Spring" not in texts(app)
    assert "by Cam Lee" in texts(app)


def test_what_must_come_down_and_what_is_down_is_told_beside_the_photo(services):
    publish(services, "obama2.jpg")
    publish(services, "obama3.jpg")
    revoke(services)
    first, second = list_takedowns(services, ANYBODY)
    shot = "It was gone when I checked."
    move_takedown(services, first.takedown.label, Move(TakedownState.DELETED, shot), STAFF)

    app = opened(PAGE, STAFF)

    assert "Must come down by" in texts(app)
    assert "Deleted, " in texts(app)
    assert {f"Takedown {one.takedown.label}" for one in (first, second)} <= set(links(app))


def test_what_was_recorded_by_mistake_is_undone(services):
    publish(services, "biden.jpg")
    app = opened(PAGE, STAFF)
    assert "biden.jpg" in texts(app)

    press(app, "Undo")
    field(app, "Why?").input("It was the other photo")
    # In a browser only the dialog is run anew, and stays open; the test runner runs the page.
    app.button(key="undo-record").click()
    press(app, "Undo")

    assert list_publications(services, ANYBODY) == []
    assert "Nothing is recorded as published yet." in texts(app)


def test_a_planned_post_is_checked_again_and_not_posted_when_flagged(services):
    files = [ORIGINALS / name for name in ("obama2.jpg", "biden.jpg")]
    photos = [sample(services, file.name) for file in files]
    use, tomorrow = services.policy.use("facebook"), services.today() + timedelta(days=1)
    check_photos(services, files, use, STAFF, jobs=1)
    schedule_posts(services, photos, use, tomorrow, STAFF)
    label = revoke(services)
    app = opened(PAGE, STAFF, published_shown="Scheduled")
    assert "**2 planned**, next one first" in texts(app)
    assert label not in texts(app), "nothing was checked again yet"

    press(app, "Check all again")

    assert "Was: " in texts(app)
    assert label in texts(app)
    field(app, "Link to the post").input(POST)
    press(app, "Posted")
    assert "The verdict on the photo is: Do not use" in texts(app)
    assert list_publications(services, ANYBODY) == []

    press(app, "Give up")

    assert "No posts are planned." in texts(app)
    assert list_scheduled(services, ANYBODY) == []


def test_photos_planned_for_one_post_are_posted_under_one_address(services):
    names = ("obama2.jpg", "biden.jpg", "coffee.png")
    files = [ORIGINALS / name for name in names]
    photos = [sample(services, name) for name in names]
    use, tomorrow = services.policy.use("facebook"), services.today() + timedelta(days=1)
    check_photos(services, files, use, STAFF, jobs=1)
    schedule_posts(services, photos, use, tomorrow, STAFF)
    app = opened(PAGE, STAFF, published_shown="Scheduled")
    assert "3 photos in one post" in texts(app)

    press(app, "Leave it out")
    elsewhere = "https://instagram.com/p/1"
    field(app, "Link to the post").input(elsewhere)
    press(app, "Posted")
    assert "on Instagram, but the post is for Facebook. If it is right, press" in texts(app)
    assert list_publications(services, ANYBODY) == []
    press(app, "Posted")

    made = list_publications(services, ANYBODY)
    assert {(one.photo_sha256, one.url) for one in made} == {
        (photo, elsewhere) for photo in photos[1:]
    }
    assert "No posts are planned." in texts(app)


def test_a_customers_post_that_is_gone_comes_down(services):
    publish(services, "biden.jpg", source_url="https://x.com/c/5")
    app = opened(PAGE, STAFF, published_shown="Customers' posts")
    assert "Look now" in texts(app)

    press(app, "Still there")
    assert "Last seen " in texts(app)
    assert not list_sources(services, ANYBODY)[0].overdue
    press(app, "Gone")

    assert "Gone: take the copy down" in texts(app)
    assert "Still there" not in labels(app)
    assert list_sources(services, ANYBODY)[0].gone


def test_a_list_is_imported_and_its_bad_rows_named(revoked):
    rows = f"{ORIGINALS / 'obama2.jpg'},facebook,2026-05-20,{POST}\ngone.jpg,facebook,May 5,x\n"
    content = f"photo,channel,date,url\n{rows}".encode()
    app = opened(PAGE, STAFF, published_shown="Import")

    app.file_uploader[0].set_value(("posted.csv", content, "text/csv"))
    press(app, "Import the list")

    assert "**1 recorded**, 0 already known, 1 row not recorded" in texts(app)
    assert "Line 3: " in texts(app)
    assert "Someone in them has revoked: T-0001" in texts(app)
    assert [one.url for one in list_publications(revoked, ANYBODY)] == [POST]


def test_a_folder_of_downloads_is_matched_or_refused_with_a_sentence(
    services, tmp_path, monkeypatch
):
    folder = tmp_path / "downloads"
    folder.mkdir()
    monkeypatch.setattr(type(services.settings), "read_by_pages", (tmp_path,))
    (folder / "post.jpg").write_bytes((ORIGINALS / "coffee.png").read_bytes())
    app = opened(PAGE, STAFF, published_shown="Import")
    field(app, IMPORT).input(str(folder / "gone"))
    press(app, "Match and record")
    assert "gone" in app.error[0].value
    assert field(app, IMPORT).value == str(folder / "gone")

    field(app, IMPORT).input(str(folder))
    press(app, "Match and record")

    assert "**1 recorded**" in texts(app)
    (made,) = list_publications(services, ANYBODY)
    assert (made.photo_sha256, made.found_how) == (sample(services, "coffee.png"), "same bytes")
