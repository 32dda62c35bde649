"""The message webhooks: a second, small Flask app with a trust of its own, that may face the internet alone.

A text comes in (`webhook`), proves who brought it (`signature`, `gateways`), is written down (`inbox`), understood
(`reading`, `conversation`), perhaps becomes a rating (`answering`), and is replied to (`replies`).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from shared.services import Services


def create_app(services: "Services | None" = None) -> "Flask":
    """Build the app; without services, those the environment describes."""
    from sms.app import build  # the workers, who send messages, need no web framework and have no room for one

    return build(services)
