"""Fourteen months of plausible ratings, the same for the same day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from shared.domain.months import Month
from shared.domain.ratings import Channel, Rating, Reason
from shared.domain.skm import Element
from shared.domain.zones import zone
from shared.seed.offices import OFFICES, DemoOffice

MONTHS: Final = 14
FEW_RATINGS: Final = "DK5"
AT_THE_EDGE: Final = "DK3"
GRADE_EDGE: Final = (1, 2, 22, 37)
"""62 ratings totalling 219: 25 x 219 / 62 = 88.3064..., which is 88.31 and an A by the smallest margin."""
COMMENTS: Final = (
    "Pelayanannya ramah dan cepat, terima kasih.",
    "Antre agak lama, tapi petugasnya sabar menjelaskan.",
    "Sudah bagus. Mohon ditambah tempat duduk.",
    "Penjelasannya mudah dimengerti.",
    "Tolong syaratnya ditulis di papan supaya tidak bolak-balik.",
)
PRAISE = (Reason.RAMAH, Reason.CEPAT, Reason.JELAS, Reason.MENGUASAI, Reason.SABAR)
CONCERNS = (Reason.KURANG_RAMAH, Reason.LAMA, Reason.KURANG_JELAS, Reason.SYARAT_BERUBAH)


def demo_ratings(now: datetime) -> Iterator[Rating]:
    """Return what residents are supposed to have said in the months before `now`."""
    chance = Random(7)  # noqa: S311  plausible variety, not a secret
    for office in OFFICES:
        present = Month.of(now, zone(office.timezone))
        for code, _name, counter, mean in office.officers:
            for back in range(MONTHS):
                month = present.plus(back - MONTHS + 1)
                answers = _answers(chance, code, month, present, mean)
                for answer in answers:
                    yield _rating(chance, office, code, counter, month, answer, now)


def _answers(chance: Random, officer: str, month: Month, present: Month, mean: float) -> list[int]:
    if officer == FEW_RATINGS:
        return [3, 4, 3] if month == present.plus(-1) else [4, 3] if month == present else []
    if officer == AT_THE_EDGE and month == present.plus(-1):
        return [answer for answer, count in enumerate(GRADE_EDGE, start=1) for _ in range(count)]
    usual = chance.randint(24, 64)
    count = usual // 2 if month == present else usual
    drift = mean + chance.uniform(-0.15, 0.15)
    return [max(1, min(4, round(chance.gauss(drift, 0.75)))) for _ in range(count)]


def _rating(
    chance: Random, office: DemoOffice, officer: str, counter: str, month: Month, answer: int, now: datetime
) -> Rating:
    start, end = month.bounds(zone(office.timezone))
    latest = min(end, now) - timedelta(minutes=1)
    given_at = _at_opening_hours(chance, start, latest)
    channel = chance.choices((Channel.KIOSK, Channel.WHATSAPP, Channel.SMS), weights=(86, 9, 5))[0]
    told_more = channel is Channel.KIOSK and chance.random() < 0.6
    asked = chance.sample(list(Element), 2) if told_more else []
    return Rating(
        id=UUID(int=chance.getrandbits(128), version=4),
        office=office.code,
        officer=officer,
        counter=counter,
        service=chance.choice(office.services)[0],
        overall=answer,
        elements={element: max(1, min(4, answer + chance.choice((-1, 0, 0, 0, 1)))) for element in asked},
        reasons=(chance.choice(PRAISE if answer >= 3 else CONCERNS),) if told_more else (),
        comment=chance.choice(COMMENTS) if chance.random() < 0.08 else None,
        channel=channel,
        given_at=given_at,
        accepted_at=given_at + timedelta(seconds=2),
    )


def _at_opening_hours(chance: Random, start: datetime, latest: datetime) -> datetime:
    span = max(1, (latest - start).days + 1)
    day = start + timedelta(days=chance.randrange(span))
    moment = day.replace(hour=8) + timedelta(seconds=chance.randrange(7 * 3600))
    return moment if moment < latest else start + (latest - start) * chance.random()
