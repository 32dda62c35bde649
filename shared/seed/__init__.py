"""A demo installation: invented people, three regions in two time zones, fourteen months of ratings.

Deterministic for a given day: the same seed of chance, the same people, the same answers. Passwords and tokens
are the installation's own and are written to `var/demo.json`, readable by its owner only.
"""

import json
import os
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from shared import standings
from shared.db.accounts import Place, create_account
from shared.db.api_keys import add_key, new_secret
from shared.db.engine import writing
from shared.db.kiosks import add_kiosk, invite_device, known_kiosks, new_enrolment_code
from shared.db.people import secret_hash
from shared.db.people_tables import (
    CounterRow,
    KioskRow,
    OfficeRow,
    OfficerRow,
    PostingRow,
    RegionRow,
    ServiceRow,
)
from shared.db.ratings import record
from shared.db.upsert import upserting
from shared.domain.people import ABOVE_OFFICER, Role
from shared.domain.zones import zone
from shared.i18n import DEFAULT_LANGUAGE, mark, translate
from shared.phones import Phones
from shared.second_step import connect_phone
from shared.seed.guardians import plant_guardians
from shared.seed.invitations import plant_invitations
from shared.seed.messages import plant_messages
from shared.seed.offices import AMBON, EMPTY_OFFICE, OFFICES, SAWAHLUNTO, TIDORE, DemoOffice
from shared.seed.own_words import own_words_of
from shared.seed.ratings import demo_ratings
from shared.services import Services
from shared.settings import keep_secret

POSTED_AHEAD: Final = timedelta(days=60)
TRIAL_KIOSK: Final = "Layar coba"
QUEUE_SYSTEM: Final = "Antrean contoh"
TRIAL_CODE_LIFETIME: Final = timedelta(days=1)
"""The demo prints its codes once, at the start; whoever tries it may come back to them later that day."""


def plant_once(services: Services) -> bool:
    """Fill an empty database with the demo and write `var/demo.json`; False and nothing done when it is not empty."""
    now = services.clock()
    with writing(services.engine) as session:
        if session.scalars(select(RegionRow)).first():
            return False
        _plant_places(session)
        session.add_all(own_words_of(OFFICES[0], now))
        kiosks = _plant_kiosks(session, now)
        accounts = _plant_accounts(session, _secret_key(services), now)
        _plant_ratings(session, now)
        plant_invitations(session, OFFICES[0], now)
        plant_messages(session, OFFICES[0], now)
        plant_guardians(session, _school(), now, Phones.of(services.settings))
        key = new_secret()
        add_key(session, QUEUE_SYSTEM, OFFICES[0].code, key, now)
        _write_sheet(services, kiosks, accounts, key)
    standings.refresh(services)
    return True


def _secret_key(services: Services) -> str:
    key = services.settings.secret_key
    if key is None:
        raise ValueError("settings of a running installation have a SECRET_KEY")
    return key.get_secret_value()


def _school() -> DemoOffice:
    return next(office for office in OFFICES if office.kind == "school")


def _plant_places(session: Session) -> None:
    for region in (SAWAHLUNTO, TIDORE, AMBON):
        session.add(RegionRow(code=region[0], name=region[1], demo=True))
    session.flush()
    for office in OFFICES:
        session.add(
            OfficeRow(
                code=office.code,
                region_code=office.region[0],
                name=office.name,
                kind=office.kind,
                timezone=office.timezone,
                population=office.population,
            )
        )
        session.flush()
        session.add_all(CounterRow(code=code, office_code=office.code, name=name) for code, name in office.counters)
        session.add_all(ServiceRow(code=code, office_code=office.code, name=name) for code, name in office.services)
        session.add_all(
            OfficerRow(code=code, office_code=office.code, name=name) for code, name, *_ in office.officers
        )
        session.flush()


def _plant_kiosks(session: Session, now: datetime) -> list[dict[str, str]]:
    kiosks = []
    for office in OFFICES:
        for counter, name in office.counters[: 1 if office.officers else 0]:
            token = secrets.token_urlsafe(32)
            kiosk = KioskRow(
                name=name,
                office_code=office.code,
                counter_code=counter,
                token_hash=secret_hash(token),
                enrolled_at=now,
            )
            session.add(kiosk)
            kiosks.append({"name": name, "token": token, "office": office.code, "counter": counter})
    session.flush()
    return kiosks


def _plant_accounts(session: Session, key: str, now: datetime) -> list[dict[str, str | None]]:
    leaders = [
        ("admin", "Admin Demo", Place(Role.ADMINISTRATOR)),
        ("auditor", "Auditor Demo", Place(Role.AUDITOR)),
        ("bkpsdm", "BKPSDM Demo", Place(Role.AGENCY, region=SAWAHLUNTO[0])),
        ("atasan", "Atasan Demo", Place(Role.SUPERVISOR, office=OFFICES[0].code)),
    ]
    officers = [
        (code.lower(), name, Place(Role.OFFICER, officer=code))
        for office in OFFICES
        for code, name, *_ in office.officers
    ]
    return [_plant_account(session, key, now, *facts) for facts in [*officers, *leaders]]


def _plant_account(
    session: Session, key: str, now: datetime, username: str, name: str, place: Place
) -> dict[str, str | None]:
    password = f"loket-{secrets.token_hex(4)}"
    account = create_account(session, username, password, place, now, name)
    totp = connect_phone(session, account, key) if place.role in ABOVE_OFFICER else None
    return {
        "role": place.role, "username": username, "password": password, "totp": totp, "officer": place.officer,
    }  # fmt: skip


def _plant_ratings(session: Session, now: datetime) -> None:
    ratings = sorted(demo_ratings(now), key=lambda rating: rating.accepted_at)
    for start in range(0, len(ratings), 1000):
        record(ratings[start : start + 1000], session, now)


def _write_sheet(
    services: Services, kiosks: list[dict[str, str]], accounts: list[dict[str, str | None]], api_key: str
) -> None:
    settings = services.settings
    sid = settings.twilio_account_sid or f"AC{secrets.token_hex(16)}"
    token = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else secrets.token_hex(16)
    number = settings.twilio_number or "+15005550006"
    for name, value in (("twilio_account_sid", sid), ("twilio_auth_token", token), ("twilio_number", number)):
        keep_secret(settings.var / "secrets", name, value)
    sheet: dict[str, Any] = {
        "accounts": accounts,
        "kiosks": kiosks,
        "offices": [
            {"code": office.code, "name": office.name, "kind": office.kind, "timezone": office.timezone}
            for office in OFFICES
        ],
        "officers": [
            {"code": code, "name": name, "office": office.code, "counter": counter}
            for office in OFFICES
            for code, name, counter, _mean in office.officers
        ],
        "empty_office": EMPTY_OFFICE,
        "twilio": {"account_sid": sid, "auth_token": token, "number": number},
        "api_key": api_key,
    }
    _keep_sheet(services, sheet)


def _keep_sheet(services: Services, sheet: dict[str, Any]) -> None:
    """Write the sheet with the addresses of this start, which may be others than last time's."""
    host, settings = services.settings.own_host, services.settings
    where = {"web": settings.own_address, "sms": f"http://{host}:{settings.sms_port}"}
    with os.fdopen(os.open(settings.demo_sheet, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({**sheet, **where}, file, indent=1, ensure_ascii=False)


def demo_sheet(services: Services) -> list[str]:
    """Return how to try the demo, a line each, and keep it awake; nothing when this is no demo installation."""
    path = services.settings.demo_sheet
    if not path.exists():
        return []
    sheet = json.loads(path.read_text())
    account = sheet["accounts"][0]
    _keep_sheet(services, sheet)
    with writing(services.engine) as session:
        _post_officers(session, services.clock())
        codes = _invitations(session, services.clock())
    web = services.settings.web_address
    lines = [
        _say(mark("Kiosk, {office}: {address}"), office=office, address=f"{web}/touch#code={code}")
        for office, code in codes
    ]
    officer = mark("Officer: {address} · user name {username} · password {password}")
    return [
        *lines,
        _say(officer, address=f"{web}/me", username=account["username"], password=account["password"]),
        *_leaders(sheet, web),
        *_simulator(services, web),
        _say(mark("Message: {command}"), command='.venv/bin/suara sms --from 081234567890 "NILAI DK1 4 ramah"'),
        _say(mark("Every sign-in and token of the demo: {path}"), path=path),
    ]


def _simulator(services: Services, web: str) -> list[str]:
    simulated = services.settings.simulates_phones
    return [_say(mark("Simulator of phones: {address}"), address=f"{web}/simulator")] if simulated else []


def _leaders(sheet: dict[str, Any], web: str) -> list[str]:
    admin = next((account for account in sheet["accounts"] if account["role"] == Role.ADMINISTRATOR), None)
    if admin is None:
        return []
    text = mark("Administrator: {address} · user name {username} · password {password} · code: {command}")
    code = f".venv/bin/suara accounts code {admin['username']}"
    known = {"username": admin["username"], "password": admin["password"]}
    return [_say(text, address=f"{web}/admin", command=code, **known)]


def _say(text: str, **facts: object) -> str:
    return translate(text, DEFAULT_LANGUAGE, **facts)


def _post_officers(session: Session, now: datetime) -> None:
    """Post one officer at every counter round the clock, from a week ago for two months: the demo never closes."""
    for office in OFFICES:
        local = now.astimezone(zone(office.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
        for counter, _name in office.counters:
            serving = [code for code, _n, usual, _m in office.officers if usual == counter]
            for offset in range(-7, POSTED_AHEAD.days) if serving else ():
                day = local + timedelta(days=offset)
                insert = upserting(session, PostingRow).values(
                    officer_code=serving[day.toordinal() % len(serving)],
                    counter_code=counter,
                    starts_at=day,
                    ends_at=day + timedelta(days=1),
                )
                session.execute(insert.on_conflict_do_nothing())


def _invitations(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Return (office, one-time code) for a browser to become a trial kiosk; one that is enrolled is left alone."""
    waiting = {
        kiosk.office: kiosk.id
        for kiosk in known_kiosks(session)
        if kiosk.name == TRIAL_KIOSK and kiosk.enrolled_at is None and kiosk.revoked_at is None
    }
    codes = []
    for office in OFFICES:
        if office.officers:
            kiosk_id = waiting.get(office.code) or add_kiosk(session, TRIAL_KIOSK, office.code, office.counters[0][0])
            code = new_enrolment_code()
            invite_device(session, kiosk_id, code, now, TRIAL_CODE_LIFETIME)
            codes.append((office.name, code))
    return codes
