"""The whole way, on the system an operator starts: from a finger and a text to the officer's page, and back up."""

import http.client
import random
import re
import subprocess
import threading
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Page, expect

from tests.journeys.system import SUARA, System, free_port

OFFICER = "DK1"


def a_rating() -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    return {"id": str(uuid.uuid4()), "officer": OFFICER, "overall": 4, "given_at": now, "language": "id"}


def sign_in(page: Page, system: System, officer: str) -> None:
    account = next(one for one in system.demo["accounts"] if one["officer"] == officer)
    page.goto(f"{system.web}/login")
    page.get_by_label("Nama pengguna").fill(account["username"])
    page.get_by_label("Kata sandi").fill(account["password"])
    page.get_by_role("button", name="Masuk").click()
    expect(page).to_have_url(f"{system.web}/me")


def count_on_page(page: Page, system: System) -> int:
    page.goto(f"{system.web}/me")
    return int(page.locator("[data-count]").first.get_attribute("data-count") or "")


def test_a_finger_on_the_kiosk_reaches_the_officers_page(system: System, page: Page) -> None:
    code = re.findall(r"/touch#code=(\S+)", system.log.read_text())[-3]
    page.goto(f"{system.web}/touch#code={code}")
    page.click("[data-action=enrol]")
    page.click("[data-action=begin]")
    name = page.locator("#served").inner_text()
    officer = next(one["code"] for one in system.demo["officers"] if one["name"] in name)
    officers_page = page.context.new_page()
    sign_in(officers_page, system, officer)
    before = count_on_page(officers_page, system)
    page.bring_to_front()
    page.click("[data-overall='4']")
    page.click("[data-reason=ramah]")
    page.click("[data-action=send]")
    expect(page.locator("h1")).to_have_text("Terima kasih. Penilaian Anda sudah tercatat.")
    system.wait_until(lambda: count_on_page(officers_page, system) == before + 1, 15)


def test_a_text_reaches_the_officers_page(system: System, page: Page) -> None:
    sign_in(page, system, "DK2")
    before = count_on_page(page, system)
    reply = system.suara("sms", "--from", "081234567890", "NILAI DK2 4 ramah dan cepat")
    assert "Terima kasih" in reply
    system.wait_until(lambda: count_on_page(page, system) == before + 1, 15)


def test_stopping_and_starting_again_keeps_everything(system: System) -> None:
    sent = [a_rating() for _ in range(20)]
    assert system.give(*sent)
    taken = system.stop()
    assert taken < 20
    system.start()
    system.wait_until(lambda: system.recorded({UUID(one["id"]) for one in sent}) == 20)
    again = a_rating()
    assert system.give(again), "the kiosk is still enrolled"
    system.wait_until(lambda: system.recorded({UUID(again["id"])}) == 1)


class Outbox(threading.Thread):
    """A kiosk's outbox: keeps every rating until it was accepted, however often it must be sent."""

    def __init__(self, system: System) -> None:
        super().__init__()
        self.system = system
        self.enough = threading.Event()
        self.accepted: set[UUID] = set()
        self.refusals = 0

    def run(self) -> None:
        """Give ratings one or a few at a time until told that it is enough."""
        while not self.enough.is_set():
            ratings = [a_rating() for _ in range(random.choice((1, 1, 3)))]
            while not self.system.give(*ratings):
                self.refusals += 1
                time.sleep(0.05)
            self.accepted.update(UUID(rating["id"]) for rating in ratings)


def test_killing_any_process_loses_no_rating_and_doubles_none(system: System) -> None:
    system.wait_until(lambda: len(set(system.counted(OFFICER))) == 1)
    rated, _scored = system.counted(OFFICER)
    outbox = Outbox(system)
    outbox.start()
    for part in ("kiosk:create_app", "recorder", "valkey-server", "scores", "recorder", "valkey-server", "clock"):
        time.sleep(0.7)
        system.kill(part)
    time.sleep(1.5)
    outbox.enough.set()
    outbox.join(60)
    assert len(outbox.accepted) > 50
    system.wait_until(lambda: system.recorded(outbox.accepted) == len(outbox.accepted))
    expected = rated + len(outbox.accepted)
    system.wait_until(lambda: system.counted(OFFICER) == (expected, expected))
    names = {word for one in system.family() for word in one.cmdline()}
    assert {"recorder", "clock", "scores", "kiosk:create_app", "sms:create_app"} <= names, "all are back"
    status = system.suara("status", "--json")
    assert '"length": 0' in status


def test_an_answer_given_before_the_question_was_read_loses_no_later_question(system: System) -> None:
    for port, path, status in (
        (system.port, "/x", 404),
        (system.port, "/api/ratings", 401),
        (system.sms_port, "/sms/twilio", 403),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(60):
            connection.request("POST", path, b"x" * 20_000)
            response = connection.getresponse()
            response.read()
            assert response.status == status
        connection.close()


def test_a_second_run_on_the_same_ports_says_what_to_do(system: System, tmp_path: Path) -> None:
    elsewhere = {**system.environment, "SUARA_HOME": str(tmp_path)}
    done = subprocess.run([SUARA, "run"], env=elsewhere, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert str(system.port) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_run_in_the_same_folder_says_what_to_do(system: System) -> None:
    elsewhere = {**system.environment, "PORT": str(free_port()), "SMS_PORT": str(free_port())}
    done = subprocess.run([SUARA, "run"], env=elsewhere, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert str(system.home) in done.stderr


def test_the_folder_of_an_installation_is_private(system: System) -> None:
    var = system.home / "var"
    for name in (".", "demo.json", "suara.sqlite3", "plan.json", "secrets/secret_key", "secrets/phone_key"):
        assert Path(var / name).stat().st_mode & 0o077 == 0
