"""One door shut, or both: what is accepted then, and who is thanked."""

from dataclasses import replace

from redis import Redis
from sqlalchemy import select
from sqlmodel import Session

from shared import stream
from shared.db.engine import writing
from shared.db.rater_secrets import ensure_rater_secret
from shared.db.tables import RatingRow
from shared.services import Services
from tests.cast import COUNTER
from tests.sms.stage import THANKED, Phone, a_form, recorded, reply_in, without_database


class TestRedisAway:
    """Nothing on the way in depends on Redis."""

    def test_a_whole_rating_is_recorded_through_the_second_door(self, away: Services, session: Session) -> None:
        phone, form = Phone(away), a_form("NILAI DK7 4 ramah")
        assert reply_in(phone.deliver(form)).startswith(THANKED)
        assert reply_in(phone.deliver(form)).startswith(THANKED)
        (row,) = session.execute(select(RatingRow)).scalars()
        assert (row.overall, row.comment, bool(row.rater_key)) == (4, "ramah", True)

    def test_the_two_doors_know_the_same_message(
        self, phone: Phone, away: Services, services: Services, session: Session
    ) -> None:
        form = a_form()
        Phone(away).deliver(form)
        phone.deliver(form)
        assert len(recorded(services, session)) == 1

    def test_a_conversation_goes_on_from_the_inbox(self, away: Services) -> None:
        phone = Phone(away)
        assert phone.say("DK7").startswith("Bagaimana pelayanan Asha Pertiwi (DK7)?")
        assert phone.say("4").startswith(THANKED)

    def test_a_memory_that_fails_after_the_rating_was_accepted_does_not_take_the_thanks_away(
        self, phone: Phone, services: Services, session: Session
    ) -> None:
        services.redis.acl_setuser(
            "forgetful", enabled=True, nopass=True, commands=["+@all"], keys=["ratings", "sms:turn:*"]
        )
        # The client has no words for "may read, not write".
        services.redis.execute_command("ACL", "SETUSER", "forgetful", "%R~sms:*")  # type: ignore[no-untyped-call]
        with Redis.from_url(services.settings.redis_address, username="forgetful", password="any") as forgetful:
            reply = Phone(replace(services, redis=forgetful)).say("NILAI DK7 4")
        services.redis.acl_deluser("forgetful")
        assert reply.startswith(THANKED)
        assert services.redis.keys("sms:*") == []
        assert len(recorded(services, session)) == 1


class TestDatabaseAway:
    """With the month's secret known, the stream alone is enough."""

    def test_a_rating_is_accepted_by_the_stream(self, phone: Phone, services: Services, session: Session) -> None:
        with writing(services.engine) as writer:
            secret = ensure_rater_secret(writer, "2026-11")
        reply = Phone(without_database(services)).say("NILAI DK7 4")
        assert reply.startswith(THANKED)
        (row,) = recorded(services, session)
        assert row.rater_key
        assert services.directory.current().rater_secrets == {"2026-11": secret}

    def test_a_counter_is_answered_with_all_who_serve_there(self, services: Services) -> None:
        assert Phone(without_database(services)).say(COUNTER).endswith("DK7 Asha Pertiwi, DK8 Bilal.")

    def test_a_month_without_a_secret_is_not_thanked_for(self, services: Services) -> None:
        response = Phone(without_database(services)).deliver(a_form())
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert stream.length(services.redis) == 0


def test_nobody_is_thanked_while_both_doors_are_shut(away: Services, services: Services, session: Session) -> None:
    with writing(services.engine) as writer:
        ensure_rater_secret(writer, "2026-11")
    form = a_form()
    response = Phone(without_database(away)).deliver(form)
    assert (response.status_code, response.data, response.headers["Retry-After"]) == (503, b"", "5")
    assert reply_in(Phone(services).deliver(form)).startswith(THANKED), "the same message comes again and is taken"
    stream.open_group(services.redis)
    assert len(recorded(services, session)) == 1


def test_a_process_that_never_saw_the_directory_asks_to_be_called_again(services: Services) -> None:
    gone = Services.of(
        services.settings.model_copy(update={"database_url": "postgresql+psycopg://no@127.0.0.1:9/no"})
    )
    response = Phone(gone).deliver(a_form())
    gone.redis.close()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
