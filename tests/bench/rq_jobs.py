"""What the stream is compared with: one RQ job per rating, recorded by the same function."""

from functools import cache

from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import Engine

from shared.db.engine import make_engine, writing
from shared.db.ratings import record
from shared.domain.clock import system_clock
from shared.domain.ratings import Rating

QUEUE = "bench"
_engine = cache(make_engine)


def record_one(address: str, body: str) -> None:
    """Record one rating in the database at this address."""
    engine: Engine = _engine(address)
    with writing(engine) as session:
        record([Rating.model_validate_json(body)], session, system_clock())


def enqueue(redis: Redis, address: str, bodies: list[str]) -> None:
    """Put a job for each rating on the queue."""
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    for body in bodies:
        queue.enqueue(record_one, address, body, result_ttl=0)


def drain(redis: Redis) -> None:
    """Work until the queue is empty, in RQ's fastest way: without a process per job."""
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    worker = SimpleWorker([queue], connection=redis, serializer=JSONSerializer)
    worker.log_result_lifespan = False
    worker.work(burst=True, logging_level="WARNING")


def forget(address: str) -> None:
    """Give back the connections to this database."""
    _engine(address).dispose()
