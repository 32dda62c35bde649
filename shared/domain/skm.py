"""The national survey of public satisfaction (SKM), as PermenPANRB 14/2017 has it: elements, IKM, grades, sample.

Elements go by code, never by number: U8 and U9 are swapped between the regulation's list and its questionnaire.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final


class Element(StrEnum):
    """The nine elements (unsur) in the regulation's list order, which is U1 to U9 of reports."""

    PERSYARATAN = "PERSYARATAN"
    PROSEDUR = "PROSEDUR"
    WAKTU = "WAKTU"
    BIAYA = "BIAYA"
    PRODUK = "PRODUK"
    KOMPETENSI = "KOMPETENSI"
    PERILAKU = "PERILAKU"
    PENGADUAN = "PENGADUAN"
    SARANA = "SARANA"


class Grade(StrEnum):
    """Service quality (mutu pelayanan): A Sangat Baik, B Baik, C Kurang Baik, D Tidak Baik."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Weight(StrEnum):
    """The weight of one element: exact, or rounded the way older printed reports did."""

    EXACT = "1/9"
    THREE_DECIMALS = "0.111"
    TWO_DECIMALS = "0.11"

    @property
    def fraction(self) -> Fraction:
        """Return the weight as an exact number."""
        return Fraction(self.value)


GRADE_FLOORS: Final = ((Grade.A, 8831), (Grade.B, 7661), (Grade.C, 6500), (Grade.D, 2500))
"""Lowest rounded index of each grade, in hundredths (PermenPANRB 14/2017, annex)."""


def grade_of(hundredths: int) -> Grade:
    """Return the grade of an index already rounded to hundredths; the bands leave no gap on rounded figures."""
    return next((grade for grade, floor in GRADE_FLOORS if hundredths >= floor), Grade.D)


def half_up(value: Fraction, decimals: int) -> Decimal:
    """Round an exact number once, half away from zero, to that many decimals."""
    scaled = value * 10**decimals
    rounded = (abs(scaled.numerator) * 2 + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(rounded if value >= 0 else -rounded).scaleb(-decimals)


@dataclass(frozen=True, slots=True)
class Ikm:
    """The satisfaction index (IKM) of one unit with what it was computed from.

    `sums` and `answered` are per element; `hundredths` is None while an element has no answer, and
    `unanswered` names those elements.
    """

    weight: Weight
    respondents: int
    sums: Mapping[Element, int]
    answered: Mapping[Element, int]

    @property
    def unanswered(self) -> tuple[Element, ...]:
        """Return the elements nobody answered."""
        return tuple(element for element in Element if not self.answered[element])

    def nrr(self, element: Element) -> Fraction | None:
        """Return the mean answer of one element over the forms that answered it; None when none did."""
        return Fraction(self.sums[element], self.answered[element]) if self.answered[element] else None

    @property
    def hundredths(self) -> int | None:
        """Return 25 x sum of NRR x weight in hundredths, rounded once, half up (PermenPANRB 14/2017)."""
        means = [self.nrr(element) for element in Element]
        if any(mean is None for mean in means):
            return None
        total = sum((mean for mean in means if mean is not None), Fraction(0))
        return int(half_up(25 * total * self.weight.fraction, 2).scaleb(2))

    @property
    def grade(self) -> Grade | None:
        """Return the grade of the rounded index."""
        return None if self.hundredths is None else grade_of(self.hundredths)


def sample_needed(population: int) -> int:
    """Return how many respondents a population needs (Krejcie & Morgan 1970), half up.

    chi-squared 3.841, P 0.5, d 0.05; half up reproduces the published table, rounding up does not.
    Raises ValueError for a negative population.
    """
    if population < 0:
        raise ValueError("a population cannot be negative")
    chi2, spread, error = Fraction(3841, 1000), Fraction(1, 4), Fraction(1, 400)
    if population == 0:
        return 0
    needed = chi2 * population * spread / (error * (population - 1) + chi2 * spread)
    return int(half_up(needed, 0).to_integral_value(ROUND_HALF_UP))
