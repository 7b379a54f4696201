"""Rows of a list, CSV or Excel, each with its line, so that every mistake can be named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from consent.domain.errors import BadInputError, ConsentError
from consent.settings import DateOrder
from consent.workbook import WORKBOOK_STARTS, workbook_rows
from media_index.errors import MediaIndexError

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
# A list may have a title above its heading.
_MOST_TITLES = 10
# Of web pages, which some programs give the name .xls, XML, JSON and PDF.
_NO_LIST = ("<", "{", "[", "%PDF")
# A cell that begins so is a formula to a spreadsheet, and a file name is anybody's text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{2}|\d{4})", re.ASCII)
# As nobody can misread it, though a zero be left out.
_YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})", re.ASCII)
_SHORT_YEAR = re.compile(r"^00\d\d-|^(?!\d{4}\b).*[/. -]'?\d\d$")
# As a spreadsheet counts days since 1900, of years from 1954 on.
_DAY_COUNT = re.compile(r"[2-6]\d{4}")
_TOO_NARROW = re.compile(r"#+")
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[^\W_]+")
# What spreadsheets add to a day: midnight, or when somebody filled in a form.
_TIME = re.compile(r"(?:[T ]|, )\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]\.?M\.?)?$", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)
# What a spreadsheet writes where a formula fails, and how people keep it from changing a text.
_FAILED = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"|\'([=+@\d-].*)')
# UTF-8 that was read as Windows' or macOS's letters, and saved so: \u00c3\u00a9 for \u00e9.
_GARBLED = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u2122]|\u221a[\u00a9\u00b1]|\ufffd")
_IN_WORDS = ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y")
# A year before is a slip: no library has a photo register so old.
_EARLIEST_YEAR = 1900
_MONTHS = 12
# Spaces without width, marks of direction, byte order marks in the middle; not what turns letters,
# so that a name with them is asked about.
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0"})


def cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet runs as a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(heading: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table for a spreadsheet; None is an empty cell."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(heading)
    table.writerows([cell("" if value is None else value) for value in row] for row in rows)
    return text.getvalue()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not recorded, and why; the heading is line 1."""

    line: int
    reason: str


_NO_ROWS = BadRow(2, "The file has no rows below its heading.")
Row = BadRow | tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list that was read.

    Attributes:
        hidden: what to say of rows and columns that a spreadsheet hides; empty if it hides none.
    """

    rows: list[Row]
    hidden: str = ""


# The cells of a row; or why it cannot be read.
Line = tuple[int, list[str] | str]


def read_rows(
    file: Path,
    columns: Sequence[str],
    required: Sequence[str],
    also: Mapping[str, str] | None = None,
    called: str = "",
) -> ReadList:
    """Return the rows of a CSV file or workbook by column, each with its line; bad ones say why.

    A heading is taken as people write it: "Date received" for received, where `also` says so, and
    any with spaces, capitals and signs. `called` is what whoever handed the file in calls it.

    Raises:
        BadInputError: the file cannot be read, or lacks a column.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInputError(
            f"{called or file} cannot be read ({error.strerror}): check the path."
        ) from error
    is_workbook = content.startswith(WORKBOOK_STARTS) or file.suffix.lower() == ".xlsx"
    named = Path(called) if called else file
    lines: Iterator[Line]
    lines, hidden = (
        workbook_rows(named, content) if is_workbook else (_csv_lines(named, content), "")
    )
    first = _first_of(lines, columns, required, also or {})
    heading = _heading(named, first, columns, required)
    rows = [
        _row(line, cells, heading)
        for line, cells in lines
        if isinstance(cells, str) or any(cell.strip() for cell in cells)
    ]
    return ReadList(rows or [_NO_ROWS], hidden)


def _first_of(
    lines: Iterator[Line], columns: Sequence[str], required: Sequence[str], also: Mapping[str, str]
) -> list[str] | str:
    """Return the heading: the first row that has the columns required, or the first that is filled.

    What stands above it is a title.
    """
    filled: list[list[str] | str] = []
    for _, cells in lines:
        if isinstance(cells, str):
            return filled[0] if filled else cells
        names = [_column(_plain(name), columns, also) for name in cells]
        if any(names):
            filled.append(names)
        if set(required) <= {name.casefold() for name in names}:
            return names
        if len(filled) == _MOST_TITLES:
            break
    return filled[0] if filled else []


def _plain(text: str) -> str:
    """Return what a cell says: without spaces and marks that nobody sees, and as it was kept."""
    seen = text.strip().strip(_UNSEEN).strip()
    kept = _KEPT_AS_TEXT.fullmatch(seen)
    return (kept[1] or kept[2] or "").strip() if kept else seen


def _column(heading: str, columns: Sequence[str], also: Mapping[str, str]) -> str:
    """Return the column that a heading means; as it stands, if it means none."""
    plain = " ".join(_WORDS.findall(heading.casefold()))
    known = {name.replace("_", " "): name for name in columns} | dict(also)
    return known.get(plain, heading)


def _csv_lines(file: Path, content: bytes) -> Iterator[Line]:
    try:
        # utf-8-sig: spreadsheets put a byte order mark first.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(
            f'{file} is not UTF-8: save it from the spreadsheet as "CSV UTF-8".'
        ) from error
    if text[:5].casefold().lstrip('"').startswith("sep="):
        raise BadInputError(
            f"{file} begins with {text.splitlines()[0]!r}, which only Excel reads: delete that "
            "line, and check that there are commas between the columns."
        )
    if text.lstrip().startswith(_NO_LIST):
        raise BadInputError(
            f"{file} is not a list, even though its name says so: open it in a spreadsheet, and "
            'save it as "CSV UTF-8".'
        )
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        # A quoted cell may run over several lines; the row is named by its first.
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, str(error)


def _row(line: int, cells: list[str] | str, heading: Sequence[str]) -> Row:
    if isinstance(cells, str):
        return BadRow(
            line,
            f"The row cannot be read ({cells}): check its quotation marks. What follows may have "
            "been swallowed by them.",
        )
    if any(cell.strip() for cell in cells[len(heading) :]):
        return BadRow(
            line,
            "The row has more cells than the heading: put quotation marks around a cell that "
            "holds a comma.",
        )
    if odd := next(filter(None, map(_odd, cells)), ""):
        return BadRow(line, odd)
    if any(cell.strip() for name, cell in zip(heading, cells, strict=False) if not name):
        return BadRow(line, "The row has something in a column without a heading: name the column.")
    # A row may stop short; the cells it lacks are empty.
    return line, {name: _plain(cell) for name, cell in zip(heading, cells, strict=False) if name}


def _odd(text: str) -> str:
    """Say what is wrong with a cell that no person has typed; empty if nothing is."""
    if "\0" in text:
        return "The row holds zeros where text should be: save the list again from the spreadsheet."
    is_formula = text.startswith("=") and not _KEPT_AS_TEXT.match(text)
    if is_formula or _FAILED.fullmatch(text.strip()):
        return (
            f"{text!r} is a formula, or what a spreadsheet writes where one fails: put there what "
            "it should say."
        )
    if _GARBLED.search(text):
        return (
            f"{text!r} has letters that a program garbled: go back to the list as it was before, "
            'and save it as "CSV UTF-8".'
        )
    return ""


def keep_rows(rows: Sequence[Row], keep: Callable[[dict[str, str]], None]) -> list[BadRow]:
    """Keep each row; return those that could not be read or kept, and why."""
    bad: list[BadRow] = []
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(row)
            continue
        line, cells = row
        try:
            keep(cells)
        except (ConsentError, MediaIndexError) as error:
            bad.append(BadRow(line, str(error)))
    return bad


def _heading(
    file: Path, first: list[str] | str, columns: Sequence[str], required: Sequence[str]
) -> list[str]:
    if isinstance(first, str):
        raise BadInputError(
            f"{file}: the first line can't be read ({first}): check its quotation marks."
        )
    heading = [name.strip().casefold() for name in first]
    while heading and not heading[-1]:
        # Spreadsheets leave empty columns at the end.
        heading.pop()
    if missing := [name for name in required if name not in heading]:
        # What spreadsheets write where the comma is the decimal sign. It is not guessed: in cells
        # a semicolon stands between several photos.
        if len(heading) == 1 and (other := _OTHER_SEPARATORS.keys() & set(heading[0])):
            names = " and ".join(sorted(_OTHER_SEPARATORS[mark] for mark in other))
            raise BadInputError(
                f"{file} does not have the column {missing[0]!r}: there are {names} between its "
                "columns. Save it with commas instead."
            )
        raise BadInputError(
            f"{file} does not have the column {missing[0]!r}. "
            f"It has {', '.join(heading) or 'none'}."
        )
    if unknown := [name for name in heading if name and name not in columns]:
        raise BadInputError(
            f"{file} has a column {unknown[0]!r}; the columns are {', '.join(columns)}."
        )
    if twice := [name for name in heading if name and heading.count(name) > 1]:
        raise BadInputError(f"{file} has the column {twice[0]!r} twice: remove one.")
    return heading


def day_of(text: str, order: DateOrder = DateOrder.YEAR_FIRST) -> date:
    """Return the day of a cell such as 2026-05-14, or as Excel writes it where the library is.

    Raises:
        BadInputError: it is none.
    """
    text = _TIME.sub("", text.strip())
    found = _NUMBERS.fullmatch(text)
    try:
        if found is None:
            whole = _YEAR_FIRST.sub(_with_zeros, text)
            day = _in_words(text) or date.fromisoformat(whole.replace("/", "-"))
        elif len(found[4]) == len("26"):
            raise DateError(text)
        else:
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            # With points the day stands first nearly everywhere, but here.
            unsure = order is DateOrder.YEAR_FIRST or (
                order is DateOrder.MONTH_FIRST and found[2] == "." and second <= _MONTHS
            )
            if unsure and (found[2] != "." or first <= _MONTHS):
                raise DateError(text)
            month_first = order is DateOrder.MONTH_FIRST and (found[2] != "." or second > _MONTHS)
            day = date(year, *((first, second) if month_first else (second, first)))
    except ValueError as error:
        raise DateError(text, order) from error
    if day.year < _EARLIEST_YEAR:
        raise DateError(text)
    return day


def _with_zeros(found: re.Match[str]) -> str:
    return f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}"


def _in_words(text: str) -> date | None:
    """Return the day of June 1, 2026, 1-Jun-2026 or Thu, Sept. 3rd 2026; None if it is none so."""
    plain = re.sub(r"[.,-]", " ", _ORDINAL.sub("", _WEEKDAY.sub("", text)))
    plain = " ".join(plain.replace("Sept ", "Sep ").split())
    for written in _IN_WORDS:
        try:
            return datetime.strptime(plain, written).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


class DateError(BadInputError):
    """A cell that is no date, or none that can be relied on."""

    def __init__(self, text: str, order: DateOrder = DateOrder.YEAR_FIRST) -> None:
        said = f"{text!r} is not a date: write it as 2026-05-14."
        if not text:
            said = "The day is missing: write it as 2026-05-14."
        elif _TOO_NARROW.fullmatch(text):
            said = (
                f"{text!r} is there because the column was too narrow for a date: make it wider "
                "in the spreadsheet, and save the list again."
            )
        elif _DAY_COUNT.fullmatch(text):
            said = (
                f"{text!r} is a date stored as a number: format the column as a date, so that it"
                " shows 2026-05-14, and save the list again."
            )
        elif _NUMBERS.fullmatch(text) and order is not DateOrder.YEAR_FIRST:
            said = (
                f"{text!r} is not a date, read {order.replace('-', ' ')}: write it as 2026-05-14."
            )
        elif _SHORT_YEAR.search(text):
            said = f"{text!r} does not have the full year: write it as 2026-05-14."
        # Whoever typed it well finds it changed by the spreadsheet.
        changed = _DIGIT.search(text) and not _DAY_COUNT.fullmatch(text)
        hint = " Excel does not change it in a column formatted as Text." if changed else ""
        super().__init__(said + hint)


def value_of(text: str, kind: type, column: str, order: DateOrder) -> object:
    """Return what a cell of a column says, as text, a number, a day, yes or no, or a known word.

    Raises:
        BadInputError: it says nothing of that kind.
    """
    if kind is date:
        return day_of(text, order)
    if kind is bool:
        return _yes_or_no(text, column)
    if kind is int:
        if not text.isdecimal():
            raise BadInputError(f"{column} is {text!r}: write a number.")
        return int(text)
    if issubclass(kind, StrEnum):
        try:
            return kind(text.casefold().replace(" ", "_"))
        except ValueError as error:
            raise BadInputError(f"{text!r} is not a {column}: use {', '.join(kind)}.") from error
    return text


def _yes_or_no(text: str, column: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    raise BadInputError(f"{column} is {text!r}: write yes or no.")
