"""Who asked for no messages in a month is counted without reading every contact."""

import sqlalchemy as sa
from alembic import op

revision = "0015_messages_page"
down_revision = "0014_campaigns"
branch_labels = None
depends_on = None

INDEX = "ix_contact_refused_at"
HAS_REFUSED = sa.text("refused_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(INDEX, "contact", ["refused_at"], sqlite_where=HAS_REFUSED, postgresql_where=HAS_REFUSED)


def downgrade() -> None:
    op.drop_index(INDEX, "contact")
