"""Imports as the pages and the worker lead them, and a file of ratings."""

from uuid import UUID

from shared import nips
from shared.db import import_acts as acts
from shared.db.engine import reading, writing
from shared.db.import_acts import Import
from shared.domain.imports import ImportKind
from shared.imports.steps import Steps
from shared.sealing import Sealer
from shared.services import Services
from tests.cast import OFFICE

FORM = "tanggal,petugas,U1,nilai,saran\n"


def sealer(services: Services) -> Sealer:
    return nips.handed_in(services.settings)


def handed_in(services: Services, kind: ImportKind, content: str | bytes, office: str | None = OFFICE) -> UUID:
    data = content.encode() if isinstance(content, str) else content
    with writing(services.engine) as session:
        return acts.hand_in(session, kind, office, "berkas.csv", data, "admin", services.clock(), sealer(services))[0]


def worked_off(services: Services) -> None:
    """Let a worker do all that waits."""
    services.directory.look_again()
    worker = Steps(services)
    while worker.take():
        pass


def started(services: Services, batch: UUID) -> None:
    with writing(services.engine) as session:
        acts.start(session, batch, "admin", services.clock())


def brought_in(services: Services, kind: ImportKind, content: str, office: str | None = OFFICE) -> UUID:
    batch = handed_in(services, kind, content, office)
    worked_off(services)
    started(services, batch)
    worked_off(services)
    return batch


def undone(services: Services, batch: UUID) -> None:
    with writing(services.engine) as session:
        acts.undo(session, batch, "admin", services.clock())
    worked_off(services)


def confirmed(services: Services, batch: UUID, by: str = "admin2") -> None:
    with writing(services.engine) as session:
        acts.confirm(session, batch, by, services.clock())


def known(services: Services, batch: UUID) -> Import:
    with reading(services.engine) as session:
        found = acts.import_known(session, [OFFICE], batch)
    assert found is not None
    return found


RATINGS = FORM + "2026-10-01,DK7,4,4,baik\n" * 6
