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

_OTHER_SEPARATORS = frozenset(";\t")
# A cell that begins so is a formula to a spreadsheet, and a file name is anybody's text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")
_SHORT_YEAR = re.compile(r"^00\d\d-|\b\d\d$")
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[^\W_]+")
# Midnight, which spreadsheets add to a day.
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00(\.0+)?)?$")
_IN_WORDS = ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y")
# A year before is a slip: no library has a photo register so old.
_EARLIEST_YEAR = 1900
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


Row = BadRow | tuple[int, dict[str, str]]
# The cells of a row; or why it cannot be read.
Line = tuple[int, list[str] | str]


def read_rows(
    file: Path,
    columns: Sequence[str],
    required: Sequence[str],
    also: Mapping[str, str] | None = None,
    called: str = "",
) -> list[Row]:
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
    nothing: Line = (1, [])
    named = Path(called) if called else file
    lines: Iterator[Line] = (workbook_rows if is_workbook else _csv_lines)(named, content)
    _, first = next(lines, nothing)
    if not isinstance(first, str):
        first = [_column(name, columns, also or {}) for name in first]
    heading = _heading(named, first, columns, required)
    return [
        _row(line, cells, heading)
        for line, cells in lines
        if isinstance(cells, str) or any(cell.strip() for cell in cells)
    ]


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
            "line, and see that commas stand between the columns."
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
    if any("\0" in cell for cell in cells):
        return BadRow(
            line,
            "The row holds zeros where text should be: save the list again from the spreadsheet.",
        )
    if any(cell.strip() for cell in cells[len(heading) :]):
        return BadRow(
            line,
            "The row has more cells than the heading: put quotation marks around a cell that "
            "holds a comma.",
        )
    # A row may stop short; the cells it lacks are empty.
    return line, dict(zip(heading, cells, strict=False))


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
            f"{file}: the heading cannot be read ({first}): check its quotation marks."
        )
    heading = [name.strip().casefold() for name in first]
    while heading and not heading[-1]:
        # Spreadsheets leave empty columns at the end.
        heading.pop()
    if missing := [name for name in required if name not in heading]:
        # What spreadsheets write where the comma is the decimal sign. It is not guessed: in cells
        # a semicolon stands between several photos.
        if len(heading) == 1 and (other := _OTHER_SEPARATORS & set(heading[0])):
            names = " and ".join(sorted("tabs" if mark == "\t" else "semicolons" for mark in other))
            raise BadInputError(
                f"{file} lacks the column {missing[0]!r}: {names} stand between its columns. Save "
                "it with commas between them."
            )
        raise BadInputError(
            f"{file} lacks the column {missing[0]!r}; it has {', '.join(heading) or 'none'}."
        )
    if unknown := [name for name in heading if name not in columns]:
        raise BadInputError(
            f"{file} has a column {unknown[0]!r}; the columns are {', '.join(columns)}."
        )
    if twice := [name for name in heading if heading.count(name) > 1]:
        raise BadInputError(f"{file} has the column {twice[0]!r} twice: remove one.")
    return heading


def day_of(text: str, order: DateOrder = DateOrder.YEAR_FIRST) -> date:
    """Return the day of a cell such as 2026-05-14, or as Excel writes it where the library is.

    Raises:
        BadInputError: it is none.
    """
    text = _MIDNIGHT.sub("", text.strip())
    found = _SLASHED.fullmatch(text)
    try:
        if found is None:
            day = _in_words(text) or date.fromisoformat(text.replace("/", "-"))
        elif order is DateOrder.YEAR_FIRST or len(found[3]) == len("26"):
            raise DateError(text)
        else:
            first, second, year = (int(part) for part in found.groups())
            month_first = order is DateOrder.MONTH_FIRST
            day = date(year, *((first, second) if month_first else (second, first)))
    except ValueError as error:
        raise DateError(text, order) from error
    if day.year < _EARLIEST_YEAR:
        raise DateError(text)
    return day


def _in_words(text: str) -> date | None:
    """Return the day of June 1, 2026, 1 June 2026 or Sept. 3 2026; None if it is not written so."""
    plain = " ".join(re.sub(r"[.,]", " ", text).replace("Sept ", "Sep ").split())
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
        if _SLASHED.fullmatch(text) and order is not DateOrder.YEAR_FIRST:
            said = (
                f"{text!r} is not a date, read {order.replace('-', ' ')}: write it as 2026-05-14."
            )
        elif _SHORT_YEAR.search(text):
            said = f"{text!r} does not say the whole year: write it as 2026-05-14."
        # Whoever typed it well finds it changed by the spreadsheet.
        hint = " Excel keeps it so in a column formatted as Text." if _DIGIT.search(text) else ""
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
            raise BadInputError(f"{text!r} is no {column}: use {', '.join(kind)}.") from error
    return text


def _yes_or_no(text: str, column: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    raise BadInputError(f"{column} is {text!r}: write yes or no.")
