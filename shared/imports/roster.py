"""The roster from a table: who stands at which counter, from when until when, on the wall clock of its office."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from shared.db.engine import writing
from shared.db.people import Posting
from shared.db.people_writes import postings_known, put_postings
from shared.domain.errors import RefusalCode
from shared.domain.people import Counter, Directory
from shared.i18n import mark
from shared.imports.moments import read_moment, read_time
from shared.imports.refusals import INTAKE_WORDS, FileRefused, RowRefused
from shared.imports.runs import Progress, Summary, in_batches, office_of, readable_rows
from shared.imports.tables import RejectedRows, Row, Table, named_by, open_table
from shared.services import Services

COLUMNS: Final = named_by({
    "officer": ("petugas", "officer"),
    "counter": ("loket", "counter"),
    "day": ("tanggal", "date"),
    "from": ("mulai", "from"),
    "until": ("selesai", "until"),
})  # fmt: skip


def import_roster(path: Path, office_code: str | None, services: Services, progress: Progress) -> Summary:
    """Bring postings in; the same row twice is one posting. With `office_code` only counters there are taken."""
    directory = services.directory.current()
    office = None if office_code is None else office_of(office_code, directory).code
    table = _open(path)
    reader = _PostingReader(office, directory)
    new = changed = known = 0
    with RejectedRows(table) as rejected:
        for batch in in_batches(readable_rows(table, reader.read, rejected, progress)):
            begun = {(posting.officer, posting.counter, posting.starts_at): posting for posting in batch}
            with writing(services.engine) as session:
                before = postings_known(session, list(begun.values()))
                put_postings(session, [posting for posting in begun.values() if posting not in before])
            moved = len(before.difference(begun.values()))
            added = len(begun) - len(before)
            new, changed, known = new + added, changed + moved, known + len(batch) - added - moved
    return Summary(table.count, new, changed, known, rejected.count, table.ignored, rejected.path)


def _open(path: Path) -> Table:
    table = open_table(path, COLUMNS)
    if not {"officer", "counter", "from", "until"} <= table.places.keys():
        raise FileRefused(
            mark("A roster needs the columns officer (petugas), counter (loket), from (mulai) and until (selesai).")
        )
    return table


class _PostingReader:
    """Reads one posting from each row, or says why it cannot be one."""

    def __init__(self, office: str | None, directory: Directory) -> None:
        self._office, self._directory = office, directory

    def read(self, row: Row) -> Posting:
        counter = self._counter(row.cell("counter"))
        officer = row.cell("officer").upper()
        if officer not in self._directory.officers:
            raise RowRefused(INTAKE_WORDS[RefusalCode.UNKNOWN_OFFICER], officer=row.cell("officer")[:60])
        starts_at, ends_at = _interval(row, self._directory.offices[counter.office].timezone)
        return Posting(officer, counter.code, starts_at, ends_at)

    def _counter(self, text: str) -> Counter:
        counter = self._directory.counters.get(text.upper())
        if counter is None:
            raise RowRefused(mark('Counter "{counter}" is not known.'), counter=text[:60])
        if self._office is not None and counter.office != self._office:
            raise RowRefused(INTAKE_WORDS[RefusalCode.UNKNOWN_COUNTER], counter=text)
        return counter


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
