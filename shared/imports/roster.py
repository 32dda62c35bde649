"""The roster from a table: who stands at which counter, from when until when, on the wall clock of its office."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from shared.db.people import Posting
from shared.db.people_writes import put_postings
from shared.db.postings import hold_officers
from shared.db.rosters import touching
from shared.domain.errors import RefusalCode
from shared.domain.imports import ImportKind
from shared.domain.people import Counter, Office
from shared.i18n import mark
from shared.imports.moments import read_moment, read_time
from shared.imports.overlaps import Plan
from shared.imports.refusals import INTAKE_WORDS, FileRefused, RowRefused
from shared.imports.runs import Importer, Progress, Slice, Summary, import_by_operator, office_of
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
    """Postings by officer, counter and beginning: each row says when one ends, or why it cannot.

    `dry` says that nothing is stored, so that what earlier rows of the file say is remembered here.
    """

    kind = ImportKind.ROSTER

    def __init__(self, office_code: str | None, services: Services, *, dry: bool = False) -> None:
        self._directory = services.directory.current()
        self._plan = Plan() if dry else None
        self._stored: dict[Begun, datetime] = {}
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
        """Return the ends of those of these postings that exist, as they were when this slice was sifted."""
        return {begun: self._stored[begun] for begun in wanted if begun in self._stored}

    def sift(self, session: Session, part: Slice[Begun, datetime]) -> Slice[Begun, datetime]:
        """Refuse whoever is posted already at that time, by the file or by the roster of whatever office.

        Unless nothing is stored, nobody else plans these officers until the transaction ends.
        """
        wanted = {row.number: Posting(*begun, ends_at) for row, begun, ends_at in part.said}
        if self._plan is None:
            hold_officers(session, {posting.officer for posting in wanted.values()})
        plan, stored = self._plan or Plan(), touching(session, wanted)
        self._stored = {
            (one.officer, one.counter, one.starts_at): one.ends_at for found in stored.values() for one in found
        }
        said, refused = [], list(part.refused)
        for row, begun, ends_at in part.said:
            other = plan.take(wanted[row.number], stored[row.number])
            if other is None:
                said.append((row, begun, ends_at))
            else:
                refused.append((row, self._posted_already(wanted[row.number], other)))
        return Slice(part.rows, said, refused)

    def _posted_already(self, wanted: Posting, other: Posting) -> RowRefused:
        officer, office = self._directory.officers[wanted.officer], self._office_of(wanted.counter)
        counter, there = self._directory.counters.get(other.counter), self._office_of(other.counter)
        return RowRefused(
            mark(
                "{officer} is posted already at that time, in the roster or further up in this file:"
                " {counter}, {office}, {when}."
            ),
            officer=f"{officer.name} ({officer.code})",
            counter=f"{counter.name} ({counter.code})" if counter else other.counter,
            office=there.name if there else "-",
            when=_span(other, office.timezone if office else UTC),
        )

    def _office_of(self, counter: str) -> Office | None:
        known = self._directory.counters.get(counter)
        return self._directory.offices.get(known.office) if known else None

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
            raise RowRefused(mark("Counter “{counter}” is not known."), counter=text[:60])
        if self.office is not None and counter.office != self.office:
            raise RowRefused(INTAKE_WORDS[RefusalCode.UNKNOWN_COUNTER], counter=text)
        return counter


def _span(posting: Posting, timezone: tzinfo) -> str:
    starts_at, ends_at = (moment.astimezone(timezone) for moment in (posting.starts_at, posting.ends_at))
    last = f"{ends_at:%H:%M}" if ends_at.date() == starts_at.date() else f"{ends_at:%Y-%m-%d %H:%M}"
    return f"{starts_at:%Y-%m-%d %H:%M} - {last}"


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
        raise RowRefused(mark("The time “{text}” cannot be read; write it like 08:00."), text=row.cell("from")[:60])
    return datetime.combine(read_moment(row.cell("day"), timezone).at.astimezone(timezone), begins, tzinfo=timezone)


def _dated(text: str, timezone: ZoneInfo) -> datetime:
    moment = read_moment(text, timezone)
    if moment.whole_day:
        raise RowRefused(mark("“{text}” is a date without a time; add one, like 08:00."), text=text[:60])
    return moment.at.astimezone(timezone)
