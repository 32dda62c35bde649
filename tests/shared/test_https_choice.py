"""How the web app is served is chosen once and kept; what cannot be is refused before anything starts."""

from pathlib import Path

import pytest

from shared.cli.run import run
from shared.cli.start import Refused
from shared.settings import Settings
from tests.journeys.system import free_port


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in an installation of one's own, which nobody has started yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUARA_HOME", str(tmp_path))
    for name in ("PORT", "SMS_PORT"):
        monkeypatch.setenv(name, str(free_port()))
    for name in ("HTTPS", "PUBLIC_URL", "BIND", "REDIS_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_choice_lasts_until_it_is_taken_back(home: Path) -> None:
    settings = Settings.from_environment()
    assert settings.web_address.startswith("http://127.0.0.1:")
    assert settings.remember_https(True).https
    again = Settings.from_environment()
    assert again.web_address == again.own_address == f"https://127.0.0.1:{again.port}"
    assert again.message_address.startswith("http://"), "the webhooks stay as they are"
    assert not again.remember_https(False).https
    assert not Settings.from_environment().https


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        pytest.param("HTTPS", "false", "Pengaturan HTTPS", id="the environment says otherwise"),
        pytest.param("PUBLIC_URL", "http://loket.example", "PUBLIC_URL diawali http://", id="a plain public address"),
    ],
)
def test_a_choice_that_contradicts_a_setting_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match=sentence):
        run(https=True)
    monkeypatch.delenv(name)
    assert not Settings.from_environment().https, "nothing of it is kept"


def test_an_authority_that_cannot_be_read_is_named_and_nothing_starts(home: Path) -> None:
    folder = Settings.from_environment().remember_https(True).https_folder
    folder.mkdir()
    (folder / "authority.key").write_text("?")
    with pytest.raises(Refused, match=r"authority\.key tidak dapat dipakai"):
        run()
    assert not (home / "var" / "plan.json").exists()
