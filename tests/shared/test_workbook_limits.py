"""A workbook of a few kilobytes that would fill the memory is refused while it is measured."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from shared.imports import workbooks
from shared.imports.refusals import FileRefused
from shared.imports.workbooks import LONGEST_CELL, count_records, workbook_records

KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
OVERRIDE = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + KIND + b'"/></Types>'
NAMESPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def a_workbook(path: Path, strings: bytes = b"", cell: str = "baik") -> Path:
    """Write a workbook with one row below its headings, and beside its cells these strings that cells may share."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["nilai", "saran"], [4, "CELL"]):
        sheet.append(row)
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", OVERRIDE)
    parts[SHEET] = parts[SHEET].replace(b"CELL", cell.encode())
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="' + NAMESPACE + b'">' + strings + b"</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


A_STRING = b"<si><t>%s</t></si>"


@pytest.mark.parametrize(
    "strings",
    [
        pytest.param(A_STRING % (b"A" * (LONGEST_CELL + 1)), id="one long text"),
        pytest.param(b"<si>" + b"<r><t>%s</t></r>" % (b"A" * 20_000) * 2 + b"</si>", id="one long text in parts"),
        pytest.param(b'<si><t x="%s">A</t></si>' % (b"A" * 3_000_000), id="one long attribute"),
    ],
)
def test_more_than_a_cell_can_hold_is_refused(tmp_path: Path, strings: bytes) -> None:
    path = a_workbook(tmp_path / "a.xlsx", strings)
    assert path.stat().st_size < 20_000
    with pytest.raises(FileRefused, match="too large"):
        count_records(path)


def test_so_is_a_cell_that_shares_its_text_with_none(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="too large"):
        count_records(a_workbook(tmp_path / "a.xlsx", cell="A" * (LONGEST_CELL + 1)))


def test_shared_texts_that_would_fill_the_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_STRINGS", 100_000)
    with pytest.raises(FileRefused, match="too large"):
        count_records(a_workbook(tmp_path / "a.xlsx", A_STRING % b"A" * 8_000))
    assert count_records(a_workbook(tmp_path / "b.xlsx", A_STRING % b"A" * 2_000)) == 1


def test_a_cell_as_long_as_a_cell_can_be_is_read(tmp_path: Path) -> None:
    longest = "A" * LONGEST_CELL
    path = a_workbook(tmp_path / "a.xlsx", (A_STRING % longest.encode()) * 3, cell=longest)
    assert count_records(path) == 1
    assert [cells for _, cells in workbook_records(path)][1] == ["4", longest]
