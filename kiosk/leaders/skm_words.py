"""The words in which the survey of an office is told: grades, traits of respondents, the groups they are in."""

from typing import Final

from kiosk.localisation import _, month_name
from kiosk.officer.closed import CHANNELS
from shared.db.survey import NOT_SAID
from shared.domain.periods import Period
from shared.domain.ratings import AgeBand, Education, Occupation, Sex
from shared.domain.skm import Grade
from shared.i18n import mark
from shared.wording import OVERALL

GRADES: Final = {Grade.A: OVERALL[4], Grade.B: OVERALL[3], Grade.C: OVERALL[2], Grade.D: OVERALL[1]}
"""The grades go by the same words as the four answers."""
TRAIT_NAMES: Final = {
    "sex": mark("Sex"),
    "age_band": mark("Age"),
    "education": mark("Education"),
    "occupation": mark("Occupation"),
    "channel": mark("Way"),
}
GROUPS: Final[dict[str, dict[str, str]]] = {
    "sex": {Sex.FEMALE: mark("Women"), Sex.MALE: mark("Men")},
    "age_band": {
        AgeBand.UNDER_18: mark("below 18"),
        AgeBand.FROM_18: mark("18 to 29"),
        AgeBand.FROM_30: mark("30 to 39"),
        AgeBand.FROM_40: mark("40 to 49"),
        AgeBand.FROM_50: mark("50 to 59"),
        AgeBand.FROM_60: mark("60 and above"),
    },
    "education": {
        Education.SD: mark("Primary school"),
        Education.SMP: mark("Junior high school"),
        Education.SMA: mark("Senior high school"),
        Education.DIPLOMA: mark("Diploma (D1–D3)"),
        Education.S1: mark("Bachelor (S1, D4)"),
        Education.S2: mark("Master (S2)"),
        Education.S3: mark("Doctor (S3)"),
    },
    "occupation": {
        Occupation.PNS: mark("Civil servant"),
        Occupation.TNI: mark("Armed forces"),
        Occupation.POLRI: mark("Police"),
        Occupation.SWASTA: mark("Private employee"),
        Occupation.WIRAUSAHA: mark("Self-employed"),
        Occupation.PELAJAR: mark("Pupil or student"),
        Occupation.LAINNYA: mark("Other occupation"),
    },
    "channel": {channel.value: name for channel, name in CHANNELS.items()},
}


def groups_of(trait: str) -> list[tuple[str, str]]:
    """Return the groups of a trait with their names, in the order of the survey's form."""
    named = [(str(group), _(name)) for group, name in GROUPS[trait].items()]
    return named if trait == "channel" else [*named, (NOT_SAID, _("Not said"))]


def period_name(period: Period) -> str:
    """Write a period: "Oktober 2026", or "Januari sampai Oktober 2026"."""
    last = month_name(period.last)
    if period.length == 1:
        return last
    first = month_name(period.first)
    same_year = period.first.year == period.last.year
    return _("{first} to {last}", first=first.rpartition(" ")[0] if same_year else first, last=last)
