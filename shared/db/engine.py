"""Engines and transactions that keep the promise: a commit that returned is on disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlmodel import Session

from shared.db.directory_version import WritingSession
from shared.json import read

WRITES = "writes"
SQLITE = {"timeout": 15, "check_same_thread": False}
POSTGRESQL = {
    "connect_timeout": 5,
    # A host that vanished is noticed in half a minute, not in hours; a session that stands still gives up its locks.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,
    "options": "-c idle_in_transaction_session_timeout=60s",
}


def make_engine(address: str) -> Engine:
    """Return an engine; SQLite in WAL with full synchronisation, PostgreSQL with its own pool.

    Its errors never carry parameters: they would put what a resident said into the logs.
    """
    if address.startswith("sqlite"):
        engine = create_engine(address, hide_parameters=True, json_deserializer=read, connect_args=SQLITE)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        address,
        hide_parameters=True,
        json_deserializer=read,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args=POSTGRESQL,
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin or commit behind our back
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")
    # Else a REPLACE would remove a line of the trail without waking the trigger that refuses it.
    connection.execute("PRAGMA recursive_triggers=ON")


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later would otherwise
    # fail with "database is locked" instead of waiting its turn.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads; what it sees is one consistent moment on SQLite."""
    with Session(engine) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[WritingSession]:
    """Open a session that commits when the block ends and rolls back when it raises."""
    with WritingSession(engine.execution_options(**{WRITES: True})) as session, session.begin():
        yield session
