"""Accounts with roles and second steps, sign-ins, the audit trail, moves, and what can be closed."""

import sqlalchemy as sa
from alembic import op

from shared.db.types import UtcDateTime

revision = "0002_people_and_set_up"
down_revision = "0001_main_path"
branch_labels = None
depends_on = None

REFUSED = "the audit trail is never altered"


def upgrade() -> None:
    _places()
    _accounts()
    _audit()


def _places() -> None:
    parent = sa.ForeignKey("office.code", name=op.f("fk_office_parent_code_office"))
    op.add_column(
        "office", sa.Column("parent_code", sa.String(length=32), parent, nullable=True), inline_references=True
    )
    op.add_column("office", sa.Column("opening_hours", sa.JSON(none_as_null=True), nullable=True))
    for table in ("office", "counter", "service"):
        op.add_column(table, sa.Column("closed_on", sa.Date(), nullable=True))
    op.add_column("officer", sa.Column("nip_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("officer", sa.Column("nip_hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column("officer", sa.Column("left_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_officer_nip_hash"), "officer", ["nip_hash"], unique=True)
    op.create_table(
        "move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("from_office_code", sa.String(length=32), nullable=False),
        sa.Column("to_office_code", sa.String(length=32), nullable=False),
        sa.Column("moves_on", sa.Date(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.CheckConstraint("from_office_code <> to_office_code", name=op.f("ck_move_elsewhere")),
        sa.ForeignKeyConstraint(["from_office_code"], ["office.code"], name=op.f("fk_move_from_office_code_office")),
        sa.ForeignKeyConstraint(["officer_code"], ["officer.code"], name=op.f("fk_move_officer_code_officer")),
        sa.ForeignKeyConstraint(["to_office_code"], ["office.code"], name=op.f("fk_move_to_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
        sa.UniqueConstraint("officer_code", "moves_on", name=op.f("uq_move_officer_code_moves_on")),
    )


def _accounts() -> None:
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("name", sa.String(length=120), nullable=True))
        account.add_column(sa.Column("office_code", sa.String(length=32), nullable=True))
        account.add_column(sa.Column("region_code", sa.String(length=32), nullable=True))
        account.add_column(sa.Column("tf_primary_method", sa.String(length=16), nullable=True))
        account.add_column(sa.Column("tf_totp_secret", sa.String(length=255), nullable=True))
        account.add_column(sa.Column("totp_counter", sa.BigInteger(), nullable=True))
        account.add_column(sa.Column("mf_recovery_codes", sa.JSON(none_as_null=True), nullable=True))
        account.add_column(sa.Column("activation_hash", sa.LargeBinary(length=32), nullable=True))
        account.add_column(sa.Column("activation_expires_at", UtcDateTime(), nullable=True))
    account_table = sa.table("account", sa.column("name"), sa.column("username"))
    op.execute(account_table.update().values(name=account_table.c.username))
    with op.batch_alter_table("account") as account:
        account.alter_column("name", existing_type=sa.String(length=120), nullable=False)
        account.alter_column("password", existing_type=sa.String(length=255), nullable=True)
        account.create_unique_constraint(op.f("uq_account_activation_hash"), ["activation_hash"])
        account.create_foreign_key(op.f("fk_account_office_code_office"), "office", ["office_code"], ["code"])
        account.create_foreign_key(op.f("fk_account_region_code_region"), "region", ["region_code"], ["code"])
        account.drop_constraint(op.f("ck_account_officer_named"), type_="check")
        for column, role in (("officer", "officer"), ("office", "supervisor"), ("region", "agency")):
            account.create_check_constraint(
                op.f(f"ck_account_{column}_named"), f"(role = '{role}') = ({column}_code IS NOT NULL)"
            )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_secret_hash")),
    )
    op.create_index(op.f("ix_sign_in_account_id_ended_at"), "sign_in", ["account_id", "ended_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    for columns in (["actor"], ["at"], ["subject_kind", "subject"]):
        op.create_index(op.f(f"ix_audit_{'_'.join(columns)}"), "audit", columns)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_stands_{act.lower()} BEFORE {act} ON audit"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def downgrade() -> None:
    raise NotImplementedError("restore the backup made before the upgrade: the trail cannot be taken back")
