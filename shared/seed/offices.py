"""The demo's offices and their people, all invented."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """An office of the demo with its counters, services and people (invented)."""

    region: tuple[str, str]
    code: str
    name: str
    kind: str
    timezone: str
    population: int | None
    counters: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, str], ...]
    officers: tuple[tuple[str, str, str, float], ...]
    """code, name, usual counter, and how good the answers about them tend to be (mean of 1-4)"""


SAWAHLUNTO, TIDORE, AMBON = ("SWL", "Kota Sawahlunto"), ("TDR", "Kota Tidore Kepulauan"), ("AMB", "Kota Ambon")
OFFICES: Final = (
    DemoOffice(
        SAWAHLUNTO, "DSW", "Disdukcapil Kota Sawahlunto", "dukcapil", "Asia/Jakarta", 9200,
        (("DSL1", "Loket 1"), ("DSL2", "Loket 2"), ("DSL3", "Loket 3")),
        (("KTP", "KTP elektronik"), ("KK", "Kartu keluarga"), ("AKTA", "Akta kelahiran")),
        (
            ("DK1", "Rahmadani Putri, S.Sos.", "DSL1", 3.45),
            ("DK2", "Yulia Marlina", "DSL2", 3.2),
            ("DK3", "Hendra Saputra, A.Md.", "DSL3", 3.55),
            ("DK4", "Fitri Handayani, S.Kom.", "DSL1", 3.3),
            ("DK5", "Zulkifli", "DSL2", 2.95),
        ),
    ),
    DemoOffice(
        TIDORE, "PSF", "Puskesmas Sofifi", "puskesmas", "Asia/Jayapura", 14300,
        (("PSL1", "Pendaftaran"), ("PSL2", "Ruang KIA")),
        (("UMUM", "Pelayanan umum"), ("KIA", "Kesehatan ibu dan anak")),
        (
            ("PS1", "Nurhayati Umar, S.Tr.Keb.", "PSL2", 3.6),
            ("PS2", "Abdullah Sangaji", "PSL1", 3.1),
            ("PS3", "Sartika Hamid, A.Md.Kep.", "PSL1", 3.35),
            ("PS4", "Iksan Albaar", "PSL2", 3.25),
        ),
    ),
    DemoOffice(
        AMBON, "SDA", "SD Negeri Contoh Ambon", "school", "Asia/Jayapura", 420,
        (("SDR1", "Ruang guru"), ("SDR2", "Tata usaha")),
        (("RAPOR", "Pembagian rapor"), ("SURAT", "Surat keterangan")),
        (
            ("SD1", "Maria Latuheru, S.Pd.", "SDR1", 3.5),
            ("SD2", "Yosef Pattinama, S.Pd.", "SDR1", 3.3),
            ("SD3", "Grace Salampessy", "SDR2", 3.4),
        ),
    ),
    DemoOffice(
        SAWAHLUNTO, "CAM", "Kantor Camat Contoh", "other", "Asia/Jakarta", None, (("CAM1", "Meja pelayanan"),), (), ()
    ),
)  # fmt: skip
EMPTY_OFFICE: Final = "CAM"
