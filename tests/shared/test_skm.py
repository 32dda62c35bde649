"""The survey index against published reports, the edges of its grades, and the published sample sizes."""

from fractions import Fraction

import pytest

from shared.domain.skm import Element, Grade, Ikm, Weight, grade_of, half_up, sample_needed

PUBLISHED_SAMPLES = {
    10: 10, 15: 14, 20: 19, 25: 24, 30: 28, 35: 32, 40: 36, 45: 40, 50: 44, 55: 48, 60: 52, 65: 56, 70: 59, 75: 63,
    80: 66, 85: 70, 90: 73, 95: 76, 100: 80, 110: 86, 120: 92, 130: 97, 140: 103, 150: 108, 160: 113, 170: 118,
    180: 123, 190: 127, 200: 132, 210: 136, 220: 140, 230: 144, 240: 148, 250: 152, 260: 155, 270: 159, 280: 162,
    290: 165, 300: 169, 320: 175, 340: 181, 360: 186, 380: 191, 400: 196, 420: 201, 440: 205, 460: 210, 480: 214,
    500: 217, 550: 226, 600: 234, 650: 242, 700: 248, 750: 254, 800: 260, 850: 265, 900: 269, 950: 274, 1000: 278,
    1100: 285, 1200: 291, 1300: 297, 1400: 302, 1500: 306, 1600: 310, 1700: 313, 1800: 317, 1900: 320, 2000: 322,
    2200: 327, 2400: 331, 2600: 335, 2800: 338, 3000: 341, 3500: 346, 4000: 351, 4500: 354, 5000: 357, 6000: 361,
    7000: 364, 8000: 367, 9000: 368, 10000: 370, 15000: 375, 20000: 377, 30000: 379, 40000: 380, 50000: 381,
    75000: 382, 1000000: 384,
}  # fmt: skip


def an_ikm(respondents: int, sums: list[int], weight: Weight = Weight.EXACT) -> Ikm:
    return Ikm(weight, respondents, dict(zip(Element, sums, strict=True)), dict.fromkeys(Element, respondents))


def spread(total: int) -> list[int]:
    """Return nine sums with that total, as even as they can be."""
    return [total // 9 + (place < total % 9) for place in range(9)]


@pytest.mark.parametrize(
    ("respondents", "sums", "weight", "hundredths", "grade"),
    [
        pytest.param(n, sums, weight, hundredths, grade, id=f"{name}, {weight}")
        for name, n, sums, results in (
            ("Kemenag Sulawesi Barat", 29, [105, 101, 100, 116, 102, 105, 106, 105, 115], "9148A 9138A 9056A"),
            ("MPP Pangkep", 55, [215, 209, 207, 205, 205, 199, 204, 209, 203], "9374A 9364A 9280A"),
            ("Disdukcapil Pangkep", 5, [18, 18, 17, 18, 18, 19, 17, 18, 17], "8889A 8880A 8800B"),
            ("Setda Mahakam Ulu", 26, [93, 94, 93, 103, 95, 95, 98, 96, 102], "9284A 9275A 9191A"),
        )
        for weight, hundredths, grade in [
            (weight, int(result[:4]), Grade(result[4]))
            for weight, result in zip(Weight, results.split(), strict=True)
        ]
    ],
)
def test_published_reports_come_out_as_printed(
    respondents: int, sums: list[int], weight: Weight, hundredths: int, grade: Grade
) -> None:
    found = an_ikm(respondents, sums, weight)
    assert (found.hundredths, found.grade) == (hundredths, grade)


@pytest.mark.parametrize(
    ("respondents", "total", "hundredths", "grade"),
    [
        pytest.param(19, 604, 8830, Grade.B, id="just below A, where other programs find no grade"),
        pytest.param(19, 524, 7661, Grade.B, id="the floor of B"),
        pytest.param(58, 1357, 6499, Grade.D, id="just below C"),
        pytest.param(5, 117, 6500, Grade.C, id="the floor of C"),
        pytest.param(2500, 79479, 8831, Grade.A, id="rounds up into A"),
        pytest.param(2500, 68949, 7661, Grade.B, id="rounds up into B"),
    ],
)
def test_grades_go_by_the_rounded_index(respondents: int, total: int, hundredths: int, grade: Grade) -> None:
    found = an_ikm(respondents, spread(total))
    assert (found.hundredths, found.grade) == (hundredths, grade)


def test_the_bands_of_the_grades_leave_no_gap() -> None:
    grades = "".join(grade_of(hundredths) for hundredths in range(2500, 10001))
    assert grades == "D" * (6500 - 2500) + "C" * (7661 - 6500) + "B" * (8831 - 7661) + "A" * (10001 - 8831)


def test_a_blank_leaves_both_sides_of_its_mean() -> None:
    sums, answered = dict.fromkeys(Element, 8), dict.fromkeys(Element, 2)
    sums[Element.BIAYA], answered[Element.BIAYA] = 2, 1
    found = Ikm(Weight.EXACT, 2, sums, answered)
    assert found.nrr(Element.BIAYA) == 2
    assert found.hundredths == 9444, "25 x (8 x 4 + 2) / 9 = 94.44"


def test_an_element_nobody_answered_leaves_no_index_and_is_named() -> None:
    sums, answered = dict.fromkeys(Element, 8), dict.fromkeys(Element, 2)
    sums[Element.SARANA] = answered[Element.SARANA] = 0
    found = Ikm(Weight.EXACT, 2, sums, answered)
    assert (found.hundredths, found.grade, found.unanswered) == (None, None, (Element.SARANA,))


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        pytest.param(Fraction(105, 29), 4, "3.6207", id="four decimals"),
        pytest.param(Fraction(4), 4, "4.0000", id="a whole number keeps its decimals"),
        pytest.param(Fraction(37, 8), 2, "4.63", id="a half goes up"),
        pytest.param(Fraction(-5, 2), 0, "-3", id="a negative half goes away from zero"),
        pytest.param(Fraction(1, 3), 2, "0.33", id="less than a half goes down"),
    ],
)
def test_rounding_is_half_up_and_once(value: Fraction, decimals: int, written: str) -> None:
    assert str(half_up(value, decimals)) == written


def test_sample_sizes_reproduce_the_published_table() -> None:
    assert len(PUBLISHED_SAMPLES) == 90
    assert {population: sample_needed(population) for population in PUBLISHED_SAMPLES} == PUBLISHED_SAMPLES


def test_nobody_needs_no_sample_and_a_negative_population_is_refused() -> None:
    assert sample_needed(0) == 0
    with pytest.raises(ValueError, match="negative"):
        sample_needed(-1)
