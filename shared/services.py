"""Everything with a side effect, built once per process and handed in."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Self

from redis import Redis
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from shared import stream
from shared.db.engine import make_engine, reading
from shared.db.people import read_directory
from shared.domain.clock import Clock, system_clock
from shared.domain.errors import IntakeUnavailable
from shared.domain.people import Directory
from shared.logs import logger
from shared.settings import Settings

DOOR_TIMEOUT = 2.0
"""Seconds a door waits for Redis before it turns to the database."""
DIRECTORY_LIFETIME = timedelta(seconds=1)
log = logger(__name__)


class DirectoryKeeper:
    """The directory as last read. While the database is away the last one stands, so that doors stay open."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._lock = Lock()
        self._directory: Directory | None = None

    def current(self) -> Directory:
        """Return a directory at most a second old, or the last one that could be read.

        Raises IntakeUnavailable when there never was one: nobody can be recognised yet.
        """
        directory = self._directory
        if directory is not None and timedelta() <= self._clock() - directory.read_at < DIRECTORY_LIFETIME:
            return directory
        # One thread reads; the others go on with what there is, unless there is nothing yet.
        if not self._lock.acquire(blocking=directory is None):
            return directory or self.current()
        try:
            return self._read()
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Read anew next time: this process itself has just changed something."""
        with self._lock:
            if self._directory is not None:
                self._directory = replace(self._directory, read_at=datetime.min.replace(tzinfo=UTC))

    def _read(self) -> Directory:
        try:
            with reading(self._engine) as session:
                self._directory = read_directory(session, self._clock())
        except SQLAlchemyError as error:
            if self._directory is None:
                raise IntakeUnavailable from error
            log.warning("directory not read", error=type(error).__name__)
        return self._directory


@dataclass(frozen=True, slots=True)
class Services:
    """What a process works with: settings, the time, Redis, the database, and the directory read from it."""

    settings: Settings
    clock: Clock
    redis: Redis
    engine: Engine
    directory: DirectoryKeeper

    @classmethod
    def of(cls, settings: Settings, clock: Clock = system_clock, redis_timeout: float = DOOR_TIMEOUT) -> Self:
        """Build the services these settings describe; nothing is contacted yet."""
        engine = make_engine(settings.database_address)
        redis = stream.connect(settings.redis_address, redis_timeout)
        return cls(settings, clock, redis, engine, DirectoryKeeper(engine, clock))

    def close(self) -> None:
        """Give back every connection."""
        self.redis.close()
        self.engine.dispose()
