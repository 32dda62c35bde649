"""Redis, the database or both are killed in the middle of a conversation: no message is lost, none counts twice."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlmodel import col

from shared import stream
from shared.db.contacts import contact_of
from shared.db.engine import reading
from shared.db.message_tables import InboxRow
from shared.db.tables import QuarantineRow
from shared.phones import Phones
from shared.services import Services
from sms import jobs
from tests.factories import SettableClock
from tests.sms.stage import PHONE, THANKED, Phone, a_form, recorded, reply_in
from tests.sms.stores import Stores, own_stores


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    with own_stores(tmp_path_factory.mktemp("own")) as stores:
        yield stores


@pytest.fixture
def services(stores: Stores, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    services = Services.of(stores.settings, clock)
    services.redis.flushall()
    stream.open_group(services.redis)
    Phone(services, "+6281200000000").say("NILAI DK8 2")
    services.directory.look_again()  # the month's key is known from now on, as it is long before a month begins
    monkeypatch.setattr(jobs, "services", lambda: services)
    yield services
    services.close()


def test_a_conversation_survives_them_one_after_the_other(
    stores: Stores, services: Services, clock: SettableClock
) -> None:
    phone, forms = Phone(services), [a_form("4 ramah"), a_form("3"), a_form("NILAI DK8 1")]
    assert phone.say("DK7").startswith("Bagaimana pelayanan Asha")

    stores.kill_redis()
    without_redis = reply_in(phone.deliver(forms[0]))
    assert without_redis.startswith(THANKED), "what was said before is in the inbox"
    stores.start_redis()

    assert phone.say("dk8").startswith("Bagaimana pelayanan Bilal")
    stores.kill_database()
    without_database = reply_in(phone.deliver(forms[1]))
    assert without_database.startswith(THANKED), "what was said before is in Redis"
    assert phone.say("STOP").startswith("Baik, kami tidak akan mengirim pesan lagi.")

    stores.kill_redis()
    assert phone.deliver(forms[2]).status_code == 503, "the provider keeps it in its list"

    stores.start_redis()
    stores.start_database()
    clock.advance(seconds=31)
    with_both = reply_in(phone.deliver(forms[2]))
    assert with_both.startswith(THANKED)
    assert jobs.take_inbox() == {"moved": 3, "taken": 0}
    assert jobs.take_inbox() == {"moved": 0, "taken": 0}

    started_anew = Services.of(stores.settings, clock)
    again = [reply_in(Phone(started_anew).deliver(form)) for form in forms]
    started_anew.close()
    assert again == [without_redis, without_database, with_both], "the same message, the same reply"
    with reading(services.engine) as session:
        said = sorted((row.officer_code, row.overall) for row in recorded(services, session))
        assert said == [("DK7", 4), ("DK8", 1), ("DK8", 2), ("DK8", 3)]
        assert session.scalars(select(QuarantineRow)).all() == []
        assert session.scalars(select(InboxRow).where(col(InboxRow.taken_at).is_(None))).all() == []
    assert _has_refused(services)


def _has_refused(services: Services) -> bool:
    with reading(services.engine) as session:
        contact = contact_of(session, Phones.of(services.settings).hash(PHONE))
    return contact is not None and contact.refused
