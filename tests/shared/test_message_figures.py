"""A month of messages: counted for its office, in steps of five, and answers only when nothing moves any more."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from shared.db.asked import note_answer
from shared.db.engine import reading, writing
from shared.db.message_figures import answered_by_hour
from shared.db.message_tables import ConsentRow
from shared.domain.failures import Cause, cause_of
from shared.domain.months import Month
from shared.domain.outreach import MessageState, Purpose
from shared.domain.ratings import Channel
from shared.message_figures import Fate, MonthOfMessages, month_of_messages
from shared.phones import Phones
from shared.privacy import told_count, told_share
from shared.services import Services
from sms.gateways.codes import LATER as MAY_HELP_LATER
from sms.gateways.codes import OUTSIDE, REFUSED
from tests.cast import ASHA, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock
from tests.messages import let_refuse
from tests.sent import MORNING, sent
from tests.shell import Shell

NOVEMBER = Month(2026, 11)
AFTERNOON = MORNING + timedelta(hours=5)
LATER = datetime(2026, 12, 20, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def november(services: Services) -> MonthOfMessages:
    return month_of_messages(services.directory.current().offices[OFFICE], NOVEMBER, services)


def hours(told: Mapping[int, int]) -> dict[int, int | None]:
    """Return every hour at which people are asked, with what is told of some."""
    return {hour: told.get(hour) for hour in range(8, 20)}


def test_a_month_says_what_became_of_its_messages_and_what_they_cost(
    services: Services, clock: SettableClock
) -> None:
    clock.moment = LATER
    sent(services, 23, answers=11)
    sent(services, 7, channel="whatsapp", cost=360)
    sent(services, 6, purpose="reminder", cost=800, segments=2)
    sent(services, 5, state="unconfirmed")
    sent(services, 8, state="failed", error_code="30005")
    sent(services, 5, state="failed", error_code="unreachable", sent_at=None, cost=None)
    sent(services, 5, state="withheld", sent_at=None, cost=None)
    sent(services, 4, state="expired", sent_at=None, cost=None)
    sent(services, 30, office_code=OTHER_OFFICE)
    sent(services, 30, at=MORNING - timedelta(days=31))
    sent(services, 30, at=MORNING + timedelta(days=31))
    found = november(services)
    assert found.sent == 45, "49 left"
    assert found.fates == {
        Fate.DELIVERED: 35, Fate.ON_ITS_WAY: None, Fate.UNCONFIRMED: 5, Fate.WAITING: None, Fate.FAILED: 10,
        Fate.NOT_SENT: 5,
    }  # fmt: skip
    assert found.causes == {Cause.NO_SUCH_NUMBER: 5, Cause.PROVIDER_AWAY: 5, Cause.NOT_NEEDED: 5}
    assert found.ways == {
        Purpose.INVITATION: {Channel.SMS: 35, Channel.WHATSAPP: 5},
        Purpose.REMINDER: {Channel.SMS: 5, Channel.WHATSAPP: None},
    }
    sms, whatsapp = 23 * 400 + 6 * 800 + 13 * 400, 7 * 360
    assert found.costs == {Channel.SMS: sms - sms % 2000, Channel.WHATSAPP: whatsapp - whatsapp % 2000}
    assert found.cost == (sms + whatsapp) - (sms + whatsapp) % 2000 == 20000
    assert (found.answered, found.per_message, found.per_answer) == (10, 444, 2000)


def test_what_is_written_today_is_told_tomorrow(services: Services, clock: SettableClock) -> None:
    clock.moment = NOON
    midnight = datetime(2026, 11, 17, 17, tzinfo=UTC)  # in Sawahlunto
    sent(services, 5, at=midnight - timedelta(seconds=1))
    sent(services, 20, at=midnight)
    assert november(services).sent == 5
    clock.advance(hours=11, minutes=59)
    assert november(services).sent == 5
    clock.advance(minutes=1)
    assert november(services).sent == 25


def test_one_message_more_or_less_is_not_seen_and_nobody_is_a_few(services: Services, clock: SettableClock) -> None:
    clock.moment = LATER
    nothing = november(services)
    assert nothing.sent is nothing.cost is None
    assert {*nothing.fates.values()} == {None}
    sent(services, 4)
    assert november(services) == nothing, "four look like none"
    sent(services, 5, answers=2)
    before = november(services)
    assert before.sent == before.ways[Purpose.INVITATION][Channel.SMS] == 5
    assert before.cost == 2000
    for state in ("failed", "unconfirmed", "sent"):
        sent(services, 1, at=MORNING - timedelta(days=40), state=state)
    assert november(services) == before, "of another month"
    sent(services, 1, purpose="reminder", state="withheld", sent_at=None, cost=None)
    assert november(services) == before, "one who has answered, or refused, is not reminded"


def test_answers_are_told_when_the_last_invitation_is_over_and_not_before(
    services: Services, clock: SettableClock
) -> None:
    invitations = sent(services, 30, answers=9)
    clock.moment = datetime(2026, 12, 8, 16, 59, tzinfo=UTC)
    before = november(services)
    with writing(services.engine) as session:
        for invitation in invitations[9:14]:
            note_answer(session, invitation, ASHA)
    assert november(services) == before, "not even five at once"
    assert (before.answers_known, before.answered, before.per_answer, before.hours) == (False, None, None, {})
    clock.advance(minutes=1)  # midnight in Sawahlunto
    after = november(services)
    assert after.answers_told_on == clock.moment
    assert (after.answers_known, after.answered, after.hours) == (True, 10, hours({9: 5}))
    with reading(services.engine) as session:
        first, end = NOVEMBER.bounds(after.office.timezone)
        assert answered_by_hour(session, OFFICE, first, end) == {2: (30, 14)}


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "answers", "told"),
    [
        pytest.param(10, 4, None, id="four answered"),
        pytest.param(9, 5, None, id="four did not"),
        pytest.param(5, 5, None, id="everybody did"),
        pytest.param(40, 0, None, id="nobody did"),
        pytest.param(10, 5, 5, id="five and five"),
    ],
)
def test_that_all_nobody_or_a_few_answered_is_not_told(
    services: Services, clock: SettableClock, asked: int, answers: int, told: int | None
) -> None:
    clock.moment = LATER
    sent(services, asked, answers=answers)
    found = november(services)
    assert found.answered == told
    assert found.hours == ({} if told is None else hours({9: 5}))


def test_hours_are_those_of_the_office_and_each_keeps_the_rule(services: Services, clock: SettableClock) -> None:
    clock.moment = LATER
    sent(services, 20, answers=5)
    sent(services, 30, at=AFTERNOON, answers=20)
    sent(services, 6, at=AFTERNOON + timedelta(hours=1), answers=3)
    sent(services, 9, at=AFTERNOON, purpose="reminder", answers=9)
    assert november(services).hours == hours({9: 3, 14: 7})


def test_who_wants_no_messages_any_more_counts_where_they_had_agreed(
    services: Services, clock: SettableClock
) -> None:
    phones = [f"+62812700010{number:02}" for number in range(12)]
    clock.moment = MORNING
    refuse(services, phones[:6], OFFICE)
    refuse(services, phones[6:8], OTHER_OFFICE)
    let_refuse(services, phones[8])
    clock.moment = NOON
    assert november(services).opted_out == 5
    clock.moment = MORNING - timedelta(days=31)
    refuse(services, phones[9:], OFFICE)
    clock.moment = LATER
    assert november(services).opted_out == 5, "six of this office, in this month"


def refuse(services: Services, phones: Iterable[str], office: str) -> None:
    """Let people agree at an office to be asked, twice each, and then want no messages any more."""
    for phone in phones:
        let_refuse(services, phone)
        person = Phones.of(services.settings).hash(phone)
        with writing(services.engine) as session:
            session.add_all(
                ConsentRow(
                    phone_hash=person, office_code=office, wording="1", source="front_desk", told_by="atasan",
                    given_at=services.clock(),
                )
                for _ in range(2)
            )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "code", "cause"),
    [
        pytest.param("failed", "30005", Cause.NO_SUCH_NUMBER, id="no such number"),
        pytest.param("failed", "30003", Cause.SWITCHED_OFF, id="off"),
        pytest.param("withheld", "21610", Cause.REFUSED, id="refused at the network"),
        pytest.param("failed", "63016", Cause.NOT_ON_WHATSAPP, id="outside the day of WhatsApp"),
        pytest.param("failed", "30007", Cause.BLOCKED, id="filtered"),
        pytest.param("expired", "unreachable", Cause.PROVIDER_AWAY, id="nobody there until it was too late"),
        pytest.param("expired", None, Cause.TOO_LATE, id="too late"),
        pytest.param("withheld", None, Cause.NOT_NEEDED, id="withheld"),
        pytest.param("failed", "99999", Cause.OTHER, id="a code nobody knows"),
        pytest.param("failed", None, Cause.OTHER, id="no code"),
        pytest.param("delivered", "30003", None, id="arrived after all"),
        pytest.param("waiting", "30003", None, id="may still arrive"),
    ],
)
def test_a_cause_is_told_of_what_will_not_arrive(state: str, code: str | None, cause: Cause | None) -> None:
    assert cause_of(MessageState(state), code) is cause


def test_every_code_that_is_acted_upon_has_a_cause_in_words() -> None:
    for code in REFUSED | OUTSIDE | MAY_HELP_LATER:
        assert cause_of(MessageState.FAILED, code) not in {None, Cause.OTHER}, code


@pytest.mark.parametrize(("count", "told"), [(0, None), (1, None), (4, None), (5, 5), (9, 5), (10, 10), (1234, 1230)])
def test_a_count_is_told_in_steps_of_five(count: int, told: int | None) -> None:
    assert told_count(count) == told


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(4, 40, None), (5, 9, None), (5, 10, 5), (5, 20, 3), (5, 100, 1), (95, 100, 10)]
)
def test_a_share_is_told_in_tenths_of_five_and_five(part: int, whole: int, told: int | None) -> None:
    assert told_share(part, whole) == told


@on_sqlite
def test_no_message_of_another_month_or_office_is_read(services: Services, clock: SettableClock) -> None:
    clock.moment = LATER
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append((statement, values))

    office = services.directory.current().offices[OFFICE]
    event.listen(services.engine, "before_cursor_execute", note)
    month_of_messages(office, NOVEMBER, services)
    event.remove(services.engine, "before_cursor_execute", note)
    queries = [(statement, values) for statement, values in asked if statement.startswith("SELECT")]
    with services.engine.connect() as connection:
        plans = [
            " ".join(step[3] for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
            for statement, values in queries
        ]
    assert len(plans) == 3
    assert "SCAN" not in " ".join(plans)
    assert [plan.count("ix_message_office_code_created_at") for plan in plans] == [1, 0, 1]
    assert "ix_contact_refused_at" in plans[1]


def test_the_command_prints_the_same(services: Services, suara: Shell) -> None:
    sent(services, 23, at=datetime(2026, 9, 10, 2, tzinfo=UTC), answers=11)
    printed = suara.printed("messages", "--office", OFFICE.lower(), "--month", "2026-09")
    for words in ("September 2026: sekitar 20 pesan", "Rp 8.000", "Sekitar 10 undangan", "Rp 800", "5 dari 10"):
        assert words in printed, printed
    assert "kurang dari lima pesan" in suara.printed("messages", "--office", OFFICE, "--month", "2026-08")
    assert "GONE" in suara.refusal("messages", "--office", "GONE", "--month", "2026-09")
    assert "2026-13" in suara.refusal("messages", "--office", OFFICE, "--month", "2026-13")
