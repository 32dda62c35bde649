"""An installation of three hundred officers, and the ratings people give there."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import SQLModel

from shared.db.engine import writing
from shared.db.people import secret_hash
from shared.db.people_tables import (
    CounterRow,
    KioskRow,
    OfficeRow,
    OfficerRow,
    PostingRow,
    RegionRow,
    ServiceRow,
)
from shared.db.schema import upgrade
from shared.domain.clock import system_clock
from shared.domain.ratings import Channel, Rating, Reason
from shared.domain.skm import Element

OFFICES: Final = 10
OFFICERS_EACH: Final = 30
COUNTERS_EACH: Final = 6
DAYS_POSTED: Final = 35
COMMENTS: Final = (
    "Pelayanannya ramah dan cepat, terima kasih.",
    "Antre agak lama, tapi petugasnya sabar menjelaskan.",
    "Tolong syaratnya ditulis di papan supaya tidak bolak-balik.",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A counter with its kiosk, and who serves there."""

    office: str
    counter: str
    kiosk: int
    token: str
    officers: tuple[str, ...]


def places() -> list[Place]:
    """Return every counter of the installation."""
    found = []
    for office in range(OFFICES):
        officers = [_officer(office, number) for number in range(OFFICERS_EACH)]
        for counter in range(COUNTERS_EACH):
            kiosk = office * COUNTERS_EACH + counter + 1
            serving = tuple(officers[counter::COUNTERS_EACH])
            found.append(Place(f"KT{office}", f"KT{office}L{counter}", kiosk, f"{kiosk:043d}", serving))
    return found


def _officer(office: int, number: int) -> str:
    return f"PG{office}{number:02d}"


def prepare(engine: Engine) -> None:
    """Migrate the database and put the installation's people into it."""
    upgrade(engine)
    with writing(engine) as session:
        for rows in _rows(system_clock()):
            session.add_all(rows)
            session.flush()


def _rows(now: datetime) -> Iterator[list[SQLModel]]:
    yield [RegionRow(code="UJI", name="Daerah Uji")]
    yield [
        OfficeRow(code=f"KT{n}", region_code="UJI", name=f"Kantor {n}", kind="dukcapil", timezone="Asia/Jakarta")
        for n in range(OFFICES)
    ]
    yield [CounterRow(code=place.counter, office_code=place.office, name=place.counter) for place in places()]
    yield [
        *(ServiceRow(office_code=f"KT{n}", code="KTP", name="KTP elektronik") for n in range(OFFICES)),
        *(
            OfficerRow(code=officer, name=f"Petugas {officer}", office_code=place.office)
            for place in places()
            for officer in place.officers
        ),
    ]
    yield [
        KioskRow(
            id=place.kiosk,
            name=place.counter,
            office_code=place.office,
            counter_code=place.counter,
            token_hash=secret_hash(place.token),
            enrolled_at=now,
        )
        for place in places()
    ]
    yield [
        PostingRow(
            officer_code=officer,
            counter_code=place.counter,
            starts_at=now + timedelta(days=day),
            ends_at=now + timedelta(days=day, hours=8),
        )
        for place in places()
        for officer in place.officers
        for day in range(DAYS_POSTED)
    ]


def presses(chance: Random, now: datetime) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield what people press, for ever, as kiosks send it: ids in order of time, most with more than one answer."""
    everywhere, number = places(), 0
    while True:
        place, number = chance.choice(everywhere), number + 1
        overall = chance.choices((1, 2, 3, 4), weights=(4, 10, 40, 46))[0]
        told_more = chance.random() < 0.6
        said: dict[str, Any] = {
            "id": str(_version_7(chance, now, number)),
            "officer": chance.choice(place.officers),
            "overall": overall,
            "given_at": (now - timedelta(seconds=chance.randrange(1, 6 * 3600))).isoformat(),
            "language": "id",
            "service": "KTP",
            "sequence": number,
        }
        if told_more:
            reason = Reason.RAMAH if overall >= 3 else Reason.LAMA
            said |= {"elements": _two_elements(chance, overall), "reasons": [reason.value]}
        if chance.random() < 0.1:
            said["comment"] = chance.choice(COMMENTS)
        if chance.random() < 0.05:
            said["profile"] = {"sex": "female", "age_band": "30_39"}
        yield place, said


def _version_7(chance: Random, now: datetime, number: int) -> uuid.UUID:
    milliseconds = int(now.timestamp() * 1000) + number
    return uuid.UUID(
        int=milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62)
    )


def _two_elements(chance: Random, overall: int) -> dict[str, int]:
    return {
        element.value: max(1, min(4, overall + chance.choice((-1, 0, 0, 1))))
        for element in chance.sample(list(Element), 2)
    }


def ratings(chance: Random, now: datetime) -> Iterator[Rating]:
    """Yield the same presses as accepted ratings."""
    for place, said in presses(chance, now):
        ours = {"office": place.office, "channel": Channel.KIOSK, "kiosk": place.kiosk, "accepted_at": now}
        yield Rating.model_validate({"counter": place.counter, **said, **ours})
