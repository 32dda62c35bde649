"""Records that people add: whoever is a moment later finds the same thing there, and never a failure."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session

from shared.db.counters import Offer, add_offer
from shared.db.directory_version import directory_version
from shared.db.engine import reading, writing
from shared.db.officers import NipTaken, add_officer
from shared.db.offices import put_region
from shared.db.people_tables import OfficerRow
from shared.db.records import CodeTaken, add
from shared.domain.facts import CounterFacts, OfficerFacts, RegionFacts
from shared.nips import nips
from shared.phones import Phones
from shared.services import Services
from tests.cast import OFFICE

Act = Callable[[Session], None]
NIP = "198609262015051001"


def region(name: str) -> Act:
    return lambda session: put_region(session, RegionFacts(code="PDG", name=name))


def counter(name: str) -> Act:
    return lambda session: add_offer(session, Offer.COUNTERS, CounterFacts(code="DSL9", office=OFFICE, name=name))


def officer(services: Services, code: str, nip: str | None = NIP) -> Act:
    facts = OfficerFacts(code=code, office=OFFICE, name="Citra", nip=nip)
    return lambda session: add_officer(session, facts, nips(services.settings), Phones.of(services.settings))


def a_moment_apart(services: Services, first: Act, second: Act) -> None:
    """Let the second act begin while the first is not committed yet; raise what becomes of the second."""

    def act() -> None:
        with writing(services.engine) as session:
            second(session)

    with ThreadPoolExecutor(1) as pool:
        with writing(services.engine) as session:
            first(session)
            later = pool.submit(act)
            with pytest.raises(TimeoutError):
                later.result(timeout=0.5)
        later.result(timeout=20)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda _: region("Kota Padang"), id="a region"),
        pytest.param(lambda _: counter("Loket 9"), id="a counter"),
        pytest.param(lambda services: officer(services, "DK9"), id="an officer with a NIP"),
    ],
)
def test_the_same_twice_in_the_same_moment_is_there_once(services: Services, act: Callable[[Services], Act]) -> None:
    a_moment_apart(services, act(services), act(services))


def test_of_two_that_differ_the_later_finds_the_code_taken(services: Services) -> None:
    with pytest.raises(CodeTaken):
        a_moment_apart(services, region("Kota Padang"), region("Kota Pariaman"))


def test_of_two_officers_with_one_nip_the_later_finds_the_nip_taken(services: Services, session: Session) -> None:
    with pytest.raises(NipTaken):
        a_moment_apart(services, officer(services, "DK9"), officer(services, "DK10"))
    assert session.get(OfficerRow, "DK10") is None


def test_a_moment_later_the_rest_of_the_act_still_goes_in(services: Services, session: Session) -> None:
    def both(act: Session) -> None:
        add(act, OfficerRow(code="DK30", name="Dewi", office_code=OFFICE), "DK30")
        region("Kota Padang")(act)

    with reading(services.engine) as before:
        version = directory_version(before)
    a_moment_apart(services, region("Kota Padang"), both)
    assert session.get_one(OfficerRow, "DK30").name == "Dewi"
    assert directory_version(session) == version + 2
