"""An invitation is answered about each officer once: by its link or by a reply, whichever comes first."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import Session

from kiosk import create_app
from shared.db.engine import writing
from shared.db.message_tables import InvitationOfficerRow, InvitationRow
from shared.db.people_tables import CounterRow, OfficeRow, OfficerRow, PostingRow
from shared.db.rater_secrets import ensure_rater_secret
from shared.db.tables import QuarantineRow, RatingRow
from shared.inbox import move_spool
from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER, DEV, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock
from tests.kiosk.link import phone as browsers
from tests.messages import TOKEN, let_be_asked, rows
from tests.sms.stage import PHONE, THANKED, Phone, recorded, without_database

HERE = f"/r/i/{TOKEN}"
OTHER_TOKEN = TOKEN[::-1]
ANSWERED = "Anda sudah memberi penilaian itu, terima kasih."
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def invite(services: Services, *officers: str, **overrides: Any) -> None:
    with writing(services.engine) as session:
        let_be_asked(session, services, phone=PHONE, officers=list(officers), **overrides)


def browser(services: Services) -> browsers.Phone:
    """Return the browser of the same phone."""
    return browsers.Phone(create_app(services))


def told(services: Services, session: Session) -> list[tuple[str | None, int | None, str, str | None]]:
    """Return officer, answer, channel and counter of all that is recorded."""
    session.rollback()
    found = [(row.officer_code, row.overall, row.channel, row.counter_code) for row in recorded(services, session)]
    assert rows(session, QuarantineRow) == []
    return found


def answered(session: Session) -> dict[str, bool]:
    return {row.officer_code: row.answered for row in rows(session, InvitationOfficerRow)}


@pytest.mark.parametrize(
    ("text", "overall"), [("4", 4), ("empat", 4), ("sangat baik", 4), ("puas", 3), ("😡", 1), ("2 lama", 2)]
)
def test_a_bare_answer_rates_who_they_were_asked_about_and_the_link_is_used(
    phone: Phone, services: Services, session: Session, text: str, overall: int
) -> None:
    invite(services, ASHA)
    by_link = browser(services)
    page = by_link.open(HERE)
    assert phone.say(text, From=f"whatsapp:{PHONE}").startswith(f"{THANKED}: Asha Pertiwi (DK7), {overall}")
    assert [row.state for row in rows(session, InvitationRow)] == ["answered"]
    assert "Anda sudah menjawab" in by_link.open(HERE, 410).text
    for pressed in (overall, 5 - overall):
        refused = by_link.send(HERE, page, overall=str(pressed))
        assert "Anda sudah menjawab" in by_link.looked_at(refused, 410).text, "a page that was open before"
    assert told(services, session) == [(ASHA, overall, "whatsapp", COUNTER)]
    (rating,) = session.scalars(select(RatingRow))
    (invitation,) = rows(session, InvitationRow)
    assert invitation.id != rating.id


def test_a_reply_after_the_link_says_so_and_rates_nobody(
    phone: Phone, services: Services, session: Session, clock: SettableClock
) -> None:
    invite(services, ASHA)
    by_link = browser(services)
    page = by_link.open(HERE)
    for _ in range(2):
        assert by_link.send(HERE, page, overall="4").status_code == 303, "pressed twice before it is recorded"
    changed = by_link.send(HERE, page, overall="1")
    assert "Anda sudah menjawab" in by_link.looked_at(changed, 410).text, "another face before it is recorded"
    for text in ("4", "sangat baik", "baik"):
        clock.advance(seconds=5)
        assert phone.say(text).startswith(ANSWERED), text
    assert told(services, session) == [(ASHA, 4, "link", COUNTER)]
    clock.advance(minutes=1)
    assert phone.say("DK7 2").startswith(THANKED), "whoever names somebody may rate them, as anybody may"
    clock.advance(days=8)
    assert phone.say("4").startswith("Siapa yang melayani Anda?"), "its time is over, and with it what was answered"


def test_of_several_each_is_answered_once_by_either_way(phone: Phone, services: Services, session: Session) -> None:
    invite(services, ASHA, BILAL, counter_code=None)
    by_link = browser(services)
    assert phone.say("4").startswith("Bagaimana pelayanan Asha Pertiwi (DK7)?"), "whom it meant would be a guess"
    by_link.send(HERE, by_link.open(HERE), overall="1")
    assert phone.say("4").startswith("Bagaimana pelayanan Bilal (DK8)?"), "Asha is answered by now"
    assert phone.say("2").startswith(f"{THANKED}: Bilal (DK8)")
    assert "Anda sudah menjawab" in by_link.open(HERE, 410).text
    assert phone.say("3").startswith(ANSWERED)
    assert sorted(told(services, session)) == [(ASHA, 1, "link", None), (BILAL, 2, "sms", None)]


def test_between_two_open_invitations_of_a_family_nobody_guesses(
    phone: Phone, services: Services, session: Session, clock: SettableClock
) -> None:
    invite(services, ASHA)
    invite(services, DEV, token=OTHER_TOKEN, office_code=OTHER_OFFICE, counter_code="PSL1")
    clock.advance(minutes=1)
    asked = phone.say("4")
    assert asked.startswith("Siapa yang Anda maksud? Balas dengan salah satu kode: ")
    assert {"DK7 Asha Pertiwi", "PS1 Dev Lasut"} <= {one.strip(" .") for one in asked.partition(":")[2].split(",")}
    assert phone.say("1") == asked, "it may be meant as a place in the list"
    assert answered(session) == {ASHA: False, DEV: False}
    assert phone.say("ps1").startswith(f"{THANKED}: Dev Lasut (PS1), 4")
    assert answered(session) == {ASHA: False, DEV: True}
    assert phone.say("2").startswith(f"{THANKED}: Asha Pertiwi (DK7), 2"), "of the other nothing else is open"
    assert sorted(told(services, session)) == [(ASHA, 2, "sms", COUNTER), (DEV, 4, "sms", "PSL1")]


@on_sqlite
def test_who_teaches_at_two_schools_is_rated_at_the_one_that_asked(
    phone: Phone, services: Services, session: Session
) -> None:
    with writing(services.engine) as writer:
        starts_at, ends_at = NOON - timedelta(hours=4), NOON + timedelta(hours=4)
        writer.add(PostingRow(officer_code=DEV, counter_code="DSL4", starts_at=starts_at, ends_at=ends_at))
    services.directory.look_again()
    invite(services, DEV, counter_code=None)
    assert phone.say("4").startswith(THANKED)
    (rating,) = recorded(services, session)
    assert (rating.officer_code, rating.office_code) == (DEV, OFFICE)


@on_sqlite
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(update(OfficerRow).values(left_on=NOON.date()), id="who has left"),
        pytest.param(update(OfficeRow).values(closed_on=NOON.date()), id="an office that is closed"),
        pytest.param(update(OfficerRow).values(office_code=OTHER_OFFICE), id="who serves elsewhere now"),
    ],
)
def test_nobody_is_rated_who_may_not_be_asked_about_any_more(
    phone: Phone, services: Services, session: Session, change: Any
) -> None:
    invite(services, BILAL)
    with writing(services.engine) as writer:
        writer.execute(change)
    services.directory.look_again()
    assert phone.say("4").startswith("Siapa yang melayani Anda?")
    assert told(services, session) == []


@on_sqlite
def test_a_counter_that_is_gone_is_left_out(phone: Phone, services: Services, session: Session) -> None:
    invite(services, BILAL)
    with writing(services.engine) as writer:
        writer.execute(update(CounterRow).values(closed_on=NOON.date()))
    services.directory.look_again()
    assert phone.say("4").startswith(THANKED)
    assert told(services, session) == [(BILAL, 4, "sms", None)]


def test_with_the_database_away_who_was_asked_by_name_still_answers_the_invitation(
    phone: Phone, services: Services, session: Session
) -> None:
    invite(services, ASHA)
    with writing(services.engine) as writer:
        ensure_rater_secret(writer, "2026-11")
    assert phone.say("halo").startswith("Bagaimana pelayanan Asha Pertiwi (DK7)?")
    services.directory.look_again()
    away = Phone(without_database(services))
    assert away.say("4").startswith(THANKED)
    assert answered(session) == {ASHA: False}
    assert move_spool(services) == 1
    assert answered(session) == {ASHA: True}
    assert told(services, session) == [(ASHA, 4, "sms", COUNTER)]


def test_stop_comes_before_everything(phone: Phone, services: Services, session: Session) -> None:
    invite(services, ASHA)
    phone.say("halo")
    assert phone.say("STOP").startswith("Baik, kami tidak akan mengirim pesan lagi.")
    assert phone.say("4").startswith("Siapa yang melayani Anda?")
    assert told(services, session) == []
