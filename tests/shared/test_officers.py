"""Officers as administration finds them."""

import pytest
from sqlmodel import Session

from shared.db.engine import writing
from shared.db.officers import change_officer, officer_facts, officer_with_nip, officers_listed
from shared.domain.facts import OfficerFacts
from shared.nips import nips
from shared.phones import Phones
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
        change_officer(session, facts, known[1], sealer, Phones.of(services.settings))


def test_a_list_tells_them_in_the_order_asked_for_without_who_is_gone(session: Session, services: Services) -> None:
    listed = officers_listed(session, [DEV, "GONE", ASHA], nips(services.settings))
    assert [(officer.code, officer.nip) for officer in listed] == [(DEV, None), (ASHA, "•••• 009")]
    assert officers_listed(session, [], nips(services.settings)) == []


def test_a_nip_leads_to_its_officer_only_within_ones_offices(session: Session, services: Services) -> None:
    sealer = nips(services.settings)
    assert officer_with_nip(session, NIP, EVERYWHERE, sealer) == ASHA
    assert officer_with_nip(session, "198503152010012001", EVERYWHERE, sealer) is None
    assert officer_with_nip(session, NIP, frozenset({OTHER_OFFICE}), sealer) is None
    assert officer_facts(session, ASHA, frozenset({OTHER_OFFICE}), sealer) is None


def test_the_directory_has_them_in_the_order_of_their_names(services: Services) -> None:
    with writing(services.engine) as session:
        facts = OfficerFacts(code="A1", office=OFFICE, name="asmara")
        change = officer_facts(session, BILAL, EVERYWHERE, nips(services.settings))
        assert change is not None
        change_officer(
            session,
            facts.model_copy(update={"code": BILAL}),
            change[1],
            nips(services.settings),
            Phones.of(services.settings),
        )
    services.directory.look_again()
    assert list(services.directory.current().officers) == [ASHA, BILAL, DEV]
