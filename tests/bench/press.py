"""From the press to the stored score: how long until a monthly score contains a rating that was just sent."""

import http.client
import json
import time
import uuid
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, func, select
from sqlmodel import col

from shared.db.engine import reading
from shared.db.tables import MonthlyScoreRow
from shared.domain.clock import system_clock
from tests.bench.harness import Bar, Figure, Measured, say

PER_SECOND = 50
SECONDS = 15
SENDERS = 4
POLL = 0.02
PATIENCE = 20.0
APART = timedelta(seconds=11)
"""Presses about one officer are given so far apart, as at a counter: a shorter time is a repeated press."""


@dataclass(frozen=True, slots=True)
class Press:
    """One rating that is going to be sent, and when."""

    number: int
    token: str
    officer: str
    overall: int
    given_ago: timedelta


@dataclass
class Watch:
    """When each press about an officer was due, in order, and how long those took that have been counted."""

    sent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    took: list[float] = field(default_factory=list)
    _counted: Counter[str] = field(default_factory=Counter)

    def note(self, counts: Counter[str], now: float) -> None:
        """Take in how many new ratings each officer's scores contain: the first sent is the first counted."""
        for officer, count in counts.items():
            while self._counted[officer] < count:
                self.took.append(now - self.sent[officer][self._counted[officer]])
                self._counted[officer] += 1


def time_presses(port: int, sheet: Path, engine: Engine) -> Figure:
    """Send ratings at a steady rate from the demo's kiosks and watch the stored scores."""
    presses = _presses(json.loads(sheet.read_text()), PER_SECOND * SECONDS)
    before, watch = _counts(engine), Watch()
    began = time.monotonic() + 0.5
    for press in presses:
        watch.sent[press.officer].append(began + press.number / PER_SECOND)
    with ThreadPoolExecutor(SENDERS) as pool:
        lates = [pool.submit(_send, port, presses[place::SENDERS], began) for place in range(SENDERS)]
        give_up = began + SECONDS + PATIENCE
        while len(watch.took) < len(presses) and time.monotonic() < give_up:
            time.sleep(POLL)
            watch.note(_counts(engine) - before, time.monotonic())
        latest = max(late.result() for late in lates)
    if len(watch.took) < len(presses):
        raise AssertionError(f"{len(watch.took)} of {len(presses)} ratings in a score after {PATIENCE:.0f} s more")
    ordered = sorted(watch.took)
    say(f"  half within {median(ordered):.2f} s, all within {ordered[-1]:.2f} s; sent at most {latest:.2f} s late")
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return Figure(f"press → stored score at {PER_SECOND} ratings/s, p95", Bar(2, "s"), Measured((p95,), "s"))


def _presses(sheet: dict[str, Any], count: int) -> list[Press]:
    pairs = [
        (kiosk["token"], officer["code"])
        for kiosk in sheet["kiosks"]
        for officer in sheet["officers"]
        if officer["office"] == kiosk["office"]
    ]
    return [
        Press(number, token, officer, 1 + number % 4, APART * (number // len(pairs)))
        for number, (token, officer) in enumerate(islice(cycle(pairs), count))
    ]


def _send(port: int, presses: list[Press], began: float) -> float:
    """Send each press when it is due and return by how much the latest was late."""
    connection, latest = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE), 0.0
    for press in presses:
        due = began + press.number / PER_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        latest = max(latest, time.monotonic() - due)
        rating = {
            "id": str(uuid.uuid4()),
            "officer": press.officer,
            "overall": press.overall,
            "picked": True,
            "given_at": (system_clock() - press.given_ago).isoformat(),
            "language": "id",
        }
        headers = {"Authorization": f"Bearer {press.token}", "Content-Type": "application/json"}
        connection.request("POST", "/api/ratings", json.dumps({"ratings": [rating]}), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 202 or answer["results"][0]["status"] != "accepted":
            raise AssertionError(f"{response.status} {answer}")
    connection.close()
    return latest


def _counts(engine: Engine) -> Counter[str]:
    """Return how many ratings each officer's monthly scores contain, all months together."""
    row = MonthlyScoreRow
    count = func.sum(col(row.ones) + col(row.twos) + col(row.threes) + col(row.fours))
    with reading(engine) as session:
        query = select(col(row.officer_code), count).group_by(col(row.officer_code))
        return Counter({officer: int(total) for officer, total in session.execute(query)})
