"""One import from the first row to the last: what every kind of file has in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Generic, TypeVar
from uuid import UUID, uuid4

from sqlmodel import Session

from shared.db import imports
from shared.db.directory_version import seen_later, seen_now
from shared.db.engine import writing
from shared.db.imports import Counts
from shared.domain.imports import ImportKind
from shared.domain.people import Directory, Office
from shared.i18n import DEFAULT_LANGUAGE, mark
from shared.imports.refusals import FileRefused, RowRefused
from shared.imports.tables import RejectedRows, Row, Table
from shared.services import Services

Key = TypeVar("Key")
Value = TypeVar("Value")
BATCH: Final = 500


class Stage(StrEnum):
    """What an import is busy with, as a source text."""

    READING = mark("Reading rows")
    RECORDING = mark("Recording ratings")


Progress = Callable[[Stage, int, int], None]
"""Is told (stage, done, in all) now and then."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a file. `waiting` ratings are accepted and safe, but not recorded yet; those `settled` are of
    months whose scores no longer change.
    """

    in_file: int
    new: int
    changed: int
    known: int
    refused: int
    ignored: tuple[str, ...]
    rejected: Path | None
    waiting: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class Slice(Generic[Key, Value]):
    """Some rows of a file: what they say, in order, and those that cannot go in."""

    rows: int
    said: list[tuple[Row, Key, Value]] = field(default_factory=list)
    refused: list[tuple[Row, RowRefused]] = field(default_factory=list)


class Importer(ABC, Generic[Key, Value]):
    """One kind of file: what a row says, what is known of that already, and how it goes in."""

    kind: ImportKind
    repeats = True
    """Whether two rows of a file may be about the same."""

    @abstractmethod
    def open(self, path: Path) -> Table:
        """Open a file of this kind; raise FileRefused when it lacks a column."""

    @abstractmethod
    def read(self, row: Row) -> tuple[Key, Value]:
        """Return what a row says of what; raise RowRefused."""

    @abstractmethod
    def known(self, session: Session, wanted: Mapping[Key, Value]) -> dict[Key, Value]:
        """Return what stands there already."""

    def sift(self, session: Session, part: Slice[Key, Value]) -> Slice[Key, Value]:
        """Return the slice with those rows refused as well that cannot go in as things stand by now."""
        return part

    @abstractmethod
    def put(self, session: Session, wanted: Mapping[Key, Value]) -> None:
        """Store what is new and what has changed; all where the kind renews."""

    @abstractmethod
    def told(self, key: Key, value: Value) -> dict[str, Any]:
        """Return what a page says of one row, as JSON."""

    def written(self, key: Key, before: Value | None, after: Value) -> list[Any] | None:
        """Return what undoing one change takes, as JSON; None when its own row says it."""
        return None


class Reading(Generic[Key, Value]):
    """One pass over a file, which only ever goes forward."""

    def __init__(self, table: Table, importer: Importer[Key, Value]) -> None:
        self.table, self.importer = table, importer
        self.position = 0
        self._rows = table.rows()

    def take(self, most: int) -> Slice[Key, Value]:
        """Read up to so many rows; a slice without rows is the end."""
        said: list[tuple[Row, Key, Value]] = []
        refused: list[tuple[Row, RowRefused]] = []
        for row in self._rows:
            try:
                self.table.check(row)
                said.append((row, *self.importer.read(row)))
            except RowRefused as error:
                refused.append((row, error))
            if len(said) + len(refused) == most:
                break
        rows = len(said) + len(refused)
        self.position += rows
        return Slice(rows, said, refused)


@dataclass(frozen=True, slots=True)
class SortedOut(Generic[Key, Value]):
    """What a slice brings: the new, the changed with what stood there before, and how many rows say nothing new."""

    wanted: dict[Key, Value]
    new: list[Key]
    changed: dict[Key, Value]
    known: int


def sort_out(said: Sequence[tuple[Row, Key, Value]], before: Mapping[Key, Value]) -> SortedOut[Key, Value]:
    """Compare what a slice says with what stands there; of two rows about the same the later one counts."""
    wanted = {key: value for _, key, value in said}
    new = [key for key in wanted if key not in before]
    changed = {key: before[key] for key, value in wanted.items() if key in before and before[key] != value}
    return SortedOut(wanted, new, changed, len(said) - len(new) - len(changed))


def bring_in(session: Session, batch: UUID, first: int, part: Slice[Key, Value], by: Importer[Key, Value]) -> Counts:
    """Store what a slice says, and beside it what undoing that takes."""
    said = {key: value for _, key, value in part.said}
    found = sort_out(part.said, by.known(session, said))
    touched = {key: found.wanted[key] for key in (*found.new, *found.changed)}
    by.put(session, found.wanted if by.kind.renews else touched)
    changes = [by.written(key, found.changed.get(key), value) for key, value in touched.items()]
    imports.keep_changes(session, batch, first, [change for change in changes if change])
    return Counts(part.rows, len(found.new), len(found.changed), found.known, len(part.refused))


def import_by_operator(
    path: Path, importer: Importer[Key, Value], office: str | None, services: Services, progress: Progress
) -> Summary:
    """Bring a whole file in, as the act of the operator; raise FileRefused when it cannot be read."""
    table = importer.open(path)
    reading, batch, counts = Reading(table, importer), uuid4(), Counts()
    with RejectedRows(table) as rejected, _seen_at_the_end(services):
        while (part := reading.take(BATCH)).rows:
            with writing(services.engine) as session:
                seen_later(session)
                if counts == Counts():
                    imports.add_by_operator(session, batch, importer.kind, office, path.name, services.clock())
                part = importer.sift(session, part)
                counts += bring_in(session, batch, counts.rows, part, importer)
                imports.set_counts(session, batch, counts)
            tell(part, reading, rejected, progress)
    return Summary(
        counts.rows, counts.new, counts.changed, counts.known, counts.refused, table.ignored, rejected.path
    )


@contextmanager
def _seen_at_the_end(services: Services) -> Iterator[None]:
    """Let the directory be read anew once, also when the import is broken off: what is in by then stays in."""
    try:
        yield
    finally:
        with writing(services.engine) as session:
            seen_now(session)


def tell(part: Slice[Key, Value], reading: Reading[Key, Value], rejected: RejectedRows, progress: Progress) -> None:
    """Keep the rows that cannot go in, each with its reason, and say how far the reading has come."""
    for row, refused in sorted(part.refused, key=lambda one: one[0].number):
        rejected.add(row, refused.worded(DEFAULT_LANGUAGE))
    progress(Stage.READING, reading.position, reading.table.count)


def office_of(code: str, directory: Directory) -> Office:
    """Return the office with that code; raise FileRefused when there is none."""
    office = directory.offices.get(code.strip().upper())
    if office is None:
        raise FileRefused(mark("We do not know the office “{office}”."), office=code)
    return office
