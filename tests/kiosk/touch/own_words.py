"""An office that has more to say than the cast's: slides, hours, a sentence, questions of its own, a link."""

from typing import Any, Final

LINK: Final[dict[str, Any]] = {
    "address": "https://suara.contoh.go.id/r/DSL3",
    "picture": {"size": 21, "path": "M0 0h7v7h-7z"},
}
ONE_TIME: Final[dict[str, Any]] = {
    "address": "https://sekali.contoh.go.id/r/x",
    "picture": {"size": 25, "path": "M1 1h7v7h-7z"},
}
CHANGED: Final = "Sejak Oktober loket buka sampai pukul 16.00."
WEEKDAYS_ONLY: Final = [[["08:00", "11:30"]]] * 5 + [[], []]


def in_both(indonesian: str, english: str) -> dict[str, str]:
    return {"id": indonesian, "en": english}


def slide(title: str, picture: str | None = None) -> dict[str, Any]:
    return {"title": in_both(title, title), "text": in_both("Bawa KTP.", "Bring your card."), "picture": picture}


SCREEN: Final[dict[str, Any]] = {
    "sentence": in_both("Selamat datang di Sawahlunto.", "Welcome to Sawahlunto."),
    "changed": in_both(CHANGED, "Since October the counters stay open until 16:00."),
    "slides": [slide("Akta kelahiran"), slide("Jam layanan", "/static/touch/icon.svg")],
}
ROOM: Final = {
    "code": "RUANG",
    "question": "Bagaimana ruang tunggu kami?",
    "answers": ["Sempit", "Cukup", "Luas", "Lega"],
}
EXTRAS: Final = {"id": [ROOM], "en": [ROOM]}
LONGEST: Final[dict[str, Any]] = {
    "counter": {"code": "DSL3", "name": f"Loket 3 untuk {'Perekaman Kartu Identitas Anak dan ' * 3}"[:120]},
    "screen": SCREEN
    | {"slides": [{"title": in_both("Kartu " * 10, ""), "text": in_both("Bawa KTP. " * 20, ""), "picture": None}]},
}
"""What the forms for an office and its slides take at most."""
EVERYTHING: Final[dict[str, Any]] = {"screen": SCREEN, "link": LINK, "press_interval": 10, "extra_elements": EXTRAS}
