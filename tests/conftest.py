"""What touches a database is tried on SQLite and PostgreSQL (pages on one of them, by turns); every Redis is real."""

import gc
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from psycopg import Connection, connect
from sqlmodel import Session

from shared.db.engine import make_engine, reading, writing
from shared.db.schema import upgrade
from shared.logs import configure_logs
from shared.services import Services
from shared.settings import Settings
from tests import cast
from tests.browser import NOT_FOUND, headless
from tests.factories import SettableClock
from tests.once import work_out_once
from tests.servers import database_in, run_sql, running_postgresql, running_valkey, settings_in

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    # A thousand databases are made and dropped: on a disk that takes twenty times as long.
    tempfile.tempdir = str(MEMORY)

configure_logs("INFO")
expect.set_options(timeout=20_000)  # a machine that others use too may stand still for seconds
TEMPLATES = tempfile.TemporaryDirectory(prefix="suara-templates-")
work_out_once(TEMPLATES.name)


def pytest_collection_finish() -> None:
    """Look for rubbish less often, and not among all that was imported: that took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run one Chromium for the session; what a test does in it, it does in a context of its own."""
    path = headless()
    if path is None:
        pytest.skip(NOT_FOUND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Run one Valkey for the session, as the product starts it."""
    with running_valkey(tmp_path_factory.mktemp("valkey")) as settings:
        yield settings


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Run one PostgreSQL for the session, with the migrated cast as a template."""
    with running_postgresql() as address:
        run_sql(address, "CREATE DATABASE stage")
        _prepare(database_in(address, "stage").replace("postgresql://", "postgresql+psycopg://"))
        yield address


@pytest.fixture(scope="session")
def operator(postgresql: str) -> Iterator[Connection]:
    """Stay connected to the PostgreSQL, to make and drop databases: that costs more than half as much again else."""
    with connect(postgresql, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one migrated SQLite database with the cast, to be copied."""
    path = tmp_path_factory.mktemp("template") / "suara.sqlite3"
    _prepare(f"sqlite:///{path}")
    return path


def _prepare(address: str) -> None:
    engine = make_engine(address)
    upgrade(engine)
    with writing(engine) as session:
        cast.people(session)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str | None]:
    """Give a fresh database with the cast: None for SQLite under the test's home, else PostgreSQL's address."""
    if request.param == "sqlite":
        (tmp_path / "var").mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "var" / "suara.sqlite3")
        yield None
        return
    server, operator = request.getfixturevalue("postgresql"), request.getfixturevalue("operator")
    name = f"t{uuid.uuid4().hex}"
    operator.execute(f"CREATE DATABASE {name} TEMPLATE stage STRATEGY = FILE_COPY")
    yield database_in(server, name)
    operator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> SettableClock:
    """Stand at noon of 18 November 2026 in Sawahlunto."""
    return SettableClock()


@pytest.fixture
def settings(database: str | None, valkey: Settings, tmp_path: Path) -> Settings:
    """Describe an installation of this test alone; the Valkey is shared, but empty."""
    return settings_in(tmp_path, database_url=database, redis_url=valkey.redis_address)


@pytest.fixture
def services(settings: Settings, clock: SettableClock) -> Iterator[Services]:
    """Build the services of this test's installation."""
    services = Services.of(settings, clock)
    services.redis.flushall()
    yield services
    services.close()


@pytest.fixture
def session(services: Services) -> Iterator[Session]:
    """Read what happened."""
    with reading(services.engine) as session:
        yield session
