"""What the writing says: the person, how it came, what it covers, who asked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from consent.cases.intake import MAX_EVIDENCE_BYTES, unusable
from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind
from consent.domain.events import Event
from consent.domain.fields import BY_NAME
from consent.domain.intake import EvidenceFile
from consent.domain.terms import (
    EVERYTHING,
    Locator,
    Method,
    NewRevocation,
    Period,
    Relationship,
    Requester,
    Scope,
    Submission,
)
from consent.domain.typed_texts import NOTE, PLACE
from consent.domain.wording import counted
from consent.services import Services
from pages.desk.session import Draft, handed_pages, page_taken
from pages.ui.form import Form, required, say_too_long
from pages.ui.look import literal
from pages.ui.pictures import PHOTO_TYPES, take_picture
from pages.ui.words import LANGUAGES, event_name, shown_size

_ALL, _BY_EVENT, _ONLY_THESE = "All photos", "Photos of an event", "Only the photos uploaded here"
_METHODS = Method.table() | {Method.ORAL: f"{Method.ORAL.words}: a hold"}
_ASKED_BY = Relationship.table() | {Relationship.SELF: "The person"}
_WRITINGS = ["pdf", "eml", "msg", "docx", "doc", "odt", "rtf", "txt"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says.

    Attributes:
        new: without references.
        only_these: it covers the reference photos alone.
    """

    new: NewRevocation
    only_these: bool


def ask_terms(
    services: Services, actor: Actor, draft: Draft, events: Sequence[Event]
) -> Asked | None:
    """Ask for everything but the reference photos; return None while something must be chosen."""
    form = draft.form
    st.header("Person", anchor=False)
    name = form.ask("name", needed=True)
    minor = form.tick(BY_NAME["minor"].label, "minor")
    guardian, birth_year = _ask_guardian(form) if minor else ("", None)
    st.header("Request", anchor=False)
    submission = _ask_submission(services, actor, draft)
    scope = _ask_scope(services, form)
    safety = form.tick("There is a safety concern: handle it first", "safety")
    requester = _ask_requester(form, guardian or name, minor=minor)
    limits = None if scope is None else _ask_limits(form, scope, events)
    with st.expander("How to spot the person without seeing the face", icon=":material/search:"):
        hint = ask_hint(form, events, "Green coat, glasses", "A boy in a wheelchair")
    note = st.text_area(
        BY_NAME["note"].label,
        height=68,
        key=form.key("note"),
        persist_state=form.kept,
    )
    say_too_long(note, NOTE, "Upload the email above instead.")
    if limits is None or submission is None:
        return None
    new = NewRevocation(
        name,
        submission,
        limits.scope,
        minor=minor,
        guardian=guardian,
        birth_year=birth_year,
        note=note,
        requester=requester,
        effective_from=limits.effective_from,
        until=limits.until,
        safety=safety,
        locators=[] if hint is None else [hint],
    )
    return Asked(new, limits.only_these)


def _ask_guardian(form: Form) -> tuple[str, int | None]:
    """Ask for the guardian of a minor, and the year of birth."""
    left, right = st.columns([2, 1])
    guardian = form.ask("guardian", at=left, needed=True)
    birth_year = right.number_input(
        BY_NAME["birth_year"].label,
        value=None,
        step=1,
        key=form.key("birth-year"),
        persist_state=form.kept,
    )
    return guardian, birth_year


def _ask_submission(services: Services, actor: Actor, draft: Draft) -> Submission | None:
    """Ask how the request came; return None while no day or no way is chosen."""
    form = draft.form
    method = form.tapped(required(BY_NAME["method"].label), "method", _METHODS)
    left, right = st.columns(2)
    on = form.day(required(BY_NAME["received"].label), "received-on", services.today(), at=left)
    by = form.ask("by", key="received-by", value=actor.id, at=right)
    left, right = st.columns([2, 1])
    branch = form.ask("branch", at=right)
    original_at, evidence = "", []
    if method is None or method.in_writing:
        original_at = ask_original_at(form, left)
        evidence = [*ask_evidence(form, draft.kept_evidence), *_take_page(form)]
        if not evidence and not original_at.strip():
            st.caption("Upload the request, or say where the paper original is kept (required).")
    else:
        days = services.policy.hold_days
        left.caption(
            ":material/front_hand: Nothing with this person goes out for "
            f"{counted(days, 'day')}. If the written request comes by then, this continues."
        )
    draft.pages = evidence
    if on is None or method is None:
        return None
    return Submission(on, method, evidence, original_at, by, branch)


def ask_original_at(form: Form, at: DeltaGenerator) -> str:
    """Ask where the paper is kept."""
    return form.ask("original_at", "Folder 2026, front desk", at=at)


def ask_evidence(form: Form, kept: list[EvidenceFile] | None = None) -> list[EvidenceFile]:
    """Ask for the writing itself; pages that were kept from before are listed, too."""
    st.file_uploader(
        "Upload the signed request: PDF, email, document or pictures, one or more pages",
        type=[*_WRITINGS, *PHOTO_TYPES],
        accept_multiple_files=True,
        key=form.key("evidence"),
        # In MiB, though the browser says MB: what it says is what is taken.
        max_upload_size=MAX_EVIDENCE_BYTES // (1024 * 1024),
    )
    for page in list(kept or ()):
        if offer_removal(form, page.name, page.content):
            (kept or []).remove(page)
            st.rerun()
    evidence = handed_pages(form, kept)
    # Said while who brought it is still there; recording it refuses it, too.
    for problem in _unusable(evidence):
        st.error(literal(f"{problem[:1].upper()}{problem[1:]}."), icon=":material/error:")
    return evidence


def offer_removal(form: Form, name: str, content: bytes) -> bool:
    """List a file that was kept from before; say whether it is to be left out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        size = shown_size(len(content))
        st.markdown(
            f":material/draft: **{literal(name)}**, {size}, kept from before", width="content"
        )
        digest = hashlib.sha256(content).hexdigest()[:16]
        return st.button("Leave it out", type="tertiary", key=form.key(f"out-{digest}"))


@st.cache_data(max_entries=20, show_spinner=False)
def _unusable(evidence: list[EvidenceFile]) -> list[str]:
    """Look at the files once, not at every key that is pressed."""
    return list(unusable(evidence))


def _take_page(form: Form) -> list[EvidenceFile]:
    # The browser asks for the camera as soon as the widget is there: only when it is wanted.
    if not st.toggle("Take a picture of the page", key=form.key("page-camera-on")):
        return []
    take_picture("Page", form.key("page"), label_visibility="collapsed")
    return page_taken(form)


def _ask_requester(form: Form, by_default: str, *, minor: bool) -> Requester:
    """Ask who asked, how it was checked that they may, and how to reach them."""
    with st.expander("Requester and how to reach them", icon=":material/contact_mail:"):
        left, right = st.columns(2)
        usual = Relationship.PARENT if minor else Relationship.SELF
        relationship = form.one_of(
            BY_NAME["relationship"].label, f"relationship-{minor}", _ASKED_BY, usual, at=left
        )
        language = form.one_of(BY_NAME["language"].label, "language", LANGUAGES, at=right)
        other = ""
        if relationship is Relationship.OTHER:
            other = form.ask("requester")
        authority = form.ask(
            "authority", "Known at the desk. Write a note; never keep a copy of an ID"
        )
        left, right = st.columns([3, 2])
        contact = form.ask("contact", "Email, telephone or address", at=left)
        ways = ("Email", "Telephone", "Letter")
        way = form.any_of(BY_NAME["preferred_contact"].label, "way", ways, "Any", at=right)
    return Requester(other or by_default, relationship, authority, contact, way or "", language)


def ask_hint(form: Form, events: Sequence[Event], clothing: str, company: str) -> Locator | None:
    """Ask for a hint where the person may be, with examples; return None while it is empty."""
    left, right = st.columns(2)
    event = form.any_of("Event", "hint-event", events, "Any event", words=event_name, at=left)
    hint = Locator(
        event.id if event else None,
        form.day("Day", "hint-day", at=right),
        clothing=form.text("Clothing", "hint-clothing", PLACE, clothing, at=left),
        companions=form.text("With whom", "hint-companions", PLACE, company, at=right),
        position=form.text(
            "Where in the photo", "hint-position", PLACE, "Third from left", at=left
        ),
        url=form.text("Address of a posted photo", "hint-url", NOTE, "https://", at=right),
    )
    return None if hint == Locator() else hint


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a revocation leaves out.

    Attributes:
        only_these: it covers the reference photos and copies of them alone.
        effective_from: None for the day it was received.
        until: the last day, if temporary.
    """

    scope: Scope
    only_these: bool
    effective_from: date | None
    until: date | None


def _ask_scope(services: Services, form: Form) -> Scope | None:
    """Ask which uses are covered; return None while none is chosen."""
    st.header("What it covers", anchor=False)
    return some_use(ask_uses(services, form, EVERYTHING, labelled=False))


def ask_uses(services: Services, form: Form, scope: Scope, *, labelled: bool) -> Scope:
    """Ask which uses are covered, beginning with those of a scope; perhaps none is chosen yet."""
    everything = st.radio(
        "Uses",
        [True, False],
        format_func=lambda every: "All uses" if every else "Only some",
        horizontal=True,
        label_visibility="visible" if labelled else "collapsed",
        key=form.begun("everything", scope.all_channels),
        persist_state=form.kept,
    )
    if everything:
        return replace(scope, all_channels=True, kinds=frozenset(), channels=frozenset())
    kinds = st.pills(
        "Kinds of use",
        list(ChannelKind),
        selection_mode="multi",
        format_func=lambda kind: kind.whole,
        key=form.begun("kinds", [kind for kind in ChannelKind if kind in scope.kinds]),
        persist_state=form.kept,
    )
    known = [channel for channel in services.policy.channels if channel.id in scope.channels]
    channels = st.multiselect(
        "Single channels",
        services.policy.channels,
        format_func=lambda channel: channel.label,
        placeholder="Choose channels",
        key=form.begun("channels", known),
        persist_state=form.kept,
    )
    ids = frozenset(channel.id for channel in channels)
    return replace(scope, all_channels=False, kinds=frozenset(kinds), channels=ids)


def some_use(scope: Scope) -> Scope | None:
    """Return the scope; None, and ask for more, while it covers no use."""
    if scope.all_channels or scope.kinds or scope.channels:
        return scope
    st.caption("Choose what it covers, or all uses.")
    return None


def ask_events(label: str, empty: str, form: Form, events: Sequence[Event], scope: Scope) -> Scope:
    """Ask of which events photos are covered, beginning with those of a scope."""
    chosen = st.multiselect(
        label,
        events,
        format_func=event_name,
        placeholder=empty,
        key=form.begun("events", [event for event in events if event.id in scope.event_ids]),
        persist_state=form.kept,
    )
    return replace(scope, event_ids=frozenset(event.id for event in chosen))


def ask_period(form: Form, scope: Scope) -> Scope:
    """Ask for photos of which time, and whether for the name too, beginning with a scope's."""
    period = form.one_of("When the photos were taken", "period", Period.table(), scope.period)
    caption = form.tick("The name in captions too", "caption", value=scope.caption_too)
    return replace(scope, period=period, caption_too=caption)


def _has_limits(form: Form) -> bool:
    """Say whether a limit was chosen, as its fields stood before they are drawn."""
    which, period, caption, since, until = (
        st.session_state.get(form.key(name))
        for name in ("which", "period", "caption", "since", "until")
    )
    return (
        which not in (None, _ALL)
        or period not in (None, Scope().period)
        or caption not in (None, Scope().caption_too)
        or since is not None
        or until is not None
    )


def _ask_limits(form: Form, scope: Scope, events: Sequence[Event]) -> _Limits:
    """Ask for limits; untouched, there are none."""
    chosen = _has_limits(form)
    # It stays open with what was chosen in it, even where Streamlit draws it anew.
    with st.expander(
        "Only some photos, or for some time" + (" (chosen below)" if chosen else ""),
        expanded=chosen,
        icon=":material/tune:",
        key=form.key("limits"),
    ):
        which = st.radio(
            "Which photos",
            [_ALL, _BY_EVENT, _ONLY_THESE],
            horizontal=True,
            key=form.key("which"),
            persist_state=form.kept,
        )
        if which == _BY_EVENT:
            scope = ask_events("Events", "Choose events", form, events, scope)
        scope = ask_period(form, scope)
        # The longer label takes two lines where there is little room.
        left, right = st.columns(2, vertical_alignment="bottom")
        since = form.day("Start date (leave blank for the day received)", "since", at=left)
        # The last day is not past.
        until = form.day("End date (leave blank for no end)", "until", at=right, earliest=None)
    return _Limits(scope, which == _ONLY_THESE, since, until)
