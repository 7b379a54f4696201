"""The photos of a check as pictures: many to choose from, or one in its own pixels.

Streamlit has no list of pictures that is chosen from by Shift or keys: photos.js is one. What is
shown stands in the address: a link brings a colleague there, and Back keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

import streamlit as st

from consent.checking.result import CheckedPhoto
from consent.domain.actors import Actor
from consent.domain.verdicts import ALLOWED, NOTHING_TO_COMPARE, Verdict
from consent.domain.wording import counted
from consent.jobs.choice import keep_choice, kept_choice
from consent.review.photos import PhotoView
from consent.services import Services
from media_index.images.marks import smaller
from pages.ui.look import from_files, wanted
from pages.ui.pictures import inline

# In the address, so that a reload finds the result; in the session, so that a visit to another
# page does not lose it.
CHECK = "check"


class Order(StrEnum):
    """In which order photos stand."""

    WORST = "worst"
    BEST = "best"
    NAME = "name"


_VERDICTS = {verdict.value.lower(): verdict for verdict in Verdict}
_ORDERS = {order.value: order for order in Order}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of the result of a check.

    Attributes:
        only: of this verdict; None for all.
        find: a part of the file name.
        page: from 1.
        photo: the one that is open, by `CheckedPhoto.id`; empty for the grid.
    """

    only: Verdict | None = None
    find: str = ""
    order: Order = Order.WORST
    page: int = 1
    photo: str = ""

    @classmethod
    def here(cls) -> Shown:
        """Read the address; what it names wrongly is as if it were not there."""
        asked = st.query_params
        only, order, page = (asked.get(name, "") for name in ("only", "sort", "page"))
        return cls(
            only=_VERDICTS.get(only),
            find=asked.get("find", ""),
            order=_ORDERS.get(order, Order.WORST),
            page=int(page) if page.isdecimal() and int(page) else 1,
            photo=asked.get("photo", ""),
        )

    def go(self, **changed: object) -> None:
        """Show something else, one step of the browser's history away."""
        there = replace(self, **changed)  # type: ignore[arg-type]
        wanted = {
            "only": "" if there.only is None else there.only.lower(),
            "find": there.find,
            "sort": "" if there.order is Order.WORST else str(there.order),
            "page": "" if there.page == 1 else str(there.page),
            "photo": there.photo,
        }
        said = {name: value for name, value in wanted.items() if value}
        job_id = st.query_params.get(CHECK)
        if job_id:
            said = {CHECK: job_id, **said}
        if st.query_params.to_dict() != said:
            st.query_params.from_dict(said)


_photos = from_files(Path(__file__).with_name("photos.js"))
# px of the long side: as large as the slider makes them.
_SMALL = 320
# By the words of a verdict that is not what its color would say.
_LOOKS = {NOTHING_TO_COMPARE: "NOTHING", ALLOWED: "ALLOWED"}
# Beyond so many faces, those that nothing is said of are marked when pointed at.
_CROWD = 8


def show_grid(
    photos: Sequence[CheckedPhoto],
    views: Mapping[str, PhotoView],
    done: Mapping[str, str],
    chosen: Chosen,
    *,
    key: str,
    at: str,
) -> str:
    """Show photos to choose from, and return the id of the one to open, if one is.

    `done` says in a word what was done with some, by SHA-256; `key` tells one filter and page from
    another; at the photo `at` somebody was before.
    """
    cells = [
        {
            "id": photo.id,
            "name": PurePosixPath(photo.name).name,
            "title": f"{photo.name}: {' '.join(photo.reasons) or photo.words}",
            "alt": f"{photo.name}: {photo.words.lower()}",
            "words": photo.words,
            "look": look_of(photo),
            "done": done.get(photo.sha256 or "", ""),
            "src": _small(photo.sha256, views[photo.sha256].thumbnail)
            if photo.sha256 in views and photo.sha256
            else "",
        }
        for photo in photos
    ]
    name = f"photos-{chosen.job_id}"
    result = _photos(
        key=name,
        data={
            "key": key,
            "label": f"{counted(len(photos), 'photo')} of the check",
            "at": at,
            "cells": cells,
            "turn": chosen.turn,
            "chosen": sorted(chosen.ids),
        },
        on_chosen_change=lambda: chosen.told(st.session_state[name].chosen),
        on_opened_change=wanted,
    )
    return result.opened if isinstance(result.opened, str) else ""


def show_photo(
    photo: CheckedPhoto, view: PhotoView, said: Mapping[int, str], sharp: bytes | None
) -> None:
    """Show one photo in its own pixels, its faces marked beside, never over them.

    `said` is told of a face, by its index, when somebody points at it; `sharp` is the photo itself
    as a JPEG, where it is still at hand.
    """
    worst = photo.worst_by_face
    crowd = len(photo.boxes) > _CROWD
    faces = [
        {
            "number": str(index + 1),
            "x": box.x1 / view.width,
            "y": box.y1 / view.height,
            "w": box.width / view.width,
            "h": box.height / view.height,
            "look": worst.get(index, Verdict.CLEAR).value,
            "quiet": crowd and index not in worst,
            "said": said.get(index, f"Face {index + 1}: no remarks"),
        }
        for index, box in enumerate(photo.boxes)
    ]
    shown = sharp or view.thumbnail
    _photos(
        key=f"photo-{photo.id}",
        data={
            "key": f"{photo.id}-{len(shown)}-{len(worst)}",
            "name": PurePosixPath(photo.name).name,
            "alt": _alt(photo),
            "src": inline(shown),
            "crowd": crowd,
            # Those that matter lie on top.
            "faces": sorted(faces, key=lambda face: not face["quiet"]),
        },
    )


def look_of(photo: CheckedPhoto) -> str:
    """Return by what color and shape a verdict is shown: green is for what was compared."""
    return _LOOKS.get(photo.words, photo.verdict.value)


class Chosen:
    """Which photos of a check somebody has chosen; kept beside the check by `keep`.

    Attributes:
        turn: goes up when something else than the grid chose: the grid follows.
        said: what was done with those that were chosen last.
    """

    def __init__(self, job_id: str) -> None:
        """Begin with none."""
        self.job_id = job_id
        self.ids: set[str] = set()
        self.turn = 0
        self.said = ""
        # What is kept by now; None while nobody has looked.
        self._kept: set[str] | None = None

    @classmethod
    def of(cls, job_id: str) -> Chosen:
        """Return what was chosen of a check."""
        chosen: Chosen = st.session_state.setdefault(f"chosen-{job_id}", cls(job_id))
        return chosen

    def find(self, services: Services, actor: Actor, photos: Collection[str]) -> None:
        """Take up what was chosen before, of the photos that there are, once for a session."""
        if self._kept is None:
            self._kept = set(kept_choice(services, self.job_id, actor)) & set(photos)
            if self._kept and not self.ids:
                self.put(self._kept)

    def keep(self, services: Services, actor: Actor) -> None:
        """Keep what is chosen by now, if it is anything else than was kept."""
        if self._kept is not None and self._kept != self.ids:
            keep_choice(services, self.job_id, self.ids, actor)
            self._kept = set(self.ids)

    def told(self, told: object) -> None:
        """Take what the grid tells of the photos that it shows; what came too late is nothing."""
        if not isinstance(told, dict) or told.get("turn") != self.turn:
            return
        here, ids = (set(map(str, told.get(name, ()))) for name in ("here", "ids"))
        self.ids = (self.ids - here) | (ids & here)

    def put(self, ids: Collection[str]) -> None:
        """Choose exactly these."""
        self.ids = set(ids)
        self.turn += 1


@st.cache_data(max_entries=600, ttl=3600, show_spinner=False)
def _small(sha256: str, _thumbnail: bytes) -> str:
    """Return a small picture of a photo as a data URL; in memory for an hour."""
    del sha256  # by which it is found again
    return inline(smaller(_thumbnail, _SMALL))


def _alt(photo: CheckedPhoto) -> str:
    count = len(photo.boxes)
    faces = "no face" if count == 0 else counted(count, "face")
    marked = "".join(
        f" Face {face + 1}: {verdict.words.lower()}."
        for face, verdict in sorted(photo.worst_by_face.items())[:_CROWD]
    )
    return f"{photo.name}: {faces} found.{marked}"
