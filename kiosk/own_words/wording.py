"""What the fields of an office's own words are called: on the form, and in the trail."""

from typing import Final

from shared.i18n import mark

LABELS: Final[dict[str, str]] = {
    "sentence": mark("Sentence on the start screen"),
    "sentence_en": mark("The same sentence in English"),
    "changed_text": mark("What changed because of the ratings"),
    "changed_text_en": mark("What changed, in English"),
    "changed_on": mark("Since which day"),
    "title": mark("Title"),
    "title_en": mark("Title in English"),
    "text": mark("Text"),
    "text_en": mark("Text in English"),
}
FIELDS: Final[dict[str, str]] = {
    "sentence": mark("sentence"),
    "sentence_en": mark("sentence in English"),
    "changed_text": mark("what changed"),
    "changed_text_en": mark("what changed in English"),
    "changed_on": mark("since"),
    "title": mark("title"),
    "title_en": mark("title in English"),
    "text": mark("text"),
    "text_en": mark("text in English"),
    "place": mark("place"),
    "picture": mark("picture"),
}
