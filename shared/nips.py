"""What seals personal numbers of this installation: NIPs, which are found by a hash, and files that may hold some."""

from shared.sealing import Sealer
from shared.settings import Settings


def nips(settings: Settings) -> Sealer:
    """Return what seals and finds NIPs, by the key that also hides phones."""
    return _sealer(settings, "nip")


def handed_in(settings: Settings) -> Sealer:
    """Return what seals files that were handed in, and rows of them that were refused: a column may hold NIPs."""
    return _sealer(settings, "import")


def _sealer(settings: Settings, kind: str) -> Sealer:
    if settings.phone_key is None:
        raise ValueError("settings of a running installation have a PHONE_KEY")
    return Sealer(settings.phone_key.get_secret_value(), kind)
