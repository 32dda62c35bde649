"""Files to hand in: a drawn photo, a table of officers with mistakes, of many ratings, of a week's postings."""

import io
from datetime import date, timedelta
from typing import Final

from PIL import Image, ImageDraw

from shared.domain.months import Month

SEA, SKIN, PAPER = "#0b5c7a", "#c99a6b", "#e3dccf"
MANY: Final = 4000
CODES: Final = {"id": "BR", "en": "BS"}
MONTHS: Final = {"id": "07", "en": "08"}
"""The same officers and ratings brought in again would be known already."""
WORKDAYS: Final = 5


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


def counter() -> bytes:
    """Draw a counter with its sign, wide as a screen."""
    picture = Image.new("RGB", (1600, 900), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 600, 1600, 900), fill=SEA)
    pen.rectangle((560, 120, 1040, 320), fill="#fbf7f0", outline="#1f2937", width=8)
    pen.ellipse((760, 170, 840, 250), fill=SEA)
    pen.ellipse((700, 380, 900, 580), fill=SKIN)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def officers_table(language: str) -> bytes:
    """Write officers of the demo's first office: three new ones, and three rows that cannot go in."""
    code = CODES[language]
    rows = [
        "kode;nama;nip;golongan",
        f"{code}1;dr. Nur'aini Sa'diyah, M.Kes.;;III/b",
        f"{code}2;Budiman;;II/c",
        f"{code}3;Ni Luh Sari, S.E.;;III/a",
        f"{code}4;;;III/a",
        "TANPA SPASI;Sri Wahyuni;;II/d",
        f"{code}5;Yusuf Rahman;12345;III/a",
    ]
    return "\n".join(rows).encode()


def ratings_table(language: str) -> bytes:
    """Write ratings of one officer, so many that bringing them in takes a while; one is of a day that is none."""
    month = MONTHS[language]
    rows = [f"{1 + number % 28:02}/{month}/2026;DK1;{4 - number % 3}" for number in range(MANY)]
    return "\n".join(["tanggal;petugas;nilai", *rows, "31/06/2026;DK1;4"]).encode()


def roster_table(monday: date) -> str:
    """Write a working week at the three counters of the demo's first office."""
    days = [monday + timedelta(days=number) for number in range(WORKDAYS)]
    posted = [("DK1", "DSL1"), ("DK2", "DSL2"), ("DK3", "DSL3")]
    rows = [f"{officer},{counter},{day},08:00,15:00" for day in days for officer, counter in posted]
    return "\n".join(["petugas,loket,tanggal,mulai,selesai", *rows])


def forms_table(year: int) -> str:
    """Write paper forms about an office, with what people told of themselves; a few are the only ones of a kind."""
    rows = ["tanggal;U1;U2;U3;U4;U5;U6;U7;U8;U9;jenis_kelamin;usia;pendidikan;pekerjaan"]
    schools, works = ("SD", "SMP", "SMA", "SMA", "D3", "S1", "S1"), ("PNS", "Swasta", "Wirausaha", "Lainnya")
    for number in range(300):
        day = f"{1 + number % 28:02}/{1 + number % 12:02}/{year}"
        answers = [str(4 - (number * unsur) % 7 // 3) for unsur in range(1, 10)]
        school = "S3" if number == 7 else schools[number % 7]
        rows.append(";".join([day, *answers, "PL"[number % 2], str(17 + number % 53), school, works[number % 4]]))
    return "\n".join(rows)


def fees_table(month: Month) -> str:
    """Write ratings of two officers by people who were asked for money, in that month and the one before."""
    rows = [
        f"{day:02}/{of.number:02}/{of.year};{officer};1;Diminta biaya di luar ketentuan"
        for of, officer, days in ((month, "DK1", 6), (month, "DK2", 2), (month.plus(-1), "DK2", 3))
        for day in range(1, 1 + days)
    ]
    return "\n".join(["tanggal;petugas;nilai;alasan", *rows])
