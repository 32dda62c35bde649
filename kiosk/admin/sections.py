"""The parts of administration, in the order in which an installation is set up."""

from typing import Any, Final

from flask import Flask
from flask_security import current_user

from kiosk.portals import Audience, current_role
from shared.domain.people import Role
from shared.i18n import mark
from shared.wording import OFFICE_KINDS

SECTIONS: Final = (
    ("admin.overview", mark("Overview")),
    ("offices.index", mark("Offices")),
    ("officers.index", mark("Officers")),
    ("roster.index", mark("Rosters")),
    ("imports.index", mark("Imports")),
    ("kiosks.index", mark("Kiosks")),
    ("visits.index", mark("Invitations")),
    ("messages.index", mark("Messages")),
    ("api_keys.index", mark("API keys")),
    ("accounts.index", mark("Accounts")),
    ("audit.index", mark("History")),
)
OF_AUDITORS: Final = (
    *SECTIONS,
    ("skm.index", mark("SKM")),
    ("reviews.index", mark("Reviews")),
    ("reports.index", mark("Unofficial fees")),
)
"""What auditors read besides: how residents are served is not the administration's to see."""


def install(app: Flask) -> None:
    """Give templates the parts of administration and the words for kinds of offices."""
    app.jinja_env.globals.update(admin_sections=_sections, office_kinds=OFFICE_KINDS)


def own_frame() -> dict[str, Any]:
    """Give templates of pages that others see too the frame of whoever reads: administration keeps its sections."""
    administers = current_user.is_authenticated and current_role() in Audience.ADMINISTRATION.roles
    return {"frame": "admin/base.html" if administers else "base.html", "administers": administers}


def _sections() -> tuple[tuple[str, str], ...]:
    return OF_AUDITORS if current_role() is Role.AUDITOR else SECTIONS
