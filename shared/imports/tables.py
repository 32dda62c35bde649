"""Tables as offices send them: text in the encodings, delimiters and habits of spreadsheets, or workbooks.

The file is gone through more than once (encoding, rows to come, the rows), so that no pass holds it in memory.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, Self

from shared.i18n import mark
from shared.imports.refusals import FileRefused, RowRefused
from shared.imports.workbooks import Records, count_records, is_workbook, workbook_records

DELIMITERS: Final = (",", ";", "\t")
REASON_COLUMN: Final = "alasan_ditolak"
FOR_SPREADSHEETS: Final = ("utf-8-sig", ";")
"""How a table is written for whoever sent a workbook: their program opens it with a double click."""
_AT_ONCE: Final = 1 << 20
_BEGINS: Final = r"((?:^|[,;\t\r\n])[ \"]*)"
"""Where a cell begins, in a file opened with whichever separator."""
_FORMULA: Final = re.compile(_BEGINS + "(?=[=+@-])")
_SHOWN_FORMULA: Final = re.compile(_BEGINS + "'(?=[=+@-])")
_BLANK_STARTS: Final = ("\t", "\r")
_OF_TEXT: Final = (
    mark("The file {name} is empty."),
    mark("None of the columns of {name} is known; its first line must be headings."),
)
_OF_SHEETS: Final = (
    mark("The first sheet of {name} is empty, and only the first is read. Move the table there."),
    mark(
        "None of the columns on the first sheet of {name} is known. Only that sheet is read, and its first line must"
        " be headings."
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (1 is the first below the headings), its cells as they stand, and those we know by name."""

    number: int
    cells: list[str]
    named: Mapping[str, str]

    def cell(self, name: str) -> str:
        """Return the cell of that column without surrounding space; "" when blank or without such a column."""
        return self.named.get(name, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A readable table: `places` says where each known column stands, `ignored` names the headings nobody knows.

    `encoding` and `delimiter` are those in which its refused rows are given back.
    """

    path: Path
    records: Callable[[], Records]
    encoding: str
    delimiter: str
    headings: list[str]
    places: Mapping[str, int]
    ignored: tuple[str, ...]
    count: int

    def rows(self) -> Iterator[Row]:
        """Read the rows that hold anything, one by one."""
        records = self.records()
        next(records)
        for number, cells in records:
            named = {name: _plain(cells[place]) for name, place in self.places.items() if place < len(cells)}
            yield Row(number, cells, named)

    def check(self, row: Row) -> None:
        """Refuse a row with what is no text, or with more cells than headings: a stray delimiter has moved them."""
        if any("\0" in cell for cell in row.cells):
            raise RowRefused(
                mark("This row holds something that is no text. Open the file, save it as CSV (UTF-8) or XLSX again.")
            )
        if any(cell.strip() for cell in row.cells[len(self.headings) :]):
            raise RowRefused(
                mark("There are more cells than columns; a comma or semicolon may need quotation marks.")
            )


def fold(text: str) -> str:
    """Return a heading or word without case, spaces and punctuation, to compare it by."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def named_by(headings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return folded heading -> column name, from column name -> every heading it goes by."""
    return {fold(heading): name for name, all_headings in headings.items() for heading in all_headings}


def open_table(path: Path, known: Mapping[str, str]) -> Table:
    """Find out how the file is written and which columns it has; raise FileRefused when it cannot be a table."""
    try:
        return _workbook(path, known) if is_workbook(path) else _text_table(path, known)
    except OSError as error:
        raise FileRefused(mark("The file {name} cannot be opened."), name=path.name) from error


def _workbook(path: Path, known: Mapping[str, str]) -> Table:
    count = count_records(path)
    _, headings = next(workbook_records(path), (0, []))
    places = _known_places(path, headings, known, _OF_SHEETS)
    return Table(path, partial(workbook_records, path), *FOR_SPREADSHEETS, headings, *places, _some(path, count))


def _text_table(path: Path, known: Mapping[str, str]) -> Table:
    encoding = _encoding_of(path)
    delimiter, headings = _headings(path, encoding, known)
    places = _known_places(path, headings, known, _OF_TEXT)
    records = partial(_records, path, encoding, delimiter)
    count = sum(1 for _ in records()) - 1
    return Table(path, records, encoding, delimiter, headings, *places, _some(path, count))


def _some(path: Path, count: int) -> int:
    if count == 0:
        raise FileRefused(mark("The file {name} has headings but no rows."), name=path.name)
    return count


def _encoding_of(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in start[:2]:  # no text begins with a NUL, but so does one in 16 bits that does not say that it is
        return "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
    return next((encoding for encoding in ("utf-8", "cp1252") if _decodes(path, encoding)), "latin-1")


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding) as file:
            while file.read(_AT_ONCE):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _records(path: Path, encoding: str, delimiter: str) -> Records:
    """Read the headings (numbered 0) and the records below them, leaving out blank ones but counting them."""
    number = -1
    with path.open(encoding=encoding, newline="") as file, _sound(path):
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        for cells in reader:
            blank = not any(cell.strip() for cell in cells)
            number += not (blank and number < 0)
            if not blank:
                yield number, cells


@contextmanager
def _sound(path: Path) -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise FileRefused(
            mark("The file {name} cannot be read as a table: a quotation mark is never closed or out of place."),
            name=path.name,
        ) from error
    except UnicodeError as error:
        raise FileRefused(mark("The text of the file {name} is damaged."), name=path.name) from error


def _headings(path: Path, encoding: str, known: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the delimiter under which most headings are known, and the headings."""
    found: list[tuple[int, str, list[str]]] = []
    refused: FileRefused | None = None
    for delimiter in DELIMITERS:
        try:
            _, headings = next(_records(path, encoding, delimiter), (0, []))
        except FileRefused as error:
            refused = error
            continue
        found.append((sum(fold(heading) in known for heading in headings), delimiter, headings))
    if refused and not found:
        raise refused
    _, delimiter, headings = max(found, key=lambda one: one[0])
    return delimiter, headings


def _known_places(
    path: Path, headings: list[str], known: Mapping[str, str], words: tuple[str, str]
) -> tuple[dict[str, int], tuple[str, ...]]:
    empty, unknown = words
    if not headings:
        raise FileRefused(empty, name=path.name)
    if not any(fold(heading) in known for heading in headings):
        raise FileRefused(unknown, name=path.name)
    return _places(headings, known)


def _places(headings: list[str], known: Mapping[str, str]) -> tuple[dict[str, int], tuple[str, ...]]:
    places: dict[str, int] = {}
    ignored: list[str] = []
    for place, heading in enumerate(headings):
        name = known.get(fold(heading))
        if name in places:
            raise FileRefused(
                mark("The columns “{one}” and “{other}” mean the same; keep one of them."),
                one=headings[places[name]],
                other=heading,
            )
        if name is not None:
            places[name] = place
        elif heading.strip() and fold(heading) != fold(REASON_COLUMN):
            ignored.append(heading.strip())
    return places, tuple(ignored)


def _plain(cell: str) -> str:
    """Return what a cell says, without the apostrophe that keeps a spreadsheet from running it."""
    text = cell.strip()
    if "'" not in text:
        return text
    text = _SHOWN_FORMULA.sub(r"\1", text)
    return text[1:] if text[0] == "'" and text[1:].startswith(_BLANK_STARTS) else text


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula, nor any part of it when opened by another separator."""
    safe = _FORMULA.sub(r"\1'", cell)
    return f"'{safe}" if safe.startswith(_BLANK_STARTS) else safe


def with_reason(headings: Sequence[str], cells: Sequence[str], reason: str) -> list[str]:
    """Return a refused row as it is given back: its cells made harmless, the reason after the last column.

    The reason of an earlier refusal is left out, and cells beyond the columns come last.
    """
    width = len(headings)
    safe = [harmless(cell) for cell in cells] + [""] * (width - len(cells))
    kept = [cell for cell, heading in zip(safe, headings, strict=False) if fold(heading) != fold(REASON_COLUMN)]
    return [*kept, reason, *safe[width:]]


class RejectedRows:
    """Keeps the rows that do not go in, each with its reason, in a table like the one they came from.

    It stands beside that table, or in the current folder when nothing can be written there. While no row is
    refused there is no file. Cells that a spreadsheet would run as formulas are made harmless.
    """

    def __init__(self, table: Table) -> None:
        self.path: Path | None = None
        self.count = 0
        self._table = table
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: Row, reason: str) -> None:
        """Keep one row with its reason."""
        if self._file is None:
            self._open()
        self._writer.writerow(with_reason(self._table.headings, row.cells, reason))
        self.count += 1

    def _open(self) -> None:
        name = f"{self._table.path.stem}.rejected.csv"
        # Written as the file came, so that the program that made it opens both alike.
        encoding = self._table.encoding
        try:
            self.path = self._table.path.with_name(name)
            self.path.unlink(missing_ok=True)  # never written through a link that somebody put there
            self._file = self.path.open("w", encoding=encoding, newline="")
        except OSError:
            self.path = Path.cwd() / name
            self._file = self.path.open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._file, delimiter=self._table.delimiter)
        self._writer.writerow(with_reason(self._table.headings, self._table.headings, REASON_COLUMN))
