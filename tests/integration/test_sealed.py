"""Nothing of a person can be read from the data home without the key."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from consent.cases.search import RegisterQuery, search_register
from consent.domain.actors import Actor, Role
from consent.domain.intake import EvidenceFile
from consent.domain.terms import Locator, Method, Submission
from consent.retention.proof import verify_log
from consent.services import Services
from consent.takedowns.appeals import receive_appeal
from tests.revocations import revoke

DESK = Actor("d.desk", Role.DESK)
MARKERS = [
    "Zebulonia",
    "Wilhelmine",
    "elmstreetnote",
    "quirkyhat",
    "quirkletter",
    "revokeletter",
    "quirkappeal",
    "quirkstatement",
]


@pytest.fixture
def planted(services: Services, samples: Path) -> Services:
    letter = EvidenceFile("quirkletter.txt", b"I write my revokeletter to you.")
    revoke(
        services,
        samples / "originals" / "obama.jpg",
        name="Zebulonia Quirk",
        submission=Submission(services.today(), Method.LETTER, evidence=[letter]),
        minor=True,
        guardian="Wilhelmine Quirk",
        note="elmstreetnote",
        locators=[Locator(clothing="quirkyhat")],
    )
    receive_appeal(
        services,
        "Zebulonia Quirk",
        "quirkappeal",
        services.today(),
        DESK,
        statement=EvidenceFile("quirkstatement.txt", b"I wrote this quirkstatement."),
    )
    return services


def readable(services: Services) -> set[str]:
    home = services.settings.home
    files = [path for path in home.rglob("*") if path.is_file() and "weights" not in path.parts]
    content = b"".join(path.read_bytes() for path in files)
    return {marker for marker in MARKERS if marker.encode() in content}


def test_no_word_of_it_is_readable(planted: Services, database: str) -> None:
    if database != "sqlite":
        pytest.skip("PostgreSQL's files are its server's.")
    assert readable(planted) == set()
    with planted.reading() as unit:
        (case,) = unit.register.revocations()
        (template,) = unit.register.templates()
        files = [planted.vault.get(name) for name, *_ in unit.register.evidence_of(case.id)]
        rows = unit._session.execute(text("SELECT vector FROM template_encoding")).scalars().all()
    assert case.person.name == "Zebulonia Quirk"
    assert case.person.guardian == "Wilhelmine Quirk"
    assert files == [b"I write my revokeletter to you."]
    plain = [vector.astype("<f4").tobytes() for vector in template.encodings.values()]
    assert plain
    assert not any(vector[:64] in row for vector in plain for row in rows)
    assert verify_log(planted).faults == ()


def test_names_are_found_all_the_same(planted: Services) -> None:
    found = search_register(planted, RegisterQuery("zebulonia"), DESK)
    assert len(found) == 1


def test_a_destroyed_key_makes_it_unreadable_and_leaves_the_others(planted: Services) -> None:
    revoke(planted, name="B. Reader")
    with planted.writing() as unit:
        first, _ = unit.register.revocations()
        unit.destroy_key(first.person.id)
        unit.commit()
    with planted.reading() as unit:
        gone, left = unit.register.revocations()
    assert gone.person.name == ""
    assert left.person.name == "B. Reader"
