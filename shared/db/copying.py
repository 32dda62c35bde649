"""The fastest safe way to insert a batch of ratings on each database.

Measured, 1,000 rows a commit, two cores: into PostgreSQL `insert().values([...])` writes 2,500 rows/s and
`add_all` 10,000, binary COPY into a temporary table with INSERT ... SELECT ... ON CONFLICT DO NOTHING 97,000.
Into SQLite `add_all` writes 11,000, the driver's own executemany over 100,000. Tidying this costs that factor.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
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


def insert_unknown(session: Session, rows: Sequence[tuple[Any, ...]]) -> set[UUID]:
    """Insert rows in table column order, id first and sorted by it, skipping known ids; return the new ids.

    Raises SQLAlchemy's errors, as if SQLAlchemy itself had spoken to the driver.
    """
    if not rows:
        return set()
    dialect = session.get_bind().dialect
    insert = _copy if dialect.name == "postgresql" else _executemany
    base: Any = dialect.loaded_dbapi.Error
    try:
        return insert(session, rows)
    except base as error:
        wrapped = DBAPIError.instance("INSERT INTO rating", None, error, base, hide_parameters=True, dialect=dialect)
        raise wrapped from error


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
_JSON_PLACES = [place for place, name in enumerate(_PG_TYPES) if name == "json"]


def _copy(session: Session, rows: Sequence[tuple[Any, ...]]) -> set[UUID]:
    session.execute(text("CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE rating) ON COMMIT DELETE ROWS"))
    driver = session.connection().connection.driver_connection
    with driver.cursor() as cursor:  # type: ignore[union-attr]
        with cursor.copy(f"COPY incoming ({_NAMES}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(_PG_TYPES)
            for row in rows:
                copy.write_row(_with_json(row))
        cursor.execute(
            f"INSERT INTO rating ({_NAMES}) SELECT {_NAMES} FROM incoming ORDER BY id"  # noqa: S608  our own column names
            " ON CONFLICT (id) DO NOTHING RETURNING id"
        )
        return {row[0] for row in cursor.fetchall()}


def _with_json(row: tuple[Any, ...]) -> Sequence[Any]:
    from psycopg.types.json import Json  # here, because an office on SQLite never pays for it

    if all(row[place] is None for place in _JSON_PLACES):
        return row
    return [Json(value) if place in _JSON_PLACES and value is not None else value for place, value in enumerate(row)]


_SQLITE_INSERT = f"INSERT INTO rating ({_NAMES}) VALUES ({', '.join('?' * len(_TABLE.columns))})"  # noqa: S608
_UUID_PLACES = [place for place, name in enumerate(_PG_TYPES) if name == "uuid"]
_MOMENT_PLACES = [place for place, name in enumerate(_PG_TYPES) if name == "timestamptz"]


def _executemany(session: Session, rows: Sequence[tuple[Any, ...]]) -> set[UUID]:
    known = known_digests(session, {row[0] for row in rows})
    fresh = [row for row in rows if row[0] not in known]
    driver: Any = session.connection().connection.driver_connection
    driver.executemany(_SQLITE_INSERT, [_for_sqlite(row) for row in fresh])
    return {row[0] for row in fresh}


def _for_sqlite(row: tuple[Any, ...]) -> list[Any]:
    values = list(row)
    for place in _UUID_PLACES:
        if values[place] is not None:
            values[place] = values[place].hex
    for place in _MOMENT_PLACES:
        values[place] = sqlite_moment(values[place])
    for place in _JSON_PLACES:
        if values[place] is not None:
            values[place] = json.dumps(values[place])
    return values


def sqlite_moment(moment: datetime) -> str:
    """Write a moment as SQLAlchemy does on SQLite, so that both kinds of insert read and sort alike."""
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]
