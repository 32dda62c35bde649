"""The fastest plain bulk insert of the same rows on each database: nothing parsed, skipped or marked."""

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Json

Row = Sequence[Any]
AT_ONCE = 100


class PlainTable(ABC):
    """A migrated database beside the recorder's own, to be filled with the very rows the recorder wrote."""

    @abstractmethod
    def rows_of(self, source: str, first: str) -> list[Row]:
        """Return the rows with an id from `first` on in another database, as this one's driver takes them."""

    @abstractmethod
    def insert(self, rows: Sequence[Row]) -> None:
        """Insert these rows and commit."""

    @abstractmethod
    def close(self) -> None:
        """Give back the connection."""

    def seconds_for(self, rows: Sequence[Row], at_once: int) -> float:
        """Return how long it takes to insert these rows, so many a commit."""
        began = time.perf_counter()
        for start in range(0, len(rows), at_once):
            self.insert(rows[start : start + at_once])
        return time.perf_counter() - began


class PlainSqlite(PlainTable):
    """A hundred rows a statement, the fastest found, as durable and as constrained as the product's connection."""

    def __init__(self, path: Path) -> None:
        self._connection = _sqlite(path)
        self._statement = ""

    def rows_of(self, source: str, first: str) -> list[Row]:
        with closing(_sqlite(Path(source))) as connection:
            found = connection.execute("SELECT * FROM rating WHERE id >= ? ORDER BY id", (first.replace("-", ""),))
            names = [column[0] for column in found.description]
            row = f"({', '.join('?' * len(names))})"
            self._statement = f"INSERT INTO rating ({', '.join(names)}) VALUES {', '.join([row] * AT_ONCE)}"
            return found.fetchall()

    def insert(self, rows: Sequence[Row]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for start in range(0, len(rows), AT_ONCE):
            self._connection.execute(self._statement, list(chain.from_iterable(rows[start : start + AT_ONCE])))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


def _sqlite(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class PlainPostgresql(PlainTable):
    """Binary COPY straight into the table."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address)
        self._columns: dict[str, int] = {}

    def rows_of(self, source: str, first: str) -> list[Row]:
        with psycopg.connect(source) as connection:
            found = connection.execute("SELECT * FROM rating WHERE id >= %s ORDER BY id", (first,))
            self._columns = {column.name: column.type_code for column in found.description or ()}
            return [[Json(value) if isinstance(value, list) else value for value in row] for row in found]

    def insert(self, rows: Sequence[Row]) -> None:
        statement = f"COPY rating ({', '.join(self._columns)}) FROM STDIN (FORMAT BINARY)".encode()
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(list(self._columns.values()))
            for row in rows:
                copy.write_row(row)
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()
