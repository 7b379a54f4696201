"""Who revokes in tests that are about something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from consent.cases.intake import QuestionKind
from consent.cases.open import record_revocation
from consent.cases.references import read_reference
from consent.domain.actors import Actor
from consent.domain.terms import Method, NewRevocation, Submission
from consent.services import Services
from consent.settings import ROOT
from tests.staff import ANYBODY

OBAMA = ROOT / "data" / "samples" / "originals" / "obama.jpg"


def by_letter(services: Services, *portraits: Path, **more: object) -> NewRevocation:
    """Return what the desk takes in today; whose portraits come with it agrees to a template."""
    new = NewRevocation(
        "Zebulon Quirk",
        Submission(services.today(), Method.LETTER),
        references=[read_reference(services, str(portrait)) for portrait in portraits],
        keep_face=bool(portraits),
        note="Binder 3",
    )
    return replace(new, **more)  # type: ignore[arg-type]


def revoke(services: Services, *portraits: Path, by: Actor = ANYBODY, **more: object) -> str:
    """Record it, whatever is asked about it; return the label of the case, such as R-0001."""
    new = by_letter(services, *portraits, **more)
    asked = frozenset(QuestionKind)
    return record_revocation(services, new, by, confirmed=asked).revocation.label
