"""Workbooks read like tables: cells as people see them, and nothing that would fill the memory."""

import csv
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from shared.imports import workbooks
from shared.imports.officers import import_officers
from shared.imports.refusals import FileRefused
from shared.imports.roster import import_roster
from shared.imports.tables import Table, named_by, open_table
from shared.imports.workbooks import workbook_records
from shared.services import Services
from tests.cast import OFFICE

KNOWN = named_by({"date": ("tanggal",), "comment": ("saran",), "answer": ("nilai",)})
A_DAY = datetime(2026, 10, 1)  # noqa: DTZ001  a workbook knows no zones
HEADINGS = ["tanggal", "nilai", "saran"]


def a_workbook(path: Path, rows: list[list[Any]], formats: dict[str, str] | None = None) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, shown_as in (formats or {}).items():
        sheet[cell].number_format = shown_as
    book.create_sheet("Lain").append(["nilai"])
    book.save(path)
    return path


def a_table(folder: Path, rows: list[list[Any]], formats: dict[str, str] | None = None) -> Table:
    return open_table(a_workbook(folder / "formulir.xlsx", rows, formats), KNOWN)


def first_cell(folder: Path, value: Any, shown_as: str | None = None) -> str:
    table = a_table(folder, [HEADINGS, ["x", value, ""]], {"B2": shown_as} if shown_as else None)
    return next(table.rows()).cell("answer")


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [
        pytest.param(4, None, "4", id="a whole number"),
        pytest.param(4.0, None, "4", id="a whole number kept as a fraction"),
        pytest.param(3.5, None, "3.5", id="a fraction"),
        pytest.param(0.1 + 0.2, None, "0.3", id="a fraction that is not quite"),
        pytest.param(7, "000", "007", id="leading zeros"),
        pytest.param(date(2026, 10, 1), None, "2026-10-01", id="a day"),
        pytest.param(A_DAY, "dd/mm/yyyy", "2026-10-01", id="a day kept as a moment"),
        pytest.param(A_DAY, "dd/mm/yyyy hh:mm", "2026-10-01 00:00", id="midnight"),
        pytest.param(A_DAY.replace(hour=8, minute=30), None, "2026-10-01 08:30", id="a moment"),
        pytest.param(time(8, 30), None, "08:30", id="a time"),
        pytest.param(timedelta(hours=26), "[h]:mm", "26:00", id="hours"),
        pytest.param("  Siti Nur'aini ", None, "Siti Nur'aini", id="a text"),
        pytest.param(True, None, "True", id="yes"),
    ],
)
def test_a_cell_reads_as_people_see_it(tmp_path: Path, value: Any, shown_as: str | None, text: str) -> None:
    assert first_cell(tmp_path, value, shown_as) == text


def test_the_first_sheet_counts_with_blank_rows_and_merged_cells(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B3"], sheet["C3"], sheet["D3"] = HEADINGS
    sheet["B4"], sheet["C4"], sheet["D4"] = "2026-10-01", 4, "baik"
    sheet["B7"], sheet["C7"] = "2026-10-02", 3
    sheet.merge_cells("B7:B8")
    sheet["C8"] = 2
    book.save(tmp_path / "formulir.xlsx")
    table = open_table(tmp_path / "formulir.xlsx", KNOWN)
    assert [(row.number, row.cell("date"), row.cell("answer")) for row in table.rows()] == [
        (1, "2026-10-01", "4"),
        (4, "2026-10-02", "3"),
        (5, "", "2"),
    ]
    assert table.count == 3


def test_a_formula_counts_by_its_value(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [HEADINGS, ["2026-10-01", "=2+2", "baik"]])
    rewritten(path, "xl/worksheets/sheet1.xml", b"<f>2+2</f><v></v>", b"<f>2+2</f><v>4</v>", b"<v />", b"<v>4</v>")
    assert next(open_table(path, KNOWN).rows()).cell("answer") == "4"


def rewritten(path: Path, part: str, *changes: bytes) -> None:
    """Change the bytes of one part of a workbook: from, to, from, to."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for before, after in zip(changes[::2], changes[1::2], strict=True):
        parts[part] = parts[part].replace(before, after)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        open_table(path, KNOWN)
    return refused.value.worded("en")


def test_a_file_that_unfolds_into_too_much_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [HEADINGS, ["2026-10-01", 4, "baik"]])
    rewritten(path, "xl/worksheets/sheet1.xml", b"</row>", b"<c/>" * 150_000 + b"</row>")
    assert path.stat().st_size < 100_000
    assert "too large" in refusal(path)
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 5_000)
    assert "too large" in refusal(a_workbook(tmp_path / "b.xlsx", [HEADINGS, ["x", 4, "baik"]]))


def test_a_workbook_with_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    assert "more than 3 rows" in refusal(a_workbook(tmp_path / "a.xlsx", [HEADINGS, *([["x", 4, ""]] * 4)]))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param((b'r="2"', b'r="99999999999"'), id="a row far below"),
        pytest.param((b'r="C2"', b'r="XFD2"'), id="a cell far to the right"),
    ],
)
def test_a_cell_far_away_costs_nothing(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [HEADINGS, ["2026-10-01", 4, "baik"], ["2026-10-02", 3, "x"]])
    rewritten(path, "xl/worksheets/sheet1.xml", *change)
    assert all(len(row.cells) <= workbooks.MOST_COLUMNS for row in open_table(path, KNOWN).rows())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"xl/workbook.bin": b"x"}, id="another kind of workbook"),
        pytest.param({"word/document.xml": b"<a/>"}, id="a letter"),
        pytest.param({"xl/workbook.xml": b"<a"}, id="broken"),
    ],
)
def test_what_only_looks_like_a_workbook_is_refused(tmp_path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    assert "cannot be read as a workbook" in refusal(tmp_path / "a.xlsx")


def test_a_workbook_says_of_its_headings_what_a_text_file_says(tmp_path: Path) -> None:
    assert "has headings but no rows" in refusal(a_workbook(tmp_path / "a.xlsx", [HEADINGS]))
    assert "first sheet of b.xlsx is empty" in refusal(a_workbook(tmp_path / "b.xlsx", []))
    assert "None of the columns on the first sheet" in refusal(a_workbook(tmp_path / "c.xlsx", [["satu"], ["x"]]))


def test_a_workbook_is_one_whatever_its_name_ends_in(tmp_path: Path) -> None:
    a_workbook(tmp_path / "petugas.xlsx", [["Kode", "Nama"], ["DK20", "Sukarno"]]).rename(tmp_path / "petugas.csv")
    assert [cells for _number, cells in workbook_records(tmp_path / "petugas.csv")][1] == ["DK20", "Sukarno"]


def test_officers_and_rosters_come_in_from_workbooks_and_bad_rows_come_back_as_csv(
    services: Services, tmp_path: Path
) -> None:
    path = a_workbook(tmp_path / "petugas.xlsx", [["Kode", "Nama"], ["DK20", "Sukarno"], [21, "=1+1"], ["D K", "x"]])
    summary = import_officers(path, OFFICE, services, lambda stage, done, of: None)
    assert (summary.new, summary.refused) == (1, 2)
    assert summary.rejected is not None
    with summary.rejected.open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file, delimiter=";")] == ["Kode", "21", "D K"]
    services.directory.look_again()
    moments = [A_DAY.replace(month=12, hour=8), time(12)]
    roster = a_workbook(tmp_path / "r.xlsx", [["petugas", "loket", "mulai", "selesai"], ["DK20", "DSL3", *moments]])
    assert import_roster(roster, OFFICE, services, lambda stage, done, of: None).new == 1
