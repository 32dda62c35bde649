"""Messages: whom we may ask, what we asked, what went out and what came in."""

import sqlalchemy as sa
from alembic import op

revision = "0013_messages"
down_revision = "0012_reports_found"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("whatsapp_wrote_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_contact_language_known")),
        sa.PrimaryKeyConstraint("phone_hash", name=op.f("pk_contact")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gateway", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("provider_id", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.Column("conversation", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('kiosk', 'sms', 'whatsapp', 'link', 'paper')", name=op.f("ck_inbox_channel_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )
    op.create_index(
        "ix_inbox_not_taken",
        "inbox",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("taken_at IS NULL"),
        sqlite_where=sa.text("taken_at IS NULL"),
    )
    op.create_index("ix_inbox_phone_hash_received_at", "inbox", ["phone_hash", "received_at"], unique=False)
    op.create_index(
        "ix_inbox_taken_at",
        "inbox",
        ["taken_at"],
        unique=False,
        postgresql_where=sa.text("text IS NOT NULL"),
        sqlite_where=sa.text("text IS NOT NULL"),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_api_key_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_key_secret_hash")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("wording", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("told_by", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "source IN ('queue_system', 'front_desk', 'roster', 'message')", name=op.f("ck_consent_source_known")
        ),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_consent_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_phone_hash", "consent", ["phone_hash"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("counter_code", sa.String(length=32), nullable=True),
        sa.Column("service_code", sa.String(length=32), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("phone_shown", sa.String(length=16), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_invitation_language_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'reminded', 'answered', 'expired', 'withdrawn')",
            name=op.f("ck_invitation_state_known"),
        ),
        sa.CheckConstraint("expires_at > ask_at", name=op.f("ck_invitation_ends_after_asking")),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_invitation_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(
        "ix_invitation_due",
        "invitation",
        ["ask_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'asked', 'reminded')"),
        sqlite_where=sa.text("state IN ('waiting', 'asked', 'reminded')"),
    )
    op.create_index("ix_invitation_office_code_created_at", "invitation", ["office_code", "created_at"], unique=False)
    op.create_index(
        "ix_invitation_phone_hash",
        "invitation",
        ["phone_hash"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'asked', 'reminded')"),
        sqlite_where=sa.text("state IN ('waiting', 'asked', 'reminded')"),
    )
    op.create_index("uq_invitation_token_hash", "invitation", ["token_hash"], unique=True)
    op.create_table(
        "invitation_officer",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_invitation_officer_invitation_id_invitation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_code"], ["officer.code"], name=op.f("fk_invitation_officer_officer_code_officer")
        ),
        sa.PrimaryKeyConstraint("invitation_id", "officer_code", name=op.f("pk_invitation_officer")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("gateway", sa.String(length=32), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("template", sa.String(length=64), nullable=True),
        sa.Column("segments", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("error_code", sa.String(length=32), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('kiosk', 'sms', 'whatsapp', 'link', 'paper')", name=op.f("ck_message_channel_known")
        ),
        sa.CheckConstraint("purpose IN ('reply', 'invitation', 'reminder')", name=op.f("ck_message_purpose_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'unconfirmed', 'withheld', 'expired')",
            name=op.f("ck_message_state_known"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_message_attempts_positive")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_message_cost_positive")),
        sa.CheckConstraint("segments >= 1", name=op.f("ck_message_segments_positive")),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_message_invitation_id_invitation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_message_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(
        "ix_message_due",
        "message",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        sqlite_where=sa.text("state IN ('waiting', 'sending')"),
    )
    op.create_index("ix_message_office_code_created_at", "message", ["office_code", "created_at"], unique=False)
    op.create_index("ix_message_phone_hash", "message", ["phone_hash"], unique=False)
    op.create_index(
        "ix_message_sent_at",
        "message",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("state = 'sent'"),
        sqlite_where=sa.text("state = 'sent'"),
    )
    op.create_index("uq_message_invitation", "message", ["invitation_id", "purpose"], unique=True)
    op.create_index("uq_message_provider_id", "message", ["gateway", "provider_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_message_provider_id", table_name="message")
    op.drop_index("uq_message_invitation", table_name="message")
    op.drop_index(
        "ix_message_sent_at",
        table_name="message",
        postgresql_where=sa.text("state = 'sent'"),
        sqlite_where=sa.text("state = 'sent'"),
    )
    op.drop_index("ix_message_phone_hash", table_name="message")
    op.drop_index("ix_message_office_code_created_at", table_name="message")
    op.drop_index(
        "ix_message_due",
        table_name="message",
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        sqlite_where=sa.text("state IN ('waiting', 'sending')"),
    )
    op.drop_table("message")
    op.drop_table("invitation_officer")
    op.drop_index("uq_invitation_token_hash", table_name="invitation")
    op.drop_index(
        "ix_invitation_phone_hash",
        table_name="invitation",
        postgresql_where=sa.text("state IN ('waiting', 'asked', 'reminded')"),
        sqlite_where=sa.text("state IN ('waiting', 'asked', 'reminded')"),
    )
    op.drop_index("ix_invitation_office_code_created_at", table_name="invitation")
    op.drop_index(
        "ix_invitation_due",
        table_name="invitation",
        postgresql_where=sa.text("state IN ('waiting', 'asked', 'reminded')"),
        sqlite_where=sa.text("state IN ('waiting', 'asked', 'reminded')"),
    )
    op.drop_table("invitation")
    op.drop_index("ix_consent_phone_hash", table_name="consent")
    op.drop_table("consent")
    op.drop_table("api_key")
    op.drop_index(
        "ix_inbox_taken_at",
        table_name="inbox",
        postgresql_where=sa.text("text IS NOT NULL"),
        sqlite_where=sa.text("text IS NOT NULL"),
    )
    op.drop_index("ix_inbox_phone_hash_received_at", table_name="inbox")
    op.drop_index(
        "ix_inbox_not_taken",
        table_name="inbox",
        postgresql_where=sa.text("taken_at IS NULL"),
        sqlite_where=sa.text("taken_at IS NULL"),
    )
    op.drop_table("inbox")
    op.drop_table("contact")
