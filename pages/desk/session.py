"""A revocation while it is being taken: kept in the session until it is recorded.

What is typed is kept on the server, too, encrypted, until it is recorded or a day old.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any

import streamlit as st

from consent.cases.drafts import DraftFile, forget_draft, keep_draft, kept_draft
from consent.cases.intake import Question
from consent.cases.open import RecordedRevocation
from consent.cases.references import OfferedFaces, offer_faces
from consent.domain.actors import Actor
from consent.domain.channels import Channel, ChannelKind
from consent.domain.decisions import DecisionState
from consent.domain.events import Event
from consent.domain.intake import EarlyDecision, EvidenceFile, ReferenceFace
from consent.domain.terms import Method, NewRevocation, Period, Relationship
from consent.domain.wording import counted
from consent.matching.sweep import SweepReport, preview
from consent.services import Services
from media_index.types import Box
from pages.ui.form import Form
from pages.ui.look import from_files, literal
from pages.ui.pictures import picture_taken, uploaded_files
from pages.ui.words import shown_moment

_DRAFT = "draft"
EVIDENCE, PHOTO, TAKEN = "evidence", "photo", "taken"
_ENUMS = {
    kind.__name__: kind for kind in (Method, Relationship, ChannelKind, Period, DecisionState)
}
_leaving = from_files(Path(__file__).with_name("leaving.js"))
# Widgets that are no fields: buttons, and files, which are kept by themselves.
_NO_FIELDS = ("save", "use-", "add-to-", "same-as-", "evidence", "photos", "page", "poses", "out-")


@dataclass(slots=True)
class Draft:
    """What is known of the revocation besides the widgets' own state.

    Attributes:
        number: of the form in this session; part of every widget's key, so that the next form
            is empty.
        found: photos that may show the person, once it is recorded.
        decided: by photo, on this page.
        questions: asked back when it was to be saved.
        asked_about: what these are about; with another name or file they are asked anew.
        taken: pictures taken here with the camera, content and name of each.
        pointed_at: indexed photos in which somebody pointed at the person, by SHA-256.
        seen: decisions on indexed photos before it is recorded, by photo.
        asked: indexed photos that the form asks about now, by SHA-256.
        kept_evidence: pages that were handed in before the server was left, or started anew.
        kept_photos: photos of the person that were; content and name of each.
        restored: what is said of that.
        filled: whether anything stands on the form.
        shown: how often the whole form was shown; what was never shown is not recorded.
        pages: of the writing, as they stand on the form.
        photos: of the person, handed in or taken here, as they stand on the form.
        letter_of: the case whose letter this is, too.
        kept_state: what was kept last, so that it is not kept again.
        looked_for_kept: whether this session has looked for what was kept before.
        brought_back: the values of the fields that were kept before, by the widgets' keys.
    """

    number: int
    recorded: RecordedRevocation | None = None
    found: SweepReport | None = None
    decided: dict[str, DecisionState] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    asked_about: str = ""
    taken: list[tuple[bytes, str]] = field(default_factory=list)
    pointed_at: list[str] = field(default_factory=list)
    seen: dict[str, EarlyDecision] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    kept_evidence: list[EvidenceFile] = field(default_factory=list)
    kept_photos: list[tuple[bytes, str]] = field(default_factory=list)
    restored: str = ""
    filled: bool = False
    shown: int = 0
    letter_of: str = ""
    kept_state: str = ""
    pages: list[EvidenceFile] = field(default_factory=list)
    photos: list[tuple[bytes, str]] = field(default_factory=list)
    looked_for_kept: bool = False
    brought_back: dict[str, object] = field(default_factory=dict)
    _offers: dict[str, OfferedFaces] = field(default_factory=dict)
    _previews: dict[tuple[tuple[str, int], ...], SweepReport] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """Return a widget's key for this form."""
        return f"revocation-{self.number}-{name}"

    @property
    def form(self) -> Form:
        """Its fields, which keep what was typed while other pages are open."""
        return Form(self.key, "session")

    def handed_photos(self) -> list[tuple[bytes, str]]:
        """Return the photos handed in or taken here, whether the form is drawn yet or not."""
        uploaded = [(file.getvalue(), file.name) for file in uploaded_files(self.key("photos"))]
        every = (*self.kept_photos, *uploaded, *self.taken)
        return list({content: (content, name) for content, name in every}.values())

    def offer(self, services: Services, content: bytes, name: str) -> OfferedFaces:
        """Return the faces of a reference photo; found once, shown as often as the page runs.

        Raises:
            BadInputError: it cannot be read, or shows no face.
        """
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._offers:
            self._offers[digest] = offer_faces(services, content, name)
        return self._offers[digest]

    def has_read(self, content: bytes) -> bool:
        """Say whether the faces of a photo are known, so that to show them takes no time."""
        return hashlib.sha256(content).hexdigest() in self._offers

    def preview(self, services: Services, faces: list[ReferenceFace], actor: Actor) -> SweepReport:
        """Return the indexed photos that may show these faces; searched once for each choice."""
        choice = tuple((face.photo.sha256, face.face.index) for face in faces)
        if choice not in self._previews:
            self._previews[choice] = preview(services, faces, actor)
        return self._previews[choice]


def current_draft() -> Draft:
    """Return this session's draft."""
    draft: Draft = st.session_state.setdefault(_DRAFT, Draft(1))
    return draft


def next_draft() -> None:
    """Begin an empty form."""
    # What was kept of the one before is not looked for again.
    st.session_state[_DRAFT] = Draft(current_draft().number + 1, looked_for_kept=True)


def next_on_letter(label: str, new: NewRevocation, channels: Sequence[Channel]) -> None:
    """Begin a form for another person on the letter of a case, with what the letter says."""
    next_draft()
    draft = current_draft()
    draft.letter_of = label
    draft.kept_evidence = list(new.submission.evidence)
    asked, letter = new.asked_by, new.submission
    if asked.relationship is Relationship.SELF:
        # Whoever asked for themselves asks for somebody else now.
        asked = replace(asked, relationship=Relationship.OTHER)
    fields: dict[str, object] = {
        "minor": new.minor,
        "guardian": new.guardian,
        "received-on": letter.on,
        "method": letter.method,
        "received-by": letter.by,
        "branch": letter.branch,
        "original-at": letter.original_at,
        f"relationship-{new.minor}": asked.relationship,
        "language": asked.language,
        "authority": asked.authority_note,
        "contact": asked.contact,
        "way": asked.preferred_contact or None,
        "requester": asked.name,
        "safety": new.safety,
        "everything": new.scope.all_channels,
        "kinds": [kind for kind in ChannelKind if kind in new.scope.kinds],
        "channels": [channel for channel in channels if channel.id in new.scope.channels],
        "since": None if new.begins_on == letter.on else new.begins_on,
        "period": new.scope.period,
        "caption": new.scope.caption_too,
        "until": new.until,
        "note": new.note,
    }
    for name, value in fields.items():
        draft.brought_back[draft.key(name)] = value
        st.session_state[draft.key(name)] = value


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
        f"What you typed and uploaded, as of {shown_moment(services, kept.at)}, is back. Nothing"
        f" is recorded yet.{with_it} Add again what you added after that."
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


def handed_pages(form: Form, kept: list[EvidenceFile] | None = None) -> list[EvidenceFile]:
    """Return the pages that were handed in, whether the form is drawn yet or not."""
    files = uploaded_files(form.key("evidence"))
    handed = [EvidenceFile(file.name, file.getvalue()) for file in files]
    # The same page may still be named by the browser that handed it in.
    return list({page.content: page for page in (*(kept or ()), *handed)}.values())


def page_taken(form: Form) -> list[EvidenceFile]:
    """Return the page of which a picture was taken here, if one was."""
    shot = picture_taken(form.key("page"))
    if shot is None:
        return []
    return [EvidenceFile(f"page-taken-here{PurePath(shot.name).suffix}", shot.getvalue())]


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
                    ":material/save: Your draft is kept for one day.",
                    width="content",
                )


def _start_over(services: Services, actor: Actor) -> None:
    forget_draft(services, actor)
    next_draft()


def warn_of_leaving(draft: Draft, *, filled: bool) -> None:
    """Have the browser ask before the page is left while something stands on it."""
    _leaving(key=draft.key("out-leaving"), data={"filled": filled})
