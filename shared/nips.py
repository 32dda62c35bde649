"""The NIPs of this installation: sealed in the database, found by a hash."""

from shared.sealing import Sealer
from shared.settings import Settings


def nips(settings: Settings) -> Sealer:
    """Return what seals and finds NIPs, by the key that also hides phones."""
    if settings.phone_key is None:
        raise ValueError("settings of a running installation have a PHONE_KEY")
    return Sealer(settings.phone_key.get_secret_value(), "nip")
