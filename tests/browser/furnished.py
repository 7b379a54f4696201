"""Something on every page: a case, a hold, a takedown, posts, a print piece, a check."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from consent.cases.change import place_hold
from consent.cases.references import photo_named
from consent.domain.actors import Actor, Role
from consent.domain.terms import Method, NewRevocation, Submission
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.publishing.posts import schedule_posts
from consent.publishing.record import Posting, record_publications
from consent.services import Services
from tests.revocations import revoke

STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR, Role.DESK}))
TALK = "2026-05-14 Author talk"


def furnish(services: Services, samples: Path) -> None:
    """Enter something of each kind, over an index of the samples' events."""
    today = services.today()
    talk = samples / "events" / TALK
    photos = [photo_named(services, str(path)) for path in sorted(talk.iterdir())]
    out = Posting(
        services.policy.use("facebook"),
        today - timedelta(days=40),
        "https://fb.com/1",
        already_out=True,
    )
    record_publications(services, photos[:3], out, STAFF)
    schedule_posts(services, photos[3:4], services.policy.use("instagram"), today, STAFF)
    new = NewPiece("newsletter", "Spring", print_on=today + timedelta(days=9))
    piece = open_piece(services, new, STAFF)
    stage = talk / "stage-obama-biden.jpg"
    place_files(services, piece.label, [HandedIn(stage.name, stage.read_bytes())], STAFF)
    run_audit(services, piece.label, STAFF)
    revoke(services, samples / "originals" / "obama.jpg", by=STAFF)
    asked = Submission(today - timedelta(days=10), Method.ORAL)
    place_hold(services, NewRevocation("Nora Name", asked), STAFF)
