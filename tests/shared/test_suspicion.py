"""Signs that presses are not what residents said: seen where they are, and seldom where they are not."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from shared.domain.suspicion import Press, Suspicion, signs

EIGHT = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""A Monday, eight o'clock in Sawahlunto."""


_chance = Random(0)


def a_press(kiosk: int, moment: datetime, answer: int) -> Press:
    return Press(UUID(int=_chance.getrandbits(128)), kiosk, moment, answer)


def suspicions(presses: list[Press]) -> dict[Suspicion, int]:
    """Return every sign there is, with the number of presses that show it."""
    return {sign.suspicion: len(sign.presses) for sign in signs(presses)}


def pressed(
    *answers: int, every: float = 400, begin: datetime = EIGHT, kiosk: int = 1, chance: Random | None = None
) -> list[Press]:
    """Return presses so many seconds apart, or so many on average where chance decides."""
    presses, moment = [], begin
    for answer in answers:
        presses.append(a_press(kiosk, moment, answer))
        moment += timedelta(seconds=chance.expovariate(1 / every) if chance else every)
    return presses


def an_honest_month(chance: Random, count: int) -> list[Press]:
    """Return what residents of one counter do on twenty-two days, of whom some have waited in a queue."""
    day = timedelta(days=1)
    begins = [
        EIGHT + day * chance.randrange(28) + timedelta(seconds=chance.uniform(0, 7 * 3600)) for _ in range(count)
    ]
    shares = chance.choice([(2, 5, 54, 39), (0, 1, 20, 79), (8, 15, 50, 27)])
    return [a_press(1, moment, chance.choices((1, 2, 3, 4), shares)[0]) for moment in begins]


def test_honest_months_are_left_in_peace() -> None:
    chance = Random(11)
    months = [an_honest_month(chance, chance.randrange(5, 160)) for _ in range(400)]
    assert sum(bool(suspicions(month)) for month in months) <= 2


def test_fifty_paced_just_above_the_interval_are_a_burst() -> None:
    found = suspicions([*an_honest_month(Random(1), 60), *pressed(*[4] * 50, every=11)])
    assert found[Suspicion.BURST] >= 50


@pytest.mark.parametrize(("count", "sign"), [(30, True), (29, False)])
def test_thirty_in_an_hour_were_not_served(count: int, sign: bool) -> None:
    presses = pressed(*[4, 3, 2] * 10, every=3599 / 29, chance=None)[:count]
    assert (Suspicion.BURST in suspicions(presses)) is sign


def test_at_two_counters_twice_as_many_can_be_served() -> None:
    chance = Random(5)
    both = [
        *pressed(*[4, 3] * 10, every=150, chance=chance),
        *pressed(*[4, 3] * 10, every=150, kiosk=2, chance=chance),
    ]
    assert Suspicion.BURST not in suspicions(both)


def test_a_run_of_one_answer_amid_others_is_a_sign() -> None:
    chance = Random(2)
    usual = [chance.choice((2, 3, 3, 4)) for _ in range(40)]
    presses = pressed(*usual[:20], *[4] * 15, *usual[20:], every=5000, chance=chance)
    assert suspicions(presses)[Suspicion.ONE_ANSWER] >= 15


def test_who_is_always_given_the_same_is_not_suspected() -> None:
    assert suspicions(pressed(*[4] * 120, every=5000, chance=Random(3))) == {}


def test_presses_like_a_clocks_are_a_sign() -> None:
    chance = Random(4)
    answers = [chance.choice((3, 4)) for _ in range(13)]
    assert suspicions(pressed(*answers, every=300)) == {Suspicion.REGULAR: 13}
    assert suspicions(pressed(*answers, every=300, chance=chance)) == {}
    assert suspicions(pressed(*answers, every=1200)) == {}, "every twenty minutes is an appointment book"


def test_one_kiosk_against_all_others_is_a_sign() -> None:
    chance = Random(6)
    poor = [a_press(1, press.given_at, chance.choice((1, 1, 2))) for press in an_honest_month(chance, 30)]
    good = [a_press(2, press.given_at, chance.choice((3, 4))) for press in an_honest_month(chance, 40)]
    assert Suspicion.ONE_KIOSK in suspicions([*poor, *good])
    assert suspicions(poor[:10] + good[:10]) == {}, "of so few one cannot say"


def test_in_whatever_order_they_came_the_signs_are_the_same() -> None:
    presses = [*an_honest_month(Random(7), 50), *pressed(*[4] * 40, every=12)]
    mixed = list(presses)
    Random(8).shuffle(mixed)
    assert suspicions(mixed) == suspicions(presses)
    assert suspicions([]) == {}


def test_a_burst_is_all_of_it_and_nothing_before_or_after() -> None:
    before = pressed(4, 3, 4, every=1800, begin=EIGHT - timedelta(hours=3))
    burst = pressed(*[4, 4, 3] * 25, every=60, chance=Random(9))
    (sign,) = signs([*before, *burst])
    assert (sign.suspicion, sign.presses) == (Suspicion.BURST, tuple(burst))
