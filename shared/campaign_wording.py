"""What a campaign's state is called, and what is said of one that cannot be started or led on."""

from typing import Final

from shared.domain.campaigns import CampaignProblem, CampaignState
from shared.i18n import mark

STATES: Final[dict[CampaignState, str]] = {
    CampaignState.RUNNING: mark("asking"),
    CampaignState.PAUSED: mark("paused"),
    CampaignState.DONE: mark("over"),
    CampaignState.CANCELLED: mark("cancelled"),
}
PROBLEMS: Final[dict[CampaignProblem, str]] = {
    CampaignProblem.UNKNOWN_OFFICE: mark("We do not know the office “{office}”."),
    CampaignProblem.NO_GUARDIANS: mark(
        "{office} has no guardians yet. Bring them in first: suara import guardians FILE --office CODE"
    ),
    CampaignProblem.NOT_NOW: mark("Guardians are asked in the month or semester itself, where their answers count."),
    CampaignProblem.ASKED_ALREADY: mark(
        "The guardians of {office} are asked in this month already; they agreed to once a month."
    ),
    CampaignProblem.UNKNOWN: mark("There is no such campaign; see `suara campaign list`."),
    CampaignProblem.OVER: mark("This campaign is over."),
}
