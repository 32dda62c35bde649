"""The whole conversation as tables: what was said before x a text -> what it means."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.conversation import Rated, Turn, take_turn
from sms.replies import Reply
from sms.said import Conversation
from tests.factories import NOON
from tests.sms.stage import a_directory

DIRECTORY = a_directory()


def after(*texts: str) -> Turn:
    """Return the turn the last of these texts led to, a minute apart from each other."""
    turn = Turn(Conversation(), Reply.HOW_IT_WORKS)
    for minute, text in enumerate(texts):
        turn = take_turn(turn.conversation, text, NOON + timedelta(minutes=minute), DIRECTORY)
    return turn


@pytest.mark.parametrize(
    ("text", "rated"),
    [
        pytest.param("NILAI DK7 4", Rated("DK7", 4, None, None), id="as the poster says"),
        pytest.param("nilai dk7 1", Rated("DK7", 1, None, None), id="small letters"),
        pytest.param("  NILAI   DK7\n\n 2  ", Rated("DK7", 2, None, None), id="spaces and line breaks"),
        pytest.param("NILAI, DK7: 3.", Rated("DK7", 3, None, None), id="punctuation"),
        pytest.param("NILAI: \"DK7\" (4)", Rated("DK7", 4, None, None), id="quotes and brackets"),
        pytest.param("<NILAI> <DK7> <4>", Rated("DK7", 4, None, None), id="angle brackets of an instruction"),
        pytest.param("DK7 4 ramah", Rated("DK7", 4, None, "ramah"), id="without the verb, with words"),
        pytest.param("DK7=4", Rated("DK7", 4, None, None), id="equals sign"),
        pytest.param("DK7-4", Rated("DK7", 4, None, None), id="hyphen"),
        pytest.param("NILAI-DK7-4", Rated("DK7", 4, None, None), id="hyphens everywhere"),
        pytest.param("GR-2 3", Rated("GR-2", 3, None, None), id="a code with a hyphen of its own"),
        pytest.param("GR-2-3", Rated("GR-2", 3, None, None), id="and its answer tied on"),
        pytest.param("GR-4", Rated("GR", 4, None, None), id="the code before the hyphen"),
        pytest.param("GR 2 lama", Rated("GR", 2, None, "lama"), id="a space where another code has a hyphen"),
        pytest.param("NILAI DK 7 4", Rated("DK7", 4, None, None), id="a space inside the code"),
        pytest.param("NILAI PETUGAS DK7 NILAI 4", Rated("DK7", 4, None, None), id="with the words around them"),
        pytest.param("101 4", Rated("101", 4, None, None), id="a code that is a number"),
        pytest.param("4 DK7 cepat", Rated("DK7", 4, None, "cepat"), id="answer first"),
        pytest.param("NILAI DSL3 DK7 4", Rated("DK7", 4, "DSL3", None), id="counter, officer, answer"),
        pytest.param("4 loket DSL3 petugas DK7", Rated("DK7", 4, "DSL3", None), id="the other way round"),
        pytest.param("NILAI DK7 4️⃣", Rated("DK7", 4, None, None), id="a keycap emoji"),
        pytest.param("NILAI DK7 ④", Rated("DK7", 4, None, None), id="a circled digit"),
        pytest.param("ＮＩＬＡＩ　ＤＫ７　４", Rated("DK7", 4, None, None), id="full width"),
        pytest.param("NILAI DK7 ٤", Rated("DK7", 4, None, None), id="a digit of another script"),
        pytest.param("😊 DK7 4 😊", Rated("DK7", 4, None, "😊"), id="emoji around"),
        pytest.param("DK7 4, ramah.\nTerima kasih", Rated("DK7", 4, None, "ramah.\nTerima kasih"), id="two lines"),
        pytest.param("DK7 sangat baik", Rated("DK7", 4, None, None), id="very good, spelled"),
        pytest.param("DK7 Sgt  Baik sekali orangnya", Rated("DK7", 4, None, "sekali orangnya"), id="abbreviated"),
        pytest.param("DK7 baik sekali", Rated("DK7", 4, None, None), id="baik sekali"),
        pytest.param("DK7 baik", Rated("DK7", 3, None, None), id="good, spelled"),
        pytest.param("DK7 baik, cepat", Rated("DK7", 3, None, "cepat"), id="good, and a comment"),
        pytest.param("DK7 kurang baik", Rated("DK7", 2, None, None), id="poor, spelled"),
        pytest.param("DK7 tdk baik", Rated("DK7", 1, None, None), id="bad, spelled"),
        pytest.param("RATE DK7 very good", Rated("DK7", 4, None, None), id="English"),
        pytest.param("DK7 4 dari 4", Rated("DK7", 4, None, "dari 4"), id="words with a digit"),
        pytest.param("DK7 1'; DROP TABLE x;--", Rated("DK7", 1, None, "DROP TABLE x;--"), id="SQL as words"),
    ],
)  # fmt: skip
def test_one_message_is_a_rating(text: str, rated: Rated) -> None:
    turn = after(text)
    assert (turn.reply, turn.rated) == (Reply.THANKS, rated)
    assert turn.conversation.officer is None, "the next message starts anew"


@pytest.mark.parametrize(
    ("texts", "rated"),
    [
        pytest.param(("DK7", "4"), Rated("DK7", 4, None, None), id="code, then answer"),
        pytest.param(("NILAI DK7", "3 cepat"), Rated("DK7", 3, None, "cepat"), id="the answer with words"),
        pytest.param(("DK7 ramah", "4"), Rated("DK7", 4, None, "ramah"), id="the words came first"),
        pytest.param(("DK7", "apa maksudnya?", "4"), Rated("DK7", 4, None, None), id="a question is no comment"),
        pytest.param(("DK7", "sangat baik"), Rated("DK7", 4, None, None), id="a spelled answer"),
        pytest.param(("4", "DK7"), Rated("DK7", 4, None, None), id="answer, then code"),
        pytest.param(("2 lama", "NILAI DK7"), Rated("DK7", 2, None, "lama"), id="answer with words, then code"),
        pytest.param(("DSL3", "DK7", "4"), Rated("DK7", 4, "DSL3", None), id="counter, code, answer"),
        pytest.param(("NILAI DSL3 4", "dk8"), Rated("DK8", 4, "DSL3", None), id="counter with answer, code"),
        pytest.param(("DSL3", "2", "DK8"), Rated("DK8", 2, "DSL3", None), id="counter, answer, code"),
        pytest.param(("DSL3", "DK7 4"), Rated("DK7", 4, "DSL3", None), id="counter, code with answer"),
        pytest.param(("DSL3", "NILAI DK7 4"), Rated("DK7", 4, "DSL3", None), id="as the poster says, after all"),
        pytest.param(("DSL3", "PS1", "DK7 4"), Rated("DK7", 4, "DSL3", None), id="after another office's officer"),
        pytest.param(("DSL3", "NILAI PS1 4"), Rated("PS1", 4, None, None), id="a whole rating of somebody elsewhere"),
        pytest.param(("DK7 lama", "DK8 4"), Rated("DK8", 4, None, None), id="another officer, without the words"),
        pytest.param(("DK7 5", "4"), Rated("DK7", 4, None, None), id="after a wrong number"),
        pytest.param(("3", "DK7 5", "tidak tahu", "4"), Rated("DK7", 4, None, None), id="a taken back answer"),
        pytest.param(("NILAI DK9 4 ramah", "DK7"), Rated("DK7", 4, None, "ramah"), id="after an unknown code"),
        pytest.param(("DK7", "BANTUAN", "4"), Rated("DK7", 4, None, None), id="help in between"),
        pytest.param(("DK7 4", "DK7 1"), Rated("DK7", 1, None, None), id="again, in a new message"),
    ],
)
def test_missing_parts_are_asked_for_and_put_together(texts: tuple[str, ...], rated: Rated) -> None:
    turn = after(*texts)
    assert (turn.reply, turn.rated) == (Reply.THANKS, rated)


@pytest.mark.parametrize(
    ("texts", "reply"),
    [
        pytest.param(("",), Reply.HOW_IT_WORKS, id="nothing, or a picture alone"),
        pytest.param(("   \n",), Reply.HOW_IT_WORKS, id="spaces"),
        pytest.param(("👍",), Reply.HOW_IT_WORKS, id="an emoji"),
        pytest.param(("halo, selamat siang",), Reply.HOW_IT_WORKS, id="a greeting"),
        pytest.param(("baik, terima kasih",), Reply.HOW_IT_WORKS, id="baik also means all right"),
        pytest.param(("Loket 3",), Reply.HOW_IT_WORKS, id="the name of a counter is no answer 3"),
        pytest.param(("'; DROP TABLE rating; --",), Reply.HOW_IT_WORKS, id="SQL"),
        pytest.param(("x" * 5000,), Reply.HOW_IT_WORKS, id="5,000 letters"),
        pytest.param(("x-" * 2500,), Reply.HOW_IT_WORKS, id="5,000 letters and hyphens"),
        pytest.param(("BANTUAN",), Reply.HOW_IT_WORKS, id="bantuan"),
        pytest.param((" help. ",), Reply.HOW_IT_WORKS, id="help"),
        pytest.param(("Info",), Reply.HOW_IT_WORKS, id="info"),
        pytest.param(("MULAI",), Reply.HOW_IT_WORKS, id="resume"),
        pytest.param(("NILAI",), Reply.ASK_OFFICER, id="the verb alone"),
        pytest.param(("4",), Reply.ASK_OFFICER, id="an answer alone"),
        pytest.param(("NILAI 4",), Reply.ASK_OFFICER, id="the verb and an answer"),
        pytest.param(("NILAI baik",), Reply.ASK_OFFICER, id="the verb and a spelled answer"),
        pytest.param(("4", "👍"), Reply.ASK_OFFICER, id="the code is asked for again"),
        pytest.param(("DK7",), Reply.ASK_ANSWER, id="a code alone"),
        pytest.param(("DK7 '; DROP TABLE rating;-- 4",), Reply.ASK_ANSWER, id="SQL where the answer should be"),
        pytest.param(("DK7 baik hati",), Reply.ASK_ANSWER, id="baik hati is no answer"),
        pytest.param(("DK7", "ramah 4"), Reply.ASK_ANSWER, id="an unclear answer"),
        pytest.param(("DK7", ""), Reply.ASK_ANSWER, id="nothing after the question"),
        pytest.param(("DK7 0",), Reply.NOT_AN_ANSWER, id="nought"),
        pytest.param(("DK7 5",), Reply.NOT_AN_ANSWER, id="five"),
        pytest.param(("NILAI DK7 9",), Reply.NOT_AN_ANSWER, id="nine"),
        pytest.param(("DK7 44",), Reply.NOT_AN_ANSWER, id="two digits"),
        pytest.param(("DK7 3,5",), Reply.NOT_AN_ANSWER, id="a decimal"),
        pytest.param(("DK7 4/5",), Reply.NOT_AN_ANSWER, id="four of five"),
        pytest.param(("DK7 " + "4" * 4996,), Reply.NOT_AN_ANSWER, id="5,000 digits"),
        pytest.param(("DK7", "10"), Reply.NOT_AN_ANSWER, id="ten, when asked"),
        pytest.param(("5",), Reply.NOT_AN_ANSWER, id="five, out of the blue"),
        pytest.param(("DK9 4",), Reply.UNKNOWN_OFFICER, id="a code nobody has"),
        pytest.param(("NILAI DK9 4 sangat baik",), Reply.UNKNOWN_OFFICER, id="with its answer another code"),
        pytest.param(("GR-4 2",), Reply.UNKNOWN_OFFICER, id="a code that begins like another, with an answer"),
        pytest.param(("GR-4 baik",), Reply.UNKNOWN_OFFICER, id="the same with a spelled answer"),
        pytest.param(("DSL3 4",), Reply.WHICH_OFFICER, id="a counter that with its answer is an officer"),
        pytest.param(("dk9",), Reply.UNKNOWN_OFFICER, id="a code nobody has, alone"),
        pytest.param(("NILAI ABC 4",), Reply.UNKNOWN_OFFICER, id="letters after the verb"),
        pytest.param(("ABC 4",), Reply.UNKNOWN_OFFICER, id="letters before an answer"),
        pytest.param(("102 4",), Reply.UNKNOWN_OFFICER, id="a number before an answer"),
        pytest.param(("DK7ramah 4",), Reply.UNKNOWN_OFFICER, id="no space after the code"),
        pytest.param(("DK7", "DK9"), Reply.UNKNOWN_OFFICER, id="an unknown code instead of an answer"),
        pytest.param(("DSL3",), Reply.WHICH_OFFICER, id="a counter"),
        pytest.param(("NILAI LOKET DSL3 4",), Reply.WHICH_OFFICER, id="a counter and an answer"),
        pytest.param(("DSL3", "ibu yang berkacamata"), Reply.WHICH_OFFICER, id="the question again"),
        pytest.param(("DK7", "DSL3"), Reply.WHICH_OFFICER, id="a counter instead of an answer"),
        pytest.param(("DSL3", "PS1"), Reply.OTHER_OFFICE, id="another office's officer"),
        pytest.param(("DSL3", "PS1 4"), Reply.OTHER_OFFICE, id="another office's officer with an answer"),
        pytest.param(("NILAI DSL3 PS1 4",), Reply.OTHER_OFFICE, id="another office's officer in one message"),
        pytest.param(("STOP",), Reply.GOODBYE, id="stop"),
        pytest.param((" ..Berhenti. ",), Reply.GOODBYE, id="berhenti among dots"),
        pytest.param(("DK7", "BATAL"), Reply.GOODBYE, id="batal in the middle"),
        pytest.param(("DK7", "BATAL", "4"), Reply.ASK_OFFICER, id="nothing is left after batal"),
    ],
)  # fmt: skip
def test_what_is_no_rating_gets_a_reply_that_helps(texts: tuple[str, ...], reply: Reply) -> None:
    turn = after(*texts)
    assert (turn.reply, turn.rated) == (reply, None)


def test_the_unknown_code_is_named_in_the_reply() -> None:
    assert after("nilai dk9 4").facts.code == "DK9"


def test_the_officer_of_another_office_and_the_counter_are_named_in_the_reply() -> None:
    facts = after("DSL3", "PS1").facts
    assert facts.counter is not None
    assert (facts.code, facts.counter.name) == ("PS1", "Loket 3")


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        pytest.param(("DK7 4",), "id", id="Indonesian unless"),
        pytest.param(("RATE DK7 4",), "en", id="rate is English"),
        pytest.param(("RATE DK7", "4"), "en", id="and stays so"),
        pytest.param(("HELP", "DK7 4"), "en", id="help is English"),
        pytest.param(("RATE DK7 4", "NILAI DK8 4"), "id", id="nilai is Indonesian"),
        pytest.param(("HELP", "BANTUAN"), "id", id="bantuan is Indonesian"),
        pytest.param(("RATE DK7 4", "DK8 4"), "en", id="the next rating too"),
    ],
)
def test_people_are_answered_in_the_language_of_their_verb(texts: tuple[str, ...], language: str) -> None:
    assert after(*texts).language == language


def test_a_conversation_is_forgotten_after_half_an_hour() -> None:
    asked = after("DK7").conversation
    just_in_time = take_turn(asked, "4", NOON + timedelta(minutes=29, seconds=59), DIRECTORY)
    too_late = take_turn(asked, "4", NOON + timedelta(minutes=30), DIRECTORY)
    assert (just_in_time.reply, too_late.reply) == (Reply.THANKS, Reply.ASK_OFFICER)


def test_an_officer_who_is_gone_since_is_not_rated() -> None:
    asked = Conversation(officer="DK6", counter="DSL9", touched_at=NOON)
    assert take_turn(asked, "4", NOON, DIRECTORY).reply is Reply.ASK_OFFICER


def test_a_long_comment_is_cut_at_500_characters_and_breaks_none() -> None:
    rated = after("DK7 4 " + "a" * 499 + "👍🏽" + "b" * 4000).rated
    assert rated is not None
    assert rated.comment == "a" * 499


TEXTS = st.text(max_size=60) | st.lists(
    st.sampled_from(["NILAI", "RATE", "DK7", "DK9", "PS1", "DSL3", "4", "0", "baik", "-", " ", "STOP", "4️⃣", "é"])
).map(" ".join)


@given(st.lists(TEXTS, max_size=5))
def test_whatever_people_write_there_is_a_reply_and_only_whole_ratings(texts: list[str]) -> None:
    turn = after(*texts)
    assert (turn.rated is not None) == (turn.reply is Reply.THANKS)
    if turn.rated:
        assert turn.rated.officer in DIRECTORY.officers
        assert turn.rated.answer in {1, 2, 3, 4}
        assert len(turn.rated.comment or "") <= 500
        assert turn.rated.counter is None or (
            DIRECTORY.counters[turn.rated.counter].office in DIRECTORY.officers[turn.rated.officer].offices
        )
