"""The parts of administration, in the order in which an installation is set up."""

from typing import Final

from flask import Flask

from shared.i18n import mark
from shared.wording import OFFICE_KINDS

SECTIONS: Final = (
    ("admin.overview", mark("Overview")),
    ("offices.index", mark("Offices")),
    ("officers.index", mark("Officers")),
    ("roster.index", mark("Rosters")),
    ("imports.index", mark("Imports")),
    ("kiosks.index", mark("Kiosks")),
    ("accounts.index", mark("Accounts")),
    ("audit.index", mark("History")),
)


def install(app: Flask) -> None:
    """Give templates the parts of administration and the words for kinds of offices."""
    app.jinja_env.globals.update(admin_sections=lambda: SECTIONS, office_kinds=OFFICE_KINDS)
