"""Our own authority: made once, believed for this machine and private networks alone, its certificates renewed."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from shared import authority
from shared.authority import Authority, AuthorityUnusable, prepare, read_certificate
from shared.settings import Settings
from tests.servers import settings_in

NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
OF_THE_OFFICE = frozenset({"localhost", "127.0.0.1", "::1", "loket", "loket.local", "192.168.1.5"})


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set by which names the machine is reached: those of the machine that tests run on are its own affair."""

    def set_names(*more: str) -> None:
        monkeypatch.setattr(authority, "own_names", lambda: OF_THE_OFFICE | set(more))

    set_names()
    return set_names


@pytest.fixture
def installation(tmp_path: Path, names: Callable[..., None]) -> Settings:
    (tmp_path / "var").mkdir()
    return settings_in(tmp_path, https=True)


def greets(settings: Settings, name: str, served: Path | None = None) -> bool:
    """Say whether whoever trusts the authority alone believes the server under this name."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(served or settings.server_certificate_path, settings.server_key_path)
    client = ssl.create_default_context(cafile=settings.authority_path)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    visitor = client.wrap_bio(back, there, server_hostname=name)
    host = server.wrap_bio(there, back, server_side=True)
    for _ in range(4):
        for side in (visitor, host):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return visitor.version() is not None


def believed(settings: Settings, name: str, when: datetime) -> bool:
    """Say whether a device whose clock says so believes the certificate that is served."""
    root = read_certificate(settings.authority_path)
    builder = PolicyBuilder().store(Store([root])).time(when)
    try:
        builder.build_server_verifier(x509.DNSName(name)).verify(
            read_certificate(settings.server_certificate_path), []
        )
    except VerificationError:
        return False
    return True


def kept(settings: Settings) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in settings.https_folder.iterdir()}


def test_a_device_that_trusts_the_authority_believes_the_server_by_every_name_of_its_machine(
    installation: Settings,
) -> None:
    assert not prepare(installation, NOW).left_out
    for name in OF_THE_OFFICE:
        assert greets(installation, name), name
    assert not greets(installation, "pajak.local")


def test_the_keys_are_for_the_eyes_of_the_owner_only(installation: Settings) -> None:
    prepare(installation, NOW)
    assert {oct(path.stat().st_mode & 0o777) for path in installation.https_folder.iterdir()} == {"0o600"}
    assert oct(installation.https_folder.stat().st_mode & 0o777) == "0o700"


def test_prepared_again_nothing_changes(installation: Settings) -> None:
    prepare(installation, NOW)
    before = kept(installation)
    prepare(installation, NOW + timedelta(days=30))
    assert kept(installation) == before
    assert set(before) == {"authority.key", "authority.pem", "server.key", "server.pem"}


@pytest.mark.parametrize(
    ("days", "renewed"), [pytest.param(49, False, id="good for a year"), pytest.param(51, True, id="not for a year")]
)
def test_the_servers_certificate_is_renewed_long_before_it_ends(
    installation: Settings, days: int, renewed: bool
) -> None:
    prepare(installation, NOW)
    before = kept(installation)
    prepare(installation, NOW + timedelta(days=days))
    changed = {name for name, content in kept(installation).items() if content != before[name]}
    assert changed == ({"server.pem"} if renewed else set())


def test_a_new_address_of_the_machine_renews_it_under_the_same_authority(
    installation: Settings, names: Callable[..., None]
) -> None:
    prepare(installation, NOW)
    before = installation.authority_path.read_bytes()
    assert not greets(installation, "10.3.0.9")
    names("10.3.0.9")
    prepare(installation, NOW)
    assert greets(installation, "10.3.0.9")
    assert installation.authority_path.read_bytes() == before


def test_the_public_address_counts_among_the_names(installation: Settings) -> None:
    named = installation.model_copy(update={"public_url": "https://suara.dinas.example:8443"})
    prepare(named, NOW)
    assert greets(named, "suara.dinas.example")


def test_a_clock_a_year_off_does_not_keep_a_tablet_from_handing_in(installation: Settings) -> None:
    prepare(installation, NOW)
    late = NOW + timedelta(days=49)  # the longest a certificate waits to be renewed
    for when in (late - timedelta(days=366), NOW, late + timedelta(days=366)):
        assert believed(installation, "loket.local", when), when
    assert not believed(installation, "loket.local", NOW + timedelta(days=430))


def test_it_vouches_for_no_name_it_was_not_made_for_and_says_so(
    installation: Settings, names: Callable[..., None]
) -> None:
    prepare(installation, NOW)
    names("bank.example", "203.0.113.7", "kantor.local")
    assert prepare(installation, NOW).left_out == {"bank.example", "203.0.113.7"}
    assert greets(installation, "kantor.local")


def test_nobody_believes_a_certificate_beyond_its_names_whoever_signed_it(
    installation: Settings, tmp_path: Path
) -> None:
    prepare(installation, NOW)
    stolen = Authority.of(installation, NOW)
    key = serialization.load_pem_private_key(installation.server_key_path.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    for name in ("bank.example", "203.0.113.7"):
        forged = stolen.sign(key, [name], NOW)
        path = tmp_path / "forged.pem"
        path.write_bytes(forged.public_bytes(serialization.Encoding.PEM))
        assert not greets(installation, name, path), name


def test_a_certificate_never_outlives_its_authority_which_is_not_used_after_its_end(installation: Settings) -> None:
    prepare(installation, NOW)
    end = read_certificate(installation.authority_path).not_valid_after_utc
    prepare(installation, end - timedelta(days=5))
    last = kept(installation)
    assert read_certificate(installation.server_certificate_path).not_valid_after_utc == end
    prepare(installation, end - timedelta(days=4))
    assert kept(installation) == last, "it cannot get better"
    with pytest.raises(AuthorityUnusable, match=r"authority\.pem"):
        prepare(installation, end)


@pytest.mark.parametrize("file", ["authority.key", "authority.pem", "server.key"])
@pytest.mark.parametrize("content", [pytest.param(b"", id="empty"), pytest.param(b"\0\xffxyz" * 9, id="rubbish")])
def test_a_damaged_file_is_named_and_never_replaced_in_silence(
    installation: Settings, file: str, content: bytes
) -> None:
    prepare(installation, NOW)
    (installation.https_folder / file).write_bytes(content)
    with pytest.raises(AuthorityUnusable, match=file):
        prepare(installation, NOW)
    assert (installation.https_folder / file).read_bytes() == content


@pytest.mark.parametrize("lost", ["authority.pem", "server.key", "server.pem"])
def test_killed_in_the_middle_it_goes_on_from_the_key_it_has(installation: Settings, lost: str) -> None:
    prepare(installation, NOW)
    key = (installation.https_folder / "authority.key").read_bytes()
    (installation.https_folder / lost).unlink()
    prepare(installation, NOW)
    assert greets(installation, "loket.local")
    assert (installation.https_folder / "authority.key").read_bytes() == key


def test_a_certificate_of_another_authority_is_replaced(installation: Settings) -> None:
    prepare(installation, NOW)
    for name in ("authority.pem", "authority.key"):
        (installation.https_folder / name).unlink()
    prepare(installation, NOW)
    assert greets(installation, "loket.local")


def test_an_authority_made_by_a_clock_far_ahead_is_named(installation: Settings) -> None:
    prepare(installation, NOW + timedelta(days=3 * 365))
    with pytest.raises(AuthorityUnusable, match=r"authority\.pem"):
        prepare(installation, NOW)
