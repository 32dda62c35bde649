"""Ratings on paper, or from an earlier system, through the same doors as every other rating."""

import time
from collections import deque
from pathlib import Path
from typing import Final
from uuid import UUID

from shared import intake, standings
from shared.db.engine import reading, writing
from shared.db.people_writes import add_import_batch
from shared.db.ratings import recorded_among
from shared.domain.people import Office
from shared.domain.skm import Element
from shared.i18n import mark
from shared.imports.rating_rows import COLUMNS, RatingReader
from shared.imports.refusals import FileRefused
from shared.imports.runs import Progress, Stage, Summary, in_batches, office_of, readable_rows
from shared.imports.tables import RejectedRows, Table, open_table
from shared.services import Services

POLL_SECONDS: Final = 0.1
PATIENCE_SECONDS = 20.0
"""For how long nothing may be recorded before the import stops waiting for the recorder."""


def import_ratings(path: Path, office_code: str, services: Services, progress: Progress) -> Summary:
    """Bring a file of ratings of one office in and say what became of it.

    1. Read each row and pass it by the door's check; what is refused comes back in a file.
    2. Accept the good ones in batches; with Redis away the second door records them at once.
    3. Wait until they are recorded, then bring the scores up to date.

    Raises FileRefused when nothing can be read, IntakeUnavailable when no door is open.
    """
    office = office_of(office_code, services.directory.current())
    table = _open(path)
    reader = RatingReader(office, services)
    waiting = _Waiting(services)
    with RejectedRows(table) as rejected:
        for batch in in_batches(readable_rows(table, reader.read, rejected, progress)):
            if not waiting.accepted:
                _start_batch(reader.batch, office, path, services)
            waiting.add([rating.id for rating in batch])
            intake.accept(batch, services)
    unrecorded = waiting.wait(progress)
    if not unrecorded:
        standings.refresh(services)
    return Summary(
        in_file=table.count,
        new=waiting.accepted - waiting.known,
        changed=0,
        known=waiting.known,
        refused=rejected.count,
        ignored=table.ignored,
        rejected=rejected.path,
        waiting=unrecorded,
    )


def _open(path: Path) -> Table:
    table = open_table(path, COLUMNS)
    if "given_at" not in table.places:
        raise FileRefused(mark("There is no column with the date (tanggal)."))
    if not {"overall", *Element}.intersection(table.places):
        raise FileRefused(mark("There is no column with answers (nilai, or U1 to U9)."))
    return table


def _start_batch(batch: UUID, office: Office, path: Path, services: Services) -> None:
    # In a transaction of its own: whoever records the first rating must find it.
    with writing(services.engine) as session:
        add_import_batch(session, batch, office.code, path.name, services.clock())


class _Waiting:
    """The accepted ratings that are not recorded yet, in the order of their acceptance."""

    def __init__(self, services: Services) -> None:
        self.accepted = self.known = 0
        self._services = services
        self._batches: deque[list[UUID]] = deque()
        self._behind = 0

    def add(self, ids: list[UUID]) -> None:
        """Remember a batch about to be accepted, and how many of it were recorded before."""
        self._recorded()
        self.known += self._recorded_among(ids)
        self.accepted += len(ids)
        self._batches.append(ids)

    def wait(self, progress: Progress) -> int:
        """Return 0 once all are recorded, or how many still wait after nothing was recorded for a while."""
        recorded, deadline = self._recorded(), time.monotonic() + PATIENCE_SECONDS
        while recorded < self.accepted and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            before, recorded = recorded, self._recorded()
            if recorded > before:
                deadline = time.monotonic() + PATIENCE_SECONDS
                progress(Stage.RECORDING, recorded, self.accepted)
        return self.accepted - recorded

    def _recorded(self) -> int:
        """Return how many are recorded; batches that are recorded whole are forgotten."""
        while self._batches:
            of_oldest = self._recorded_among(self._batches[0])
            if of_oldest < len(self._batches[0]):
                return self._behind + of_oldest
            self._behind += of_oldest
            self._batches.popleft()
        return self._behind

    def _recorded_among(self, ids: list[UUID]) -> int:
        with reading(self._services.engine) as session:
            return recorded_among(session, ids)
