"""Two doors, one promise."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from shared import intake, stream
from shared.db.quarantine import quarantined
from shared.db.tables import RatingRow, StaleMonthRow
from shared.domain.errors import IntakeRefused, IntakeUnavailable, QuarantineReason, RefusalCode
from shared.services import Services
from tests.cast import DEV
from tests.factories import NOON, a_rating
from tests.kiosk.conftest import bring_to_the_page


@pytest.fixture
def without_redis(services: Services) -> Iterator[Services]:
    away = Services.of(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), services.clock)
    yield away
    away.close()


def count(session: Session, table: type[RatingRow] | type[StaleMonthRow]) -> int:
    return session.scalars(select(func.count()).select_from(table)).one()


def test_an_accepted_rating_is_on_the_stream_before_accept_returns(services: Services) -> None:
    intake.accept([a_rating(), a_rating()], services)
    assert stream.length(services.redis) == 2


def test_the_second_door_records_and_marks_the_month(without_redis: Services, session: Session) -> None:
    rating = a_rating()
    intake.accept([rating], without_redis)
    intake.accept([rating], without_redis)
    assert (count(session, RatingRow), count(session, StaleMonthRow)) == (1, 1)


def test_what_came_through_both_doors_counts_once(
    services: Services, without_redis: Services, session: Session
) -> None:
    rating = a_rating()
    intake.accept([rating], services)
    intake.accept([rating], without_redis)
    bring_to_the_page(services)
    assert count(session, RatingRow) == 1


def test_with_both_doors_shut_it_says_try_again(without_redis: Services) -> None:
    shut = Services.of(
        without_redis.settings.model_copy(
            update={
                "database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none",
                "redis_url": "unix:///nowhere.sock",
            }
        ),
        without_redis.clock,
    )
    with pytest.raises(IntakeUnavailable):
        intake.accept([a_rating()], shut)
    assert not intake.can_accept(shut)
    shut.close()


def test_at_the_second_door_one_refused_row_stops_nobody(without_redis: Services, session: Session) -> None:
    intake.accept([a_rating(), a_rating(kiosk=999), a_rating(office="GONE", counter=None), a_rating()], without_redis)
    assert count(session, RatingRow) == 2
    assert {entry.reason for entry in quarantined(session)} == {QuarantineReason.REJECTED_BY_DATABASE}


def test_a_redis_that_is_full_is_no_open_door(services: Services) -> None:
    services.redis.config_set("maxmemory", "1")
    try:
        assert intake.can_accept(services), "the database is"
        rating = a_rating()
        intake.accept([rating], services)
        assert stream.length(services.redis) == 0
    finally:
        services.redis.config_set("maxmemory", "0")


def test_nothing_is_asked_of_the_stream_for_no_ratings(without_redis: Services, session: Session) -> None:
    intake.accept([], without_redis)
    assert count(session, RatingRow) == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"overall": None}, RefusalCode.NO_ANSWER),
        ({"officer": None}, RefusalCode.UNKNOWN_OFFICER),
        ({"officer": DEV}, RefusalCode.FOREIGN_OFFICER),
        ({"counter": "NONE"}, RefusalCode.UNKNOWN_COUNTER),
        ({"given_at": NOON.replace(hour=6)}, RefusalCode.GIVEN_IN_FUTURE),
        ({"given_at": NOON.replace(year=2024)}, RefusalCode.GIVEN_TOO_LONG_AGO),
    ],
)
def test_the_check_names_what_is_wrong(services: Services, change: dict[str, object], code: RefusalCode) -> None:
    with pytest.raises(IntakeRefused) as refusal:
        intake.check(a_rating(**change), services.directory.current())
    assert refusal.value.code is code


def test_an_old_paper_form_is_welcome(services: Services) -> None:
    batch = "00000000-0000-4000-8000-000000000000"
    form = a_rating(
        import_batch=batch,
        given_at=NOON.replace(year=2019),
        channel="paper",
        officer=None,
        overall=None,
        elements={"WAKTU": 3},
    )
    intake.check(form, services.directory.current())
