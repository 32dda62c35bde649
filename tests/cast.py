"""A fixed cast. Asha and Bilal serve at the Dukcapil of Sawahlunto, Dev in another office; the kiosk is Asha's."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

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
from shared.db.tables import ScoreSnapshotRow
from shared.services import Services
from tests.factories import NOON

ASHA: Final = "DK7"
BILAL: Final = "DK8"
DEV: Final = "PS1"
OFFICE: Final = "DSW"
OTHER_OFFICE: Final = "PSF"
COUNTER: Final = "DSL3"
KIOSK_TOKEN: Final = "k" * 43
OTHER_KIOSK_TOKEN: Final = "o" * 43
REVOKED_KIOSK_TOKEN: Final = "r" * 43


def people(session: Session) -> None:
    """Put the cast on the stage: two offices in two zones, three officers, three kiosks (one revoked)."""
    for rows in _rows():
        session.add_all(rows)
        session.flush()


def let_see(services: Services) -> None:
    """Let everything that was noted be seen, as five more ratings on a later day would."""
    with writing(services.engine) as session:
        for row in session.scalars(select(ScoreSnapshotRow)):
            row.seen = [row.ones, row.twos, row.threes, row.fours]
            session.add(row)


def _rows() -> list[list[object]]:
    return [
        [RegionRow(code="SWL", name="Kota Sawahlunto"), RegionRow(code="TDK", name="Kota Tidore Kepulauan")],
        [
            OfficeRow(
                code=OFFICE,
                region_code="SWL",
                name="Disdukcapil Sawahlunto",
                kind="dukcapil",
                timezone="Asia/Jakarta",
                population=1000,
            ),
            OfficeRow(
                code=OTHER_OFFICE,
                region_code="TDK",
                name="Puskesmas Sofifi",
                kind="puskesmas",
                timezone="Asia/Jayapura",
            ),
        ],
        [
            CounterRow(code=COUNTER, office_code=OFFICE, name="Loket 3"),
            CounterRow(code="DSL4", office_code=OFFICE, name="Loket 4"),
            CounterRow(code="PSL1", office_code=OTHER_OFFICE, name="Ruang 1"),
            ServiceRow(office_code=OFFICE, code="KTP", name="KTP elektronik"),
            OfficerRow(code=ASHA, name="Asha Pertiwi, S.Sos.", office_code=OFFICE),
            OfficerRow(code=BILAL, name="Bilal", office_code=OFFICE),
            OfficerRow(code=DEV, name="Dev Lasut", office_code=OTHER_OFFICE),
        ],
        [
            PostingRow(
                officer_code=ASHA,
                counter_code=COUNTER,
                starts_at=NOON - timedelta(hours=4),
                ends_at=NOON + timedelta(hours=4),
            ),
            _kiosk("Loket 3", OFFICE, COUNTER, KIOSK_TOKEN),
            _kiosk("Ruang 1", OTHER_OFFICE, "PSL1", OTHER_KIOSK_TOKEN),
            _kiosk("Loket 4 lama", OFFICE, "DSL4", REVOKED_KIOSK_TOKEN, revoked=True),
        ],
    ]


def _kiosk(name: str, office: str, counter: str, token: str, *, revoked: bool = False) -> KioskRow:
    return KioskRow(
        name=name,
        office_code=office,
        counter_code=counter,
        token_hash=secret_hash(token),
        enrolled_at=NOON,
        revoked_at=NOON if revoked else None,
    )
