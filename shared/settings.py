"""Every setting of the installation in one frozen class; the only reader of the environment."""

import hashlib
import os
import re
import secrets
import socket
import tempfile
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from shared.message_settings import MessageSettings

GENERATED_SECRETS = ("secret_key", "phone_key")
OIDC = ("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_name")
MAY_BE_EMPTY = (
    "redis_url", "database_url", "public_url", "sms_public_url", "twilio_account_sid", "twilio_number",
    "twilio_whatsapp_number", "twilio_sms_sender", "twilio_url", "twilio_invitation_id", "twilio_invitation_en",
    "twilio_reminder_id", "twilio_reminder_en", "gateway_url", *OIDC,
)  # fmt: skip
ADDRESS = re.compile(r"https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?/?", re.IGNORECASE)
"""A host with perhaps a port, and no page."""


class SettingsInvalid(Exception):
    """The configuration cannot be used; the message names every problem at once."""


class Settings(MessageSettings):
    """What an operator may decide. Read from the environment, `.env`, or one file per secret in `var/secrets`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_file_encoding="utf-8")

    suara_home: Path = Field(default=Path(), description="Folder in which `var/` lives: database, stream, secrets.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port of the kiosk and the portals.")
    sms_port: int = Field(default=8001, ge=1, le=65535, description="Port of the message webhooks.")
    bind: str = Field(default="127.0.0.1", description="Address both apps listen on; `0.0.0.0` for a local network.")
    public_url: str | None = Field(
        default=None,
        description="Address of the portals (`https://loket.example.go.id`): letters, invitations, links, issuer.",
    )
    redis_url: str | None = Field(default=None, description="Redis or Valkey to use; empty: one of our own.")
    database_url: str | None = Field(default=None, description="PostgreSQL to use; empty: SQLite under `var/`.")
    secret_key: SecretStr | None = Field(
        default=None, description="Signs sign-in sessions; made on first start unless `DATABASE_URL` is set."
    )
    phone_key: SecretStr | None = Field(
        default=None, description="Hashes phone numbers and message ids; made on first start likewise."
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="Address of an OpenID Connect issuer people may sign in with; set the next three with it.",
    )
    oidc_client_id: str | None = Field(default=None, description="Our name at that issuer.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Our password at that issuer.")
    oidc_name: str | None = Field(default=None, description="What people call the issuer; stands on the button.")
    oidc_claim: str = Field(
        default="preferred_username",
        min_length=1,
        description="Claim with the user name, officer code or NIP of the account; one that people cannot change.",
    )
    https: bool = Field(
        default=False,
        description="Serve HTTPS by our own authority, for a network without a proxy; `suara run --https` sets it.",
    )
    secure_cookies: bool = Field(default=False, description="`true` behind HTTPS: cookies only travel encrypted.")
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="How many proxies stand in front and say who asks (X-Forwarded-For, -Proto).",
    )
    web_threads: int = Field(default=4, ge=1, le=256, description="Requests the web process serves at once.")
    device_requests_per_second: float = Field(
        default=300, gt=0, description="What one kiosk may ask for, sustained; ten seconds' worth at once."
    )
    log_level: str = Field(default="INFO", description="`DEBUG`, `INFO`, `WARNING` or `ERROR`.")

    @field_validator(*MAY_BE_EMPTY, mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("bind")
    @classmethod
    def _an_address(cls, value: str) -> str:
        try:
            return str(ip_address("127.0.0.1" if value == "localhost" else value))
        except ValueError as error:
            raise ValueError("use an IP address of this machine, or 0.0.0.0 for all of them") from error

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("use DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("database_url")
    @classmethod
    def _postgresql_only(cls, value: str | None) -> str | None:
        if value is None:
            return None
        scheme, separator, rest = value.partition("://")
        if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
            raise ValueError("use a postgresql:// address, or leave it empty for SQLite")
        return f"postgresql+psycopg://{rest}"

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("use a redis://, rediss:// or unix:// address")
        return value

    @field_validator("public_url")
    @classmethod
    def _an_address_without_a_page(cls, value: str | None) -> str | None:
        if value is not None and not ADDRESS.fullmatch(value):
            raise ValueError("use an https:// or http:// address without a path, like https://loket.example.go.id")
        return value and value.rstrip("/").lower()

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, value: str | None) -> str | None:
        address = urlsplit(value or "")
        near = address.scheme == "http" and address.hostname in {"127.0.0.1", "localhost", "::1"}
        if value is not None and not (near or (address.scheme == "https" and address.netloc)):
            raise ValueError("use the issuer's https:// address")
        return value

    @model_validator(mode="after")
    def _an_issuer_is_known_whole(self) -> Self:
        missing = [name.upper() for name in OIDC if getattr(self, name) is None]
        if 0 < len(missing) < len(OIDC):
            raise ValueError(f"signing in with an issuer also needs {' and '.join(missing)}; set all or none")
        return self

    @model_validator(mode="after")
    def _many_hosts_share_secrets(self) -> Self:
        missing = [name.upper() for name in GENERATED_SECRETS if getattr(self, name) is None]
        if missing and self.database_url:
            raise ValueError(f"with DATABASE_URL every host needs the same {' and '.join(missing)}; set them")
        return self

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings; raise SettingsInvalid naming every problem. Makes missing local secrets once."""
        home = Path(os.environ.get("SUARA_HOME") or ".").resolve()
        os.umask(0o077)  # what this installation writes is nobody else's to read: ratings, keys, logs of the stream
        folder = home / "var" / "secrets"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.parent.chmod(0o700)
        sources: dict[str, Any] = {"_env_file": ".env", "_secrets_dir": folder, "suara_home": home}
        try:
            settings = cls(**sources)
            missing = [name for name in GENERATED_SECRETS if getattr(settings, name) is None]
            for name in missing:
                keep_secret(folder, name, secrets.token_urlsafe(48))
            return cls(**sources) if missing else settings
        except ValidationError as error:
            raise SettingsInvalid("\n".join(_problem(part) for part in error.errors())) from error

    @property
    def var(self) -> Path:
        """Return the folder of everything this installation keeps on disk."""
        return self.suara_home / "var"

    @property
    def demo_sheet(self) -> Path:
        """Return where a demo keeps its sign-ins and tokens; in any other installation there is no such file."""
        return self.var / "demo.json"

    @property
    def simulates_phones(self) -> bool:
        """Say whether people's phones are those of the simulator: in a demo, and only while nothing leaves it."""
        return self.sms_by == "console" and not self.twilio_whatsapp_number and self.demo_sheet.exists()

    @property
    def takes_replies(self) -> bool:
        """Say whether who gets an SMS of ours can answer it: Indonesian networks carry most of them one way only."""
        return self.sms_two_way or self.simulates_phones

    @property
    def database_address(self) -> str:
        """Return the SQLAlchemy address of the database in use."""
        return self.database_url or f"sqlite:///{self.var / 'suara.sqlite3'}"

    @property
    def redis_socket(self) -> Path:
        """Return where our own Valkey listens; short enough for a socket address however deep the home is."""
        beside = self.var / "valkey.sock"
        if len(str(beside)) < 100:
            return beside
        name = hashlib.sha256(str(self.var).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"suara-{name}" / "valkey.sock"

    @property
    def redis_address(self) -> str:
        """Return the address of the Redis in use."""
        return self.redis_url or f"unix://{self.redis_socket}"

    @property
    def own_host(self) -> str:
        """Return the address at which this machine itself reaches both apps."""
        return "127.0.0.1" if ip_address(self.bind).is_unspecified else self.bind

    @property
    def own_address(self) -> str:
        """Return the address at which this machine itself reaches the screen and the portals."""
        return self._web_at(self.own_host)

    @property
    def web_address(self) -> str:
        """Return the address at which a device on the network reaches the screen and the portals."""
        host = _network_host() if ip_address(self.bind).is_unspecified else self.bind
        return self.public_url or self._web_at(host)

    def _web_at(self, host: str) -> str:
        return f"{'https' if self.https else 'http'}://{host}:{self.port}"

    @property
    def https_folder(self) -> Path:
        """Return the folder of our own authority and the certificate it gave to the server."""
        return self.var / "https"

    @property
    def authority_path(self) -> Path:
        """Return where the certificate of our own authority is, which devices are to trust."""
        return self.https_folder / "authority.pem"

    @property
    def server_certificate_path(self) -> Path:
        """Return where the server's certificate is, with the authority's below it."""
        return self.https_folder / "server.pem"

    @property
    def server_key_path(self) -> Path:
        """Return where the key of the server's certificate is."""
        return self.https_folder / "server.key"

    def remember_https(self, wanted: bool) -> Self:
        """Keep a choice for the next starts and other commands, and return the settings as they are read now."""
        (self.var / "secrets" / "https").write_text(str(wanted).lower())
        return type(self).from_environment()

    @property
    def message_address(self) -> str:
        """Return the public address of the message webhooks, without a closing slash."""
        return (self.sms_public_url or f"http://{self.own_host}:{self.sms_port}").rstrip("/")


def _network_host() -> str:
    # Asking for a route sends nothing; the address is one reserved for examples.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        host: str = probe.getsockname()[0]
    return host


def keep_secret(folder: Path, name: str, value: str) -> None:
    """Write a secret into its own file, readable by its owner only; an existing one stays."""
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(value)


def _problem(part: Any) -> str:
    name = "_".join(str(place) for place in part["loc"]).upper()
    message = str(part["msg"]).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
