"""No page of anybody tells that fewer than five people rated an officer, or what they said: whatever the page."""

import re
from datetime import UTC, datetime, timedelta
from difflib import ndiff
from typing import Final

import pytest
from flask import Flask

from kiosk import create_app
from kiosk.link.gate import PAGES as LINK_PAGES
from shared import closing, standings
from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.ratings import record
from shared.domain.people import Role
from shared.services import Services
from shared.signs import look_for_signs
from tests.cast import ASHA, BILAL, OFFICE
from tests.factories import SettableClock, a_message
from tests.kiosk.test_pages_by_role import FILES, NAMES, PAGES, ROLES, address, rules, signed_in
from tests.pages import Pages, let_lead, let_sign_in

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TOLD_ELSEWHERE: Final = frozenset({"audit.index", "audit.table", "admin.overview"})
"""The trail tells that a month was closed, and how many officers had ratings; never of whom, nor which."""
Readers = dict[str, Pages]
Where = tuple[str, str]
Read = dict[Where, str]
PATHS: Final = ("/me/2026-10", "/me/2026-11", f"/skm/{OFFICE}?first=2026-10&last=2026-10")


@pytest.fixture
def app(services: Services) -> Flask:
    let_sign_in(services, NAMES["officer"], ASHA)
    let_lead(services, NAMES["supervisor"], Place(Role.SUPERVISOR, office=OFFICE))
    let_lead(services, NAMES["agency"], Place(Role.AGENCY, region="SWL"))
    let_lead(services, NAMES["administrator"], Place(Role.ADMINISTRATOR))
    let_lead(services, NAMES["auditor"], Place(Role.AUDITOR))
    return create_app(services)


SEALED: Final = re.compile(r'(csrf_token.?|name="seal") value=.*?>')
"""What is another in every form there is."""


@pytest.fixture
def readers(app: Flask, services: Services) -> Readers:
    """Be everybody, signed in, in an installation that has seen a rating."""
    give(services, 1, datetime(2025, 8, 10, 2, tzinfo=UTC), officer=BILAL)
    return {role: signed_in(app, services, role) for role in ROLES}


def give(services: Services, count: int, begin: datetime, officer: str = ASHA) -> None:
    """Let so many people say everything one can say, as badly as one can."""
    said = {
        "overall": 1,
        "elements": {"KOMPETENSI": 1, "PERILAKU": 1, "WAKTU": 1},
        "reasons": ["lama", "minta_biaya"],
        "comment": "Sangat mengecewakan.",
        "profile": {"sex": "female"},
    }
    ratings = [
        a_message(officer=officer, given_at=begin + timedelta(hours=number), **said) for number in range(count)
    ]
    with writing(services.engine) as session:
        record(ratings, session, services.clock())
    standings.refresh(services)


def everything(app: Flask, readers: Readers) -> Read:
    """Return what every role reads at every address."""
    known, read = (PAGES.keys() | FILES.keys()) - TOLD_ELSEWHERE, {}
    paths = (*PATHS, *(address(rule, 1) for rule in rules(app, "GET") if rule.endpoint in known))
    for role, pages in readers.items():
        app.extensions[LINK_PAGES].forget("127.0.0.1")  # nobody reads links this fast
        for path in paths:
            response = pages.client.get(path)
            pages.client.set_cookie("language", "id")  # one of the addresses changes it
            text = response.text if "text" in response.content_type else ""
            read[role, path] = f"{response.status_code} {SEALED.sub('', text)}"
    return read


def differences(before: Read, after: Read) -> dict[Where, list[str]]:
    """Return the lines that have changed, by who reads them where."""
    changed = {where: ndiff(text.splitlines(), after[where].splitlines()) for where, text in before.items()}
    lines = {where: [line for line in diff if line[0] in "+-"] for where, diff in changed.items()}
    return {where: diff for where, diff in lines.items() if diff}


def close(services: Services) -> int:
    look_for_signs(services)
    return sum(closing.take(step, services) for step in closing.steps(services))


def test_four_ratings_change_no_page_while_the_month_is_open_nor_when_it_is_closed(
    app: Flask, services: Services, readers: Readers
) -> None:
    before = everything(app, readers)
    give(services, 4, datetime(2026, 11, 10, 2, tzinfo=UTC))
    give(services, 4, datetime(2026, 10, 10, 2, tzinfo=UTC))
    standings.move_snapshots(services)
    assert close(services) > 0
    assert differences(before, everything(app, readers)) == {}


def test_twenty_ratings_change_pages_and_four_more_none(
    app: Flask, services: Services, readers: Readers, clock: SettableClock
) -> None:
    empty = everything(app, readers)
    for officer in (ASHA, BILAL):
        give(services, 20, datetime(2026, 10, 10, 2, tzinfo=UTC), officer)
    assert close(services) > 0
    before = everything(app, readers)
    changed = {role for role, _path in differences(empty, before)}
    assert {"officer", "supervisor", "agency"} <= changed
    assert "nobody" not in changed
    clock.advance(milliseconds=1)
    give(services, 4, datetime(2026, 10, 20, 2, tzinfo=UTC))
    standings.move_snapshots(services)
    assert differences(before, everything(app, readers)) == {}
