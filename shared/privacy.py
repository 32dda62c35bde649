"""What may be shown of people: thresholds, what an open month reveals, and how phones are kept.

Every number about a person passes here before it is shown.
"""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from shared.domain.months import Month
from shared.domain.people import OfficeKind
from shared.domain.scoring import Tally

MINIMUM_RATINGS: Final = 5
"""Nothing about a person is shown from fewer ratings (UU PDP 27/2022, data minimisation)."""
MINIMUM_FOR_COMMENTS: Final = 10
"""No comment is shown from fewer ratings in the period (UU PDP 27/2022)."""
MINIMUM_STEP: Final = 5
"""An open month moves by this many ratings or more, else two looks subtract to one person's answer."""
LONG_NUMBER: Final = re.compile(r"\+?\d(?:[ .\-/]?\d){6,}")
"""Seven digits or more, perhaps parted: a phone number, a NIK, a NIP."""


def shown(tally: Tally) -> Tally | None:
    """Return the tally when it may be shown, None when it is from too few ratings."""
    return tally if tally.count >= MINIMUM_RATINGS else None


def shown_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return those counts that may be shown, most first: what fewer than five people said is left out."""
    ordered = sorted(counts.items(), key=lambda said: (-said[1], said[0]))
    return {name: count for name, count in ordered if count >= MINIMUM_RATINGS}


def shown_comments(comments: Iterable[str], ratings: int) -> list[str]:
    """Return the comments of a month with so many ratings as they may be shown: none from fewer than ten.

    Their order tells nothing of when they were given, and long numbers, which may be phones or identities, are out.
    """
    if ratings < MINIMUM_FOR_COMMENTS:
        return []
    told = [LONG_NUMBER.sub("…", comment) for comment in comments]
    return sorted(told, key=lambda comment: sha256(comment.encode(errors="replace")).digest())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What may be seen of an open month, and what was noted since to be seen next.

    `noted` is what the month was on the local day `noted_on`. While the month is dark nothing is seen.
    """

    noted: Tally
    noted_on: date
    seen: Tally | None = None
    dark: bool = False


def moved(before: Snapshot | None, current: Tally, today: date, *, at_once: bool) -> Snapshot | None:
    """Return what is noted and may be seen of an open month from now on, or None when that stays as it is.

    1. It is noted from five ratings on, then at most once a local day, and only when five or more came.
    2. What is seen is what was noted before: five ratings behind what there is, at least. So neither two looks nor a
       look and the closed month subtract to fewer than five.
    3. When answers were withdrawn (an import undone) it is dark at once, and until five more came on a later day:
       whoever knows what was withdrawn would otherwise subtract, and read the few that came meanwhile.
    4. With `at_once` (a demo) everything is seen from five ratings on.
    """
    if at_once:
        return Snapshot(current, today, shown(current)) if before or shown(current) else None
    if before is None:
        return Snapshot(current, today) if shown(current) else None
    if any(now < then for now, then in zip(current.counts, before.noted.counts, strict=True)):
        return Snapshot(current, today, dark=True)
    enough = current.count - before.noted.count >= MINIMUM_STEP
    return Snapshot(current, today, shown(before.noted)) if enough and today > before.noted_on else None


def may_follow(before: Tally, after: Tally, withdrawn: int) -> bool:
    """Say whether a closed month may have such a next revision: two must not subtract to fewer than five.

    `withdrawn` more are set aside than before because of their import, and everybody is told; so those that arrived
    are counted apart from them.
    """
    if shown(before) is None:
        return True
    arrived = after.count - before.count + withdrawn
    if arrived == withdrawn == 0:
        return before == after
    return all(part == 0 or abs(part) >= MINIMUM_STEP for part in (arrived, withdrawn))


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
