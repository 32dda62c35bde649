"""The conversation as one table: what was said before x what is written now -> the reply and the rating.

A cell holds the reply and, where there is one, the officer rated; `n` is the answer that was written.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from shared.domain.outreach import Wish
from shared.i18n import Language
from sms.conversation import Rated, take_turn
from sms.person import NOBODY_WE_KNOW, Person, Question
from sms.replies import Reply
from sms.said import Conversation
from tests.factories import NOON
from tests.sms.stage import a_directory

DIRECTORY: Final = a_directory()
BEFORE: Final = NOON - timedelta(minutes=5)
VISIT: Final = Question(UUID(int=1), "DSW", ("DK7",), "DSL3")
OTHER_VISIT: Final = Question(UUID(int=2), "PSF", ("PS1",), "PSL1")
TWO: Final = Question(UUID(int=3), "DSW", ("DK7", "PS1"), several=True)
ONE_LEFT: Final = Question(UUID(int=3), "PSF", ("PS1",), several=True)
FAMILY: Final = Person(questions=(VISIT, OTHER_VISIT))
STATES: Final = {
    "nothing said": (Conversation(), NOBODY_WE_KNOW),
    "officer named": (Conversation(officer="DK7", touched_at=BEFORE), NOBODY_WE_KNOW),
    "answer given": (Conversation(answer=3, touched_at=BEFORE), NOBODY_WE_KNOW),
    "counter named": (Conversation(counter="DSL3", touched_at=BEFORE), NOBODY_WE_KNOW),
    "invited": (Conversation(), Person(questions=(VISIT,))),
    "invited about two": (Conversation(), Person(questions=(TWO,))),
    "at the first of two": (
        Conversation(officer="DK7", question=TWO, touched_at=BEFORE),
        Person(questions=(TWO,)),
    ),
    "wants no messages": (Conversation(), Person(refused=True)),
    "long ago": (Conversation(officer="DK7", touched_at=NOON - timedelta(hours=1)), NOBODY_WE_KNOW),
    "counter and answer given": (Conversation(counter="DSL3", answer=4, touched_at=BEFORE), NOBODY_WE_KNOW),
    "invited about two, one answered by link": (Conversation(), Person(questions=(ONE_LEFT,))),
    "a family invited twice": (Conversation(), FAMILY),
    "a family that gave an answer": (Conversation(answer=3, touched_at=BEFORE), FAMILY),
    "answered by link": (Conversation(), Person(has_answered=True)),
    "asked by name, answered by link since": (
        Conversation(officer="DK7", question=VISIT, touched_at=BEFORE),
        Person(has_answered=True),
    ),
}
SPELLINGS: Final[dict[str, dict[int, list[str]]]] = {
    "a number": {
        4: ["4", " 4. ", "4!!", "nilai 4", "Nilainya 4", "saya kasih 4", "jawaban saya: 4", "(4)", "4️⃣", "④", "٤"],
        3: ["3", "pilih 3", "skor 3", "3 baik", "3 (baik)"],
        2: ["2", "2 kurang baik", "my answer is 2"],
        1: ["1", "1, tidak baik", "angka 1", "1 jelek"],
    },
    "an answer in words": {
        4: [
            "sangat baik", "Sangat Baik.", "sgt baik", "sgt bgs", "SANGAT PUAS", "sangt baik", "snagat baik",
            "bagus sekali", "bagus bgt", "baik skali", "puas banget", "baguuus sekali", "empat", "very good",
            "pelayanannya sangat memuaskan", "saya sangat puas", "sangat baik 4", "😀", "😀😀", "😍 😀",
        ],
        3: ["baik", "Baik!", "baiiik", "bagus", "bgs", "puas", "saya puas", "tiga", "good", "🙂", "petugasnya baik"],
        2: ["kurang baik", "krg baik", "kurag baik", "kurang puas", "kurang memuaskan", "dua", "poor", "🙁", "☹️"],
        1: [
            "tidak baik", "tdk baik", "ga bagus", "gak puas", "nggak memuaskan", "tidka baik", "jelek", "buruk",
            "sangat tidak puas", "sangat jelek", "jelek banget", "mengecewakan", "satu", "bad", "very bad",
            "😠", "😡",
        ],
    },
    "an officer and an answer": {
        4: ["DK8 4", "dk8 4", "NILAI DK8 4", "nilia dk8 4", "Dk 8 4", "4 dk8", "dk8=4", "dk8 sangat baik", "Dk8 😀"],
        1: ["dk8 1", "DK8: 1", "NILAI dk8 tidak baik", "rate dk8 1"],
    },
}  # fmt: skip
KINDS: Final[dict[str, list[str]]] = {
    "an officer": ["DK8", "dk8", "nilai dk8", "Dk 8", "petugas DK8", "kode: dk8"],
    "the verb alone": ["NILAI", "nilai", "Rate", "nilia"],
    "a counter": ["DSL3", "dsl3", "Loket dsl3"],
    "a code nobody has": ["DK9", "dk6", "DK88", "NILAI DK9", "dk9 baik"],
    "a wrong number": ["5", "0", "10", "3,5", "4/5", "100", "1 sangat baik", "4 jelek", "sangat baik 1"],
    "numbers that go on": [
        "1 - 4", "1–4", "1—4", "1 s/d 4", "1 sampai 4", "1 hingga 4", "3 atau 4", "1 2 3 4", "1, 2, 3, 4", "¾",
        "3 . 5", "4 / 5",
    ],
    "nothing clear": [
        "lumayan", "cukup", "cukup baik", "biasa saja", "biasa aja", "b aja", "👍", "👎", "🙏", "😊", "😀😠", "ok",
        "sip",
        "halo", "", "   ", "tidak jelek", "tidak terlalu baik", "baik-baik saja", "baik tapi lama", "antre 3 jam",
        "lupakan saja", "forget it", "hapus", "lupakan", "data saya sudah lengkap", "my date", "kata saya",
        "2 jam menunggu", "satu hal lagi", "tempat parkir sempit", "kurang", "x" * 1600, "?",
    ],
    "stop": [
        "STOP", "stop.", " ..Berhenti. ", "BERHNTI", "hentikan", "batal", "UNREG", "keluar", "stop sms", "setop",
        "tolong berhenti kirim pesan", "jangan kirim sms lagi", "Stop stop",
    ],
    "start": ["MULAI", "start", "Daftar", "mau daftar lagi"],
    "help": ["BANTUAN", "help.", "info", "bantuna", "mohon bantuan"],
    "English": ["ENGLISH", "english please", "bahasa inggris", "Inggris"],
    "Indonesian": ["INDONESIA", "bahasa", "Bahasa Indonesia"],
    "my data": [
        "DATA SAYA", "data saya.", "Mohon data saya", "datasaya", "cek data saya ya", "MY DATA", "my data please",
        "Apa yang Anda tahu tentang saya?", "apa yang anda tahu tentag saya", "What do you know about me?",
    ],
    "forget me": [
        "HAPUS DATA SAYA", "hapus data saya!", "tolong hapus semua data saya", "hapus data", "HAPSU DATA SAYA",
        "hapusdata saya", "Lupakan saya", "lupkan saya", "hapus nomor saya pak", "FORGET ME", "forgte me",
        "delete all my data please", "erase my data",
    ],
    "a picture": ["\ufffc", " \ufffc "],
}  # fmt: skip

TABLE: Final = {
    # nothing said | officer named | answer given | counter named | invited | invited about two
    # | at the first of two | wants no messages | long ago | counter and answer given
    # | one of two left | a family | a family's answer | answered by link | answered by link since
    "a number": (
        "ASK_OFFICER", "THANKS DK7 n", "ASK_OFFICER", "WHICH_OFFICER", "THANKS DK7 n", "ASK_ANSWER",
        "NEXT_OFFICER DK7 n", "ASK_OFFICER", "ASK_OFFICER", "WHICH_OFFICER",
        "ASK_ANSWER", "WHICH_ASKED", "WHICH_ASKED", "ANSWERED_BEFORE", "ANSWERED_BEFORE",
    ),
    "an answer in words": (
        None, "THANKS DK7 n", None, None, "THANKS DK7 n", "ASK_ANSWER",
        "NEXT_OFFICER DK7 n", None, None, "WHICH_OFFICER",
        "ASK_ANSWER", "WHICH_ASKED", "WHICH_ASKED", "ANSWERED_BEFORE", "ANSWERED_BEFORE",
    ),
    "an officer and an answer": (
        "THANKS DK8 n", "THANKS DK8 n", "THANKS DK8 n", "THANKS DK8 n", "THANKS DK8 n", "THANKS DK8 n",
        "THANKS DK8 n", "THANKS DK8 n", "THANKS DK8 n", "THANKS DK8 n",
        "THANKS DK8 n", "THANKS DK8 n", "THANKS DK8 n", "THANKS DK8 n", "THANKS DK8 n",
    ),
    "an officer": (
        "ASK_ANSWER", "ASK_ANSWER", "THANKS DK8 3", "ASK_ANSWER", "ASK_ANSWER", "ASK_ANSWER",
        "ASK_ANSWER", "ASK_ANSWER", "ASK_ANSWER", "THANKS DK8 4",
        "ASK_ANSWER", "ASK_ANSWER", "THANKS DK8 3", "ASK_ANSWER", "ASK_ANSWER",
    ),
    "the verb alone": (
        "ASK_OFFICER", "ASK_ANSWER", "ASK_OFFICER", "WHICH_OFFICER", "ASK_ANSWER", "ASK_ANSWER",
        "ASK_ANSWER", "ASK_OFFICER", "ASK_OFFICER", "WHICH_OFFICER",
        "ASK_ANSWER", "WHICH_ASKED", "WHICH_ASKED", "ASK_OFFICER", "ASK_OFFICER",
    ),
    "a counter": ("WHICH_OFFICER",) * 15,
    "a code nobody has": ("UNKNOWN_OFFICER",) * 15,
    "a wrong number": (
        None, "NOT_AN_ANSWER", None, None, "NOT_AN_ANSWER", "NOT_AN_ANSWER",
        "NOT_AN_ANSWER", None, None, "WHICH_OFFICER",
        "NOT_AN_ANSWER", "NOT_AN_ANSWER", "WHICH_ASKED", "NOT_AN_ANSWER", "NOT_AN_ANSWER",
    ),
    "numbers that go on": (
        None, "NOT_AN_ANSWER", None, None, "NOT_AN_ANSWER", "NOT_AN_ANSWER",
        "NOT_AN_ANSWER", None, None, "WHICH_OFFICER",
        "NOT_AN_ANSWER", "NOT_AN_ANSWER", "WHICH_ASKED", "NOT_AN_ANSWER", "NOT_AN_ANSWER",
    ),
    "nothing clear": (
        "HOW_IT_WORKS", "ASK_ANSWER", "ASK_OFFICER", "WHICH_OFFICER", "ASK_ANSWER", "ASK_ANSWER",
        "ASK_ANSWER", "HOW_IT_WORKS", "HOW_IT_WORKS", "WHICH_OFFICER",
        "ASK_ANSWER", "WHICH_ASKED", "WHICH_ASKED", "HOW_IT_WORKS", "HOW_IT_WORKS",
    ),
    "stop": ("GOODBYE",) * 15,
    "start": (*("HOW_IT_WORKS",) * 7, "WELCOME_BACK", *("HOW_IT_WORKS",) * 7),
    "help": ("HOW_IT_WORKS",) * 15,
    "English": (
        "HOW_IT_WORKS", "ASK_ANSWER", "ASK_OFFICER", "WHICH_OFFICER", "ASK_ANSWER", "ASK_ANSWER",
        "ASK_ANSWER", "HOW_IT_WORKS", "HOW_IT_WORKS", "WHICH_OFFICER",
        "ASK_ANSWER", "WHICH_ASKED", "WHICH_ASKED", "HOW_IT_WORKS", "HOW_IT_WORKS",
    ),
    "Indonesian": (
        "HOW_IT_WORKS", "ASK_ANSWER", "ASK_OFFICER", "WHICH_OFFICER", "ASK_ANSWER", "ASK_ANSWER",
        "ASK_ANSWER", "HOW_IT_WORKS", "HOW_IT_WORKS", "WHICH_OFFICER",
        "ASK_ANSWER", "WHICH_ASKED", "WHICH_ASKED", "HOW_IT_WORKS", "HOW_IT_WORKS",
    ),
    "my data": ("MY_DATA",) * 15,
    "forget me": (*("FORGOTTEN",) * 7, "FORGOTTEN_BUT_REFUSED", *("FORGOTTEN",) * 7),
    "a picture": ("ONLY_WORDS",) * 15,
}  # fmt: skip


def told(state: str, text: str) -> str:
    """Return the reply and the rating as a cell has them."""
    conversation, person = STATES[state]
    turn = take_turn(conversation, text, NOON, DIRECTORY, person)
    assert turn.reply is not None
    rated = f" {turn.rated.officer} {turn.rated.answer}" if turn.rated else ""
    return f"{turn.reply.name}{rated}"


def test_the_table_covers_every_state_and_kind_of_text() -> None:
    assert set(TABLE) == {*SPELLINGS, *KINDS}
    assert {len(row) for row in TABLE.values()} == {len(STATES)}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", TABLE)
def test_a_text_means_what_the_table_says(kind: str, state: str) -> None:
    cell = TABLE[kind][list(STATES).index(state)]
    spellings = SPELLINGS.get(kind) or {0: KINDS[kind]}
    spelled = [(text, answer) for answer, texts in spellings.items() for text in texts]
    found = {text: told(state, text) for text, _ in spelled}
    if cell is None:  # without a question such words may be about anything: nothing is rated
        assert [text for text, cell in found.items() if "THANKS" in cell or "NEXT" in cell] == []
    else:
        assert found == {text: cell.replace("n", str(answer)) if answer else cell for text, answer in spelled}


def test_what_is_named_in_a_code_is_never_taken_for_a_slip() -> None:
    for code in ("DK6", "DKK7", "D7", "KD7", "DSL4", "GR-3", "111"):
        assert "THANKS" not in told("nothing said", f"NILAI {code} 4"), code


@pytest.mark.parametrize("state", STATES)
def test_after_a_few_turns_that_lead_nowhere_nothing_is_said_until_something_new_is(state: str) -> None:
    conversation, person = STATES[state]
    replies: list[Reply | None] = []
    for second in range(40):
        turn = take_turn(
            conversation, "Pesan otomatis: kami tutup.", NOON + timedelta(seconds=second), DIRECTORY, person
        )
        conversation = turn.conversation
        replies.append(turn.reply)
    assert 0 < sum(reply is not None for reply in replies) <= 8
    assert replies[-30:] == [None] * 30
    rated = take_turn(conversation, "DK8 4", NOON + timedelta(minutes=1), DIRECTORY, person)
    assert rated.rated is not None
    assert rated.reply is not None
    later = take_turn(conversation, "halo", NOON + timedelta(hours=1), DIRECTORY, person)
    assert later.reply is not None


def test_whoever_is_answered_no_more_can_still_stop() -> None:
    conversation = Conversation()
    for _ in range(9):
        conversation = take_turn(conversation, "halo", NOON, DIRECTORY).conversation
    turn = take_turn(conversation, "STOP", NOON, DIRECTORY)
    assert (turn.reply, turn.wish) == (Reply.GOODBYE, Wish.NO_MESSAGES)


def test_whoever_is_answered_no_more_can_still_be_forgotten() -> None:
    conversation = Conversation()
    for _ in range(9):
        turn = take_turn(conversation, "HAPUS DATA SAYA", NOON, DIRECTORY)
        conversation = turn.conversation
    assert (turn.reply, turn.wish) == (None, Wish.FORGET)


@pytest.mark.parametrize("text", ["STOP", "DATA SAYA", "LUPAKAN SAYA"])
def test_two_machines_that_repeat_a_command_come_to_silence(text: str) -> None:
    conversation, refused = Conversation(), Person(refused=True)
    for _ in range(9):
        turn = take_turn(conversation, text, NOON, DIRECTORY, refused)
        conversation = turn.conversation
    assert turn.reply is None


@pytest.mark.parametrize(
    ("text", "language"), [("DATA SAYA", "id"), ("my data", "en"), ("lupakan saya", "id"), ("forget me", "en")]
)
def test_what_somebody_asks_about_their_data_is_answered_in_the_language_it_is_asked_in(
    text: str, language: Language
) -> None:
    other: Language = "id" if language == "en" else "en"
    assert take_turn(Conversation(), text, NOON, DIRECTORY, Person(language=other)).language == language


def test_of_what_was_being_said_nothing_is_left_once_somebody_is_forgotten() -> None:
    begun = Conversation(officer="DK7", counter="DSL3", answer=2, comment="lama", touched_at=BEFORE)
    turn = take_turn(begun, "lupakan saya", NOON, DIRECTORY, Person(questions=(VISIT,)))
    said = turn.conversation
    assert (said.officer, said.counter, said.answer, said.comment, turn.rated) == (None,) * 5


def test_a_code_is_never_a_slip_of_a_phrase() -> None:
    directory = replace(a_directory(), officers={**DIRECTORY.officers, "HAPSU": DIRECTORY.officers["DK7"]})
    assert take_turn(Conversation(), "HAPSU DATA SAYA", NOON, directory).wish is None


def test_several_officers_are_asked_about_one_after_another() -> None:
    three = Question(UUID(int=4), "DSW", ("DK7", "DK8", "PS1"), "DSL3", several=True)
    invited = Person(questions=(three,))
    first = take_turn(Conversation(), "4", NOON, DIRECTORY, invited)
    assert (first.reply, first.facts.code, first.rated) == (Reply.ASK_ANSWER, "DK7", None), (
        "whom it meant is not clear"
    )
    second = take_turn(first.conversation, "4 ramah", NOON, DIRECTORY, invited)
    assert (second.rated, second.answers) == (Rated("DK7", 4, "DSL3", "ramah"), three)
    assert (second.reply, second.facts.code) == (Reply.NEXT_OFFICER, "DK8")
    two_left = replace(three, officers=("DK8", "PS1"))
    third = take_turn(second.conversation, "kurang baik", NOON, DIRECTORY, Person(questions=(two_left,)))
    assert third.rated == Rated("DK8", 2, "DSL3", None), "nothing said of one is carried over to another"
    assert (third.reply, third.facts.code) == (Reply.NEXT_OFFICER, "PS1")
    one_left = replace(three, officers=("PS1",))
    last = take_turn(third.conversation, "3", NOON, DIRECTORY, Person(questions=(one_left,)))
    assert last.rated == Rated("PS1", 3, None, None), "who serves elsewhere was not at that counter"
    assert (last.reply, last.answers) == (Reply.THANKS, one_left)


def test_a_family_says_whom_an_answer_means_and_each_is_rated_where_they_were_asked_about() -> None:
    which = take_turn(Conversation(), "4", NOON, DIRECTORY, FAMILY)
    assert [one.code for one in which.facts.officers] == ["DK7", "PS1"]
    lone = take_turn(which.conversation, "2", NOON, DIRECTORY, FAMILY)
    assert (lone.reply, lone.rated) == (Reply.WHICH_ASKED, None), "it may be meant as a place in the list"
    chosen = take_turn(lone.conversation, "ps1", NOON, DIRECTORY, FAMILY)
    assert (chosen.reply, chosen.rated) == (Reply.THANKS, Rated("PS1", 4, "PSL1", None))
    assert chosen.answers == OTHER_VISIT, "the other's question stays open, and is not asked of whoever wrote this"
    other = take_turn(chosen.conversation, "3", NOON, DIRECTORY, Person(questions=(VISIT,), has_answered=True))
    assert (other.rated, other.answers) == (Rated("DK7", 3, "DSL3", None), VISIT)


def test_of_two_visits_to_one_officer_an_answer_means_the_latest() -> None:
    earlier = replace(VISIT, invitation=UUID(int=5), counter=None)
    turn = take_turn(Conversation(), "4", NOON, DIRECTORY, Person(questions=(VISIT, earlier)))
    assert (turn.rated, turn.answers) == (Rated("DK7", 4, "DSL3", None), VISIT)


def test_who_names_whom_they_were_asked_about_answers_the_question() -> None:
    turn = take_turn(Conversation(), "DK7 4", NOON, DIRECTORY, Person(questions=(VISIT,)))
    assert (turn.rated, turn.answers) == (Rated("DK7", 4, "DSL3", None), VISIT)


def test_who_was_rated_by_link_meanwhile_is_not_rated_again() -> None:
    asked = take_turn(Conversation(), "halo", NOON, DIRECTORY, Person(questions=(TWO,)))
    assert asked.facts.code == "DK7"
    turn = take_turn(asked.conversation, "4", NOON, DIRECTORY, Person(questions=(ONE_LEFT,)))
    assert (turn.reply, turn.facts.code, turn.rated) == (Reply.ASK_ANSWER, "PS1", None)


def test_with_the_database_away_a_question_that_was_begun_is_answered() -> None:
    asked = take_turn(Conversation(), "halo", NOON, DIRECTORY, Person(questions=(VISIT,)))
    turn = take_turn(asked.conversation, "4", NOON, DIRECTORY, Person(is_known=False))
    assert (turn.rated, turn.answers) == (Rated("DK7", 4, "DSL3", None), VISIT)


def test_whom_one_was_asked_about_does_not_keep_one_from_rating_another() -> None:
    turn = take_turn(Conversation(), "PS1 2", NOON, DIRECTORY, Person(questions=(VISIT,)))
    assert (turn.reply, turn.rated) == (Reply.THANKS, Rated("PS1", 2, None, None))
    assert turn.answers is None


def test_an_invitation_is_answered_in_its_language() -> None:
    turn = take_turn(Conversation(), "4", NOON, DIRECTORY, Person(questions=(VISIT,), language="en"))
    assert turn.language == "en"
    assert take_turn(turn.conversation, "bahasa indonesia", NOON, DIRECTORY, Person(language="en")).language == "id"
