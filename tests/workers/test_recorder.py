"""From the stream into the database: each rating once, whatever is delivered how often."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from shared import intake, stream
from shared.db.engine import writing
from shared.db.quarantine import quarantined
from shared.db.tables import RatingRow, StaleMonthRow
from shared.domain.errors import QuarantineReason
from shared.services import Services
from tests.cast import ASHA
from tests.factories import a_rating
from workers.recorder import record_batch

AT_ONCE = timedelta(milliseconds=1)


def recorded(session: Session) -> int:
    return session.scalars(select(func.count(col(RatingRow.id)))).one()


@pytest.fixture(autouse=True)
def _group(services: Services) -> None:
    stream.open_group(services.redis)


def test_an_accepted_rating_is_recorded_once_and_leaves_the_stream(services: Services, session: Session) -> None:
    rating = a_rating(comment="Ramah", reasons=["ramah", "cepat"], elements={"WAKTU": 3})
    intake.accept([rating, rating], services)
    assert record_batch(services, "one", AT_ONCE) == 2
    row = session.execute(select(RatingRow)).scalar_one()
    assert (row.id, row.officer_code, row.overall, row.waktu, row.reasons, row.month) == (
        rating.id,
        ASHA,
        4,
        3,
        ["ramah", "cepat"],
        "2026-11",
    )
    assert (row.given_at, row.digest) == (rating.given_at, rating.digest)
    assert stream.length(services.redis) == 0


def test_a_large_batch_that_is_half_known_is_recorded_whole_and_once(services: Services, session: Session) -> None:
    ratings = [a_rating(reasons=["ramah"], sequence=number) for number in range(250)]
    intake.accept(ratings[:120], services)
    assert record_batch(services, "one", AT_ONCE) == 120
    intake.accept(ratings, services)
    assert record_batch(services, "one", AT_ONCE) == 250
    rows = session.execute(select(RatingRow)).scalars()
    assert {row.id: (row.sequence, row.given_at, row.accepted_at, row.reasons, row.digest) for row in rows} == {
        rating.id: (rating.sequence, rating.given_at, rating.accepted_at, ["ramah"], rating.digest)
        for rating in ratings
    }


def test_a_batch_whose_consumer_died_is_taken_over(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake.accept([a_rating() for _ in range(5)], services)
    assert len(stream.claim(services.redis, "dead", 1000, AT_ONCE)) == 5
    assert record_batch(services, "alive", AT_ONCE) == 0, "the dead one's entries are still its own"
    monkeypatch.setattr(stream, "ABANDONED_AFTER", timedelta())
    assert record_batch(services, "alive", AT_ONCE) == 5
    assert recorded(session) == 5


def test_a_death_between_commit_and_acknowledgement_records_nothing_twice(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake.accept([a_rating() for _ in range(4)], services)

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(stream, "finish", die)
        with pytest.raises(SystemExit):
            record_batch(services, "one", AT_ONCE)
    assert record_batch(services, "one", AT_ONCE) == 4
    assert recorded(session) == 4


def test_one_unreadable_entry_goes_to_quarantine_and_blocks_nobody(services: Services, session: Session) -> None:
    intake.accept([a_rating()], services)
    services.redis.xadd(stream.STREAM, {stream.FIELD: b"{broken"})
    intake.accept([a_rating()], services)
    assert record_batch(services, "one", AT_ONCE) == 3
    assert recorded(session) == 2
    assert [(entry.reason, entry.body) for entry in quarantined(session)] == [
        (QuarantineReason.UNREADABLE, b"{broken")
    ]


def test_one_rating_the_database_rejects_does_not_take_its_batch_along(services: Services, session: Session) -> None:
    nobody = a_rating(officer="XX99")
    intake.accept([a_rating(), nobody, a_rating()], services)
    assert record_batch(services, "one", AT_ONCE) == 3
    assert recorded(session) == 2
    assert [entry.reason for entry in quarantined(session)] == [QuarantineReason.REJECTED_BY_DATABASE]


def test_the_same_id_with_other_content_never_replaces_the_first(services: Services, session: Session) -> None:
    first = a_rating(overall=4)
    other = first.model_copy(update={"overall": 1})
    intake.accept([first, other], services)
    record_batch(services, "one", AT_ONCE)
    intake.accept([other, first], services)
    record_batch(services, "one", AT_ONCE)
    assert session.execute(select(col(RatingRow.overall))).scalars().all() == [4]
    assert [(entry.reason, entry.rating_id) for entry in quarantined(session)] == [
        (QuarantineReason.SAME_ID_OTHER_CONTENT, first.id)
    ]


def test_only_touched_months_are_marked_stale_and_in_the_offices_zone(services: Services, session: Session) -> None:
    late_evening_utc = "2026-10-31T17:30:00Z"
    intake.accept(
        [a_rating(given_at=late_evening_utc), a_rating(overall=None, officer=None, elements={"SARANA": 2})], services
    )
    record_batch(services, "one", AT_ONCE)
    marks = session.execute(select(col(StaleMonthRow.officer_code), col(StaleMonthRow.month))).all()
    assert [tuple(mark) for mark in marks] == [(ASHA, "2026-11")], "17:30 UTC is already 00:30 on 1 November in WIB"


def test_a_rating_of_an_unknown_office_or_without_a_body_stops_nobody(services: Services, session: Session) -> None:
    intake.accept([a_rating(), a_rating(office="GONE", counter=None)], services)
    services.redis.xadd(stream.STREAM, {"other": "field"})
    intake.accept([a_rating()], services)
    assert record_batch(services, "one", AT_ONCE) == 4
    assert recorded(session) == 2
    assert {entry.reason for entry in quarantined(session)} == {
        QuarantineReason.REJECTED_BY_DATABASE,
        QuarantineReason.UNREADABLE,
    }


def test_what_a_dead_recorder_left_without_a_body_is_taken_over_too(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.redis.xadd(stream.STREAM, {"other": "field"})
    intake.accept([a_rating()], services)
    stream.claim(services.redis, "dead", 1000, AT_ONCE)
    monkeypatch.setattr(stream, "ABANDONED_AFTER", timedelta())
    assert record_batch(services, "alive", AT_ONCE) == 2
    assert recorded(session) == 1


def test_a_starting_recorder_takes_over_whatever_the_servers_clock_says(services: Services, session: Session) -> None:
    intake.accept([a_rating() for _ in range(3)], services)
    stream.claim(services.redis, "dead", 1000, AT_ONCE)
    stream.take_over(services.redis, "alive", 1000)
    assert record_batch(services, "alive", AT_ONCE) == 3
    assert recorded(session) == 3


def test_with_the_database_away_the_batch_stays_pending(services: Services, session: Session) -> None:
    intake.accept([a_rating()], services)
    with writing(services.engine) as writer:
        writer.connection().exec_driver_sql("ALTER TABLE rating RENAME TO rating_away")
    with pytest.raises(SQLAlchemyError):
        record_batch(services, "one", AT_ONCE)
    with writing(services.engine) as writer:
        writer.connection().exec_driver_sql("ALTER TABLE rating_away RENAME TO rating")
    assert record_batch(services, "one", AT_ONCE) == 1
    assert (recorded(session), quarantined(session)) == (1, [])
