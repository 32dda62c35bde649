"""The inbox's two doors: a message is written down in the database or, with the database away, in Redis.

What Redis took is moved over when the database is back. Only with both away is a message refused; the provider
gets an error then, and its own list still has the message.
"""

import time
from collections.abc import Callable
from contextlib import nullcontext
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, ValidationError
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from shared.db import inbox
from shared.db.engine import reading, writing
from shared.db.inbox import Known, Outcome, Written
from shared.domain.errors import IntakeUnavailable
from shared.logs import logger
from shared.services import Services

SPOOL: Final = "sms:spool"
AWAY: Final = (InterfaceError, OperationalError, PoolTimeout)
"""Of these the next message would die as well."""
AWAY_FOR: Final = 1.0
"""Seconds for which a database that failed is asked last, so that not every message waits for its timeout."""
FORGET_IF_UNCHANGED: Final = """
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
"""
_ONE_WRITER: Final = Lock()
"""SQLite lets one write at a time, and who finds it busy sleeps: here the next of a process goes on at once."""
log = logger(__name__)
_asked_again_at: WeakKeyDictionary[object, float] = WeakKeyDictionary()


class _Spooled(BaseModel):
    """A message as Redis holds it until the database is back."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    written: Written
    outcome: Outcome | None = None


def write_down(written: Written, services: Services) -> None:
    """Write a message down; when it returns, losing any one process, or the power, would not lose it.

    Raises IntakeUnavailable with both doors shut.
    """
    _through_a_door(
        lambda session: inbox.write_down(session, written),
        lambda: services.redis.hsetnx(SPOOL, written.id.hex, _Spooled(written=written).model_dump_json()),
        services,
    )


def keep(written: Written, outcome: Outcome, services: Services) -> None:
    """Note what came of a message, and do what it asks for; raise IntakeUnavailable with both doors shut."""
    spooled = _Spooled(written=written, outcome=outcome).model_dump_json()
    _through_a_door(
        lambda session: inbox.keep(session, written, outcome),
        lambda: services.redis.hset(SPOOL, written.id.hex, spooled),
        services,
    )


def known_of(written: Written, services: Services) -> Known | None:
    """Return what the database knows of a message and its writer; None when it is away."""
    if _is_away(services):
        return None
    try:
        with reading(services.engine) as session:
            return inbox.known_of(session, written, services.clock())
    except SQLAlchemyError as error:
        _note_away(error, services)
        return None


def move_spool(services: Services) -> int:
    """Move into the database what Redis took while it was away, and return how many; raise when it still is."""
    moved = 0
    for name, body in services.redis.hscan_iter(SPOOL):
        try:
            spooled = _Spooled.model_validate_json(body)
            with writing(services.engine) as session:
                _move(session, spooled)
        except (ValidationError, SQLAlchemyError) as error:
            if isinstance(error, AWAY):
                raise
            log.error("message not moved", error=type(error).__name__)  # noqa: TRY400  the message would be quoted
            continue
        # Its turn may have been taken meanwhile: then it is moved again, with what came of it.
        services.redis.eval(FORGET_IF_UNCHANGED, 1, SPOOL, name, body)
        moved += 1
    return moved


def _move(session: Session, spooled: _Spooled) -> None:
    if spooled.outcome is None:
        inbox.write_down(session, spooled.written)
    else:
        inbox.keep(session, spooled.written, spooled.outcome)


def _through_a_door(
    into_database: Callable[[Session], None], into_redis: Callable[[], object], services: Services
) -> None:
    def database() -> None:
        alone = _ONE_WRITER if services.engine.dialect.name == "sqlite" else nullcontext()
        with alone, writing(services.engine) as session:
            into_database(session)

    doors = (into_redis, database) if _is_away(services) else (database, into_redis)
    for door in doors:
        try:
            door()
            return
        except SQLAlchemyError as error:
            _note_away(error, services)
        except RedisError as error:
            log.warning("spool away", error=type(error).__name__)
    raise IntakeUnavailable


def _is_away(services: Services) -> bool:
    return time.monotonic() < _asked_again_at.get(services.engine, 0.0)


def _note_away(error: SQLAlchemyError, services: Services) -> None:
    log.warning("inbox away", error=type(error).__name__)
    _asked_again_at[services.engine] = time.monotonic() + AWAY_FOR
