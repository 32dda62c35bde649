"""Writing to officers: that their month is closed, or has changed, once for each revision that they have not read.

Between eight and eight on the clock of their office, some at a time, each batch in one transaction: killed in the
middle it is done again as a whole, and done twice it is done once, since the id of a message is that of its officer,
month and revision. That it arrived proves no reading: the fourteen days for an objection run from the page.
"""

import time
from datetime import timedelta
from typing import Final

from shared.db import notices
from shared.db.engine import reading, writing
from shared.db.notices import Recent
from shared.domain.asking import may_write
from shared.domain.months import Month
from shared.domain.ratings import Channel
from shared.domain.zones import HOME
from shared.i18n import DEFAULT_LANGUAGE
from shared.phones import Phones
from shared.services import Services
from sms.gateways.chosen import CONSOLE, way_of
from sms.notice_words import notice_words

BATCH: Final = 100
"""Written in one transaction, during which nobody else writes to SQLite."""
AHEAD: Final = 500
"""While so many notices wait to be sent, no more are written: a daily limit delays, and lets none grow old."""
LASTS: Final = 20.0
"""Seconds after which a job leaves the rest to the next one."""
MONTHS_BACK: Final = 2
"""Months before the running one of which a closing is still told: a phone entered today brings no history."""
DECISIONS_BACK: Final = 6
"""The same where people's decision has changed a month: an objection takes its time."""
ENDS_AFTER: Final = timedelta(days=7)
"""How long a notice tries to get through."""


def tell_officers(services: Services) -> dict[str, int]:
    """Write down what is to be said to officers whose office is awake; return how many that is.

    While nothing is sent (no provider is chosen) nothing is written down, nor ever in a demo, whose months are
    invented.
    """
    gateway = way_of(Channel.SMS, services.settings)
    if gateway is None or gateway == CONSOLE:
        return {}
    with writing(services.engine) as session:
        withheld = notices.withhold_outdated(session, services.clock())
    told, ends = 0, time.monotonic() + LASTS
    while time.monotonic() < ends:
        some = _tell_some(gateway, services)
        if not some:
            break
        told += some
    return {name: count for name, count in (("told", told), ("withheld", withheld)) if count}


def _tell_some(gateway: str, services: Services) -> int:
    now, settings = services.clock(), services.settings
    offices = services.directory.current().offices.values()
    awake = [office.code for office in offices if not office.demo and may_write(now, office.timezone)]
    running = Month.of(now, HOME)
    recent = Recent(now.astimezone(HOME).date(), running.plus(-MONTHS_BACK), running.plus(-DECISIONS_BACK))
    # Looking for them takes longer than writing them down, and nobody has to wait for it.
    with reading(services.engine) as session:
        if not awake or notices.unsent(session) >= AHEAD:
            return 0
        found = notices.unread(session, awake, recent, BATCH)
    phones = Phones.of(settings)
    said = [
        (one, phones.seal(notice_words(one.month, one.revision, DEFAULT_LANGUAGE, settings.public_url)))
        for one in found
    ]
    with writing(services.engine) as session:
        return notices.put_notices(session, said, gateway, now, now + ENDS_AFTER)
