"""Personal numbers at rest: sealed so that only this installation reads them, and a hash by which they are found."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealer:
    """Seals, opens and finds the numbers of one kind, by keys derived from the installation's own."""

    def __init__(self, key: str, kind: str) -> None:
        self._box = Fernet(urlsafe_b64encode(_derived(key, f"seal {kind}")))
        self._find = _derived(key, f"find {kind}")

    def seal(self, number: str) -> bytes:
        """Return the number so that only the holder of the key can read it."""
        return self.seal_file(number.encode())

    def seal_file(self, content: bytes) -> bytes:
        """Return a file so that only the holder of the key can read it."""
        return self._box.encrypt(content)

    def open(self, sealed: bytes) -> str:
        """Return the number that was sealed; raise InvalidToken when it was sealed with another key."""
        return self.open_file(sealed).decode()

    def open_file(self, sealed: bytes) -> bytes:
        """Return the file that was sealed; raise InvalidToken when it was sealed with another key."""
        return self._box.decrypt(sealed)

    def fingerprint(self, number: str) -> bytes:
        """Return what a number is found by: the same for the same number, and useless without the key."""
        return hmac.digest(self._find, number.encode(), "sha256")


def derived_key(key: str, purpose: str) -> bytes:
    """Return 32 bytes that serve this one purpose, in the form Fernet takes."""
    return urlsafe_b64encode(_derived(key, purpose))


def _derived(key: str, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"suara-loket {purpose}".encode()).derive(
        sha256(key.encode()).digest()
    )
