"""The portal of links with all its pages."""

from typing import Final

from flask import Flask

from kiosk.link import adding, answering, gate, pressing
from kiosk.link.offers import offers
from kiosk.link.portal import link

VIEWS: Final = (pressing, answering, adding)
"""What gives the portal its pages."""


def install(app: Flask) -> None:
    """Let the app answer on links and hand them out."""
    gate.install(app)
    app.register_blueprint(link)
    app.register_blueprint(offers)
