"""One-time links: what was written is read again, and nothing else; one link, one rating."""

from datetime import UTC, datetime

import pytest

from shared.links import Links, LinkUnknown, VisitLink, new_visit, reaches_phones

LINKS = Links("a secret of this installation")
VISIT = VisitLink("aZ_-09", "DSW", "DK7", datetime(2026, 11, 19, 5, 0, tzinfo=UTC), "DSL3", 12)
TOKEN = LINKS.token(VISIT)


@pytest.mark.parametrize(
    "visit",
    [
        pytest.param(VISIT, id="handed out by a kiosk"),
        pytest.param(VisitLink(new_visit(), "A-B", "9", VISIT.until), id="of no kiosk and no counter"),
    ],
)
def test_a_link_is_read_as_it_was_written(visit: VisitLink) -> None:
    assert LINKS.read(LINKS.token(visit)) == visit


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param(".", id="a dot"),
        pytest.param(TOKEN[:-1], id="cut short"),
        pytest.param(f"{TOKEN}=", id="longer"),
        pytest.param(TOKEN.replace("DK7", "DK8"), id="of another officer"),
        pytest.param(TOKEN.replace(".12.", ".13."), id="of another kiosk"),
        pytest.param(TOKEN.upper(), id="in capitals"),
        pytest.param("\ud800" + TOKEN, id="with half a letter"),
        pytest.param(Links("another secret").token(VISIT), id="of another installation"),
    ],
)
def test_any_other_text_is_no_link(token: str) -> None:
    with pytest.raises(LinkUnknown):
        LINKS.read(token)


def test_one_link_is_one_rating() -> None:
    other = LINKS.token(VisitLink("aZ_-08", "DSW", "DK7", VISIT.until, "DSL3", 12))
    assert LINKS.rating_id(TOKEN) == Links("a secret of this installation").rating_id(TOKEN)
    assert LINKS.rating_id(TOKEN) != LINKS.rating_id(other)


@pytest.mark.parametrize(
    ("root", "reaches"),
    [
        ("https://loket.example.go.id", True),
        ("http://192.168.1.5:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_only_an_address_of_this_machine_itself_is_out_of_reach(root: str, reaches: bool) -> None:
    assert reaches_phones(root) == reaches
