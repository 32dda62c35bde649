"""A failure of ours is logged without what its address says: that may be a code good for a password."""

import structlog
from flask import Flask
from sqlalchemy import text

from shared.db.engine import writing
from shared.services import Services

CODE = "ABCD-EFGH-JKLM-NPQR"


def test_a_code_in_an_address_stays_out_of_the_log(app: Flask, services: Services) -> None:
    with writing(services.engine) as session:
        session.execute(text("ALTER TABLE account RENAME TO gone"))
    with structlog.testing.capture_logs(processors=[structlog.processors.format_exc_info]) as logs:
        assert app.test_client().get(f"/activate/{CODE}").status_code == 500
    assert [entry["path"] for entry in logs if entry["event"] == "request failed"] == ["/activate/<code>"]
    assert CODE not in str(logs)
