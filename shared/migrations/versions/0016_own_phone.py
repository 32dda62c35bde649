"""An officer's own phone is known by a keyed hash, and a rating from a phone of its office's staff is marked."""

import sqlalchemy as sa
from alembic import op

revision = "0016_own_phone"
down_revision = "0015_messages_page"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("officer", sa.Column("own_phone_hash", sa.LargeBinary(length=32), nullable=True))
    registered = sa.text("own_phone_hash IS NOT NULL")
    op.create_index(
        "ix_officer_own_phone_hash",
        "officer",
        ["own_phone_hash"],
        postgresql_where=registered,
        sqlite_where=registered,
    )
    op.add_column("rating", sa.Column("own_phone", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: marked ratings would count")
