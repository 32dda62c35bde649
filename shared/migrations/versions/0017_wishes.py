"""Wishes to be answered, kept apart from everything that was rated."""

import sqlalchemy as sa
from alembic import op

revision = "0017_wishes"
down_revision = "0016_own_phone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("wording", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("gateway", sa.String(length=32), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('kiosk', 'sms', 'whatsapp', 'link', 'paper')", name=op.f("ck_wish_channel_known")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_wish_message_id_message"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_wish_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint("phone_hash", "office_code", name=op.f("uq_wish_phone_hash_office_code")),
    )
    op.create_index(op.f("ix_wish_office_code_asked_on"), "wish", ["office_code", "asked_on"])


def downgrade() -> None:
    op.drop_index(op.f("ix_wish_office_code_asked_on"), table_name="wish")
    op.drop_table("wish")
