"""Ask people at the event, on a phone: the event once, then photo by photo, face by face."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind
from consent.domain.events import Event
from consent.domain.roles import Duty
from consent.domain.wording import counted, numbers_in_short
from consent.indexing.events import NewEvent, create_event
from consent.jobs.take import cancel_taking, collect_taken, last_taking, start_taking
from consent.printing.answers import Answer, list_consents, take_back_answers
from consent.printing.asking import (
    PersonToAsk,
    PhotoToAsk,
    photo_to_ask,
    record_in_photo,
    take_photo,
)
from consent.review.photos import PhotoView, find_indexed, known_events, photo_views
from consent.services import Services
from media_index.images.marks import cut_out
from pages.asking.session import AskingDesk, asking_desk
from pages.ui import backend, guard
from pages.ui.canvas import tap_faces, tapped_in
from pages.ui.errors import keep_errors, show_errors
from pages.ui.form import button_after, required, say_first
from pages.ui.jobs import STARTING, watch_job
from pages.ui.look import from_files, in_cards, literal, wanted
from pages.ui.pictures import inline, take_picture
from pages.ui.words import DATE_FORMAT, EARLIEST, event_name

# Whoever asks at an event asks for print first.
_KINDS = [ChannelKind.PRINT, ChannelKind.ONLINE, ChannelKind.PRESS]
# As a person is asked.
_WHERE = {
    ChannelKind.PRINT: "in print",
    ChannelKind.ONLINE: "online",
    ChannelKind.PRESS: "in press releases",
}
_CAMERA, _FILES, _INDEXED = "Camera", "Files", "Event's photos"
_PER_PAGE = 12


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Ask people", actor)
    if not guard.may_or_say_who(actor, Duty.ASK):
        return
    desk = asking_desk(actor)
    with st.container(width=760, key="asking"), show_errors():
        events = known_events(services, actor)
        _follow_address(services, desk, events, actor)
        if desk.event is None and desk.photo is None:
            _choose_event(services, desk, events, actor)
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            name = "No event yet" if desk.event is None else desk.event.name
            st.markdown(f"**{literal(name)}**", width="content")
            st.button("Change", type="tertiary", on_click=desk.leave_event, key="asking-change")
        _ask_what_for(services, desk)
        if desk.said and desk.photo is None:
            _show_said(services, desk, actor)
        _show_refused(desk.refused)
        if desk.photo is not None:
            _ask_faces(services, desk, desk.photo, actor)
        elif desk.event is not None:
            if _await_taken(services, desk, desk.event, actor):
                return
            _choose_photo(services, desk, desk.event, actor)
            _offer_room(services, desk, desk.event, actor)


def _follow_address(
    services: Services, desk: AskingDesk, events: Sequence[Event], actor: Actor
) -> None:
    """Open the photo, or the event, of a link or of the page before; and name it there.

    So a reload, and the way back, find what was in hand. One of both, as a link has it: each change
    of the address is a step on the way back.
    """
    event_id, sha256 = (st.query_params.get(name, "") for name in ("event", "photo"))
    if (event_id or sha256) and (event_id, sha256) != desk.address:
        event = next((event for event in events if event.id == event_id), None)
        if sha256:
            with show_errors():
                photo = photo_to_ask(services, sha256, actor)
                desk.open(sha256, event or next(iter(photo.events), None))
        elif event is not None:
            desk.leave_event()
            desk.event = event
    event_id = "" if desk.event is None or desk.photo is not None else desk.event.id
    desk.address = (event_id, desk.photo or "")
    for name, value in zip(("event", "photo"), desk.address, strict=True):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


def _show_said(services: Services, desk: AskingDesk, actor: Actor) -> None:
    """Say what the last step did, and offer to take it back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(literal(desk.said), icon=":material/task_alt:", width="stretch")
        if desk.recorded and st.button("Undo", icon=":material/undo:", key=desk.key("undo")):
            with show_errors():
                take_back_answers(services, desk.recorded, "Undone at once.", actor)
                desk.answered(f"Undone: {desk.said}")
                st.rerun()


def _choose_event(
    services: Services, desk: AskingDesk, events: Sequence[Event], actor: Actor
) -> None:
    """Offer the known events, newest first, and a new one."""
    event = st.selectbox(
        "At which event?",
        events,
        index=None,
        format_func=event_name,
        placeholder="Choose the event",
        key="asking-event",
    )
    if event is not None:
        desk.event = event
        st.rerun()
    with st.expander("It is not in the list", expanded=not events):
        name = st.text_input(required("Name of the event"), placeholder="Summer reading kick-off")
        day = st.date_input("Day", value=services.today(), min_value=EARLIEST, format=DATE_FORMAT)
        room = st.text_input("Branch or room", placeholder="Main library")
        public = st.toggle("It is in a public space", value=True)
        missing = [] if name.strip() else ["name the event"]
        if button_after(missing, "Start with this event", type="primary"):
            new = NewEvent(name.strip(), day, room.strip() or None, public_space=public)
            desk.event = create_event(services, new, actor)
            st.rerun()


def _ask_what_for(services: Services, desk: AskingDesk) -> None:
    """Ask for what does not change from photo to photo: who asks, and for which uses."""
    names = ", ".join([*(kind.words for kind in desk.kinds), *sorted(desk.channels)])
    with st.expander(f"Asked by {desk.asked_by} for: {names or 'nothing yet'}"):
        desk.asked_by = st.text_input(required("Who asks?"), value=desk.asked_by, key="asking-by")
        desk.kinds = st.pills(
            "For which uses?",
            _KINDS,
            selection_mode="multi",
            default=desk.kinds,
            format_func=lambda kind: kind.words,
            key="asking-kinds",
        )
        channels = {channel.id: channel.label for channel in services.policy.channels}
        desk.channels = st.multiselect(
            "Or for single channels",
            list(channels),
            default=desk.channels,
            format_func=channels.__getitem__,
            key="asking-channels",
        )


def _choose_photo(services: Services, desk: AskingDesk, event: Event, actor: Actor) -> None:
    """Get a photo in hand: from the camera, from files, or from the event's in the index."""
    indexed = find_indexed(services, actor, event_id=event.id)
    source = st.segmented_control(
        "Photo from",
        [_CAMERA, _FILES, _INDEXED],
        default=_INDEXED if indexed else _FILES,
        required=True,
        key="asking-source",
        persist_state="session",
    )
    if source == _CAMERA:
        taken = take_picture("Take a photo", desk.key("camera"))
        if taken is not None:
            _take(services, desk, event, taken.name, taken.getvalue(), actor)
    elif source == _FILES:
        files = st.file_uploader("Photos", accept_multiple_files=True, key=desk.key("files"))
        if files and st.button("Ask the people in them", type="primary"):
            if len(files) == 1:
                _take(services, desk, event, files[0].name, files[0].getvalue(), actor)
                return
            uploads = [(file.name, file) for file in files]
            start_taking(services, event, uploads, actor)
            desk.step += 1
            st.rerun()
    else:
        _choose_indexed(services, desk, event, indexed, actor)


def _take(
    services: Services, desk: AskingDesk, event: Event, name: str, content: bytes, actor: Actor
) -> None:
    refused: list[str] = []
    with st.spinner("Looking for faces"), keep_errors(refused, name):
        desk.take([take_photo(services, event, name, content, actor)])
        st.rerun()
    _show_refused(refused)


def _await_taken(services: Services, desk: AskingDesk, event: Event, actor: Actor) -> bool:
    """Show how far the photos are that were handed in; take them in hand once they are there."""
    job = last_taking(services, event, actor)
    if job is None:
        return False
    if job.state.ended:
        taken = collect_taken(services, job, actor)
        if taken.photos:
            desk.take(list(taken.photos))
        desk.refused = list(taken.refused)
        st.rerun()
    watch_job(
        lambda: last_taking(services, event, actor),
        lambda job_id: cancel_taking(services, job_id, actor),
        lambda job: (
            f"Looking for faces: {job.done} of {counted(job.total, 'photo')}"
            if job.total
            else STARTING
        ),
    )
    return True


def _show_refused(refused: Sequence[str]) -> None:
    for said in refused:
        st.error(literal(said), icon=":material/error:")


def _choose_indexed(
    services: Services, desk: AskingDesk, event: Event, photos: list[str], actor: Actor
) -> None:
    if not photos:
        st.caption("The program has no photos of this event yet. Take one, or upload one.")
        return
    grid = st.container(key="gallery-asking")
    number, pages = 1, math.ceil(len(photos) / _PER_PAGE)
    if pages > 1:
        number = st.pagination(pages, key="asking-page")
    first = (number - 1) * _PER_PAGE
    views = photo_views(services, photos[first : first + _PER_PAGE], actor)
    shown = [place for place, sha256 in enumerate(photos) if sha256 in views]
    answered = {answer.photo_sha256 for answer in list_consents(services, actor, event=event.id)}
    with grid:
        for card, place in in_cards(shown, 2):
            sha256 = photos[place]
            with card:
                alt = f"Photo {place + 1} of the event"
                st.image(views[sha256].thumbnail, alt=alt, width="stretch")
                if sha256 in answered:
                    st.caption(":material/check: Answers are on file.")
                if st.button("Ask the people in it", key=f"asking-photo-{sha256[:16]}"):
                    desk.take(photos[place:], of=len(photos))
                    st.rerun()


def _offer_room(services: Services, desk: AskingDesk, event: Event, actor: Actor) -> None:
    """Offer to record that everybody was asked together: weaker than asking each."""
    with st.expander("The whole room was asked at the start"):
        st.markdown(
            literal(
                "This counts for every photo of the event, but a person's own answer counts "
                "more. If someone said no, record it at their face."
            )
        )
        note = st.text_input("How was it asked?", placeholder="From the stage, before the talk")
        if st.button("Record it", key=desk.key("room")):
            answer = Answer(
                given=True,
                asked_on=services.today(),
                kinds=frozenset(desk.kinds),
                channels=frozenset(desk.channels),
                event_id=event.id,
                asked_by=desk.asked_by,
                note=note,
            )
            with show_errors():
                room = record_in_photo(services, answer, actor)
                desk.answered("The whole room was asked.", room.answers)
                st.rerun()


def _ask_faces(services: Services, desk: AskingDesk, sha256: str, actor: Actor) -> None:
    """Show the photo in hand with its faces to tap, and take an answer."""
    photo = photo_to_ask(services, sha256, actor)
    _warn_of(photo.people)
    picture = st.container()
    view = photo_views(services, [sha256], actor).get(sha256)
    if photo.people:
        _show_question(services, desk, photo)
        _show_rows(services, desk, photo, view, actor)
    # Below the lines: above them, it would move them away from the finger at every answer.
    if desk.said:
        _show_said(services, desk, actor)
    st.markdown(f"**{desk.place}: {literal(photo.coverage.words)}**")
    # Who said no, asked not to be shown, or may have, is none of those who were asked together.
    willing = photo.together
    together = (
        f"All {len(photo.people)} were asked"
        if len(willing) == len(photo.people)
        else f"The other {len(willing)} were asked"
    )
    everybody = len(willing) > 1 and st.toggle(together, key=desk.key("all"))
    listed = st.session_state.get(desk.key("faces"), _alone(photo))
    chosen = willing if everybody else list(listed)
    with picture:
        desk.width = _measured(desk.width)
        if view is not None:
            boxes = {person.number: person.box for person in photo.people}
            tapped = tap_faces(view, boxes, chosen, desk.width, desk.key("picture"))
            chosen = sorted({*chosen, *tapped})
    if photo.people:
        _take_answer(services, desk, photo, chosen, actor)
        _offer_taking_back(services, desk, photo, chosen, actor)
    if photo.unclear:
        unclear = counted(photo.unclear, "face")
        st.caption(f"Not numbered because nobody could recognize them: {unclear}.")
    # Keyed by the photo: a tap counts even while the answer before it is being shown.
    key = f"asking-next-{sha256[:16]}"
    words = "Next photo" if desk.waiting else "Another photo"
    st.button(
        words,
        icon=":material/arrow_forward:",
        key=key,
        width="stretch",
        on_click=_go_on,
        args=(desk, sha256),
    )


def _go_on(desk: AskingDesk, sha256: str) -> None:
    if desk.photo == sha256:
        desk.next_photo()


def _alone(photo: PhotoToAsk) -> list[int]:
    """Return the number of who is alone in a photo: they are meant without a tap."""
    return [
        person.number for person in photo.people if len(photo.people) == 1 and not person.revoked
    ]


def _warn_of(people: Sequence[PersonToAsk]) -> None:
    """Say who has asked already, once and in writing, not to be shown: nobody asks them again."""
    revoked = _by_cases({person.number: person.revoked for person in people})
    perhaps = _by_cases({person.number: person.perhaps for person in people})
    if revoked:
        said = "  \n".join(
            f"{_faces(numbers)}: {' and '.join(cases)} asked not to be shown."
            for cases, numbers in revoked.items()
        )
        st.error(f"{said}  \nDo not ask again; leave them out.", icon=":material/front_hand:")
    if perhaps:
        said = "  \n".join(
            f"{_faces(numbers)} may be {' or '.join(cases)}, who asked not to be shown."
            for cases, numbers in perhaps.items()
        )
        st.warning(f"{said}  \nLook under Review before you ask.", icon=":material/visibility:")


def _by_cases(cases: Mapping[int, tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """Return the numbers of faces by what they share; those with nothing are left out."""
    found: dict[tuple[str, ...], list[int]] = {}
    for number, of in cases.items():
        if of:
            found.setdefault(of, []).append(number)
    return found


def _faces(numbers: list[int]) -> str:
    listed = numbers_in_short(numbers)
    return f"{'Face' if len(numbers) == 1 else 'Faces'} {listed}"


# px, shown at half of it: phones draw two and more for each.
_FACE_SIDE = 96


def _show_rows(
    services: Services, desk: AskingDesk, photo: PhotoToAsk, view: PhotoView | None, actor: Actor
) -> None:
    """Show each face in a line of its own, with one tap for what they answered."""
    people = [person for person in photo.people if not person.revoked]
    faces: list[bytes] = []
    if view is not None:
        size = view.width, view.height
        faces = cut_out(view.thumbnail, size, [person.box for person in people], _FACE_SIDE)
    with st.container(key="asking-rows", gap="small"):
        for place, person in enumerate(people):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if faces:
                    st.image(inline(faces[place]), alt=f"Face {person.number}", width=48)
                _show_row(services, desk, photo, person, actor)


def _show_question(services: Services, desk: AskingDesk, photo: PhotoToAsk) -> None:
    """Say what to ask, in the words for the person: what a yes is recorded for."""
    if all(person.revoked for person in photo.people):
        return
    labels = {channel.id: channel.label for channel in services.policy.channels}
    uses = [_WHERE[kind] for kind in _KINDS if kind in desk.kinds]
    uses += [f"for {labels.get(channel, channel)}" for channel in desk.channels]
    if uses:
        st.markdown(literal(f"Ask: “May we use your photo {' and '.join(uses)}?”"))


def _show_row(
    services: Services, desk: AskingDesk, photo: PhotoToAsk, person: PersonToAsk, actor: Actor
) -> None:
    answer = person.answer
    said = "" if answer is None else f": {'yes' if answer.given else 'no'}"
    st.markdown(f"**{person.number}**{said}", width="stretch")
    # Kept before the page is drawn anew, and named after photo and face: of taps in haste, each
    # counts.
    name = f"{photo.photo_sha256[:16]}-{person.number}"
    given = (services, desk, photo, person.number, actor)
    if answer is not None and answer.box is not None:
        st.button(
            "Undo",
            type="tertiary",
            icon=":material/undo:",
            key=f"asking-undo-{name}",
            on_click=_undo_one,
            args=(services, desk, person, actor),
        )
        return
    st.button("Yes", key=f"asking-yes-{name}", on_click=_answer_one, args=(*given, True))
    st.button("No", key=f"asking-no-{name}", on_click=_answer_one, args=(*given, False))


def _answer_one(
    services: Services,
    desk: AskingDesk,
    photo: PhotoToAsk,
    number: int,
    actor: Actor,
    given: bool,  # noqa: FBT001 - as Streamlit hands it on
) -> None:
    now = photo_to_ask(services, photo.photo_sha256, actor).people
    before = next((person.answer for person in now if person.number == number), None)
    if before is not None and before.box is not None:
        return
    desk.refused.clear()
    with keep_errors(desk.refused, f"Face {number}"):
        answer = _answer(services, desk, photo, [number], given=given)
        _keep(services, desk, answer, [number], actor)


def _undo_one(services: Services, desk: AskingDesk, person: PersonToAsk, actor: Actor) -> None:
    desk.refused.clear()
    with keep_errors(desk.refused, f"Face {person.number}"):
        ids = [] if person.answer is None else [person.answer.id]
        take_back_answers(services, ids, "Entered by mistake.", actor)
        desk.answered(f"Undone: the answer of {person.number}.")


def _label(person: PersonToAsk) -> str:
    if person.revoked:
        return f"{person.number} do not ask"
    if person.answer is None:
        return str(person.number)
    return f"{person.number} {'yes' if person.answer.given else 'no'}"


def _offer_taking_back(
    services: Services, desk: AskingDesk, photo: PhotoToAsk, chosen: list[int], actor: Actor
) -> None:
    """Offer to mend an answer of the chosen faces that was entered by mistake."""
    answered = [
        person
        for person in photo.people
        if person.number in chosen and person.answer is not None and person.answer.box is not None
    ]
    if not answered:
        return
    numbers = numbers_in_short([person.number for person in answered])
    words = f"Entered by mistake: undo the answer of {numbers}"
    if st.button(words, icon=":material/undo:", type="tertiary", key=desk.key("take-back")):
        ids = [person.answer.id for person in answered if person.answer is not None]
        with show_errors():
            take_back_answers(services, ids, "Entered by mistake.", actor)
            desk.answered(f"Undone: the answer of {numbers}.")
            st.rerun()


def _take_answer(
    services: Services,
    desk: AskingDesk,
    photo: PhotoToAsk,
    chosen: list[int],
    actor: Actor,
) -> None:
    with st.container(horizontal=True, gap="small"):
        given = (services, desk, photo, actor, desk.step)
        st.button(
            "They said yes",
            type="primary",
            icon=":material/check:",
            disabled=not chosen,
            key=desk.key("yes"),
            width="stretch",
            on_click=_answer_chosen,
            args=(*given, True),
        )
        st.button(
            "They said no",
            icon=":material/close:",
            disabled=not chosen,
            key=desk.key("no"),
            width="stretch",
            on_click=_answer_chosen,
            args=(*given, False),
        )
    say_first([] if chosen else ["tap the faces of the people who gave the same answer"])
    people = {person.number: person for person in photo.people}
    with st.expander("A child? Name or note?"):
        st.pills(
            "Who was asked?",
            list(people),
            selection_mode="multi",
            default=_alone(photo),
            format_func=lambda number: _label(people[number]),
            key=desk.key("faces"),
        )
        st.text_input("Name, if they said it", key=desk.key("name"))
        if st.toggle("A child: a parent or guardian answered", key=desk.key("child")):
            st.text_input("Parent or guardian", key=desk.key("guardian"))
        st.text_input("Note", key=desk.key("note"))


def _answer_chosen(
    services: Services,
    desk: AskingDesk,
    photo: PhotoToAsk,
    actor: Actor,
    step: int,
    given: bool,  # noqa: FBT001 - as Streamlit hands it on
) -> None:
    """Record what the chosen faces answered, before the page is drawn anew."""
    if desk.step != step:
        return
    # As a dictionary: to read one value lets whatever is tapped next end this.
    state = st.session_state.to_dict()
    everybody = bool(state.get(desk.key("all")))
    listed = photo.together if everybody else state.get(desk.key("faces"), _alone(photo))
    chosen = sorted({*listed, *tapped_in(state.get(desk.key("picture")))})
    desk.refused.clear()
    with keep_errors(desk.refused, _faces(chosen)):
        answer = replace(
            _answer(services, desk, photo, chosen, given=given),
            name=str(state.get(desk.key("name"), "")),
            minor=bool(state.get(desk.key("child"))),
            guardian=str(state.get(desk.key("guardian"), "")),
            note=str(state.get(desk.key("note"), "")),
        )
        _keep(services, desk, answer, chosen, actor, everybody=everybody)


def _answer(
    services: Services, desk: AskingDesk, photo: PhotoToAsk, chosen: list[int], *, given: bool
) -> Answer:
    return Answer(
        given=given,
        asked_on=services.today(),
        kinds=frozenset(desk.kinds),
        channels=frozenset(desk.channels),
        photo_sha256=photo.photo_sha256,
        boxes=photo.boxes(chosen),
        asked_by=desk.asked_by,
    )


def _keep(
    services: Services,
    desk: AskingDesk,
    answer: Answer,
    chosen: list[int],
    actor: Actor,
    *,
    everybody: bool = False,
) -> None:
    """Record one answer of the chosen faces, and say whose."""
    kept = record_in_photo(services, answer, actor, spare=everybody)
    left_out = {person.number for person in kept.left_out}
    answered = _faces([number for number in chosen if number not in left_out])
    words = f"{answered}: {'yes' if answer.given else 'no'}. {kept.remark}"
    desk.answered(words.strip(), kept.answers)


# px: as wide as the page; what is drawn cannot be shrunk afterwards.
_MOST_WIDTH, _PHONE_WIDTH = 720, 358
_room = from_files(Path(__file__).with_name("room.js"))


def _measured(width: int) -> int:
    """Return how wide the page is, in px; at first it is guessed from what the browser says it is.

    It is drawn again when it turns out to be another, such as when a phone is turned.
    """
    on_phone = "Mobi" in (st.context.headers.get("User-Agent") or "")
    guess = width or (_PHONE_WIDTH if on_phone else _MOST_WIDTH)
    told = _room(key="asking-room", data={"width": guess}, on_width_change=wanted).width
    return min(int(told), _MOST_WIDTH) if isinstance(told, int | float) and told else guess
