"""Files as offices send them: encodings, delimiters, and what can never be a table."""

import csv
from pathlib import Path

import pytest

from shared.imports.refusals import FileRefused, RowRefused
from shared.imports.tables import RejectedRows, Row, Table, named_by, open_table

KNOWN = named_by({"date": ("tanggal",), "comment": ("saran",), "answer": ("nilai",)})
ROWS = "tanggal{0}nilai{0}saran\r\n2025-11-12{0}4{0}“Ramah” – sekali\r\n2025-11-13{0}3{0}Café\r\n"


def a_table(folder: Path, content: str | bytes, name: str = "formulir.csv") -> Table:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_table(path, KNOWN)


def cells(table: Table, column: str) -> list[str]:
    return [row.cell(column) for row in table.rows()]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom", "cp1252"] + ["utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_a_table_reads_the_same_in_every_dress(tmp_path: Path, encoding: str, delimiter: str) -> None:
    name = encoding.removesuffix("-bom")
    mark = "\ufeff" if name != encoding else ""
    table = a_table(tmp_path, (mark + ROWS.format(delimiter)).encode(name))
    assert (table.count, table.delimiter, table.ignored) == (2, delimiter, ())
    assert cells(table, "comment") == ["“Ramah” – sekali", "Café"]


def test_a_row_with_a_nul_is_no_text_and_alone_refused(tmp_path: Path) -> None:
    table = a_table(tmp_path, "tanggal,nilai,saran\n2025-11-12,4,Ra\0mah\n2025-11-13,3,Baik\n")
    broken, sound = table.rows()
    table.check(sound)
    with pytest.raises(RowRefused, match="no text"):
        table.check(broken)


def test_bytes_that_no_windows_page_has_are_still_read(tmp_path: Path) -> None:
    table = a_table(tmp_path, b"tanggal,nilai,saran\n2025-11-12,4,caf\xe9 \x81\n")
    assert cells(table, "comment") == ["café \x81"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_quoted_newlines_and_delimiters_stay_in_their_cell(tmp_path: Path, end: str) -> None:
    table = a_table(tmp_path, f'Tanggal,"NILAI",saran{end}2025-11-12,4,"Baik, {end}dan ""ramah"""{end}')
    assert [comment.split() for comment in cells(table, "comment")] == [["Baik,", "dan", '"ramah"']]


def test_blank_rows_are_not_rows_but_keep_their_numbers(tmp_path: Path) -> None:
    table = a_table(tmp_path, "\n,,\ntanggal,nilai,saran\n2025-11-12,4,\n,,\n\n2025-11-13,3,\n , ,\n")
    assert table.count == 2
    assert [row.number for row in table.rows()] == [1, 4]


def test_columns_come_in_any_order_and_case_and_unknown_ones_are_named_once(tmp_path: Path) -> None:
    table = a_table(tmp_path, "No,SARAN, Tanggal ,bagian,,nilai\n1,baik,2025-11-12,umum,,4\n")
    assert table.ignored == ("No", "bagian")
    assert [(row.cell("date"), row.cell("answer"), row.cell("comment")) for row in table.rows()] == [
        ("2025-11-12", "4", "baik")
    ]


def test_a_short_row_has_blanks_and_a_long_one_is_refused(tmp_path: Path) -> None:
    table = a_table(tmp_path, "tanggal,nilai,saran\n2025-11-12,4\n2025-11-13,4,baik, sekali\n2025-11-14,4,baik,,\n")
    short, long, padded = table.rows()
    assert short.cell("comment") == ""
    table.check(padded)
    with pytest.raises(RowRefused):
        table.check(long)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "Berkas formulir.csv kosong.", id="empty"),
        pytest.param(b"\xef\xbb\xbf\r\n", "Berkas formulir.csv kosong.", id="only a byte order mark"),
        pytest.param(
            b"tanggal,nilai\r\n,\r\n",
            "Berkas formulir.csv hanya berisi judul kolom, belum ada baris.",
            id="header only",
        ),
        pytest.param(
            b"satu,dua\n1,2\n",
            "Tidak ada judul kolom yang kami kenal di berkas formulir.csv;"
            " baris pertamanya harus berisi judul kolom.",
            id="no known column",
        ),
        pytest.param(
            b"tanggal,Tanggal\n1,2\n",
            "Kolom “tanggal” dan “Tanggal” sama artinya; pakai salah satu saja.",
            id="twice",
        ),
        pytest.param(
            b'tanggal,saran\n2025-11-12,"baik\n2025-11-13,ramah\n',
            "Berkas formulir.csv tidak terbaca sebagai tabel: ada tanda kutip yang tidak ditutup atau salah tempat.",
            id="open quotation mark",
        ),
        pytest.param(
            b"\xff\xfet\x00a\x00\x00\xd8x\x00", "Tulisan dalam berkas formulir.csv rusak.", id="damaged UTF-16"
        ),
        pytest.param(
            b"PK\x03\x04rest",
            "formulir.csv tidak terbaca sebagai berkas Excel (XLSX). Simpan ulang sebagai XLSX atau CSV.",
            id="a damaged workbook",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0rest",
            "formulir.csv adalah berkas Excel lama atau dikunci kata sandi."
            " Simpan sebagai XLSX tanpa kata sandi, atau sebagai CSV.",
            id="an old or locked workbook",
        ),
    ],
)
def test_what_cannot_be_a_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused) as refused:
        a_table(tmp_path, content)
    assert refused.value.worded("id") == sentence


@pytest.mark.parametrize("name", ["tidak-ada.csv", "."])
def test_what_cannot_be_opened_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        open_table(tmp_path / name, KNOWN)
    assert "tidak dapat dibuka" in refused.value.worded("id")


def rejected(table: Table, reason: str = "Tanggalnya belum diisi.") -> Path:
    with RejectedRows(table) as kept:
        for row in table.rows():
            kept.add(row, reason)
    assert kept.path is not None
    return kept.path


def test_refused_rows_keep_their_columns_and_gain_a_reason(tmp_path: Path) -> None:
    table = a_table(tmp_path, 'No;tanggal;nilai;saran\n7;kemarin;4;"baik; ramah"\n8;lusa\n')
    with rejected(table).open(newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [
            ["No", "tanggal", "nilai", "saran", "alasan_ditolak"],
            ["7", "kemarin", "4", "baik; ramah", "Tanggalnya belum diisi."],
            ["8", "lusa", "", "", "Tanggalnya belum diisi."],
        ]


def test_cells_a_spreadsheet_would_run_are_made_harmless_and_read_back_as_they_were(tmp_path: Path) -> None:
    evil = ["=1+1", "+62", "-1", "@SUM(A1)", "ramah", "'=kutip"]
    table = a_table(tmp_path, "tanggal,saran\n" + "".join(f'x,"{cell}"\n' for cell in evil))
    path = rejected(table)
    with path.open(newline="") as file:
        assert [line["saran"] for line in csv.DictReader(file)] == [
            "'=1+1", "'+62", "'-1", "'@SUM(A1)", "ramah", "'=kutip",
        ]  # fmt: skip
    again = open_table(path, KNOWN)
    assert again.ignored == ()
    assert cells(again, "comment") == ["=1+1", "+62", "-1", "@SUM(A1)", "ramah", "=kutip"]


def test_rows_refused_again_say_the_new_reason_only(tmp_path: Path) -> None:
    once = open_table(rejected(a_table(tmp_path, "tanggal,saran\nx,baik\n"), "lama"), KNOWN)
    with rejected(once, "baru").open(newline="") as file:
        assert list(csv.DictReader(file)) == [{"tanggal": "x", "saran": "baik", "alasan_ditolak": "baru"}]


def test_refused_rows_are_written_in_the_encoding_they_came_in(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        path = rejected(a_table(tmp_path, ROWS.format(",").encode(encoding)))
        assert "Café" in path.read_bytes().decode(encoding)
        assert cells(open_table(path, KNOWN), "comment") == ["“Ramah” – sekali", "Café"]


def test_refused_rows_go_to_the_current_folder_when_they_cannot_stand_beside_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = a_table(tmp_path, ROWS.format(","))
    (tmp_path / "formulir.rejected.csv").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert rejected(table) == elsewhere / "formulir.rejected.csv"


def test_there_is_no_file_of_refused_rows_while_none_is_refused(tmp_path: Path) -> None:
    with RejectedRows(a_table(tmp_path, ROWS.format(","))) as kept:
        pass
    assert kept.path is None
    assert [path.name for path in tmp_path.iterdir()] == ["formulir.csv"]


def test_a_long_row_is_returned_whole(tmp_path: Path) -> None:
    table = a_table(tmp_path, "tanggal,saran\nx,baik, ramah\n")
    with rejected(table, "terlalu banyak").open(newline="") as file:
        assert list(csv.reader(file))[1] == ["x", "baik", "terlalu banyak", " ramah"]


def test_a_row_says_nothing_for_a_column_the_file_does_not_have() -> None:
    assert Row(1, [], {}).cell("comment") == ""
