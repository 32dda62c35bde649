"""Records that people edit: added once however often the button is pressed, never written over unseen changes."""

from collections.abc import Mapping, Set
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

Values = Mapping[str, Any]
Row = TypeVar("Row", bound=SQLModel)


class CodeTaken(Exception):
    """Something else has this code already."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the record after this person had opened it."""


class InUse(Exception):
    """Other records refer to this one, so it can be closed but not removed."""


def seen(row: SQLModel | None, names: Values | tuple[str, ...]) -> str:
    """Return a mark of what a record says in these columns: a form carries it to tell what its reader saw."""
    told = "" if row is None else repr([(name, getattr(row, name)) for name in sorted(names)])
    return sha256(told.encode()).hexdigest()[:16]


def add(session: Session, row: SQLModel, key: Any, seals: Set[str] = frozenset()) -> None:
    """Add a record; one that is there already and says the same is this very one, sent twice.

    Columns in `seals` look different each time for the same, so they are not compared. Raises CodeTaken when it
    says something else.
    """
    known = session.get(type(row), key) or _added(session, row, key)
    if known is None:
        return
    said = row.model_dump(exclude_unset=True, exclude=set(seals))
    if any(getattr(known, name) != value for name, value in said.items()):
        raise CodeTaken


def _added(session: Session, row: Row, key: Any) -> Row | None:
    """Add a record, or return the one that somebody else has added under this key since it was looked for."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        known = session.get(type(row), key)
        if known is None:
            raise
        return known
    return None


def change(session: Session, table: type[SQLModel], key: Any, values: Values, seen_before: str) -> None:
    """Change a record to these values, unless it was changed since `seen_before`; the same change twice is one.

    Raises NoResultFound when there is none, ChangedMeanwhile when it says something this person never saw.
    """
    row = session.get_one(table, key, with_for_update=True)
    if all(getattr(row, name) == value for name, value in values.items()):
        return
    if seen(row, values) != seen_before:
        raise ChangedMeanwhile
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()


def remove(session: Session, table: type[SQLModel], key: Any) -> None:
    """Remove a record that nothing refers to; one that is gone already is removed.

    Raises InUse when something refers to it.
    """
    row = session.get(table, key)
    if row is None:
        return
    try:
        with session.begin_nested():
            session.delete(row)
            session.flush()
    except IntegrityError as error:
        raise InUse from error
