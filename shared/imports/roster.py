"""The roster from a table: who stands at which counter, from when until when, on the wall clock of its office."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from shared.db.people import Posting
from shared.db.people_writes import postings_known, put_postings
from shared.domain.errors import RefusalCode
from shared.domain.imports import ImportKind
from shared.domain.people import Counter
from shared.i18n import mark
from shared.imports.moments import read_moment, read_time
from shared.imports.refusals import INTAKE_WORDS, FileRefused, RowRefused
from shared.imports.runs import Importer, Progress, Summary, import_by_operator, office_of
from shared.imports.tables import Row, Table, named_by, open_table
from shared.services import Services

COLUMNS: Final = named_by({
    "officer": ("petugas", "officer"),
    "counter": ("loket", "counter"),
    "day": ("tanggal", "date"),
    "from": ("mulai", "from"),
    "until": ("selesai", "until"),
})  # fmt: skip


Begun = tuple[str, str, datetime]
"""(officer, counter, from)"""


def import_roster(path: Path, office_code: str | None, services: Services, progress: Progress) -> Summary:
    """Bring postings in; the same row twice is one posting. With `office_code` only counters there are taken."""
    importer = RosterImport(office_code, services)
    return import_by_operator(path, importer, importer.office, services, progress)


class RosterImport(Importer[Begun, datetime]):
    """Postings by officer, counter and beginning: each row says when one ends, or why it cannot."""

    kind = ImportKind.ROSTER

    def __init__(self, office_code: str | None, services: Services) -> None:
        self._directory = services.directory.current()
        self.office = None if office_code is None else office_of(office_code, self._directory).code

    def open(self, path: Path) -> Table:
        """Open a roster; raise FileRefused when it lacks a column."""
        table = open_table(path, COLUMNS)
        if not {"officer", "counter", "from", "until"} <= table.places.keys():
            raise FileRefused(
                mark(
                    "A roster needs the columns officer (petugas), counter (loket), from (mulai) and until (selesai)."
                )
            )
        return table

    def known(self, session: Session, wanted: Mapping[Begun, datetime]) -> dict[Begun, datetime]:
        """Return the ends of those of these postings that exist."""
        known = postings_known(session, _postings(wanted))
        return {(posting.officer, posting.counter, posting.starts_at): posting.ends_at for posting in known}

    def put(self, session: Session, wanted: Mapping[Begun, datetime]) -> None:
        """Store postings; one that exists gets the new end."""
        put_postings(session, _postings(wanted))

    def told(self, key: Begun, value: datetime) -> dict[str, Any]:
        """Return officer, counter, from and until."""
        return {"officer": key[0], "counter": key[1], "from": key[2].isoformat(), "until": value.isoformat()}

    def written(self, key: Begun, before: datetime | None, after: datetime) -> list[Any]:
        """Return the posting's end, as it was and as it is now."""
        begun = [*key[:2], key[2].astimezone(UTC).isoformat()]
        return [begun, before and before.astimezone(UTC).isoformat(), after.astimezone(UTC).isoformat()]

    def read(self, row: Row) -> tuple[Begun, datetime]:
        """Return the posting's officer, counter and beginning, and its end; raise RowRefused."""
        counter = self._counter(row.cell("counter"))
        officer = row.cell("officer").upper()
        if officer not in self._directory.officers:
            raise RowRefused(INTAKE_WORDS[RefusalCode.UNKNOWN_OFFICER], officer=row.cell("officer")[:60])
        starts_at, ends_at = _interval(row, self._directory.offices[counter.office].timezone)
        return (officer, counter.code, starts_at), ends_at

    def _counter(self, text: str) -> Counter:
        counter = self._directory.counters.get(text.upper())
        if counter is None:
            raise RowRefused(mark('Counter "{counter}" is not known.'), counter=text[:60])
        if self.office is not None and counter.office != self.office:
            raise RowRefused(INTAKE_WORDS[RefusalCode.UNKNOWN_COUNTER], counter=text)
        return counter


def _postings(wanted: Mapping[Begun, datetime]) -> list[Posting]:
    return [Posting(*begun, ends_at) for begun, ends_at in wanted.items()]


def _interval(row: Row, timezone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return from and until. An until that is only a time and not later than from lies on the next day."""
    starts_at = _start(row, timezone)
    until = read_time(row.cell("until"))
    if until is None:
        ends_at = _dated(row.cell("until"), timezone)
        if ends_at <= starts_at:
            raise RowRefused(mark("The posting ends before it begins."))
        return starts_at, ends_at
    ends_at = datetime.combine(starts_at, until, tzinfo=timezone)
    return starts_at, ends_at if ends_at > starts_at else ends_at + timedelta(days=1)


def _start(row: Row, timezone: ZoneInfo) -> datetime:
    if not row.cell("day"):
        return _dated(row.cell("from"), timezone)
    begins = read_time(row.cell("from"))
    if begins is None:
        raise RowRefused(mark('The time "{text}" cannot be read; write it like 08:00.'), text=row.cell("from")[:60])
    return datetime.combine(read_moment(row.cell("day"), timezone).at.astimezone(timezone), begins, tzinfo=timezone)


def _dated(text: str, timezone: ZoneInfo) -> datetime:
    moment = read_moment(text, timezone)
    if moment.whole_day:
        raise RowRefused(mark('"{text}" is a date without a time; add one, like 08:00.'), text=text[:60])
    return moment.at.astimezone(timezone)
