"""Ratings on paper, or from an earlier system, through the same doors as every other rating."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from shared import intake, standings
from shared.db import imports
from shared.db.engine import reading, writing
from shared.db.extra_elements import extra_elements
from shared.db.imports import Counts
from shared.db.ratings import record
from shared.domain.imports import ImportKind
from shared.domain.ratings import Rating
from shared.domain.screening import SetAside
from shared.domain.skm import Element
from shared.i18n import mark
from shared.imports.rating_rows import RatingReader, columns_with
from shared.imports.refusals import FileRefused
from shared.imports.runs import BATCH, Importer, Progress, Reading, Summary, office_of, tell
from shared.imports.tables import RejectedRows, Row, Table, open_table
from shared.imports.waiting import Waiting
from shared.services import Services


class RatingImport(Importer[UUID, Rating]):
    """Ratings by their id: each row is one, or says why it cannot be."""

    kind = ImportKind.RATINGS
    repeats = False

    def __init__(self, batch: UUID, office_code: str, services: Services) -> None:
        self.office = office_of(office_code, services.directory.current())
        self.batch = batch
        with reading(services.engine) as session:
            self._extras = extra_elements(session, self.office.code)
        codes = [extra.code for extra in self._extras]
        self._reader = RatingReader(batch, self.office, codes, services)
        self._clock = services.clock

    def open(self, path: Path) -> Table:
        """Open a table of ratings; raise FileRefused when it lacks a column."""
        table = open_table(path, columns_with(self._extras))
        if "given_at" not in table.places:
            raise FileRefused(mark("There is no column with the date (tanggal)."))
        if not {"overall", *Element, *(extra.code for extra in self._extras)}.intersection(table.places):
            raise FileRefused(mark("There is no column with answers (nilai, or U1 to U9)."))
        return table

    def read(self, row: Row) -> tuple[UUID, Rating]:
        """Return the rating a row holds, by its id; raise RowRefused."""
        rating = self._reader.read(row)
        return rating.id, rating

    def known(self, session: Session, wanted: Mapping[UUID, Rating]) -> dict[UUID, Rating]:
        """Return those that are recorded, but for those whose import was undone: they come in anew."""
        return {rating: wanted[rating] for rating in imports.standing(session, list(wanted))}

    def put(self, session: Session, wanted: Mapping[UUID, Rating]) -> None:
        """Record ratings. They are safe in their file until then, so they need not go through a door."""
        rows = {rating.id: rating.import_row for rating in wanted.values()}
        imports.adopt(session, self.batch, rows, {SetAside.WITHDRAWN})
        record(wanted.values(), session, self._clock())

    def told(self, key: UUID, value: Rating) -> dict[str, Any]:
        """Return the day, whom it is about and the answers; never what was written in words."""
        return {
            "day": value.given_at.astimezone(self.office.timezone).date().isoformat(),
            "officer": value.officer,
            "counter": value.counter,
            "overall": value.overall,
            "elements": len(value.elements) + len(value.extras),
        }


def import_ratings(path: Path, office_code: str, services: Services, progress: Progress) -> Summary:
    """Bring a file of ratings of one office in and say what became of it.

    1. Read each row and pass it by the door's check; what is refused comes back in a file.
    2. Accept the good ones in batches; with Redis away the second door records them at once.
    3. Wait until they are recorded, then bring the scores up to date.

    Raises FileRefused when nothing can be read, IntakeUnavailable when no door is open.
    """
    importer = RatingImport(uuid4(), office_code, services)
    table = importer.open(path)
    rows, waiting = Reading(table, importer), Waiting(services)
    with RejectedRows(table) as rejected:
        while (part := rows.take(BATCH)).rows:
            tell(part, rows, rejected, progress)
            if part.said:
                _accept([rating for _, _, rating in part.said], importer, path, waiting, services)
            counts = Counts(rows.position, waiting.accepted - waiting.known, 0, waiting.known, rejected.count)
            with writing(services.engine) as session:
                imports.set_counts(session, importer.batch, counts)
    unrecorded = waiting.wait(progress)
    if not unrecorded:
        standings.refresh(services)
    with reading(services.engine) as session:
        settled = imports.in_settled_months(session, importer.batch)
    return Summary(
        in_file=rows.position,
        new=waiting.accepted - waiting.known,
        changed=0,
        known=waiting.known,
        refused=rejected.count,
        ignored=table.ignored,
        rejected=rejected.path,
        waiting=unrecorded,
        settled=settled,
    )


def _accept(ratings: list[Rating], importer: RatingImport, path: Path, waiting: Waiting, services: Services) -> None:
    # The batch in a transaction of its own: whoever records the first rating must find it. What stands there
    # unconfirmed or undone counts from now on, by the operator's word.
    with writing(services.engine) as session:
        if not waiting.accepted:
            name, office = path.name, importer.office.code
            imports.add_by_operator(session, importer.batch, importer.kind, office, name, services.clock())
        rows = {rating.id: rating.import_row for rating in ratings}
        adopted = imports.adopt(session, importer.batch, rows, {SetAside.WITHDRAWN, SetAside.UNCONFIRMED})
    waiting.add([rating.id for rating in ratings], adopted)
    intake.accept(ratings, services)
