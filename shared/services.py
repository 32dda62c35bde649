"""Everything with a side effect, built once per process and handed in."""

import time
from dataclasses import dataclass, replace
from threading import Lock
from typing import Self

from redis import Redis
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from shared import stream
from shared.db.directory_version import directory_version
from shared.db.engine import make_engine, reading
from shared.db.people import read_directory
from shared.domain.clock import Clock, system_clock
from shared.domain.errors import IntakeUnavailable
from shared.domain.people import Directory
from shared.logs import logger
from shared.settings import Settings

DOOR_TIMEOUT = 2.0
"""Seconds a door waits for Redis before it turns to the database."""
LOOKS_AGAIN_AFTER = 1.0
"""Seconds after which the directory's version is looked at again."""
STALE_AFTER = 2.0
"""Seconds without a successful look after which the directory is called stale: the database may be away."""
READS_ANYWAY_AFTER = 60.0
"""Seconds after which the directory is read even so: somebody may have changed the database by hand."""
log = logger(__name__)


class DirectoryKeeper:
    """The directory as last read. While the database is away the last one stands, as stale: doors stay open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._directory: Directory | None = None
        self._version = 0
        self._looked_at = self._seen_at = self._read_at = self._met_stranger_at = 0.0

    def current(self) -> Directory:
        """Return a directory that lacks only changes of the last second, or the last one that could be read.

        Raises IntakeUnavailable when there never was one: nobody can be recognised yet.
        """
        directory = self._directory
        if directory is not None and time.monotonic() < self._looked_at + LOOKS_AGAIN_AFTER:
            return self._aged(directory)
        # One thread reads; the others go on with what there is, unless there is nothing yet.
        if not self._lock.acquire(blocking=directory is None):
            return self._aged(directory) if directory else self.current()
        try:
            return self._look()
        finally:
            self._lock.release()

    def current_for_a_stranger(self) -> Directory:
        """Return a directory without that lack, for whom the current one does not know.

        At most once a second: a flood of strangers costs no query each, and meets the current one.
        """
        recently = time.monotonic() < self._met_stranger_at + LOOKS_AGAIN_AFTER
        if recently or not self._lock.acquire(blocking=False):
            return self.current()
        try:
            self._met_stranger_at = time.monotonic()
            return self._look()
        finally:
            self._lock.release()

    def look_again(self) -> None:
        """See what this process itself has just changed."""
        with self._lock:
            self._look()

    def _aged(self, directory: Directory) -> Directory:
        return replace(directory, stale=True) if time.monotonic() > self._seen_at + STALE_AFTER else directory

    def _look(self) -> Directory:
        self._looked_at = time.monotonic()
        try:
            with reading(self._engine) as session:
                version = directory_version(session)
                if (
                    self._directory is None
                    or self._directory.stale
                    or version != self._version
                    or self._looked_at > self._read_at + READS_ANYWAY_AFTER
                ):
                    self._directory, self._version = read_directory(session), version
                    self._read_at = self._looked_at
            self._seen_at = self._looked_at
        except SQLAlchemyError as error:
            if self._directory is None:
                raise IntakeUnavailable from error
            log.warning("directory not read", error=type(error).__name__)
            self._directory = replace(self._directory, stale=True)
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
        return cls(settings, clock, redis, engine, DirectoryKeeper(engine))

    def close(self) -> None:
        """Give back every connection."""
        self.redis.close()
        self.engine.dispose()
