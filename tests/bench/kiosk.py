"""The touch screen on a slow tablet: its weight, its haste, and a month of ratings kept without network.

The real server, recorder, Valkey and SQLite; a real Chromium whose page has a quarter of the processor.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Engine, delete, select
from sqlmodel import col

from shared.db.engine import make_engine, reading, writing
from shared.db.kiosks import invite_device
from shared.db.people_tables import PostingRow
from shared.db.tables import RatingRow
from shared.domain.clock import system_clock
from shared.domain.skm import Element
from shared.settings import Settings
from tests.bench import stage
from tests.bench.harness import Bar, Figure, Measured, say
from tests.bench.screen import SLOWER, Screen, screens
from tests.bench.web import OURS, end, environment, serving
from tests.servers import running_valkey

CODE: Final = "ABCD-2345"
STARTS: Final = 5
VISITS: Final = 30
KEPT: Final = 20_000
DAYS: Final = 30
PATIENCE: Final = 120.0
WEIGHT: Final = Bar(150, "KB")
FIRST_PRESS: Final = Bar(2, "s")
NEXT_SCREEN: Final = Bar(100, "ms")
PLACE: Final = stage.places()[0]


def measure() -> Iterator[Figure]:
    """Yield what a first visit weighs, how soon faces and presses react, and what a month offline comes to."""
    with TemporaryDirectory(prefix="suara-bench-") as folder, running_valkey(Path(folder)) as settings:
        engine = make_engine(settings.database_address)
        _prepare(engine)
        with (
            recording(settings),
            serving(OURS, settings) as port,
            screens(port, Path(folder) / "profile") as screen,
        ):
            yield from _visited(screen)
            yield from _offline(screen, engine)
        engine.dispose()


def _prepare(engine: Engine) -> None:
    stage.prepare(engine)
    alone = col(PostingRow.officer_code) != PLACE.officers[0]
    with writing(engine) as session:
        session.execute(delete(PostingRow).where(col(PostingRow.counter_code) == PLACE.counter, alone))
        invite_device(session, PLACE.kiosk, CODE, system_clock())


@contextmanager
def recording(settings: Settings) -> Iterator[None]:
    """Run the recorder while the block lasts."""
    home = settings.suara_home
    with (home / "recorder.log").open("wb") as log:
        command = [sys.executable, "-m", "workers", "recorder"]
        process = subprocess.Popen(
            command, cwd=home, env=environment(home), stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield
        finally:
            end(process)


def _visited(screen: Screen) -> Iterator[Figure]:
    say("kiosk: a first visit")
    screen.enrol(CODE)
    weights = screen.weights()
    say(
        f"  {len(weights)} addresses, {sum(weights.values()):,} bytes over the wire, with headers, gzip by our server"
    )
    yield Figure("kiosk page: all that a first visit loads", WEIGHT, Measured((sum(weights.values()) / 1000,), "KB"))
    screen.hurry()
    say(f"kiosk: {STARTS} starts each, {SLOWER} times slower")
    for what, cold in (("never seen before", True), ("kept on the device", False)):
        seconds = tuple(screen.start(cold=cold) / 1000 for _ in range(STARTS))
        yield Figure(f"page {what} → a face reacts, processor {SLOWER}× slower", FIRST_PRESS, Measured(seconds, "s"))
    yield from _answered(screen, "at rest")


def _offline(screen: Screen, engine: Engine) -> Iterator[Figure]:
    screen.context.set_offline(True)
    say(f"kiosk: putting {KEPT:,} ratings of {DAYS} days into the outbox")
    took = screen.fill(
        count=KEPT,
        days=DAYS,
        officer=PLACE.officers[0],
        office=PLACE.office,
        counter=PLACE.counter,
        elements=[element.value for element in Element],
    )
    say(f"  {took / KEPT:.1f} ms each")
    waiting = screen.ask("outbox", "count")
    kept = Bar(KEPT, "ratings", at_least=True)
    yield Figure(f"kept without network, given over {DAYS} days", kept, Measured((waiting,), "ratings"))
    seconds = tuple(screen.start(cold=False) / 1000 for _ in range(STARTS))
    yield Figure(f"page → a face reacts, {KEPT:,} waiting, no network", FIRST_PRESS, Measured(seconds, "s"))
    yield from _answered(screen, f"{KEPT:,} waiting, no network")
    yield from _synchronised(screen, engine)


def _answered(screen: Screen, when: str) -> Iterator[Figure]:
    say(f"kiosk: {VISITS} visits, {when}")
    visits = [screen.visit() for _ in range(VISITS)]
    for name in visits[0]:
        took = sorted(visit[name] for visit in visits)
        say(f"  → {name}: {took[0]:.0f}, {took[VISITS // 2]:.0f}, {took[-1]:.0f} ms")
    presses = tuple(took for visit in visits for took in visit.values())
    yield Figure(f"press → next screen, {when}", NEXT_SCREEN, Measured(presses, "ms"))
    yield Figure("  the slowest of these presses", NEXT_SCREEN, Measured((max(presses),), "ms"))


def _synchronised(screen: Screen, engine: Engine) -> Iterator[Figure]:
    waiting = screen.ask("outbox", "count")
    say(f"kiosk: the network is back, {waiting:,} are waiting")
    began = time.perf_counter()
    screen.context.set_offline(False)
    while left := screen.ask("outbox", "count"):
        if time.perf_counter() - began > PATIENCE:
            raise AssertionError(f"{left:,} of {waiting:,} were still waiting {PATIENCE:.0f} s later")
        screen.page.wait_for_timeout(100)
    took = time.perf_counter() - began
    rate = Bar(500, "ratings/s", at_least=True)
    yield Figure("synchronised, processor as slow", rate, Measured((waiting / took,), "ratings/s"))
    refused, given = screen.ask("refused", "count"), screen.ask("device", "get", "sequence")
    deadline = time.monotonic() + PATIENCE
    while len(sequences := _recorded(engine)) < given and time.monotonic() < deadline:
        time.sleep(0.1)
    lost = given - len(set(sequences))
    twice = len(sequences) - len(set(sequences))
    say(
        f"  {given:,} given, {len(sequences):,} recorded after {time.perf_counter() - began:.1f} s, {refused} refused"
    )
    wrong = Measured((lost + twice,), "ratings")
    yield Figure(f"of {given:,} given on this kiosk, lost or counted twice", Bar(0, "ratings"), wrong)


def _recorded(engine: Engine) -> list[int]:
    """Return the place in the kiosk's sequence of each of its ratings in the database."""
    with reading(engine) as session:
        of_kiosk = select(col(RatingRow.sequence)).where(col(RatingRow.kiosk_id) == PLACE.kiosk)
        return [number for number in session.scalars(of_kiosk) if number is not None]
