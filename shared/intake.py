"""Accept ratings: the one promise, kept through two doors.

A rating is accepted when losing any one process, or the power, now would not lose it. The first door is the
stream; when Redis is away the second records straight into the database. Only when both are shut is it refused.
"""

import time
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from shared import stream
from shared.db.engine import writing
from shared.db.ratings import prove_recordable
from shared.db.recording import record_or_quarantine
from shared.domain.errors import IntakeRefused, IntakeUnavailable, RefusalCode
from shared.domain.people import Directory
from shared.domain.ratings import Rating, check_answers, check_given_at
from shared.logs import logger
from shared.services import Services

AWAY_FOR = 1.0
"""Seconds for which a Redis that failed is not asked again, so that not every person waits for its timeout."""
log = logger(__name__)
_asked_again_at: WeakKeyDictionary[object, float] = WeakKeyDictionary()


def check(rating: Rating, directory: Directory) -> None:
    """Raise IntakeRefused when this can never be accepted: no answer, an unknown place or person, a wrong time.

    Raises IntakeUnavailable when the place or the person may be known by now, in a database nobody can look into.
    """
    check_answers(rating)
    check_given_at(rating)
    try:
        _check_known(rating, directory)
    except IntakeRefused as refusal:
        if directory.stale:
            raise IntakeUnavailable from refusal
        raise


def _check_known(rating: Rating, directory: Directory) -> None:
    counter = directory.counters.get(rating.counter) if rating.counter else None
    if rating.counter and (counter is None or counter.office != rating.office):
        raise IntakeRefused(RefusalCode.UNKNOWN_COUNTER, counter=rating.counter)
    if rating.service and (rating.office, rating.service) not in directory.services:
        raise IntakeRefused(RefusalCode.UNKNOWN_SERVICE, service=rating.service)
    for element in rating.extras:
        if (rating.office, element) not in directory.extra_elements:
            raise IntakeRefused(RefusalCode.UNKNOWN_ELEMENT, element=element)
    _check_officer(rating, directory)


def _check_officer(rating: Rating, directory: Directory) -> None:
    if rating.officer is not None:
        officer = directory.officers.get(rating.officer)
        if officer is None:
            raise IntakeRefused(RefusalCode.UNKNOWN_OFFICER, officer=rating.officer)
        if rating.office not in officer.offices:
            raise IntakeRefused(RefusalCode.FOREIGN_OFFICER, officer=rating.officer)


def accept(ratings: Sequence[Rating], services: Services) -> None:
    """Make these checked ratings durable; when it returns, each of them is.

    Raises IntakeUnavailable when neither door is open. Some may have been accepted then: send all of them again.
    """
    if not ratings:
        return
    try:
        _through_stream(ratings, services)
        door = "stream"
    except RedisError as error:
        log.warning("stream away", error=type(error).__name__)
        _through_database(ratings, services)
        door = "database"
    for rating in ratings:
        log.info("rating accepted", rating_id=str(rating.id), channel=rating.channel.value, door=door)


def _through_stream(ratings: Sequence[Rating], services: Services) -> None:
    if time.monotonic() < _asked_again_at.get(services.redis, 0.0):
        raise RedisError("asked a moment ago")
    try:
        stream.append(services.redis, [rating.model_dump_json(exclude_defaults=True).encode() for rating in ratings])
    except RedisError:
        _asked_again_at[services.redis] = time.monotonic() + AWAY_FOR
        raise


def _through_database(ratings: Sequence[Rating], services: Services) -> None:
    try:
        record_or_quarantine(ratings, services.engine, services.clock())
    except SQLAlchemyError as error:
        log.error("both doors shut", error=type(error).__name__)  # noqa: TRY400  the message would quote the rating
        raise IntakeUnavailable from error


def can_accept(services: Services) -> bool:
    """Say whether a rating could be accepted now, through either door."""
    try:
        services.directory.current()
        stream.probe(services.redis)
    except IntakeUnavailable:
        return False
    except RedisError:
        return _database_is_open(services)
    return True


def _database_is_open(services: Services) -> bool:
    try:
        with writing(services.engine) as session:
            prove_recordable(session, services.clock())
    except SQLAlchemyError:
        return False
    return True
