"""What is decided on one photo, and what is known of it, in the copies of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from sqlalchemy import text

from consent.cases.references import photo_named
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState
from consent.domain.terms import Locator, Period, Scope
from consent.domain.verdicts import Clearance, ReasonCode, Verdict
from consent.domain.wording import sentence
from consent.indexing.events import NewEvent, create_event
from consent.indexing.index import IndexRequest, index_photos
from consent.matching.sweep import sweep
from consent.publishing.record import Posting, record_publications
from consent.review.decide import decide_sighting, nobody_recognized
from consent.review.queue import review_queue
from consent.services import Services
from consent.settings import ROOT
from consent.takedowns.board import list_takedowns
from consent.takedowns.open_due import open_takedowns_of_today
from tests.revocations import OBAMA, revoke
from tests.staff import ANYBODY

DESK = Actor("d.desk", Role.DESK, frozenset({Role.COMMUNICATIONS}))
OBAMA2 = ROOT / "data" / "samples" / "originals" / "obama2.jpg"


def gala_only(services: Services) -> Scope:
    with services.reading() as unit:
        (gala,) = unit.events.all()
    return Scope(event_ids=frozenset({gala.id}))


def check(services: Services, photo: Path) -> Clearance:
    (found,) = check_photos(services, [photo], services.policy.use("facebook"), DESK).clearances
    return found


def saved_again(path: Path, quality: int, source: Path = OBAMA2) -> Path:
    with Image.open(source) as picture:
        picture.convert("RGB").save(path, quality=quality)
    return path


def confirm(services: Services, label: str, photo: Path, state: DecisionState) -> None:
    sha256 = photo_named(services, str(photo))
    with services.reading() as unit:
        box = unit.photos.fingerprints([sha256])[sha256].faces[0].box
    decide_sighting(services, label, sha256, box, state, DESK)


def test_that_one_copy_does_not_show_somebody_says_nothing_of_another(
    indexed_samples: Services, tmp_path: Path
) -> None:
    services, label = indexed_samples, revoke(indexed_samples, OBAMA)
    one, other = saved_again(tmp_path / "b.jpg", 60), saved_again(tmp_path / "c.jpg", 50)
    for photo in (one, other):
        check(services, photo)
    confirm(services, label, OBAMA2, DecisionState.CONFIRMED)
    decide_sighting(
        services, label, photo_named(services, str(one)), None, DecisionState.REJECTED, DESK
    )
    assert check(services, OBAMA2).decision.verdict is Verdict.BLOCKED
    assert check(services, other).decision.verdict is Verdict.BLOCKED


def test_a_confirmation_afterwards_is_stronger_than_a_look_before(
    indexed_samples: Services, tmp_path: Path
) -> None:
    services, label = indexed_samples, revoke(indexed_samples, OBAMA)
    copy = saved_again(tmp_path / "b.jpg", 60)
    check(services, copy)
    sha256 = photo_named(services, str(copy))
    decide_sighting(services, label, sha256, None, DecisionState.REJECTED, DESK)
    confirm(services, label, OBAMA2, DecisionState.CONFIRMED)
    assert check(services, copy).decision.verdict is Verdict.BLOCKED


@pytest.mark.parametrize("last", [DecisionState.SUGGESTED, DecisionState.CANNOT_TELL])
def test_a_rejection_that_was_taken_back_frees_no_face_that_cannot_be_compared(
    services: Services, tmp_path: Path, last: DecisionState
) -> None:
    label = revoke(services, OBAMA)
    blurred = tmp_path / "blurred.png"
    with Image.open(OBAMA2.with_name("biden.jpg")) as picture:
        picture.thumbnail((800, 800))
        picture.convert("RGB").filter(ImageFilter.GaussianBlur(10)).save(blurred)
    first = check(services, blurred)
    assert ReasonCode.UNCOMPARABLE_FACE in [one.code for one in first.decision.reasons]

    confirm(services, label, blurred, DecisionState.REJECTED)
    assert check(services, blurred).decision.verdict is Verdict.CLEAR
    confirm(services, label, blurred, last)
    assert check(services, blurred).decision.verdict is Verdict.REVIEW
    nobody_recognized(
        services,
        photo_named(services, str(blurred)),
        [one.box for one in first.faces],
        DESK,
    )
    assert check(services, blurred).decision.verdict is Verdict.CLEAR


@pytest.fixture
def closed_doors(services: Services, tmp_path: Path) -> Path:
    """A photo of an event that was not in a public space."""
    folder = tmp_path / "Staff party"
    folder.mkdir()
    photo = saved_again(folder / "party.jpg", 92)
    event = NewEvent("Staff party", date(2026, 5, 1), public_space=False)
    index_photos(services, IndexRequest([folder], event=event, jobs=1), DESK)
    return photo


def test_a_copy_is_of_the_event_that_the_photo_is_of(
    services: Services, closed_doors: Path, tmp_path: Path
) -> None:
    copy = saved_again(tmp_path / "mailed.jpg", 70, closed_doors)
    reasons = check(services, copy).decision.reasons
    assert [one.code for one in reasons] == [ReasonCode.NO_PUBLIC_SPACE]


def test_a_revocation_of_an_event_covers_copies_of_its_photos(
    services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "Gala"
    folder.mkdir()
    photo = saved_again(folder / "gala.jpg", 92)
    index_photos(services, IndexRequest([folder], event=NewEvent("Gala"), jobs=1), DESK)
    revoke(services, OBAMA, scope=gala_only(services))
    assert check(services, photo).decision.verdict is Verdict.BLOCKED
    copy = saved_again(tmp_path / "mailed.jpg", 70, photo)
    assert check(services, copy).decision.verdict is Verdict.BLOCKED


def test_a_file_that_was_moved_away_leaves_its_event_with_the_photo(
    services: Services, closed_doors: Path, tmp_path: Path
) -> None:
    content = closed_doors.read_bytes()
    closed_doors.unlink()
    index_photos(services, IndexRequest([closed_doors.parent], jobs=1), DESK)
    elsewhere = tmp_path / "elsewhere.jpg"
    elsewhere.write_bytes(content)
    assert check(services, elsewhere).decision.verdict is Verdict.REVIEW
    with services.reading() as unit:
        (event,) = unit.events.all()
        assert unit.photos.photos_of_event(event.id) == [photo_named(services, str(elsewhere))]


def publish(services: Services, photo: Path) -> None:
    use = services.policy.use("facebook")
    posting = Posting(use, services.today(), "https://facebook.com/p/1", already_out=True)
    record_publications(services, [photo_named(services, str(photo))], posting, DESK)


def test_what_is_out_is_to_be_removed_once_its_photo_joins_a_covered_event(
    services: Services, tmp_path: Path
) -> None:
    photo = saved_again(tmp_path / "gala.jpg", 92)
    check(services, photo)
    publish(services, photo)
    create_event(services, NewEvent("Gala"), DESK)
    revoke(services, OBAMA, scope=gala_only(services))
    assert not list_takedowns(services, ANYBODY)
    index_photos(services, IndexRequest([photo], event=NewEvent("Gala"), jobs=1), DESK)
    assert len(list_takedowns(services, ANYBODY)) == 1


def test_a_part_that_is_out_is_found_by_the_next_day(
    indexed_samples: Services, tmp_path: Path
) -> None:
    services, label = indexed_samples, revoke(indexed_samples)
    crop = tmp_path / "crop.jpg"
    with Image.open(OBAMA2) as picture:
        wide, high = picture.size
        part = picture.convert("RGB").crop((wide // 12, 0, wide - wide // 5, high * 3 // 4))
        part.save(crop, quality=90)
    check(services, crop)
    publish(services, crop)
    confirm(services, label, OBAMA2, DecisionState.CONFIRMED)
    open_takedowns_of_today(services)
    assert len(list_takedowns(services, ANYBODY)) == 1
    assert open_takedowns_of_today(services)[0] == []


def test_a_sweep_tells_of_what_is_out_though_its_file_is_gone(
    services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    photo = saved_again(folder / "gone.jpg", 92)
    index_photos(services, IndexRequest([folder], jobs=1), DESK)
    publish(services, photo)
    photo.unlink()
    index_photos(services, IndexRequest([folder], jobs=1), DESK)
    label = revoke(services, OBAMA)
    (hit,) = sweep(services, label, DESK).hits
    assert hit.published
    assert hit.name.startswith("Photo ")


def test_the_review_asks_of_a_copy_what_was_only_said_of_another(
    indexed_samples: Services, tmp_path: Path
) -> None:
    services, label = indexed_samples, revoke(indexed_samples, OBAMA)
    copy = saved_again(tmp_path / "b.jpg", 60)
    check(services, copy)
    before = [one for one in review_queue(services, ANYBODY).pairs if one.label == label]
    assert photo_named(services, str(copy)) in {one.photo_sha256 for one in before}


def test_of_a_photo_of_an_unknown_event_nobody_can_say_that_it_is_not_covered(
    services: Services, tmp_path: Path
) -> None:
    create_event(services, NewEvent("Gala", date(2026, 5, 1)), DESK)
    create_event(services, NewEvent("Fair", date(2026, 6, 1)), DESK)
    with services.reading() as unit:
        gala = next(one for one in unit.events.all() if one.name == "Gala")
    label = revoke(services, OBAMA, scope=Scope(event_ids=frozenset({gala.id})))
    photo = saved_again(tmp_path / "new.jpg", 92)

    asked = check(services, photo).decision
    assert [(one.code, one.verdict) for one in asked.reasons] == [
        (ReasonCode.EVENT_UNKNOWN, Verdict.REVIEW)
    ]
    assert sentence(asked.reasons[0]).startswith(f"Possible match with {label}, face 1.")

    use = services.policy.use("facebook")
    (of_it,) = check_photos(services, [photo], use, DESK, event="gala").clearances
    assert of_it.decision.verdict is Verdict.BLOCKED
    other = saved_again(tmp_path / "other.jpg", 91)
    (of_another,) = check_photos(services, [other], use, DESK, event="fair").clearances
    assert of_another.decision.verdict is Verdict.CLEAR


HELD = date(2026, 5, 14)
ORIGINAL, OFFSET, OF_EDIT, MODEL, DETAIL, GPS = 0x9003, 0x9011, 0x0132, 0x0110, 0x8769, 0x8825


def dated(
    path: Path, original: str = "", camera: str = "", edited: str = "", gps: dict | None = None
) -> Path:
    exif = Image.Exif()
    if original:
        exif.get_ifd(DETAIL)[ORIGINAL] = original
    if camera:
        exif[MODEL] = camera
    if edited:
        exif[OF_EDIT] = edited
    exif.get_ifd(GPS).update(gps or {})
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(OBAMA2) as picture:
        small = picture.convert("RGB")
        small.thumbnail((900, 900))
        # No two files have the same bytes.
        small.save(path, quality=92, exif=exif, comment=path.name.encode())
    return path


@pytest.fixture
def talk_only(services: Services) -> Services:
    """Somebody is not to be shown in photos of the author talk, and of nothing else."""
    create_event(services, NewEvent("Author talk", HELD), DESK)
    create_event(services, NewEvent("Fair", date(2026, 7, 4)), DESK)
    with services.reading() as unit:
        talk = next(one for one in unit.events.all() if one.name == "Author talk")
    revoke(services, OBAMA, scope=Scope(event_ids=frozenset({talk.id})))
    return services


@pytest.mark.parametrize(
    "clock",
    [
        pytest.param({"original": "2000:01:01 00:12:00"}, id="never set"),
        pytest.param({"original": "2025:05:14 19:40:00"}, id="a year off"),
        pytest.param({"original": "2026:05:15 00:30:00"}, id="past midnight, or on UTC"),
        pytest.param({"original": "2026:07:04 12:00:00"}, id="of another day, says one camera"),
        pytest.param({"edited": "2026:05:15 09:00:00"}, id="of an edit"),
        pytest.param(
            {
                "original": "2026:05:14 19:40:00",
                "gps": {7: (9.0, 40.0, 0.0), 29: "2026:05:15"},
            },
            id="a stale fix",
        ),
        pytest.param({}, id="none"),
    ],
)
def test_a_clock_lets_nobody_pass(
    talk_only: Services, tmp_path: Path, clock: dict[str, object]
) -> None:
    photo = dated(tmp_path / "new.jpg", **clock)  # type: ignore[arg-type]
    decision = check(talk_only, photo).decision
    assert [(one.code, one.verdict) for one in decision.reasons] == [
        (ReasonCode.EVENT_UNKNOWN, Verdict.REVIEW)
    ]
    assert "name the event" in sentence(decision.reasons[0])

    use = talk_only.policy.use("facebook")
    (of_it,) = check_photos(talk_only, [photo], use, DESK, event="author talk").clearances
    assert of_it.decision.verdict is Verdict.BLOCKED


def test_photos_of_one_camera_do_not_vouch_for_its_clock(
    talk_only: Services, tmp_path: Path
) -> None:
    for number in range(5):
        dated(tmp_path / "card" / f"{number}.jpg", "2026:07:04 12:00:00", "Canon EOS 90D")
    use = talk_only.policy.use("facebook")
    found = check_photos(talk_only, [tmp_path / "card"], use, DESK, jobs=1).clearances
    assert {one.decision.verdict for one in found} == {Verdict.REVIEW}


@pytest.mark.parametrize(
    ("day", "stray", "verdict"),
    [
        ("2026:07:04", "", Verdict.CLEAR),
        ("2026:07:04", "2026:05:14", Verdict.REVIEW),
        ("2026:05:16", "", Verdict.REVIEW),
        ("2000:01:01", "", Verdict.REVIEW),
    ],
)
def test_cameras_of_two_models_vouch_for_a_day(
    talk_only: Services, tmp_path: Path, day: str, stray: str, verdict: Verdict
) -> None:
    folder = tmp_path / "handed in"
    for camera in ("Canon EOS 90D", "Apple iPhone 15"):
        for hour in (12, 13):
            dated(folder / f"{camera} {hour}.jpg", f"{day} {hour}:00:00", camera)
    # Another folder says nothing of this one.
    dated(folder / "others" / "1.jpg", "2019:02:03 10:00:00", "Canon EOS 90D")
    if stray:
        dated(folder / "stray.jpg", f"{stray} 19:00:00")
    use = talk_only.policy.use("facebook")
    found = check_photos(talk_only, [folder], use, DESK, jobs=1).clearances
    judged = {one.decision.verdict for one in found if one.path.endswith("13.jpg")}
    assert judged == {verdict}


def test_photos_indexed_before_an_edit_was_told_apart_vouch_for_no_day(
    talk_only: Services, tmp_path: Path
) -> None:
    photos = [
        dated(tmp_path / "old" / f"{camera}{number}.jpg", "2026:07:04 12:00:00", camera)
        for camera in ("Canon EOS 90D", "Apple iPhone 15")
        for number in range(2)
    ]
    check(talk_only, photos[0])
    use = talk_only.policy.use("facebook")
    assert check_photos(talk_only, photos, use, DESK, jobs=1).clearances[0].decision.verdict is (
        Verdict.CLEAR
    )
    with talk_only.writing() as unit:
        unit._session.execute(text("UPDATE photo SET turning = NULL"))
        unit.commit()
    assert check(talk_only, photos[0]).decision.verdict is Verdict.REVIEW


def test_only_photos_from_now_on_are_not_told_by_a_clock(
    services: Services, tmp_path: Path
) -> None:
    create_event(services, NewEvent("Spring fair", date(2026, 3, 1)), DESK)
    revoke(services, OBAMA, scope=Scope(period=Period.FUTURE))
    photo = dated(tmp_path / "new.jpg", "2000:01:01 00:12:00")
    (reason,) = check(services, photo).decision.reasons
    assert (reason.code, reason.verdict) == (ReasonCode.TIME_UNKNOWN, Verdict.REVIEW)
    assert sentence(reason).endswith(
        "nobody has entered when this one was taken (January 1, 2000 by the camera's clock, "
        "which may be wrong): name the event and its day, or leave the photo out."
    )
    use = services.policy.use("facebook")
    (named,) = check_photos(services, [photo], use, DESK, event="spring fair").clearances
    assert named.decision.verdict is Verdict.CLEAR


@pytest.mark.parametrize("clock", ["2026:05:14 19:40:00", "2026:05:15 00:30:00"])
def test_who_has_no_reference_is_looked_for_on_the_day_of_the_event_they_were_at(
    services: Services, tmp_path: Path, clock: str
) -> None:
    create_event(services, NewEvent("Author talk", HELD), DESK)
    create_event(services, NewEvent("Fair", date(2026, 7, 4)), DESK)
    with services.reading() as unit:
        talk = next(one for one in unit.events.all() if one.name == "Author talk")
    revoke(services, locators=[Locator(event_id=talk.id)])
    photo = dated(tmp_path / "new.jpg", clock)
    assert [one.code for one in check(services, photo).decision.reasons] == [ReasonCode.LOCATOR]
    use = services.policy.use("facebook")
    (of_another,) = check_photos(services, [photo], use, DESK, event="fair").clearances
    assert of_another.decision.verdict is Verdict.CLEAR
    other = dated(tmp_path / "other.jpg", "2026:07:04 12:00:00")
    assert check(services, other).decision.verdict is Verdict.CLEAR
