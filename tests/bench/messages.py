"""Invitations by a stand-in for Twilio: how many a second, and none twice or lost, however often a worker dies."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from subprocess import Popen
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from shared.db.engine import reading, writing
from shared.db.message_tables import MessageRow
from shared.domain.clock import system_clock
from shared.domain.outreach import MessageState
from shared.domain.ratings import Channel
from shared.logs import configure_logs
from shared.services import Services
from sms.gateways.chosen import TWILIO, opened
from sms.gateways.gateway import Outgoing
from sms.reconciling import follow_up
from sms.sending import send_due
from tests.bench import stage
from tests.bench.harness import Bar, Figure, Measured, NotMeasurable, rounds, say
from tests.servers import database_in, run_sql, running_postgresql, running_valkey, settings_in
from tests.sms.outgoing import a_message, by_twilio
from tests.sms.twilio_server import GONE, LOST, TwilioServer, running_twilio
from tests.sms.working import ask_to_send, kill, killing, later, let_it_be_noon, working
from workers.queues import QueueName, queue

INVITATIONS: Final = 10_000
PER_SECOND: Final = 60
KILLS: Final = 6
AT_ONCE: Final = 300
ROUNDS: Final = 5
LONGEST: Final = 60.0
STANDS_STILL_AFTER: Final = 60.0
NONE_AT_ALL: Final = Bar(0, "messages")
SHARE: Final = Bar(0.1, at_least=True)
"""Each costs two commits and two turns in Redis that survive a loss of power; the library alone keeps nothing."""


def measure() -> Iterator[Figure]:
    """Yield, for each database, the pace against Twilio's library alone, and what became of 10,000 invitations."""
    with TemporaryDirectory(prefix="suara-bench-") as folder, running_valkey(Path(folder)) as settings:
        home = Path(folder)
        configure_logs("ERROR")
        for database in ("SQLite", "PostgreSQL"):
            with _sending(home, settings.redis_address, database) as (services, twilio):
                yield _pace(services, twilio, database)
                yield from _all_invited(services, twilio, database)


@contextmanager
def _sending(home: Path, redis: str, database: str) -> Iterator[tuple[Services, TwilioServer]]:
    with ExitStack() as stack:
        address = None
        if database == "PostgreSQL":
            try:
                server = stack.enter_context(running_postgresql())
            except pytest.skip.Exception as reason:
                raise NotMeasurable(str(reason)) from reason
            run_sql(server, "CREATE DATABASE messages")
            address = database_in(server, "messages")
        services = Services.of(settings_in(home, database_url=address, redis_url=redis), redis_timeout=LONGEST)
        stack.callback(services.close)
        stage.prepare(services.engine)
        services.redis.flushall()
        let_it_be_noon(services)
        yield services, stack.enter_context(running_twilio())


def _put(services: Services, many: int) -> None:
    """Let so many invitations wait, each to another person."""
    now = system_clock()
    times = {"created_at": now, "due_at": now, "state_at": now, "expires_at": now + timedelta(days=1)}
    with writing(services.engine) as session:
        for number in range(many):
            phone = f"+62812{number:08d}"
            session.add(a_message(services, f"Undangan {number:05d}", phone, office_code="KT0", **times))


def _pace(services: Services, twilio: TwilioServer, database: str) -> Figure:
    say(f"messages on {database}: {AT_ONCE} at once, up to {ROUNDS} rounds")
    sending = by_twilio(services, twilio, segments_per_day=1_000_000)
    ours, alone = [], []
    for _ in rounds(ROUNDS, LONGEST):
        _put(services, AT_ONCE)
        began = time.perf_counter()
        sent = send_due(sending, LONGEST)["sent"]
        ours.append(sent / (time.perf_counter() - began))
        if sent != AT_ONCE:
            raise AssertionError(f"{sent} of {AT_ONCE} sent")
        alone.append(_alone(sending))
    what = f"messages by Twilio, rows on {database}, against its library alone"
    return Figure(what, SHARE, Measured(tuple(ours), "messages/s"), Measured(tuple(alone), "messages/s"))


def _alone(services: Services) -> float:
    """Return how many messages a second the library sends that nobody has to remember."""
    with opened(TWILIO, services) as gateway, reading(services.engine) as session:
        key = session.scalars(select(col(MessageRow.id)).limit(1)).one()
        began = time.perf_counter()
        for number in range(AT_ONCE):
            gateway.send(Outgoing(key, f"+62812{number:08d}", Channel.SMS, "Undangan"))
        return AT_ONCE / (time.perf_counter() - began)


def _all_invited(services: Services, twilio: TwilioServer, database: str) -> Iterator[Figure]:
    say(f"messages on {database}: {INVITATIONS:,} at {PER_SECOND} a second, the worker killed {KILLS} times")
    twilio.taken.clear()
    services.redis.flushall()
    limited = by_twilio(services, twilio, messages_per_second=PER_SECOND, segments_per_day=INVITATIONS + KILLS)
    _put(services, INVITATIONS)
    sending = replace(limited, clock=system_clock)
    chance = Random(7)
    for _ in range(KILLS):
        with working(sending) as worker:
            usual = [None] * chance.randrange(INVITATIONS // KILLS // 2, INVITATIONS // KILLS)
            twilio.plan.extend([*usual, killing(worker, chance.choice((LOST, GONE)))])
            _feed(sending, worker)
    with working(sending) as worker:
        _feed(sending, worker)
        kill(worker)
    follow_up(later(sending, minutes=3))
    send_due(later(sending, minutes=3), LONGEST)
    yield from _figures(sending, twilio, database)


def _feed(services: Services, worker: "Popen[bytes]") -> None:
    """Keep a worker busy until it dies or nothing waits any more."""
    moved, before = time.monotonic(), -1
    while worker.poll() is None and (left := _waiting(services)):
        if left != before:
            moved, before = time.monotonic(), left
        if time.monotonic() > moved + STANDS_STILL_AFTER:
            raise AssertionError(f"{left} invitations stand still")
        if queue(QueueName.MESSAGES, services.redis).count < 2:
            ask_to_send(services)
        time.sleep(0.2)


def _waiting(services: Services) -> int:
    with reading(services.engine) as session:
        waiting = col(MessageRow.state) == MessageState.WAITING.value
        return session.scalars(select(func.count(col(MessageRow.id))).where(waiting)).one()


def _figures(services: Services, twilio: TwilioServer, database: str) -> Iterator[Figure]:
    times = Counter(message["body"] for message in twilio.outbound)
    lost, twice = INVITATIONS - len(times), sum(count - 1 for count in times.values())
    kills = f"the worker killed {KILLS} times, on {database}"
    yield Figure(f"{INVITATIONS:,} invitations, {kills}: sent twice", NONE_AT_ALL, Measured((twice,), "messages"))
    yield Figure(f"{INVITATIONS:,} invitations, {kills}: never sent", NONE_AT_ALL, Measured((lost,), "messages"))
    fastest = max(Counter(message["date_created"] for message in twilio.outbound).values())
    most = Bar(PER_SECOND + 1, "messages/s")
    yield Figure(f"the most in any second, on {database}", most, Measured((fastest,), "messages/s"))
