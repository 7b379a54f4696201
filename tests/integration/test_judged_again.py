"""Each day judges what changed since the last one, and opens what judging all would open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from consent.cases.references import photo_named
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState, FaceKind
from consent.domain.log import BESIDE_PHOTOS, Action
from consent.domain.terms import Scope
from consent.indexing.events import NewEvent, correct_event, create_event, name_event
from consent.indexing.index import IndexRequest, index_photos
from consent.jobs.day import do_day
from consent.publishing.record import Posting, record_publications
from consent.review.decide import decide_faces, decide_sighting
from consent.review.upkeep import _CONCERNS as ASKED_AGAIN
from consent.services import Services
from consent.settings import ROOT
from consent.takedowns import judged, open_due
from consent.takedowns.judged import _CONCERNS as JUDGED_AGAIN
from consent.takedowns.open_due import open_takedowns_of_today
from tests.revocations import OBAMA, revoke

ORIGINALS = ROOT / "data" / "samples" / "originals"
STAFF = Actor("S. Day", Role.DIRECTOR, frozenset({*Role} - {Role.DIRECTOR}))

# To make all anew is right after these, and only after these.
ANEW = {
    Action.CALIBRATION_CHANGED,
    Action.CLOCK_ACCEPTED,
    Action.DISPOSAL_DONE,
    Action.DISPUTE_SETTLED,
    Action.FACES_CHANGED,
    Action.HOME_ACCEPTED,
    Action.INDEX_ENCODED,
    Action.INDEX_RENEWED,
    Action.PERSON_MERGED,
    Action.PERSON_UNMERGED,
    Action.PUBLICATIONS_IMPORTED,
    Action.PURGED,
    Action.REVOCATION_CORRECTED,
    Action.REVOCATION_DISPUTED,
    Action.REVOCATION_MISTAKEN,
    Action.ROWS_WRITTEN,
}


def test_what_may_happen_is_known_to_concern_photos_or_not() -> None:
    """A sign-in makes nothing anew, and what is added to the log has to be thought of."""
    assert Action.SIGNED_IN in BESIDE_PHOTOS
    assert set(Action) - set(JUDGED_AGAIN) == ANEW
    assert set(Action) - set(ASKED_AGAIN) <= ANEW


def sample(services: Services, name: str) -> str:
    return photo_named(services, str(ORIGINALS / name))


def publish(services: Services, name: str) -> None:
    day = services.today() - timedelta(days=3)
    posting = Posting(
        services.policy.use("facebook"), day, f"https://facebook.com/{name}", already_out=True
    )
    record_publications(services, [sample(services, name)], posting, STAFF)


def confirm(services: Services, label: str, name: str) -> None:
    state = DecisionState.CONFIRMED
    decide_sighting(services, label, sample(services, name), None, state, STAFF)


def _face(services: Services) -> None:
    revoke(services, OBAMA)


def _confirmed(services: Services) -> None:
    confirm(services, revoke(services), "obama2.jpg")


def _published(services: Services) -> None:
    revoke(services, OBAMA)
    do_day(services)
    publish(services, "obama3.jpg")


def _joined(services: Services) -> None:
    event = create_event(services, NewEvent("Gala"), STAFF)
    revoke(services, OBAMA, scope=Scope(event_ids=frozenset({event.id})))
    index_photos(
        services, IndexRequest([ORIGINALS / "obama2.jpg"], event=NewEvent("Gala"), jobs=1), STAFF
    )


def _corrected(services: Services) -> None:
    wrong, right = (create_event(services, NewEvent(name), STAFF) for name in ("Fair", "Gala"))
    revoke(services, OBAMA, scope=Scope(event_ids=frozenset({right.id})))
    photos = [sample(services, "obama2.jpg")]
    name_event(services, photos, wrong.id, STAFF)
    correct_event(services, photos, wrong.id, right.id, STAFF)


def _begun(services: Services) -> None:
    revoke(services, OBAMA, effective_from=services.today() + timedelta(days=1))


def _no_person_no_more(services: Services) -> None:
    revoke(services, OBAMA)
    with services.reading() as unit:
        (face,) = unit.photos.fingerprints([sample(services, "obama2.jpg")]).values()
    for kind in (FaceKind.NO_PERSON, FaceKind.PERSON):
        decide_faces(services, face.sha256, [face.faces[0].box], kind, STAFF, "By mistake.")


@pytest.mark.parametrize(
    "change", [_face, _confirmed, _published, _joined, _corrected, _begun, _no_person_no_more]
)
def test_a_day_opens_what_judging_all_would(
    indexed_samples: Services, change: Callable[[Services], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if whatever reacts at once was interrupted.
    services = replace(indexed_samples, reactions=())
    for name in ("obama2.jpg", "biden.jpg"):
        publish(services, name)
    assert do_day(services) == []
    change(services)
    now = services.now
    tomorrow = replace(services, now=lambda: now() + timedelta(days=1))
    looked_at: list[int] = []
    again = judged.to_judge_again

    def counted(*given):  # type: ignore[no-untyped-def]
        found = again(*given)
        looked_at.append(len(found))
        return found

    monkeypatch.setattr(open_due, "to_judge_again", counted)
    opened = do_day(tomorrow)

    assert opened
    assert looked_at[-1] == 1
    assert open_takedowns_of_today(tomorrow)[0] == []
    assert do_day(tomorrow) == []
    assert looked_at[-1] == 0
