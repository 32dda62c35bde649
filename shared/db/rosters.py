"""Rosters as pages show them: postings with their names, counters, and who may be posted."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import JSON, FromClause, Integer, Select, String, column, func, literal, or_, select
from sqlmodel import Session, col

from shared.db import records
from shared.db.people import Posting
from shared.db.people_tables import CounterRow, MoveRow, OfficeRow, OfficerRow, PostingRow
from shared.db.types import UtcDateTime
from shared.domain.rosters import Serving

ENDS = ("ends_at",)
_ASKED: Final = (
    column("number", Integer),
    column("officer", String),
    column("starts_at", UtcDateTime),
    column("ends_at", UtcDateTime),
)


class NotHere(Exception):
    """This office has no such posting."""


@dataclass(frozen=True, slots=True)
class RosterPosting:
    """A posting with the names a page shows."""

    id: int
    officer: str
    officer_name: str
    counter: str
    counter_name: str
    office: str
    office_name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RosterCounter:
    """A counter as a row of a roster."""

    code: str
    name: str
    closed_on: date | None

    def open_on(self, day: date) -> bool:
        """Say whether residents are served here on a day."""
        return self.closed_on is None or day < self.closed_on


def counters_of(session: Session, office: str) -> list[RosterCounter]:
    """Return the counters of an office, closed ones too, by name."""
    query = select(CounterRow).where(col(CounterRow.office_code) == office)
    rows = session.scalars(query.order_by(col(CounterRow.name), col(CounterRow.code)))
    return [RosterCounter(row.code, row.name, row.closed_on) for row in rows]


def roster(session: Session, office: str, start: datetime, end: datetime) -> list[RosterPosting]:
    """Return the office's postings that touch [start, end), in order of time."""
    touching = (col(PostingRow.ends_at) > start, col(PostingRow.starts_at) < end)
    return _postings(session, _postings_query().where(col(CounterRow.office_code) == office, *touching))


def posting_of(session: Session, office: str, posting_id: int) -> tuple[RosterPosting, str]:
    """Return a posting at this office and the mark of having seen it; raise NotHere when there is none."""
    here = (col(CounterRow.office_code) == office, col(PostingRow.id) == posting_id)
    found = _postings(session, _postings_query().where(*here))
    if not found:
        raise NotHere
    return found[0], records.seen(session.get_one(PostingRow, posting_id), ENDS)


def clash(session: Session, officer: str, starts_at: datetime, ends_at: datetime) -> RosterPosting | None:
    """Return the officer's first posting that touches [starts_at, ends_at), in whatever office; None without one."""
    query = _postings_query().where(
        col(PostingRow.officer_code) == officer,
        col(PostingRow.ends_at) > starts_at,
        col(PostingRow.starts_at) < ends_at,
    )
    return next(iter(_postings(session, query)), None)


def touching(session: Session, wanted: Mapping[int, Posting]) -> dict[int, list[Posting]]:
    """Return, by number, the postings that the officer of each wanted one has while it lasts, in whatever office."""
    found: dict[int, list[Posting]] = {number: [] for number in wanted}
    asked = _asked(session, wanted)
    query = select(
        asked.c.number,
        col(PostingRow.officer_code),
        col(PostingRow.counter_code),
        col(PostingRow.starts_at),
        col(PostingRow.ends_at),
    ).where(
        col(PostingRow.officer_code) == asked.c.officer,
        col(PostingRow.ends_at) > asked.c.starts_at,
        col(PostingRow.starts_at) < asked.c.ends_at,
    )
    for number, *told in session.execute(query.order_by(col(PostingRow.starts_at))):
        found[number].append(Posting(*told))
    return found


def _asked(session: Session, wanted: Mapping[int, Posting]) -> FromClause:
    """Return these postings as rows to join with: one parameter, since thousands take longer than the answer."""
    in_postgresql = session.get_bind().dialect.name == "postgresql"
    written = "%Y-%m-%d %H:%M:%S.%f" + ("+00" if in_postgresql else "")
    told = literal(
        [
            {
                "number": number,
                "officer": posting.officer,
                "starts_at": posting.starts_at.astimezone(UTC).strftime(written),
                "ends_at": posting.ends_at.astimezone(UTC).strftime(written),
            }
            for number, posting in wanted.items()
        ],
        JSON,
    )
    if in_postgresql:
        return func.json_to_recordset(told).table_valued(*_ASKED, name="asked").render_derived(with_types=True)
    each = func.json_each(told).table_valued("value")
    asked = select(*(func.json_extract(each.c.value, f"$.{one.name}").label(one.name) for one in _ASKED))
    return asked.cte("asked").prefix_with("MATERIALIZED")  # else read anew for each posting it is compared with


def serving(session: Session, office: str, officers: Collection[str] | None = None) -> list[Serving]:
    """Return who serves at an office or once did, by name; of these `officers` only when they are given."""
    moves = _moves(session, office)
    posted = select(col(PostingRow.officer_code)).join(
        CounterRow, col(PostingRow.counter_code) == col(CounterRow.code)
    )
    stood = set(session.scalars(posted.where(col(CounterRow.office_code) == office).distinct()))
    home = col(OfficerRow.office_code)
    query = select(col(OfficerRow.code), col(OfficerRow.name), home, col(OfficeRow.name), col(OfficerRow.left_on))
    query = query.join(OfficeRow, home == col(OfficeRow.code))
    query = query.where(or_(home == office, col(OfficerRow.code).in_(stood | moves.keys())))
    if officers is not None:
        query = query.where(col(OfficerRow.code).in_(officers))
    return [
        Serving(code, name, home_name, at == office, left_on, tuple(moves.get(code, ())), code in stood)
        for code, name, at, home_name, left_on in session.execute(
            query.order_by(col(OfficerRow.name), col(OfficerRow.code))
        )
    ]


def _postings_query() -> Select[*tuple[Any, ...]]:
    columns = (
        col(PostingRow.id), col(OfficerRow.code), col(OfficerRow.name), col(CounterRow.code), col(CounterRow.name),
        col(OfficeRow.code), col(OfficeRow.name), col(PostingRow.starts_at), col(PostingRow.ends_at),
    )  # fmt: skip
    return (
        select(*columns)
        .join(OfficerRow, col(PostingRow.officer_code) == col(OfficerRow.code))
        .join(CounterRow, col(PostingRow.counter_code) == col(CounterRow.code))
        .join(OfficeRow, col(CounterRow.office_code) == col(OfficeRow.code))
        .order_by(col(PostingRow.starts_at), col(OfficerRow.name), col(PostingRow.id))
    )


def _postings(session: Session, query: Select[*tuple[Any, ...]]) -> list[RosterPosting]:
    return [RosterPosting(number or 0, *told) for number, *told in session.execute(query)]


def _moves(session: Session, office: str) -> dict[str, list[tuple[date, bool]]]:
    query = select(col(MoveRow.officer_code), col(MoveRow.moves_on), col(MoveRow.to_office_code)).where(
        or_(col(MoveRow.from_office_code) == office, col(MoveRow.to_office_code) == office)
    )
    moves: defaultdict[str, list[tuple[date, bool]]] = defaultdict(list)
    for officer, moves_on, leads_to in session.execute(query.order_by(col(MoveRow.moves_on))):
        moves[officer].append((moves_on, leads_to == office))
    return moves
