"""The desk cards as PDF, laid out by typst. Names travel as data, so that nothing in them is ever read as layout."""

import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from shared.cards.deck import Card
from shared.domain.phones import normal_phone
from shared.i18n import LANGUAGES, Language, mark, translate
from shared.links import place_address
from shared.qr import qr_drawing
from shared.wording import overall_words

LAYOUT: Final = Path(__file__).parent / "cards.typ"
WORDS: Final = {
    "headline": mark("How was our service?"),
    "code": mark("Code"),
    "send": mark("Send an SMS or WhatsApp message to {number}:"),
    "command": mark("RATE {code} 1-4"),
    "screen": mark("Please rate us on the screen at the counter."),
    "scan": mark("or scan this"),
    "rate": mark("Rate us on your own phone: scan this."),
    "or_rate": mark("or scan this to rate us on your phone"),
    "promise": mark("No name. The officer cannot see who rated."),
}


def printed(cards: Sequence[Card], number: str | None, root: str | None = None) -> bytes:
    """Return the cards as a PDF, four on a page.

    With a number, each says how to rate by message; with the address of this installation, the square on a counter's
    card opens its link.
    """
    import typst  # only who prints pays for it: 30 MB of a process that never does

    pdf: bytes = typst.compile(
        LAYOUT, format="pdf", sys_inputs=layout_data(cards, number, root), pdf_standards="ua-1"
    )
    return pdf


def layout_data(cards: Sequence[Card], number: str | None, root: str | None = None) -> dict[str, str]:
    """Return what the layout is given: one JSON text."""
    told = {
        "words": {language: _words(language, number) for language in LANGUAGES},
        "answers": {language: _answers(language) for language in LANGUAGES},
        "by_message": bool(number),
        "cards": [_told(card, number, root) for card in cards],
    }
    return {"deck": json.dumps(told)}


def _words(language: Language, number: str | None) -> dict[str, str]:
    facts = {"number": _readable(number) if number else "", "code": "{code}"}
    return {name: translate(text, language, **facts) for name, text in WORDS.items()}


def _answers(language: Language) -> list[dict[str, Any]]:
    return [{"answer": answer, "word": word} for answer, word in reversed(overall_words(language).items())]


def _told(card: Card, number: str | None, root: str | None) -> dict[str, Any]:
    link = place_address(root, card.code) if root and card.of_counter else None
    scanned = link or (_message_link(number, card.code) if number else None)
    return {
        "code": card.code,
        "name": card.name,
        "office": card.office,
        "of_counter": card.of_counter,
        "initials": card.initials,
        "photo": _as_drawing(card.photo) if card.photo else None,
        "opens_link": link is not None,
        "qr": qr_drawing(scanned, border=0) if scanned else None,
    }


def _as_drawing(photo: bytes) -> str:
    """Wrap a photo into SVG: typst is given text, and bytes only by way of a file."""
    address = f"data:image/jpeg;base64,{b64encode(photo).decode()}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480">'
        f'<image href="{address}" width="480" height="480"/></svg>'
    )


def _message_link(number: str, code: str) -> str:
    return f"sms:{normal_phone(number) or number}?body={quote(f'NILAI {code} ')}"


def _readable(number: str) -> str:
    """Write a number as people dial it: 0812-3456-7890 within Indonesia, with its + from elsewhere."""
    known = normal_phone(number) or number
    if not known.startswith("+62"):
        return known
    national = f"0{known.removeprefix('+62')}"
    return "-".join(part for part in (national[:4], national[4:8], national[8:]) if part)
