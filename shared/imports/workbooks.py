"""Workbooks (XLSX) as tables of text: the first sheet, each cell as people see it.

A small file can unfold into a huge one, so what it holds is measured before anything of it is kept in memory.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo, is_zipfile

from shared.i18n import mark
from shared.imports.refusals import FileRefused

MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 256
LARGEST_UNPACKED: Final = 128 * 1024 * 1024
"""bytes; 200,000 ratings with a comment each take 110 million, 50,000 officers 18 million"""
LARGEST_STRINGS: Final = 32 * 1024 * 1024
"""bytes; the texts that cells share are the one part that must be in memory as a whole"""
LONGEST_CELL: Final = 32_767
"""characters; no spreadsheet writes more"""
MOST_PARTS: Final = 100_000
"""How many elements may stand between two rows: a row larger than that is no row of people."""
_LAST_ROW: Final = 1_048_576
_XML: Final = (".xml", ".rels")
_ENDS: Final = frozenset({"row", "si"})
_VALUES: Final = frozenset({"v", "is"})
_TEXTS: Final = frozenset({"t", "v", "f"})
_CELLS: Final = frozenset({"c", "si"})
_AT_ONCE: Final = 1 << 16
_LONGEST_TOKEN: Final = 1 << 20
_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0"
_PACKED: Final = b"PK\x03\x04"
_LEADING_ZEROS: Final = re.compile("0{2,}")
_SECONDS: Final = timedelta(milliseconds=500)
_NO_WORKBOOK: Final = mark("{name} cannot be read as a workbook (XLSX). Save it again as XLSX or as CSV.")

Records = Iterator[tuple[int, list[str]]]


def is_workbook(path: Path) -> bool:
    """Say whether a file is a workbook of any kind, by how it begins."""
    with path.open("rb") as file:
        return file.read(4) in {_OLD_OR_LOCKED, _PACKED}


def measured(path: Path) -> dict[str, int]:
    """Return how many rows of each sheet hold anything, about.

    Raises FileRefused for what is no workbook, is locked, or would unfold into more than a table of people.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLD_OR_LOCKED:
            raise FileRefused(
                mark("{name} is an old workbook or has a password. Save it as XLSX without a password, or as CSV."),
                name=path.name,
            )
    if not is_zipfile(path):
        raise FileRefused(_NO_WORKBOOK, name=path.name)
    with _sound(path), ZipFile(path) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise _too_large(path)
        return {part.filename: _rows_in(archive, part, path) for part in parts if part.filename.endswith(_XML)}


def workbook_records(path: Path) -> Records:
    """Read the headings (numbered 0) and the rows below them, leaving out blank ones but counting them."""
    number, blank = -1, None
    with _sound(path), _opened(path) as book:
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, max_row=_LAST_ROW):
            # Rows that the file leaves out come as one and the same; there may be a million before the next.
            cells = [] if row is blank else _cells(row)
            blank = blank if cells else row
            number += bool(cells or number >= 0)
            if cells:
                yield number, cells


def count_records(path: Path) -> int:
    """Return how many rows below the headings hold anything, about; raise FileRefused when they are too many."""
    rows = measured(path)
    with _sound(path), _opened(path) as book:
        count = rows[book.worksheets[0]._worksheet_path] - 1
    if count > MOST_ROWS:
        raise too_many_rows(path)
    return max(count, 0)


def too_many_rows(path: Path) -> FileRefused:
    """Return the refusal of a file with more rows than anybody looks through."""
    return FileRefused(mark("The file {name} has more than {most} rows. Divide it."), name=path.name, most=MOST_ROWS)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    from openpyxl import load_workbook  # here, because whoever only sends CSV never pays for it

    # An open file, for of a name it would believe the ending.
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()


@contextmanager
def _sound(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileRefused, GeneratorExit):
        raise
    except Exception as error:  # a foreign file can make its reader stumble over anything
        raise FileRefused(_NO_WORKBOOK, name=path.name) from error


def _too_large(path: Path) -> FileRefused:
    return FileRefused(mark("What {name} holds is too large for an import. Divide it."), name=path.name)


def _rows_in(archive: ZipFile, part: ZipInfo, path: Path) -> int:
    """Count the rows with a value; refuse what would have to be in memory at once and is larger than any table."""
    parser, measure = expat.ParserCreate(), _Measure(part.file_size > LARGEST_STRINGS)
    parser.StartElementHandler, parser.EndElementHandler = measure.starts, measure.ends
    parser.CharacterDataHandler = measure.says
    read = 0
    with archive.open(part) as file:
        while chunk := file.read(_AT_ONCE):
            parser.Parse(chunk, False)
            read += len(chunk)
            if measure.is_too_large or read - parser.CurrentByteIndex > _LONGEST_TOKEN:
                raise _too_large(path)
    parser.Parse(b"", True)
    return measure.rows


class _Measure:
    """What one part of a workbook holds: elements since the last row, characters of a cell, rows with a value."""

    def __init__(self, without_strings: bool) -> None:
        self.rows, self.is_too_large = 0, False
        self._without_strings = without_strings
        self._since, self._letters, self._filled, self._in_text = 0, 0, False, False

    def starts(self, name: str, _attributes: object) -> None:
        name = name.rpartition(":")[2]
        self._since += 1
        self._filled = self._filled or name in _VALUES
        self._in_text = name in _TEXTS
        if self._since > MOST_PARTS or (self._without_strings and name == "si"):
            self.is_too_large = True

    def says(self, text: str) -> None:
        if self._in_text:
            self._letters += len(text)
            self.is_too_large = self.is_too_large or self._letters > LONGEST_CELL

    def ends(self, name: str) -> None:
        name, self._in_text = name.rpartition(":")[2], False
        if name in _CELLS:
            self._letters = 0
        if name in _ENDS:
            self.rows += self._filled
            self._since, self._filled = 0, False


def _cells(row: tuple[Any, ...]) -> list[str]:
    cells = [_text(cell.value, cell) if cell.value is not None else "" for cell in row]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(value: Any, cell: Any) -> str:
    if isinstance(value, datetime):
        return _moment(value, cell.number_format)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, float | int) and not isinstance(value, bool):
        return _number(value, cell.number_format)
    return str(value)


def _moment(value: datetime, shown_as: str) -> str:
    rounded = (value + _SECONDS).replace(microsecond=0)
    if rounded.time() == time() and "h" not in shown_as.lower():
        return rounded.date().isoformat()
    return f"{rounded.date().isoformat()} {_clock(rounded.time())}"


def _clock(value: time) -> str:
    return value.isoformat("seconds" if value.second else "minutes")


def _number(value: float, shown_as: str) -> str:
    if isinstance(value, float) and not value.is_integer():
        return format(value, ".15g")
    whole = str(int(value))
    return whole.zfill(len(shown_as)) if _LEADING_ZEROS.fullmatch(shown_as) else whole
