"""Tables of the main path."""

import sqlalchemy as sa
from alembic import op

from shared.db.types import UtcDateTime

revision = "0001_main_path"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("rating_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("quarantined_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('unreadable', 'same_id_other_content', 'rejected_by_database')",
            name=op.f("ck_quarantine_reason_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_quarantine_fingerprint")),
    )
    directory_version = op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_directory_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_version")),
    )
    op.bulk_insert(directory_version, [{"id": 1, "version": 0}])
    op.create_table(
        "rater_secret",
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_rater_secret")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_table(
        "office",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("region_code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('dukcapil', 'puskesmas', 'school', 'other')", name=op.f("ck_office_kind_known")),
        sa.CheckConstraint("population >= 0", name=op.f("ck_office_population_positive")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_office_region_code_region")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_office")),
    )
    op.create_table(
        "counter",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_counter_office_code_office")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_counter")),
        sa.UniqueConstraint("office_code", "code", name=op.f("uq_counter_office_code_code")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_import_batch_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "officer",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_officer_office_code_office")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_officer")),
    )
    op.create_table(
        "service",
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_service_office_code_office")),
        sa.PrimaryKeyConstraint("office_code", "code", name=op.f("pk_service")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("officer_code", sa.String(length=32), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("role <> 'officer' OR officer_code IS NOT NULL", name=op.f("ck_account_officer_named")),
        sa.CheckConstraint(
            "role IN ('officer', 'supervisor', 'agency', 'administrator', 'auditor')",
            name=op.f("ck_account_role_known"),
        ),
        sa.ForeignKeyConstraint(["officer_code"], ["officer.code"], name=op.f("fk_account_officer_code_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
        sa.UniqueConstraint("officer_code", name=op.f("uq_account_officer_code")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("counter_code", sa.String(length=32), nullable=True),
        sa.Column("enrolment_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("enrolment_expires_at", UtcDateTime(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("enrolled_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(token_hash IS NULL) = (enrolled_at IS NULL)", name=op.f("ck_kiosk_enrolled_has_token")),
        sa.ForeignKeyConstraint(
            ["office_code", "counter_code"],
            ["counter.office_code", "counter.code"],
            name=op.f("fk_kiosk_office_code_counter_code_counter"),
        ),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_kiosk_office_code_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("enrolment_hash", name=op.f("uq_kiosk_enrolment_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_token_hash")),
    )
    op.create_table(
        "monthly_score",
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("ones", sa.Integer(), nullable=False),
        sa.Column("twos", sa.Integer(), nullable=False),
        sa.Column("threes", sa.Integer(), nullable=False),
        sa.Column("fours", sa.Integer(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("raw_index", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("computed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(raw_index IS NULL) = (ones + twos + threes + fours = 0)",
            name=op.f("ck_monthly_score_raw_index_if_rated"),
        ),
        sa.CheckConstraint(
            "ones >= 0 AND twos >= 0 AND threes >= 0 AND fours >= 0",
            name=op.f("ck_monthly_score_tally_positive"),
        ),
        sa.CheckConstraint("raw_index BETWEEN 2500 AND 10000", name=op.f("ck_monthly_score_raw_index_range")),
        sa.ForeignKeyConstraint(
            ["officer_code"], ["officer.code"], name=op.f("fk_monthly_score_officer_code_officer")
        ),
        sa.PrimaryKeyConstraint("officer_code", "month", name=op.f("pk_monthly_score")),
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("counter_code", sa.String(length=32), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_posting_forward")),
        sa.ForeignKeyConstraint(["counter_code"], ["counter.code"], name=op.f("fk_posting_counter_code_counter")),
        sa.ForeignKeyConstraint(["officer_code"], ["officer.code"], name=op.f("fk_posting_officer_code_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint(
            "officer_code",
            "counter_code",
            "starts_at",
            name=op.f("uq_posting_officer_code_counter_code_starts_at"),
        ),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_counter_code_ends_at"), ["counter_code", "ends_at"], unique=False
        )

    op.create_table(
        "stale_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(["officer_code"], ["officer.code"], name=op.f("fk_stale_month_officer_code_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stale_month")),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("officer_code", sa.String(length=32), nullable=True),
        sa.Column("counter_code", sa.String(length=32), nullable=True),
        sa.Column("service_code", sa.String(length=32), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("overall", sa.SmallInteger(), nullable=True),
        sa.Column("persyaratan", sa.SmallInteger(), nullable=True),
        sa.Column("prosedur", sa.SmallInteger(), nullable=True),
        sa.Column("waktu", sa.SmallInteger(), nullable=True),
        sa.Column("biaya", sa.SmallInteger(), nullable=True),
        sa.Column("produk", sa.SmallInteger(), nullable=True),
        sa.Column("kompetensi", sa.SmallInteger(), nullable=True),
        sa.Column("perilaku", sa.SmallInteger(), nullable=True),
        sa.Column("pengaduan", sa.SmallInteger(), nullable=True),
        sa.Column("sarana", sa.SmallInteger(), nullable=True),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("comment", sa.String(length=500), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("clock_shift", sa.Integer(), nullable=False),
        sa.Column("picked", sa.Boolean(), nullable=False),
        sa.Column("kiosk_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("import_batch_id", sa.Uuid(), nullable=True),
        sa.Column("import_row", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(length=16), nullable=True),
        sa.Column("age_band", sa.String(length=16), nullable=True),
        sa.Column("education", sa.String(length=16), nullable=True),
        sa.Column("occupation", sa.String(length=16), nullable=True),
        sa.Column("rater_key", sa.String(length=32), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "age_band IN ('under_18', '18_29', '30_39', '40_49', '50_59', '60_up')",
            name=op.f("ck_rating_age_band_known"),
        ),
        sa.CheckConstraint(
            "channel IN ('kiosk', 'sms', 'whatsapp', 'link', 'paper')", name=op.f("ck_rating_channel_known")
        ),
        sa.CheckConstraint(
            "education IN ('sd', 'smp', 'sma', 'diploma', 's1', 's2', 's3')",
            name=op.f("ck_rating_education_known"),
        ),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_rating_language_known")),
        sa.CheckConstraint(
            "occupation IN ('pns', 'tni', 'polri', 'swasta', 'wirausaha', 'pelajar', 'lainnya')",
            name=op.f("ck_rating_occupation_known"),
        ),
        sa.CheckConstraint("sex IN ('male', 'female')", name=op.f("ck_rating_sex_known")),
        sa.CheckConstraint("biaya BETWEEN 1 AND 4", name=op.f("ck_rating_biaya_range")),
        sa.CheckConstraint(
            "coalesce(overall, persyaratan, prosedur, waktu, biaya, produk, kompetensi, perilaku, pengaduan, sarana) IS NOT NULL",
            name=op.f("ck_rating_answers_something"),
        ),
        sa.CheckConstraint("kompetensi BETWEEN 1 AND 4", name=op.f("ck_rating_kompetensi_range")),
        sa.CheckConstraint("length(comment) <= 500", name=op.f("ck_rating_comment_length")),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_rating_month_written")),
        sa.CheckConstraint("overall BETWEEN 1 AND 4", name=op.f("ck_rating_overall_range")),
        sa.CheckConstraint(
            "overall IS NULL OR officer_code IS NOT NULL", name=op.f("ck_rating_overall_rates_somebody")
        ),
        sa.CheckConstraint("pengaduan BETWEEN 1 AND 4", name=op.f("ck_rating_pengaduan_range")),
        sa.CheckConstraint("perilaku BETWEEN 1 AND 4", name=op.f("ck_rating_perilaku_range")),
        sa.CheckConstraint("persyaratan BETWEEN 1 AND 4", name=op.f("ck_rating_persyaratan_range")),
        sa.CheckConstraint("produk BETWEEN 1 AND 4", name=op.f("ck_rating_produk_range")),
        sa.CheckConstraint("prosedur BETWEEN 1 AND 4", name=op.f("ck_rating_prosedur_range")),
        sa.CheckConstraint("sarana BETWEEN 1 AND 4", name=op.f("ck_rating_sarana_range")),
        sa.CheckConstraint("waktu BETWEEN 1 AND 4", name=op.f("ck_rating_waktu_range")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_rating_import_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_rating_kiosk_id_kiosk")),
        sa.ForeignKeyConstraint(
            ["office_code", "counter_code"],
            ["counter.office_code", "counter.code"],
            name=op.f("fk_rating_office_code_counter_code_counter"),
        ),
        sa.ForeignKeyConstraint(
            ["office_code", "service_code"],
            ["service.office_code", "service.code"],
            name=op.f("fk_rating_office_code_service_code_service"),
        ),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name=op.f("fk_rating_office_code_office")),
        sa.ForeignKeyConstraint(["officer_code"], ["officer.code"], name=op.f("fk_rating_officer_code_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_office_code_month"), ["office_code", "month"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_officer_code_month"), ["officer_code", "month"], unique=False)

    op.create_table(
        "score_snapshot",
        sa.Column("officer_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("ones", sa.Integer(), nullable=False),
        sa.Column("twos", sa.Integer(), nullable=False),
        sa.Column("threes", sa.Integer(), nullable=False),
        sa.Column("fours", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "ones >= 0 AND twos >= 0 AND threes >= 0 AND fours >= 0",
            name=op.f("ck_score_snapshot_tally_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_code", "month"],
            ["monthly_score.officer_code", "monthly_score.month"],
            name=op.f("fk_score_snapshot_officer_code_month_monthly_score"),
        ),
        sa.PrimaryKeyConstraint("officer_code", "month", name=op.f("pk_score_snapshot")),
    )


def downgrade() -> None:
    op.drop_table("score_snapshot")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_officer_code_month"))
        batch_op.drop_index(batch_op.f("ix_rating_office_code_month"))

    op.drop_table("rating")
    op.drop_table("stale_month")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_counter_code_ends_at"))

    op.drop_table("posting")
    op.drop_table("monthly_score")
    op.drop_table("kiosk")
    op.drop_table("account")
    op.drop_table("service")
    op.drop_table("officer")
    op.drop_table("import_batch")
    op.drop_table("counter")
    op.drop_table("office")
    op.drop_table("region")
    op.drop_table("directory_version")
    op.drop_table("rater_secret")
    op.drop_table("quarantine")
