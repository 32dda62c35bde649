"""Long lists: what is looked for in them, and how they are cut into pages."""

import pytest

from kiosk.paging import cut, having

NAMES = ["Asha Pertiwi, S.Sos. DK7", "Bilal Nasution DK8", "Dev Lasut PM1"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("", NAMES, id="everybody"),
        pytest.param("asha", NAMES[:1], id="part of a name"),
        pytest.param(" s.sos  PERTIWI ", NAMES[:1], id="words in any order and case"),
        pytest.param("dk8", NAMES[1:2], id="a code"),
        pytest.param("a%a", [], id="a wildcard is only a letter"),
        pytest.param("asha bilal", [], id="two people"),
    ],
)
def test_lines_are_found_by(words: str, found: list[str]) -> None:
    assert having(words, NAMES, str) == found


@pytest.mark.parametrize(
    ("wanted", "number", "first", "last"),
    [(-1, 1, 1, 50), (0, 1, 1, 50), (2, 2, 51, 100), (3, 3, 101, 103), (10**30, 3, 101, 103)],
)
def test_a_page_that_is_not_there_is_the_nearest(wanted: int, number: int, first: int, last: int) -> None:
    page = cut(range(1, 104), wanted)
    assert (page.number, page.last, page.count) == (number, 3, 103)
    assert (page.first_line, page.last_line) == (first, last) == (page.lines[0], page.lines[-1])


def test_of_nothing_there_is_one_page() -> None:
    nothing: list[str] = []
    page = cut(nothing, 7)
    assert (page.number, page.last, page.count, page.lines) == (1, 1, 0, nothing)
