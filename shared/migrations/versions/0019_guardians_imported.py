"""Guardians come in by the browser too: a kind of import of its own, always of one school."""

import sqlalchemy as sa
from alembic import op

revision = "0019_guardians_imported"
down_revision = "0018_told_alike"
branch_labels = None
depends_on = None

TABLE = "import_batch"
KINDS_BEFORE, KINDS = (
    "kind IN ('officers', 'roster', 'ratings')",
    ("kind IN ('officers', 'roster', 'ratings', 'guardians')"),
)
OFFICE_BEFORE, OFFICE = (
    "kind <> 'ratings' OR office_code IS NOT NULL",
    ("kind NOT IN ('ratings', 'guardians') OR office_code IS NOT NULL"),
)
KIND_NAME = "ck_import_batch_kind_known"
OFFICE_NAME_BEFORE, OFFICE_NAME = "ck_import_batch_ratings_name_office", "ck_import_batch_office_named"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _anew()
        return
    op.drop_constraint(op.f(KIND_NAME), TABLE, type_="check")
    op.create_check_constraint(op.f(KIND_NAME), TABLE, KINDS)
    op.drop_constraint(op.f(OFFICE_NAME_BEFORE), TABLE, type_="check")
    op.create_check_constraint(op.f(OFFICE_NAME), TABLE, OFFICE)


def _anew() -> None:
    # SQLite cannot let go of a rule. Of the foreign keys that refer to it see 0003.
    made = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name").bindparams(name=TABLE)
    rules = str(op.get_bind().scalar(made))
    for before, after in ((KINDS_BEFORE, KINDS), (OFFICE_NAME_BEFORE, OFFICE_NAME), (OFFICE_BEFORE, OFFICE)):
        if rules.count(before) != 1:
            raise ValueError(f"import_batch has another rule than {before}")
        rules = rules.replace(before, after)
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE import_batch_before AS SELECT * FROM import_batch")
    op.drop_table(TABLE)
    op.get_bind().exec_driver_sql(rules)
    op.execute("INSERT INTO import_batch SELECT * FROM import_batch_before")
    op.drop_table("import_batch_before")


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: imports of guardians would have no kind")
