"""A telephone number is one number however it is written, and nobody reads it whole."""

import pytest

from shared.domain.phones import masked_phone, normal_phone, takes_messages
from shared.phones import Phones
from tests.sms.stage import PHONE


@pytest.mark.parametrize(
    "written",
    ["081234567890", "6281234567890", "+6281234567890", "81234567890", "0812-3456-7890", "+62 (812) 3456.7890",
     "006281234567890", "+62 0812 3456 7890"],
)  # fmt: skip
def test_one_number_however_it_is_written(written: str) -> None:
    assert normal_phone(written) == "+6281234567890"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("+15005550006", "+15005550006", id="another country"),
        pytest.param("+81312345678", "+81312345678", id="Japan, not an Indonesian mobile without its zero"),
        pytest.param("+622112345678", "+622112345678", id="an Indonesian landline"),
        pytest.param("08123456789012", None, id="too long for a mobile"),
        pytest.param("0812345", None, id="too short for a mobile"),
        pytest.param("+6284123456789", None, id="84 is no Indonesian mobile"),
        pytest.param("15005550006", None, id="another country without its plus"),
        pytest.param("36606", None, id="a short code"),
        pytest.param("TOKOKU", None, id="a name"),
        pytest.param("+62812345678a", None, id="a letter"),
        pytest.param("", None, id="nothing"),
        pytest.param("+٦٢٨١٢٣٤٥٦٧٨", None, id="digits of another script"),
    ],
)
def test_only_a_telephone_number_is_one(written: str, expected: str | None) -> None:
    assert normal_phone(written) == expected


@pytest.mark.parametrize(
    ("written", "reached"),
    [
        ("0812-3456-7890", True),
        ("0755-61234", False),
        ("0800-1-234567", False),
        ("+65 6123 4567", True),
        ("+1 500 555 0006", True),
    ],
)
def test_a_message_reaches_mobile_phones_and_what_another_country_calls_a_number(written: str, reached: bool) -> None:
    phone = normal_phone(written)
    assert phone is not None
    assert takes_messages(phone) is reached


def test_a_masked_number_is_known_to_its_owner_alone() -> None:
    assert masked_phone(PHONE) == "+62812•••890"


def test_a_kept_number_is_sent_to_by_who_holds_the_key_and_found_without_being_read() -> None:
    phones, others = Phones("key"), Phones("another")
    assert phones.open(phones.seal(PHONE)) == PHONE
    assert PHONE.encode() not in phones.seal(PHONE)
    assert phones.hash(PHONE) == phones.hash(PHONE) != others.hash(PHONE)
