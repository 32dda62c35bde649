"""Links by which people rate on their own phone: the stable one of a counter or office, and one-time ones of a visit.

A one-time link carries all that is known of the visit and a signature; nothing is stored until it is used. The id of
its rating comes from the link, so that however often it is used it is one rating.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from shared.i18n import DEFAULT_LANGUAGE, Language
from shared.sealing import derived_key

PREFIX: Final = "/r"
"""below which everything of a link lies; short, for the squares that a phone reads are finer with every letter"""
LASTS: Final = timedelta(days=1)
VISIT_BYTES: Final = 9
SIGNATURE_BYTES: Final = 15


class LinkUnknown(Exception):
    """This is no link of this installation."""


@dataclass(frozen=True, slots=True)
class VisitLink:
    """One visit whose person may rate once: where, whom, until when, and on which kiosk's word if on one's."""

    visit: str
    office: str
    officer: str
    until: datetime
    counter: str | None = None
    kiosk: int | None = None


def new_visit() -> str:
    """Return what nobody can guess, to tell one visit from every other."""
    return secrets.token_urlsafe(VISIT_BYTES)


class Links:
    """Writes and reads one-time links with the installation's own key."""

    def __init__(self, secret_key: str) -> None:
        self._key = derived_key(secret_key, "links")

    def token(self, link: VisitLink) -> str:
        """Return the link as it stands in an address."""
        minutes = int(link.until.timestamp()) // 60
        kiosk = "" if link.kiosk is None else str(link.kiosk)
        told = ".".join((link.visit, kiosk, link.office, link.counter or "", link.officer, f"{minutes:x}"))
        return f"{told}.{self._signature(told)}"

    def read(self, token: str) -> VisitLink:
        """Return the link that a token of ours stands for, over or not; raise LinkUnknown for any other."""
        told, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._signature(told).encode(), signature.encode(errors="replace")):
            raise LinkUnknown
        visit, kiosk, office, counter, officer, minutes = told.split(".")
        until = datetime.fromtimestamp(int(minutes, 16) * 60, UTC)
        return VisitLink(visit, office, officer, until, counter or None, int(kiosk) if kiosk else None)

    def invited_id(self, token: str, officer: str) -> UUID:
        """Return the id of the one rating of an officer that the link of an invitation stands for."""
        return UUID(bytes=self._digest(f"invited {token} {officer}")[:16])

    def rating_id(self, token: str) -> UUID:
        """Return the id of the one rating that a link stands for."""
        return UUID(bytes=self._digest(f"rating {token}")[:16])

    def _signature(self, told: str) -> str:
        return urlsafe_b64encode(self._digest(f"link {told}")[:SIGNATURE_BYTES]).decode()

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(errors="replace"), "sha256")


def place_address(root: str, code: str) -> str:
    """Return the address at which whoever was served at a counter or in an office may rate."""
    return f"{root}{PREFIX}/{code}"


def visit_address(root: str, token: str, language: Language) -> str:
    """Return the address of a one-time link, which opens in the language the person has just read."""
    spoken = "" if language == DEFAULT_LANGUAGE else f"?language={language}"
    return f"{root}{PREFIX}/v/{token}{spoken}"


def invitation_address(root: str, token: str) -> str:
    """Return the address at which whoever was invited answers; it opens in the language they were asked in."""
    return f"{root}{PREFIX}/i/{token}"


def reaches_phones(root: str) -> bool:
    """Say whether a phone could open an address: not when only this machine itself can."""
    host = urlsplit(root).hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
