"""Imports from the browser, taken further one slice at a time, so that scores never wait behind a large file.

How far one has come stands in the database beside what was done, in one transaction: killed anywhere, it goes on.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from shared.db import import_steps as stored
from shared.db import imports
from shared.db.engine import reading, writing
from shared.db.import_steps import Todo
from shared.db.import_tables import ImportBatchRow
from shared.db.imports import Counts, Refusal
from shared.domain.imports import ImportKind, ImportState
from shared.imports.guardians import GuardianImport
from shared.imports.officers import OfficerImport
from shared.imports.ratings import RatingImport
from shared.imports.refusals import FileRefused, RowRefused
from shared.imports.roster import RosterImport
from shared.imports.runs import Importer, Reading, Slice, SortedOut, bring_in, sort_out
from shared.imports.tables import Row
from shared.imports.workbooks import MOST_ROWS, too_many_rows
from shared.nips import handed_in
from shared.services import Services

ROWS_AT_ONCE: Final = 1_000
ROWS_SHOWN: Final = 20


@dataclass
class _Opened:
    """A file in the middle of being read; `met` is what earlier rows were about, where rows may repeat."""

    folder: "tempfile.TemporaryDirectory[str]"
    reading: Reading[Any, Any]
    met: set[Any] = field(default_factory=set)

    def take(self, most: int) -> Slice[Any, Any]:
        """Read the next rows."""
        return self.reading.take(most)

    def compare(self, session: Session, part: Slice[Any, Any]) -> SortedOut[Any, Any]:
        """Say what a slice would bring, were everything before it in; nothing is stored."""
        importer = self.reading.importer
        said = {key: value for _, key, value in part.said}
        before = importer.known(session, said) | {key: value for key, value in said.items() if key in self.met}
        return sort_out(part.said, before)

    def catch_up(self, session: Session, position: int) -> None:
        """Meet again what was read before this one was opened."""
        while self.reading.position < position:
            part = self.take(min(ROWS_AT_ONCE, position - self.reading.position))
            self.meet(self.reading.importer.sift(session, part))

    def meet(self, part: Slice[Any, Any]) -> None:
        """Remember what a slice was about."""
        if self.reading.importer.repeats:
            self.met.update(key for _, key, _ in part.said)

    def close(self) -> None:
        """Throw the copy of the file away."""
        self.folder.cleanup()


class Steps:
    """Takes imports further, and keeps open the files it is in the middle of."""

    def __init__(self, services: Services) -> None:
        self._services, self._sealer = services, handed_in(services.settings)
        self._open: dict[tuple[UUID, ImportState], _Opened] = {}

    def take(self) -> bool:
        """Take the import that has waited longest one slice further; False when none waits."""
        with writing(self._services.engine) as session:
            todo = stored.pick(session, self._services.clock())
        if todo is None:
            self.close()
            return False
        try:
            if todo.state is ImportState.UNDOING:
                self._undo(todo)
            elif todo.state is not ImportState.FAILED:
                self._next_slice(todo)
        except FileRefused as refused:
            self._close(todo)
            self._give_up(todo, refused)
        except BaseException:
            self._close(todo)  # the next attempt reads it anew
            raise
        return True

    def close(self) -> None:
        """Let go of every file."""
        while self._open:
            self._open.popitem()[1].close()

    def _undo(self, todo: Todo) -> None:
        with writing(self._services.engine) as session:
            row = stored.locked(session, todo)
            if row is not None:
                stored.undo_slice(session, row, self._services.clock())

    def _next_slice(self, todo: Todo) -> None:
        opened = self._opened(todo)
        part = opened.take(ROWS_AT_ONCE)
        ended = part.rows < ROWS_AT_ONCE
        with writing(self._services.engine) as session:
            row = stored.locked(session, todo)
            if row is not None:
                part = opened.reading.importer.sift(session, part)
                take = self._check if todo.state is ImportState.UPLOADED else self._bring_in
                take(session, row, opened, part)
                imports.keep_refusals(session, row.id, [_refusal(*one) for one in part.refused], self._sealer)
                if ended:
                    self._end(session, row, todo)
        opened.meet(part)
        if row is None or ended:
            self._close(todo)

    def _check(self, session: Session, row: ImportBatchRow, opened: _Opened, part: Slice[Any, Any]) -> None:
        table = opened.reading.table
        row.headings, row.ignored, row.all_rows = table.headings, list(table.ignored), table.count
        found = opened.compare(session, part)
        shown, missing = row.preview or [], ROWS_SHOWN - len(row.preview or [])
        row.preview = [*shown, *_told(part, found, opened.reading.importer, missing)]
        counts = Counts(part.rows, len(found.new), len(found.changed), found.known, len(part.refused))
        stored.move(session, row, Counts.of(row) + counts, self._services.clock())

    def _bring_in(self, session: Session, row: ImportBatchRow, opened: _Opened, part: Slice[Any, Any]) -> None:
        counts = bring_in(session, row.id, row.done_rows, part, opened.reading.importer)
        stored.move(session, row, Counts.of(row) + counts, self._services.clock())

    def _end(self, session: Session, row: ImportBatchRow, todo: Todo) -> None:
        if todo.state is ImportState.RUNNING:
            stored.finish(session, row, self._services.clock())
            return
        row.state, row.all_rows = ImportState.CHECKED.value, row.done_rows
        session.add(row)

    def _give_up(self, todo: Todo, refused: FileRefused) -> None:
        with writing(self._services.engine) as session:
            row = stored.locked(session, todo)
            if row is not None:
                stored.fail(session, row, refused.text, refused.facts)

    def _opened(self, todo: Todo) -> _Opened:
        key = todo.id, todo.state
        opened = self._open.get(key)
        if opened is None or opened.reading.position > todo.done_rows:
            self._close(todo)
            opened = self._open[key] = self._begin(todo)
        if opened.reading.position < todo.done_rows:  # another process, or this one before it died, was here
            with reading(self._services.engine) as session:
                opened.catch_up(session, todo.done_rows)
        return opened

    def _begin(self, todo: Todo) -> _Opened:
        with reading(self._services.engine) as session:
            content = stored.content_of(session, todo.id, self._sealer)
        folder = tempfile.TemporaryDirectory(prefix="suara-import-")
        try:
            path = Path(folder.name) / todo.file_name
            path.write_bytes(content or b"")
            importer = _importer(todo, self._services)
            table = importer.open(path)
            if table.count > MOST_ROWS:
                raise too_many_rows(path)
        except BaseException:
            folder.cleanup()
            raise
        return _Opened(folder, Reading(table, importer))

    def _close(self, todo: Todo) -> None:
        opened = self._open.pop((todo.id, todo.state), None)
        if opened is not None:
            opened.close()


def _importer(todo: Todo, services: Services) -> Importer[Any, Any]:
    match todo.kind:
        case ImportKind.OFFICERS:
            return OfficerImport(todo.office, services)
        case ImportKind.ROSTER:
            return RosterImport(todo.office, services, dry=todo.state is ImportState.UPLOADED)
        case ImportKind.RATINGS:
            return RatingImport(todo.id, todo.office or "", services)
        case ImportKind.GUARDIANS:
            return GuardianImport(todo.office or "", services)


def _refusal(row: Row, refused: RowRefused) -> Refusal:
    return Refusal(row.number, refused.text, refused.facts, row.cells)


def _told(
    part: Slice[Any, Any], found: SortedOut[Any, Any], importer: Importer[Any, Any], most: int
) -> list[dict[str, Any]]:
    new = set(found.new)
    fates = (
        (row.number, key, value, "new" if key in new else "changed" if key in found.changed else "known")
        for row, key, value in part.said[:most]
    )
    return [{"row": number, "fate": fate, **importer.told(key, value)} for number, key, value, fate in fates]
