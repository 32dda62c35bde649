"""What a PostgreSQL role that owns nothing needs to run the product; nothing with which it could alter what stands.

What stands is said in one place, the database itself: a table with the trigger that the migrations call NAME_stands.
"""

from collections.abc import Iterator
from enum import StrEnum

from psycopg import errors, sql
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

_THINGS = """
WITH place AS (
    SELECT relnamespace, relowner FROM pg_class WHERE oid = to_regclass('alembic_version')
), thing AS (
    SELECT
        CASE WHEN relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
        pg_class.oid, nspname AS schema, relname AS name,
        CASE
            WHEN relkind = 'S' THEN 'USAGE'
            WHEN relname = 'alembic_version' THEN 'SELECT'
            WHEN EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgname = relname || '_stands')
                THEN 'SELECT, INSERT'
            ELSE 'SELECT, INSERT, UPDATE, DELETE'
        END AS rights
    FROM pg_class JOIN place USING (relnamespace, relowner) JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'S')
    UNION ALL
    SELECT 'SCHEMA', oid, NULL, nspname, 'USAGE' FROM pg_namespace WHERE oid = (SELECT relnamespace FROM place)
    UNION ALL
    SELECT 'DATABASE', oid, NULL, datname, 'CONNECT, TEMPORARY' FROM pg_database WHERE datname = current_database()
)
"""
"""What the product uses and the rights it needs; its tables are those of the owner of the migrations' own."""
_EACH = "SELECT kind, schema, name, rights FROM thing ORDER BY kind, name"
_OURS = "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM place"
_OWNS = """
SELECT rolsuper OR rolcreaterole OR EXISTS (
    SELECT FROM place
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    JOIN pg_database ON datname = current_database(),
    unnest(ARRAY[relowner, nspowner, datdba]) AS owner
    WHERE pg_has_role(pg_roles.oid, owner, 'MEMBER')
) FROM pg_roles WHERE rolname = :role
"""
_MAY_MORE = """
SELECT EXISTS (
    SELECT FROM thing WHERE CASE kind
        WHEN 'SCHEMA' THEN has_schema_privilege(:role, oid, 'CREATE')
        WHEN 'TABLE' THEN rights IN ('SELECT', 'SELECT, INSERT') AND (
            has_table_privilege(:role, oid, 'DELETE, TRUNCATE, TRIGGER')
            OR has_any_column_privilege(:role, oid, 'UPDATE')
        )
    END
)
"""
_MAY_WORK = """
SELECT NOT EXISTS (
    SELECT FROM thing, unnest(string_to_array(rights, ', ')) AS needed WHERE NOT CASE kind
        WHEN 'TABLE' THEN has_table_privilege(:role, oid, needed)
        WHEN 'SEQUENCE' THEN has_sequence_privilege(:role, oid, needed)
        WHEN 'SCHEMA' THEN has_schema_privilege(:role, oid, needed)
        ELSE has_database_privilege(:role, oid, needed)
    END
)
"""


class Reason(StrEnum):
    """Why a role cannot be granted what the product needs."""

    NO_TABLES = "no tables"
    NOT_THE_OWNER = "not the owner"
    UNKNOWN_ROLE = "unknown role"
    ROLE_OWNS = "role owns"
    ROLE_MAY_MORE = "role may more"


class CannotGrant(Exception):
    """Nothing was granted."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def grant(engine: Engine, role: str) -> None:
    """Give a role what the product needs and take from it what else it was given; raise CannotGrant, or do all of it.

    Doing it again changes nothing. Tables of a later upgrade need it again: which of them stand is known only then.
    """
    try:
        # A name may hold a percent sign; without parameters the driver lets it be.
        with engine.execution_options(no_parameters=True).begin() as connection:
            _check(connection, role)
            # One at a time, and none beside an upgrade; whoever only reads is not held up.
            connection.exec_driver_sql("LOCK TABLE alembic_version IN SHARE ROW EXCLUSIVE MODE")
            for statement in _statements(connection, role):
                connection.exec_driver_sql(statement)
            if _answer(connection, _MAY_MORE, role):
                raise CannotGrant(Reason.ROLE_MAY_MORE)
            if not _answer(connection, _MAY_WORK, role):
                raise CannotGrant(Reason.NOT_THE_OWNER)
    except ProgrammingError as error:
        if is_denied(error):
            raise CannotGrant(Reason.NOT_THE_OWNER) from error
        raise


def may_work(engine: Engine) -> bool:
    """Tell whether who is connected may do all the product does; on SQLite it is a matter of the file."""
    if engine.dialect.name != "postgresql":
        return True
    with engine.connect() as connection:
        return bool(_answer(connection, _MAY_WORK, _current(connection)))


def connected_role(engine: Engine) -> str:
    """Return the PostgreSQL role that is connected."""
    with engine.connect() as connection:
        return _current(connection)


def is_denied(error: ProgrammingError) -> bool:
    """Tell whether PostgreSQL refused for want of a right, be it that no schema may be looked into."""
    return isinstance(error.orig, errors.InsufficientPrivilege | errors.InvalidSchemaName)


def _check(connection: Connection, role: str) -> None:
    owner = connection.scalar(text(_THINGS + _OURS))
    if owner is None:
        raise CannotGrant(Reason.NO_TABLES)
    if not owner:
        raise CannotGrant(Reason.NOT_THE_OWNER)
    owns = _answer(connection, _OWNS, role)
    if owns is None:
        raise CannotGrant(Reason.UNKNOWN_ROLE)
    if owns:
        raise CannotGrant(Reason.ROLE_OWNS)


def _statements(connection: Connection, role: str) -> Iterator[str]:
    for kind, schema, name, rights in connection.execute(text(_THINGS + _EACH)):
        path = [schema, name] if schema else [name]
        named = {"kind": sql.SQL(kind), "name": sql.Identifier(*path), "role": sql.Identifier(role)}
        yield sql.SQL("REVOKE ALL ON {kind} {name} FROM {role}").format(**named).as_string()
        yield sql.SQL("GRANT {rights} ON {kind} {name} TO {role}").format(rights=sql.SQL(rights), **named).as_string()


def _answer(connection: Connection, question: str, role: str) -> bool | None:
    answer: bool | None = connection.scalar(text(_THINGS + question), {"role": role})
    return answer


def _current(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT current_user")))
