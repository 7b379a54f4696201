"""Events of indexed photos, uploads, and what the log says of them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from consent.domain.actors import Actor
from consent.domain.errors import BadInputError
from consent.domain.log import Action
from consent.indexing.index import IndexRequest, index_photos
from consent.services import Services
from media_index.files.apart import ApartExecutor
from media_index.types import ProblemCode
from tests.integration.indexing_cases import EVENT, audit, counts, picture, places


def test_an_event_is_recorded_once_and_used_again(services: Services, run, photos: Path) -> None:
    first = run(photos / "1.png", event=EVENT)
    second = run(photos, event=EVENT)
    shas = {*first.photos.values(), *second.photos.values()}
    with services.reading() as unit:
        assert len(unit.events.all()) == 1
        assert set(unit.events.of_photos(list(shas))) == shas
    assert [action for action, _ in audit(services)].count(Action.EVENT_CREATED) == 1
    run(photos, event=replace(EVENT, held_on=date(2027, 5, 14)))
    assert counts(services)["events"] == 2


def test_photos_of_a_private_event_do_not_join_a_public_one(
    services: Services, run, photos: Path
) -> None:
    run(photos, event=replace(EVENT, public_space=False))
    with pytest.raises(BadInputError, match="not in a public space"):
        run(photos, event=EVENT)
    assert counts(services)["events"] == 1


def test_an_event_given_later_is_written_to_the_log(services: Services, run, photos: Path) -> None:
    run(photos)
    run(photos, event=EVENT)
    action, details = audit(services)[-1]
    assert action == Action.EVENT_JOINED
    assert (details["photos"], details["files"]) == (0, 3)
    assert details["event"]


def test_the_log_says_how_many_and_for_whom_but_not_which(
    services: Services, run, photos: Path, actor: Actor
) -> None:
    run(photos, event=EVENT)
    with services.reading() as unit:
        entries = list(unit.audit.entries())
    assert [entry.action for entry in entries] == [
        Action.EVENT_CREATED,
        Action.INDEX_PHOTOS_ADDED,
    ]
    assert {entry.actor_id for entry in entries} == {actor.id}
    assert entries[1].details["photos"] == 3
    assert "png" not in json.dumps([dict(entry.details) for entry in entries])


@pytest.mark.parametrize(
    ("folder", "name", "day"),
    [
        ("2026-05-14 Author talk", "Author talk", date(2026, 5, 14)),
        ("2026-05-14_Summer_kick-off", "Summer kick-off", date(2026, 5, 14)),
        ("2026-05-14", "2026-05-14", date(2026, 5, 14)),
        ("2026-13-45 Nonsense", "2026-13-45 Nonsense", None),
        ("Storytime", "Storytime", None),
    ],
)
def test_a_folder_suggests_an_event(
    run, tmp_path: Path, folder: str, name: str, day: date | None
) -> None:
    picture(tmp_path / folder / "1.png", 1)
    [suggestion] = run(tmp_path / folder).suggestions
    assert (suggestion.name, suggestion.held_on, suggestion.photos) == (name, day, 1)
    assert suggestion.folder == str(tmp_path / folder)
    assert run(tmp_path / folder, event=EVENT).suggestions == []
    assert run(tmp_path / folder).suggestions == []


def test_the_day_photos_were_taken_suggests_the_day(
    indexed_samples: Services, samples: Path, actor: Actor
) -> None:
    report = index_photos(indexed_samples, IndexRequest([samples]), actor)
    assert (report.added, report.unchanged, report.forgotten) == (0, 23, 0)
    assert report.seconds < 5
    by_name = {one.name: one.held_on for one in report.suggestions}
    assert by_name["Summer reading kick-off"] == date(2026, 6, 2)


def test_photos_suggest_a_day_where_the_folder_s_name_does_not(
    services: Services, run, samples: Path, tmp_path: Path
) -> None:
    [phone] = samples.rglob("phone-gps-obama.jpg")
    (tmp_path / "Camera").mkdir()
    shutil.copy(phone, tmp_path / "Camera")
    [suggestion] = run(tmp_path / "Camera").suggestions
    assert (suggestion.name, suggestion.held_on) == ("Camera", date(2026, 6, 2))


def test_uploads_are_kept_by_name_and_not_forgotten(services: Services, run, photos: Path) -> None:
    report = run(photos, upload_root=photos)
    assert "upload:1.png" in report.photos
    assert report.suggestions == []
    (photos / "1.png").unlink()
    run(photos, upload_root=photos)
    assert counts(services)["places"] == 3


def test_an_executor_that_dies_loses_one_file_and_says_which(
    services: Services, photos: Path, actor: Actor
) -> None:
    class Crashing(ApartExecutor):
        """Breaks as a pool does when a worker dies."""

        def submit(self, fn, /, path: Path, **options: object):
            from concurrent.futures import BrokenExecutor, Future

            if path.name != "2.png":
                return super().submit(fn, path, **options)
            future: Future = Future()
            future.set_exception(BrokenExecutor())
            return future

    crashing = replace(services, make_executor=lambda _: Crashing())
    report = index_photos(crashing, IndexRequest([photos], jobs=1), actor)
    codes = {problem.path.name: problem.code for problem in report.problems}
    assert codes["2.png"] is ProblemCode.DECODER_CRASHED
    assert set(places(services, photos)) == {"1.png", "3.png"}
