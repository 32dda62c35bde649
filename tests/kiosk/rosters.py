"""Postings as the roster's pages and tests see them."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.people_tables import PostingRow
from shared.domain.people import Role
from shared.services import Services
from tests.cast import BILAL, OFFICE
from tests.pages import Pages, led_by

WEEK = f"/roster/{OFFICE}/2026-11-16"


NEW = {"officer": BILAL, "counter": "DSL4", "day": "2026-11-20", "begins": "08:00", "until": "12:00"}


def as_role(app: Flask, services: Services, role: Role) -> Pages:
    return led_by(app, services, role.value, Place(role))


def postings(session: Session, officer: str) -> list[PostingRow]:
    session.rollback()
    session.expire_all()
    query = select(PostingRow).where(col(PostingRow.officer_code) == officer)
    return list(session.scalars(query.order_by(col(PostingRow.starts_at))))


def put(services: Services, *rows: SQLModel) -> None:
    with writing(services.engine) as session:
        for row in rows:
            session.add(row)
            session.flush()
    services.directory.look_again()


def a_posting(officer: str, counter: str, starts_at: datetime, hours: float = 4) -> PostingRow:
    return PostingRow(
        officer_code=officer, counter_code=counter, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours)
    )


def change(services: Services, table: type[SQLModel], key: str, **values: object) -> None:
    with writing(services.engine) as session:
        row = session.get_one(table, key)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    services.directory.look_again()
