"""Cells that a spreadsheet would run, also when it opens the table by another separator than ours."""

import csv
import io
from pathlib import Path

import pytest

from shared.imports.tables import harmless, named_by, open_table

STARTS = ("=", "+", "-", "@")
SEPARATORS = (",", ";", "\t")
EVIL = [
    "=1+1", "+62", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "Budi;=cmd|' /C calc'!A1;x", "a,=1,b", "a, =1", "a\t=1",
    "baik\n=1", "baik\r\n- ramah", 'a,"=1,b', ",;=1", "=1,=2;=3",
]  # fmt: skip


@pytest.mark.parametrize("cell", EVIL)
@pytest.mark.parametrize("written_by", SEPARATORS)
def test_no_cell_runs_whichever_separator_a_program_takes(cell: str, written_by: str) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=written_by).writerow(["kode", harmless(cell), "ujung"])
    for read_by in SEPARATORS:
        for line in file.getvalue().splitlines():
            for found in next(csv.reader([line], delimiter=read_by)):
                assert not found.strip(' "').startswith(STARTS), (read_by, found)


@pytest.mark.parametrize(
    "cell",
    [
        "Budi, S.Sos.",
        "a - b",
        "0812-3456-789",
        "Jl. Merdeka 1; lantai 2",
        "senin-jumat, 08.00",
        "e@mail.id",
        "3+4=7",
        "",
    ],
)
def test_what_people_write_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize("cell", [cell for cell in EVIL if not cell.startswith(("\t", "\r"))])
def test_a_cell_that_was_made_harmless_is_read_back_as_it_was(tmp_path: Path, cell: str) -> None:
    assert harmless(harmless(cell)) == harmless(cell)
    path = tmp_path / "formulir.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["tanggal", "saran"], ["x", harmless(cell)]])
    table = open_table(path, named_by({"date": ("tanggal",), "comment": ("saran",)}))
    assert [row.cell("comment") for row in table.rows()] == [cell.strip()]


def test_an_apostrophe_of_a_name_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "formulir.csv"
    path.write_text("saran\n\"Siti Nur'aini, 'Aisyah\"\n'\n")
    table = open_table(path, named_by({"comment": ("saran",)}))
    assert [row.cell("comment") for row in table.rows()] == ["Siti Nur'aini, 'Aisyah", "'"]
