"""A supervisor reads what people want answered, without a number or an answer, and answers with one message."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import Session

from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.db.message_tables import MessageRow, WishRow
from shared.phones import Phones
from shared.services import Services
from tests.cast import OFFICE, OTHER_OFFICE
from tests.messages import PHONE, rows
from tests.pages import Pages

LIST = f"/wishes/{OFFICE}"
WORDS = "Antrean saya hilang, ke mana saya harus datang?"
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def let_wish(services: Services, office: str = OFFICE, words: str = WORDS) -> UUID:
    """Let somebody have written this for an office."""
    phones, key = Phones.of(services.settings), uuid4()
    with writing(services.engine) as session:
        session.add(
            WishRow(
                id=key, office_code=office, phone_hash=phones.hash(PHONE), phone=phones.seal(PHONE),
                words=phones.seal(words), wording="1", channel="sms", gateway="twilio", asked_on=date(2026, 11, 18),
            )
        )  # fmt: skip
    return key


def test_a_wish_is_read_and_answered_and_nobody_learns_whose_it_is(
    supervisor: Pages, services: Services, session: Session
) -> None:
    key = let_wish(services)
    page = supervisor.get(LIST)
    assert WORDS in page.text
    assert "18 November 2026" in page.text.replace("\xa0", " ")
    assert "70001234" not in page.html
    assert "+62" not in page.html
    for _ in range(2):
        assert supervisor.sent(f"{LIST}/{key}", form="/office", answer="Silakan ke Loket 3.") == LIST
    assert "Jawaban Anda sedang dikirim." in supervisor.get(LIST).text
    (message,) = rows(session, MessageRow)
    assert Phones.of(services.settings).open(message.text or b"").endswith(": Silakan ke Loket 3.")
    lines = [line for line in rows(session, AuditRow) if line.verb == "answered"]
    assert [(line.actor, line.subject_kind, line.subject, line.after) for line in lines] == [
        ("atasan", "wish", OFFICE, {})
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("", "perlu diisi", id="nothing"),
        pytest.param("a" * 160, "Mohon dipersingkat", id="more than one message holds"),
        pytest.param("Telepon 0755-123456", "Mohon tanpa nomor telepon", id="a number"),
    ],
)
def test_an_answer_that_cannot_be_sent_is_kept_beside_what_is_wrong(
    supervisor: Pages, services: Services, session: Session, words: str, said: str
) -> None:
    key = let_wish(services)
    page = supervisor.post(f"{LIST}/{key}", 400, form=LIST, answer=words)
    assert said in page.text
    assert words in page.html
    assert rows(session, MessageRow) == []


@on_sqlite
def test_an_answer_that_did_not_get_through_is_told(supervisor: Pages, services: Services, session: Session) -> None:
    key = let_wish(services)
    supervisor.sent(f"{LIST}/{key}", form=LIST, answer="Silakan ke Loket 3.")
    with writing(services.engine) as writer:
        writer.execute(update(MessageRow).values(state="failed"))
    assert "Jawaban Anda tidak sampai." in supervisor.get(LIST).text
    supervisor.sent(f"{LIST}/{key}", form=LIST, answer="Sekali lagi.")
    assert len(rows(session, MessageRow)) == 2


@on_sqlite
def test_of_another_office_there_is_nothing_to_read_or_answer(supervisor: Pages, services: Services) -> None:
    key = let_wish(services, OTHER_OFFICE)
    assert "Saat ini tidak ada yang minta dijawab." in supervisor.get(LIST).text
    supervisor.get(f"/wishes/{OTHER_OFFICE}", 404)
    page = supervisor.post(f"{LIST}/{key}", 404, form="/office", answer="Halo")
    assert "Jawaban Anda tidak dikirim." in page.text
