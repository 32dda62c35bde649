"""Who may open which page, and who may change what: every address, every role. One without an answer here fails."""

import re
from typing import Final
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from kiosk import create_app
from kiosk.portals import Audience, Portal
from shared.db.accounts import Place
from shared.db.campaign_tables import CampaignRow
from shared.db.engine import reading, writing
from shared.db.import_tables import ImportBatchRow
from shared.db.own_words_tables import SlideRow
from shared.db.people_tables import PostingRow
from shared.db.review_tables import ReviewRow
from shared.domain.people import Role
from shared.i18n import LANGUAGES, Language
from shared.services import Services
from tests.cast import ASHA, COUNTER, DEV, OFFICE, OTHER_OFFICE
from tests.factories import an_extra_element
from tests.kiosk.link.phone import a_visit, an_answer
from tests.messages import TOKEN, let_be_asked
from tests.pages import Page, Pages, let_lead, let_sign_in

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ROLES: Final = ("nobody", "officer", "supervisor", "agency", "administrator", "auditor")
NAMES: Final = dict(zip(ROLES, ("", "asha", "chitra", "dian", "esha", "faisal"), strict=True))
MONDAY: Final = "2026-11-16"
Answers = tuple[int, int, int, int, int, int]

ANYBODY: Final[Answers] = (200, 200, 200, 200, 200, 200)
SIGNED_IN: Final[Answers] = (302, 200, 200, 200, 200, 200)
OFFICER: Final[Answers] = (302, 200, 403, 403, 403, 403)
LEADERS: Final[Answers] = (302, 403, 200, 200, 403, 403)
OVERSIGHT: Final[Answers] = (302, 403, 200, 200, 403, 200)
ABOVE_OFFICERS: Final[Answers] = (302, 403, 200, 200, 200, 200)
PLANNERS: Final[Answers] = (302, 403, 200, 403, 200, 200)
ADMINISTRATION: Final[Answers] = (302, 403, 403, 403, 200, 200)
AGENCY: Final[Answers] = (302, 403, 403, 200, 403, 200)
NOT_HERE: Final[Answers] = (404, 404, 404, 404, 404, 404)
ON: Final[Answers] = (302, 302, 302, 302, 302, 302)

PAGES: Final[dict[str, Answers]] = {
    "public.home": ANYBODY,
    "public.how_scores_are_made": ANYBODY,
    "public.for_officers": ANYBODY,
    "public.choose_language": ON,
    "link.place": ANYBODY,
    "link.visit": ANYBODY,
    "link.invited": ANYBODY,
    "link.more": ANYBODY,
    "link.thanks": ANYBODY,
    "security.login": (200, 302, 302, 302, 302, 302),
    "security.start": ON,
    "security.two_factor_rescue": ON,
    "security.two_factor_token_validation": ON,
    "security.two_factor_setup": SIGNED_IN,
    "security.mf_recovery": ON,
    "security.mf_recovery_codes": (302, 302, 200, 200, 200, 200),
    "security.verify": SIGNED_IN,
    "security.change_password": SIGNED_IN,
    "security.ask_activation_code": ANYBODY,
    "security.activate": NOT_HERE,
    "certificate.show": NOT_HERE,  # this installation has no authority of its own; test_certificate.py has one
    "certificate.download": NOT_HERE,
    "simulator.show": NOT_HERE,  # this is no demo; test_simulator.py has one
    "account.me": SIGNED_IN,
    "account.go_on": ON,
    "account.disconnect_phone": (302, 404, 404, 404, 404, 404),
    "officer.me": OFFICER,
    "officer.month": OFFICER,
    "officer.objection": (302, 302, 403, 403, 403, 403),
    "leaders.overview": LEADERS,
    "leaders.every": LEADERS,
    "leaders.show": LEADERS,
    "reviews.index": OVERSIGHT,
    "reviews.show": OVERSIGHT,
    "reports.index": AGENCY,
    "skm.index": (302, 403, 302, 200, 403, 200),
    "skm.show": (302, 403, 200, 200, 403, 200),
    "roster.index": (302, 403, 302, 403, 200, 200),
    "roster.current": (302, 403, 302, 403, 302, 302),
    "roster.show": PLANNERS,
    "roster.posting": PLANNERS,
    "own_words.show": PLANNERS,
    "slides.new": PLANNERS,
    "slides.show": PLANNERS,
    "visits.index": (302, 403, 302, 403, 200, 200),
    "visits.show": PLANNERS,
    "visits.new": PLANNERS,
    "wishes.show": LEADERS,
    "campaigns.show": PLANNERS,
    "campaigns.about_cancelling": PLANNERS,
    "messages.index": (302, 403, 302, 302, 200, 200),
    "messages.show": ABOVE_OFFICERS,
    "api_keys.index": ADMINISTRATION,
    "admin.overview": ADMINISTRATION,
    "offices.index": ADMINISTRATION,
    "offices.new": ADMINISTRATION,
    "offices.show": ADMINISTRATION,
    "counters.index": ADMINISTRATION,
    "counters.show": ADMINISTRATION,
    "extra_elements.index": ADMINISTRATION,
    "extra_elements.show": ADMINISTRATION,
    "officers.index": ADMINISTRATION,
    "officers.new": ADMINISTRATION,
    "officers.show": ADMINISTRATION,
    "kiosks.index": ADMINISTRATION,
    "kiosks.new": ADMINISTRATION,
    "kiosks.show": ADMINISTRATION,
    "kiosks.about_invitation": ADMINISTRATION,
    "kiosks.about_revoking": ADMINISTRATION,
    "accounts.index": ADMINISTRATION,
    "accounts.new": ADMINISTRATION,
    "accounts.officers": ADMINISTRATION,
    "accounts.show": ADMINISTRATION,
    "audit.index": ADMINISTRATION,
    "imports.index": ADMINISTRATION,
    "imports.new": ADMINISTRATION,
    "imports.show": ADMINISTRATION,
}
FILES: Final[dict[str, Answers]] = {
    "cards.deck": ADMINISTRATION,
    "audit.table": ADMINISTRATION,
    "imports.refused": (302, 403, 403, 403, 200, 403),
}
"""Answers that are no page: a document, a table."""
OF_DEVICES: Final = frozenset(
    {
        "static", "health.healthz", "photos.photo", "pictures.picture", "touch.manifest", "touch.service_worker",
        "touch.shell", "api.kiosk_configuration", "visits_api.consent", "api_document.show",
        "security.oauthresponse",
    }
)  # fmt: skip
"""Read by kiosks and machines, or by the issuer's answer; each has tests of its own."""
BATCH: Final = UUID("00000000-0000-4000-8000-000000000000")
VALUES: Final[dict[str, str]] = {
    "batch": str(BATCH),
    "code": OFFICE,
    "office": OFFICE,
    "written": "2026-11",
    "monday": MONDAY,
    "kiosk_id": "1",
    "account_id": "1",
    "number": "1",
    "token": a_visit().rpartition("/")[2],
    "pressed": an_answer(),
    "invitation": str(BATCH),
    "wish": str(BATCH),
    "campaign": str(BATCH),
}
OTHER_VALUES: Final[dict[str, dict[str, str]]] = {
    "public.choose_language": {"code": "en"},
    "security.activate": {"code": "AAAA-BBBB-CCCC-DDDD"},
    "counters.show": {"code": COUNTER},
    "extra_elements.show": {"code": "U10"},
    "link.invited": {"token": TOKEN},
    "officers.show": {"code": ASHA},
}
OUTSIDE: Final[dict[str, str]] = {
    "leaders.show": f"/office/{OTHER_OFFICE}",
    "reviews.show": "/reviews/2",
    "skm.show": f"/skm/{OTHER_OFFICE}",
    "roster.current": f"/roster/{OTHER_OFFICE}",
    "roster.show": f"/roster/{OTHER_OFFICE}/{MONDAY}",
    "own_words.show": f"/own-words/{OTHER_OFFICE}",
    "visits.show": f"/visits/{OTHER_OFFICE}",
    "visits.new": f"/visits/{OTHER_OFFICE}/new",
    "wishes.show": f"/wishes/{OTHER_OFFICE}",
    "campaigns.show": f"/visits/{OTHER_OFFICE}/campaigns",
    "campaigns.about_cancelling": f"/visits/{OTHER_OFFICE}/campaigns/{BATCH}/cancel",
    "messages.show": f"/messages/{OTHER_OFFICE}",
    "slides.new": f"/own-words/{OTHER_OFFICE}/slides/new",
    "slides.show": f"/own-words/{OTHER_OFFICE}/slides/1",
}
"""Addresses of an office outside the supervisor's and the agency's: to them it does not exist."""
QUESTIONS: Final = frozenset({"/admin/officers/find"})
"""Forms that change nothing: whoever may read may ask."""
CHANGED_BY: Final[dict[Audience, frozenset[str]]] = {
    Audience.ACCOUNT: frozenset(ROLES) - {"nobody"},
    Audience.OFFICER: frozenset({"officer"}),
    Audience.LEADERS: frozenset({"supervisor", "agency"}),
    Audience.OVERSIGHT: frozenset({"supervisor", "agency"}),
    Audience.ROSTER: frozenset({"supervisor", "administrator"}),
    Audience.ADMINISTRATION: frozenset({"administrator"}),
}


@pytest.fixture
def app(services: Services) -> Flask:
    let_sign_in(services, NAMES["officer"], ASHA)
    let_lead(services, NAMES["supervisor"], Place(Role.SUPERVISOR, office=OFFICE))
    let_lead(services, NAMES["agency"], Place(Role.AGENCY, region="SWL"))
    let_lead(services, NAMES["administrator"], Place(Role.ADMINISTRATOR))
    let_lead(services, NAMES["auditor"], Place(Role.AUDITOR))
    with writing(services.engine) as session:
        session.add(a_batch(services))
        let_be_asked(session, services)
        session.add(a_campaign(services))
        session.add(SlideRow(office_code=OFFICE, place=1, title="Loket baru", text="Loket 4 kini buka."))
        session.add(an_extra_element())
        session.add_all([a_review(services, ASHA, OFFICE), a_review(services, DEV, OTHER_OFFICE)])
    return create_app(services)


def a_review(services: Services, officer: str, office: str) -> ReviewRow:
    return ReviewRow(
        officer_code=officer, month="2026-10", office_code=office, ground="objection", raised_at=services.clock(),
        words="Hari itu saya dinas luar.",
    )  # fmt: skip


def a_campaign(services: Services) -> CampaignRow:
    return CampaignRow(
        id=BATCH, office_code=OFFICE, period="2026-11", state="running", started_by="esha",
        started_at=services.clock(), done=40, total=120,
    )  # fmt: skip


def a_batch(services: Services) -> ImportBatchRow:
    now = services.clock()
    return ImportBatchRow(
        id=BATCH, kind="officers", state="done", office_code=OFFICE, file_name="petugas.csv", imported_at=now,
        uploaded_by="esha", moved_at=now, headings=["kode", "nama"],
    )  # fmt: skip


def signed_in(app: Flask, services: Services, role: str, language: Language = "id") -> Pages:
    pages = Pages(app, language)
    if role == "officer":
        pages.sign_in(NAMES[role])
    elif role != "nobody":
        pages.lead(services, NAMES[role])
    return pages


def rules(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def address(rule: Rule, posting: int) -> str:
    values = {**VALUES, "posting_id": str(posting), **OTHER_VALUES.get(rule.endpoint, {})}
    path = re.sub(r"<(?:[^>]+:)?(\w+)>", lambda found: values.get(found[1], "1"), rule.rule)
    kind = "services" if "/services/" in path else ""
    return path.replace(COUNTER, "KTP") if kind else path


@pytest.fixture
def posting(services: Services) -> int:
    with reading(services.engine) as session:
        found = session.scalars(select(PostingRow)).first()
        assert found is not None
        return found.id or 0


def test_every_address_has_an_expected_answer(app: Flask) -> None:
    known = PAGES.keys() | FILES.keys() | OF_DEVICES
    assert {rule.endpoint for rule in rules(app, "GET")} == known


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_each_role_as_it_should_and_is_well_made(
    app: Flask, services: Services, posting: int, role: str, language: Language
) -> None:
    pages = signed_in(app, services, role, language)
    wrong = []
    for rule in rules(app, "GET"):
        expected = {**PAGES, **FILES}.get(rule.endpoint)
        if expected is None:
            continue
        path = address(rule, posting)
        response = pages.client.get(path)
        if response.status_code != expected[ROLES.index(role)]:
            wrong.append((path, response.status_code, expected[ROLES.index(role)]))
        elif response.status_code != 302 and rule.endpoint in PAGES:
            pages.client.set_cookie("language", language)  # one of the pages changes it
            pages.get(path, response.status_code)
    assert not wrong, wrong


@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_may_change_a_thing_get_as_far_as_its_form(
    app: Flask, services: Services, posting: int, role: str
) -> None:
    pages = signed_in(app, services, role)
    wrong = []
    for rule in rules(app, "POST"):
        portal = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        assert isinstance(portal, Portal)
        if portal.audience in CHANGED_BY:
            may = role in CHANGED_BY[portal.audience] or (role == "auditor" and rule.rule in QUESTIONS)
            status = pages.client.post(address(rule, posting)).status_code
            # A form without its token is refused as such only to those who could have sent it.
            expected = 400 if may else 302 if role == "nobody" else 403
            if status != expected:
                wrong.append((rule.rule, status, expected))
    assert not wrong, wrong


@pytest.mark.parametrize("role", ["supervisor", "agency"])
def test_what_lies_outside_ones_offices_does_not_exist(app: Flask, services: Services, role: str) -> None:
    pages = signed_in(app, services, role)
    for endpoint, path in OUTSIDE.items():
        inside = PAGES[endpoint][ROLES.index(role)]
        pages.get(path, 403 if inside == 403 else 404)


def test_an_auditor_sees_no_button_that_changes_anything(app: Flask, services: Services, posting: int) -> None:
    pages = signed_in(app, services, "auditor")
    for rule in rules(app, "GET"):
        portal = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        audience = portal.audience if isinstance(portal, Portal) else None
        if audience in {Audience.ROSTER, Audience.ADMINISTRATION, Audience.OVERSIGHT} and rule.endpoint in PAGES:
            path = address(rule, posting)
            response = pages.client.get(path)
            if response.status_code == 200:
                forms = set(re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', Page(response).html))
                forms -= QUESTIONS
                changing = [form for form in forms if not form.endswith("/logout") and not _shut(response.text, form)]
                assert changing == [], path


def _shut(html: str, action: str) -> bool:
    """Say whether all fields of this form are disabled and it has no button."""
    form = html[html.index(f'action="{action}"') :].partition("</form>")[0]
    return "<fieldset disabled" in form and "<button" not in form


def test_officers_of_another_office_are_not_in_a_supervisors_pages(app: Flask, services: Services) -> None:
    pages = signed_in(app, services, "supervisor")
    for path in ("/office", f"/office/{OFFICE}", f"/roster/{OFFICE}/{MONDAY}"):
        html = pages.client.get(path, follow_redirects=True).text
        assert DEV not in html, path
        assert "Dev Lasut" not in html, path
