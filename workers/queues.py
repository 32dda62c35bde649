"""The queues, the only place that names them, and how a job gets on one."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from redis import Redis
from rq import Queue, Retry
from rq.serializers import JSONSerializer

SERIALIZER: Final = JSONSerializer
REFRESH_SCORES: Final = "workers.jobs.refresh_scores"
SWEEP: Final = "workers.jobs.sweep"
NEW_DAY: Final = "workers.jobs.new_day"
HEAL_SCORES: Final = "workers.jobs.heal_scores"
CLOSE_MONTHS: Final = "workers.jobs.close_months"
IMPORT_FURTHER: Final = "workers.jobs.import_further"
COUNT_LOST: Final = "workers.jobs.count_lost"
TAKE_INBOX: Final = "sms.jobs.take_inbox"
FORGET: Final = "sms.jobs.forget"
SEND_MESSAGES: Final = "sms.jobs.send_messages"
FOLLOW_MESSAGES: Final = "sms.jobs.follow_messages"
RECONCILE: Final = "sms.jobs.reconcile"
ASK_PEOPLE: Final = "sms.jobs.ask_people"
ASK_GUARDIANS: Final = "sms.jobs.ask_guardians"
TELL_OFFICERS: Final = "sms.jobs.tell_officers"
JOB_TIMEOUT: Final = 60
NUDGE_KEPT: Final = timedelta(seconds=5)


class QueueName(StrEnum):
    """One queue per worker process: a worker listening on two loses the job it dies on."""

    SCORES = "scores"
    MESSAGES = "messages"


JOBS: Final = {QueueName.SCORES: "workers.jobs", QueueName.MESSAGES: "sms.jobs"}
"""Where the jobs of a queue are; those of messages are beside the conversation, which is not the workers' own."""


def queue(name: QueueName, redis: Redis) -> Queue:
    """Return the queue of that name; its jobs travel as JSON, never as pickles."""
    return Queue(name.value, connection=redis, serializer=SERIALIZER, default_timeout=JOB_TIMEOUT)


def enqueue(name: QueueName, job: str, redis: Redis) -> None:
    """Ask for a job to be done soon; it is tried three times and leaves nothing behind when it succeeds."""
    queue(name, redis).enqueue(job, retry=Retry(max=2, interval=0), result_ttl=0, failure_ttl=3600)


def nudge(name: QueueName, job: str, redis: Redis) -> None:
    """Ask for a job unless one is already waiting to start; forgotten after five seconds, should that one be lost."""
    if is_turn(f"nudge:{job}", NUDGE_KEPT, redis):
        enqueue(name, job, redis)


def is_turn(key: str, every: timedelta, redis: Redis) -> bool:
    """Say whether `every` has passed since the last time this was true, for all processes together."""
    # A server's clock that was set back would otherwise keep the key, and everybody waiting, for just as long.
    if redis.pttl(key) > every.total_seconds() * 1000:
        redis.delete(key)
    return bool(redis.set(key, b"1", nx=True, px=every))


def begin(job: str, redis: Redis) -> None:
    """Note that a nudged job has started reading: whatever changes from now on needs another nudge."""
    redis.delete(f"nudge:{job}")
