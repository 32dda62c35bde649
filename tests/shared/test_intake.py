"""Two doors, one promise."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from shared import intake, stream
from shared.db.quarantine import quarantined
from shared.db.tables import RatingRow, StaleMonthRow
from shared.domain.errors import IntakeRefused, IntakeUnavailable, QuarantineReason, RefusalCode
from shared.domain.people import Directory
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


@contextmanager
def a_full_disk() -> Iterator[None]:
    """Let no file grow, as when the disk has no room left."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_with_redis_away_and_the_disk_full_it_does_not_say_that_it_accepts(without_redis: Services) -> None:
    assert intake.can_accept(without_redis)
    with a_full_disk():
        with pytest.raises(IntakeUnavailable):
            intake.accept([a_rating()], without_redis)
        said = intake.can_accept(without_redis)
    assert not said
    assert intake.can_accept(without_redis)


def test_asking_whether_it_accepts_leaves_nothing_behind(without_redis: Services, session: Session) -> None:
    assert intake.can_accept(without_redis)
    assert (quarantined(session), count(session, RatingRow)) == ([], 0)


def rename(services: Services, table: str, name: str) -> None:
    with services.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")


class TestADatabaseThatIsAway:
    """The directory is then the last one: who is unknown to it may be known by now."""

    @pytest.fixture
    def stale(self, services: Services) -> Directory:
        services.directory.current()
        rename(services, "directory_version", "away")
        services.directory.look_again()
        rename(services, "away", "directory_version")
        return services.directory.current()

    @pytest.mark.parametrize(
        "change", [{"officer": "NEW1"}, {"officer": DEV}, {"counter": "NEW1"}, {"service": "NEW"}], ids=str
    )
    def test_a_rating_it_would_refuse_is_to_be_sent_again(self, stale: Directory, change: dict[str, object]) -> None:
        with pytest.raises(IntakeUnavailable):
            intake.check(a_rating(**change), stale)

    def test_whom_it_knows_is_taken_and_a_wrong_time_is_refused(self, stale: Directory, services: Services) -> None:
        intake.check(a_rating(), stale)
        intake.check(a_rating(), stale.offered(NOON))
        with pytest.raises(IntakeRefused):
            intake.check(a_rating(given_at=NOON.replace(year=2024)), stale)

    def test_once_it_is_back_the_unknown_are_refused_again(self, stale: Directory, services: Services) -> None:
        assert stale.stale
        services.directory.look_again()
        with pytest.raises(IntakeRefused):
            intake.check(a_rating(officer="NEW1"), services.directory.current())

    def test_while_one_thread_waits_for_it_the_others_do_not_trust_what_they_have(
        self, services: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert not services.directory.current().stale
        monkeypatch.setattr("shared.services.STALE_AFTER", 0.0)
        assert services.directory.current().stale
