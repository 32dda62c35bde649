"""What a device is told while Redis, the database or both are away."""

from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from kiosk import create_app
from shared.db.engine import writing
from shared.db.tables import RatingRow
from shared.services import Services
from tests.factories import a_sent_rating
from tests.kiosk.conftest import Device


def rows(session: Session) -> list[RatingRow]:
    return list(session.scalars(select(RatingRow).order_by(col(RatingRow.given_at))))


def test_while_the_database_is_away_nobody_is_refused_as_unknown(device: Device, services: Services) -> None:
    assert device.give(a_sent_rating()).status_code == 202
    rename(services, "directory_version", "away")
    services.directory.look_again()
    response = device.give(a_sent_rating(officer="NEW1"))
    assert (response.status_code, response.content_type) == (503, "application/problem+json")
    assert int(response.headers["Retry-After"]) > 0
    assert device.give(a_sent_rating()).status_code == 202, "whom it knows is taken"
    rename(services, "away", "directory_version")
    services.directory.look_again()
    assert device.give(a_sent_rating(officer="NEW1")).get_json()["results"][0]["code"] == "unknown_officer"


def rename(services: Services, table: str, name: str) -> None:
    with services.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")


def test_with_redis_away_the_rating_goes_straight_into_the_database(services: Services, session: Session) -> None:
    away = Services.of(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), services.clock)
    device = Device(create_app(away).test_client())
    sent = a_sent_rating()
    assert device.give(sent).status_code == 202
    assert [str(row.id) for row in rows(session)] == [sent["id"]]
    assert device.post("/api/kiosk/heartbeat", {"outbox": 0}).status_code == 200
    assert device.client.get("/healthz").status_code == 200
    away.close()


def test_with_both_doors_shut_the_device_keeps_its_rating(services: Services, app: Flask) -> None:
    away = Services.of(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), services.clock)
    device = Device(create_app(away).test_client())
    assert device.give(a_sent_rating()).status_code == 202
    with writing(services.engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE rating RENAME TO rating_away")
    sent = a_sent_rating()
    response = device.give(sent)
    assert (response.status_code, response.content_type) == (503, "application/problem+json")
    assert int(response.headers["Retry-After"]) > 0
    with writing(services.engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE rating_away RENAME TO rating")
    assert device.give(sent).status_code == 202
    away.close()
