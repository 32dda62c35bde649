"""The directory: read when something in it has changed, and only then; never older than a second."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine, event, text, update
from sqlmodel import Session, col

from shared import services as services_module
from shared.db.counters import Offer, add_offer
from shared.db.directory_version import directory_version
from shared.db.engine import reading, writing
from shared.db.kiosks import add_kiosk, invite_device
from shared.db.officers import put_officer_photo
from shared.db.people_tables import OfficeRow, PostingRow
from shared.db.people_writes import put_officers
from shared.db.rater_secrets import ensure_rater_secret
from shared.domain.facts import CounterFacts
from shared.domain.people import Directory
from shared.services import Services
from tests.cast import ASHA, DEV, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock

Change = Callable[[Session], object]


def version(services: Services) -> int:
    with reading(services.engine) as session:
        return directory_version(session)


def statements(engine: Engine) -> list[str]:
    """Return a list that every statement of the engine is added to."""
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *facts: heard.append(facts[2]))
    return heard


def add_counter(session: Session, code: str) -> None:
    add_offer(session, Offer.COUNTERS, CounterFacts(code=code, office=OFFICE, name="Loket baru"))


def a_new_kiosk(session: Session) -> None:
    invite_device(session, add_kiosk(session, "Baru", OFFICE, None), "CODE", NOON)


def another_name(session: Session) -> None:
    session.execute(update(OfficeRow).where(col(OfficeRow.code) == OFFICE).values(name="Lain"))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda session: add_counter(session, "DK99"), id="a counter"),
        pytest.param(lambda session: put_officers(session, {"DK98": ("Sembilan", OFFICE)}), id="an upsert"),
        pytest.param(lambda session: put_officer_photo(session, ASHA, b"jpeg"), id="a photo"),
        pytest.param(lambda session: ensure_rater_secret(session, "2031-01"), id="a key"),
        pytest.param(a_new_kiosk, id="a kiosk"),
        pytest.param(another_name, id="a statement"),
    ],
)
def test_a_change_lets_the_version_grow_by_one(services: Services, change: Change) -> None:
    before = version(services)
    with writing(services.engine) as session:
        change(session)
    assert version(services) == before + 1


def test_what_stands_when_a_part_was_rolled_back_is_a_change(services: Services) -> None:
    before = version(services)
    with writing(services.engine) as session:
        add_counter(session, "DK99")
        session.flush()
        with suppress(ZeroDivisionError), session.begin_nested():
            raise ZeroDivisionError
    assert version(services) == before + 1


def closed(services: Services, office: str) -> Directory:
    """Return what is offered once an office is closed: today, on its own clock."""
    with writing(services.engine) as session:
        session.get_one(OfficeRow, office).closed_on = NOON.date()
    services.directory.look_again()
    return services.directory.current().offered(services.clock())


def test_a_closed_office_offers_nothing(services: Services) -> None:
    offered = closed(services, OFFICE)
    assert offered.offices.keys() == {OFFICE, OTHER_OFFICE}
    assert (list(offered.counters), list(offered.officers), offered.services) == (["PSL1"], [DEV], frozenset())
    assert ASHA in services.directory.current().officers


def test_an_office_that_closes_tomorrow_offers_everything_today(services: Services, clock: SettableClock) -> None:
    clock.advance(days=-1)
    offered = closed(services, OFFICE)
    assert (len(offered.counters), len(offered.officers), len(offered.services)) == (3, 3, 1)


def test_who_is_lent_elsewhere_is_offered_there_when_their_own_office_closes(services: Services) -> None:
    lent = PostingRow(officer_code=ASHA, counter_code="PSL1", starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    with writing(services.engine) as session:
        session.add(lent)
    asha = closed(services, OFFICE).officers[ASHA]
    assert (asha.office, asha.serves(OFFICE), asha.serves(OTHER_OFFICE)) == (OTHER_OFFICE, False, True)


def test_who_belongs_to_an_office_and_who_serves_there_are_told_apart(services: Services) -> None:
    lent = PostingRow(officer_code=ASHA, counter_code="PSL1", starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    with writing(services.engine) as session:
        session.add(lent)
    services.directory.look_again()
    directory = services.directory.current()
    assert ASHA in {officer.code for officer in directory.serving_at(OFFICE)}
    assert [officer.code for officer in directory.serving_at(OTHER_OFFICE)] == [ASHA, DEV]
    assert [officer.code for officer in directory.staff_of(OTHER_OFFICE)] == [DEV]
    assert (directory.staff_of("NONE"), directory.serving_at("NONE")) == ((), ())


def test_who_was_lent_to_an_office_that_closes_stays_at_their_own(services: Services) -> None:
    lent = PostingRow(officer_code=ASHA, counter_code="PSL1", starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    with writing(services.engine) as session:
        session.add(lent)
    asha = closed(services, OTHER_OFFICE).officers[ASHA]
    assert (asha.office, asha.serves(OFFICE), asha.serves(OTHER_OFFICE)) == (OFFICE, True, False)


def test_what_was_rolled_back_was_no_change(services: Services) -> None:
    before = version(services)
    with suppress(ZeroDivisionError), writing(services.engine) as session:
        add_counter(session, "DK99")
        session.flush()
        raise ZeroDivisionError
    assert version(services) == before
    services.directory.look_again()
    assert "DK99" not in services.directory.current().counters


def test_only_the_version_is_read_while_nothing_changes(services: Services) -> None:
    services.directory.current()
    heard = statements(services.engine)
    services.directory.look_again()
    assert len([statement for statement in heard if statement.startswith("SELECT")]) == 1


def test_a_change_by_hand_is_seen_within_a_minute(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    services.directory.current()
    with services.engine.begin() as connection:
        connection.execute(text("UPDATE office SET name = 'Dengan tangan'"))
    services.directory.look_again()
    assert services.directory.current().offices[OFFICE].name != "Dengan tangan"
    monkeypatch.setattr(services_module, "READS_ANYWAY_AFTER", 0.0)
    services.directory.look_again()
    assert services.directory.current().offices[OFFICE].name == "Dengan tangan"


def test_two_writers_at_once_each_let_it_grow(services: Services) -> None:
    before = version(services)

    def write(code: str) -> None:
        with writing(services.engine) as session:
            add_counter(session, code)
            session.flush()
            time.sleep(0.05)

    threads = [Thread(target=write, args=(f"DK8{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert version(services) == before + 4
    services.directory.look_again()
    assert {"DK80", "DK81", "DK82", "DK83"} <= services.directory.current().counters.keys()
