"""Desk cards: what is printed is what is known, and nothing in a name is ever read as layout."""

import io
import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from PIL import Image
from qrcode import constants
from qrcode.main import QRCode

from kiosk.qr import qr_picture
from shared.cards.deck import Card
from shared.cards.printing import layout_data, printed
from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.people_tables import CounterRow, OfficeRow, OfficerRow
from shared.domain.people import Role
from shared.photos import square_portrait
from shared.qr import MASK
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE, OTHER_OFFICE
from tests.pages import Pages, let_lead
from tests.pdf import pages_of
from tests.shell import Shell

ALL: Final = f"/admin/offices/{OFFICE}/cards.pdf"


def a_card(name: str, code: str = "DK1") -> Card:
    return Card(code, name, "Disdukcapil Sawahlunto", "A")


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Nur'aini", id="apostrophe"),
        pytest.param('Siti "Ani" Rahma', id="quotes"),
        pytest.param("#panic(1) *tebal* _miring_ @rujuk $x$", id="marks of the layout language"),
        pytest.param("<b>A</b> \\ // /* */ {x} [y] `z` ~", id="brackets and backslashes"),
        pytest.param("Suharto", id="a single word"),
        pytest.param("Dr. H. Ahmad Zulkifli, S.H., M.Hum., Ph.D.", id="titles"),
        pytest.param("Panjang " * 15, id="a hundred and twenty characters"),
        pytest.param("Y" * 120, id="one word of a hundred and twenty letters"),
    ],
)
def test_a_name_is_printed_as_it_is(name: str) -> None:
    (page,) = pages_of(printed([a_card(name)], "+6281234567890"))
    assert squeezed(name) in page
    assert "Bagaimanapelayanankami?Howwasourservice?" in page
    assert "4SangatbaikVerygood3BaikGood2KurangbaikPoor1TidakbaikBad" in page


def test_four_cards_share_a_page() -> None:
    pages = pages_of(printed([a_card(f"Petugas {number}", f"P{number}") for number in range(9)], None))
    assert [len(re.findall(r"KodeP\d", page)) for page in pages] == [4, 4, 1]


@pytest.mark.parametrize(
    ("number", "read"),
    [
        pytest.param("+6281234567890", "0812-3456-7890", id="of Indonesia"),
        pytest.param("0812 3456 7890", "0812-3456-7890", id="as people write it"),
        pytest.param("+15005550006", "+15005550006", id="of another country"),
        pytest.param("93456", "93456", id="a short code"),
    ],
)
def test_the_card_says_where_to_send_what(number: str, read: str) -> None:
    (page,) = pages_of(printed([a_card("Asha", "DK7")], number))
    assert f"KirimSMS/WhatsAppke{read}:" in page
    assert "NILAIDK71-4" in page


def test_the_square_to_scan_opens_a_message_that_is_almost_written() -> None:
    told = json.loads(layout_data([a_card("Asha", "DK7")], "0812 3456 7890")["deck"])
    assert dark_squares(told["cards"][0]["qr"]) == squares_of("sms:+6281234567890?body=NILAI%20DK7%20", border=0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("http://192.168.1.5:8000/touch#code=ABCD-EFGH-JKLM", id="a tablet's address"),
        pytest.param("otpauth://totp/Suara:admin?secret=" + "A2B3" * 13, id="the key for an app"),
        pytest.param("é" * 400, id="a long text"),
    ],
)
def test_a_picture_to_scan_is_dark_where_its_code_is(text: str) -> None:
    kind, _, drawing = qr_picture(text).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert dark_squares(b64decode(drawing).decode()) == squares_of(text, border=2)


def test_the_square_of_a_counter_opens_its_link_when_people_know_our_address() -> None:
    counter = Card("DSL3", "Loket 3", "Disdukcapil Sawahlunto", of_counter=True)
    told = json.loads(layout_data([counter, a_card("Asha", "DK7")], "93456", "https://loket.example.go.id")["deck"])
    opened = [dark_squares(card["qr"]) for card in told["cards"]]
    assert opened == [
        squares_of(text, border=0) for text in ("https://loket.example.go.id/r/DSL3", "sms:93456?body=NILAI%20DK7%20")
    ]
    (page,) = pages_of(printed([counter], None, "https://loket.example.go.id"))
    assert squeezed("Nilai kami lewat ponsel Anda: pindai kotak ini.") in page
    (page,) = pages_of(printed([counter], "93456", "https://loket.example.go.id"))
    assert squeezed("NILAI DSL3 1-4 atau pindai kotak ini untuk menilai lewat ponsel") in page


def squares_of(text: str, border: int) -> set[tuple[int, int]]:
    """Return where a code is dark, as the library has it."""
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=border, mask_pattern=MASK)
    code.add_data(text)
    return {(x, y) for y, row in enumerate(code.get_matrix()) for x, dark in enumerate(row) if dark}


def dark_squares(drawing: str) -> set[tuple[int, int]]:
    """Return where a drawing is dark; what is drawn as dark more than once would be light in some readers."""
    runs = re.findall(r"M(\d+),(\d+)h(\d+)v1h-(\d+)z", drawing)
    assert all(there == back for *_, there, back in runs)
    drawn = [(int(x) + step, int(y)) for x, y, width, _ in runs for step in range(int(width))]
    assert len(drawn) == len(set(drawn))
    return set(drawn)


def test_without_a_number_the_card_leads_to_the_screen() -> None:
    (page,) = pages_of(printed([a_card("Asha", "DK7")], None))
    assert "Silakanmenilailewatlayardiloket." in page
    assert "NILAI" not in page
    assert json.loads(layout_data([a_card("Asha")], None)["deck"])["cards"][0]["qr"] is None


def pdf(admin: Pages, path: str) -> bytes:
    response = admin.client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.headers["Cache-Control"] == "no-store"
    return bytes(response.data)


def test_an_office_prints_its_officers_then_its_counters(admin: Pages, services: Services) -> None:
    (page,) = pages_of(pdf(admin, ALL))
    places = [page.index(f"Kode{code}") for code in (ASHA, BILAL, "DSL3", "DSL4")]
    assert places == sorted(places)
    assert "PS1" not in page
    assert "NILAIDSL31-4" in page


def test_a_photo_is_on_the_card(admin: Pages, services: Services) -> None:
    assert b"/DCTDecode" not in pdf(admin, ALL)
    picture = io.BytesIO()
    Image.new("RGB", (600, 800), "#8899aa").save(picture, "JPEG")
    with writing(services.engine) as session:
        session.get_one(OfficerRow, ASHA).photo = square_portrait(picture.getvalue())
    assert pdf(admin, f"{ALL}?officer={ASHA}").count(b"/DCTDecode") == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [pytest.param(f"officer={ASHA}", ASHA, id="an officer"), pytest.param("counter=DSL4", "DSL4", id="a counter")],
)
def test_one_card_is_printed_alone(admin: Pages, query: str, code: str) -> None:
    (page,) = pages_of(pdf(admin, f"{ALL}?{query}"))
    assert re.findall(r"Kode([A-Z]+\d)4", page) == [code]


def test_who_left_and_what_is_closed_gets_no_card(admin: Pages, services: Services) -> None:
    today = services.clock().date()
    with writing(services.engine) as session:
        session.get_one(OfficerRow, BILAL).left_on = today
        session.get_one(CounterRow, "DSL4").closed_on = today
    services.directory.look_again()
    (page,) = pages_of(pdf(admin, ALL))
    assert re.findall(r"Kode([A-Z]+\d)4", page) == [ASHA, "DSL3"]
    admin.get(f"{ALL}?officer={BILAL}", 404)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/admin/offices/NONE/cards.pdf", id="no such office"),
        pytest.param(f"{ALL}?officer=PS1", id="an officer of another office"),
        pytest.param(f"{ALL}?counter=PSL1", id="a counter of another office"),
        pytest.param(f"{ALL}?officer=DSL3", id="a counter's code for an officer's"),
    ],
)
def test_what_there_is_not_is_not_printed(admin: Pages, path: str) -> None:
    admin.get(path, 404)


def test_an_auditor_may_print_and_a_supervisor_not(admin: Pages, app: Flask, services: Services) -> None:
    let_lead(services, "auditor", Place(Role.AUDITOR))
    let_lead(services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE))
    auditor, supervisor = Pages(app), Pages(app)
    auditor.lead(services, "auditor")
    supervisor.lead(services, "supervisor")
    assert auditor.client.get(ALL).status_code == 200
    supervisor.get(ALL, 403)
    assert Pages(app).redirect(ALL).startswith("/login")


@pytest.fixture
def suara(services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Run commands on this test's installation, in a folder of its own."""
    monkeypatch.setenv("TWILIO_NUMBER", "+6281234567890")
    monkeypatch.chdir(tmp_path)
    return Shell(services.settings, monkeypatch)


def test_the_command_line_writes_the_same_cards(suara: Shell, tmp_path: Path) -> None:
    assert "4 kartu" in suara.printed("cards", "--office", OFFICE.lower())
    (page,) = pages_of((tmp_path / f"cards-{OFFICE}.pdf").read_bytes())
    assert "0812-3456-7890" in page
    suara.printed("cards", "--office", OTHER_OFFICE, "here.pdf")
    assert "KodePS1" in pages_of((tmp_path / "here.pdf").read_bytes())[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--office", "NONE"], "NONE", id="no such office"),
        pytest.param(["--office", "NEW"], "belum mempunyai petugas atau loket", id="nobody there yet"),
        pytest.param(["--office", OFFICE, "no/such/folder.pdf"], "no/such/folder.pdf", id="nowhere to write"),
    ],
)
def test_the_command_line_refuses_with_a_sentence(
    suara: Shell, services: Services, words: list[str], said: str
) -> None:
    with writing(services.engine) as session:
        session.add(
            OfficeRow(code="NEW", region_code="SWL", name="Kantor Baru", kind="other", timezone="Asia/Jakarta")
        )
    assert said in suara.refusal("cards", *words)
