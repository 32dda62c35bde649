"""Files to hand in: a drawn photo, a table of officers with mistakes, a table of many ratings."""

import io
from typing import Final

from PIL import Image, ImageDraw

SEA, SKIN, PAPER = "#0b5c7a", "#c99a6b", "#e3dccf"
MANY: Final = 4000
MONTHS: Final = {"id": "07", "en": "08"}
"""The same ratings brought in again would be known already."""


def portrait() -> bytes:
    """Draw somebody who does not exist."""
    picture = Image.new("RGB", (600, 800), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((60, 520, 540, 1100), fill=SEA)
    pen.ellipse((180, 140, 420, 460), fill="#1f2937")
    pen.ellipse((205, 190, 395, 450), fill=SKIN)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def officers_table(mark: str) -> bytes:
    """Write officers of the demo's first office: three new ones, and three rows that cannot go in."""
    rows = [
        "kode;nama;nip;golongan",
        f"BR1{mark};dr. Nur'aini Sa'diyah, M.Kes.;;III/b",
        f"BR2{mark};Budiman;;II/c",
        f"BR3{mark};Ni Luh Sari, S.E.;;III/a",
        f"BR4{mark};;;III/a",
        "TANPA SPASI;Sri Wahyuni;;II/d",
        f"BR5{mark};Yusuf Rahman;12345;III/a",
    ]
    return "\n".join(rows).encode()


def ratings_table(mark: str) -> bytes:
    """Write ratings of one officer, so many that bringing them in takes a while; one is of a day that is none."""
    month = MONTHS[mark]
    rows = [f"{1 + number % 28:02}/{month}/2026;DK1;{4 - number % 3}" for number in range(MANY)]
    return "\n".join(["tanggal;petugas;nilai", *rows, "31/06/2026;DK1;4"]).encode()
