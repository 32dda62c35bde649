"""Which ratings do not count, and why: rules about the ratings themselves, never about the order they came in.

A rating that is set aside is kept, counted in the open, and counts again when its reason goes.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

PRESS_INTERVAL: Final = timedelta(seconds=10)
"""Two people cannot follow each other at one screen faster than this; a screen may have an interval of its own."""
ROUND_A_POSTING: Final = timedelta(minutes=30)
"""Somebody may begin early, and be rated a little after they have left."""
STALE_AFTER: Final = timedelta(days=45)


class SetAside(StrEnum):
    """Why a rating is kept but does not count. Where several hold, the first in this order is named."""

    WITHDRAWN = "withdrawn"
    """its import was undone, or an objection or review has decided so"""
    UNCONFIRMED = "unconfirmed"
    """imported in the browser, and no second person has confirmed it yet"""
    STALE = "stale"
    """accepted more than 45 days after it was given, from a kiosk or by message"""
    LATE = "late"
    """accepted after its month was restated for the last time"""
    OWN_PHONE = "own_phone"
    """from a phone that belongs to somebody who serves at the same office"""
    REPEAT_PRESS = "repeat_press"
    """less than the kiosk's interval after the press before, on the same kiosk about the same officer"""
    OFF_DUTY = "off_duty"
    """at a kiosk whose counter was staffed that day, about somebody who was not posted there at that time and whom
    the person did not pick"""
    SUPERSEDED = "superseded"
    """the same person has rated the same officer again in the same month; the latest counts"""


OF_IMPORTS: Final = (SetAside.WITHDRAWN, SetAside.UNCONFIRMED)
"""Reasons that concern whole imports."""
