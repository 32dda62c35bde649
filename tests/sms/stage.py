"""The cast as a directory for pure tests; for the others a phone that writes to the app, and what came of it."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from shared.db.engine import make_engine
from shared.db.tables import RatingRow
from shared.domain.people import Counter, Directory, Office, OfficeKind, Officer
from shared.services import Services
from sms import create_app
from workers.recorder import record_batch

PUBLIC = "https://pesan.example.go.id"
ACCOUNT = "AC00000000000000000000000000000000"
TOKEN = "test-auth-token"
NUMBER = "+15005550006"
PHONE = "+6281234567890"
PATH = "/sms/twilio"
THANKED = "Terima kasih. Penilaian Anda sudah tercatat"


def a_directory() -> Directory:
    """Return the cast as the doors know it, an officer whose code is a number, and some whose codes begin alike."""
    return Directory(
        offices={
            "DSW": Office("DSW", "Disdukcapil", OfficeKind.DUKCAPIL, ZoneInfo("Asia/Jakarta"), "SWL", False),
            "PSF": Office("PSF", "Puskesmas", OfficeKind.PUSKESMAS, ZoneInfo("Asia/Jayapura"), "TDK", False),
        },
        counters={"DSL3": Counter("DSL3", "Loket 3", "DSW"), "PSL1": Counter("PSL1", "Ruang 1", "PSF")},
        services=frozenset(),
        extra_elements=frozenset(),
        officers={
            "DK7": Officer("DK7", "Asha Pertiwi, S.Sos.", "DSW", frozenset({"DSW"})),
            "DK8": Officer("DK8", "Bilal", "DSW", frozenset({"DSW"})),
            "PS1": Officer("PS1", "Dev Lasut", "PSF", frozenset({"PSF"})),
            "101": Officer("101", "Esha", "PSF", frozenset({"PSF"})),
            "GR-2": Officer("GR-2", "Guru", "PSF", frozenset({"PSF"})),
            "GR": Officer("GR", "Guru Kepala", "PSF", frozenset({"PSF"})),
            "DK94": Officer("DK94", "Gilang", "DSW", frozenset({"DSW"})),
            "DSL34": Officer("DSL34", "Hana", "DSW", frozenset({"DSW"})),
        },
        kiosks={},
        rater_secrets={},
    )


def signature(form: dict[str, Any], address: str = f"{PUBLIC}{PATH}", token: str = TOKEN) -> str:
    """Return the signature Twilio would send."""
    return str(RequestValidator(token).compute_signature(address, form))


def a_form(text: str = "NILAI DK7 4", **overrides: str) -> dict[str, str]:
    """Return Twilio's form of an inbound message; the id is new unless given."""
    values = {
        "MessageSid": f"SM{uuid.uuid4().hex}",
        "AccountSid": ACCOUNT,
        "From": PHONE,
        "To": NUMBER,
        "Body": text,
        "NumMedia": "0",
    }
    return {**values, **overrides}


def reply_in(response: TestResponse) -> str:
    """Return the words of the TwiML answer."""
    assert response.status_code == 200, response.status
    assert response.mimetype == "text/xml"
    message = ElementTree.fromstring(response.data).find("Message")
    assert message is not None
    return message.text or ""


@dataclass
class Phone:
    """A resident's phone: what it sends is signed as Twilio signs."""

    services: Services
    number: str = PHONE
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = create_app(self.services).test_client()

    def deliver(self, form: dict[str, str], path: str = PATH) -> TestResponse:
        """Post a form as Twilio would, and return the bare response."""
        query = urlsplit(path).query
        address = f"{PUBLIC}{urlsplit(path).path}{'?' if query else ''}{query}"
        return self.client.post(path, data=form, headers={"X-Twilio-Signature": signature(form, address)})

    def say(self, text: str, **overrides: str) -> str:
        """Write one message and return the reply."""
        return reply_in(self.deliver(a_form(text, **{"From": self.number, **overrides})))


def without_database(services: Services) -> Services:
    """Return these services with a database that does not answer; the directory was read before it went."""
    services.directory.current()
    return replace(services, engine=make_engine("postgresql+psycopg://nobody@127.0.0.1:9/none"))


def recorded(services: Services, session: Session) -> list[RatingRow]:
    """Let the recorder work off the stream and return all ratings, earliest first."""
    while record_batch(services, "one", timedelta(milliseconds=1)):
        pass
    session.expire_all()
    return list(session.execute(select(RatingRow).order_by(col(RatingRow.given_at))).scalars())
