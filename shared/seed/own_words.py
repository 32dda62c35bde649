"""What the demo's first office says on its own kiosks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlmodel import SQLModel

from shared.db.own_words_tables import OwnWordsRow, SlideRow
from shared.domain.zones import zone
from shared.seed.offices import DemoOffice

SENTENCE: Final = ("Loket 3 buka juga saat jam istirahat.", "Counter 3 is open during the lunch break too.")
CHANGED: Final = (
    "Banyak yang menilai antrean terlalu lama, jadi pengambilan KTP sekarang punya loket sendiri: Loket 2.",
    "Many found the queue too long, so collecting ID cards now has a counter of its own: Counter 2.",
)
SLIDES: Final = (
    (
        ("Cukup bawa kartu keluarga", "Your family card is enough"),
        (
            "Untuk mengurus KTP elektronik, bawa fotokopi kartu keluarga. Surat pengantar RT tidak diperlukan lagi.",
            "For an electronic ID card bring a copy of your family card. A letter from your RT is no longer needed.",
        ),
    ),
    (
        ("Semua layanan di sini gratis", "Every service here is free"),
        (
            "KTP, kartu keluarga, dan akta diurus tanpa biaya. Bila ada yang meminta uang, sampaikan di layar ini.",
            "ID cards, family cards and certificates cost nothing. If anybody asks you for money, tell us on this"
            " screen.",
        ),
    ),
)


def own_words_of(office: DemoOffice, now: datetime) -> Iterator[SQLModel]:
    """Yield what this office says, as of the first day of this month."""
    since = now.astimezone(zone(office.timezone)).date().replace(day=1)
    said = zip(("sentence", "sentence_en", "changed_text", "changed_text_en"), (*SENTENCE, *CHANGED), strict=True)
    yield OwnWordsRow(office_code=office.code, changed_on=since, **dict(said))
    for place, ((title, title_en), (text, text_en)) in enumerate(SLIDES, 1):
        yield SlideRow(
            office_code=office.code, place=place, title=title, title_en=title_en, text=text, text_en=text_en
        )
