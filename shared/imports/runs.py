"""One import from the first row to the last: what every kind of file has in common."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from shared.domain.people import Directory, Office
from shared.i18n import DEFAULT_LANGUAGE, mark
from shared.imports.refusals import FileRefused, RowRefused
from shared.imports.tables import RejectedRows, Row, Table

Read = TypeVar("Read")
BATCH: Final = 500


class Stage(StrEnum):
    """What an import is busy with, as a source text."""

    READING = mark("Reading rows")
    RECORDING = mark("Recording ratings")


Progress = Callable[[Stage, int, int], None]
"""Is told (stage, done, in all) now and then."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a file. `waiting` ratings are accepted and safe, but not recorded yet."""

    in_file: int
    new: int
    changed: int
    known: int
    refused: int
    ignored: tuple[str, ...]
    rejected: Path | None
    waiting: int = 0


def office_of(code: str, directory: Directory) -> Office:
    """Return the office with that code; raise FileRefused when there is none."""
    office = directory.offices.get(code.strip().upper())
    if office is None:
        raise FileRefused(mark("We do not know the office “{office}”."), office=code)
    return office


def readable_rows(
    table: Table, read: Callable[[Row], Read], rejected: RejectedRows, progress: Progress
) -> Iterator[Read]:
    """Give what `read` makes of each row; a row it refuses is kept with the reason instead."""
    for done, row in enumerate(table.rows(), start=1):
        try:
            table.check_width(row)
            yield read(row)
        except RowRefused as refused:
            rejected.add(row, refused.worded(DEFAULT_LANGUAGE))
        if done % BATCH == 0 or done == table.count:
            progress(Stage.READING, done, table.count)


def in_batches(things: Iterator[Read]) -> Iterator[list[Read]]:
    """Give them 500 at a time, the last batch shorter."""
    batch: list[Read] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
