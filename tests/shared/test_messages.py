"""How long a text is, where it may be cut, and whose number it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.messages import cut_text, cut_to_segment, gsm_length, gsm_text, segments_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", 0, id="an empty text takes nothing"),
        pytest.param("a" * 160, 160, id="a letter takes one"),
        pytest.param("€" * 81, 162, id="the euro sign takes two"),
        pytest.param("é" * 160, 160, id="some accents are GSM-7"),
        pytest.param("’" + "a" * 69, None, id="one curly quote makes the whole message wide"),
        pytest.param("😀", None, id="so does an emoji"),
    ],
)
def test_septets_are_counted_as_the_networks_count_them(text: str, expected: int | None) -> None:
    assert gsm_length(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", 1, id="an empty text is one"),
        pytest.param("a" * 160, 1, id="as much as fits in one"),
        pytest.param("a" * 161, 2, id="several hold less each"),
        pytest.param("a" * 307, 3, id="two are full"),
        pytest.param("\u2019" + "a" * 69, 1, id="wide letters fit in one"),
        pytest.param("\u2019" + "a" * 70, 2, id="wide letters in two"),
        pytest.param("\U0001f600" * 36, 2, id="an emoji takes two units"),
    ],
)
def test_pieces_are_counted_as_the_networks_charge_them(text: str, expected: int) -> None:
    assert segments_of(text) == expected


@given(st.text(max_size=400))
def test_what_gsm_text_leaves_is_always_gsm(text: str) -> None:
    assert gsm_length(gsm_text(text)) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Ma’ruf – “Al”…", 'Ma\'ruf - "Al"...', id="typographic signs"),
        pytest.param("Āsha Ćorić", "Asha Coric", id="accents outside GSM-7"),
        pytest.param("Ngurah Ñandi", "Ngurah Ñandi", id="accents inside GSM-7"),
        pytest.param("Budi 😀 王", "Budi  ", id="what has no plain form is left out"),
    ],
)
def test_names_are_written_in_letters_every_telephone_knows(text: str, expected: str) -> None:
    assert gsm_text(text) == expected


def test_a_cut_to_a_segment_counts_septets_and_leaves_no_dangling_space() -> None:
    assert cut_to_segment("Asha Pertiwi", 5) == "Asha"
    assert cut_to_segment("€€€", 5) == "€€"
    assert cut_to_segment("Asha", -3) == ""


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        pytest.param("ramah", 500, "ramah", id="a short text stays"),
        pytest.param("ramah", 3, "ram", id="plain letters"),
        pytest.param("ae\u0301b", 2, "a", id="an accent stays with its letter"),
        pytest.param("a👨‍👩‍👧b", 3, "a", id="a family stays together"),
        pytest.param("a👍🏽b", 2, "a", id="a thumb keeps its colour"),
        pytest.param("4️⃣4️⃣", 4, "4️⃣", id="a keycap is whole or not there"),
        pytest.param("🇮🇩🇮🇩", 3, "🇮🇩", id="a flag is whole or not there"),
        pytest.param("🇮🇩🇮🇩", 2, "🇮🇩", id="between two flags is a good place"),
        pytest.param("e\u0301" * 3, 1, "", id="nothing rather than half a letter"),
    ],
)
def test_a_cut_breaks_no_character(text: str, length: int, expected: str) -> None:
    assert cut_text(text, length) == expected
