"""Imports ride on the queue of the scores, a slice at a time, and never leave them waiting."""

from collections.abc import Iterator

import pytest
from redis import Redis
from rq import SimpleWorker
from sqlalchemy import select
from sqlmodel import Session

from shared import nips
from shared.db import import_acts as acts
from shared.db.engine import writing
from shared.db.import_tables import ImportBatchRow, ImportFileRow, ImportRefusalRow
from shared.domain.imports import ImportKind, ImportState
from shared.imports import steps
from shared.imports.asking import ask
from shared.services import Services
from tests.cast import OFFICE
from tests.factories import SettableClock
from workers import clock as due
from workers import jobs
from workers.queues import IMPORT_FURTHER, REFRESH_SCORES, SERIALIZER, QueueName, nudge, queue

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OFFICERS = "kode,nama\n" + "".join(f"Z{n},Petugas {n}\n" for n in range(25)) + "Z Z,x\n"


@pytest.fixture(autouse=True)
def _one_process(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jobs, "services", lambda: services)
    monkeypatch.setattr(steps, "ROWS_AT_ONCE", 10)
    jobs.steps.cache_clear()
    yield
    jobs.steps().close()
    jobs.steps.cache_clear()


def handed_in(services: Services) -> None:
    sealer = nips.handed_in(services.settings)
    with writing(services.engine) as session:
        acts.hand_in(
            session, ImportKind.OFFICERS, OFFICE, "a.csv", OFFICERS.encode(), "admin", services.clock(), sealer
        )


def worked(redis: Redis, most: int | None = None) -> None:
    SimpleWorker([queue(QueueName.SCORES, redis)], connection=redis, serializer=SERIALIZER).work(
        burst=True, max_jobs=most
    )


def waiting(redis: Redis) -> list[str]:
    return [job.func_name or "" for job in queue(QueueName.SCORES, redis).get_jobs()]


def state(session: Session) -> str:
    session.rollback()
    return session.scalars(select(ImportBatchRow)).one().state


def test_what_somebody_asks_for_is_begun_at_the_next_tick_and_goes_on_by_itself(
    services: Services, session: Session
) -> None:
    handed_in(services)
    ask(services.redis)
    due.tick(services.redis)
    worked(services.redis)
    assert state(session) == ImportState.CHECKED.value
    assert waiting(services.redis) == []


def test_scores_come_in_between_two_slices(services: Services) -> None:
    handed_in(services)
    nudge(QueueName.SCORES, IMPORT_FURTHER, services.redis)
    nudge(QueueName.SCORES, REFRESH_SCORES, services.redis)
    worked(services.redis, most=1)
    assert waiting(services.redis) == [REFRESH_SCORES, IMPORT_FURTHER]


def test_the_sweep_finds_an_import_whose_asking_was_lost(services: Services, session: Session) -> None:
    handed_in(services)
    jobs.sweep()
    assert waiting(services.redis) == [IMPORT_FURTHER]
    worked(services.redis)
    assert state(session) == ImportState.CHECKED.value


def test_a_file_is_forgotten_after_thirty_days_and_what_it_brought_is_not(
    services: Services, session: Session, clock: SettableClock
) -> None:
    handed_in(services)
    jobs.sweep()
    worked(services.redis)
    with writing(services.engine) as writer:
        batch = writer.scalars(select(ImportBatchRow)).one()
        acts.start(writer, batch.id, "admin", services.clock())
    jobs.sweep()
    worked(services.redis)
    content, sealer = b"kode,nama\nA,B\n", nips.handed_in(services.settings)
    with writing(services.engine) as writer:
        acts.hand_in(writer, ImportKind.OFFICERS, OFFICE, "b.csv", content, "admin", services.clock(), sealer)
    clock.advance(days=29)
    jobs.new_day()
    assert len(session.scalars(select(ImportFileRow)).all()) == 2
    clock.advance(days=2)
    jobs.new_day()
    session.rollback()
    assert session.scalars(select(ImportFileRow)).all() == []
    assert session.scalars(select(ImportRefusalRow)).all() == []
    left = session.scalars(select(ImportBatchRow)).one()
    assert (left.state, left.new_rows, left.refused_rows, left.preview) == ("done", 25, 1, None)
