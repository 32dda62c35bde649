"""What an imported file may say about officers beyond what goes in: kept sealed, and no code is a NIP or a name."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import Session

from shared.db import import_acts as acts
from shared.db.accounts import Place, create_account
from shared.db.engine import writing
from shared.db.import_tables import ImportBatchRow, ImportFileRow, ImportRefusalRow
from shared.db.imports import refusals
from shared.db.people_tables import OfficerRow
from shared.domain.imports import ImportKind
from shared.domain.people import Role
from shared.imports.steps import Steps
from shared.nips import handed_in
from shared.services import Services
from tests.cast import ASHA, OFFICE

NIP = "198503152010012001"
TABLE = f"kode,nama,nip\nZ1,Siti,{NIP}\nZ Z,Budi,{NIP}\n{NIP},Sukarno,\n"


def checked(services: Services, content: str) -> UUID:
    """Hand a list of officers in and let a worker check it."""
    sealer = handed_in(services.settings)
    with writing(services.engine) as session:
        batch, _new = acts.hand_in(
            session, ImportKind.OFFICERS, OFFICE, "a.csv", content.encode(), "admin", services.clock(), sealer
        )
    services.directory.look_again()
    worker = Steps(services)
    while worker.take():
        pass
    return batch


def test_neither_the_file_nor_its_refused_rows_are_kept_in_plain_text(services: Services, session: Session) -> None:
    batch = checked(services, TABLE)
    kept = [*session.scalars(select(ImportFileRow)), *session.scalars(select(ImportRefusalRow))]
    kept += session.scalars(select(ImportBatchRow)).all()
    assert len(kept) == 4
    assert not any(NIP in str(row.model_dump()) for row in kept)
    sealer = handed_in(services.settings)
    assert [one.cells for one in refusals(session, batch, sealer)] == [["Z Z", "Budi", NIP], [NIP, "Sukarno", ""]]


def test_the_same_file_twice_is_one_import_although_it_is_sealed(services: Services) -> None:
    assert checked(services, TABLE) == checked(services, TABLE)


def test_a_nip_is_never_an_officers_code(services: Services, session: Session) -> None:
    batch = checked(services, TABLE)
    reason = refusals(session, batch, handed_in(services.settings))[-1]
    assert (reason.reason[:13], reason.facts) == ("This is a NIP", {})


@pytest.mark.parametrize("code", ["SUP", "sup", " Sup "])
def test_a_code_with_which_somebody_else_signs_in_is_refused(services: Services, session: Session, code: str) -> None:
    with writing(services.engine) as writer:
        create_account(writer, "sup", "loket-tiga-ramah", Place(Role.SUPERVISOR, office=OFFICE), services.clock())
        create_account(writer, ASHA, "loket-tiga-ramah", Place(Role.OFFICER, officer=ASHA), services.clock())
    batch = checked(services, f"kode,nama\nZ Z,x\n{code},Budi\nDK7,Asha\nZ1,Siti\n")
    told = refusals(session, batch, handed_in(services.settings))
    assert [(one.number, one.facts) for one in told] == [(1, {"code": "Z Z"}), (2, {"code": "SUP"})]
    with writing(services.engine) as writer:
        acts.start(writer, batch, "admin", services.clock())
    worker = Steps(services)
    while worker.take():
        pass
    session.rollback()
    assert session.get(OfficerRow, "SUP") is None
    assert session.get_one(OfficerRow, ASHA).name == "Asha", "with their own code they are changed"
