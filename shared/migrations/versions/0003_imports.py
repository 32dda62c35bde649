"""Imports in the browser: the file and how far it has come, what was refused, what undoing takes."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db.types import UtcDateTime

revision = "0003_imports"
down_revision = "0002_people_and_set_up"
branch_labels = None
depends_on = None

KNOWN = ("id", "office_code", "file_name", "imported_at")
COUNTS = ("all_rows", "done_rows", "new_rows", "changed_rows", "known_rows", "refused_rows", "kept_rows", "attempts")
BEFORE = {
    "kind": "ratings",
    "state": "done",
    "uploaded_by": "suara",
    "confirmed_by": "suara",
    **dict.fromkeys(COUNTS, 0),
}
"""What was imported until now were ratings, by the operator."""


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=True),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("started_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        *(
            sa.Column(name, sa.JSON(none_as_null=True), nullable=True)
            for name in ("headings", "ignored", "preview", "problem", "kept")
        ),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
    ]


CHECKS = {
    "kind_known": "kind IN ('officers', 'roster', 'ratings')",
    "state_known": "state IN ('uploaded', 'checked', 'running', 'done', 'undoing', 'undone', 'failed')",
    "ratings_name_office": "kind <> 'ratings' OR office_code IS NOT NULL",
    "confirmed_by_somebody": "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
    "undone_by_somebody": "(undone_by IS NULL) = (undone_at IS NULL)",
}


def upgrade() -> None:
    imported = sa.text("import_batch_id IS NOT NULL")
    op.create_index(
        op.f("ix_rating_import_batch_id"),
        "rating",
        ["import_batch_id"],
        sqlite_where=imported,
        postgresql_where=imported,
    )
    op.add_column("monthly_score", sa.Column("set_aside", sa.JSON(none_as_null=True), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _batches_anew()
    else:
        _batches_altered()
    _of_batch("import_file", [], sa.Column("content", sa.LargeBinary(), nullable=False))
    _of_batch(
        "import_refusal",
        ["number"],
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
    )
    _of_batch("import_slice", ["first"], sa.Column("changes", sa.JSON(), nullable=False))


def _batches_altered() -> None:
    columns = _columns()
    for column in columns:
        op.add_column("import_batch", sa.Column(column.name, column.type, nullable=True))
    batch = sa.table(
        "import_batch", *(sa.column(name) for name in (*BEFORE, "confirmed_at", "moved_at", "imported_at"))
    )
    op.execute(batch.update().values(**BEFORE, confirmed_at=batch.c.imported_at, moved_at=batch.c.imported_at))
    for column in columns:
        if not column.nullable:
            op.alter_column("import_batch", column.name, existing_type=column.type, nullable=False)
    op.alter_column("import_batch", "office_code", existing_type=sa.String(length=32), nullable=True)
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_import_batch_{name}"), "import_batch", rule)


def _batches_anew() -> None:
    # SQLite cannot let go of NOT NULL. The table must come back under its own name before the commit: only the rows
    # put in there take back what dropping the old ones has counted against the ratings that refer to them.
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE import_batch_before AS SELECT * FROM import_batch")
    op.drop_table("import_batch")
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        *_columns(),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_import_batch_{name}")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_import_batch_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    names = (*KNOWN, *BEFORE, "confirmed_at", "moved_at")
    before = sa.table("import_batch_before", *(sa.column(name) for name in KNOWN))
    said = [sa.literal(value) for value in BEFORE.values()]
    rows = sa.select(*(before.c[name] for name in KNOWN), *said, before.c.imported_at, before.c.imported_at)
    op.execute(sa.table("import_batch", *(sa.column(name) for name in names)).insert().from_select(list(names), rows))
    op.drop_table("import_batch_before")


def _of_batch(table: str, keys: Sequence[str], *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        *(sa.Column(key, sa.Integer(), nullable=False) for key in keys),
        *columns,
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f(f"fk_{table}_batch_id_import_batch")),
        sa.PrimaryKeyConstraint("batch_id", *keys, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: what undoing needs cannot be taken back")
