"""Copies of the home inside it go with an erasure, whichever door it came by."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from consent.cases.added_references import remove_reference
from consent.cases.change import end_template_agreement, rescind, second_rescission
from consent.cases.correct import correct_face, enter_mistake
from consent.cases.dispute import object_to, settle
from consent.domain.actors import Actor, Role
from consent.domain.errors import SetupError
from consent.domain.faces import Faces
from consent.domain.terms import (
    Objection,
    Relationship,
    Rescission,
    Submission,
)
from consent.retention.dispose import decide_disposal, destroy, propose_disposal
from consent.retention.erase import erase_face
from consent.retention.faces import choose_faces
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from tests.conftest import DATABASE, OpenServices
from tests.revocations import revoke
from tests.staff import just_signed_in

STAFF = Actor("s.taff", Role.DESK, frozenset(Role))
DIRECTOR = Actor("d.rossi", Role.DIRECTOR)
RECORDS = Actor("r.records", Role.RECORDS)

pytestmark = pytest.mark.usefixtures("own_keys")

Step = Callable[[], object]


@pytest.fixture
def database() -> str:
    """The copies are folders, whatever the database."""
    return "sqlite"


@pytest.fixture
def with_face(services: Services, samples: Path) -> Path:
    """A home with the face of R-0001."""
    revoke(services, samples / "originals" / "obama.jpg", name="A. Reader")
    return services.settings.home


def put_copies(home: Path) -> None:
    for name in ("before-restore-abc", ".backup-abc", ".restore-abc"):
        (home / name / "vault").mkdir(parents=True)
        shutil.copy(home / DATABASE, home / name)


def copies(home: Path) -> list[str]:
    starts = ("before-restore-", ".backup-", ".restore-")
    return sorted(path.name for path in home.iterdir() if path.name.startswith(starts))


def template(services: Services) -> str:
    with services.reading() as unit:
        (found,) = unit.register.templates()
    return found.id


def writing(services: Services) -> Submission:
    return Submission(services.today(), original_at="Binder 4")


def end_agreement(services: Services) -> Step:
    """The page's button "Erase"."""
    return lambda: end_template_agreement(services, "R-0001", "They ended it.", STAFF)


def remove_one(services: Services) -> Step:
    return lambda: remove_reference(services, "R-0001", template(services), STAFF)


def correct(services: Services) -> Step:
    return lambda: correct_face(services, "R-0001", template(services), None, STAFF)


def mistake(services: Services) -> Step:
    return lambda: enter_mistake(services, "R-0001", "The wrong person.", STAFF)


def take_back(services: Services) -> Step:
    return lambda: rescind(services, "R-0001", Rescission(writing(services), "A. Reader"), STAFF)


def take_back_by_two(services: Services) -> Step:
    asked = Rescission(writing(services), "B. Reader", authority_note="Court order seen.")
    rescind(services, "R-0001", asked, just_signed_in(services, STAFF))
    second = just_signed_in(services, Actor("e.desk", Role.DESK))
    return lambda: second_rescission(services, "R-0001", second)


def settled(services: Services) -> Step:
    objection = Objection(writing(services), "J. Reader", Relationship.PARENT, "Passport.")
    object_to(services, "R-0001", objection, STAFF)
    return lambda: settle(services, "R-0001", "Both decide.", DIRECTOR, stands=False)


def erase(services: Services) -> Step:
    return lambda: erase_face(services, "R-0001", "Asked to.", STAFF)


def faces_off(services: Services) -> Step:
    return lambda: choose_faces(services, Faces.OFF, "Decided.", DIRECTOR)


def faces_of_the_register(services: Services) -> Step:
    return lambda: choose_faces(services, Faces.REGISTER, "Decided.", DIRECTOR)


def dispose(services: Services) -> Step:
    take_back(services)()
    now, days = services.now, services.policy.evidence_days
    later = replace(services, now=lambda: now() + timedelta(days=days + 2))
    label = propose_disposal(later, RECORDS).label
    decide_disposal(later, label, "RC-075", RECORDS, approved=True)
    return lambda: destroy(later, label, RECORDS)


DOORS = [
    end_agreement, remove_one, correct, mistake, take_back, take_back_by_two, settled, erase,
    faces_off, faces_of_the_register, dispose,
]  # fmt: skip


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_every_door_removes_them(
    services: Services, with_face: Path, door: Callable[[Services], Step]
) -> None:
    step = door(services)
    put_copies(with_face)

    step()

    assert copies(with_face) == []


@pytest.mark.parametrize("door", [end_agreement, erase, faces_off], ids=lambda door: door.__name__)
def test_who_asks_for_it_has_them_removed_even_if_the_face_is_only_there(
    services: Services, with_face: Path, door: Callable[[Services], Step]
) -> None:
    """An older backup took the place of the face."""
    end_agreement(services)()
    put_copies(with_face)

    door(services)()

    assert copies(with_face) == []


def test_what_erases_nothing_leaves_them(services: Services, with_face: Path) -> None:
    """What a restore replaced may be wanted back."""
    end_agreement(services)()
    put_copies(with_face)
    there = copies(with_face)

    take_back(services)()

    assert copies(with_face) == there


def test_a_step_that_fails_leaves_them(
    services: Services, with_face: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: UnitOfWork) -> None:
        raise OSError(28, "No space left on device")

    put_copies(with_face)
    there = copies(with_face)
    monkeypatch.setattr(UnitOfWork, "commit", full)
    with pytest.raises(OSError, match="No space"):
        erase(services)()

    assert copies(with_face) == there


class KilledError(BaseException):
    """The power."""


def test_a_start_removes_what_a_killed_erasure_left(
    services: Services,
    open_services: OpenServices,
    with_face: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(_: UnitOfWork) -> None:
        raise KilledError

    put_copies(with_face)
    with monkeypatch.context() as patch:
        patch.setattr(UnitOfWork, "_remove_files", killed)
        with pytest.raises(KilledError):
            take_back(services)()
    # Made since, they hold nothing of it.
    (with_face / ".backup-def").mkdir()

    open_services(home=with_face)

    assert copies(with_face) == [".backup-def"]


def test_a_copy_that_is_in_use_is_told_of_and_removed_later(
    services: Services,
    open_services: OpenServices,
    with_face: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on Windows while a backup is being made."""
    removed = shutil.rmtree

    def in_use(path: Path, *more: object, **options: object) -> None:
        if Path(path).name == ".backup-abc":
            (Path(path) / DATABASE).unlink(missing_ok=True)
            raise PermissionError(13, "Permission denied", str(path))
        removed(path, *more, **options)  # type: ignore[arg-type]

    put_copies(with_face)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", in_use)
        with pytest.raises(SetupError) as raised:
            erase(services)()
        assert copies(with_face) == [".backup-abc"]
        # The program starts none the less.
        open_services(home=with_face)
    left = with_face / ".backup-abc"
    assert str(raised.value) == (
        f"The step was saved, but {left} cannot be removed (Permission denied) and may still hold "
        "what was erased: close what uses it, such as a backup, then run likeness doctor, which "
        "tries again."
    )
    with services.reading() as unit:
        assert unit.register.templates() == []

    opened = open_services(home=with_face)

    assert copies(with_face) == []
    with opened.reading() as unit:
        assert not unit.jobs.owed_removals()


def test_a_copy_that_somebody_else_removes_as_well_is_no_trouble(
    services: Services, with_face: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed = shutil.rmtree
    raced: set[Path] = set()

    def race(path: Path, *more: object, **options: object) -> None:
        if Path(path).name == ".backup-abc" and path not in raced:
            raced.add(path)
            removed(Path(path) / "vault")
            raise FileNotFoundError(2, "No such file or directory", str(path))
        removed(path, *more, **options)  # type: ignore[arg-type]

    put_copies(with_face)
    monkeypatch.setattr(shutil, "rmtree", race)

    erase(services)()

    assert raced
    assert copies(with_face) == []
