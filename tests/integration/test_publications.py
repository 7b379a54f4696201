"""What goes out is cleared by today's register; what is out already is known and matched back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from consent.cases.references import photo_named
from consent.checking.check import check_photos
from consent.checking.overrides import propose_override, second_override, withdraw_override
from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError, ConflictError, RefusedError
from consent.domain.verdicts import ReasonCode, Verdict
from consent.publishing.csv_import import import_posts, import_publications
from consent.publishing.originals import match_posts
from consent.publishing.posts import (
    cancel_posts,
    list_scheduled,
    mark_posted,
    recheck_scheduled,
    schedule_posts,
)
from consent.publishing.record import Posting, list_publications, record_publications
from consent.publishing.reuse import check_source, list_sources
from consent.services import Services
from consent.settings import ROOT
from media_index.types import FoundBy
from tests.revocations import OBAMA, revoke
from tests.staff import ANYBODY, just_signed_in

SAMPLES = ROOT / "data" / "samples"
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR}))
DIRECTOR = Actor("Di Rossi", Role.DIRECTOR)
URL = "https://facebook.com/p/1"


def sample(services: Services, name: str) -> str:
    return photo_named(services, str(SAMPLES / "originals" / name))


def check(services: Services, name: str, use: str = "facebook"):
    wanted = services.policy.use(use)
    (one,) = check_photos(services, [SAMPLES / "originals" / name], wanted, STAFF).clearances
    return one


def posting(services: Services, **more: object) -> Posting:
    facebook = services.policy.use("facebook")
    return replace(Posting(facebook, services.today(), URL), **more)


def test_a_cleared_photo_is_recorded_as_posted_once(indexed_samples: Services):
    assert check(indexed_samples, "biden.jpg").decision.verdict is Verdict.CLEAR
    photo = sample(indexed_samples, "biden.jpg")

    record_publications(indexed_samples, [photo], posting(indexed_samples), STAFF)

    assert [one.url for one in list_publications(indexed_samples, ANYBODY)] == [URL]
    with pytest.raises(ConflictError):
        record_publications(
            indexed_samples, [photo], posting(indexed_samples, url=f"{URL}/?s=1"), STAFF
        )


def test_what_was_not_checked_is_flagged_or_stale_is_refused(indexed_samples: Services):
    photo = sample(indexed_samples, "biden.jpg")
    with pytest.raises(RefusedError, match="was not checked for Facebook"):
        record_publications(indexed_samples, [photo], posting(indexed_samples), STAFF)

    check(indexed_samples, "biden.jpg")
    revoke(indexed_samples, OBAMA)
    with pytest.raises(RefusedError, match="has changed since"):
        record_publications(indexed_samples, [photo], posting(indexed_samples), STAFF)

    check(indexed_samples, "obama2.jpg")
    shown = sample(indexed_samples, "obama2.jpg")
    with pytest.raises(RefusedError, match="Do not use"):
        record_publications(indexed_samples, [shown], posting(indexed_samples), STAFF)
    assert list_publications(indexed_samples, ANYBODY) == []


def test_what_is_printed_is_recorded_with_its_issue(indexed_samples: Services):
    use = indexed_samples.policy.use("newsletter")
    check(indexed_samples, "biden.jpg", "newsletter")
    photo = sample(indexed_samples, "biden.jpg")
    with pytest.raises(BadInputError, match="Enter the issue"):
        record_publications(indexed_samples, [photo], Posting(use, indexed_samples.today()), STAFF)


def test_an_override_lets_it_pass_until_somebody_else_revokes(indexed_samples: Services):
    revoke(indexed_samples, OBAMA)
    photo = sample(indexed_samples, "obama2.jpg")
    use = indexed_samples.policy.use("facebook")
    until = indexed_samples.today() + timedelta(days=30)
    with pytest.raises(RefusedError, match="director"):
        propose_override(indexed_samples, photo, use, "He agreed", until, STAFF)
    late = until + timedelta(days=90)
    with pytest.raises(BadInputError, match="An override lasts at most 90 days"):
        propose_override(indexed_samples, photo, use, "He agreed", late, DIRECTOR)

    propose_override(indexed_samples, photo, use, "He agreed", until, DIRECTOR)

    clearance = check(indexed_samples, "obama2.jpg")
    assert clearance.decision.verdict is Verdict.CLEAR
    overridden = clearance.decision.notes[0]
    assert overridden.code is ReasonCode.OVERRIDDEN
    assert "Di Rossi (director)" in overridden.detail
    assert "He agreed" not in overridden.detail
    record_publications(indexed_samples, [photo], posting(indexed_samples), STAFF)
    # For another use it was not given.
    assert check(indexed_samples, "obama2.jpg", "instagram").decision.verdict is Verdict.BLOCKED

    # The same face revokes again, as another case: that was not overridden.
    revoke(indexed_samples, OBAMA.with_name("obama3.jpg"))
    assert check(indexed_samples, "obama2.jpg").decision.verdict is Verdict.BLOCKED


def test_for_a_minor_a_second_person_must_agree(indexed_samples: Services):
    revoke(indexed_samples, OBAMA, minor=True, guardian="G. Parent", birth_year=2018)
    photo = sample(indexed_samples, "obama2.jpg")
    use = indexed_samples.policy.use("facebook")
    made = propose_override(
        indexed_samples, photo, use, "The mother agreed", indexed_samples.today(), DIRECTOR
    )
    assert check(indexed_samples, "obama2.jpg").decision.verdict is Verdict.BLOCKED
    second = just_signed_in(indexed_samples, STAFF)
    with pytest.raises(RefusedError, match="Di Rossi, who entered this, had no account"):
        second_override(indexed_samples, made.id, second)
    first = just_signed_in(indexed_samples, DIRECTOR)
    with pytest.raises(RefusedError, match="can't be the same"):
        second_override(indexed_samples, made.id, first)
    # Another name, another spelling of it, or a role: a name shows nothing.
    for name in ("Cam Lee", "di rossi", "Di  Rossi"):
        with pytest.raises(RefusedError, match="must have just signed in"):
            second_override(indexed_samples, made.id, Actor(name, Role.DIRECTOR))

    second_override(indexed_samples, made.id, second)
    assert check(indexed_samples, "obama2.jpg").decision.verdict is Verdict.CLEAR

    withdraw_override(indexed_samples, made.id, "Changed her mind", DIRECTOR)
    assert check(indexed_samples, "obama2.jpg").decision.verdict is Verdict.BLOCKED


def test_scheduled_posts_are_checked_again_and_flagged(indexed_samples: Services):
    photos = [sample(indexed_samples, name) for name in ("obama2.jpg", "biden.jpg")]
    use = indexed_samples.policy.use("facebook")
    for name in ("obama2.jpg", "biden.jpg"):
        check(indexed_samples, name)
    tomorrow = indexed_samples.today() + timedelta(days=1)
    schedule_posts(indexed_samples, photos, use, tomorrow, STAFF)
    schedule_posts(indexed_samples, photos, use, tomorrow, STAFF)
    assert len(list_scheduled(indexed_samples, ANYBODY)) == 2

    revoke(indexed_samples, OBAMA)
    checked = {one.post.photo_sha256: one for one in recheck_scheduled(indexed_samples, STAFF)}

    assert checked[photos[0]].clearance.decision.verdict is Verdict.BLOCKED
    assert checked[photos[0]].changed
    assert checked[photos[1]].clearance.decision.verdict is Verdict.CLEAR
    with pytest.raises(RefusedError, match="Do not use"):
        mark_posted(indexed_samples, [checked[photos[0]].post.id], URL, STAFF)
    cancel_posts(indexed_samples, [checked[photos[0]].post.id], STAFF)
    mark_posted(indexed_samples, [checked[photos[1]].post.id], URL, STAFF)
    assert list_scheduled(indexed_samples, ANYBODY) == []


def test_a_customers_post_that_is_reused_is_looked_after(indexed_samples: Services):
    photo = sample(indexed_samples, "biden.jpg")
    old = indexed_samples.today() - timedelta(days=40)
    made = posting(
        indexed_samples, published_on=old, source_url="https://x.com/c/5", already_out=True
    )
    (reuse,) = record_publications(indexed_samples, [photo], made, STAFF)
    assert [one.overdue for one in list_sources(indexed_samples, ANYBODY)] == [True]

    check_source(indexed_samples, reuse.id, STAFF, there=True)
    (source,) = list_sources(indexed_samples, ANYBODY)
    assert not source.overdue
    check_source(indexed_samples, reuse.id, STAFF, there=False)

    assert list_sources(indexed_samples, ANYBODY)[0].gone


def square_with_border(path: Path, target: Path, *, crop: bool) -> None:
    """Make what Instagram shows: a square, by cropping or by a white border, at quality 60."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    side = min(picture.size) if crop else max(picture.size)
    fit = ImageOps.fit if crop else ImageOps.pad
    squared = fit(picture, (side, side), color="white") if not crop else fit(picture, (side, side))
    bordered = ImageOps.expand(squared, border=side // 20, fill="white")
    bordered.resize((1080, 1080)).save(target, "JPEG", quality=60)


def test_downloaded_posts_are_matched_back_to_their_originals(
    indexed_samples: Services, tmp_path: Path
):
    folder = tmp_path / "downloads"
    folder.mkdir()
    stage = SAMPLES / "events" / "2026-05-14 Author talk" / "stage-obama-biden.jpg"
    square_with_border(stage, folder / "padded.jpg", crop=False)
    square_with_border(stage, folder / "cropped.jpg", crop=True)
    (folder / "same.jpg").write_bytes(stage.read_bytes())
    Image.effect_noise((400, 300), 80).convert("RGB").save(folder / "other.jpg")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 no photo")

    posts = {one.path.name: one for one in match_posts(indexed_samples, folder, STAFF)}

    original = photo_named(indexed_samples, str(stage))
    for name in ("padded.jpg", "cropped.jpg", "same.jpg"):
        assert posts[name].original is not None, name
        assert posts[name].original.photo_sha256 == original
    assert posts["same.jpg"].original.by is FoundBy.BYTES
    assert posts["cropped.jpg"].original.by is FoundBy.PART
    assert posts["other.jpg"].original is None
    assert posts["other.jpg"].photo_sha256 == photo_named(
        indexed_samples, str(folder / "other.jpg")
    )
    assert posts["broken.jpg"].problem

    use = indexed_samples.policy.use("instagram")
    report = import_posts(indexed_samples, list(posts.values()), use, "2026-05-20", STAFF)
    assert len(report.recorded) == 4
    again = import_posts(indexed_samples, list(posts.values()), use, "2026-05-20", STAFF)
    assert (len(again.recorded), again.known) == (0, 4)


def test_a_list_of_old_posts_is_recorded_row_by_row(indexed_samples: Services, tmp_path: Path):
    revoke(indexed_samples, OBAMA)
    folder = tmp_path / "downloads"
    folder.mkdir()
    square_with_border(SAMPLES / "originals" / "obama3.jpg", folder / "ig.jpg", crop=True)
    rows = [
        "photo,channel,date,url,piece",
        f"{SAMPLES / 'originals' / 'obama2.jpg'},facebook,2026-05-20,{URL},",
        "ig.jpg,instagram,2026-05-21,https://instagram.com/p/2,",
        f"{SAMPLES / 'originals' / 'biden.jpg'},newsletter,2026-05-01,,Spring 2026",
        f"{URL},blog,2026-05-22,https://blog.example.org/3,",
        "gone.jpg,facebook,2026-05-20,https://facebook.com/p/4,",
        f"{SAMPLES / 'originals' / 'coffee.png'},facebook,May 5,https://facebook.com/p/5,",
        f"{SAMPLES / 'originals' / 'coffee.png'},myspace,2026-05-05,https://m.com/p/5,",
    ]
    file = tmp_path / "posted.csv"
    file.write_text("\n".join(rows), encoding="utf-8")

    report = import_publications(indexed_samples, file, STAFF, photos=folder)

    assert len(report.recorded) == 4
    assert [bad.line for bad in report.bad] == [6, 7, 8]
    assert "myspace" in report.bad[-1].reason
    # Three copies show who has revoked.
    assert len(report.takedowns) == 3
    again = import_publications(indexed_samples, file, STAFF, photos=folder)
    assert (len(again.recorded), again.known) == (0, 4)
