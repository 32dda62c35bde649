"""What leads to a person is neither kept of a comment nor shown."""

import pytest
from sqlmodel import Session

from shared.db.engine import writing
from shared.db.ratings import record
from shared.db.tables import RatingRow
from shared.domain.comments import holds_contact, without_contacts
from shared.services import Services
from tests.factories import NOON, a_rating


@pytest.mark.parametrize(
    "written",
    ["081298765432", "0812-9876-5432", "0812–9876–5432", "0812 - 9876 - 5432", "0812,9876,5432", "0812_9876_5432",
     "+62 (812) 9876.5432", "1371011201900001", "198609262015051001", "asha@example.go.id", "asha.p+1@example.com"],
)  # fmt: skip
def test_no_number_or_address_is_left(written: str) -> None:
    assert without_contacts(f"Hubungi {written} ya") == "Hubungi … ya"


@pytest.mark.parametrize(
    "written",
    ["antre 3 jam", "diminta Rp 150.000, 12 Januari 2026", "loket 3, 4 dan 5", "@dukcapil ramah",
     "nomor antrean 1234, dipanggil 567"],
)  # fmt: skip
def test_what_leads_to_nobody_stays(written: str) -> None:
    assert without_contacts(written) == written


@pytest.mark.parametrize(
    "written",
    ["Senin-Jumat 08.00-15.30", "Buka 07:30 - 12:00 dan 13:00 - 15:30.", "Datang 23-11-2026, 08.00",
     "01/12/2026 jam 9.15", "Biayanya Rp 1.500.000", "Rp150.000"],
)  # fmt: skip
def test_an_office_may_name_hours_days_and_sums(written: str) -> None:
    assert not holds_contact(written)


@pytest.mark.parametrize(
    "written",
    ["0812-3456-7890", "0812.3456.7890", "08.12.34.56.78.90", "08.00-12.00 di 0755-61234", "rp 081234567890",
     "0812 23-11-2026 3456789", "loket@example.go.id"],
)  # fmt: skip
def test_a_number_beside_them_is_found_all_the_same(written: str) -> None:
    assert holds_contact(written)


def test_they_are_not_recorded_and_what_was_sent_is_still_known_when_it_comes_again(
    services: Services, session: Session
) -> None:
    sent = a_rating(comment="Ramah, hubungi 0812-9876-5432")
    other = sent.model_copy(update={"comment": "Ramah, hubungi 0812-1111-2222"})
    with writing(services.engine) as writer:
        assert record([sent], writer, NOON).new == 1
        assert record([sent], writer, NOON).conflicting == ()
        assert record([other], writer, NOON).conflicting == (other,)
    assert session.get_one(RatingRow, sent.id).comment == "Ramah, hubungi …"
