"""Everything seen in a browser: the touch screen with its API, and the portals.

Each blueprint is a Portal with an audience; a request that its audience does not include never reaches a view.
"""

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from kiosk import compression, csrf, errors, forms, headers, health, json, localisation, sessions, storable
from kiosk.account.views import account
from kiosk.admin import sections
from kiosk.admin.accounts import accounts
from kiosk.admin.api_keys import api_keys
from kiosk.admin.audit import audit
from kiosk.admin.cards import cards
from kiosk.admin.counters import counters
from kiosk.admin.extra_elements import extra_elements
from kiosk.admin.imports import imports
from kiosk.admin.kiosk_settings import kiosk_settings
from kiosk.admin.kiosks import kiosks
from kiosk.admin.moves import moves
from kiosk.admin.officer_photos import officer_photos
from kiosk.admin.officers import officers
from kiosk.admin.offices import offices
from kiosk.admin.overview import admin
from kiosk.api_document import api_document
from kiosk.context import keep_services
from kiosk.cookies import cookie_name, cookies_are_secure
from kiosk.leaders.reports import reports
from kiosk.leaders.reviews import reviews
from kiosk.leaders.skm_page import skm
from kiosk.leaders.views import leaders
from kiosk.link import pages as link_pages
from kiosk.login import sign_in
from kiosk.messages.views import messages
from kiosk.officer.views import officer
from kiosk.own_words.pictures import slide_pictures
from kiosk.own_words.slides import slides
from kiosk.own_words.views import own_words
from kiosk.public.certificate import certificate
from kiosk.public.views import public
from kiosk.roster.views import roster
from kiosk.simulator import views as simulator
from kiosk.touch.api import api, enrolment, install_limits
from kiosk.touch.photos import photos
from kiosk.touch.pictures import pictures
from kiosk.touch.views import touch
from kiosk.visits import api as visits_api
from kiosk.visits.campaigns import campaigns
from kiosk.visits.desk import visits
from kiosk.visits.wishes import wishes
from shared.logs import configure_logs
from shared.services import Services
from shared.settings import Settings
from shared.unread import ending_unread

LARGEST_BODY = 2 * 1024 * 1024
LARGEST_FORM = 64 * 1024


def create_app(services: Services | None = None) -> Flask:
    """Build the app; without services, those the environment describes."""
    if services is None:
        settings = Settings.from_environment()
        configure_logs(settings.log_level)
        services = Services.of(settings)
    app = Flask(__name__)
    secret = services.settings.secret_key
    app.config.update(
        SECRET_KEY=secret.get_secret_value() if secret else None,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME=cookie_name("session", services.settings),
        SESSION_COOKIE_SECURE=cookies_are_secure(services.settings),
        # A sign-in is over after eight hours; the cookie is read for longer, to know whose half-filled form it was.
        PERMANENT_SESSION_LIFETIME=timedelta(hours=24),
    )
    proxies = services.settings.trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.wsgi_app = ending_unread(app.wsgi_app)  # type: ignore[method-assign]
    app.url_map.merge_slashes = False  # its redirect would repeat whatever host was asked for
    keep_services(app, services)
    sessions.install(app)
    headers.install(app, services.settings)
    errors.install(app)
    localisation.install(app)
    csrf.install(app)
    sign_in.install(app)
    sections.install(app)
    forms.install(app)
    json.install(app)  # after the sign-in, which brings a provider of its own
    install_limits(app)
    visits_api.install(app)
    simulator.install(app)
    storable.install(app)
    compression.install(app)
    for portal in (
        public,
        certificate,
        touch,
        photos,
        pictures,
        enrolment,
        api,
        visits_api.visits_api,
        api_document,
        visits,
        wishes,
        campaigns,
        messages,
        api_keys,
        account,
        officer,
        admin,
        offices,
        counters,
        extra_elements,
        officers,
        officer_photos,
        moves,
        cards,
        leaders,
        reviews,
        reports,
        skm,
        accounts,
        audit,
        imports,
        kiosks,
        kiosk_settings,
        roster,
        own_words,
        slides,
        slide_pictures,
        simulator.simulator,
        health.health,
    ):
        app.register_blueprint(portal)
    link_pages.install(app)
    return app
