"""Each kiosk has its own press interval, idle time and PIN, and may change its token."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010_fleet"
down_revision = "0009_extra_elements"
branch_labels = None
depends_on = None

# In SQL of both databases: SQLite can add a column with its rule, but no rule to a column that is there, and ratings
# refer to this table, so that it is not made anew.
COLUMNS = (
    "press_interval SMALLINT DEFAULT 10 NOT NULL"
    " CONSTRAINT ck_kiosk_press_interval_range CHECK (press_interval BETWEEN 1 AND 60)",
    "idle_seconds SMALLINT DEFAULT 15 NOT NULL"
    " CONSTRAINT ck_kiosk_idle_seconds_range CHECK (idle_seconds BETWEEN 10 AND 120)",
    "pin VARCHAR(6) CONSTRAINT ck_kiosk_pin_digits CHECK (length(pin) = 6)",
)


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE kiosk ADD COLUMN {column}")
    op.add_column("kiosk", sa.Column("next_token_hash", sa.LargeBinary(length=32), nullable=True))
    op.create_index(op.f("ix_kiosk_next_token_hash"), "kiosk", ["next_token_hash"], unique=True)
    kiosk = sa.table("kiosk", sa.column("id", sa.Integer), sa.column("pin", sa.String))
    for (known,) in op.get_bind().execute(sa.select(kiosk.c.id)).all():
        op.execute(kiosk.update().where(kiosk.c.id == known).values(pin=f"{secrets.randbelow(10**6):06}"))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: devices may have changed their tokens")
