"""The paper register in one go: good rows are recorded, bad ones named by their line."""

from __future__ import annotations

import shutil
import time
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from consent.cases.csv_import import ImportReport, import_revocations
from consent.csv_rows import day_of
from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind
from consent.domain.errors import BadInputError
from consent.domain.terms import Method
from consent.services import Services
from consent.settings import ROOT, DateOrder

ORIGINALS = ROOT / "data" / "samples" / "originals"
HEADING = "name,received,method,evidence,photo,face,scope,minor,guardian,note"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of paper: a letter, and a portrait beside the list."""
    made = tmp_path / "paper"
    (made / "photos").mkdir(parents=True)
    (made / "letter.txt").write_text("Please do not use photos of me.")
    (made / "second.txt").write_text("Page two.")
    return made


@pytest.fixture
def imported(services: Services, actor: Actor, folder: Path):
    def run(text: str | bytes, heading: str = HEADING + "\n") -> ImportReport:
        file = folder / "register.csv"
        content = text if isinstance(text, bytes) else (heading + text).encode()
        file.write_bytes(content)
        return import_revocations(services, file, actor)

    return run


def cases(services: Services):
    with services.reading() as unit:
        return unit.register.revocations()


def test_a_row_is_recorded_with_all_it_says(services: Services, imported):
    report = imported(
        "Zoe Quirk,2024-05-01,letter,letter.txt;second.txt,,,print;,yes,Wilhelmina Quirk,"
        "Binder 3\n".replace("print;", '"print,instagram"')
    )

    assert (report.recorded, report.bad) == ([(2, "R-0001")], [])
    (case,) = cases(services)
    terms = case.terms
    assert (case.person.name, case.person.minor) == ("Zoe Quirk", True)
    assert case.person.guardian == "Wilhelmina Quirk"
    assert (terms.submission.on, terms.submission.method) == (date(2024, 5, 1), Method.LETTER)
    assert terms.scope.kinds == {ChannelKind.PRINT}
    assert terms.scope.channels == {"instagram"}
    assert not terms.scope.all_channels
    assert len(terms.evidence) == 2
    assert terms.note == "Binder 3"
    assert services.vault.get(terms.evidence[0]) == b"Please do not use photos of me."


def test_empty_cells_mean_what_a_form_means_when_left_empty(services: Services, imported):
    report = imported("A. Reader,2024-05-01,,,,,,,,Binder 3\n")

    assert report.bad == []
    (case,) = cases(services)
    assert case.terms.scope.all_channels
    assert case.terms.submission.method is Method.OTHER_WRITING
    assert not case.person.minor


def test_bad_rows_are_named_by_line_and_good_ones_recorded(services: Services, imported):
    report = imported(
        "A. Reader,2024-05-01,,,,,,,,Binder 3\n"  # 2
        "B. Reader,01.05.2024,,,,,,,,Binder 3\n"  # 3
        "C. Reader,2024-05-01,fax,,,,,,,Binder 3\n"  # 4
        "D. Reader,2024-05-01,,nowhere.pdf,,,,,,\n"  # 5
        "E. Reader,2024-05-01,,,,,,,,\n"  # 6
        "F. Reader,2024-05-01,,,,,,yes,,Binder 3\n"  # 7
        "G. Reader,2024-05-01,,,,,,perhaps,,Binder 3\n"  # 8
        "H. Reader,2024-05-01,,,,,radio,,,Binder 3\n"  # 9
        "I. Reader,2024-05-01,,,gone.jpg,,,,,Binder 3\n"  # 10
        ",2024-05-01,,,,,,,,Binder 3\n"  # 11
        "J. Reader,2099-05-01,,,,,,,,Binder 3\n"  # 12
        "K. Reader,2024-05-01,,,a.jpg,left,,,,Binder 3\n"  # 13
        "L. Reader,2024-05-01,,,a.jpg;b.jpg,1;2;3,,,,Binder 3\n"  # 14
        "M. Reader,2024-05-01,,,,,,,,Binder 3, shelf 2\n"  # 15
        "N. Reader,2024-05-01,,,,,,,,Binder 3\n"  # 16
    )

    assert report.recorded == [(2, "R-0001"), (16, "R-0002")]
    said = {row.line: row.reason for row in report.bad}
    expected = {
        3: "is not a date: write it as 2026-05-14",
        4: "'fax' is not a method",
        5: "nowhere.pdf cannot be read",
        6: "the signed request is missing",
        7: "a minor needs the guardian",
        8: "minor is 'perhaps': write yes or no",
        9: "no channel 'radio'",
        10: "There is no photo",
        11: "the name of the person is missing",
        12: "can't be in the future",
        13: "The face 'left' is not a number",
        14: "2 photos but 3 faces",
        15: "more cells than the heading",
    }
    assert said.keys() == expected.keys()
    for line, sentence in expected.items():
        assert sentence.casefold() in said[line].casefold(), line
    assert [case.person.name for case in cases(services)] == ["A. Reader", "N. Reader"]


def test_a_name_that_would_fill_a_page_is_a_bad_row(services: Services, imported):
    report = imported(f"{'a' * 4000},2024-05-01,letter,letter.txt,,,,,,\n")

    assert [row.line for row in report.bad] == [2]
    assert "The name of the person has 4,000 letters" in report.bad[0].reason
    assert cases(services) == []


def test_a_row_is_named_by_its_first_line_whatever_its_cells_hold(imported):
    report = imported(
        'A. Reader,2024-05-01,,,,,,,,"Binder 3,\nshelf 2\n\nsaid ""no"""\n'  # 2 to 5
        "\n"  # 6
        ",,,,,,,,,\n"  # 7
        'B. Reader,soon,,,,,,,,"Binder\n3"\n'  # 8 and 9
        "C. Reader,never,,,,,,,,Binder 3"  # 10, without an end of line
    )

    assert [line for line, _ in report.recorded] == [2]
    assert [row.line for row in report.bad] == [8, 10]


def test_a_quotation_mark_left_open_is_said_and_swallows_nothing_in_silence(imported):
    report = imported(
        "A. Reader,2024-05-01,,,,,,,,Binder 3\n"
        'B. Reader,2024-05-01,,,,,,,,"Binder 3\n'
        "C. Reader,2024-05-01,,,,,,,,Binder 3\n"
    )

    assert [line for line, _ in report.recorded] == [2]
    assert [row.line for row in report.bad] == [3]
    assert "quotation marks" in report.bad[0].reason


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfname,received,note\nZo\xc3\xab,2024-05-01,Binder\n",
        b"name,received,note\r\nZo\xc3\xab,2024-05-01,Binder\r\n",
        b"\xef\xbb\xbfname,received,note\rZo\xc3\xab,2024-05-01,Binder\r",
        b' Name , RECEIVED ,note,,\r\n"Zo\xc3\xab",2024-05-01,Binder,,\r\n',
        b"note,received,name\nBinder,2024-05-01,Zo\xc3\xab",
        b"name,received,note,method\nZo\xc3\xab,2024-05-01,Binder\n",
    ],
)
def test_files_as_spreadsheets_write_them(services: Services, imported, content: bytes):
    report = imported(content)

    assert report.bad == []
    assert [line for line, _ in report.recorded] == [2]
    assert cases(services)[0].person.name == "Zoë"


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("name,received,colour\n", "has a column 'colour'; the columns are name, received"),
        ("name,note\n", "does not have the column 'received'. It has name, note"),
        ("", "does not have the column 'name'. It has none"),
        ("name,received,note,note\n", "the column 'note' twice"),
        ("name;received;note\n", "does not have the column 'name'"),
        ('"name,received\n', "the first line can't be read"),
    ],
)
def test_a_heading_that_is_none_is_refused_as_a_whole(
    services: Services, imported, heading: str, said: str
):
    with pytest.raises(BadInputError, match=said):
        imported("A. Reader,2024-05-01,Binder\n" if heading else "", heading)
    assert cases(services) == []


def test_a_file_that_is_not_utf_8_says_how_to_save_it(imported):
    with pytest.raises(BadInputError, match='"CSV UTF-8"'):
        imported(b"name,received,note\nZo\xeb,2024-05-01,Binder\n")


def test_a_file_that_is_not_there(services: Services, actor: Actor, tmp_path: Path):
    with pytest.raises(BadInputError, match="check the path"):
        import_revocations(services, tmp_path / "gone.csv", actor)


def test_the_same_row_again_is_not_recorded_twice(services: Services, imported):
    row = "A. Reader,2024-05-01,,,,,,,,Binder 3\n"

    first, again = imported(row), imported(row)

    assert [line for line, _ in first.recorded] == [2]
    assert again.recorded == []
    assert "R-0001" in again.bad[0].reason
    assert len(cases(services)) == 1


def test_paths_are_relative_to_the_file_and_to_nothing_else(
    services: Services, imported, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (here / "stray.txt").write_text("Somebody else's letter.")
    (here / "stray.jpg").write_bytes(b"Somebody else's face.")
    absolute = (folder / "letter.txt").resolve()

    report = imported(
        f"A. Reader,2024-05-01,,{absolute},,,,,,\n"
        "B. Reader,2024-05-01,,stray.txt,,,,,,\n"
        "C. Reader,2024-05-01,,,stray.jpg,,,,,Binder 3\n"
    )

    assert [line for line, _ in report.recorded] == [2]
    assert [row.line for row in report.bad] == [3, 4]
    assert str(folder / "stray.jpg") in report.bad[1].reason


def test_photos_several_to_a_row_become_reference_faces(services: Services, imported, folder: Path):
    for name in ("obama.jpg", "obama2.jpg", "coffee.png"):
        shutil.copy(ORIGINALS / name, folder / "photos")

    report = imported(
        "A. Reader,2024-05-01,,,photos/obama.jpg; photos/obama2.jpg,,,,,Binder 3,yes\n"
        "B. Reader,2024-05-01,,,photos/obama2.jpg,7,,,,Binder 3,\n"
        "C. Reader,2024-05-01,,,photos/coffee.png,,,,,Binder 3,\n",
        HEADING + ",keep_face\n",
    )

    assert [line for line, _ in report.recorded] == [2]
    assert "there is no face 7" in report.bad[0].reason
    assert "no face was found" in report.bad[1].reason
    with services.reading() as unit:
        assert len(unit.register.templates()) == 2


def test_without_weights_rows_with_photos_are_bad_and_the_others_recorded(
    open_services, actor: Actor, tmp_path: Path, folder: Path
):
    bare = open_services(home=tmp_path / "bare")
    shutil.copy(ORIGINALS / "obama.jpg", folder / "photos")
    file = folder / "register.csv"
    file.write_text(
        "name,received,photo,note\n"
        "A. Reader,2024-05-01,photos/obama.jpg,Binder\n"
        "B. Reader,2024-05-01,,Binder\n"
    )

    report = import_revocations(bare, file, actor)

    assert [line for line, _ in report.recorded] == [3]
    assert "likeness weights" in report.bad[0].reason


@pytest.mark.slow
def test_a_row_costs_the_same_in_a_long_list(services: Services, imported):
    def cost_of(numbers: range) -> float:
        rows = "".join(f"Reader {n},2024-05-{1 + n % 28:02},,,,,,,,Binder {n}\n" for n in numbers)
        begun = time.process_time()
        report = imported(rows)
        assert (len(report.recorded), report.bad) == (len(numbers), [])
        return (time.process_time() - begun) / len(numbers)

    few, many = cost_of(range(30)), cost_of(range(30, 300))

    assert [case.number for case in cases(services)] == list(range(1, 301))
    assert many < 2.5 * few


def test_progress_is_told_for_bad_rows_too(services: Services, actor: Actor, folder: Path):
    file = folder / "register.csv"
    file.write_text("name,received,note\nA,never,x\nB,2024-05-01,x\n")
    told: list[tuple[int, int]] = []

    import_revocations(services, file, actor, lambda done, total: told.append((done, total)))

    assert told[-1] == (2, 2)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def day_received(services: Services) -> list[date]:
    return [case.terms.submission.on for case in cases(services)]


def test_a_date_as_excel_writes_it_in_this_country_is_taken(services: Services, imported):
    report = imported(
        "A. Reader,5/14/2026,,,,,,,,Binder 3\n"  # 2
        "B. Reader,12/1/2025,,,,,,,,Binder 3\n"  # 3
        "C. Reader,14/5/2026,,,,,,,,Binder 3\n"  # 4
        "D. Reader,5/14/26,,,,,,,,Binder 3\n"  # 5
        "E. Reader,14-May-26,,,,,,,,Binder 3\n"  # 6
        "F. Reader,0026-05-14,,,,,,,,Binder 3\n"  # 7
        "G. Reader,46156,,,,,,,,Binder 3\n"  # 8
    )
    assert day_received(services) == [date(2026, 5, 14), date(2025, 12, 1)]
    said = {row.line: row.reason for row in report.bad}
    assert said == {
        4: "'14/5/2026' is not a date, read month first: write it as 2026-05-14. Excel does not"
        " change it in a column formatted as Text.",
        **{
            line: f"'{text}' does not have the full year: write it as 2026-05-14. Excel does not"
            f" change it in a column formatted as Text."
            for line, text in ((5, "5/14/26"), (6, "14-May-26"), (7, "0026-05-14"))
        },
        8: "'46156' is a date stored as a number: format the column as a date, so that it shows"
        " 2026-05-14, and save the list again.",
    }


@pytest.mark.parametrize(
    ("order", "days"), [("day-first", [date(2025, 1, 12)]), ("year-first", [])]
)
def test_dates_are_read_in_the_order_of_the_library(
    home: Path, open_services, actor: Actor, folder: Path, order: str, days: list[date]
):
    services = open_services(home=home, date_order=order)
    file = folder / "register.csv"
    file.write_text("name,received,note\nA. Reader,12/1/2025,Binder 3\n")
    report = import_revocations(services, file, actor)
    assert day_received(services) == days
    assert len(report.bad) == 1 - len(days)


def workbook(file: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


TABLE = [
    ["Name", "received", "birth_year", "minor", "guardian", "note", None],
    ["A. Reader", date(2026, 5, 14), 2015.0, True, "B. Reader", "Binder 3, shelf 2"],
    [],
    ["C. Reader", "5/14/2026", None, None, None, "two\nlines"],
    ["D. Reader", "soon", None, None, None, "Binder"],
]


def test_a_workbook_is_read_as_it_is(services: Services, actor: Actor, folder: Path):
    file = workbook(folder / "register.xlsx", Register=TABLE, Empty=[])
    report = import_revocations(services, file, actor)
    assert report.recorded == [(2, "R-0001"), (4, "R-0002")]
    assert [row.line for row in report.bad] == [5]
    assert day_received(services) == [date(2026, 5, 14)] * 2
    child = cases(services)[0].person
    assert (child.minor, child.birth_year, child.guardian) == (True, 2015, "B. Reader")


def test_hidden_and_filtered_rows_are_read_and_it_is_said(
    services: Services, actor: Actor, folder: Path
):
    """Whoever imports a filtered list takes it for what the screen shows."""
    file = workbook(folder / "register.xlsx", Register=TABLE[:2] + TABLE[3:4], Empty=[])
    assert import_revocations(services, file, actor).hidden == ""
    book = openpyxl.load_workbook(file)
    sheet = book["Register"]
    sheet.append(["E. Reader", date(2026, 5, 15), None, None, None, "Binder"])
    for row in (3, 4):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["F"].hidden = True
    sheet.column_dimensions["Z"].hidden = True
    book.save(file)

    report = import_revocations(services, file, actor)

    assert [line for line, _ in report.recorded] == [4]
    assert "2 rows and 1 column" in report.hidden
    assert "read like the others" in report.hidden


def test_a_list_that_is_no_csv_is_said_to_be_what_it_is(
    services: Services, actor: Actor, folder: Path
):
    book = workbook(folder / "book.xlsx", Register=TABLE).read_bytes()
    two = workbook(folder / "two.xlsx", Register=TABLE, Old=TABLE).read_bytes()
    locked = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    for name, content, said in (
        (
            "list.csv",
            book,
            "is an Excel workbook with the wrong file ending: save it",
        ),
        ("list.csv", b"\xd0\xcf\x11\xe0", "is a workbook of old (.xls)"),
        ("list.xlsx", locked, "needs a password"),
        ("list.xlsx", two, "has 2 filled sheets (Register, Old)"),
        ("list.xlsx", book[: len(book) // 2], "cannot be read as a workbook"),
        ("list.xlsx", b"name,received", "cannot be read as a workbook"),
        ("list.csv", b"sep=,\r\nname,received\r\n", "begins with 'sep=,', which only Excel reads"),
        ("list.csv", b"", "does not have the column 'name'"),
        ("list.ods", b"PK\x03\x04" + bytes(40), "is not an Excel workbook: open the list in the"),
        ("list.xls", b"<html><table>", "is not a list, even though its name says so"),
        ("list.csv", b"name|received\n", "bars between its columns"),
    ):
        (folder / name).write_bytes(content)
        with pytest.raises(BadInputError) as error:
            import_revocations(services, folder / name, actor)
        assert said in str(error.value)
    assert cases(services) == []


def test_a_row_with_zeros_for_text_is_not_recorded(services: Services, imported):
    report = imported("A\0B,2026-05-14,Binder 3\n", "name,received,note\n")

    assert "save the list again" in report.bad[0].reason
    assert cases(services) == []


@pytest.mark.parametrize("text", ["2026/5/14", "2026-5-14", "2026/05/14", "2026.5.14"])
def test_a_day_with_the_year_first_needs_no_zeros(text: str):
    assert day_of(text) == date(2026, 5, 14)


def test_a_day_that_is_none_is_not_said_to_lack_its_year():
    with pytest.raises(BadInputError, match=r"is not a date") as refusal:
        day_of("2026/14/05")
    assert "full year" not in str(refusal.value)


def test_a_list_without_rows_is_said_to_have_none(imported):
    report = imported("\n,,\n")
    assert [row.reason for row in report.bad] == ["The file has no rows below its heading."]


@pytest.mark.parametrize(
    "text",
    [
        *("5-14-2026", "14-May-2026", "14.05.2026", "5/14/2026 9:30 PM", "2026-05-14T09:30"),
        *("Thursday, May 14th, 2026", "May 14, 2026, 9:30 AM"),
    ],
)
def test_a_day_is_taken_however_it_is_written(text: str):
    assert day_of(text, DateOrder.MONTH_FIRST) == date(2026, 5, 14)


@pytest.mark.parametrize("text", ["04.05.2026", "5/2026", "14-May-26", "09:30", "", "########"])
def test_what_may_be_another_day_is_none(text: str):
    with pytest.raises(BadInputError):
        day_of(text, DateOrder.MONTH_FIRST)


def test_cells_that_nobody_typed_are_named_and_not_recorded(services: Services, imported):
    report = imported(
        "#N/A,2026-05-14,Binder\n=A2,2026-05-14,Binder\nRen\u00c3\u00a9 Ruiz,2026-05-14,Binder\n"
        "12345,2026-05-14,Binder\nA. Reader,########,Binder\n"
        '\'T Hooft,\'2026-05-14,Box\n\u200bB. Reader\ufeff,"=""2026-05-14""",Box\n',
        "name,received,note\n",
    )

    said = ("is a formula", "is a formula", "garbled", "has no letters", "too narrow")
    assert [row.line for row in report.bad] == [2, 3, 4, 5, 6]
    assert all(words in row.reason for words, row in zip(said, report.bad, strict=True))
    assert [case.person.name for case in cases(services)] == ["'T Hooft", "B. Reader"]


def test_a_title_stands_above_and_columns_without_a_heading_are_empty(services: Services, imported):
    report = imported(
        ",,,,\n,A. Reader,2026-05-14,Box,\nx,B. Reader,2026-05-14,Box,\n",
        "\nRevocations of 2026\n\n,name,received,note,\n",
    )

    assert [case.person.name for case in cases(services)] == ["A. Reader"]
    assert [(row.line, "without a heading" in row.reason) for row in report.bad] == [(7, True)]


def test_headings_and_dates_are_taken_as_people_write_them(services: Services, imported):
    report = imported(
        'Ana Ruiz,6/1/2026,Letter,Binder 3,Rosa Ruiz,Yes\n"Ben Reader","June 2, 2026",Email,Box,,\n'
        "Cy Quirk,2026-06-03 00:00:00,other writing,Box,,no\n",
        "Person,Date received,How it came,Notes,Parent/Guardian,Child\n",
    )

    assert report.bad == []
    found = {case.person.name: case for case in cases(services)}
    assert [str(case.submission.on) for case in found.values()] == [
        "2026-06-01",
        "2026-06-02",
        "2026-06-03",
    ]
    assert (found["Ana Ruiz"].person.minor, found["Ana Ruiz"].person.guardian) == (
        True,
        "Rosa Ruiz",
    )
    assert found["Ben Reader"].submission.method is Method.EMAIL


def test_a_heading_that_means_a_column_twice_is_refused(services: Services, imported):
    with pytest.raises(BadInputError, match="the column 'received' twice"):
        imported("A,2026-06-01,2026-06-01\n", "name,received,Date received\n")
