"""Our own certificate authority, for tablets in a network without a domain: made once, and held to this machine.

A browser grants offline work and lasting storage only over HTTPS. Whoever trusts the authority trusts it for the
names of this machine and for private networks, and for nothing else: its certificate itself says so.
Run as `python -m shared.authority` it renews the server's certificate where that is due.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shared.domain.clock import system_clock
from shared.own_names import address_of, own_names
from shared.settings import Settings

AUTHORITY_LASTS: Final = timedelta(days=3652)
SERVER_LASTS: Final = timedelta(days=425)
RENEWED_BELOW: Final = timedelta(days=375)
EARLIER: Final = timedelta(days=400)
"""A tablet whose clock is a year behind or ahead must still hand in its ratings; together within Apple's 825 days."""
PRIVATE: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128")
LONGEST_NAME: Final = 64
MARK: Final = "Suara Loket"


class AuthorityUnusable(Exception):
    """What is kept of the authority cannot be read, or is over; the message is the file."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate that devices trust, and the key that signs for it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, settings: Settings, now: datetime) -> Self:
        """Return the authority of this installation, made the first time; raise AuthorityUnusable."""
        folder = settings.https_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        key = _kept_key(folder / "authority.key")
        path = settings.authority_path
        if not path.exists():
            _write(path, _pem(_made(key, names_of(settings), now)))
        certificate = read_certificate(path)
        good_now = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc
        if certificate.public_key() != key.public_key() or not good_now:
            raise AuthorityUnusable(path)
        return cls(certificate, key)

    def may_sign(self, name: str) -> bool:
        """Say whether the authority's own certificate lets it vouch for this name or address."""
        limits = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        return any(_within(name, limit.value) for limit in limits.permitted_subtrees or ())

    def sign(self, key: ec.EllipticCurvePrivateKey, names: Iterable[str], now: datetime) -> x509.Certificate:
        """Return a certificate of a server with these names, which end no later than the authority."""
        end = min(now + SERVER_LASTS, self.certificate.not_valid_after_utc)
        return (
            x509.CertificateBuilder(subject_name=_named(MARK), issuer_name=self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - EARLIER)
            .not_valid_after(end)
            .add_extension(x509.SubjectAlternativeName([_general(name) for name in sorted(names)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the certificate in use says: the names it is for, and those the authority may not vouch for."""

    names: frozenset[str]
    left_out: frozenset[str]


def prepare(settings: Settings, now: datetime) -> Vouched:
    """See that the server has a certificate that is good for long and for all names of this machine.

    Raises AuthorityUnusable when what is kept cannot be used: whoever removes it must install it on devices anew.
    """
    authority = Authority.of(settings, now)
    wanted = names_of(settings)
    names = frozenset(filter(authority.may_sign, wanted))
    key, path = _kept_key(settings.server_key_path), settings.server_certificate_path
    if not _is_good(path, authority, key, names, now):
        _write(path, _pem(authority.sign(key, names, now)) + _pem(authority.certificate))
    return Vouched(names, wanted - names)


def names_of(settings: Settings) -> frozenset[str]:
    """Return every name and address under which this installation may be opened."""
    public = urlsplit(settings.public_url or "").hostname
    said = {name for name in (public, settings.own_host, urlsplit(settings.web_address).hostname) if name}
    return own_names() | said


def read_certificate(path: Path) -> x509.Certificate:
    """Return the first certificate in a file; raise AuthorityUnusable when there is none."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise AuthorityUnusable(path) from error


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 fingerprint as devices show it, to be compared by eye: "AB:CD:…"."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _made(key: ec.EllipticCurvePrivateKey, names: Iterable[str], now: datetime) -> x509.Certificate:
    """Return an authority for these names, names that end in .local, and private networks."""
    limits = [x509.DNSName("local"), *(x509.IPAddress(ip_network(network)) for network in PRIVATE)]
    limits += [_limit(name) for name in sorted(names) if not any(_within(name, limit.value) for limit in limits)]
    host = next((name for name in sorted(names) if name.endswith(".local")), "local").removesuffix(".local")
    name = _named(f"{MARK} {host}")
    return (
        x509.CertificateBuilder(subject_name=name, issuer_name=name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(limits, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _is_good(
    path: Path, authority: Authority, key: ec.EllipticCurvePrivateKey, names: frozenset[str], now: datetime
) -> bool:
    """Say whether the certificate there is ours, for all these names, and good for a year or as long as can be."""
    try:
        certificate = read_certificate(path)
        certificate.verify_directly_issued_by(authority.certificate)
    except (AuthorityUnusable, InvalidSignature, ValueError, TypeError):
        return False
    end, last = certificate.not_valid_after_utc, authority.certificate.not_valid_after_utc
    lasts = certificate.not_valid_before_utc <= now and end - now >= min(RENEWED_BELOW, last - now)
    return lasts and certificate.public_key() == key.public_key() and names <= _names_in(certificate)


def _names_in(certificate: x509.Certificate) -> frozenset[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return frozenset(str(name.value) for name in names)


def _within(name: str, limit: Any) -> bool:
    address = address_of(name)
    if isinstance(limit, str):
        return address is None and (name == limit or name.endswith(f".{limit}"))
    return address is not None and address in limit


def _general(name: str) -> x509.GeneralName:
    address = address_of(name)
    return x509.IPAddress(address) if address else x509.DNSName(name)


def _limit(name: str) -> x509.GeneralName:
    address = address_of(name)
    return x509.IPAddress(ip_network(address)) if address else x509.DNSName(name)


def _named(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:LONGEST_NAME]),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _kept_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Return the key kept there, made the first time; raise AuthorityUnusable when it cannot be read."""
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        _write(path, made.private_bytes(*form))
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise AuthorityUnusable(path) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise AuthorityUnusable(path)
    return key


def _write(path: Path, content: bytes) -> None:
    """Replace a file whole or not at all, for the eyes of its owner only."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


if __name__ == "__main__":
    prepare(Settings.from_environment(), system_clock())
