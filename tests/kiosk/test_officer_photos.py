"""Photos of officers: whatever a camera made becomes a small square; what is none is refused in a sentence."""

import io
import random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from shared.db.accounts import Place
from shared.db.people_tables import OfficerRow
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA
from tests.kiosk.conftest import Device
from tests.pages import Pages, led_by

PAGE = f"/admin/officers/{ASHA}"
PHOTO = f"{PAGE}/photo"
MEGABYTE = 1024 * 1024


def a_picture(size: tuple[int, int] = (600, 800), form: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#0b5c7a").save(file, form)
    return file.getvalue()


def a_large_picture() -> bytes:
    """Return some 12 MB: a picture of noise, which cannot be packed."""
    noise = Image.frombytes("RGB", (2000, 2000), random.Random(7).randbytes(3 * 2000 * 2000))
    file = io.BytesIO()
    noise.save(file, "PNG", compress_level=0)
    return file.getvalue()


def send(client: FlaskClient, path: str, photo: bytes, name: str = "foto.jpg", **fields: str) -> TestResponse:
    """Send a photo as a browser does; the client's own way would leave a temporary file open."""
    boundary, body = encode_multipart({**fields, "photo": FileStorage(io.BytesIO(photo), name)})
    form = f"multipart/form-data; boundary={boundary}"
    return client.post(path, data=body, content_type=form, headers={"Origin": "http://localhost"})


def upload(pages: Pages, photo: bytes, name: str = "foto.jpg", path: str = PHOTO) -> TestResponse:
    return send(pages.client, path, photo, name, csrf_token=pages.get(PAGE).csrf_token)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_shown_to_residents_and_on_the_page(
    admin: Pages, device: Device, session: Session, form: str
) -> None:
    for _ in range(2):
        assert upload(admin, a_picture(form=form)).headers["Location"] == PAGE
    known = {officer["code"]: officer["photo"] for officer in device.get("/api/kiosk/config").get_json()["officers"]}
    assert f'src="{known[ASHA]}"' in admin.get(PAGE).html
    stored = Image.open(io.BytesIO(admin.client.get(known[ASHA]).data))
    assert (stored.format, stored.size) == ("JPEG", (480, 480))
    (act,) = acts_on(session, "officer", ASHA)
    assert act.after == {"photo": "•••"}
    for _ in range(2):
        assert admin.sent(f"{PHOTO}/remove", form=PAGE) == PAGE
    assert "Belum ada foto" in admin.get(PAGE).text
    assert admin.client.get(known[ASHA]).status_code == 404


def test_a_photo_of_twelve_megabytes_is_made_small(admin: Pages, session: Session) -> None:
    photo = a_large_picture()
    assert len(photo) > 11 * MEGABYTE
    assert upload(admin, photo).headers["Location"] == PAGE
    stored = session.get_one(OfficerRow, ASHA).photo
    assert stored is not None
    assert len(stored) < MEGABYTE // 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_no_photo_is_refused_in_a_sentence_beside_its_field(admin: Pages, session: Session) -> None:
    no_picture, nothing = "Berkas ini bukan gambar yang dapat kami pakai.", "Pilih berkasnya dulu."
    refused = [
        (b"GIF89a", "a.jpg", no_picture),
        (a_picture(form="GIF"), "a.jpg", no_picture),
        (a_picture()[:200], "a.jpg", no_picture),
        (a_picture() + b"\0" * 21 * MEGABYTE, "a.jpg", no_picture),
        (b"", "", nothing),
    ]
    for photo, name, words in refused:
        response = upload(admin, photo, name)
        assert response.status_code == 400
        assert words in response.text
        assert 'aria-invalid="true"' in response.text
    assert session.get_one(OfficerRow, ASHA).photo is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_photo_with_too_many_pixels_is_refused_in_its_own_sentence(admin: Pages, session: Session) -> None:
    response = upload(admin, a_picture((6001, 4000), "PNG"))
    assert response.status_code == 400
    assert "Gambar ini lebih dari 24 juta piksel." in response.text
    assert session.get_one(OfficerRow, ASHA).photo is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_who_may_send_a_photo_may_send_so_much(app: Flask, services: Services) -> None:
    auditor = led_by(app, services, "auditor", Place(Role.AUDITOR))
    for client, status in ((app.test_client(), 413), (auditor.client, 403)):
        assert send(client, PHOTO, b"\0" * 3 * MEGABYTE).status_code == status
    assert services.redis.keys("draft:*") == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_beyond_all_measure_is_cut_off(admin: Pages) -> None:
    response = upload(admin, b"\0" * 41 * MEGABYTE)
    assert response.status_code == 413
    assert "paling besar 20 MB" in response.text
    assert "Asha" not in response.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_other_form_may_be_so_large(admin: Pages) -> None:
    assert upload(admin, b"\0" * 3 * MEGABYTE, path=PAGE).status_code == 413


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_signed_out_learns_anything_by_uploading(app: Flask) -> None:
    client = app.test_client()
    unsaved = send(client, PHOTO, a_picture())
    assert unsaved.status_code == 401
    assert "Asha" not in unsaved.text
    assert "Asha" not in send(client, PHOTO, b"\0" * 41 * MEGABYTE).text
