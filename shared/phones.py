"""Telephone numbers as they are kept: sealed for sending, hashed for finding, by the installation's phone key."""

from functools import lru_cache

from shared.sealing import Sealer
from shared.settings import Settings, SettingsInvalid


class Phones:
    """Seals, opens and finds telephone numbers, and what people wrote from them."""

    def __init__(self, key: str) -> None:
        self._sealer = Sealer(key, "phones")

    @classmethod
    def of(cls, settings: Settings) -> "Phones":
        """Return those of this installation; raise SettingsInvalid when it has no key."""
        return _phones(phone_key(settings))

    def seal(self, words: str) -> bytes:
        """Return a number, or words, so that only the holder of the key can read them."""
        return self._sealer.seal(words)

    def open(self, sealed: bytes) -> str:
        """Return what was sealed; raise InvalidToken when it was sealed with another key."""
        return self._sealer.open(sealed)

    def hash(self, phone: str) -> bytes:
        """Return what a number in E.164 is found by."""
        return self._sealer.fingerprint(phone)


def phone_key(settings: Settings) -> str:
    """Return the installation's phone key; raise SettingsInvalid when it has none."""
    if settings.phone_key is None:
        raise SettingsInvalid("PHONE_KEY: set it, phones are never kept without")
    return settings.phone_key.get_secret_value()


@lru_cache(maxsize=2)
def _phones(key: str) -> Phones:
    return Phones(key)
