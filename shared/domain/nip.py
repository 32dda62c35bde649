"""The numbers of civil servants: NIP of a PNS, NI PPPK of a contract officer; 18 digits without a check digit."""

from datetime import date

PNS_FIRST_YEAR = 1945
EARLIEST_BIRTH = 1900
ALMOST_A_NIP = 15


class NipInvalid(ValueError):
    """This is no NIP and no NI PPPK."""


def parse_nip(text: str) -> str:
    """Return the 18 digits of a NIP or NI PPPK, spaces and dots left out; raise NipInvalid when it is neither.

    NIP: birth YYYYMMDD, appointment YYYYMM, sex 1 or 2, serial. NI PPPK: birth YYYYMMDD, year, a code from 21 on
    where a NIP has its month, sex, serial.
    """
    digits = _without_spaces(text)
    if len(digits) != 18 or not (digits.isascii() and digits.isdigit()):
        raise NipInvalid
    born = _date(digits[:8])
    year, month_or_code, sex = int(digits[8:12]), int(digits[12:14]), digits[14]
    known = 1 <= month_or_code <= 12 or month_or_code >= 21
    if born.year < EARLIEST_BIRTH or not known or sex not in "12" or year < max(PNS_FIRST_YEAR, born.year + 15):
        raise NipInvalid
    return digits


def is_nip(text: str) -> bool:
    """Say whether somebody who writes this may mean a NIP or NI PPPK."""
    try:
        parse_nip(text)
    except NipInvalid:
        return False
    return True


def is_meant_as_nip(text: str) -> bool:
    """Say whether somebody who writes this tries to write a NIP, perhaps with a digit wrong or missing."""
    digits = _without_spaces(text)
    return len(digits) >= ALMOST_A_NIP and digits.isdigit()


def masked_nip(nip: str) -> str:
    """Return a NIP as pages show it: enough to tell two apart, neither birthday nor sex."""
    return f"•••• {nip[-3:]}"


def _without_spaces(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and char not in ".-")


def _date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise NipInvalid from error
