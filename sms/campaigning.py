"""Taking campaigns further: some guardians at a time become invitations, which are then asked like any other.

One batch is one transaction, with how far the campaign has come: killed in the middle, it is done again as a whole,
and a batch done twice is done once, since an invitation's id is that of its campaign and its person. What is written
is never far ahead of what is sent, so that a pause is felt soon and a daily limit lets no question grow old.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from datetime import time as hour
from typing import Final
from uuid import UUID

from shared import invitations
from shared.db import campaigns
from shared.db import invitations as stored
from shared.db.campaigns import Running
from shared.db.directory_version import WritingSession
from shared.db.engine import writing
from shared.db.guardians import Guardian, count_after, guardians_known, people_after
from shared.db.invitations import Agreed, NewInvitation, Person
from shared.domain.account_facts import OPERATOR
from shared.domain.asking import may_write
from shared.domain.outreach import ConsentSource
from shared.domain.people import Office
from shared.phones import Phones
from shared.services import Services

BATCH: Final = 100
"""Written in one transaction, during which nobody else writes to SQLite."""
AHEAD: Final = 500
"""While so many questions of a campaign wait to be sent, no more are written."""
LASTS: Final = 20.0
"""Seconds after which a job leaves the rest to the next one."""


def ask_guardians(services: Services) -> dict[str, int]:
    """Let the turn of the next guardians come in every running campaign whose office is awake; return how many.

    A campaign ends with its period: later, its guardians may be in the next one, and their answers would count there.
    """
    taken, ends = 0, time.monotonic() + LASTS
    now, offices = services.clock(), services.directory.current().offices
    with writing(services.engine) as session:
        campaigns.end_past(session, {one.code: now.astimezone(one.timezone).date() for one in offices.values()})
    while time.monotonic() < ends:
        some = _take_some(services)
        if some is None:
            break
        taken += some
    return {"guardians": taken} if taken else {}


def _take_some(services: Services) -> int | None:
    """Take one campaign further by a batch, and return of how many guardians; None when there is none to take."""
    now, offices = services.clock(), services.directory.current().offices
    awake = [office.code for office in offices.values() if may_write(now, office.timezone)]
    with writing(services.engine) as session:
        campaign = campaigns.next_running(session, awake, AHEAD)
        if campaign is None:
            return None
        people = people_after(session, campaign.office, campaign.reached, BATCH)
        writer = _Writer(campaign, offices[campaign.office], now, services)
        writer.write(session, people)
        left = count_after(session, campaign.office, people[-1]) if people else 0
        campaigns.note_progress(session, campaign.id, people, left)
    return len(people)


class _Writer:
    """Writes the invitations of one campaign down."""

    def __init__(self, campaign: Running, office: Office, now: datetime, services: Services) -> None:
        self._campaign, self._office, self._now = campaign, office, now
        self._directory = services.directory.current()
        self._phones = Phones.of(services.settings)
        self._ends = now + timedelta(days=services.settings.invitation_days)

    def write(self, session: WritingSession, people: Sequence[bytes]) -> None:
        """Write one invitation for each of these guardians, about all who teach a child of theirs."""
        known = guardians_known(session, self._office.code, people)
        written = []
        for person in people:
            number = self._invite(session, person, [one for key, one in known.items() if key[0] == person])
            if number is not None:
                written.append(number)
        campaigns.note_written(session, self._campaign.id, written)

    def _invite(self, session: WritingSession, person: bytes, classes: Sequence[Guardian]) -> UUID | None:
        teachers = sorted({officer for one in classes for officer in one.facts.officers})
        officers = invitations.askable(self._office.code, teachers, self._directory, self._now)
        if not officers:
            return None
        latest = max(classes, key=lambda one: (one.facts.agreed_on, one.class_name))
        phone = next((one.phone for one in classes if one.phone is not None), None)
        agreed_at = datetime.combine(latest.facts.agreed_on, hour(), self._office.timezone)
        new = NewInvitation(self._id_of(person), self._office.code, officers, self._now, self._ends)
        stored.add_invitation(
            session,
            new,
            Person(person, phone, latest.shown, latest.facts.language),
            Agreed(latest.wording, ConsentSource.ROSTER, OPERATOR, agreed_at),
            self._now,
        )
        return new.id

    def _id_of(self, person: bytes) -> UUID:
        # By the installation's key: a month later nothing in the database leads from a guardian to their invitation.
        return UUID(bytes=self._phones.hash(f"campaign {self._campaign.id} {person.hex()}")[:16])
