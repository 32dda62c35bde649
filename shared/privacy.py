"""What may be shown of people: thresholds, what an open month reveals, and how phones are kept.

Every number about a person passes here before it is shown.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Final

from shared.domain.comments import without_contacts
from shared.domain.months import Month
from shared.domain.people import OfficeKind
from shared.domain.periods import SEMESTER, Period
from shared.domain.scoring import Tally

MINIMUM_RATINGS: Final = 5
"""Nothing about a person is shown from fewer ratings (UU PDP 27/2022, data minimisation)."""
MINIMUM_FOR_COMMENTS: Final = 10
"""No comment is shown from fewer ratings in the period (UU PDP 27/2022)."""
MINIMUM_STEP: Final = 5
"""An open month moves by this many ratings or more, else two looks subtract to one person's answer."""


def shown(tally: Tally) -> Tally | None:
    """Return the tally when it may be shown, None when it is from too few ratings."""
    return tally if tally.count >= MINIMUM_RATINGS else None


def shown_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return those counts that may be shown, most first: what fewer than five people said is left out."""
    ordered = sorted(counts.items(), key=lambda said: (-said[1], said[0]))
    return {name: count for name, count in ordered if count >= MINIMUM_RATINGS}


def told_count(count: int) -> int | None:
    """Return a count as it may be told day by day: rounded down to a step of five; None below five, also of nobody.

    "None at all" is not told: where one person was to be asked, it would say that they refused.
    """
    return count - count % MINIMUM_STEP if count >= MINIMUM_STEP else None


def told_share(part: int, whole: int) -> int | None:
    """Return how many of ten people a part is, rounded half up; None unless it and the rest are five or more each.

    That all or nobody did would tell of each of them.
    """
    if part < MINIMUM_RATINGS or whole - part < MINIMUM_RATINGS:
        return None
    return (20 * part + whole) // (2 * whole)


def shown_comments(comments: Iterable[str], ratings: int) -> list[str]:
    """Return the comments of a month with so many ratings as they may be shown: none from fewer than ten.

    Their order tells nothing of when they were given.
    """
    if ratings < MINIMUM_FOR_COMMENTS:
        return []
    return sorted((without_contacts(comment) for comment in comments), key=comment_reference)


def comment_reference(told: str) -> str:
    """Return by what an officer names a comment they have read; it tells nothing but that very text."""
    return sha256(told.encode(errors="replace")).hexdigest()


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


def effect_told(left_out: Iterable[Tally | None]) -> bool:
    """Say whether it may be told what the answers set aside would change, of the last of these revisions of a month.

    From five on, and not where they moved by fewer than five since it was told of an earlier one: what those few
    answered could be subtracted.
    """
    told: Tally | None = None
    may = False
    for one in left_out:
        may = (
            one is not None
            and one.count >= MINIMUM_RATINGS
            and (told is None or told == one or is_a_step(told.count, one.count))
        )
        told = one if may else told
    return may


def is_a_step(before: int, after: int) -> bool:
    """Say whether what so many people said may be shown after what fewer or more did: five apart, or never seen."""
    return before < MINIMUM_RATINGS or abs(after - before) >= MINIMUM_STEP


@dataclass(frozen=True, slots=True)
class Past:
    """How many ratings of an officer's closed month count now, and counted when it was looked at again.

    `settled_at` is when that was; None where it has not been. It is `moved` when something was decided about it
    since, and `noted` when it once had five ratings, which may have been seen.
    """

    month: Month
    count: int
    settled_at: datetime | None
    settled: int
    moved: bool = False
    noted: bool = False

    @property
    def small(self) -> bool:
        """Say whether it had so few ratings, when nothing more could reach it, that it can only enter with others."""
        return self.settled_at is not None and 0 < self.settled < MINIMUM_RATINGS

    @property
    def stirred(self) -> bool:
        """Say whether it may have been known with other ratings than it enters with."""
        return self.moved or (self.small and self.noted)


def entering(pasts: Iterable[Past]) -> list[tuple[Month, ...]]:
    """Return the closed months that a semester or year is made of, those together that are only known together.

    A month that is seen by itself enters as it is seen. The others enter in bundles of five ratings or more:

    1. A month enters a bundle once it was looked at again, when no more ratings can reach it. In the order of that
       the months of a semester are gathered until there are five ratings, and sealed; the next begins the next one.
    2. What was sealed stays sealed. When something is decided about one of its months later, or one of them was seen
       before (and then lost ratings), the whole bundle is dark for ever.

    So whatever period is looked at, and whenever, it is made of months one sees and of whole bundles that never
    change and have nobody in common: minus the months and any other look, nothing is left or a bundle. All hidden
    months together would not do: the next one that joins them would be told by the look before.
    """
    known = list(pasts)
    seen = [(past.month,) for past in known if past.count >= MINIMUM_RATINGS]
    bundles = (bundle for bundle in _sealed(known) if not any(past.stirred for past in bundle))
    return sorted([*seen, *(tuple(past.month for past in bundle) for bundle in bundles)])


def _sealed(pasts: Iterable[Past]) -> Iterator[list[Past]]:
    in_time = sorted(
        (Period.around(past.month, SEMESTER).first, past.settled_at, past.month, past)
        for past in pasts
        if past.settled_at is not None and past.small
    )
    for _, of_semester in groupby(in_time, key=itemgetter(0)):
        bundle: list[Past] = []
        for *_, past in of_semester:
            bundle.append(past)
            if sum(one.settled for one in bundle) >= MINIMUM_RATINGS:
                yield bundle
                bundle = []


def may_leave_out(parts: Iterable[tuple[int, int]]) -> bool:
    """Say whether what the same people have replaced may be left out of a semester: so of schools.

    `parts` are the months and bundles it is made of: how many ratings, and how many of them would be left out. Their
    sum is known, so those left out can be subtracted, and what stays of the months they are from as well: each must
    be nobody or five. It is asked only of a semester to which nothing is added any more, for two looks, before and
    after one more is left out, would tell of that one.
    """
    touched = [part for part in parts if part[1]]
    left_out = sum(out for _, out in touched)
    stays = sum(count for count, _ in touched) - left_out
    return all(group == 0 or group >= MINIMUM_RATINGS for group in (left_out, stays))


def keyed_hash(value: str, key: str) -> str:
    """Return the keyed hash by which a phone or a provider's message is recognised but never read back."""
    return hmac.new(key.encode(), value.encode(), sha256).hexdigest()[:32]


def rater_period(month: Month, kind: OfficeKind) -> str:
    """Return the period in which one phone is one rater: the month, for schools the semester."""
    if kind is OfficeKind.SCHOOL:
        return str(Period.around(month, SEMESTER))
    return str(month)


def rater_key(phone: str, secret: bytes) -> str:
    """Return the pseudonym of a phone under a period's random key; with the key destroyed it is nobody."""
    return hmac.new(secret, phone.encode(), sha256).hexdigest()[:32]
