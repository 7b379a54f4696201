"""Rows of a CSV file, each with its line, so that every mistake can be named."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from consent.domain.errors import BadInputError, ConsentError
from media_index.errors import MediaIndexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

_OTHER_SEPARATORS = frozenset(";\t")
# A cell that begins so is a formula to a spreadsheet, and a file name is anybody's text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
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


def read_rows(file: Path, columns: Sequence[str], required: Sequence[str]) -> list[Row]:
    """Return the rows of a CSV file by column, each with its line; bad ones say why.

    Args:
        file: with a heading.
        columns: that it may have.
        required: that it must have.

    Raises:
        BadInputError: the file cannot be read, or lacks a column.
    """
    try:
        # utf-8-sig: spreadsheets put a byte order mark first.
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(
            f'{file} is not UTF-8: save it from the spreadsheet as "CSV UTF-8".'
        ) from error
    except OSError as error:
        raise BadInputError(f"{file} cannot be read ({error.strerror}): check the path.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    heading = _heading(file, reader, columns, required)
    rows: list[Row] = []
    while True:
        # A quoted cell may run over several lines; the row is named by its first.
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error as error:
            rows.append(
                BadRow(
                    line,
                    f"The row cannot be read ({error}): check its quotation marks. What follows "
                    "may have been swallowed by them.",
                ),
            )
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(heading) :]):
            rows.append(
                BadRow(
                    line,
                    "The row has more cells than the heading: put quotation marks around a cell "
                    "that holds a comma.",
                ),
            )
            continue
        # A row may stop short; the cells it lacks are empty.
        rows.append((line, dict(zip(heading, cells, strict=False))))


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
    file: Path, reader: Iterator[list[str]], columns: Sequence[str], required: Sequence[str]
) -> list[str]:
    try:
        heading = [name.strip().casefold() for name in next(reader, [])]
    except csv.Error as error:
        raise BadInputError(
            f"{file}: the heading cannot be read ({error}): check its quotation marks."
        ) from error
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


def day_of(text: str) -> date:
    """Return the day of a cell such as 2026-05-14.

    Raises:
        BadInputError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInputError(f"{text!r} is no date: write it as 2026-05-14.") from error


def value_of(text: str, kind: type, column: str) -> object:
    """Return what a cell of a column says, as text, a number, a day, yes or no, or a known word.

    Raises:
        BadInputError: it says nothing of that kind.
    """
    if kind is date:
        return day_of(text)
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
