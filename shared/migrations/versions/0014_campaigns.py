"""Campaigns: guardians, who teaches their children, and when they are asked about them."""

import sqlalchemy as sa
from alembic import op

revision = "0014_campaigns"
down_revision = "0013_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guardian",
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("class_name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_shown", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("wording", sa.String(length=16), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_guardian_language_known")),
        sa.CheckConstraint("class_name <> ''", name=op.f("ck_guardian_class_named")),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_guardian_office_code_office")),
        sa.PrimaryKeyConstraint("office_code", "phone_hash", "class_name", name=op.f("pk_guardian")),
    )
    op.create_table(
        "guardian_officer",
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("class_name", sa.String(length=40), nullable=False),
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_code", "phone_hash", "class_name"],
            ["guardian.office_code", "guardian.phone_hash", "guardian.class_name"],
            name=op.f("fk_guardian_officer_office_code_phone_hash_class_name_guardian"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_code"], ["officer.code"], name=op.f("fk_guardian_officer_officer_code_officer")
        ),
        sa.PrimaryKeyConstraint(
            "office_code", "phone_hash", "class_name", "officer_code", name=op.f("pk_guardian_officer")
        ),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_by", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached", sa.LargeBinary(length=32), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'paused', 'done', 'cancelled')", name=op.f("ck_campaign_state_known")
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_campaign_done_of_total")),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_campaign_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("office_code", "period", name=op.f("uq_campaign_office_code_period")),
    )
    op.create_table(
        "campaign_invitation",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_invitation_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_campaign_invitation_invitation_id_invitation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_campaign_invitation")),
    )
    op.create_index("ix_campaign_invitation_campaign_id", "campaign_invitation", ["campaign_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_campaign_invitation_campaign_id", table_name="campaign_invitation")
    op.drop_table("campaign_invitation")
    op.drop_table("campaign")
    op.drop_table("guardian_officer")
    op.drop_table("guardian")
