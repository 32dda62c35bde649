"""What is known of people we wrote to is forgotten by schedule; what was counted of it stays."""

from datetime import timedelta

from sqlmodel import Session

from shared.db.engine import writing
from shared.db.message_tables import ConsentRow, ContactRow, InvitationRow, MessageRow
from shared.db.people_tables import OfficerRow
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE
from tests.factories import NOON
from tests.messages import let_be_asked, let_refuse, purge, rows
from tests.notices import let_be_reached
from tests.sms.outgoing import put_message
from tests.sms.stage import PHONE

OTHER = "+6281370001234"
BEFORE = NOON - timedelta(days=7)


def purged(services: Services, session: Session, **later: int) -> int:
    session.rollback()
    count = purge(session, NOON + timedelta(**later))
    session.commit()
    return count


def test_number_and_words_of_a_message_go_a_week_after_its_end(services: Services, session: Session) -> None:
    put_message(services, state="delivered")
    put_message(services, state="waiting")
    assert purged(services, session, days=7) == 0
    assert purged(services, session, days=7, seconds=1) == 1
    assert purged(services, session, days=8) == 0
    known = {row.state: (row.phone is None, row.text is None) for row in rows(session, MessageRow)}
    assert known == {"delivered": (True, True), "waiting": (False, False)}


def test_a_month_after_an_invitation_nothing_leads_to_its_person(services: Services, session: Session) -> None:
    let_be_asked(session, services, phone=PHONE, state="answered", ask_at=BEFORE, expires_at=NOON)
    let_be_asked(session, services, "other", phone=OTHER, state="asked")
    session.commit()
    assert purged(services, session, days=30) == 0
    assert purged(services, session, days=30, seconds=1) > 0
    kept = {row.state: row for row in rows(session, InvitationRow)}
    gone = kept["answered"]
    assert (gone.phone_hash, gone.phone_shown, gone.token_hash, gone.token) == (None,) * 4
    assert kept["asked"].phone_hash is not None
    assert [row.phone_hash for row in rows(session, ContactRow)] == [kept["asked"].phone_hash]


def test_who_wants_no_messages_is_remembered_by_the_hash_alone(services: Services, session: Session) -> None:
    let_be_asked(session, services, phone=PHONE, state="withdrawn", ask_at=BEFORE, expires_at=NOON)
    session.commit()
    let_refuse(services, PHONE)
    purged(services, session, days=31)
    (contact,) = rows(session, ContactRow)
    assert (contact.phone_hash, contact.phone) == (Phones.of(services.settings).hash(PHONE), None)


def test_the_own_phone_of_an_officer_goes_a_month_after_they_have_left(services: Services, session: Session) -> None:
    let_be_reached(services)
    let_be_reached(services, BILAL, OTHER)
    with writing(services.engine) as changed:
        changed.get_one(OfficerRow, ASHA).left_on = NOON.date()
    assert purged(services, session, days=30) == 0
    assert purged(services, session, days=31) == 1
    kept = {row.code: (row.own_phone_hash is None, row.own_phone_sealed is None) for row in rows(session, OfficerRow)}
    assert (kept[ASHA], kept[BILAL]) == ((True, True), (False, False))


def test_a_consent_is_kept_for_a_year_and_while_somebody_may_be_asked(services: Services, session: Session) -> None:
    hashes = [Phones.of(services.settings).hash(phone) for phone in (PHONE, OTHER)]
    session.add_all(
        ConsentRow(
            phone_hash=one, office_code=OFFICE, wording="1", source="front_desk", told_by="chitra", given_at=NOON
        )
        for one in hashes
    )
    let_be_asked(session, services, phone=OTHER, state="asked", expires_at=NOON + timedelta(days=400))
    session.commit()
    purged(services, session, days=366)
    assert [row.phone_hash for row in rows(session, ConsentRow)] == hashes[1:]


def test_a_month_after_its_end_a_message_is_not_found_in_the_providers_list_either(
    services: Services, session: Session
) -> None:
    """There its number stands for as long as the provider likes, beside an invitation that was answered."""
    put_message(services, state="delivered", provider_id="SM1")
    purged(services, session, days=30)
    assert [row.provider_id for row in rows(session, MessageRow)] == ["SM1"]
    purged(services, session, days=30, seconds=1)
    assert [row.provider_id for row in rows(session, MessageRow)] == [None]


def test_of_who_wants_no_messages_no_consent_is_kept_for_ever(services: Services, session: Session) -> None:
    hashed = Phones.of(services.settings).hash(PHONE)
    session.add(
        ConsentRow(
            phone_hash=hashed, office_code=OFFICE, wording="1", source="front_desk", told_by="chitra",
            given_at=NOON - timedelta(days=300),
        )
    )  # fmt: skip
    session.commit()
    let_refuse(services, PHONE)
    purged(services, session, days=365)
    assert len(rows(session, ConsentRow)) == 1, "by it people who went away are counted, for a year"
    purged(services, session, days=365, seconds=1)
    assert rows(session, ConsentRow) == []
    assert len(rows(session, ContactRow)) == 1
