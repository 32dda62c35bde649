"""An office asks questions of its own beside the nine elements, and a rating may answer those alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0009_extra_elements"
down_revision = "0008_objections_to_comments"
branch_labels = None
depends_on = None

RULE = "ck_rating_answers_something"
BEFORE = "coalesce(overall, persyaratan, prosedur, waktu, biaya, produk, kompetensi, perilaku, pengaduan, sarana) IS NOT NULL"
TEXTS = ("name", "question", "answer_1", "answer_2", "answer_3", "answer_4")


def upgrade() -> None:
    op.create_table(
        "extra_element",
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        *(sa.Column(text, sa.String(length=160), nullable=False) for text in TEXTS),
        *(sa.Column(f"{text}_en", sa.String(length=160), nullable=True) for text in TEXTS),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_extra_element_position_positive")),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_extra_element_office_code_office")),
        sa.PrimaryKeyConstraint("office_code", "code", name=op.f("pk_extra_element")),
    )
    with _reviewed_set_aside(), op.batch_alter_table("rating") as rating:
        rating.add_column(sa.Column("extras", sa.JSON(none_as_null=True), nullable=True))
        rating.drop_constraint(op.f(RULE), type_="check")
        rating.create_check_constraint(op.f(RULE), f"{BEFORE} OR extras IS NOT NULL")
    with_extras = sa.text("extras IS NOT NULL")
    op.create_index(
        "ix_rating_extras",
        "rating",
        ["office_code", "month"],
        sqlite_where=with_extras,
        postgresql_where=with_extras,
    )


@contextmanager
def _reviewed_set_aside() -> Iterator[None]:
    """Let go of what refers to ratings while SQLite makes their table anew."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    op.execute("CREATE TABLE reviewed_before AS SELECT * FROM reviewed_rating")
    op.execute("DELETE FROM reviewed_rating")
    yield
    op.execute("INSERT INTO reviewed_rating SELECT * FROM reviewed_before")
    op.drop_table("reviewed_before")


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: answers to own questions would be lost")
