"""What an office says on its own screens: its sentences, and its slides with their pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0011_own_words"
down_revision = "0010_fleet"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_words",
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("sentence", sa.String(length=120), nullable=True),
        sa.Column("sentence_en", sa.String(length=120), nullable=True),
        sa.Column("changed_text", sa.String(length=240), nullable=True),
        sa.Column("changed_text_en", sa.String(length=240), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "sentence_en IS NULL OR sentence IS NOT NULL", name=op.f("ck_own_words_sentence_indonesian_first")
        ),
        sa.CheckConstraint(
            "changed_text_en IS NULL OR changed_text IS NOT NULL", name=op.f("ck_own_words_changed_indonesian_first")
        ),
        sa.CheckConstraint(
            "(changed_text IS NULL) = (changed_on IS NULL)", name=op.f("ck_own_words_changed_has_its_day")
        ),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_own_words_office_code_office"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_code", name=op.f("pk_own_words")),
    )
    op.create_table(
        "slide",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("title_en", sa.String(length=60), nullable=True),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("text_en", sa.String(length=200), nullable=True),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("picture_digest", sa.String(length=16), nullable=True),
        sa.CheckConstraint("(picture IS NULL) = (picture_digest IS NULL)", name=op.f("ck_slide_picture_has_address")),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_slide_office_code_office"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slide")),
    )
    op.create_index(op.f("ix_slide_office_code_place"), "slide", ["office_code", "place"])


def downgrade() -> None:
    op.drop_index(op.f("ix_slide_office_code_place"), "slide")
    op.drop_table("slide")
    op.drop_table("own_words")
