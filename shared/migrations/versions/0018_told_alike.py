"""An invitation is put off where nobody sees it, whoever is to be forgotten is found by an index, and when somebody
wrote by WhatsApp is kept no longer than what they wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0018_told_alike"
down_revision = "0017_wishes"
branch_labels = None
depends_on = None

STILL_OPEN = sa.text("state IN ('waiting', 'asked', 'reminded')")


def upgrade() -> None:
    op.drop_column("contact", "whatsapp_wrote_at")
    op.add_column("invitation", sa.Column("put_off_to", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_invitation_phone_hash", table_name="invitation")
    known = sa.text("phone_hash IS NOT NULL")
    op.create_index(
        "ix_invitation_phone_hash", "invitation", ["phone_hash"], postgresql_where=known, sqlite_where=known
    )
    op.create_index(op.f("ix_guardian_phone_hash"), "guardian", ["phone_hash"])
    op.create_index(op.f("ix_guardian_officer_phone_hash"), "guardian_officer", ["phone_hash"])


def downgrade() -> None:
    op.drop_index(op.f("ix_guardian_officer_phone_hash"), table_name="guardian_officer")
    op.drop_index(op.f("ix_guardian_phone_hash"), table_name="guardian")
    op.drop_index("ix_invitation_phone_hash", table_name="invitation")
    op.create_index(
        "ix_invitation_phone_hash",
        "invitation",
        ["phone_hash"],
        postgresql_where=STILL_OPEN,
        sqlite_where=STILL_OPEN,
    )
    op.drop_column("invitation", "put_off_to")
    op.add_column("contact", sa.Column("whatsapp_wrote_at", sa.DateTime(timezone=True), nullable=True))
