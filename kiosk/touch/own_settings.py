"""What administration has set on one kiosk, as its configuration tells it."""

from collections.abc import Mapping
from typing import Any

from shared.db.kiosk_settings import KeptSettings


def own_settings(kept: KeptSettings, timers: Mapping[str, int]) -> dict[str, Any]:
    """Return the kiosk's published interval, its technician's PIN, and its idle time beside the common timers."""
    return {
        "press_interval": kept.facts.press_interval,
        "pin": kept.pin,
        "timers": {"idle_seconds": kept.facts.idle_seconds, **timers},
    }
