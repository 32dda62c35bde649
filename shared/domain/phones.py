"""Telephone numbers of persons: however written, one number; on a screen, never all of it."""

import re
from typing import Final

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_possible_number,
    is_valid_number,
    number_type,
    parse,
)

HOME: Final = "ID"
HOME_CODE: Final = 62
SHOWN_FIRST, SHOWN_LAST = 6, 3
_WRITTEN: Final = re.compile(r"\+?[0-9\s().\-/\u2010-\u2015]{5,32}")
_DASHES: Final = re.compile(r"[\u2010-\u2015/]")


def normal_phone(written: str) -> str | None:
    """Return the number in E.164 however it was written; None when it is not a person's telephone number.

    0812..., 62812..., +62812..., 812... and 0812-3456-789 are one number; one of another country needs its + or 00.
    """
    plain = _DASHES.sub("-", written.strip())
    if not _WRITTEN.fullmatch(plain):
        return None
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    try:
        number = parse(plain, HOME)
    except NumberParseException:
        return None
    return format_number(number, PhoneNumberFormat.E164) if _is_of_a_person(number) else None


def _is_of_a_person(number: PhoneNumber) -> bool:
    # What other countries have given out changes faster than our list of it.
    return is_valid_number(number) if number.country_code == HOME_CODE else is_possible_number(number)


def takes_messages(phone: str) -> bool:
    """Say whether messages reach a number in E.164: at home mobile ones alone, elsewhere we cannot tell."""
    number = parse(phone)
    return number.country_code != HOME_CODE or number_type(number) == PhoneNumberType.MOBILE


def masked_phone(phone: str) -> str:
    """Return so much of a number in E.164 as its owner recognises and nobody can call: +62812•••789."""
    return f"{phone[:SHOWN_FIRST]}•••{phone[-SHOWN_LAST:]}"
