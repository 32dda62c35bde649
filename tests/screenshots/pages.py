"""Every page of the portals, for everybody who may see it: those an address leads to, and those an act does."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from playwright.sync_api import Page

from shared.domain.clock import system_clock
from tests.journeys.system import System
from tests.screenshots import administration, agency, officer, supervisor
from tests.screenshots.link import asked_by_message, choose_language, rate_by_link, simulated_phone
from tests.screenshots.signing_in import Walk, fill, save, sign_in

NOBODY: Final = "nobody"
VISITOR: Final = "visitor"
AT_AN_ADDRESS: Final[dict[str, dict[str, str]]] = {
    NOBODY: {
        "home": "/",
        "how-scores-are-made": "/how-scores-are-made",
        "for-officers": "/for-officers",
        "no-such-page": "/x",
        "activation": "/activate",
        "activation-unknown": "/activate/AAAA-BBBB-CCCC-DDDD",
        "sign-in": "/login",
    },
    VISITOR: {"simulator": "/simulator", "link": "/r/DSL1", "link-of-an-office": "/r/DSW", "link-unknown": "/r/X"},
    "dk1": {
        "my-ratings": "/me",
        "account": "/account",
        "change-password": "/account/password",
        "password-again": "/login/again",
        "connect-a-phone": "/login/second-step/new",
        "not-for-you": "/admin",
    },
    "dk5": {"too-few": "/me"},
    "atasan": {
        "office": "/office/DSW",
        "roster": "/roster/DSW",
        "not-theirs": "/office/PSF",
        "survey": "/skm",
        "survey-wrong": "/skm/DSW?from=x",
        "words": "/own-words/DSW",
        "slide-new": "/own-words/DSW/slides/new",
        "invitations": "/visits/DSW",
        "visit": "/visits/DSW/new",
        "wishes": "/wishes/DSW",
        "messages": "/messages/DSW",
        "account": "/account",
    },
    "bkpsdm": {
        "offices": "/office",
        "office": "/office/DSW",
        "empty-office": "/office/CAM",
        "survey-of-nobody": "/skm/CAM",
        "messages-none": "/messages/CAM",
        "reports-none": f"/reports?year={system_clock().year - 2}",
    },
    "admin": {
        "overview": "/admin",
        "offices": "/admin/offices",
        "offices-not-found": "/admin/offices?words=tidak+ada",
        "office": "/admin/offices/DSW",
        "office-new": "/admin/offices/new",
        "counters": "/admin/offices/DSW/counters",
        "counter": "/admin/offices/DSW/counters/DSL1",
        "services": "/admin/offices/DSW/services",
        "additional-elements": "/admin/offices/DSW/elements",
        "officers": "/admin/officers",
        "officer-new": "/admin/officers/new",
        "rosters": "/roster",
        "roster": "/roster/DSW",
        "roster-of-an-empty-office": "/roster/CAM",
        "words-none": "/own-words/PSF",
        "kiosks": "/admin/kiosks",
        "kiosk": "/admin/kiosks/1",
        "kiosk-office": "/admin/kiosks/new",
        "kiosk-invite": "/admin/kiosks/1/invite",
        "kiosk-revoke": "/admin/kiosks/1/revoke",
        "invitations-offices": "/visits",
        "invitations-none": "/visits/PSF",
        "asking-guardians-none": "/visits/SDA/campaigns",
        "messages-offices": "/messages",
        "api-keys": "/admin/keys",
        "accounts": "/admin/accounts",
        "account": "/admin/accounts/1",
        "account-own": "/admin/accounts/13",
        "account-new": "/admin/accounts/new",
        "accounts-of-officers": "/admin/accounts/officers?office=DSW",
    },
    "auditor": {
        "overview": "/admin",
        "office": "/admin/offices/PSF",
        "officer": "/admin/officers/DK1",
        "roster": "/roster/DSW",
        "words": "/own-words/DSW",
        "account": "/admin/accounts/1",
        "surveys": "/skm",
        "survey": "/skm/PSF",
        "reports": "/reports",
    },
    "pengelola": {
        "guide": "/admin",
        "offices": "/admin/offices",
        "officers": "/admin/officers",
        "rosters": "/roster",
        "kiosks": "/admin/kiosks",
        "imports": "/admin/imports",
        "account": "/account",
    },
}
"""Whose page, its name, its address; `pengelola` is the first administrator of an empty installation."""

REFUSED: Final = {"no-such-page", "link-unknown", "activation-unknown", "not-for-you", "not-theirs", "survey-wrong"}


def walk(system: System, page: Page, username: str) -> Walk:
    """Lead through every page of one person."""
    if username in BEFORE:
        yield from BEFORE[username](system, page)
    elif username not in {NOBODY, VISITOR}:
        sign_in(page, system, username)
    for name, path in AT_AN_ADDRESS[username].items():
        response = page.goto(f"{system.web}{path}")
        assert response
        assert (response.status >= HTTPStatus.BAD_REQUEST) == (name in REFUSED), (path, response.status)
        yield name
    for act in ACTS.get(username, ()):
        yield from act(system, page)


def _fails_to_sign_in(system: System, page: Page) -> Walk:
    fill(page, username="dk1", password="salah")
    save(page)
    yield "sign-in-wrong"


BEFORE: Final[dict[str, Callable[[System, Page], Walk]]] = {
    VISITOR: choose_language,
    "pengelola": administration.first_administrator,
}
ACTS: Final[dict[str, tuple[Callable[[System, Page], Walk], ...]]] = {
    NOBODY: (_fails_to_sign_in,),
    VISITOR: (rate_by_link, asked_by_message, simulated_phone),
    "dk1": (officer.earlier_month, officer.periods, officer.objection, officer.forgets_the_form),
    "atasan": (
        agency.decision,
        supervisor.own_words,
        supervisor.wrong_visit,
        supervisor.earlier_messages,
        supervisor.posting,
        supervisor.wrong_posting,
        supervisor.signed_out_meanwhile,
    ),
    "bkpsdm": (agency.decision, agency.survey_on_paper, agency.reports),
    "admin": (
        administration.wrong_office,
        administration.photo_and_move,
        administration.new_kiosk,
        administration.new_key,
        administration.letters,
        administration.imports,
    ),
}
