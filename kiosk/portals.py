"""Portals: a blueprint is one, and says for whom it is. Deny by default.

A route outside a portal fails the build; a portal's guard runs before each of its views.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_security.utils import check_and_update_authn_fresh

from kiosk import drafts
from kiosk.acting import nobody_known
from kiosk.context import services
from kiosk.csrf import check_origin
from kiosk.errors import problem
from kiosk.localisation import _
from shared.db.accounts import Account
from shared.db.api_keys import ApiKey
from shared.db.people import secret_hash
from shared.device_tokens import settle
from shared.domain.people import ABOVE_OFFICER, Directory, Kiosk, Office, Officer, Role
from shared.i18n import mark
from shared.invitations import key_of

FRESH_FOR: Final = timedelta(minutes=20)
"""How long after giving their password a person may change things; each change begins the time anew."""
JUST_NOW: Final = timedelta(minutes=5)
UNKNOWN_KEY: Final = mark("This key is not known")
KEY_NEEDED: Final = mark(
    "Send your API key as “Authorization: Bearer …”. The administrator makes one, and can see whether it was revoked."
)
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
QUESTIONS: Final = frozenset({"officers.find"})
"""Forms that change nothing, and are sent so that what is asked, perhaps a NIP, stands in no address."""


class Audience(Enum):
    """For whom a portal is: anyone, a device, or accounts of these roles."""

    PUBLIC = "anyone"
    DEVICE = "an enrolled kiosk, by its token"
    API_KEY = "a queue system, by its key"
    ACCOUNT = frozenset(Role)
    OFFICER = frozenset({Role.OFFICER})
    AGENCY = frozenset({Role.AGENCY, Role.AUDITOR})
    LEADERS = frozenset({Role.SUPERVISOR, Role.AGENCY})
    OVERSIGHT = frozenset({Role.SUPERVISOR, Role.AGENCY, Role.AUDITOR})
    ROSTER = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})
    ADMINISTRATION = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
    ABOVE_OFFICER = ABOVE_OFFICER

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles this audience is made of; none when it is not made of accounts."""
        return self.value if isinstance(self.value, frozenset) else frozenset()


CHANGED_WITH_CARE: Final = frozenset({Audience.ROSTER, Audience.ADMINISTRATION, Audience.OVERSIGHT})
"""Portals whose acts need a password given a short while ago."""


class Portal(Blueprint):
    """A blueprint with an audience; everybody else is turned away before a view runs.

    `origin` turns away a form that no page of ours has sent.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        audience: Audience,
        origin: Callable[[], None] = check_origin,
        **options: Any,
    ) -> None:
        super().__init__(name, import_name, **options)
        self.audience = audience
        self.before_request(_guard(audience))
        # Devices are known by a token that no other site can make a browser send.
        if not (self.url_prefix or "").startswith("/api"):
            self.before_request(origin)


def current_kiosk() -> Kiosk:
    """Return the kiosk whose token this request carries."""
    kiosk: Kiosk = g.kiosk
    return kiosk


def current_api_key() -> ApiKey:
    """Return the key that this request carries."""
    key: ApiKey = g.api_key
    return key


def current_account() -> Account:
    """Return the account that is signed in."""
    account: Account = current_user._get_current_object()
    return account


def current_role() -> Role:
    """Return the role of the account that is signed in."""
    return Role(current_account().role)


def current_officer() -> Officer:
    """Return the officer who is signed in; never one named in an address."""
    officer = services().directory.current().officers.get(current_account().officer_code or "")
    if officer is None:
        abort(403)
    return officer


def current_offices() -> frozenset[str]:
    """Return the codes of the offices the signed-in account may see; every query of theirs is limited to these."""
    account, directory = current_account(), services().directory.current()
    return SCOPES[Role(account.role)](account, directory)


def office_in_sight(code: str) -> Office:
    """Return an office that the signed-in account may see, and let times be told in its zone; 404 for any other."""
    office = services().directory.current().offices.get(code) if code in current_offices() else None
    if office is None:
        abort(404)
    g.timezone = office.timezone
    return office


SCOPES: Final[dict[Role, Callable[[Account, Directory], frozenset[str]]]] = {
    Role.OFFICER: lambda _account, _directory: frozenset(),
    Role.SUPERVISOR: lambda account, directory: directory.offices_below(account.office_code or ""),
    Role.AGENCY: lambda account, directory: directory.offices_in(account.region_code or ""),
    Role.ADMINISTRATOR: lambda _account, directory: frozenset(directory.offices),
    Role.AUDITOR: lambda _account, directory: frozenset(directory.offices),
}


def may_change() -> bool:
    """Say whether whoever is signed in may change what they see: an auditor only reads."""
    return bool(current_user.is_authenticated) and current_role() != Role.AUDITOR


def _guard(audience: Audience) -> Callable[[], ResponseReturnValue | None]:
    if audience is Audience.PUBLIC:
        return _anyone
    if audience is Audience.DEVICE:
        return _device
    if audience is Audience.API_KEY:
        return _api_key
    return lambda: _account(audience)


def _anyone() -> None:
    return None


def _api_key() -> None:
    token = _bearer()
    key = key_of(token, services()) if token else None
    if key is None:
        abort(problem(401, code="unknown_key", title=UNKNOWN_KEY, detail=_(KEY_NEEDED)))
    g.api_key = key


def _bearer() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


def _device() -> None:
    token = _bearer()
    kiosk = None if token is None else _enrolled(token)
    if kiosk is None:
        abort(401)
    g.kiosk = kiosk


def _enrolled(token: str) -> Kiosk | None:
    # Looked up by hash: neither the time a comparison takes nor a stolen table tells a token.
    token_hash, directory = secret_hash(token), services().directory
    kiosk = _known_by(token_hash)
    known = directory.current()
    if token_hash in known.new_tokens and not known.stale:
        settle(services(), token_hash, nobody_known())
    return kiosk


def _known_by(token_hash: bytes) -> Kiosk | None:
    directory = services().directory
    # One enrolled a moment ago, in another process, is not in ours yet.
    return directory.current().kiosks.get(token_hash) or directory.current_for_a_stranger().kiosks.get(token_hash)


def _account(audience: Audience) -> ResponseReturnValue | None:
    if not current_user.is_authenticated:
        if request.method not in READS and drafts.is_ours():
            return drafts.interrupted("security.login")
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return]
    if current_role() not in audience.roles or (audience is not Audience.ACCOUNT and _only_reads()):
        abort(403)
    if audience is Audience.OFFICER:
        current_officer()
    g.timezone = _own_zone()
    if audience in CHANGED_WITH_CARE and _changes() and not is_fresh():
        check_origin()
        return drafts.interrupted("security.verify")
    return None


def _own_zone() -> ZoneInfo | None:
    """Return the zone of the one office somebody is of; None for whoever looks after several zones."""
    directory, account = services().directory.current(), current_account()
    officer = directory.officers.get(account.officer_code or "")
    own = [officer.office] if officer else current_offices()
    zones = {directory.offices[code].timezone for code in own if code in directory.offices}
    return zones.pop() if len(zones) == 1 else None


def _changes() -> bool:
    return request.method not in READS and request.endpoint not in QUESTIONS


def _only_reads() -> bool:
    return _changes() and not may_change()


def is_fresh() -> bool:
    """Say whether the password was given a short while ago, and let that while begin anew."""
    return "fs_paa" in session and bool(check_and_update_authn_fresh(FRESH_FOR, FRESH_FOR))


def just_gave_password() -> bool:
    """Say whether the password was given just now: what opens an account is not changed at a desk left alone."""
    return time.time() - float(session.get("fs_paa", 0)) < JUST_NOW.total_seconds()
