"""NIP and NI PPPK: 18 digits with a birthday, however people write them, and nothing else."""

import pytest

from shared.domain.nip import NipInvalid, is_nip, masked_nip, parse_nip


@pytest.mark.parametrize("known", ["198609262015051001", "198012302010012005", "199009132025242014"])
def test_a_known_number_is_read_however_it_is_written(known: str) -> None:
    spaced = f"{known[:8]} {known[8:14]} {known[14]} {known[15:]}"
    for written in (known, spaced, spaced.replace(" ", "."), spaced.replace(" ", "-"), f" {known}\n"):
        assert parse_nip(written) == known


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="nothing"),
        pytest.param("asha", id="a name"),
        pytest.param("19860926201505100", id="17 digits"),
        pytest.param("1986092620150510010", id="19 digits"),
        pytest.param("198613262015051001", id="a thirteenth month"),
        pytest.param("198602302015051001", id="30 February"),
        pytest.param("189909262015051001", id="born in another century"),
        pytest.param("198609262015131001", id="neither a month nor a code"),
        pytest.param("198609262015201001", id="a code too small"),
        pytest.param("198609262015053001", id="a third sex"),
        pytest.param("198609261999051001", id="appointed as a child"),
        pytest.param("１９８６０９２６２０１５０５１００１", id="digits of another script"),
        pytest.param("198609262015051001'", id="an apostrophe"),
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    assert not is_nip(written)
    with pytest.raises(NipInvalid):
        parse_nip(written)


def test_a_page_shows_neither_birthday_nor_sex() -> None:
    assert masked_nip("198609262015051001") == "•••• 001"
