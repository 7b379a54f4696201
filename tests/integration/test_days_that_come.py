"""A verdict outlives no day on which the register changes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from consent.cases.references import photo_named
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.errors import ConflictError, RefusedError
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece, show_piece, sign_off
from consent.publishing.record import Posting, list_publications, record_publications
from consent.services import Services
from consent.takedowns.board import list_takedowns
from consent.takedowns.open_due import open_takedowns_of_today
from tests.revocations import revoke
from tests.staff import ANYBODY

STAFF = Actor("c.staff", Role.COMMUNICATIONS, frozenset(Role))
URL = "https://facebook.com/p/1"


def on_day(services: Services, days: int) -> Services:
    now = services.now
    return replace(services, now=lambda: now() + timedelta(days=days))


@pytest.fixture
def photo(indexed_samples: Services, samples: Path) -> Path:
    """A photo of somebody who revokes from tomorrow on."""
    originals = samples / "originals"
    tomorrow = indexed_samples.today() + timedelta(days=1)
    revoke(indexed_samples, originals / "obama.jpg", effective_from=tomorrow)
    return originals / "obama2.jpg"


def record(services: Services, photo: Path, **more: object) -> None:
    use = services.policy.use("facebook")
    posting = replace(Posting(use, services.today(), URL), **more)  # type: ignore[arg-type]
    record_publications(services, [photo_named(services, str(photo))], posting, STAFF)


def test_a_post_of_tomorrow_wants_a_check_of_tomorrow(
    indexed_samples: Services, photo: Path
) -> None:
    services = indexed_samples
    check_photos(services, [photo], services.policy.use("facebook"), STAFF)
    with pytest.raises(RefusedError, match="check it again"):
        record(on_day(services, 1), photo)
    record(services, photo)


def test_a_check_holds_on_while_nothing_begins_or_ends(
    indexed_samples: Services, samples: Path
) -> None:
    services, quiet = indexed_samples, samples / "originals" / "biden.jpg"
    check_photos(services, [quiet], services.policy.use("facebook"), STAFF)
    record(on_day(services, 1), quiet)
    assert len(list_publications(services, ANYBODY)) == 1


def test_an_audit_of_today_is_not_signed_tomorrow(indexed_samples: Services, photo: Path) -> None:
    services = indexed_samples
    piece = open_piece(services, NewPiece("newsletter", "Newsletter"), STAFF).label
    place_files(services, piece, [HandedIn(photo.name, photo.read_bytes())], STAFF)
    run_audit(services, piece, STAFF)
    tomorrow = on_day(services, 1)
    assert show_piece(tomorrow, piece, ANYBODY).stale
    with pytest.raises(ConflictError, match="audit it again"):
        sign_off(tomorrow, piece, "Ed Press, editor", STAFF, "No time to ask.")
    sign_off(services, piece, "Ed Press, editor", STAFF, "No time to ask.")


def test_what_is_out_is_to_be_removed_from_the_day_the_revocation_begins(
    indexed_samples: Services, photo: Path
) -> None:
    services = indexed_samples
    check_photos(services, [photo], services.policy.use("facebook"), STAFF)
    record(services, photo)
    assert open_takedowns_of_today(services)[0] == []
    ((opened,), _) = open_takedowns_of_today(on_day(services, 1))
    assert [card.takedown.id for card in list_takedowns(services, ANYBODY)] == [opened.id]
