"""The services of the running app, for views."""

from typing import cast

from flask import Flask, current_app

from shared.services import Services

_KEY = "suara-services"


def keep_services(app: Flask, services: Services) -> None:
    """Give the app its services."""
    app.extensions[_KEY] = services


def services() -> Services:
    """Return the services of the app that serves this request."""
    return cast(Services, current_app.extensions[_KEY])
