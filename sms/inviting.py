"""Asking those who agreed to it: a due invitation becomes a message to be sent, is reminded of once, and ends.

Only between eight and eight on the clock of its office, and nobody more than once a day. The clock asks every few
seconds; done twice, or by two at a time, it is done once.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from cryptography.fernet import InvalidToken

from shared import invitations
from shared.db import asking
from shared.db.asking import Due, Words
from shared.db.directory_version import WritingSession
from shared.db.engine import writing
from shared.db.people import secret_hash
from shared.domain.asking import may_write, next_writing
from shared.domain.outreach import About, Purpose
from shared.domain.people import Office
from shared.domain.ratings import Channel
from shared.domain.visits import OLDEST_VISIT
from shared.links import invitation_address
from shared.logs import logger
from shared.phones import Phones
from shared.services import Services
from sms.inviting_words import asking_words, asking_words_with_reply
from sms.templates import filled

AT_ONCE: Final = 100
LASTS: Final = 20.0
"""Seconds after which a job leaves the rest to the next one."""
REST: Final = timedelta(hours=24)
"""Nobody is asked again so soon, however many visits they make."""
TO_ANSWER: Final = timedelta(hours=24)
"""Nobody is asked late who would have less time to answer."""
Lately = dict[bytes, datetime]
"""When people were last written to unasked."""
BY_WHATSAPP: Final = "twilio"
log = logger(__name__)


def ask_people(services: Services) -> dict[str, int]:
    """Ask and remind whoever is due, and end what is over; return how many of each."""
    asker = _Asker(services)
    with writing(services.engine) as session:
        asker.counts["expired"] = asking.expire(session, services.clock())
    ends = time.monotonic() + LASTS
    for step in (asker.ask_some, asker.remind_some):
        while step() == AT_ONCE and time.monotonic() < ends:
            pass
    return +asker.counts


class _Asker:
    """What one job needs to ask."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._settings = services.settings
        self._phones = Phones.of(services.settings)
        self.counts: Counter[str] = Counter()

    def ask_some(self) -> int:
        """Ask the next few, and return how many were due."""
        return self._take(asking.to_ask, self._ask)

    def remind_some(self) -> int:
        """Remind the next few, and return how many were due."""
        return self._take(asking.to_remind, self._remind)

    def _take(self, due: Callable[..., list[Due]], step: Callable[..., None]) -> int:
        now, directory = self._services.clock(), self._services.directory.current()
        awake = [office.code for office in directory.offices.values() if may_write(now, office.timezone)]
        with writing(self._services.engine) as session:
            found = due(session, awake, now, AT_ONCE)
            people = [one.phone_hash for one in found]
            lately = asking.asked_since(session, people, now - REST)
            for one in found:
                office = directory.offices[one.office]
                if one.phone is None or not invitations.askable(one.office, one.officers, directory, now):
                    self._end(session, one)
                else:
                    step(session, one, office, now, lately)
        return len(found)

    def _ask(self, session: WritingSession, due: Due, office: Office, now: datetime, lately: Lately) -> None:
        asked_before = lately.get(due.phone_hash)
        if asked_before is not None:
            self._put_off(session, due, next_writing(asked_before + REST, office.timezone))
            return
        token, ends = invitations.new_token(), due.expires_at
        remind_at = next_writing(now + timedelta(hours=self._settings.remind_after_hours), office.timezone)
        sealed, in_time = self._phones.seal(token), remind_at if remind_at < ends else None
        asking.note_asked(session, due, secret_hash(token), sealed, in_time)
        words = self._words(Purpose.INVITATION, due, office, token)
        asking.put_message(session, due, Purpose.INVITATION, words, now, ends)
        lately[due.phone_hash] = now
        self.counts["asked"] += 1

    def _remind(self, session: WritingSession, due: Due, office: Office, now: datetime, _lately: object) -> None:
        try:
            token = self._phones.open(due.token or b"")
        except InvalidToken:
            log.warning("link not readable", invitation=str(due.id))
            self._end(session, due)
            return
        words = self._words(Purpose.REMINDER, due, office, token)
        asking.put_message(session, due, Purpose.REMINDER, words, now, due.expires_at)
        asking.note_reminded(session, due)
        self.counts["reminded"] += 1

    def _put_off(self, session: WritingSession, due: Due, until: datetime) -> None:
        told_at = due.served_at or due.created_at
        if until > min(told_at + OLDEST_VISIT, due.expires_at - TO_ANSWER):
            self._end(session, due)
            return
        asking.put_off(session, due, until)
        self.counts["put_off"] += 1

    def _end(self, session: WritingSession, due: Due) -> None:
        asking.end(session, due)
        self.counts["withdrawn"] += 1

    def _words(self, purpose: Purpose, due: Due, office: Office, token: str) -> Words:
        link = invitation_address(self._settings.web_address, token)
        template = self._template(purpose, due)
        if template is None:
            worded = asking_words_with_reply if self._settings.takes_replies else asking_words
            words = worded(purpose, due.about, due.language, office.name, link)
            return Words(self._phones.seal(words), Channel.SMS, self._settings.sms_by)
        day = f"{(due.served_at or due.created_at).astimezone(office.timezone):%d/%m/%Y}"
        words = asking_words(purpose, due.about, due.language, office.name, link)
        text = filled({"1": office.name, "2": day, "3": link}, words)
        return Words(self._phones.seal(text), Channel.WHATSAPP, BY_WHATSAPP, template)

    def _template(self, purpose: Purpose, due: Due) -> str | None:
        """Return the approved template by which this is asked; None where it goes by SMS."""
        ours = self._settings
        if not ours.twilio_whatsapp_number or due.about is not About.VISIT:
            return None
        if purpose is Purpose.INVITATION:
            return ours.twilio_invitation_en if due.language == "en" else ours.twilio_invitation_id
        return ours.twilio_reminder_en if due.language == "en" else ours.twilio_reminder_id
