"""How often one caller may ask, kept in this process: nothing on the way in depends on Redis."""

import threading
import time
from collections import OrderedDict
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

from flask import request

OF_ONE_NETWORK: Final = 64
"""Bits of an IPv6 address behind which one subscriber has as many addresses as they like."""


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


def caller() -> str:
    """Return whom a limit counts in this request: the address, of IPv6 the network that one subscriber is given."""
    written = request.remote_addr or ""
    try:
        address = ip_address(written)
    except ValueError:  # a proxy hands on what it was told
        return written
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address), OF_ONE_NETWORK), strict=False))
