"""A month goes dark when answers of it are withdrawn; lists of a province find their lines by index."""

import sqlalchemy as sa
from alembic import op

revision = "0004_snapshots_and_lists"
down_revision = "0003_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("score_snapshot") as snapshot:
        snapshot.add_column(sa.Column("dark", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("score_snapshot") as snapshot:
        snapshot.alter_column("dark", server_default=None)
    op.create_index(op.f("ix_officer_office_code"), "officer", ["office_code"])
    op.create_index(op.f("ix_rating_office_code_month_given_at"), "rating", ["office_code", "month", "given_at"])
    op.drop_index(op.f("ix_rating_office_code_month"), table_name="rating")


def downgrade() -> None:
    op.create_index(op.f("ix_rating_office_code_month"), "rating", ["office_code", "month"])
    op.drop_index(op.f("ix_rating_office_code_month_given_at"), table_name="rating")
    op.drop_index(op.f("ix_officer_office_code"), table_name="officer")
    op.drop_column("score_snapshot", "dark")
