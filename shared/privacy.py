"""What may be shown of people: thresholds, what an open month reveals, and how phones are kept.

Every number about a person passes here before it is shown.
"""

import hmac
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Final

from shared.domain.months import Month
from shared.domain.people import OfficeKind
from shared.domain.ratings import Channel
from shared.domain.scoring import Tally

MINIMUM_RATINGS: Final = 5
"""Nothing about a person is shown from fewer ratings (UU PDP 27/2022, data minimisation)."""
MINIMUM_STEP: Final = 5
"""An open month moves by this many ratings or more, else two looks subtract to one person's answer."""


def shown(tally: Tally) -> Tally | None:
    """Return the tally when it may be shown, None when it is from too few ratings."""
    return tally if tally.count >= MINIMUM_RATINGS else None


def may_move(seen: Tally | None, taken_on: date | None, current: Tally, today: date, *, at_once: bool) -> bool:
    """Say whether what is seen of an open month may become `current`.

    At most once a local day and only by five ratings or more; with `at_once` (a demo) by any. When an undone import
    leaves too few, nothing is seen from then on.
    """
    nothing_seen = seen is None or taken_on is None or shown(seen) is None
    if shown(current) is None:
        return not nothing_seen
    if at_once or nothing_seen or seen is None or taken_on is None:
        return True
    return today > taken_on and abs(current.count - seen.count) >= MINIMUM_STEP


def shown_channels(channels: Mapping[Channel, Tally]) -> dict[Channel | None, Tally]:
    """Fold channels with fewer than five ratings together, under None; fold once more if that is still too few.

    So no channel's histogram can be found, neither directly nor as the rest of the others.
    """
    large = {channel: tally for channel, tally in channels.items() if tally.count >= MINIMUM_RATINGS}
    rest = sum((tally for channel, tally in channels.items() if channel not in large), Tally())
    if 0 < rest.count < MINIMUM_RATINGS and large:
        smallest = min(large, key=lambda channel: large[channel].count)
        rest += large.pop(smallest)
    folded: dict[Channel | None, Tally] = dict(large.items())
    if rest.count:
        folded[None] = rest
    return folded


def keyed_hash(value: str, key: str) -> str:
    """Return the keyed hash by which a phone or a provider's message is recognised but never read back."""
    return hmac.new(key.encode(), value.encode(), sha256).hexdigest()[:32]


def rater_period(month: Month, kind: OfficeKind) -> str:
    """Return the period in which one phone is one rater: the month, for schools the semester."""
    if kind is OfficeKind.SCHOOL:
        return f"{month.year}-S{1 if month.number <= 6 else 2}"
    return str(month)


def rater_key(phone: str, secret: bytes) -> str:
    """Return the pseudonym of a phone under a period's random key; with the key destroyed it is nobody."""
    return hmac.new(secret, phone.encode(), sha256).hexdigest()[:32]
