"""Officers are told by message that their month is closed: their own phone is sealed, and each is written to once."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0020_told_by_message"
down_revision = "0019_guardians_imported"
branch_labels = None
depends_on = None

PURPOSES = "ck_message_purpose_known"
REVISION = ("officer_code", "month", "revision")


def upgrade() -> None:
    # Of the phones that are there only the hash is known: their officers are written to once it is typed again.
    sealed_is_found = sa.CheckConstraint(
        "own_phone_sealed IS NULL OR own_phone_hash IS NOT NULL", name=op.f("ck_officer_sealed_phone_found")
    )
    op.add_column("officer", sa.Column("own_phone_sealed", sa.LargeBinary(), sealed_is_found, nullable=True))
    reachable = sa.text("own_phone_sealed IS NOT NULL")
    op.create_index(
        "ix_officer_reachable",
        "officer",
        ["code", "office_code", "left_on", "own_phone_hash"],
        postgresql_where=reachable,
        sqlite_where=reachable,
    )
    with _wishes_set_aside(), op.batch_alter_table("message") as message:
        message.drop_constraint(op.f(PURPOSES), type_="check")
        message.create_check_constraint(op.f(PURPOSES), "purpose IN ('reply', 'invitation', 'reminder', 'notice')")
    op.create_table(
        "notice",
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            REVISION,
            [f"score_revision.{column}" for column in REVISION],
            name=op.f("fk_notice_officer_code_score_revision"),
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_notice_message_id_message")),
        sa.PrimaryKeyConstraint(*REVISION, name=op.f("pk_notice")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notice_message_id")),
    )


@contextmanager
def _wishes_set_aside() -> Iterator[None]:
    """Let go of what refers to messages while SQLite makes their table anew."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    op.execute("CREATE TABLE answered_before AS SELECT id, message_id FROM wish WHERE message_id IS NOT NULL")
    op.execute("UPDATE wish SET message_id = NULL")
    yield
    op.execute(
        "UPDATE wish SET message_id = (SELECT message_id FROM answered_before WHERE answered_before.id = wish.id)"
    )
    op.drop_table("answered_before")


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: officers would be written to again")
