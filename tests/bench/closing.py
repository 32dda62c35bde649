"""Closing a month of ten thousand officers and a million ratings, on PostgreSQL, against one plain GROUP BY."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from shared import closing, standings
from shared.db.engine import writing
from shared.db.people_tables import OfficeRow, OfficerRow, RegionRow
from shared.db.schema import upgrade
from shared.domain.clock import system_clock
from shared.domain.months import Month
from shared.services import Services
from tests.bench.harness import Bar, Figure, Measured, say
from tests.servers import database_in, run_sql, running_postgresql, running_valkey, settings_in

REGIONS: Final = 10
OFFICES: Final = 200
OFFICERS: Final = 10_000
RATINGS: Final = 1_000_000
MONTHS: Final = 3
TIMES_GROUP_BY: Final = Bar(4)
SECONDS: Final = Bar(60, "s")

RATED = """
INSERT INTO rating (id, office_code, officer_code, month, overall, channel, language, given_at, accepted_at,
                    recorded_at, clock_shift, picked, kiosk_id, digest)
SELECT md5(:month || i)::uuid, 'KT' || (i % :officers) / :each, 'PG' || i % :officers, :month,
       (ARRAY[1, 2, 3, 3, 3, 4, 4, 4, 4, 4])[1 + (i * 7919 + i % 13) % 10],
       CASE WHEN i % 5 = 0 THEN 'sms' ELSE 'kiosk' END, 'id', at, at, at, 0, false, null, md5(:month || i)
FROM (SELECT i, CAST(:first AS timestamptz) + (i * 7919 % 2500000) * interval '1 second' AS at
      FROM generate_series(CAST(0 AS bigint), :ratings - 1) AS i) AS given
"""
PLAIN = "SELECT officer_code, count(*), sum(overall) FROM rating WHERE month = :month GROUP BY officer_code"


def measure() -> Iterator[Figure]:
    """Yield the time of a closing beside that of a plain GROUP BY, and of screening and counting all before it."""
    with (
        TemporaryDirectory(prefix="suara-bench-") as folder,
        running_valkey(Path(folder)) as valkey,
        running_postgresql() as server,
    ):
        run_sql(server, "CREATE DATABASE closing")
        services = Services.of(
            settings_in(Path(folder), database_url=database_in(server, "closing"), redis_url=valkey.redis_address)
        )
        months = _plant(services)
        refreshed = _refreshed(services)
        say(f"closing: all screened and counted after {refreshed:.0f} s")
        closed, plain = [], []
        for month in months:
            plain.append(_grouped(services, month))
            closed.append(_closed(services, month))
        services.close()
    what = f"closing a month, {OFFICERS:,} officers and {RATINGS:,} ratings, PostgreSQL"
    yield Figure(what, TIMES_GROUP_BY, Measured(tuple(closed), "s"), Measured(tuple(plain), "s"))
    each = Measured((refreshed / MONTHS,), "s")
    yield Figure(f"screening and counting {RATINGS:,} ratings anew, PostgreSQL", SECONDS, each)


def _plant(services: Services) -> list[Month]:
    upgrade(services.engine)
    now = system_clock()
    months = [Month(now.year, now.month).plus(-back) for back in range(MONTHS, 0, -1)]
    each = OFFICERS // OFFICES
    with writing(services.engine) as session:
        session.execute(
            insert(RegionRow), [{"code": f"W{n}", "name": f"Daerah {n}", "demo": False} for n in range(REGIONS)]
        )
        session.execute(
            insert(OfficeRow),
            [
                {
                    "code": f"KT{n}",
                    "region_code": f"W{n % REGIONS}",
                    "name": f"Kantor {n}",
                    "kind": "dukcapil",
                    "timezone": "Asia/Jakarta",
                }
                for n in range(OFFICES)
            ],
        )
        session.execute(
            insert(OfficerRow),
            [{"code": f"PG{n}", "name": f"Petugas {n}", "office_code": f"KT{n // each}"} for n in range(OFFICERS)],
        )
    for month in months:
        first, _ = month.bounds(ZoneInfo("Asia/Jakarta"))
        facts = {"month": str(month), "officers": OFFICERS, "each": each, "ratings": RATINGS, "first": first}
        with writing(services.engine) as session:
            session.execute(text(RATED), facts)
            session.execute(
                text("INSERT INTO stale_month (officer_code, month) SELECT code, :month FROM officer"),
                {"month": str(month)},
            )
        say(f"closing: {RATINGS:,} ratings of {month} planted")
    with services.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return months


def _refreshed(services: Services) -> float:
    began = time.perf_counter()
    standings.refresh(services)
    return time.perf_counter() - began


def _closed(services: Services, month: Month) -> float:
    began = time.perf_counter()
    made = sum(closing.take(step, services) for step in closing.steps_of(month, services))
    took = time.perf_counter() - began
    if made < OFFICERS:
        raise AssertionError(f"{made} revisions of {OFFICERS}")
    return took


def _grouped(services: Services, month: Month) -> float:
    with services.engine.connect() as connection:
        began = time.perf_counter()
        connection.execute(text(PLAIN), {"month": str(month)}).fetchall()
        return time.perf_counter() - began
