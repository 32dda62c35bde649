"""What the trail calls the parts of an office's own element."""

from typing import Final

from shared.i18n import mark

FIELDS: Final[dict[str, str]] = {
    "position": mark("place"),
    "question": mark("question"),
    "answer_1": mark("answer 1"),
    "answer_2": mark("answer 2"),
    "answer_3": mark("answer 3"),
    "answer_4": mark("answer 4"),
    "name_en": mark("name in English"),
    "question_en": mark("question in English"),
    "answer_1_en": mark("answer 1 in English"),
    "answer_2_en": mark("answer 2 in English"),
    "answer_3_en": mark("answer 3 in English"),
    "answer_4_en": mark("answer 4 in English"),
    "ended_on": mark("asked no more from"),
}
