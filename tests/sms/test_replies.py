"""Every reply fits one segment, whatever is in it."""

import re
from datetime import date

import pytest

from shared.domain.messages import SEGMENT, gsm_length
from shared.domain.people import Counter, Officer
from shared.i18n import LANGUAGES, Language, catalogue
from sms.replies import Facts, Reply, words

SHORT = Officer("DK7", "Asha Pertiwi, S.Sos.", "DSW", frozenset({"DSW"}))
LONGEST = Officer("D" * 32, "Ñandi€ Świętosława " * 6, "DSW", frozenset({"DSW"}))
LONGEST_FACTS = Facts(
    "D" * 32,
    LONGEST,
    Counter("C" * 32, "Ruang [Pelayanan] “Satu” " * 5, "DSW"),
    4,
    [LONGEST] * 9,
    date(2026, 12, 31),
    1000,
)
USUAL_FACTS = Facts("DK7", SHORT, Counter("DSL3", "Loket 3", "DSW"), 4, [SHORT] * 40, date(2026, 11, 18), 2)


@pytest.mark.parametrize("facts", [Facts(), USUAL_FACTS, LONGEST_FACTS], ids=["no facts", "usual", "longest"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reply", Reply)
def test_every_reply_fits_one_gsm_segment(reply: Reply, language: Language, facts: Facts) -> None:
    text = words(reply, language, facts)
    length = gsm_length(text)
    assert length is not None, "no letter may turn the message into UCS-2"
    assert length <= SEGMENT
    assert "{" not in text
    assert "None" not in text


@pytest.mark.parametrize("reply", Reply)
def test_every_reply_is_translated_and_holds_no_telephone_number(reply: Reply) -> None:
    assert catalogue("id").get(reply.value, "")
    assert not re.search(r"\d{4}", words(reply, "id", USUAL_FACTS))


def test_the_longest_code_is_told_whole_to_who_rates_it() -> None:
    for reply in (Reply.THANKS, Reply.ASK_ANSWER):
        assert LONGEST.code in words(reply, "id", LONGEST_FACTS)


def test_officers_are_listed_by_code_and_name_without_titles_as_far_as_there_is_room() -> None:
    listed = words(Reply.WHICH_OFFICER, "id", USUAL_FACTS)
    assert listed.startswith("Siapa yang melayani Anda di Loket 3? Balas dengan kode petugas: DK7 Asha Pertiwi, DK7 ")
    assert listed.endswith("DK7 Asha Pertiwi.")


def test_an_unknown_code_is_repeated_in_our_usual_words() -> None:
    assert words(Reply.UNKNOWN_OFFICER, "id", Facts(code="DK9")) == (
        'Kode petugas "DK9" tidak kami kenal. Lihat kode di loket, lalu kirim: NILAI KODE 1-4'
    )
