"""What a screen loads is small on the wire, and what a person signed in reads gives nothing away by its length."""

import gzip

import pytest
from flask.testing import FlaskClient

from tests.kiosk.conftest import Device

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    "path",
    ["/touch", "/touch/sw.js", "/static/touch/kiosk.js", "/static/touch/touch.css", "/static/portal/portal.css"],
)
def test_a_file_travels_compressed_and_is_the_same(client: FlaskClient, path: str) -> None:
    with client.get(path) as plain, client.get(path, headers=GZIP) as small:
        assert small.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.data) == plain.data
        assert len(small.data) == int(small.headers["Content-Length"]) < len(plain.data) / 1.5
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.vary


def test_the_configuration_travels_compressed_and_once(device: Device) -> None:
    known = device.get("/api/kiosk/config", **GZIP)
    assert known.headers["Content-Encoding"] == "gzip"
    again = device.get("/api/kiosk/config", **GZIP, **{"If-None-Match": known.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_with_a_secret_form_field_is_never_compressed(client: FlaskClient) -> None:
    page = client.get("/login", headers=GZIP)
    assert b"csrf_token" in page.data
    assert "Content-Encoding" not in page.headers
