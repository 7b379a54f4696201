"""A revocation while it is being taken: kept in the session until it is recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from consent.cases.intake import Question
from consent.cases.open import RecordedRevocation
from consent.cases.references import OfferedFaces, offer_faces
from consent.domain.actors import Actor
from consent.domain.channels import Channel, ChannelKind
from consent.domain.decisions import DecisionState
from consent.domain.intake import EarlyDecision, EvidenceFile, ReferenceFace
from consent.domain.terms import NewRevocation, Relationship
from consent.matching.sweep import SweepReport, preview
from consent.services import Services
from pages.ui.form import Form
from pages.ui.pictures import uploaded_files

_DRAFT = "draft"


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
