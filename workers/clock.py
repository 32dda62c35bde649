"""The clock: asks every second what is due and enqueues it. A second clock is harmless: any job may run twice."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

from shared.imports.asking import asked
from shared.logs import logger
from workers.queues import (
    ASK_GUARDIANS,
    ASK_PEOPLE,
    CLOSE_MONTHS,
    COUNT_LOST,
    FOLLOW_MESSAGES,
    FORGET,
    HEAL_SCORES,
    IMPORT_FURTHER,
    NEW_DAY,
    RECONCILE,
    SEND_MESSAGES,
    SWEEP,
    TAKE_INBOX,
    TELL_OFFICERS,
    QueueName,
    enqueue,
    is_turn,
    nudge,
)

TICK: Final = 1.0
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A job that is due again when so much time has passed."""

    job: str
    queue: QueueName
    every: timedelta


SCHEDULE: Final = (
    Due(SWEEP, QueueName.SCORES, timedelta(seconds=10)),
    Due(NEW_DAY, QueueName.SCORES, timedelta(minutes=10)),
    Due(CLOSE_MONTHS, QueueName.SCORES, timedelta(minutes=10)),
    Due(HEAL_SCORES, QueueName.SCORES, timedelta(days=1)),
    Due(COUNT_LOST, QueueName.SCORES, timedelta(hours=1)),
    Due(TAKE_INBOX, QueueName.MESSAGES, timedelta(seconds=10)),
    Due(FORGET, QueueName.MESSAGES, timedelta(days=1)),
    Due(ASK_PEOPLE, QueueName.MESSAGES, timedelta(seconds=10)),
    Due(ASK_GUARDIANS, QueueName.MESSAGES, timedelta(seconds=10)),
    Due(TELL_OFFICERS, QueueName.MESSAGES, timedelta(minutes=1)),
    Due(SEND_MESSAGES, QueueName.MESSAGES, timedelta(seconds=5)),
    Due(FOLLOW_MESSAGES, QueueName.MESSAGES, timedelta(minutes=1)),
    Due(RECONCILE, QueueName.MESSAGES, timedelta(minutes=10)),
)


def tick(redis: Redis) -> None:
    """Enqueue what is due. What was enqueued is remembered in Redis, so that several clocks make one."""
    for due in SCHEDULE:
        if is_turn(f"due:{due.job}", due.every, redis):
            enqueue(due.queue, due.job, redis)
    if asked(redis):
        nudge(QueueName.SCORES, IMPORT_FURTHER, redis)


def run(redis: Redis, stopping: threading.Event) -> None:
    """Tick until told to stop."""
    while not stopping.wait(TICK):
        try:
            tick(redis)
        except RedisError as error:
            log.warning("clock waits", error=type(error).__name__)
