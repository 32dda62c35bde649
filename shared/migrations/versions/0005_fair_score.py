"""Closed months: what a group was scored with, and every revision of every score, never changed."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from shared.db.types import UtcDateTime

revision = "0005_fair_score"
down_revision = "0004_snapshots_and_lists"
branch_labels = None
depends_on = None

KINDS = "kind IN ('dukcapil', 'puskesmas', 'school', 'other')"
REASONS = "reason IN ('closing', 'late_arrivals', 'review', 'objection')"
KEPT = ("group_parameters", "score_revision")
REFUSED = "a closed month is never changed: a correction is its next revision"


def upgrade() -> None:
    _home_office()
    _noted_and_seen()
    op.create_table(
        "group_closing",
        *_group(),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.Column("restated_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_group_closing_kind_known")),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_group_closing_month_written")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_group_closing_region_code_region")),
        sa.PrimaryKeyConstraint("region_code", "kind", "month", name=op.f("pk_group_closing")),
    )
    op.create_table(
        "group_parameters",
        *_group(),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("spread", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(REASONS, name=op.f("ck_group_parameters_reason_known")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_group_parameters_revision_positive")),
        sa.ForeignKeyConstraint(
            ["region_code", "kind", "month"],
            ["group_closing.region_code", "group_closing.kind", "group_closing.month"],
            name=op.f("fk_group_parameters_region_code_group_closing"),
        ),
        sa.PrimaryKeyConstraint("region_code", "kind", "month", "revision", name=op.f("pk_group_parameters")),
    )
    _score_revision()
    for table in KEPT:
        _never_changed(table)


def _home_office() -> None:
    op.add_column("monthly_score", sa.Column("office_code", sa.String(length=32), nullable=True))
    # A first guess that is computed again, with the new screening, as soon as scores are refreshed.
    op.execute(
        "UPDATE monthly_score SET office_code = (SELECT officer.office_code FROM officer"
        " WHERE officer.code = monthly_score.officer_code) WHERE raw_index IS NOT NULL"
    )
    op.execute("INSERT INTO stale_month (officer_code, month) SELECT officer_code, month FROM monthly_score")
    with _snapshots_set_aside(), op.batch_alter_table("monthly_score") as score:
        score.create_foreign_key(op.f("fk_monthly_score_office_code_office"), "office", ["office_code"], ["code"])
        score.create_check_constraint(
            op.f("ck_monthly_score_office_if_rated"), "(office_code IS NULL) = (raw_index IS NULL)"
        )
        score.create_index(op.f("ix_monthly_score_month_office_code"), ["month", "office_code"])


@contextmanager
def _snapshots_set_aside() -> Iterator[None]:
    """Let go of what refers to the scores while SQLite makes their table anew."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    op.execute("CREATE TABLE snapshot_before AS SELECT * FROM score_snapshot")
    op.execute("DELETE FROM score_snapshot")
    yield
    op.execute("INSERT INTO score_snapshot SELECT * FROM snapshot_before")
    op.drop_table("snapshot_before")


def _noted_and_seen() -> None:
    op.add_column("score_snapshot", sa.Column("seen", sa.JSON(none_as_null=True), nullable=True))
    written = "'[' || ones || ', ' || twos || ', ' || threes || ', ' || fours || ']'"
    if op.get_bind().dialect.name == "postgresql":
        written = f"({written})::json"
    op.execute(f"UPDATE score_snapshot SET seen = {written} WHERE NOT dark")  # noqa: S608
    with op.batch_alter_table("score_snapshot") as snapshot:
        snapshot.alter_column(
            "taken_on", new_column_name="noted_on", existing_type=sa.Date(), existing_nullable=False
        )


def _score_revision() -> None:
    op.create_table(
        "score_revision",
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("region_code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("parameters_revision", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("ones", "twos", "threes", "fours")),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("set_aside", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mean", sa.Float(), nullable=True),
        sa.Column("reliability", sa.Float(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("adjusted_index", "low", "high")),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("window_score", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(REASONS, name=op.f("ck_score_revision_reason_known")),
        sa.CheckConstraint(
            "status IN ('final', 'provisional', 'insufficient')", name=op.f("ck_score_revision_status_known")
        ),
        sa.CheckConstraint(
            "ones >= 0 AND twos >= 0 AND threes >= 0 AND fours >= 0", name=op.f("ck_score_revision_tally_positive")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_score_revision_revision_positive")),
        sa.CheckConstraint("adjusted_index BETWEEN low AND high", name=op.f("ck_score_revision_index_in_interval")),
        sa.CheckConstraint("low >= 2500 AND high <= 10000", name=op.f("ck_score_revision_interval_on_scale")),
        sa.CheckConstraint(
            "(adjusted_index IS NULL) = (reliability IS NULL)", name=op.f("ck_score_revision_index_with_reliability")
        ),
        sa.ForeignKeyConstraint(
            ["officer_code"], ["officer.code"], name=op.f("fk_score_revision_officer_code_officer")
        ),
        sa.ForeignKeyConstraint(
            ["region_code", "kind", "month", "parameters_revision"],
            [
                "group_parameters.region_code",
                "group_parameters.kind",
                "group_parameters.month",
                "group_parameters.revision",
            ],
            name=op.f("fk_score_revision_region_code_group_parameters"),
        ),
        sa.PrimaryKeyConstraint("officer_code", "month", "revision", name=op.f("pk_score_revision")),
    )
    op.create_index(
        op.f("ix_score_revision_region_code_kind_month"), "score_revision", ["region_code", "kind", "month"]
    )


def _group() -> list[sa.Column[str]]:
    return [
        sa.Column("region_code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
    ]


def _never_changed(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_{table}_change() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_stands_{act.lower()} BEFORE {act} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: closed months cannot be taken back")
