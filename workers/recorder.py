"""The recorder: takes accepted ratings off the stream and puts them into the database, each once."""

import gc
import os
import socket
import threading
from datetime import timedelta
from typing import Final

from pydantic import ValidationError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from shared import stream
from shared.db.engine import writing
from shared.db.quarantine import quarantine
from shared.db.recording import record_or_quarantine
from shared.domain.errors import QuarantineReason
from shared.domain.ratings import Rating
from shared.logs import logger
from shared.services import Services
from shared.stream import Entry
from workers.queues import REFRESH_SCORES, QueueName, nudge

BATCH: Final = 2_500
"""Entries at a time when they queue up: commit, marks and index pages then cost less than with 1,000."""
COLLECT_AFTER: Final = 50_000
WAIT: Final = timedelta(seconds=1)
PAUSE_AFTER_FAILURE: Final = 0.5
HOUSEKEEPING_EVERY: Final = 600
log = logger(__name__)


def record_batch(services: Services, consumer: str, wait: timedelta = WAIT) -> int:
    """Move one batch from the stream into the database and return how many entries it was.

    1. Claim up to 2,500 entries.
    2. Parse each; one that cannot be read goes to quarantine and blocks nobody.
    3. Record and mark the touched months stale, in one transaction.
    4. Commit, and only then acknowledge and delete: a death before this line delivers the batch again.
    5. Nudge the refresh of scores; if that is lost, the sweep comes.
    """
    entries = stream.claim(services.redis, consumer, BATCH, wait)
    if not entries:
        return 0
    new = record_or_quarantine(_parsed(entries, services), services.engine, services.clock())
    stream.finish(services.redis, entries)
    log.info("batch recorded", entries=len(entries), new=new)
    nudge(QueueName.SCORES, REFRESH_SCORES, services.redis)
    return len(entries)


def _parsed(entries: list[Entry], services: Services) -> list[Rating]:
    """Return the ratings that can be read; the others are in quarantine when it returns."""
    ratings = []
    for entry in entries:
        try:
            ratings.append(Rating.model_validate_json(entry.body))
        except ValidationError as error:
            log.error("rating unreadable", entry=entry.id, problems=error.error_count())  # noqa: TRY400  no body in logs
            with writing(services.engine) as session:
                quarantine(session, QuarantineReason.UNREADABLE, entry.body, services.clock())
    return ratings


def settle() -> None:
    """Let the garbage collector pass over what is loaded by now, and come less often: it took a fifth of the time.

    What a batch leaves is freed as it is let go of; only what refers to itself waits for the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def run(services: Services, stopping: threading.Event) -> None:
    """Record batches until told to stop. Redis or database away: wait, then go on where it stood."""
    settle()
    consumer = f"{socket.gethostname()}-{os.getpid()}"
    rounds = 0
    while not stopping.is_set():
        try:
            if rounds == 0:
                stream.open_group(services.redis)
                stream.take_over(services.redis, consumer, BATCH)
            if rounds % HOUSEKEEPING_EVERY == 0:
                stream.forget_dead_consumers(services.redis)
            record_batch(services, consumer)
            rounds += 1
        except (RedisError, SQLAlchemyError) as error:
            log.warning("recorder waits", error=type(error).__name__)
            stopping.wait(PAUSE_AFTER_FAILURE)
