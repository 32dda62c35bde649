"""Rows in or over others, many at a time, on both databases."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def upserting(session: Session, table: type[SQLModel]) -> Any:
    """Return an insert for `table` that can say what to do on a conflict."""
    dialect = postgresql if _is_postgresql(session) else sqlite
    return dialect.insert(table)


def put(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that name the same columns, or bring those with the same primary key up to date."""
    if not rows:
        return
    insert = upserting(session, table)
    keys = [column.name for column in inspect(table).primary_key]
    changes = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=changes), list(rows))


def put_figures(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Do the same many times faster, past what a session notes about people and places."""
    if rows:
        _insert(session, table, rows, [column.name for column in inspect(table).primary_key])


def add_figures(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that name the same columns as fast; raises IntegrityError when one is there already."""
    if rows:
        _insert(session, table, rows, [])


def _insert(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]], keys: list[str]) -> None:
    insert = _insert_of_documents if _is_postgresql(session) else _insert_many
    insert(session, table, rows, keys)


def _insert_of_documents(
    session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]], keys: list[str]
) -> None:
    # One statement with all rows as one document: a statement a row takes ten times as long. What is the same in all
    # rows is said once: reading it again in each takes half of the document's time.
    first, *others = rows
    common = {column: value for column, value in first.items() if all(row[column] == value for row in others)}
    own = [{column: value for column, value in row.items() if column not in common} for row in rows]
    name, columns = table.__tablename__, ", ".join(first)
    changes = ", ".join(f"{column} = excluded.{column}" for column in first if column not in keys)
    statement = (
        f"INSERT INTO {name} ({columns}) SELECT {columns}"  # noqa: S608  names of our own tables
        f" FROM json_populate_recordset("
        f"json_populate_record(NULL::{name}, CAST(:common AS json)), CAST(:rows AS json))"
        + (f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}" if keys else "")
    )
    documents = {"common": to_json(common).decode(), "rows": to_json(own).decode()}
    session.connection().execute(text(statement), documents)


def _insert_many(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]], keys: list[str]) -> None:
    known: Any = inspect(table).local_table  # as a mapped class it takes twice as long
    insert = sqlite.insert(known)
    if keys:
        changes = {column: insert.excluded[column] for column in rows[0] if column not in keys}
        insert = insert.on_conflict_do_update(index_elements=keys, set_=changes)
    session.connection().execute(insert, list(rows))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
