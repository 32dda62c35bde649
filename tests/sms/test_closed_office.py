"""An office that has closed is not known by message either, nor are its counters and officers."""

import pytest

from shared.db.engine import writing
from shared.db.people_tables import OfficeRow
from shared.services import Services
from tests.cast import ASHA, COUNTER, OFFICE
from tests.factories import NOON
from tests.sms.stage import Phone


@pytest.mark.parametrize("code", [ASHA, COUNTER])
def test_its_codes_are_as_unknown_as_any_other(phone: Phone, services: Services, code: str) -> None:
    with writing(services.engine) as session:
        session.get_one(OfficeRow, OFFICE).closed_on = NOON.date()
    services.directory.look_again()
    unknown = phone.say("NILAI DK0 4")
    phone.say("BATAL")
    assert "DK0" in unknown
    assert phone.say(f"NILAI {code} 4").replace(code, "DK0") == unknown


def test_a_comment_comes_in_without_a_nul(phone: Phone) -> None:
    assert phone.say("NILAI DK7 4 ramah\0 sekali").startswith("Terima kasih.")
