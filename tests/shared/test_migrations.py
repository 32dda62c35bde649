"""An upgrade keeps what the earlier version had written, and what it meant."""

import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from shared.db import schema
from shared.db.engine import WRITES, make_engine
from tests.servers import database_in, run_sql

BATCH = "0f8fad5bd9cb469fa16570867728950e"
BEFORE = (
    "INSERT INTO region (code, name, demo) VALUES ('R', 'R', false)",
    "INSERT INTO office (code, region_code, name, kind, timezone) VALUES ('O', 'R', 'O', 'other', 'Asia/Jakarta')",
    f"INSERT INTO import_batch VALUES ('{BATCH}', 'O', 'lama.csv', '2026-01-02 03:04:05+00')",
    "INSERT INTO rating (id, office_code, month, waktu, channel, language, given_at, accepted_at, recorded_at,"
    " clock_shift, picked, import_batch_id, digest) VALUES ('7c9e6679742540de944be07fc1f90ae7', 'O', '2026-01', 4,"
    " 'paper', 'id', '2026-01-02 03:04:05+00', '2026-01-02 03:04:05+00', '2026-01-02 03:04:05+00', 0, false,"
    f" '{BATCH}', 'x')",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give a database in which nothing was ever made."""
    if request.param == "sqlite":
        yield make_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}")
        return
    server, name = request.getfixturevalue("postgresql"), f"t{uuid.uuid4().hex}"
    run_sql(server, f"CREATE DATABASE {name}")
    yield make_engine(database_in(server, name).replace("postgresql://", "postgresql+psycopg://"))
    run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")


def upgraded_from(engine: Engine, revision: str, statements: tuple[str, ...]) -> None:
    """Make the database of an earlier revision, write into it as its version did, and upgrade it."""
    config = schema._config()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in statements:
            connection.execute(text(statement))
    schema.upgrade(engine)


def test_earlier_imports_are_ratings_that_the_operator_confirmed(empty: Engine) -> None:
    upgraded_from(empty, "0002_people_and_set_up", BEFORE)
    with empty.begin() as connection:
        found = connection.execute(
            text(
                "SELECT kind, state, uploaded_by, confirmed_by, confirmed_at = imported_at, done_rows, file_name"
                " FROM import_batch JOIN rating ON import_batch.id = rating.import_batch_id"
            )
        ).all()
        assert [tuple(row) for row in found] == [("ratings", "done", "suara", "suara", True, 0, "lama.csv")]
    schema.check(empty)
    empty.dispose()


SEEN = (
    BEFORE[0],
    BEFORE[1],
    "INSERT INTO officer (code, name, office_code) VALUES ('P1', 'Petugas', 'O')",
    "INSERT INTO monthly_score (officer_code, month, ones, twos, threes, fours, channels, raw_index, method,"
    " computed_at)"
    " VALUES ('P1', '2026-09', 0, 0, 0, 8, '{}', 10000, 'raw', '2026-10-01 00:00:00+00')",
    "INSERT INTO score_snapshot VALUES ('P1', '2026-09', 0, 0, 0, 6, '2026-09-30', false)",
)


def test_what_was_seen_of_a_month_is_seen_after_the_upgrade_to_closings(empty: Engine) -> None:
    upgraded_from(empty, "0004_snapshots_and_lists", SEEN)
    with empty.begin() as connection:
        seen = connection.execute(text("SELECT fours, CAST(seen AS TEXT), dark FROM score_snapshot")).one()
        assert tuple(seen) == (6, "[0, 0, 0, 6]", False)
        assert connection.execute(text("SELECT office_code FROM monthly_score")).scalar_one() == "O"
        assert connection.execute(text("SELECT count(*) FROM stale_month")).scalar_one() == 1
    schema.check(empty)
    empty.dispose()


REVIEWED = (
    *BEFORE[:2],
    "INSERT INTO officer (code, name, office_code) VALUES ('P1', 'Petugas', 'O')",
    "INSERT INTO rating (id, office_code, officer_code, month, overall, channel, language, given_at, accepted_at,"
    " recorded_at, clock_shift, picked, digest) VALUES ('7c9e6679742540de944be07fc1f90ae7', 'O', 'P1', '2026-09', 4,"
    " 'sms', 'id', '2026-09-02 03:04:05+00', '2026-09-02 03:04:05+00', '2026-09-02 03:04:05+00', 0, false, 'x')",
    "INSERT INTO review (id, officer_code, month, office_code, ground, raised_at, words)"
    " VALUES (1, 'P1', '2026-09', 'O', 'objection', '2026-10-07 00:00:00+00', 'x')",
    "INSERT INTO reviewed_rating (review_id, rating_id) VALUES (1, '7c9e6679742540de944be07fc1f90ae7')",
)


def test_ratings_and_what_refers_to_them_outlive_the_upgrade_to_additional_elements(empty: Engine) -> None:
    upgraded_from(empty, "0008_objections_to_comments", REVIEWED)
    with empty.begin() as connection:
        found = connection.execute(text("SELECT overall, extras FROM rating JOIN reviewed_rating ON rating_id = id"))
        assert [tuple(row) for row in found] == [(4, None)]
    for given, fits in (("NULL", False), ("'{\"U10\": 3}'", True)):
        with empty.connect() as connection, nullcontext() if fits else pytest.raises(IntegrityError):
            connection.execute(text(f"UPDATE rating SET overall = NULL, extras = {given}"))
    schema.check(empty)
    empty.dispose()


ANSWERED = (
    *BEFORE[:2],
    "INSERT INTO officer (code, name, office_code, own_phone_hash) VALUES ('P1', 'Petugas', 'O', '12345678')",
    "INSERT INTO message (id, purpose, channel, gateway, segments, state, attempts, created_at, due_at, expires_at,"
    " state_at) VALUES ('7c9e6679742540de944be07fc1f90ae7', 'reply', 'sms', 'twilio', 1, 'waiting', 0,"
    " '2026-09-02 03:04:05+00', '2026-09-02 03:04:05+00', '2026-09-02 03:04:05+00', '2026-09-02 03:04:05+00')",
    *(
        "INSERT INTO wish (id, office_code, phone_hash, phone, words, wording, channel, gateway, asked_on,"
        f" message_id) VALUES ('{number}', 'O', '{number[0]}', 'x', 'x', '1', 'sms', 'twilio', '2026-09-01',"
        f" {message})"
        for number, message in (
            ("1c9e6679742540de944be07fc1f90ae7", "'7c9e6679742540de944be07fc1f90ae7'"),
            ("2c9e6679742540de944be07fc1f90ae7", "NULL"),
        )
    ),
)


def test_messages_and_the_wishes_they_answer_outlive_the_upgrade_to_notices(empty: Engine) -> None:
    upgraded_from(empty, "0017_wishes", ANSWERED)
    with empty.begin() as connection:
        answered = connection.execute(
            text("SELECT state FROM wish LEFT JOIN message ON message.id = message_id ORDER BY wish.id")
        )
        assert list(answered.scalars()) == ["waiting", None]
        sealed = connection.execute(text("SELECT own_phone_sealed FROM officer WHERE own_phone_hash IS NOT NULL"))
        assert sealed.scalar_one() is None
        connection.execute(text("UPDATE message SET purpose = 'notice'"))
    for nonsense in (
        "UPDATE message SET purpose = 'x'",
        "UPDATE officer SET own_phone_hash = NULL, own_phone_sealed = 'x'",
    ):
        with empty.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(text(nonsense))
    schema.check(empty)
    empty.dispose()


ENROLLED = (
    BEFORE[0],
    BEFORE[1],
    "INSERT INTO kiosk (name, office_code) VALUES ('Layar 1', 'O'), ('Layar 2', 'O')",
    "INSERT INTO rating (id, office_code, month, waktu, channel, language, given_at, accepted_at, recorded_at,"
    " clock_shift, picked, kiosk_id, digest) VALUES ('7c9e6679742540de944be07fc1f90ae7', 'O', '2026-01', 4, 'kiosk',"
    " 'id', '2026-01-02 03:04:05+00', '2026-01-02 03:04:05+00', '2026-01-02 03:04:05+00', 0, false, 1, 'x')",
)


def test_every_kiosk_there_is_gets_a_pin_and_the_usual_settings(empty: Engine) -> None:
    upgraded_from(empty, "0008_objections_to_comments", ENROLLED)
    with empty.begin() as connection:
        found = connection.execute(text("SELECT pin, press_interval, idle_seconds FROM kiosk")).all()
        assert [(pin.isdigit(), len(pin), *rest) for pin, *rest in found] == [(True, 6, 10, 15)] * 2
        assert connection.execute(text("SELECT kiosk_id FROM rating")).scalar_one() == 1
    schema.check(empty)
    empty.dispose()
