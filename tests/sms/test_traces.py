"""What is left of a message in logs and in Redis: never the phone, never the words."""

from typing import Any

import structlog
from sqlalchemy import text
from sqlmodel import Session

from shared.db.engine import writing
from shared.db.rater_secrets import ensure_rater_secret
from shared.services import Services
from tests.sms.stage import PATH, Phone, a_form, recorded, without_database


def test_logs_follow_the_rating_and_never_hold_the_phone_or_the_words(
    phone: Phone, away: Services, services: Services, session: Session
) -> None:
    with writing(services.engine) as writer:
        ensure_rater_secret(writer, "2026-11")
    form = a_form("NILAI DK7 4 rahasia saya")
    with structlog.testing.capture_logs(processors=[structlog.processors.format_exc_info]) as logs:
        phone.say("DSL3")
        phone.deliver(form)
        phone.client.post(PATH, data=form)
        Phone(away).deliver(a_form("NILAI DK7 1 rahasia saya"))
        Phone(without_database(away)).deliver(a_form("NILAI DK7 1 rahasia saya"))
        phone.deliver(a_form("rahasia", From="081234567890"))
        with writing(services.engine) as writer:
            writer.execute(text("ALTER TABLE rating RENAME TO ratings_gone"))
        assert Phone(away).deliver(a_form("NILAI DK7 1 rahasia saya")).status_code == 503
        with writing(services.engine) as writer:
            writer.execute(text("ALTER TABLE ratings_gone RENAME TO rating"))
    ids = {str(row.id) for row in recorded(services, session)}
    assert {log["rating_id"] for log in logs if log["event"] == "rating accepted"} == ids
    written = repr(logs)
    for secret in ("81234567890", "rahasia", form["MessageSid"]):
        assert secret not in written


def test_what_redis_keeps_is_not_a_phone_and_ends_by_itself(phone: Phone, services: Services) -> None:
    phone.say("DK7")
    keys: list[bytes] = services.redis.keys("sms:*")  # type: ignore[assignment]
    assert len(keys) == 2
    for key in keys:
        kept: Any = services.redis.get(key)
        assert b"81234567890" not in key + kept
        limit = 3600 if key.startswith(b"sms:conversation:") else 7 * 24 * 3600
        left: Any = services.redis.ttl(key)
        assert limit - 60 < left <= limit


class TestStatus:
    """What becomes of our own messages is noted, without whose they were."""

    def test_is_logged_with_state_and_error_code_only(self, phone: Phone) -> None:
        form = a_form(MessageStatus="undelivered", ErrorCode="30005", To=phone.number, From="+15005550006")
        with structlog.testing.capture_logs() as logs:
            response = phone.deliver(form, f"{PATH}/status")
        assert (response.status_code, response.data) == (204, b"")
        assert logs == [
            {
                "module": "sms.following",
                "event": "message status",
                "log_level": "info",
                "state": "failed",
                "error_code": "30005",
                "known": False,
            }
        ]

    def test_unsigned_is_refused(self, phone: Phone) -> None:
        assert phone.client.post(f"{PATH}/status", data=a_form(MessageStatus="sent")).status_code == 403
