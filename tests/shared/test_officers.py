"""Officers as administration finds them."""

import pytest
from sqlmodel import Session

from shared.db.engine import reading, writing
from shared.db.officers import FoundOfficers, add_officer, change_officer, officer_facts, officers_listed
from shared.domain.facts import OfficerFacts
from shared.nips import nips
from shared.services import Services
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE

NIP = "198503152010012009"
EVERYWHERE = frozenset({OFFICE, OTHER_OFFICE})


@pytest.fixture(autouse=True)
def _asha_has_a_nip(services: Services) -> None:
    sealer = nips(services.settings)
    facts = OfficerFacts(code=ASHA, office=OFFICE, name="Asha Pertiwi, S.Sos.", nip=NIP)
    with writing(services.engine) as session:
        known = officer_facts(session, ASHA, EVERYWHERE, sealer)
        assert known is not None
        change_officer(session, facts, known[1], sealer)


def found(
    session: Session, services: Services, within: frozenset[str] = EVERYWHERE, **query: object
) -> FoundOfficers:
    return officers_listed(session, within, nips(services.settings), **query)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        pytest.param("", [ASHA, BILAL, DEV], id="everybody, by name"),
        pytest.param("asha", [ASHA], id="part of a name"),
        pytest.param("s.sos PERTIWI", [ASHA], id="words in any order and case"),
        pytest.param("dk8", [BILAL], id="a code"),
        pytest.param(NIP, [ASHA], id="a whole NIP"),
        pytest.param(" 19850315 201001 2 009 ", [ASHA], id="a NIP as it is written"),
        pytest.param("198503152010012001", [], id="nobody's NIP"),
        pytest.param("201001", [], id="part of a NIP"),
        pytest.param("a%a", [], id="a wildcard is only a letter"),
        pytest.param("asha bilal", [], id="two people"),
    ],
)
def test_officers_are_found_by(session: Session, services: Services, words: str, codes: list[str]) -> None:
    assert [officer.code for officer in found(session, services, words=words).officers] == codes


def test_only_these_offices_are_searched(session: Session, services: Services) -> None:
    there = frozenset({OTHER_OFFICE})
    assert [officer.code for officer in found(session, services, there).officers] == [DEV]
    assert found(session, services, there, words=NIP).count == 0
    assert officer_facts(session, ASHA, there, nips(services.settings)) is None


@pytest.mark.parametrize(
    ("wanted", "page", "first", "last"),
    [(-1, 1, 1, 50), (0, 1, 1, 50), (2, 2, 51, 100), (3, 3, 101, 103), (10**30, 3, 101, 103)],
)
def test_a_page_that_is_not_there_is_the_nearest(
    services: Services, wanted: int, page: int, first: int, last: int
) -> None:
    sealer = nips(services.settings)
    with writing(services.engine) as session:
        for number in range(100):
            add_officer(session, OfficerFacts(code=f"P{number:03}", office=OFFICE, name=f"P {number}"), sealer)
    with reading(services.engine) as session:
        listed = found(session, services, page=wanted)
    assert (listed.page, listed.first, listed.last, listed.count) == (page, first, last, 103)


def test_nobody_is_the_first_page_of_none(session: Session, services: Services) -> None:
    assert (found(session, services, words="tidak ada").page, found(session, services, words="x y").officers) == (
        1,
        [],
    )
