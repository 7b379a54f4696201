"""Home: what waits for whoever is here, and where a new library begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import streamlit as st

from consent.cases.reminders import count_lapsing_holds, list_disputed, list_half_withdrawn
from consent.checking.overrides import list_overrides
from consent.domain.actors import Actor, Role
from consent.domain.roles import Duty
from consent.domain.wording import counted
from consent.publishing.posts import count_scheduled
from consent.retention.dispose import count_due
from consent.review.queue import count_to_review
from consent.services import Services
from consent.status import Beginning, count_problems, read_beginning
from consent.takedowns.appeals import list_appeals
from consent.takedowns.board import count_takedowns
from pages.published.takedowns import APPEALS, VIEW
from pages.review.queue import OVERRIDES
from pages.review.queue import VIEW as REVIEW_VIEW
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.look import literal, show_link
from pages.ui.words import short_day


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for a person, with the page where it is done.

    Attributes:
        words: how many, and of what.
        urgent: why it cannot wait; empty where it can.
        page: the address of the page.
        about: what its address names there.
    """

    words: str
    urgent: str
    page: str
    icon: str
    about: Mapping[str, str] = field(default_factory=dict)


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Home", actor)
    with show_errors():
        beginning = read_beginning(services)
        if guard.is_demo():
            _show_tour()
        elif not beginning.done:
            _show_first_steps(services, beginning, actor)
        else:
            st.caption("Likeness keeps people who said no out of what the library publishes.")
    _offer_work(actor)
    _show_tasks(services, actor)


# -- what waits ----------------------------------------------------------------------------------


def _show_tasks(services: Services, actor: Actor) -> None:
    st.header("To do today", anchor=False)
    found = 0
    with st.container(gap="xsmall"):
        for read in (
            _takedowns,
            _posts,
            _holds,
            _objections,
            _seconds,
            _appeals,
            _to_review,
            _disposals,
            _problems,
        ):
            # One that cannot be read must not hide the others.
            with show_errors():
                for task in read(services, actor):
                    _show_task(task)
                    found += 1
    if not found:
        st.success("Nothing is waiting for you.", icon=":material/task_alt:")


def _show_task(task: Task) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        show_link(task.page, task.words, task.icon, task.about)
        if task.urgent:
            st.badge(literal(task.urgent), icon=":material/alarm:", color="orange")


def _takedowns(services: Services, actor: Actor) -> Iterator[Task]:
    does, prints = guard.may(actor, Duty.TAKE_DOWN), guard.may(actor, Duty.SIGN_OFF)
    if not (does or prints):
        return
    counts = count_takedowns(services, actor)
    if counts.to_stop:
        words = counted(counts.to_stop, "photo to stop", "photos to stop")
        yield Task(
            f"{words} before print",
            "Can still be stopped",
            "takedowns",
            ":material/print_disabled:",
        )
    if does and counts.to_remove:
        yield Task(
            counted(counts.to_remove, "published photo") + " to take down",
            f"{counts.overdue:,} overdue" if counts.overdue else "",
            "takedowns",
            ":material/delete_sweep:",
        )


def _posts(services: Services, actor: Actor) -> Iterator[Task]:
    if not guard.may(actor, Duty.PUBLISH):
        return
    counts = count_scheduled(services, actor)
    due = counted(counts.due, "scheduled photo is", "scheduled photos are")
    for count, words, icon in (
        (counts.stopped, counted(counts.stopped, "scheduled photo") + " must not go out", "block"),
        (counts.stale, counted(counts.stale, "scheduled photo") + " to check again", "update"),
        (counts.due, f"{due} due", "schedule"),
    ):
        if count:
            yield Task(words, "", "published", f":material/{icon}:")


def _holds(services: Services, actor: Actor) -> Iterator[Task]:
    if guard.may(actor, Duty.TAKE_LETTERS) and (count := count_lapsing_holds(services, actor)):
        yield Task(
            counted(count, "hold ends", "holds end") + " within a week: ask for the letter",
            "",
            "register",
            ":material/back_hand:",
        )


def _objections(services: Services, actor: Actor) -> Iterator[Task]:
    """One for each case, for it is decided on its page."""
    if not (guard.may(actor, Duty.SETTLE) and guard.may(actor, Duty.READ_CASES)):
        return
    for label in list_disputed(services, actor):
        words = f"Decide the objection to {label}"
        yield Task(words, "", "case", ":material/gavel:", {"case": label})


def _seconds(services: Services, actor: Actor) -> Iterator[Task]:
    """What counts only once somebody else has agreed to it."""
    if guard.may(actor, Duty.RESCIND) and guard.may(actor, Duty.READ_CASES):
        for label in list_half_withdrawn(services, actor):
            words = f"A second person must agree that {label} is withdrawn"
            yield Task(words, "", "case", ":material/group:", {"case": label})
    if guard.may(actor, Duty.SECOND) and guard.may(actor, Duty.READ_OVERRIDES):
        waiting = [
            override
            for override in list_overrides(services, actor)
            if override.waits_for_second and not actor.is_same_person(override.granted_by)
        ]
        if waiting:
            words = counted(len(waiting), "override") + " about a minor: agree or not"
            yield Task(words, "", "review", ":material/group:", {REVIEW_VIEW: OVERRIDES})


def _appeals(services: Services, actor: Actor) -> Iterator[Task]:
    if not guard.may(actor, Duty.ANSWER_APPEALS):
        return
    waiting = [appeal for appeal in list_appeals(services, actor) if appeal.waits]
    if waiting:
        late = sum(appeal.due_on < services.today() for appeal in waiting)
        first = short_day(min(appeal.due_on for appeal in waiting))
        by = f"by {first}" if len(waiting) == 1 else f"the first by {first}"
        yield Task(
            f"{counted(len(waiting), 'appeal')} to answer, {by}",
            f"{late:,} overdue" if late else "",
            "takedowns",
            ":material/contact_mail:",
            {VIEW: APPEALS},
        )


def _to_review(services: Services, actor: Actor) -> Iterator[Task]:
    if not guard.may(actor, Duty.REVIEW):
        return
    with st.spinner("Comparing new photos"):
        count = count_to_review(services, actor)
    if count is None:
        yield Task("The review list is being made: open it", "", "review", ":material/how_to_reg:")
    elif count:
        yield Task(
            counted(count, "possible match", "possible matches") + " to review",
            "",
            "review",
            ":material/how_to_reg:",
        )


def _disposals(services: Services, actor: Actor) -> Iterator[Task]:
    if guard.may(actor, Duty.DISPOSE) and (count := count_due(services, actor)):
        yield Task(
            counted(count, "case is", "cases are")
            + " due to be destroyed: start with the command likeness dispose due",
            "",
            "register",
            ":material/auto_delete:",
        )


def _problems(services: Services, actor: Actor) -> Iterator[Task]:
    if not guard.may(actor, Duty.READ_STATUS):
        return
    count = count_problems(services, actor)
    if count.faces_missing:
        yield Task(
            "Faces are not compared: a part of the program is missing",
            "Tell your IT today",
            "status",
            ":material/error:",
        )
    if count.others:
        yield Task(
            counted(count.others, "problem") + " to look into",
            "",
            "status",
            ":material/monitor_heart:",
        )


# -- where to go ---------------------------------------------------------------------------------

_WORK = [
    ("check", Duty.CHECK, "Check photos before you post", ":material/image_search:"),
    ("record", Duty.TAKE_LETTERS, "Record a revocation", ":material/person_off:"),
    ("print", Duty.PRINT, "Check a newsletter before it is printed", ":material/newspaper:"),
    ("ask", Duty.ASK, "Ask people for their OK", ":material/forum:"),
    ("register", Duty.READ_CASES, "Find a case", ":material/folder_shared:"),
    ("records", Duty.RECORDS_REQUEST, "Answer a records request", ":material/outbox:"),
    ("accounts", Duty.KEEP_ACCOUNTS, "Add or change accounts", ":material/manage_accounts:"),
]


def _offer_work(actor: Actor) -> None:
    """Offer what people come for, the first of it as the main thing on the page."""
    mine = [work for work in _WORK if guard.may(actor, work[1])]
    if not mine:
        return
    with st.container(horizontal=True, key="home-work"):
        for address, _, words, icon in mine:
            show_link(address, words, icon)


# -- where to begin ------------------------------------------------------------------------------

_TOUR = [
    ("record", "Record a revocation", "Use any name. Add a photo of one of the sample people."),
    (
        "check",
        "Check photos",
        "Drop other photos of the same person, and see which ones the program stops.",
    ),
    ("review", "Review", "Compare the two faces. Is it the same person?"),
]


def _show_tour() -> None:
    """Say to whoever tries the program what it is, and what to try."""
    with st.container(border=True):
        st.markdown(
            "**Likeness keeps people who said no out of what the library publishes.** The desk "
            "records each written request. Before a photo is posted or printed, the program looks "
            "for those people in it. A person decides when it is not sure. The sample photos are "
            "in the program's folder, under data/samples. Try it in three steps:"
        )
        for column, (number, step) in zip(st.columns(3), enumerate(_TOUR, 1), strict=True):
            address, title, words = step
            with column:
                show_link(address, f"**{number}. {title}**", ":material/arrow_forward:")
                st.caption(words)


def _show_first_steps(services: Services, beginning: Beginning, actor: Actor) -> None:
    """Say to a new library what to do first, and what of it is done."""
    with st.container(border=True):
        st.markdown(
            "**Likeness keeps people who said no out of what the library publishes.** "
            "Before you start:"
        )
        policy = services.policy
        _show_step(
            f"Read the rules this program follows: {policy.name}, version {policy.version}. "
            f"They are in the file {services.settings.policy.name}. Your IT can show it to you.",
            done=False,
            icon=":material/gavel:",
        )
        _show_step(
            "Keep a copy of the key somewhere else, apart from the backups: without it nobody can "
            "read the register. Your IT does this. The command likeness key check says where the "
            "key is.",
            done=False,
            icon=":material/key:",
        )
        _show_step(
            "Add an account for each person on your staff.",
            done=beginning.accounts,
            page="accounts" if actor.is_one_of({Role.ADMIN}) else "",
            who="an administrator",
        )
        _show_step(
            "Add the photos that the library already has, so that the program also finds people"
            " in old photos. Your IT does this with the command likeness index.",
            done=beginning.photos,
        )
        _show_step(
            "Record the first written request.",
            done=beginning.cases,
            page="record" if guard.may(actor, Duty.TAKE_LETTERS) else "",
            who="the desk",
        )


def _show_step(
    words: str,
    *,
    done: bool,
    page: str = "",
    who: str = "",
    icon: str = ":material/radio_button_unchecked:",
) -> None:
    if done:
        st.markdown(f":green[:material/check_circle:] {literal(words)} **Done.**")
    elif page:
        show_link(page, literal(words), icon)
    else:
        by = f" ({who} does this)" if who else ""
        st.markdown(f"{icon} {literal(words.removesuffix('.'))}{by}.")
