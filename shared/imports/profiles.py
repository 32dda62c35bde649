"""Respondent profiles in the words of other people's forms: mapped where clear, otherwise unknown.

A word for several values of the standard form ("PNS/TNI/POLRI", "S2 ke atas") is unknown: nobody's answer is
guessed. No profile word ever refuses a row.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeVar

from shared.domain.ratings import AgeBand, Education, Occupation, Profile, Sex
from shared.imports.tables import Row, fold, named_by

Word = TypeVar("Word", bound=StrEnum)

PROFILE_COLUMNS: Final = ("sex", "age", "education", "occupation")

_SEXES: Final = named_by({
    Sex.MALE: ("male", "m", "laki-laki", "laki", "lk", "l", "pria"),
    Sex.FEMALE: ("female", "f", "perempuan", "pr", "p", "wanita", "w"),
})  # fmt: skip
_EDUCATIONS: Final = named_by({
    Education.SD: ("sd", "mi", "sd ke bawah", "sd kebawah", "sekolah dasar", "primary school"),
    Education.SMP: ("smp", "mts", "sltp", "junior high school"),
    Education.SMA: ("sma", "smk", "smu", "slta", "stm", "ma", "senior high school"),
    Education.DIPLOMA: ("diploma", "d1", "d2", "d3", "d-i", "d-ii", "d-iii", "d1-d3"),
    Education.S1: ("s1", "s-1", "d4", "d-iv", "sarjana", "bachelor"),
    Education.S2: ("s2", "s-2", "magister", "master"),
    Education.S3: ("s3", "s-3", "doktor", "doctor", "doctorate"),
})  # fmt: skip
_OCCUPATIONS: Final = named_by({
    Occupation.PNS: ("pns", "asn", "pegawai negeri", "pegawai negeri sipil", "civil servant"),
    Occupation.TNI: ("tni", "military"),
    Occupation.POLRI: ("polri", "polisi", "police"),
    Occupation.SWASTA: ("swasta", "pegawai swasta", "karyawan swasta", "private", "private employee"),
    Occupation.WIRAUSAHA: ("wirausaha", "wiraswasta", "pengusaha", "usahawan", "self-employed", "entrepreneur"),
    Occupation.PELAJAR: ("pelajar", "mahasiswa", "siswa", "student"),
    Occupation.LAINNYA: ("lainnya", "lain-lain", "other", "ibu rumah tangga", "irt", "petani", "nelayan", "pensiun"),
})  # fmt: skip
_FILLERS: Final = re.compile(r"\b(?:setara|sederajat|equivalent)\b")
_BETWEEN: Final = re.compile(r"/|,|&|\b(?:atau|dan|or|and)\b")

_BANDS: Final = tuple(AgeBand)
_FIRST_YEARS: Final = (0, 18, 30, 40, 50, 60)
_OLDEST: Final = 120
_SILENT: Final = re.compile(r"\s|tahun|thn|years?")
_AGE: Final = re.compile(r"(\d{1,3})(?:[.,]0)?")
_RANGE: Final = re.compile(r"(\d{1,3})(?:-|–|sampai|hingga|s/?d\.?|to)(\d{1,3})")
_BELOW: Final = re.compile(r"(?:<|dibawah|kurangdari|under)(\d{1,3})")
_UP_TO: Final = re.compile(r"(?:≤|<=)(\d{1,3})|(\d{1,3})kebawah")
_FROM: Final = re.compile(r"(?:≥|>=)(\d{1,3})|(\d{1,3})(?:\+|keatas|up)")
_ABOVE: Final = re.compile(r"(?:>|diatas|lebihdari|over)(\d{1,3})")


def read_profile(row: Row) -> Profile | None:
    """Return what the row says of who answered, as far as it is clear; None when it says nothing."""
    profile = Profile(
        sex=_one_value(row.cell("sex"), _SEXES, Sex),
        age_band=age_band(row.cell("age")),
        education=_one_value(row.cell("education"), _EDUCATIONS, Education),
        occupation=_one_value(row.cell("occupation"), _OCCUPATIONS, Occupation),
    )
    return None if profile == Profile() else profile


def _one_value(text: str, words: Mapping[str, str], values: type[Word]) -> Word | None:
    """Return the one value that every word of the cell means; None when they differ or one is not known."""
    parts = [fold(part) for part in _BETWEEN.split(_FILLERS.sub("", text.casefold()))]
    meant = {words.get(part) for part in parts if part}
    only = meant.pop() if len(meant) == 1 else None
    return None if only is None else values(only)


def age_band(text: str) -> AgeBand | None:
    """Return the band of an age, or of a range of ages that lies within one; None when it lies in several."""
    said = _SILENT.sub("", text.casefold())
    if said in set(AgeBand):
        return AgeBand(said)
    ages = _ages(said)
    if ages is None or not 0 <= ages[0] <= ages[1] <= _OLDEST:
        return None
    youngest, oldest = (_band(age) for age in ages)
    return youngest if youngest is oldest else None


def _ages(said: str) -> tuple[int, int] | None:
    """Return the youngest and the oldest age that were meant."""
    if match := _AGE.fullmatch(said):
        return int(match[1]), int(match[1])
    if match := _RANGE.fullmatch(said):
        return int(match[1]), int(match[2])
    if match := _BELOW.fullmatch(said):
        return 0, int(match[1]) - 1
    if match := _UP_TO.fullmatch(said):
        return 0, int(match[1] or match[2])
    if match := _FROM.fullmatch(said):
        return int(match[1] or match[2]), _OLDEST
    if match := _ABOVE.fullmatch(said):
        return int(match[1]) + 1, _OLDEST
    return None


def _band(age: int) -> AgeBand:
    return next(
        (band for band, (first, after) in zip(_BANDS, pairwise(_FIRST_YEARS), strict=False) if first <= age < after),
        _BANDS[-1],
    )
