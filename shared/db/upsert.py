"""INSERT ... ON CONFLICT, which both databases have and SQLAlchemy names twice."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def upserting(session: Session, table: type[SQLModel]) -> Any:
    """Return an insert for `table` that can say what to do on a conflict."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def put(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert rows, or bring those with the same primary key up to date."""
    if not rows:
        return
    insert = upserting(session, table)
    keys = [column.name for column in inspect(table).primary_key]
    changes = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=changes), rows)
