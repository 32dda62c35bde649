"""A phone of the office's own staff: thanked as everybody, recorded, and set aside where it rates its own office."""

import pytest
from sqlalchemy import delete, select
from sqlmodel import Session

from shared import standings, stream
from shared.db.engine import writing
from shared.db.message_tables import InboxRow
from shared.db.people_tables import OfficerRow
from shared.db.tables import QuarantineRow, RatingRow
from shared.domain.months import Month
from shared.domain.screening import SetAside
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA, BILAL, DEV
from tests.factories import NOON
from tests.sms.stage import PHONE, THANKED, Phone, a_form, recorded, without_database

NOVEMBER = Month(2026, 11)


def register(services: Services, officer: str = ASHA, phone: str = PHONE) -> None:
    """Let this be the officer's own phone, as administration registers it."""
    with writing(services.engine) as session:
        session.get_one(OfficerRow, officer).own_phone_hash = Phones.of(services.settings).hash(phone)
    services.directory.look_again()


def set_aside(services: Services, session: Session, officer: str) -> dict[SetAside, int]:
    recorded(services, session)
    standings.refresh(services)
    score = standings.score_of(officer, NOVEMBER, services)
    assert score is not None
    return score.set_aside


@pytest.mark.parametrize(
    ("rated", "aside"),
    [
        pytest.param(ASHA, {SetAside.OWN_PHONE: 1}, id="the officer themself"),
        pytest.param(BILAL, {SetAside.OWN_PHONE: 1}, id="a colleague at the same office"),
        pytest.param(DEV, {}, id="an officer of another office, as any resident may"),
    ],
)
def test_a_rating_from_it_is_thanked_as_always_and_set_aside_at_its_own_office(
    phone: Phone, services: Services, session: Session, rated: str, aside: dict[SetAside, int]
) -> None:
    stranger = Phone(services, "+6281370001234").say(f"NILAI {rated} 4")
    register(services)
    said = phone.say(f"NILAI {rated} 4")
    assert said == stranger
    assert said.startswith(THANKED)
    assert set_aside(services, session, rated) == aside


def test_it_is_marked_with_the_database_away_too(phone: Phone, services: Services, session: Session) -> None:
    phone.say("NILAI PS1 4")  # the month's key is made
    register(services)
    assert Phone(without_database(services)).say(f"NILAI {ASHA} 4").startswith(THANKED)
    assert {row.officer_code: row.own_phone for row in recorded(services, session)} == {ASHA: True, DEV: False}


def test_whoever_has_left_is_a_resident(phone: Phone, services: Services, session: Session) -> None:
    register(services)
    with writing(services.engine) as writer:
        writer.get_one(OfficerRow, ASHA).left_on = NOON.date()
    services.directory.look_again()
    phone.say(f"NILAI {BILAL} 4")
    assert set_aside(services, session, BILAL) == {}


def test_a_message_that_comes_again_after_the_phone_was_registered_is_the_same_rating(
    phone: Phone, services: Services, session: Session
) -> None:
    form = a_form(f"NILAI {ASHA} 4")
    phone.deliver(form)
    recorded(services, session)
    register(services)
    with writing(services.engine) as writer:
        writer.execute(delete(InboxRow))  # as if it had never been written down
    services.redis.flushall()
    stream.open_group(services.redis)
    phone.deliver(form)
    (row,) = recorded(services, session)
    assert row.own_phone is False
    assert session.scalars(select(QuarantineRow)).all() == []


def test_what_is_recorded_says_only_that_it_was_one_of_them(
    phone: Phone, services: Services, session: Session
) -> None:
    register(services)
    register(services, BILAL, "+6281370001234")
    phone.say(f"NILAI {ASHA} 4")
    (row,) = recorded(services, session)
    hashed = Phones.of(services.settings).hash(PHONE)
    assert hashed not in [value for value in row.model_dump().values() if isinstance(value, bytes)]
    assert hashed.hex() not in str(row.model_dump())
    assert {type(value) for value in row.model_dump().values()} & {bytes} == set()
    assert [column.name for column in RatingRow.__table__.columns if "phone" in column.name] == ["own_phone"]  # type: ignore[attr-defined]
