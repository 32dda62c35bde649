"""No officer stands at two places at once: not by a file alone, nor by a file and the roster together."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from shared.db.people import Posting


class Plan:
    """What a file has said so far of who stands where, of which no two postings of an officer touch."""

    def __init__(self) -> None:
        self._begun: defaultdict[str, list[datetime]] = defaultdict(list)
        self._said: dict[tuple[str, datetime], Posting] = {}

    def take(self, wanted: Posting, stored: Sequence[Posting]) -> Posting | None:
        """Take a posting in, or return what is in its way: said before, or of those stored while it lasts.

        The same again is never in its own way, and what the file said of a stored posting stands in its place.
        """
        said_already = self._is_said(wanted)
        if wanted in stored and not said_already:
            return None
        other = self._touching(wanted) or next(
            (one for one in stored if not _same(one, wanted) and not self._is_said(one)), None
        )
        if other is None:
            if not said_already:
                insort(self._begun[wanted.officer], wanted.starts_at)
            self._said[wanted.officer, wanted.starts_at] = wanted
        return other

    def _is_said(self, posting: Posting) -> bool:
        said = self._said.get((posting.officer, posting.starts_at))
        return said is not None and said.counter == posting.counter

    def _touching(self, wanted: Posting) -> Posting | None:
        """Return what was said of the officer for the time of `wanted`; the last before its end is enough to know."""
        begun = self._begun[wanted.officer]
        before_end = bisect_left(begun, wanted.ends_at)
        if not before_end:
            return None
        last = self._said[wanted.officer, begun[before_end - 1]]
        return last if last.ends_at > wanted.starts_at and not _same(last, wanted) else None


def _same(one: Posting, other: Posting) -> bool:
    return (one.officer, one.counter, one.starts_at) == (other.officer, other.counter, other.starts_at)
