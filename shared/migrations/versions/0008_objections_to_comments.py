"""An objection names who raised it and may be to a comment; what an officer was told beside a score is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008_objections_to_comments"
down_revision = "0007_answers_set_aside"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("review", sa.Column("about_comment", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("review", sa.Column("raised_by", sa.String(length=64), nullable=True))
    op.add_column("review", sa.Column("proposed_first_day", sa.Date(), nullable=True))
    op.add_column("review", sa.Column("proposed_last_day", sa.Date(), nullable=True))
    op.add_column("told", sa.Column("said", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: decisions cannot be taken back")
