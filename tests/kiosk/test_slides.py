"""An office's slides: added, changed, ordered, with a picture, and taken off again."""

import io
import re

import pytest
from flask import Flask
from PIL import Image
from sqlmodel import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from shared.db.accounts import Place
from shared.db.own_words import slides_of
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.services import Services
from tests.cast import OFFICE, OTHER_OFFICE
from tests.kiosk.conftest import Device, fresh
from tests.pages import Pages, led_by

PAGE = f"/own-words/{OFFICE}"
SLIDES = f"{PAGE}/slides"
NEW = f"{SLIDES}/new"
BACK = f"{PAGE}#slides"


def add(pages: Pages, title: str, **fields: str) -> str:
    """Add a slide; return its address."""
    return pages.sent(NEW, form=NEW, title=title, text="Isinya.", **fields)


def titles(session: Session) -> list[str]:
    return [slide.facts.title for slide in slides_of(fresh(session), OFFICE)]


def a_picture(size: tuple[int, int] = (1600, 900), form: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#0b5c7a").save(file, form)
    return file.getvalue()


def upload(pages: Pages, slide: str, picture: bytes, name: str = "gambar.jpg") -> TestResponse:
    """Send a picture as a browser does; the client's own way would leave a temporary file open."""
    fields = {"csrf_token": pages.get(slide).csrf_token, "picture": FileStorage(io.BytesIO(picture), name)}
    boundary, body = encode_multipart(fields)
    form = f"multipart/form-data; boundary={boundary}"
    return pages.client.post(f"{slide}/picture", data=body, content_type=form, headers={"Origin": "http://localhost"})


def test_a_slide_is_added_once_changed_and_taken_off(supervisor: Pages, device: Device, session: Session) -> None:
    (slide,) = {add(supervisor, "Loket baru", title_en="New counter") for _ in range(2)}
    shown = device.get("/api/kiosk/config").get_json()["screen"]["slides"]
    assert shown == [
        {
            "title": {"id": "Loket baru", "en": "New counter"},
            "text": {"id": "Isinya.", "en": "Isinya."},
            "picture": None,
        }
    ]
    seen = supervisor.get(slide).value_of("_seen")
    assert supervisor.sent(slide, form=slide, title="Loket 4 buka", text="Isinya.", _seen=seen) == BACK
    assert titles(session) == ["Loket 4 buka"]
    for _ in range(2):
        assert supervisor.sent(f"{slide}/remove", form=PAGE) == BACK
    assert titles(session) == []
    supervisor.get(slide, 404)
    acts = acts_on(session, "slide", f"{OFFICE} {slide.rpartition('/')[2]}")
    assert [act.verb for act in acts] == ["removed", "changed", "added"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_order_is_changed_one_place_at_a_time_and_sent_twice_it_is_one_change(
    supervisor: Pages, session: Session
) -> None:
    _first, _second, third = (add(supervisor, title) for title in ("Satu", "Dua", "Tiga"))
    for _ in range(2):
        assert supervisor.sent(f"{third}/place", form=PAGE, place="2") == BACK
    assert titles(session) == ["Satu", "Tiga", "Dua"]
    supervisor.sent(f"{third}/place", form=PAGE, place="99")
    assert titles(session) == ["Satu", "Dua", "Tiga"]
    for wrong in ("", "atas", "9" * 5000):
        supervisor.post(f"{third}/place", 400, form=PAGE, place=wrong)
    offered = re.findall(r'name="place" value="(\d)"', supervisor.get(PAGE).html)
    assert offered == ["2", "1", "3", "2"], "the first goes no further up, the last no further down"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_there_is_no_sixth_slide(supervisor: Pages, session: Session) -> None:
    for number in range(5):
        add(supervisor, f"Tayangan {number}")
    assert f'href="{NEW}"' not in supervisor.get(PAGE).html
    page = supervisor.post(NEW, 409, form=NEW, title="Yang keenam", text="Isinya.")
    assert "Sudah ada lima tayangan" in page.text
    assert 'value="Yang keenam"' in page.html
    assert len(titles(session)) == 5


def test_two_people_do_not_write_over_each_other(supervisor: Pages, app: Flask, services: Services) -> None:
    slide = add(supervisor, "Loket baru")
    seen = supervisor.get(slide).value_of("_seen")
    other = led_by(app, services, "atasan2", Place(Role.SUPERVISOR, office=OFFICE))
    other.sent(slide, form=slide, title="Dari yang lain", text="Isinya.", _seen=seen)
    page = supervisor.post(slide, 409, form=slide, title="Dari saya", text="Isinya.", _seen=seen)
    assert 'value="Dari saya"' in page.html
    assert "Dari yang lain" in page.text, "as it reads now"
    assert supervisor.sent(slide, form=slide, title="Dari saya", text="I.", _seen=page.value_of("_seen")) == BACK


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("title", ["Dari saya", "x" * 61], ids=["as it may be", "too long"])
def test_what_was_typed_about_a_slide_that_is_gone_can_be_added_again(supervisor: Pages, title: str) -> None:
    slide = add(supervisor, "Loket baru")
    form = supervisor.get(slide)
    supervisor.sent(f"{slide}/remove", form=PAGE)
    typed = {"title": title, "text": "Isinya.", "_seen": form.value_of("_seen")}
    answer = supervisor.client.post(slide, data={**typed, "csrf_token": form.csrf_token})
    assert answer.status_code == (409 if title == "Dari saya" else 400)
    assert "melepas tayangan ini selagi Anda membukanya" in answer.text
    assert f'value="{title}"' in answer.text
    assert f'action="{NEW}"' in answer.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_slide_is_of_one_office_alone(supervisor: Pages, admin: Pages, session: Session) -> None:
    slide = add(supervisor, "Loket baru").rpartition("/")[2]
    elsewhere = f"/own-words/{OTHER_OFFICE}"
    admin.get(f"{elsewhere}/slides/{slide}", 404)
    admin.post(f"{elsewhere}/slides/{slide}/place", 404, form=PAGE, place="1")
    admin.post(f"{elsewhere}/slides/{slide}/picture/remove", 404, form=PAGE)
    assert admin.sent(f"{elsewhere}/slides/{slide}/remove", form=PAGE) == f"{elsewhere}#slides"
    assert titles(session) == ["Loket baru"]


def test_a_picture_is_shown_on_the_kiosk_and_kept_there_for_ever(
    supervisor: Pages, device: Device, session: Session
) -> None:
    slide = add(supervisor, "Loket baru")
    assert upload(supervisor, slide, a_picture()).headers["Location"] == f"{slide}#picture-heading"
    (shown,) = device.get("/api/kiosk/config").get_json()["screen"]["slides"]
    assert f'src="{shown["picture"]}"' in supervisor.get(PAGE).html
    answer = device.client.get(shown["picture"])
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(answer.data)).size == (1280, 720)
    assert device.client.get(shown["picture"].replace(OFFICE, OTHER_OFFICE)).status_code == 404
    for _ in range(2):
        supervisor.sent(f"{slide}/picture/remove", form=slide)
    assert device.client.get(shown["picture"]).status_code == 404
    kept = [act.after for act in acts_on(session, "slide", f"{OFFICE} {slide.rpartition('/')[2]}")]
    assert [after.get("picture") for after in kept] == [None, "•••", None]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("picture", "words"),
    [
        pytest.param(b"", "Pilih berkasnya dulu.", id="nothing"),
        pytest.param(b"%PDF-1.7", "Berkas ini bukan gambar yang dapat kami pakai.", id="something else"),
        pytest.param(a_picture()[:500], "Berkas ini bukan gambar yang dapat kami pakai.", id="half a picture"),
        pytest.param(a_picture((319, 900)), "paling kecil 320 kali 200 piksel", id="a strip"),
    ],
)
def test_what_is_no_picture_for_a_screen_is_refused_beside_its_field(
    supervisor: Pages, picture: bytes, words: str
) -> None:
    slide = add(supervisor, "Loket baru")
    answer = upload(supervisor, slide, picture, "gambar.jpg" if picture else "")
    assert answer.status_code == 400
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_picture_for_a_slide_that_is_gone_finds_no_page(supervisor: Pages, session: Session) -> None:
    slide = add(supervisor, "Loket baru")
    supervisor.sent(f"{slide}/remove", form=PAGE)
    supervisor.post(f"{slide}/picture/remove", 404, form=PAGE)
