"""The fastest safe way to insert a batch of ratings on each database.

A batch is nearly always new, so it is first tried as such, behind a savepoint: binary COPY straight into the table on
PostgreSQL, a hundred rows a statement on SQLite. Only a batch with a known rating goes the longer way. SQLAlchemy's
`insert().values([...])` and `add_all` take ten to forty times as long; tidying this costs that factor.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, DateTime, Integer, SmallInteger, Uuid, bindparam, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, col

from shared.db.tables import RatingRow
from shared.domain.ratings import Rating

Row = tuple[Any, ...]
Batch = Mapping[UUID, Rating]
RowOf = Callable[[Rating], Row]
_TABLE = inspect(RatingRow).local_table
_NAMES = ", ".join(column.name for column in _TABLE.columns)
_AT_ONCE = 500


@contextmanager
def _as_sqlalchemy(session: Session) -> Iterator[None]:
    """Let the driver's errors come out as SQLAlchemy's: callers tell "away" from "refused" by their kind."""
    dialect = session.get_bind().dialect
    base: Any = dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        wrapped = DBAPIError.instance("INSERT", None, error, base, hide_parameters=True, dialect=dialect)
        raise wrapped from error


def insert_unknown(session: Session, batch: Batch, row_of: RowOf) -> Set[UUID]:
    """Insert a batch sorted by id, skipping known ids, and return the new; `row_of` gives a row in column order.

    Raises SQLAlchemy's errors.
    """
    if not batch:
        return set()
    insert = _copy if session.get_bind().dialect.name == "postgresql" else _insert_many
    with _as_sqlalchemy(session):
        return insert(session, batch, row_of)


def known_digests(session: Session, ids: Set[UUID]) -> dict[UUID, str]:
    """Return id -> digest of those ratings that are recorded."""
    wanted = select(col(RatingRow.id), col(RatingRow.digest)).where(
        col(RatingRow.id).in_(bindparam("ids", expanding=True))
    )
    ordered, known = sorted(ids), {}
    for start in range(0, len(ordered), _AT_ONCE):
        known.update({row[0]: row[1] for row in session.execute(wanted, {"ids": ordered[start : start + _AT_ONCE]})})
    return known


def _pg_type(column: Any) -> str:
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    types: tuple[tuple[type, str], ...] = (
        (Uuid, "uuid"), (SmallInteger, "int2"), (Integer, "int4"), (Boolean, "bool"), (DateTime, "timestamptz"),
        (JSON, "text"),  # already written; on the wire both look the same
    )  # fmt: skip
    if column.name == "sequence":
        return "int8"
    return next((name for cls, name in types if isinstance(kind, cls)), "varchar")


_PG_TYPES = [_pg_type(column) for column in _TABLE.columns]
_ID, _GIVEN_AT, _ACCEPTED_AT, _RECORDED_AT, _IMPORT_BATCH = (
    list(_TABLE.columns.keys()).index(name)
    for name in ("id", "given_at", "accepted_at", "recorded_at", "import_batch_id")
)


def _copy(session: Session, batch: Batch, row_of: RowOf) -> Set[UUID]:
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor:
        cursor.execute("SAVEPOINT batch")
        try:
            _copy_into("rating", cursor, map(row_of, batch.values()))
        except _driver_errors().UniqueViolation:
            cursor.execute("ROLLBACK TO SAVEPOINT batch")
            return _copy_unknown(cursor, map(row_of, batch.values()))
    return batch.keys()


def _driver_errors() -> Any:
    from psycopg import errors  # here, because an office on SQLite never pays for it

    return errors


def _copy_unknown(cursor: Any, rows: Iterable[Row]) -> set[UUID]:
    """Insert by way of a temporary table, for a batch of which some are known."""
    cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE rating) ON COMMIT DELETE ROWS")
    _copy_into("incoming", cursor, rows)
    cursor.execute(
        f"INSERT INTO rating ({_NAMES}) SELECT {_NAMES} FROM incoming ORDER BY id"  # noqa: S608  our own column names
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )
    return {row[0] for row in cursor.fetchall()}


def _copy_into(table: str, cursor: Any, rows: Iterable[Row]) -> None:
    # The rows come from a generator: while the next are made here, the server takes in those before.
    with cursor.copy(f"COPY {table} ({_NAMES}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(_PG_TYPES)
        for row in rows:
            copy.write_row(row)


_ONE_ROW = f"({', '.join('?' * len(_TABLE.columns))})"
_SQLITE_ONE = f"INSERT INTO rating ({_NAMES}) VALUES {_ONE_ROW}"  # noqa: S608  our own column names
_SQLITE_AT_ONCE = 100
_SQLITE_HUNDRED = _SQLITE_ONE + f", {_ONE_ROW}" * (_SQLITE_AT_ONCE - 1)


def _insert_many(session: Session, batch: Batch, row_of: RowOf) -> Set[UUID]:
    driver: Any = session.connection().connection.driver_connection
    driver.execute("SAVEPOINT batch")
    try:
        _insert_written(driver, [_for_sqlite(row_of(rating)) for rating in batch.values()])
    except sqlite3.IntegrityError:
        driver.execute("ROLLBACK TO batch")
    else:
        return batch.keys()
    # Some are known, or one breaks a rule: only now is it worth asking which. We hold the write lock all along.
    new = batch.keys() - known_digests(session, batch.keys()).keys()
    _insert_written(driver, [_for_sqlite(row_of(rating)) for rating in batch.values() if rating.id in new])
    return new


def _insert_written(driver: Any, rows: Sequence[Sequence[Any]]) -> None:
    """Insert a hundred rows a statement, which takes a third less time than executemany, then the rest."""
    whole = len(rows) - len(rows) % _SQLITE_AT_ONCE
    for start in range(0, whole, _SQLITE_AT_ONCE):
        driver.execute(_SQLITE_HUNDRED, list(chain.from_iterable(rows[start : start + _SQLITE_AT_ONCE])))
    driver.executemany(_SQLITE_ONE, rows[whole:])


def _for_sqlite(row: Row) -> list[Any]:
    """Return a row as SQLAlchemy writes it on SQLite, so that both kinds of insert read and sort alike."""
    values = list(row)
    values[_ID] = row[_ID].hex
    values[_GIVEN_AT] = _moment(row[_GIVEN_AT])
    values[_ACCEPTED_AT] = _moment(row[_ACCEPTED_AT])
    values[_RECORDED_AT] = _same_moment(row[_RECORDED_AT])
    if row[_IMPORT_BATCH] is not None:
        values[_IMPORT_BATCH] = row[_IMPORT_BATCH].hex
    return values


def _moment(moment: datetime) -> str:
    return moment.isoformat(" ", "microseconds")[:26]


_same_moment = lru_cache(maxsize=1)(_moment)


def add_marks(session: Session, pairs: Sequence[tuple[str, str]]) -> None:
    """Mark these (officer, month) pairs stale, in one statement."""
    if session.get_bind().dialect.name == "postgresql":
        officers, months = zip(*pairs, strict=True)
        session.execute(
            text(
                "INSERT INTO stale_month (officer_code, month)"
                " SELECT * FROM unnest(CAST(:officers AS varchar[]), CAST(:months AS varchar[]))"
            ),
            {"officers": list(officers), "months": list(months)},
        )
        return
    driver: Any = session.connection().connection.driver_connection
    with _as_sqlalchemy(session):
        driver.executemany("INSERT INTO stale_month (officer_code, month) VALUES (?, ?)", pairs)
