"""Who agreed is asked once by day, reminded once, and left alone as soon as they want that."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from shared.db.engine import writing
from shared.db.message_tables import InvitationRow, MessageRow
from shared.db.people_tables import OfficeRow, OfficerRow, RegionRow
from shared.domain.messages import SEGMENT, gsm_length
from shared.domain.outreach import About, Purpose
from shared.i18n import LANGUAGES, Language
from shared.phones import Phones
from shared.services import Services
from sms.inviting import ask_people
from sms.inviting_words import asking_words, asking_words_with_reply
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock
from tests.messages import TOKEN, let_be_asked, let_refuse, rows

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LINK = "https://loket.disdukcapil.sawahluntokota.go.id/r/i/abcdefghijkmnp"


def let_wait(services: Services, phone: str = "+6281370001234", **overrides: Any) -> None:
    """Let somebody wait to be asked."""
    with writing(services.engine) as session:
        let_be_asked(session, services, phone=phone, **{"state": "waiting", "token_hash": None, **overrides})


def messages(session: Session, services: Services) -> list[tuple[str, str, str]]:
    """Return purpose, channel and words of every message there is, in the order they were wished for."""
    phones = Phones.of(services.settings)
    found = sorted(rows(session, MessageRow), key=lambda row: (row.created_at, row.purpose))
    return [(row.purpose, row.channel, phones.open(row.text or b"")) for row in found]


def let_arrive(services: Services, state: str = "sent") -> None:
    with writing(services.engine) as session:
        session.execute(update(MessageRow).values(state=state))


def test_somebody_is_asked_once_and_reminded_once(services: Services, session: Session, clock: SettableClock) -> None:
    let_wait(services)
    assert ask_people(services) == {"asked": 1}
    assert ask_people(services) == {}
    ((purpose, channel, words),) = messages(session, services)
    assert (purpose, channel) == ("invitation", "sms")
    (invitation,) = rows(session, InvitationRow)
    assert invitation.token is not None
    token = Phones.of(services.settings).open(invitation.token)
    assert words.startswith("Disdukcapil Sawahlunto: ")
    assert words.endswith(f"/r/i/{token}")
    clock.advance(hours=49)
    assert ask_people(services) == {}, "nothing is known to have arrived"
    let_arrive(services)
    assert ask_people(services) == {"reminded": 1}
    assert ask_people(services) == {}
    assert [(purpose, words.endswith(token)) for purpose, _, words in messages(session, services)] == [
        ("invitation", True),
        ("reminder", True),
    ]
    clock.advance(days=6)
    assert ask_people(services) == {"expired": 1}
    (invitation,) = rows(session, InvitationRow)
    assert (invitation.state, len(messages(session, services))) == ("expired", 2)


def test_two_at_a_time_ask_everybody_once(services: Services, session: Session) -> None:
    for number in range(30):
        let_wait(services, phone=f"+62813700020{number:02}")
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(ask_people, [services, services]))
    assert sum(summary.get("asked", 0) for summary in done) == 30
    assert len(rows(session, MessageRow)) == 30
    assert len({row.token_hash for row in rows(session, InvitationRow)}) == 30


@on_sqlite
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_nobody_is_asked_at_night_wherever_the_server_stands(
    services: Services, session: Session, clock: SettableClock, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    with writing(services.engine) as changed:
        changed.add(RegionRow(code="MKS", name="Kota Makassar"))
        changed.flush()
        changed.add(OfficeRow(code="MKD", region_code="MKS", name="Tengah", kind="other", timezone="Asia/Makassar"))
        changed.flush()
        changed.add(OfficerRow(code="MK1", name="Made", office_code="MKD"))
    services.directory.look_again()
    clock.moment = datetime(2026, 11, 17, 22, 0, tzinfo=UTC)
    places = [(OFFICE, ASHA), ("MKD", "MK1"), (OTHER_OFFICE, DEV)]
    for number, (office, officer) in enumerate(places):
        overrides = {"office_code": office, "counter_code": None, "officers": [officer]}
        let_wait(services, phone=f"+628137000300{number}", **overrides)
    asked = []
    for hour in range(22, 26):
        clock.moment = datetime(2026, 11, 17, 0, 0, tzinfo=UTC) + timedelta(hours=hour)
        asked.append(ask_people(services).get("asked", 0))
    assert asked == [0, 1, 1, 1], "eight o'clock comes from the east"
    assert sorted(row.created_at.hour for row in rows(session, MessageRow)) == [0, 1, 23]
    monkeypatch.undo()
    time.tzset()


@on_sqlite
def test_who_is_due_in_the_evening_is_asked_in_the_morning(services: Services, clock: SettableClock) -> None:
    let_wait(services)
    for moment, asked in (("2026-11-18T13:00", {}), ("2026-11-19T00:59", {}), ("2026-11-19T01:00", {"asked": 1})):
        clock.moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        assert ask_people(services) == asked


def test_who_refused_since_is_not_asked(services: Services, session: Session) -> None:
    let_wait(services)
    let_refuse(services)
    assert ask_people(services) == {"withdrawn": 1}
    assert not rows(session, MessageRow)
    assert [row.state for row in rows(session, InvitationRow)] == ["withdrawn"]


@on_sqlite
def test_nobody_is_asked_about_who_has_left_or_an_office_that_is_closed(
    services: Services, session: Session, clock: SettableClock
) -> None:
    let_wait(services, officers=[ASHA, BILAL])
    let_wait(services, phone="+6281370004444", office_code=OTHER_OFFICE, counter_code=None, officers=[DEV])
    with writing(services.engine) as changed:
        changed.execute(update(OfficerRow).where(col(OfficerRow.code) == ASHA).values(left_on=NOON.date()))
        changed.execute(update(OfficeRow).where(col(OfficeRow.code) == OTHER_OFFICE).values(closed_on=NOON.date()))
    services.directory.look_again()
    assert ask_people(services) == {"asked": 1, "withdrawn": 1}
    let_arrive(services)
    with writing(services.engine) as changed:
        changed.execute(update(OfficerRow).where(col(OfficerRow.code) == BILAL).values(left_on=NOON.date()))
    services.directory.look_again()
    clock.advance(hours=48)
    assert ask_people(services) == {"withdrawn": 1}
    assert len(rows(session, MessageRow)) == 1


@on_sqlite
def test_nobody_is_asked_twice_within_a_day(services: Services, session: Session, clock: SettableClock) -> None:
    let_wait(services)
    let_wait(services, officers=[BILAL])
    assert ask_people(services) == {"asked": 1, "put_off": 1}
    clock.advance(hours=24)
    assert ask_people(services) == {"asked": 1}
    assert len(rows(session, MessageRow)) == 2
    let_wait(services, officers=[BILAL], served_at=clock.moment - timedelta(days=6, hours=12))
    assert ask_people(services) == {"withdrawn": 1}, "after a day it would be too late"


@on_sqlite
def test_by_whatsapp_an_approved_template_is_filled_in(services: Services, session: Session) -> None:
    settings = services.settings.model_copy(
        update={"twilio_whatsapp_number": "+15005550006", "twilio_invitation_id": f"HX{'a' * 32}"}
    )
    let_wait(services, served_at=NOON)
    let_wait(services, phone="+6281370004444", language="en")
    ask_people(replace(services, settings=settings))
    sent = {row.template: row for row in rows(session, MessageRow)}
    assert set(sent) == {f"HX{'a' * 32}", None}, "there is no template in English, so that goes by SMS"
    told = {channel: words for _, channel, words in messages(session, services)}
    filled = json.loads(told["whatsapp"])
    assert (filled["1"], filled["2"]) == ("Disdukcapil Sawahlunto", "18/11/2026")
    assert filled["3"] in filled["sms"]
    assert "how did our officer serve you" in told["sms"]


@on_sqlite
def test_only_where_people_can_reply_are_they_told_so(services: Services, session: Session) -> None:
    let_wait(services)
    ask_people(services)
    let_wait(services, phone="+6281370004444")
    settings = services.settings.model_copy(update={"sms_two_way": True})
    ask_people(replace(services, settings=settings))
    said = [words for _, _, words in messages(session, services)]
    told = "bagaimana pelayanan kami? Balas 1-4 (4 sangat baik) atau isi di sini: http"
    assert [told in words for words in sorted(said)] == [True, False]
    assert sum("Balas" in words for words in said) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", About)
def test_how_to_reply_is_told_beside_a_usual_name_and_link(about: About, language: Language) -> None:
    words = asking_words_with_reply(Purpose.INVITATION, about, language, "Disdukcapil Sawahlunto", LINK)
    assert words.startswith("Disdukcapil Sawahlunto: ")
    assert ("Balas " if language == "id" else "Reply ") in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.REMINDER])
@pytest.mark.parametrize("about", About)
@pytest.mark.parametrize("worded", [asking_words, asking_words_with_reply])
@pytest.mark.parametrize(
    ("office", "link"),
    [
        pytest.param("Disdukcapil Sawahlunto", LINK, id="usual"),
        pytest.param("Dinas Kependudukan dan Pencatatan Sipil “Kota” Sawahlunto" * 3, LINK, id="a long name"),
        pytest.param("役所", LINK, id="a name without plain letters"),
        pytest.param("Kantor €€€ {kota}", f"https://{'x' * 60}.go.id/r/i/{TOKEN}", id="a long address"),
        pytest.param("Kantor", f"https://{'x' * 95}.go.id/r/i/{TOKEN}", id="a very long address"),
    ],
)
def test_it_is_always_one_segment_with_the_whole_link(
    worded: Callable[..., str], language: Language, purpose: Purpose, about: About, office: str, link: str
) -> None:
    words = worded(purpose, about, language, office, link)
    assert words.endswith(link)
    length = gsm_length(words)
    assert length is not None
    assert length <= SEGMENT
