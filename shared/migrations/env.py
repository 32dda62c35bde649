"""Run migrations on the configured database, one process at a time."""

from alembic import context
from sqlalchemy import Connection, text

from shared.db import (  # noqa: F401  their tables are compared
    accounts,
    audit,
    campaign_tables,
    closing_tables,
    message_tables,
    notice_tables,
    own_words_tables,
    people_tables,
    review_tables,
    sign_ins,
    tables,
)
from shared.db.engine import WRITES, make_engine
from shared.db.types import metadata
from shared.settings import Settings

MIGRATION_LOCK = 0x5A11


def migrate(connection: Connection) -> None:
    """Run inside one transaction; on PostgreSQL wait for no table longer than ten seconds."""
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_server_default=True
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = make_engine(Settings.from_environment().database_address)
    with engine.execution_options(**{WRITES: True}).connect() as own:
        migrate(own)
    engine.dispose()
