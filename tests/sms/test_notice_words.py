"""A notice fits one segment whatever the month and the address, and holds no figure."""

import re

import pytest

from shared.domain.messages import SEGMENT, gsm_length
from shared.domain.months import Month
from shared.i18n import LANGUAGES, Language
from sms.notice_words import notice_words
from tests.notices import OCTOBER

ROOT = "https://loket.example.go.id"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "root",
    [
        pytest.param(ROOT, id="usual"),
        pytest.param("https://suaraloket.sawahlunto.go.id", id="long"),
        pytest.param("https://suara-loket.tidorekepulauankota.go.id", id="longer"),
        pytest.param(f"https://{'x' * 63}.go.id", id="too long"),
        pytest.param(None, id="none"),
    ],
)
def test_a_notice_fits_one_segment_in_every_month_and_holds_no_figure(root: str | None, language: Language) -> None:
    for number in range(1, 13):
        for revision in (1, 2, 9):
            text = notice_words(Month(2026, number), revision, language, root)
            assert (gsm_length(text) or 999) <= SEGMENT, text
            assert "{" not in text
            said = text.replace(root, "") if root else text
            assert set(re.findall(r"\d+", said)) <= {"2026", f"{number:02}", "14"}, said
            assert (root in text) if root and len(root) < 60 else ("https" not in text)


def test_first_closing_and_change_are_said_differently_and_in_both_languages() -> None:
    said = {notice_words(OCTOBER, revision, language, ROOT) for revision in (1, 2) for language in LANGUAGES}
    assert len(said) == 4
