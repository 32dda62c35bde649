"""Months keep what was answered in the ratings set aside, so that their effect can be told."""

import sqlalchemy as sa
from alembic import op

revision = "0007_answers_set_aside"
down_revision = "0006_reviews"
branch_labels = None
depends_on = None

TABLES = ("monthly_score", "score_revision")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("left_out", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "left_out")
