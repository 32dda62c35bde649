"""Which gateway leads to a person, by what is set up."""

from pathlib import Path
from typing import Any

import pytest

from shared.domain.ratings import Channel
from sms.gateways.chosen import usable, way_of, with_list
from tests.servers import settings_in

DOMESTIC: dict[str, Any] = {"sms_by": "gateway", "gateway_url": "http://127.0.0.1/", "gateway_secret": "s"}


@pytest.mark.parametrize(
    ("settings", "sms", "whatsapp", "listing"),
    [
        pytest.param({}, "console", None, [], id="a demo, whose account Twilio does not know"),
        pytest.param({"sms_by": "twilio"}, "twilio", None, ["twilio"], id="Twilio"),
        pytest.param({"sms_by": "twilio", "twilio_auth_token": None}, None, None, [], id="Twilio without a token"),
        pytest.param({"twilio_whatsapp_number": "+1"}, "console", "twilio", ["twilio"], id="WhatsApp alone"),
        pytest.param(DOMESTIC, "gateway", None, [], id="a domestic gateway"),
        pytest.param({**DOMESTIC, "gateway_secret": None}, None, None, [], id="a domestic gateway without a secret"),
        pytest.param(
            {**DOMESTIC, "twilio_whatsapp_number": "+1"}, "gateway", "twilio", ["twilio"], id="one for each"
        ),
    ],
)
def test_the_settings_say_who_carries_what(
    settings: dict[str, Any], sms: str | None, whatsapp: str | None, listing: list[str], tmp_path: Path
) -> None:
    known = settings_in(tmp_path, **settings)
    assert (way_of(Channel.SMS, known), way_of(Channel.WHATSAPP, known)) == (sms, whatsapp)
    assert with_list(known) == listing
    assert {name for name in (sms, whatsapp) if name} <= set(usable(known))
