"""Reports of unofficial fees are found without reading every rating."""

import sqlalchemy as sa
from alembic import op

revision = "0012_reports_found"
down_revision = "0011_own_words"
branch_labels = None
depends_on = None

INDEX = "ix_rating_asked_for_money"
ASKED_FOR_MONEY = sa.text("CAST(reasons AS VARCHAR) LIKE '%\"minta_biaya\"%'")


def upgrade() -> None:
    op.create_index(
        INDEX, "rating", ["office_code", "month"], sqlite_where=ASKED_FOR_MONEY, postgresql_where=ASKED_FOR_MONEY
    )


def downgrade() -> None:
    op.drop_index(INDEX, "rating")
