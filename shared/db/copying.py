"""The fastest safe way to insert a batch of ratings on each database.

A batch is nearly always new, so it is first tried as such, behind a savepoint: binary COPY straight into the table on
PostgreSQL, the driver's own executemany on SQLite. Only a batch with a known rating goes the longer way. SQLAlchemy's
`insert().values([...])` and `add_all` take ten to forty times as long; tidying this costs that factor.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, DateTime, Integer, SmallInteger, Uuid, bindparam, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, col

from shared.db.tables import RatingRow

_TABLE = RatingRow.__table__  # type: ignore[attr-defined]
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


def insert_unknown(session: Session, rows: Sequence[tuple[Any, ...]]) -> set[UUID]:
    """Insert rows in table column order, id first and sorted by it, skipping known ids; return the new ids.

    Raises SQLAlchemy's errors.
    """
    if not rows:
        return set()
    insert = _copy if session.get_bind().dialect.name == "postgresql" else _executemany
    with _as_sqlalchemy(session):
        return insert(session, rows)


def known_digests(session: Session, ids: set[UUID]) -> dict[UUID, str]:
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
        (JSON, "json"),
    )  # fmt: skip
    if column.name == "sequence":
        return "int8"
    return next((name for cls, name in types if isinstance(kind, cls)), "varchar")


_PG_TYPES = [_pg_type(column) for column in _TABLE.columns]
_REASONS = _PG_TYPES.index("json")


def _copy(session: Session, rows: Sequence[tuple[Any, ...]]) -> set[UUID]:
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor:
        cursor.execute("SAVEPOINT batch")
        try:
            _copy_into("rating", cursor, rows)
        except _driver_errors().UniqueViolation:
            cursor.execute("ROLLBACK TO SAVEPOINT batch")
            return _copy_unknown(cursor, rows)
    return {row[0] for row in rows}


def _driver_errors() -> Any:
    from psycopg import errors  # here, because an office on SQLite never pays for it

    return errors


def _copy_unknown(cursor: Any, rows: Sequence[tuple[Any, ...]]) -> set[UUID]:
    """Insert by way of a temporary table, for a batch of which some are known."""
    cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE rating) ON COMMIT DELETE ROWS")
    _copy_into("incoming", cursor, rows)
    cursor.execute(
        f"INSERT INTO rating ({_NAMES}) SELECT {_NAMES} FROM incoming ORDER BY id"  # noqa: S608  our own column names
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )
    return {row[0] for row in cursor.fetchall()}


def _copy_into(table: str, cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} ({_NAMES}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(_PG_TYPES)
        for row in rows:
            copy.write_row(_with_json(row))


def _with_json(row: tuple[Any, ...]) -> Sequence[Any]:
    if row[_REASONS] is None:
        return row
    from psycopg.types.json import Json

    return (*row[:_REASONS], Json(row[_REASONS]), *row[_REASONS + 1 :])


_SQLITE_INSERT = f"INSERT INTO rating ({_NAMES}) VALUES ({', '.join('?' * len(_TABLE.columns))})"  # noqa: S608


def _executemany(session: Session, rows: Sequence[tuple[Any, ...]]) -> set[UUID]:
    driver: Any = session.connection().connection.driver_connection
    driver.execute("SAVEPOINT batch")
    try:
        driver.executemany(_SQLITE_INSERT, [_for_sqlite(row) for row in rows])
    except sqlite3.IntegrityError:
        driver.execute("ROLLBACK TO batch")
    else:
        return {row[0] for row in rows}
    # Some are known, or one breaks a rule: only now is it worth asking which. We hold the write lock all along.
    known = known_digests(session, {row[0] for row in rows})
    fresh = [row for row in rows if row[0] not in known]
    driver.executemany(_SQLITE_INSERT, [_for_sqlite(row) for row in fresh])
    return {row[0] for row in fresh}


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


def _for_sqlite(row: tuple[Any, ...]) -> list[Any]:
    values = list(row)
    for place, convert in _CONVERSIONS:
        value = values[place]
        if value is not None:
            values[place] = convert(value)
    return values


def _sqlite_moment(moment: datetime) -> str:
    """Write a moment as SQLAlchemy does on SQLite, so that both kinds of insert read and sort alike."""
    return moment.isoformat(" ", "microseconds")[:26]


_CONVERTED: dict[str, Callable[[Any], str]] = {
    "uuid": attrgetter("hex"),
    "timestamptz": _sqlite_moment,
    "json": json.dumps,
}
_CONVERSIONS = [(place, _CONVERTED[name]) for place, name in enumerate(_PG_TYPES) if name in _CONVERTED]
