"""Intake: ratings accepted a second, against an endpoint that promises and checks nothing; and how long they wait."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from redis import Redis

from shared import stream
from shared.db.engine import make_engine
from shared.domain.clock import system_clock
from tests.bench import bare, stage
from tests.bench.harness import Bar, Figure, Measured, rounds, say
from tests.bench.load import ID_PLACE, Outcome, Wish, put_load
from tests.bench.web import OURS, serving
from tests.servers import running_valkey

ROUNDS = 16
SECONDS = 2.0
LONGEST = 90.0
CONNECTIONS = 16
PACED_ROUNDS = 5
PACED_SECONDS = 3.5
PACED_CONNECTIONS = 64
DIFFERENT_REQUESTS = 600
REQUEST = (
    "POST /api/ratings HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
)


def measure() -> Iterator[Figure]:
    """Yield the share of a bare endpoint's rate, and the p99 at half of ours."""
    with TemporaryDirectory(prefix="suara-bench-") as folder, running_valkey(Path(folder)) as settings:
        engine = make_engine(settings.database_address)
        stage.prepare(engine)
        engine.dispose()
        with (
            Redis.from_url(settings.redis_address) as redis,
            serving(OURS, settings) as ours,
            serving("tests.bench.bare:create_app", settings) as other,
        ):
            requests = _requests()
            sides = _Side(ours, stream.STREAM, redis, requests), _Side(other, bare.STREAM, redis, requests)
            yield from _figures(*sides)


def _requests() -> list[str]:
    requests = []
    for place, said in islice(stage.presses(Random(1), system_clock()), DIFFERENT_REQUESTS):
        sent = {"sent_at": system_clock().isoformat(), "ratings": [{**said, "id": ID_PLACE}]}
        body = json.dumps(sent, separators=(",", ":"))
        requests.append(REQUEST.format(token=place.token, length=len(body), body=body))
    return requests


class _Side:
    """One of the two servers, and the stream it writes to."""

    def __init__(self, port: int, name: str, redis: Redis, requests: list[str]) -> None:
        self._port, self._name, self._redis, self._requests = port, name, redis, requests
        self.rates: list[float] = []

    def load(self, seconds: float, connections: int = CONNECTIONS, rate: float | None = None) -> Outcome:
        """Put a load on it; every request must have been accepted and stand on the stream."""
        outcome = put_load(Wish(self._port, connections, seconds, self._requests, rate))
        kept = self._redis.xlen(self._name)
        self._redis.delete(self._name)
        if outcome.others or kept != outcome.accepted:
            raise AssertionError(f"{outcome.accepted} accepted, {kept} on the stream, also {outcome.others}")
        return outcome


def _figures(ours: _Side, other: _Side) -> Iterator[Figure]:
    say(f"intake: {ROUNDS} rounds of {SECONDS} s each side, {CONNECTIONS} connections")
    for side in (ours, other):
        side.load(1.0)
    for number in rounds(ROUNDS, LONGEST):
        # The first of a round is the second of the next, so that a drift of the machine favours nobody.
        for side in (ours, other) if number % 2 else (other, ours):
            side.rates.append(side.load(SECONDS).per_second)
    full = Measured(tuple(ours.rates), "requests/s")
    bare_rate = Measured(tuple(other.rates), "requests/s")
    yield Figure("intake, against a bare Flask endpoint", Bar(0.7, at_least=True), full, bare_rate)
    half = full.median / 2
    say(f"intake: {PACED_ROUNDS} rounds of {PACED_SECONDS} s each side at {half:,.0f} requests/s")
    waits: dict[_Side, list[float]] = {ours: [], other: []}
    for number in range(PACED_ROUNDS):
        for side in (ours, other) if number % 2 else (other, ours):
            waits[side].append(side.load(PACED_SECONDS, PACED_CONNECTIONS, half).p99_ms)
    ours_ms, other_ms = (Measured(tuple(waits[side]), "ms") for side in (ours, other))
    yield Figure(f"intake, p99 at {half:,.0f} requests/s", Bar(50, "ms"), ours_ms, other_ms)
