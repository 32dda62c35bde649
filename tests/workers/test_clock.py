"""What is due comes round again, whatever happened to the server's clock."""

from datetime import timedelta

import pytest
from redis import Redis
from rq import SimpleWorker

from shared import standings
from shared.db.engine import writing
from shared.db.ratings import record
from shared.domain.months import Month
from shared.services import Services
from sms import jobs as message_jobs
from tests.cast import ASHA
from tests.factories import a_rating
from workers import clock, jobs
from workers.queues import REFRESH_SCORES, SERIALIZER, QueueName, is_turn, nudge, queue

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SECOND = timedelta(seconds=1)


def waiting(redis: Redis) -> list[str]:
    return [job.func_name or "" for name in QueueName for job in queue(name, redis).get_jobs()]


def test_what_is_due_is_enqueued_once_for_several_clocks(services: Services) -> None:
    clock.tick(services.redis)
    clock.tick(services.redis)
    assert sorted(waiting(services.redis)) == sorted(due.job for due in clock.SCHEDULE)


def test_a_turn_kept_by_a_clock_that_was_set_back_is_given_up(services: Services) -> None:
    assert is_turn("due:x", SECOND, services.redis)
    assert not is_turn("due:x", SECOND, services.redis)
    services.redis.pexpire("due:x", timedelta(days=30))
    assert is_turn("due:x", SECOND, services.redis)


def test_many_nudges_are_one_job(services: Services) -> None:
    for _ in range(20):
        nudge(QueueName.SCORES, REFRESH_SCORES, services.redis)
    assert waiting(services.redis) == [REFRESH_SCORES]


def test_every_job_that_is_due_runs_twice_on_a_real_worker(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (jobs, message_jobs):
        monkeypatch.setattr(module, "services", lambda: services)
    with writing(services.engine) as session:
        record([a_rating() for _ in range(5)], session, services.clock())
    for _ in range(2):
        services.redis.delete(*[f"due:{due.job}" for due in clock.SCHEDULE])
        clock.tick(services.redis)
        nudge(QueueName.SCORES, REFRESH_SCORES, services.redis)
        for name in QueueName:
            jobs_due = queue(name, services.redis)
            SimpleWorker([jobs_due], connection=services.redis, serializer=SERIALIZER).work(burst=True)
            assert jobs_due.failed_job_registry.count == 0
    score = standings.score_of(ASHA, Month(2026, 11), services)
    assert score is not None
    assert score.tally.fours == 5
    assert standings.last_sweep(services) == services.clock()
    services.directory.look_again()
    assert set(services.directory.current().rater_secrets) == {"2026-11", "2026-12", "2026-S2"}
