"""The one sheet of an Excel workbook as rows of text, as if it had been saved as CSV."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from consent.domain.errors import BadInputError
from consent.domain.wording import counted
from media_index.files.bounded import BOUNDS, BoundsError, bounded

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
WORKBOOK_STARTS = (_ZIP, _OLE)
# Unpacked, of all its parts: a list of 100,000 rows has some 30 MB.
_MOST_BYTES = 200 * 1024 * 1024
_MOST_ROWS = 100_000
_MOST_COLUMNS = 16_384
# What openpyxl was seen to raise on damaged workbooks; SyntaxError is that of XML.
_DAMAGED = (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, SyntaxError, OSError)
_SUFFIXES = frozenset({".xlsx", ".xlsm"})
# Of a sheet's XML (ISO/IEC 29500): rows that are hidden or filtered out, and hidden columns.
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\shidden="(?:1|true)")[^>]*\sr="(\d+)"')
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\b(?=[^>]*\shidden="(?:1|true)")[^>]*>')
_FROM, _TO = re.compile(rb'\smin="(\d+)"'), re.compile(rb'\smax="(\d+)"')
_AS_CSV = 'save it from Excel as "CSV UTF-8"'


def workbook_rows(file: Path, content: bytes) -> tuple[Iterator[tuple[int, list[str]]], str]:
    """Return the rows of a workbook's only filled sheet, each with its number.

    And what to say of those that whoever made it does not see; empty if all are seen.

    Raises:
        BadInputError: it cannot be read, is named as something else, or has several filled sheets.
    """
    if content.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        why = "needs a password" if locked else "is a workbook of old (.xls), or no list"
        raise BadInputError(f"{file} {why}: {_AS_CSV}.")
    if file.suffix.lower() not in _SUFFIXES:
        if b"xl/work" not in content:
            raise BadInputError(
                f"{file} is not an Excel workbook: open the list in the program that made it, "
                'and save it as "CSV UTF-8" or as .xlsx.'
            )
        raise BadInputError(
            f"{file} is an Excel workbook with the wrong file ending: {_AS_CSV}, or name it .xlsx."
        )
    try:
        rows, hidden = bounded(BOUNDS, _only_sheet, file, content)
    except BoundsError as error:
        raise BadInputError(f"{file} takes too much time or memory to read: {_AS_CSV}.") from error
    return iter(rows), hidden


def _only_sheet(file: Path, content: bytes) -> tuple[list[tuple[int, list[str]]], str]:
    import openpyxl  # noqa: PLC0415 - slow to import, and few lists are workbooks

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_BYTES:
                raise BadInputError(f"{file} is too large for a list: {_AS_CSV}.")
            of_sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
            hidden = [_hidden(parts.read(name)) for name in of_sheets if name.endswith(".xml")]
        with warnings.catch_warnings():
            # Styles and pictures that are not read here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = {}
            for sheet in book.worksheets:
                # What a sheet says of its own size may be anything.
                sheet.reset_dimensions()
                sheets[sheet.title] = _rows(file, sheet.iter_rows(values_only=True))
    except _DAMAGED as error:
        raise BadInputError(f"{file} cannot be read as a workbook: {_AS_CSV}.") from error
    filled = [title for title, rows in sheets.items() if rows]
    if len(filled) > 1:
        raise BadInputError(
            f"{file} has {len(filled)} filled sheets ({', '.join(filled)}): keep only the sheet "
            "with the list."
        )
    rows = sheets[filled[0]] if filled else []
    # Of the other sheets nothing is filled.
    hidden_rows = set().union(*(found for found, _ in hidden))
    return rows, _hidden_words(rows, hidden_rows, set().union(*(found for _, found in hidden)))


def _hidden(sheet: bytes) -> tuple[set[int], set[int]]:
    """Return the numbers of the rows and of the columns that are hidden, from 1."""
    columns: set[int] = set()
    for found in _HIDDEN_COLUMNS.findall(sheet):
        first, last = _FROM.search(found), _TO.search(found)
        if first and last:
            columns.update(range(int(first[1]), min(int(last[1]), _MOST_COLUMNS) + 1))
    return {int(number) for number in _HIDDEN_ROW.findall(sheet)}, columns


def _hidden_words(
    rows: Sequence[tuple[int, list[str]]], hidden: set[int], columns: set[int]
) -> str:
    """Say how many of the filled rows and columns are hidden; empty if none is."""
    hidden_rows = sum(number in hidden for number, _ in rows)
    filled = {at for _, texts in rows for at, text in enumerate(texts, start=1) if text}
    said = [
        counted(count, noun)
        for count, noun in ((hidden_rows, "row"), (len(filled & columns), "column"))
        if count
    ]
    if not said:
        return ""
    return f"Hidden or filtered out in the sheet, but read like the others: {' and '.join(said)}."


def _rows(file: Path, found: Iterable[Sequence[object]]) -> list[tuple[int, list[str]]]:
    rows = []
    for number, cells in enumerate(found, start=1):
        if number > _MOST_ROWS:
            raise BadInputError(f"{file} has more than {_MOST_ROWS:,} rows: split it.")
        texts = [_text(cell) for cell in cells]
        if any(texts):
            rows.append((number, texts))
    return rows


def _text(cell: object) -> str:
    """Return a cell as it is typed: a day as 2026-05-14, 3.0 as 3."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
