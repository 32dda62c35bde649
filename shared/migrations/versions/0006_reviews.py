"""Reviews: months people look at, the ratings in question, who decided what, and when officers were told."""

import sqlalchemy as sa
from alembic import op

from shared.db.types import UtcDateTime

revision = "0006_reviews"
down_revision = "0005_fair_score"
branch_labels = None
depends_on = None

GROUNDS = "ground IN ('burst', 'one_answer', 'regular', 'one_kiosk', 'objection')"
BY_SOMEBODY = (
    "({0}_outcome IS NULL) = ({0}_by IS NULL) AND ({0}_by IS NULL) = ({0}_at IS NULL)"
    " AND ({0}_by IS NULL) = ({0}_reason IS NULL)"
)
TWO_PEOPLE = (
    "outcome IS NULL OR (outcome = 'stands' AND ground <> 'objection')"
    " OR (proposed_outcome IS NOT NULL AND proposed_outcome = outcome AND proposed_by <> decided_by)"
)


def upgrade() -> None:
    an_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "review",
        sa.Column("id", an_id, nullable=False),
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("kiosk_id", sa.Integer(), nullable=True),
        sa.Column("first_at", UtcDateTime(), nullable=True),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("proposed_outcome", sa.String(length=16), nullable=True),
        sa.Column("proposed_by", sa.String(length=64), nullable=True),
        sa.Column("proposed_reason", sa.String(length=1000), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_reason", sa.String(length=1000), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(ground = 'objection') = (words IS NOT NULL)", name=op.f("ck_review_objection_in_words")),
        sa.CheckConstraint(GROUNDS, name=op.f("ck_review_ground_known")),
        sa.CheckConstraint("outcome IN ('stands', 'set_aside')", name=op.f("ck_review_outcome_known")),
        sa.CheckConstraint(
            "proposed_outcome IN ('stands', 'set_aside')", name=op.f("ck_review_proposed_outcome_known")
        ),
        sa.CheckConstraint(TWO_PEOPLE, name=op.f("ck_review_two_people")),
        sa.CheckConstraint(
            "(first_day IS NULL) = (last_day IS NULL) AND first_day <= last_day", name=op.f("ck_review_days_forward")
        ),
        sa.CheckConstraint(
            BY_SOMEBODY.format("decided").replace("decided_outcome", "outcome"),
            name=op.f("ck_review_decided_by_somebody"),
        ),
        sa.CheckConstraint(BY_SOMEBODY.format("proposed"), name=op.f("ck_review_proposed_by_somebody")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_review_kiosk_id_kiosk")),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_review_office_code_office")),
        sa.ForeignKeyConstraint(["officer_code"], ["officer.code"], name=op.f("fk_review_officer_code_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_office_code_decided_at"), "review", ["office_code", "decided_at"])
    op.create_index(op.f("ix_review_officer_code_month"), "review", ["officer_code", "month"])
    undecided = sa.text("decided_at IS NULL")
    op.create_index(
        "ix_review_one_open",
        "review",
        ["officer_code", "month", "ground"],
        unique=True,
        sqlite_where=undecided,
        postgresql_where=undecided,
    )
    op.create_table(
        "reviewed_rating",
        sa.Column("review_id", an_id, nullable=False),
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_reviewed_rating_rating_id_rating")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_reviewed_rating_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "rating_id", name=op.f("pk_reviewed_rating")),
    )
    op.create_index(op.f("ix_reviewed_rating_rating_id"), "reviewed_rating", ["rating_id"])
    op.create_table(
        "told",
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["officer_code"], ["officer.code"], name=op.f("fk_told_officer_code_officer")),
        sa.PrimaryKeyConstraint("officer_code", "month", "revision", name=op.f("pk_told")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: decisions cannot be taken back")
