"""What a kiosk is told: its office, who serves when, what to ask, in which words, how long to wait."""

import hashlib
import json
from datetime import timedelta
from typing import Any, Final

from flask import url_for

from kiosk.link.pictures import shown_link
from kiosk.touch.extra_elements import asked_on
from kiosk.touch.own_settings import own_settings
from kiosk.touch.own_words import own_words
from shared.db.engine import reading
from shared.db.extra_elements import extra_elements
from shared.db.kiosk_settings import settings_of
from shared.db.people import Posting, officers_with_photo, postings_between, services_of
from shared.domain.people import Directory, Kiosk
from shared.domain.zones import zone_name
from shared.i18n import LANGUAGES
from shared.services import Services
from shared.wording import element_questions, quick_reasons, touch_wording

POSTINGS_AHEAD: Final = timedelta(days=35)
TIMERS: Final = {
    "countdown_seconds": 5,
    "thanks_seconds": 4,
    "heartbeat_seconds": 60,
    "config_seconds": 300,
    "send_seconds": 2,
}


def configuration(kiosk: Kiosk, services: Services) -> dict[str, Any]:
    """Return all a screen needs to work alone for five weeks; `version` changes when anything in it does."""
    now = services.clock()
    directory = services.directory.current().offered(now)
    office = directory.offices[kiosk.office]
    today = now.astimezone(office.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    with reading(services.engine) as session:
        planned = postings_between(session, office.code, today, today + POSTINGS_AHEAD)
        postings = [posting for posting in planned if posting.counter in directory.counters]
        known = {
            "kiosk": {"name": kiosk.name},
            "office": {
                "code": office.code,
                "name": office.name,
                "kind": office.kind.value,
                "timezone": office.timezone.key,
                "timezone_name": zone_name(office.timezone),
            },
            **_counters(kiosk, directory),
            "officers": _officers(kiosk, directory, postings, officers_with_photo(session, office.code)),
            "postings": [
                {
                    "officer": posting.officer,
                    "counter": posting.counter,
                    "from": posting.starts_at.isoformat(),
                    "until": posting.ends_at.isoformat(),
                }
                for posting in postings
            ],
            "services": [
                {"code": code, "name": name}
                for code, name in services_of(session, office.code, today.date())
                if (office.code, code) in directory.services
            ],
            "elements": {language: element_questions(language) for language in LANGUAGES},
            "extra_elements": asked_on(today.date(), extra_elements(session, office.code)),
            "reasons": {language: quick_reasons(language) for language in LANGUAGES},
            "wording": {language: touch_wording(language) for language in LANGUAGES},
            "link": shown_link(kiosk, directory, services.settings),
            "demo": office.demo,
            **own_settings(settings_of(session, kiosk.id), TIMERS),
        }
    known |= own_words(office, services)
    digest = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()
    return known | {"version": digest[:16]}


def _counters(kiosk: Kiosk, directory: Directory) -> dict[str, Any]:
    counters = {
        counter.code: {"code": counter.code, "name": counter.name}
        for counter in directory.counters.values()
        if counter.office == kiosk.office
    }
    return {"counter": counters.get(kiosk.counter or ""), "counters": [counters[code] for code in sorted(counters)]}


def _officers(
    kiosk: Kiosk, directory: Directory, postings: list[Posting], photos: dict[str, str]
) -> list[dict[str, Any]]:
    posted = {posting.officer for posting in postings if posting.officer in directory.officers}
    serving = {*directory.serving_at(kiosk.office), *(directory.officers[code] for code in posted)}
    return [
        {
            "code": officer.code,
            "name": officer.name,
            "initials": officer.initials,
            "photo": url_for("photos.photo", officer=officer.code, digest=photos[officer.code])
            if officer.code in photos
            else None,
        }
        for officer in sorted(serving, key=lambda officer: (officer.name, officer.code))
    ]
