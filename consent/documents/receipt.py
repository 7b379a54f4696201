"""What a receipt says: pure, from the case, the policy, the texts and today's date.

It goes into the hands of whoever asked, so it holds their own data only: no staff notes, no
locators (they name companions), no reasons, and no contact or birth year that they know anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from consent.documents.scope_words import channel_name, scope_words
from consent.documents.texts import ReceiptTexts, Words
from consent.domain.cases import CaseEvent, CaseStep, Revocation, State
from consent.domain.channels import Channel, ChannelKind
from consent.domain.fields import FIELDS
from consent.domain.policy import Policy
from consent.domain.terms import Period, Relationship, Scope, Terms

_OVER = frozenset({State.RESCINDED, State.LAPSED, State.ENDED, State.MISTAKEN})
# Said in a row of their own.
_BESIDES = frozenset(
    {CaseStep.CORRECTED, CaseStep.DISPUTED, CaseStep.SETTLED, CaseStep.RESCISSION_ASKED}
)
_ENDINGS = frozenset({CaseStep.RESCINDED, CaseStep.MISTAKEN})
# Most letters of what others wrote, so that what follows it on its line is not cut off.
_WORD, _NAME, _SENTENCE = 60, 160, 160


def receipt_for(
    case: Revocation,
    policy: Policy,
    texts: ReceiptTexts,
    language: str,
    today: date,
    event_names: Mapping[str, str],
    day_of: Callable[[datetime], date] = datetime.date,
) -> ReceiptPage:
    """Say what the register holds of a case, for whoever asked.

    The step that happened last decides what it is: a receipt for a revocation or a hold, or the
    confirmation of a change or of the end. `event_names` are by event id; `day_of` says on which
    day of the library's calendar a moment was.

    Raises:
        BadInputError: there are no texts in the language.
    """
    words, english = texts.words(language), texts.words("en")
    return _Composer(case, policy, words, english, today, event_names, day_of).page()


def page_of(
    policy: Policy,
    words: Words,
    number: str,
    today: date,
    title: str,
    lead: str,
    rows: Iterable[Row],
    sections: Iterable[Section],
) -> ReceiptPage:
    """Return a page about a case, with what stands on every one: whom to ask, policy and day."""
    library, address = policy.library, policy.address
    ask = words.say("ask", library=library, address=address, number=number)
    return ReceiptPage(
        language=words.language,
        library=library,
        number_label=words.say("label_number"),
        number=number,
        title=title,
        lead=lead,
        rows=tuple(rows),
        sections=(*sections, Section(words.say("heading_ask"), (ask,))),
        foot=(policy_line(policy, words), words.say("printed", date=today)),
        notes=PageNotes(words.say("note_cut"), words.say("note_glyphs")),
        logo=policy.logo,
    )


def policy_line(policy: Policy, words: Words) -> str:
    """Say which policy a document follows."""
    return words.say(
        "policy",
        library=policy.library,
        policy=words.policy_names.get(policy.name, policy.name),
        version=policy.version,
        effective=policy.effective,
    )


@dataclass(frozen=True, slots=True)
class _Composer:
    """Knows the case, the day and the language, and words each part of the page."""

    _case: Revocation
    _policy: Policy
    _words: Words
    _english: Words
    _today: date
    _event_names: Mapping[str, str]
    _day_of: Callable[[datetime], date]

    @property
    def _last(self) -> CaseEvent:
        """The last step, but for those that change nothing of what the case says."""
        return [
            step
            for step in self._case.history
            if step.step not in _BESIDES and not self._rights_a_slip(step)
        ][-1]

    def _rights_a_slip(self, step: CaseEvent) -> bool:
        """Whether a step is the library's own correction, or was entered with one."""
        if step.step is CaseStep.CORRECTED:
            return True
        before = self._case.history[: self._case.history.index(step)]
        corrected = {other.at for other in before if other.step is CaseStep.CORRECTED}
        return step.step is CaseStep.AMENDED and step.at in corrected

    @property
    def _corrected(self) -> bool:
        """Whether a slip was put right since the last step."""
        return self._rights_a_slip(self._case.history[-1])

    @property
    def _decided(self) -> bool:
        """Whether a director ended it, and nobody withdrew it."""
        history = self._case.history
        return self._rescinded and any(
            step.step is CaseStep.SETTLED and step.at == self._last.at for step in history
        )

    @property
    def _mistaken(self) -> bool:
        return self._last.step is CaseStep.MISTAKEN

    @property
    def _terms(self) -> Terms:
        return self._case.terms

    @property
    def _rescinded(self) -> bool:
        return self._last.step is CaseStep.RESCINDED

    @property
    def _is_hold(self) -> bool:
        return not self._case.in_writing

    @property
    def _lapses_on(self) -> date:
        days = timedelta(days=self._policy.hold_days)
        return self._case.lapses_on or self._terms.submission.on + days

    @property
    def _over(self) -> bool:
        return self._rescinded or self._mistaken or self._case.state(self._today) in _OVER

    def page(self) -> ReceiptPage:
        return page_of(
            self._policy,
            self._words,
            self._case.label,
            self._today,
            self._title(),
            self._lead(),
            self._rows(),
            self._sections(),
        )

    def _say(self, key: str, **values: str | date) -> str:
        return self._words.say(key, **values)

    @property
    def _ending(self) -> str:
        """Which of the texts on the end of a case holds."""
        return "decided" if self._decided else self._last.step

    def _title(self) -> str:
        if self._last.step in _ENDINGS:
            return self._say(f"title_{self._ending}")
        if self._last.step is CaseStep.AMENDED and not self._corrected:
            return self._say("title_amended")
        if self._is_hold:
            return self._say("title_hold", date=self._lapses_on)
        return self._say("title_revocation")

    def _lead(self) -> str:
        state = self._case.state(self._today)
        if self._last.step in _ENDINGS:
            return self._say(f"lead_{self._ending}", date=self._last.effective_on)
        if state is State.LAPSED:
            return self._say("lead_hold_lapsed", date=self._lapses_on)
        if state is State.ENDED and self._terms.until is not None:
            return self._say("lead_ended", date=self._terms.until)
        return self._lead_while_it_holds()

    def _lead_while_it_holds(self) -> str:
        if self._corrected:
            return self._say("lead_corrected")
        if self._last.step is CaseStep.AMENDED:
            return self._say("lead_amended")
        if self._is_hold:
            return self._say("lead_hold", date=self._lapses_on)
        return self._say("lead_revocation")

    def _rows(self) -> Iterator[Row]:
        if self._corrected:
            yield self._row("corrected", self._say("corrected"))
        yield from self._objection()
        yield self._row("received", self._received())
        yield from self._who()
        if self._mistaken:
            return
        scope = self._terms.scope
        began = self._terms.effective_from
        covered = scope_words(scope, self._policy, self._words, self._event_names, began)
        yield self._row("channels", covered.channels)
        yield self._row("photos", covered.photos)
        yield self._row("period", covered.period)
        yield self._row("caption", covered.caption)
        yield from self._fields()
        yield from self._term()
        yield from self._template()

    def _objection(self) -> Iterator[Row]:
        """Tell who signed that somebody objected, or that it was decided that it stands."""
        if (filed := self._case.dispute) is not None:
            yield self._row("disputed", self._say("disputed", date=filed.effective_on))
        elif not self._over:
            decided = [step for step in self._case.history if step.step is CaseStep.SETTLED]
            if decided:
                said = self._say("dispute_stands", date=decided[-1].effective_on)
                yield self._row("disputed", said)

    def _row(self, name: str, value: str) -> Row:
        return Row(self._say(f"label_{name}"), value)

    def _received(self) -> str:
        letter = self._terms.submission
        method = self._say(f"method_{letter.method}")
        on, staff = letter.on, _short(letter.by, _WORD)
        if branch := _short(letter.branch.strip(), _WORD):
            return self._say("received_at", date=on, method=method, staff=staff, branch=branch)
        return self._say("received", date=on, method=method, staff=staff)

    def _who(self) -> Iterator[Row]:
        person, asked = self._case.person, self._terms.requester
        name = _short(person.name, _NAME)
        yield self._row("person", self._say("minor", name=name) if person.minor else name)
        guardian = (person.guardian or "") if person.minor else ""
        if guardian:
            yield self._row("guardian", _short(guardian, _NAME))
        known = {person.name.casefold(), guardian.casefold()}
        if asked.relationship is not Relationship.SELF and asked.name.casefold() not in known:
            how = self._say(f"relationship_{asked.relationship}")
            name = _short(asked.name, _NAME)
            who = self._say("requester", name=name, relationship=how)
            yield self._row("requester", who)

    def _fields(self) -> Iterator[Row]:
        """Say the fields that have a row of their own, as the table of fields has it."""
        for field in FIELDS:
            if field.receipt_label and (value := field.kept(self._case, self._terms)):
                text = (
                    self._words.day(value) if field.kind is date else _short(str(value), _SENTENCE)
                )
                yield self._row(field.receipt_label, text)

    def _term(self) -> Iterator[Row]:
        if self._last.step is CaseStep.AMENDED:
            yield self._row("changed", self._words.day(self._last.effective_on))
        if self._decided:
            yield self._row("until", self._words.day(self._last.effective_on))
        elif self._rescinded:
            on, staff = self._last.effective_on, _short(self._last.actor.id, _WORD)
            value = self._say("rescinded_entered", date=on, staff=staff)
            yield self._row("rescinded", value)
        elif self._is_hold:
            value = self._say("until_hold", date=self._lapses_on)
            yield self._row("until", value)
        elif self._terms.until is not None:
            value = self._say("until_ends", date=self._terms.until)
            yield self._row("until", value)
        else:
            yield self._row("until", self._say("until_open"))

    def _template(self) -> Iterator[Row]:
        agreed = self._terms.template_agreement
        if self._rescinded:
            if agreed is not None:
                yield self._row("template", self._template_of_rescinded())
            return
        if agreed is None:
            yield self._row("template", self._say("template_none"))
            return
        purpose = agreed.purpose
        if purpose == self._english.say("template_purpose"):
            purpose = self._say("template_purpose")
        purpose = _short(purpose, _SENTENCE)
        sentences = [self._say("template_agreed", date=agreed.agreed_on, purpose=purpose)]
        if agreed.recorded_by:
            staff = _short(agreed.recorded_by, _WORD)
            sentences.append(self._say("template_recorded", staff=staff))
        if agreed.until is not None:
            sentences.append(self._say("template_ends", date=agreed.until))
        yield self._row("template", " ".join(sentences))

    def _template_of_rescinded(self) -> str:
        ends_on = self._last.effective_on
        if ends_on <= self._today:
            return self._say("template_erased")
        return self._say("template_to_erase", date=ends_on)

    def _sections(self) -> Iterator[Section]:
        change = "change_again" if self._over else "change_hold" if self._is_hold else "change"
        said = self._say(change, number=self._case.label)
        yield Section(self._say("heading_next"), tuple(self._next_steps()))
        yield Section(self._say(f"heading_{change}"), (said,))

    def _next_steps(self) -> Iterator[str]:
        if self._rescinded:
            yield self._say("next_rescinded", date=self._last.effective_on)
        if self._over:
            yield self._say("next_again")
            return
        by_face = self._terms.agreement_on(self._today) is not None
        if self._is_hold:
            yield self._say("next_hold", date=self._lapses_on)
            if not by_face:
                yield self._say("next_no_face")
            yield self._say("next_hold_ends")
        else:
            yield self._say("next_check")
            if not by_face:
                yield self._say("next_no_face")
            for key in _about_old_photos(self._terms.scope, self._policy):
                if key == "next_online":
                    yield from self._days_of_copies()
                else:
                    yield self._say(key)
            yield self._say("next_others")
        yield self._say("next_no_id")

    def _days_of_copies(self) -> Iterator[str]:
        """Say by which day copies online come down, the sooner ones by their channels."""
        scope, safety = self._terms.scope, self._terms.safety
        begins = max(self._last.effective_on, self._day_of(self._last.at))
        channels: dict[int, list[Channel]] = {}
        for channel in self._policy.channels:
            if channel.kind is ChannelKind.ONLINE and scope.covers_channel(channel):
                days = self._policy.takedowns.days_for(channel, safety=safety)
                channels.setdefault(days, []).append(channel)
        latest = max(channels, default=0)
        for days in sorted(channels, reverse=True):
            by = begins + timedelta(days=days)
            if days == latest:
                yield self._say("next_online", date=by, days=str(days))
                continue
            names = self._words.listed(
                [channel_name(channel, self._words) for channel in channels[days]]
            )
            yield self._say("next_sooner", channels=names, date=by, days=str(days))


def _about_old_photos(scope: Scope, policy: Policy) -> Iterator[str]:
    """Name the sentences on photos that are out already, as far as the scope covers them."""
    if scope.period is Period.FUTURE:
        return
    covered = scope.kinds | {
        channel.kind for channel in policy.channels if scope.covers_channel(channel)
    }
    yield "next_found"
    for kind in ChannelKind:
        if kind in covered or scope.all_channels:
            yield f"next_{kind}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Row:
    """A fact and its label."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageNotes:
    """Said below a page only where needed.

    Attributes:
        cut: a text was too long.
        glyphs: a letter could not be printed.
    """

    cut: str
    glyphs: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A receipt, ready to be set on one page; `code` is drawn as a QR code."""

    language: str
    library: str
    number_label: str
    number: str
    title: str
    lead: str
    rows: tuple[Row, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    notes: PageNotes
    code: str = ""
    logo: bytes = b""
