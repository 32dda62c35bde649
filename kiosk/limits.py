"""How often one caller may ask, kept in this process: nothing on the way in depends on Redis."""

import threading
import time
from collections import OrderedDict


class Limit:
    """A bucket per caller: `rate` requests a second sustained, `burst` at once; forgets the longest silent."""

    def __init__(self, rate: float, burst: float, callers: int = 10_000) -> None:
        self._rate, self._burst, self._callers = rate, burst, callers
        self._lock = threading.Lock()
        self._buckets: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def wait_needed(self, caller: object) -> float:
        """Take one request from the caller's bucket; return 0, or the seconds to wait when it is empty."""
        now = time.monotonic()
        with self._lock:
            left, since = self._buckets.pop(caller, (self._burst, now))
            left = min(self._burst, left + (now - since) * self._rate)
            allowed = left >= 1
            self._buckets[caller] = (left - 1 if allowed else left, now)
            if len(self._buckets) > self._callers:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate

    def forget(self, caller: object) -> None:
        """Give the caller a full bucket again."""
        with self._lock:
            self._buckets.pop(caller, None)
