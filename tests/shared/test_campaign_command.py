"""Campaigns at the command line."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import Session

from shared.db.audit import AuditRow
from shared.db.campaign_tables import GuardianRow
from shared.domain.campaigns import CampaignState, month_asked, period_code, period_of, semester_asked
from shared.domain.clock import system_clock
from shared.services import Services
from sms.campaigning import ask_guardians
from tests.cast import ASHA, BILAL, OFFICE
from tests.guardians import a_guardian, campaign_now, let_agree, phone_number
from tests.messages import rows
from tests.shell import Shell
from tests.sms.working import let_it_be_noon

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def today(services: Services) -> date:
    """Return the day on which commands are run, which go by the real clock; it is noon at the office."""
    let_it_be_noon(services)
    services.directory.look_again()
    return system_clock().astimezone(services.directory.current().offices[OFFICE].timezone).date()


def let_some_agree(services: Services) -> None:
    told = [(phone_number(number), [ASHA, BILAL], name) for number in range(3) for name in ("7A", "8C")]
    let_agree(services, [a_guardian(services, *one) for one in told])


@on_sqlite
def test_a_campaign_is_started_led_on_and_listed(
    suara: Shell, services: Services, session: Session, today: date
) -> None:
    let_some_agree(services)
    month = f"{today:%Y-%m}"
    assert "3 wali murid" in suara.printed("campaign", "start", "--office", OFFICE.lower(), "--month", month)
    number = str(campaign_now(services).id)
    for act, state in (("pause", CampaignState.PAUSED), ("resume", CampaignState.RUNNING)):
        assert month in suara.printed("campaign", act, number)
        assert campaign_now(services).state is state
    assert "0 dari 3" in suara.printed("campaign", "list", "--office", OFFICE)
    ask_guardians(replace(services, clock=system_clock))
    listed = suara.printed("campaign", "list", "--office", OFFICE)
    assert "3 dari 3" in listed
    assert number in listed
    suara.printed("campaign", "cancel", number)
    assert campaign_now(services).state is CampaignState.CANCELLED
    assert "berakhir" in suara.refusal("campaign", "cancel", number)
    told = [(row.verb, row.subject, row.actor) for row in session.scalars(select(AuditRow).order_by(AuditRow.id))]  # type: ignore[arg-type]
    acts = ("started", "paused", "resumed", "cancelled")
    assert told == [(f"campaign_{act}", f"{OFFICE} {month}", "suara") for act in acts]


@on_sqlite
def test_a_semester_is_asked_about_once(suara: Shell, services: Services, today: date) -> None:
    let_some_agree(services)
    half = 1 if today.month <= 6 else 2
    suara.printed("campaign", "start", "--office", OFFICE, "--semester", f"{today.year}-{half}")
    assert period_code(campaign_now(services).period) == f"{today.year}-S{half}"
    assert "sekali sebulan" in suara.refusal("campaign", "start", "--office", OFFICE, "--month", f"{today:%Y-%m}")


@on_sqlite
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--office", "NONE", "--month", "TODAY"), "NONE"),
        (("--office", OFFICE, "--month", "2026-13"), "2026-13"),
        (("--office", OFFICE, "--semester", "2026-3"), "2026-3"),
        (("--office", OFFICE, "--month", "2020-01"), "bulan atau semester itu sendiri"),
        (("--office", OFFICE, "--month", "TODAY"), "suara import guardians"),
    ],
)
def test_what_cannot_be_started_is_refused_in_a_sentence(
    suara: Shell, today: date, words: tuple[str, ...], said: str
) -> None:
    month = f"{today:%Y-%m}"
    assert said in suara.refusal("campaign", "start", *[month if word == "TODAY" else word for word in words])


@on_sqlite
def test_a_period_must_be_said_and_only_one(suara: Shell) -> None:
    for words in ((), ("--month", "2026-11", "--semester", "2026-2")):
        assert suara.run("campaign", "start", "--office", OFFICE, *words).exit_code == 2


@on_sqlite
def test_what_is_unknown_is_refused(suara: Shell, services: Services) -> None:
    unknown = "0f8fad5b-d9cb-469f-a165-70867728950e"
    for act in ("pause", "resume", "cancel"):
        assert "campaign list" in suara.refusal("campaign", act, unknown)
    assert "NONE" in suara.refusal("campaign", "list", "--office", "NONE")
    assert "Sekolah ini belum" in suara.printed("campaign", "list", "--office", OFFICE)


@on_sqlite
def test_the_consent_is_printed_for_the_schools_form(suara: Shell) -> None:
    printed = suara.printed("campaign", "consent")
    assert "Saya setuju sekolah ini" in printed
    assert "I agree that this school" in printed


@on_sqlite
def test_a_class_is_forgotten_before_a_new_school_year(suara: Shell, services: Services, session: Session) -> None:
    let_some_agree(services)
    assert "3 wali murid kelas 7A" in suara.printed("campaign", "forget", "--office", OFFICE, "--class", " 7a")
    assert {row.class_name for row in rows(session, GuardianRow)} == {"8C"}
    assert "kelas 7A" in suara.refusal("campaign", "forget", "--office", OFFICE, "--class", "7A")
    assert [row.verb for row in rows(session, AuditRow)] == ["guardians_forgotten"], "what changed nothing is no act"


def test_periods_are_kept_as_they_are_read() -> None:
    for period in (month_asked("2026-02"), semester_asked("2026-1"), semester_asked("2026-S2")):
        assert period_of(period_code(period)) == period
