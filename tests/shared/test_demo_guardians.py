"""The demo's guardians can be asked at once, one of them by the phone on the screen, and one never."""

from typing import Final

import pytest
from sqlmodel import Session

from shared import stream
from shared.db.campaign_tables import GuardianOfficerRow, GuardianRow
from shared.db.engine import writing
from shared.db.message_tables import ContactRow, MessageRow
from shared.db.people_tables import OfficeRow, OfficerRow, RegionRow
from shared.domain.phones import normal_phone
from shared.phones import Phones
from shared.seed.guardians import REFUSING, SOME, plant_guardians
from shared.seed.offices import OFFICES
from shared.services import Services
from shared.simulator import GUARDIAN, INVENTED, KNOWN, numbers_of, school_of_guardian
from sms.campaigning import ask_guardians
from sms.inviting import ask_people
from tests.factories import NOON
from tests.guardians import let_start
from tests.messages import rows
from tests.sms.stage import Phone, recorded

SCHOOL: Final = next(office for office in OFFICES if office.kind == "school")
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def school(services: Services) -> None:
    """Let the demo's school stand with its teachers and guardians."""
    with writing(services.engine) as session:
        session.add(RegionRow(code=SCHOOL.region[0], name=SCHOOL.region[1], demo=True))
        session.flush()
        session.add(
            OfficeRow(
                code=SCHOOL.code,
                region_code=SCHOOL.region[0],
                name=SCHOOL.name,
                kind=SCHOOL.kind,
                timezone=SCHOOL.timezone,
            )
        )
        session.flush()
        session.add_all(
            OfficerRow(code=code, name=name, office_code=SCHOOL.code) for code, name, *_ in SCHOOL.officers
        )
        session.flush()
        plant_guardians(session, SCHOOL, NOON, Phones.of(services.settings))
    services.directory.look_again()
    stream.open_group(services.redis)


def known(session: Session) -> set[tuple[bytes, str, str, str]]:
    return {
        (one.phone_hash, one.class_name, one.phone_shown, f"{one.agreed_on}") for one in rows(session, GuardianRow)
    }


@pytest.mark.usefixtures("school")
def test_they_are_the_same_people_every_time(services: Services, session: Session) -> None:
    before = known(session)
    assert {row.class_name for row in rows(session, GuardianRow)} == {"4A", "5B"}
    assert len({row.phone_hash for row in rows(session, GuardianRow)}) == 6
    assert {row.officer_code for row in rows(session, GuardianOfficerRow)} == {"SD1", "SD2", "SD3"}
    with writing(services.engine) as writer:
        plant_guardians(writer, SCHOOL, NOON, Phones.of(services.settings))
    assert known(session) == before


@pytest.mark.usefixtures("school")
def test_of_who_refused_no_number_is_kept_and_the_list_looks_the_same(services: Services, session: Session) -> None:
    refusing = Phones.of(services.settings).hash(REFUSING)
    (contact,) = rows(session, ContactRow)
    assert (contact.phone_hash, contact.phone, contact.refused_at) == (refusing, None, NOON)
    assert [row.phone for row in rows(session, GuardianRow) if row.phone_hash == refusing] == [None]
    assert all(row.phone_shown.startswith("+62812•••") for row in rows(session, GuardianRow))


@pytest.mark.usefixtures("school")
def test_a_campaign_asks_all_but_who_refused_and_the_phone_on_the_screen_answers_about_each(
    services: Services, session: Session
) -> None:
    school = school_of_guardian(services)
    assert school is not None
    assert school.code == SCHOOL.code
    let_start(services, SCHOOL.code)
    assert ask_guardians(services) == {"guardians": 6}
    assert ask_people(services) == {"asked": 5}
    mine = Phones.of(services.settings).hash(GUARDIAN)
    assert [row.office_code for row in rows(session, MessageRow) if row.phone_hash == mine] == [SCHOOL.code]
    session.rollback()
    phone = Phone(services, GUARDIAN)
    replies = [phone.say(text) for text in ("NILAI", "4", "3", "4")]
    assert [code in reply for code, reply in zip(("SD1", "SD2", "SD3"), replies, strict=False)] == [True] * 3
    assert replies[-1].startswith("Terima kasih. Penilaian Anda sudah tercatat: Grace Salampessy (SD3)")
    assert sorted((row.officer_code or "", row.overall) for row in recorded(services, session)) == [
        ("SD1", 4),
        ("SD2", 3),
        ("SD3", 4),
    ]


@on_sqlite
def test_their_numbers_are_invented_and_no_browsers(services: Services) -> None:
    numbers = {number for number, *_ in SOME}
    assert all(normal_phone(number) == number and number.startswith(f"{INVENTED}{KNOWN}") for number in numbers)
    for mark in map(str, range(300)):
        assert not any(number.startswith(f"{INVENTED}{KNOWN}") for number in numbers_of(mark, services.settings))
