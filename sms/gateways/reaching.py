"""What all gateways over HTTP have in common: how long they are waited for, and what never reached them."""

from typing import Final

from requests.exceptions import ConnectionError, ConnectTimeout
from urllib3.exceptions import MaxRetryError, NewConnectionError

PATIENCE: Final = 10.0
"""Seconds a gateway has for an answer; then nobody knows whether it took the message."""
LEFT_ALONE: Final = 30.0
"""Seconds it is left alone when it cannot be reached, or asks for it without saying how long."""
ACCOUNT_LEFT_ALONE: Final = 600.0
"""Seconds until the next try when it does not know us: somebody has to mend the settings first."""
LONGEST: Final = 3600.0


def never_arrived(error: Exception) -> bool:
    """Say whether not even a connection was made, so that the other side certainly knows nothing of it."""
    reason = error.args[0] if isinstance(error, ConnectionError) and error.args else None
    refused = isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)
    return refused or isinstance(error, ConnectTimeout)


def asked_for(retry_after: str) -> float:
    """Return for how many seconds a gateway wants to be left alone, by the header that says so."""
    return min(float(retry_after), LONGEST) if retry_after.isdigit() and retry_after.isascii() else LEFT_ALONE
