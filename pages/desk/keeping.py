"""What is typed at the desk is kept on the server, encrypted, until it is recorded or a day old."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from consent.cases.drafts import DraftFile, forget_draft, keep_draft, kept_draft
from consent.domain.actors import Actor
from consent.domain.channels import Channel, ChannelKind
from consent.domain.decisions import DecisionState
from consent.domain.events import Event
from consent.domain.intake import EarlyDecision, EvidenceFile
from consent.domain.terms import Method, Period, Relationship
from consent.domain.wording import counted
from consent.services import Services
from media_index.types import Box
from pages.desk.form import handed_pages, page_taken
from pages.desk.session import Draft, next_draft
from pages.ui.look import from_files, literal
from pages.ui.words import shown_moment

EVIDENCE, PHOTO, TAKEN = "evidence", "photo", "taken"
_ENUMS = {
    kind.__name__: kind for kind in (Method, Relationship, ChannelKind, Period, DecisionState)
}
_leaving = from_files(Path(__file__).with_name("leaving.js"))
# Widgets that are no fields: buttons, and files, which are kept by themselves.
_NO_FIELDS = ("save", "use-", "add-to-", "same-as-", "evidence", "photos", "page", "poses", "out-")


def restore(services: Services, actor: Actor, draft: Draft, events: Sequence[Event]) -> None:
    """Bring back what was kept, before the form is shown for the first time."""
    if not draft.looked_for_kept:
        _look_for_kept(services, actor, draft, events)
        draft.looked_for_kept = True
    if not draft.shown:
        # A run that is ended before all is drawn may take values with it: once is not enough.
        for key, value in draft.brought_back.items():
            st.session_state.setdefault(key, value)


def _look_for_kept(services: Services, actor: Actor, draft: Draft, events: Sequence[Event]) -> None:
    kept = kept_draft(services, actor)
    if kept is None or draft.taken or draft.pointed_at:
        return
    for name, plain in kept.fields.get("form", {}).items():
        found, value = _value(plain, services, events)
        if found:
            draft.brought_back[draft.key(name)] = value
    draft.pointed_at = list(kept.fields.get("pointed_at", ()))
    for seen in kept.fields.get("seen", ()):
        box = None if seen["box"] is None else Box(*seen["box"])
        state = DecisionState(seen["state"])
        draft.seen[seen["photo"]] = EarlyDecision(seen["photo"], box, state)
    for file in kept.files:
        if file.purpose == EVIDENCE:
            draft.kept_evidence.append(EvidenceFile(file.name, file.content))
        elif file.purpose == TAKEN:
            draft.taken.append((file.content, file.name))
        else:
            draft.kept_photos.append((file.content, file.name))
    pages, photos = len(draft.kept_evidence), len(draft.kept_photos) + len(draft.taken)
    files = [counted(pages, "file") + " with the signed request"] if pages else []
    files += [counted(photos, "photo") + " of the person"] if photos else []
    with_it = f" {' and '.join(files)} came back with it." if files else ""
    draft.restored = (
        f"What you typed and uploaded, as of {shown_moment(services, kept.at)}, is back. Nothing "
        f"of it is recorded yet.{with_it} Add again what you added after that."
    )


def keep_at_once(services: Services, actor: Actor, draft: Draft) -> None:
    """Keep what has just come from the browser, before anything slow is done with it."""
    form = draft.form
    if draft.shown and draft.key("photos") not in st.session_state:
        # Another page was open meanwhile, and Streamlit has forgotten what was handed in here.
        draft.kept_evidence = list(draft.pages)
        draft.kept_photos = [photo for photo in draft.photos if photo not in draft.taken]
    draft.pages = [*handed_pages(form, draft.kept_evidence), *page_taken(form)]
    draft.photos = draft.handed_photos()
    keep(services, actor, draft)


def keep(services: Services, actor: Actor, draft: Draft) -> None:
    """Keep what stands on the screen, if it has changed."""
    taken = {content for content, _ in draft.taken}
    files = [DraftFile(EVIDENCE, page.name, page.content) for page in draft.pages]
    files += [
        DraftFile(TAKEN if content in taken else PHOTO, name, content)
        for content, name in draft.photos
    ]
    fields = {
        "form": dict(_fields(draft)),
        "pointed_at": draft.pointed_at,
        "seen": [
            {
                "photo": seen.photo_sha256,
                "state": seen.state.value,
                "box": None if seen.box is None else [*_corners(seen.box)],
            }
            for seen in draft.seen.values()
        ],
    }
    listed = [[file.purpose, hashlib.sha256(file.content).hexdigest()] for file in files]
    filled = bool(files) or _is_filled(fields)
    state = json.dumps([fields, listed], sort_keys=True)
    if filled and state != draft.kept_state:
        keep_draft(services, actor, fields, files)
        draft.kept_state = state
    draft.filled = filled


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box.x1, box.y1, box.x2, box.y2


def _is_filled(fields: dict[str, Any]) -> bool:
    form = fields["form"]
    typed = [form.get(name, ["plain", ""])[1] for name in ("name", "note", "contact", "guardian")]
    return any(typed) or bool(fields["pointed_at"])


def _fields(draft: Draft) -> list[tuple[str, list[Any]]]:
    """Return the fields of the form with their values as plain data."""
    prefix = draft.key("")
    found = []
    for key, value in st.session_state.items():
        name = str(key).removeprefix(prefix)
        if name != str(key) and not name.startswith(_NO_FIELDS) and (plain := _plain(value)):
            found.append((name, plain))
    return sorted(found)


def _plain(value: object) -> list[Any] | None:
    """Return a value with its kind, as JSON has it; None for what is no field's value."""
    plain: list[Any] | None = None
    if type(value).__name__ in _ENUMS:
        plain = [type(value).__name__, str(value)]
    elif isinstance(value, date):
        plain = ["date", value.isoformat()]
    elif isinstance(value, Event):
        plain = ["event", value.id]
    elif isinstance(value, Channel):
        plain = ["channel", value.id]
    elif isinstance(value, list):
        parts = [_plain(part) for part in value]
        plain = ["list", parts] if all(parts) else None
    elif isinstance(value, str | int | bool) or value is None:
        plain = ["plain", value]
    return plain


def _value(plain: list[Any], services: Services, events: Sequence[Event]) -> tuple[bool, Any]:
    """Return whether a value can still be had, and which."""
    kind, said = plain
    if kind in _ENUMS:
        return True, _ENUMS[kind](said)
    if kind == "date":
        return True, date.fromisoformat(said)
    if kind == "list":
        parts = [_value(part, services, events) for part in said]
        return all(found for found, _ in parts), [value for _, value in parts]
    if kind in {"event", "channel"}:
        known = events if kind == "event" else services.policy.channels
        answers = [option for option in known if option.id == said]
        return bool(answers), answers[0] if answers else None
    return True, said


def show_restored(services: Services, actor: Actor, draft: Draft) -> None:
    """Say that a draft is back, and offer to begin anew."""
    if draft.restored:
        st.info(literal(draft.restored), icon=":material/history:")
    if draft.filled or draft.restored:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Start over",
                icon=":material/restart_alt:",
                help="Everything you typed and uploaded here is deleted.",
                key=draft.key("out-start-over"),
                on_click=_start_over,
                args=(services, actor),
            )
            if draft.filled:
                st.caption(
                    ":material/save: This form is saved for one day, until you record it.",
                    width="content",
                )


def _start_over(services: Services, actor: Actor) -> None:
    forget_draft(services, actor)
    next_draft()


def warn_of_leaving(draft: Draft, *, filled: bool) -> None:
    """Have the browser ask before the page is left while something stands on it."""
    _leaving(key=draft.key("out-leaving"), data={"filled": filled})
