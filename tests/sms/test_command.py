"""`suara sms` against the app, running."""

import socket
import threading
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner, Result
from werkzeug.serving import make_server

from shared import stream
from shared.cli import app
from shared.services import Services
from sms import create_app
from tests.sms.stage import ACCOUNT, NUMBER, PUBLIC, TOKEN


def suara(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["sms", *arguments])


@pytest.fixture
def port(services: Services, monkeypatch: pytest.MonkeyPatch) -> int:
    """Configure the command for this test's installation; its app does not run yet."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    configured = {
        "SUARA_HOME": str(services.settings.suara_home),
        "SMS_PORT": str(port),
        "SMS_PUBLIC_URL": PUBLIC,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_NUMBER": NUMBER,
        "PHONE_KEY": "test-phone-key",
        "SECRET_KEY": "test-secret-key",
    }
    for name, value in configured.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(services.settings.suara_home)
    return port


@pytest.fixture
def running(port: int, services: Services) -> Iterator[None]:
    """Run the app."""
    server = make_server("127.0.0.1", port, create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("running")
def test_prints_the_words_of_the_reply(services: Services) -> None:
    result = suara("--from", "0812-3456-7890", "NILAI DK7 4 ramah & <cepat>")
    assert (result.exit_code, result.output) == (
        0,
        "Terima kasih. Penilaian Anda sudah tercatat: Asha Pertiwi (DK7), 4 Sangat baik."
        " Tanpa nama. Petugas tidak dapat melihat siapa yang menilai.\n",
    )
    assert stream.length(services.redis) == 1


@pytest.mark.usefixtures("running")
def test_one_phone_is_one_conversation_however_its_number_is_written() -> None:
    assert "Asha Pertiwi" in suara("--from", "081234567890", "DK7").output
    assert "sudah tercatat" in suara("--from", "+62 812 3456 7890", "--whatsapp", "4").output


@pytest.mark.usefixtures("running")
def test_the_same_id_is_the_same_message(services: Services) -> None:
    arguments = ("--from", "081234567890", "--sid", "SM" + "a" * 32, "DK7 4")
    assert suara(*arguments).output == suara(*arguments).output
    assert stream.length(services.redis) == 1


@pytest.mark.usefixtures("running")
def test_a_refusal_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "another")
    result = suara("--from", "081234567890", "DK7 4")
    assert result.exit_code == 1
    assert "menolak pesan ini" in str(result.exception)


def test_an_app_that_does_not_run_is_a_sentence(port: int) -> None:
    result = suara("--from", "081234567890", "DK7 4")
    assert result.exit_code == 1
    assert str(result.exception) == f"Aplikasi pesan tidak menjawab di port {port}. Jalankan dengan: suara run"


@pytest.mark.usefixtures("port")
@pytest.mark.parametrize("name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_NUMBER"])
def test_missing_settings_are_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    result = suara("--from", "081234567890", "DK7 4")
    assert result.exit_code == 1
    assert str(result.exception).startswith("Isi dahulu TWILIO_ACCOUNT_SID")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--from", "TOKOKU", "DK7 4"), id="no phone number"),
        pytest.param(("--from", "081234567890", "--sid", "7", "DK7 4"), id="no message id"),
        pytest.param(("DK7 4",), id="no sender"),
        pytest.param(("--from", "081234567890"), id="no text"),
    ],
)
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    assert suara(*arguments).exit_code == 2
