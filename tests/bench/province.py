"""A province: a thousand offices, fifty thousand officers and five million ratings."""

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, text
from sqlmodel import Session, SQLModel

from shared.db.accounts import Place, create_account
from shared.db.engine import writing
from shared.db.people_tables import CounterRow, OfficeRow, OfficerRow, RegionRow
from shared.db.schema import upgrade
from shared.domain.clock import system_clock
from shared.domain.months import Month
from shared.domain.people import Role
from tests.bench.harness import say

REGIONS: Final = 20
OFFICES: Final = 1_000
OFFICERS: Final = 50_000
RATINGS: Final = 5_000_000
AT_ONCE: Final = 500_000
MONTHS: Final = 12
OFFICE: Final = "KT0"
OFFICER: Final = "PG0"
GIVEN: Final = ("Ayu", "Bagas", "Citra", "Dimas", "Endah", "Fajar", "Gita", "Hendra", "Intan", "Joko", "Kirana")
FAMILY: Final = ("Lestari", "Mahendra", "Nugraha", "Oktaviani", "Pratama", "Rahayu", "Saputra", "Utami", "Wijaya")
PASSWORD: Final = "a password for the bench"

RATED = """
INSERT INTO rating (id, office_code, officer_code, month, overall, channel, language, given_at, accepted_at,
                    recorded_at, clock_shift, picked, digest, kompetensi, perilaku)
WITH RECURSIVE n(i) AS (SELECT :start UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :stop)
SELECT printf('%032x', i), 'KT' || ((i % :officers) / :each), 'PG' || (i % :officers), :month, 1 + (i * 7919) % 4,
       'kiosk', 'id', at, at, at, 0, 0, printf('%032x', i), 1 + (i * 31) % 4, 2 + (i * 17) % 3
FROM (SELECT i, datetime(:first, '+' || (i * 7919 % :seconds) || ' seconds') || '.000000' AS at FROM n)
"""
SCORED = """
INSERT INTO monthly_score (officer_code, month, office_code, ones, twos, threes, fours, channels, raw_index, method,
                           computed_at)
SELECT officer_code, month, max(office_code), sum(overall = 1), sum(overall = 2), sum(overall = 3), sum(overall = 4),
       json_object('kiosk', json_array(sum(overall = 1), sum(overall = 2), sum(overall = 3), sum(overall = 4))),
       (2500 * sum(overall) + count(*) / 2) / count(*), 'm1', max(recorded_at)
FROM rating WHERE month = :month GROUP BY officer_code
"""
SHOWN = """
INSERT INTO score_snapshot (officer_code, month, ones, twos, threes, fours, noted_on, seen, dark)
SELECT officer_code, month, ones, twos, threes, fours, date(computed_at), json_array(ones, twos, threes, fours), 0
FROM monthly_score
"""


def monday() -> date:
    """Return the day on which this week began."""
    today = system_clock().date()
    return today - timedelta(days=today.weekday())


def plant(engine: Engine) -> None:
    """Migrate the database and fill it; takes a few minutes."""
    upgrade(engine)
    now, began = system_clock(), time.monotonic()
    with writing(engine) as session:
        _people(session)
        for username, place in _accounts():
            create_account(session, username, PASSWORD, place, now)
    say(f"pages: {OFFICERS:,} officers after {time.monotonic() - began:.0f} s")
    months = [Month(now.year, now.month).plus(-back) for back in range(MONTHS)]
    with engine.connect() as connection:
        for number, start in enumerate(range(0, RATINGS, AT_ONCE)):
            _ratings(connection, start, months[number % MONTHS], now)
            say(f"pages: {start + AT_ONCE:,} ratings after {time.monotonic() - began:.0f} s")
        for month in months:
            connection.execute(text(SCORED), {"month": str(month)})
        connection.execute(text(SHOWN))
        connection.execute(text("ANALYZE"))
        connection.commit()


def _people(session: Session) -> None:
    each = OFFICERS // OFFICES
    regions = [{"code": f"W{number}", "name": f"Daerah {number}", "demo": False} for number in range(REGIONS)]
    offices = [
        {
            "code": f"KT{number}",
            "region_code": f"W{number % REGIONS}",
            "name": f"Kantor {number}",
            "kind": "dukcapil",
            "timezone": "Asia/Jakarta",
        }
        for number in range(OFFICES)
    ]
    counters = [{"code": f"L{number}", "office_code": f"KT{number}", "name": "Loket 1"} for number in range(OFFICES)]
    officers = [
        {"code": f"PG{number}", "office_code": f"KT{number // each}", "name": _name(number)}
        for number in range(OFFICERS)
    ]
    tables: list[tuple[type[SQLModel], Sequence[Mapping[str, object]]]] = [
        (RegionRow, regions), (OfficeRow, offices), (CounterRow, counters), (OfficerRow, officers),
    ]  # fmt: skip
    for table, rows in tables:
        session.execute(insert(table), list(rows))


def _name(number: int) -> str:
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}, S.Sos."


def _accounts() -> list[tuple[str, Place]]:
    return [
        ("officer", Place(Role.OFFICER, officer=OFFICER)),
        ("supervisor", Place(Role.SUPERVISOR, office=OFFICE)),
        ("administrator", Place(Role.ADMINISTRATOR)),
    ]


def _ratings(connection: Connection, start: int, month: Month, now: datetime) -> None:
    first, end = month.bounds(ZoneInfo("UTC"))
    facts = {
        "start": start,
        "stop": start + AT_ONCE,
        "officers": OFFICERS,
        "each": OFFICERS // OFFICES,
        "month": str(month),
        "first": first.strftime("%Y-%m-%d %H:%M:%S"),
        "seconds": int((min(end, now) - first).total_seconds()),
    }
    connection.execute(text(RATED), facts)
    connection.commit()
