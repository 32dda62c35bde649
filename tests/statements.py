"""What a database is asked while something happens."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from shared.services import Services


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    """Give a list to which every statement is added while the block lasts."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(services.engine, "before_cursor_execute", note)
    yield statements
    event.remove(services.engine, "before_cursor_execute", note)
