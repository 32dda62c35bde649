"""The recorder: rows a second from a filled stream, against a plain bulk insert and against a job per rating."""

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from shared import stream
from shared.db.engine import make_engine, reading
from shared.db.tables import RatingRow
from shared.domain.clock import system_clock
from shared.domain.ratings import Rating
from shared.logs import configure_logs
from shared.services import Services
from tests.bench import rq_jobs, stage
from tests.bench.harness import Bar, Figure, Measured, NotMeasurable, rounds, say
from tests.bench.plain import PlainPostgresql, PlainSqlite, PlainTable
from tests.servers import database_in, run_sql, running_postgresql, running_valkey, settings_in
from workers.recorder import record_batch, settle

ROUNDS = 5
ENTRIES = 10_000
JOBS = 60
LONGEST = 60.0
COMMIT_SIZES = (1_000, 10_000)
AT_ONCE = timedelta(milliseconds=1)
SHARE = Bar(0.5, at_least=True)
TIMES_JOBS = Bar(50, at_least=True)


def measure() -> Iterator[Figure]:
    """Yield, for each database, the share of a plain bulk insert and the multiple of one RQ job per rating."""
    with TemporaryDirectory(prefix="suara-bench-") as folder, running_valkey(Path(folder)) as settings:
        home = Path(folder)
        with (home / "recorder.log").open("w") as log:
            configure_logs(settings.log_level, log)
            with on_sqlite(home, settings.redis_address) as contest:
                yield from _figures(contest)
            with on_postgresql(home, settings.redis_address) as contest:
                yield from _figures(contest)


@dataclass
class Contest:
    """The recorder with its services, where its rows can be read, and the plain tables it is compared with."""

    database: str
    services: Services
    source: str
    plain: dict[int, PlainTable]
    given: Iterator[Rating] = field(default_factory=lambda: stage.ratings(Random(3), system_clock()))
    recorder_rates: list[float] = field(default_factory=list)
    job_rates: list[float] = field(default_factory=list)
    plain_rates: dict[int, list[float]] = field(default_factory=lambda: {size: [] for size in COMMIT_SIZES})

    def round(self) -> None:
        """Record a filled stream, insert the rows this made plainly at each commit size, then do some as jobs."""
        # Bytes only: thousands of live objects would slow the garbage collector of a process that usually has none.
        given = [(rating.id, rating.model_dump_json(exclude_defaults=True).encode()) for rating in self._next()]
        bodies = [body for _id, body in given]
        self._record(bodies[:ENTRIES])
        self._insert(str(given[0][0]))
        self._work([body.decode() for body in bodies[ENTRIES:]])

    def _next(self) -> Iterator[Rating]:
        return islice(self.given, ENTRIES + JOBS)

    def _record(self, bodies: Sequence[bytes]) -> None:
        before, redis = self.recorded(), self.services.redis
        for start in range(0, len(bodies), 1000):
            stream.append(redis, bodies[start : start + 1000])
        gc.collect()
        began = time.perf_counter()
        while record_batch(self.services, "bench", AT_ONCE):
            pass
        self.recorder_rates.append(len(bodies) / (time.perf_counter() - began))
        if self.recorded() - before != len(bodies):
            raise AssertionError(f"{self.recorded() - before} of {len(bodies)} ratings recorded")

    def _insert(self, first: str) -> None:
        for size, table in self.plain.items():
            rows = table.rows_of(self.source, first)
            if len(rows) != ENTRIES:
                raise AssertionError(f"{len(rows)} rows for {ENTRIES} ratings")
            gc.collect()
            self.plain_rates[size].append(len(rows) / table.seconds_for(rows, size))

    def _work(self, bodies: list[str]) -> None:
        address, before = self.services.settings.database_address, self.recorded()
        rq_jobs.enqueue(self.services.redis, address, bodies)
        began = time.perf_counter()
        rq_jobs.drain(self.services.redis)
        self.job_rates.append(len(bodies) / (time.perf_counter() - began))
        if self.recorded() - before != len(bodies):
            raise AssertionError("not every job recorded its rating")

    def recorded(self) -> int:
        """Return how many ratings the recorder's database holds."""
        with reading(self.services.engine) as session:
            return session.scalars(select(func.count(col(RatingRow.id)))).one()


@contextmanager
def on_sqlite(home: Path, redis: str) -> Iterator[Contest]:
    """Set up the contest on SQLite."""
    with ExitStack() as stack:
        services = stack.enter_context(_services(home, redis, None))
        plain: dict[int, PlainTable] = {}
        for size in COMMIT_SIZES:
            path = home / f"plain-{size}.sqlite3"
            _prepare(f"sqlite:///{path}")
            plain[size] = stack.enter_context(closing(PlainSqlite(path)))
        yield Contest("SQLite", services, str(services.settings.var / "suara.sqlite3"), plain)


@contextmanager
def on_postgresql(home: Path, redis: str) -> Iterator[Contest]:
    """Set up the contest on PostgreSQL, where there is one."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgresql())
        except pytest.skip.Exception as reason:
            raise NotMeasurable(str(reason)) from reason
        for name in ("recorder", *(f"plain{size}" for size in COMMIT_SIZES)):
            run_sql(server, f"CREATE DATABASE {name}")
        plain: dict[int, PlainTable] = {}
        for size in COMMIT_SIZES:
            address = database_in(server, f"plain{size}")
            _prepare(address.replace("postgresql://", "postgresql+psycopg://"))
            plain[size] = stack.enter_context(closing(PlainPostgresql(address)))
        source = database_in(server, "recorder")
        services = stack.enter_context(_services(home, redis, source))
        with psycopg.connect(source) as connection:
            version = connection.info.parameter_status("server_version")
        yield Contest(f"PostgreSQL {version}", services, source, plain)


@contextmanager
def _services(home: Path, redis: str, database: str | None) -> Iterator[Services]:
    services = Services.of(settings_in(home, database_url=database, redis_url=redis))
    stage.prepare(services.engine)
    services.redis.flushall()
    stream.open_group(services.redis)
    yield services
    rq_jobs.forget(services.settings.database_address)
    services.close()


def _prepare(address: str) -> None:
    engine = make_engine(address)
    stage.prepare(engine)
    engine.dispose()


def _figures(contest: Contest) -> Iterator[Figure]:
    database = contest.database
    say(f"recorder on {database}: up to {ROUNDS} rounds of {ENTRIES:,} ratings each side, {JOBS} jobs")
    settle()
    for _ in rounds(ROUNDS, LONGEST):
        contest.round()
    ours = Measured(tuple(contest.recorder_rates), "rows/s")
    by_size = {size: Measured(tuple(rates), "rows/s") for size, rates in contest.plain_rates.items()}
    size, plain = max(by_size.items(), key=lambda found: found[1].median)
    yield Figure(f"recorder into {database}, against a plain bulk insert ({size:,} a commit)", SHARE, ours, plain)
    jobs = Measured(tuple(contest.job_rates), "jobs/s")
    yield Figure(f"recorder into {database}, against one RQ job per rating", TIMES_JOBS, ours, jobs)
