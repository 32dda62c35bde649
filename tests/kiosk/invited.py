"""Accounts as administration makes them, and the people who are invited to them."""

import re

from flask import Flask
from sqlmodel import Session

from shared.db.accounts import account_of
from tests.cast import OFFICE
from tests.pages import PASSWORD, Page, Pages

LIST = "/admin/accounts"


NEW = f"{LIST}/new"
OFFICERS = f"{LIST}/officers"


CODE = re.compile(r"\b[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}\b")


NUR = {"name": "Nur'aini, S.Kep., Ns.", "username": "Nuraini", "role": "supervisor", "office": OFFICE}


def codes_on(page: Page) -> list[str]:
    return CODE.findall(page.text)


def path_of(session: Session, username: str) -> str:
    account = account_of(session, username)
    assert account is not None
    path = f"{LIST}/{account.id}"
    session.rollback()  # whoever looks later sees what happened since
    return path


def activate(app: Flask, code: str, password: str = "gemar-menolong-1") -> None:
    path = f"/activate/{code}"
    given = {"password": password, "password_again": password}
    assert Pages(app).sent(path, form=path, **given).startswith("/login?")


def may_sign_in(app: Flask, username: str, password: str = PASSWORD) -> bool:
    pages = Pages(app)
    token = pages.get("/login").csrf_token
    answer = pages.client.post("/login", data={"csrf_token": token, "username": username, "password": password})
    return answer.status_code == 302
