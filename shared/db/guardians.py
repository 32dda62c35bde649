"""Guardians: whose child is in which class, who teaches it, and that they agreed to be asked."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, tuple_
from sqlmodel import Session, col

from shared.db.campaign_tables import GuardianOfficerRow, GuardianRow
from shared.db.upsert import upserting
from shared.i18n import Language

GuardianKey = tuple[bytes, str]
"""(hash of the phone, class)"""


@dataclass(frozen=True, slots=True)
class GuardianFacts:
    """In which language a guardian is asked, when they agreed to it, and the codes of who teaches their child."""

    language: Language
    agreed_on: date
    officers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian of a class, with the number as it is kept for sending and as a screen may show it.

    `phone` is None of somebody who wants no messages.
    """

    phone_hash: bytes
    class_name: str
    phone: bytes | None
    shown: str
    wording: str
    facts: GuardianFacts

    @property
    def key(self) -> GuardianKey:
        """Return by what it is known within an office."""
        return self.phone_hash, self.class_name


def guardians_known(session: Session, office: str, people: Collection[bytes]) -> dict[GuardianKey, Guardian]:
    """Return what is known of these people as guardians at an office; until the session ends nobody forgets them."""
    row, theirs = GuardianRow, GuardianOfficerRow
    mine = (col(row.office_code) == office, col(row.phone_hash).in_(people))
    in_hand = select(row).where(*mine).order_by(col(row.phone_hash), col(row.class_name)).with_for_update()
    found = session.scalars(in_hand).all()
    officers: defaultdict[GuardianKey, set[str]] = defaultdict(set)
    for one in session.scalars(
        select(theirs).where(col(theirs.office_code) == office, col(theirs.phone_hash).in_(people))
    ):
        officers[one.phone_hash, one.class_name].add(one.officer_code)
    return {
        (one.phone_hash, one.class_name): Guardian(
            one.phone_hash,
            one.class_name,
            one.phone,
            one.phone_shown,
            one.wording,
            GuardianFacts(
                "en" if one.language == "en" else "id",
                one.agreed_on,
                frozenset(officers[one.phone_hash, one.class_name]),
            ),
        )
        for one in found
    }


def offices_of(session: Session, person: bytes) -> list[str]:
    """Return the offices in whose lists a person is, by code."""
    row = GuardianRow
    mine = select(col(row.office_code)).where(col(row.phone_hash) == person).distinct()
    return list(session.scalars(mine.order_by(col(row.office_code))))


def put_guardians(session: Session, office: str, guardians: Sequence[Guardian], now: datetime) -> None:
    """Store guardians of an office; one that is known there gets the new facts and teachers, and is known anew.

    A number that was kept stays where none is given.
    """
    if not guardians:
        return
    row = GuardianRow
    insert = upserting(session, row)
    told = ("phone_shown", "language", "wording", "agreed_on", "imported_at")
    changes = {name: insert.excluded[name] for name in told}
    changes["phone"] = func.coalesce(insert.excluded.phone, col(row.phone))
    key = ["office_code", "phone_hash", "class_name"]
    session.execute(
        insert.on_conflict_do_update(index_elements=key, set_=changes),
        [
            {
                "office_code": office,
                "phone_hash": one.phone_hash,
                "class_name": one.class_name,
                "phone": one.phone,
                "phone_shown": one.shown,
                "language": one.facts.language,
                "wording": one.wording,
                "agreed_on": one.facts.agreed_on,
                "imported_at": now,
            }
            for one in guardians
        ],
    )
    theirs = GuardianOfficerRow
    keys = tuple_(col(theirs.phone_hash), col(theirs.class_name)).in_([one.key for one in guardians])
    session.execute(delete(theirs).where(col(theirs.office_code) == office, keys))
    session.add_all(
        GuardianOfficerRow(
            office_code=office, phone_hash=one.phone_hash, class_name=one.class_name, officer_code=officer
        )
        for one in guardians
        for officer in sorted(one.facts.officers)
    )
    session.flush()


def forget_class(session: Session, office: str, class_name: str) -> int:
    """Forget who has a child in a class of an office, and return how many those were."""
    row = GuardianRow
    mine = (col(row.office_code) == office, col(row.class_name) == class_name)
    return cast(CursorResult[Any], session.execute(delete(row).where(*mine))).rowcount


def people_after(session: Session, office: str, reached: bytes | None, most: int) -> list[bytes]:
    """Return the next guardians of an office by the hashes of their phones, each once, in order."""
    row = GuardianRow
    query = select(col(row.phone_hash)).where(*_after(office, reached)).distinct()
    return list(session.scalars(query.order_by(col(row.phone_hash)).limit(most)))


def count_after(session: Session, office: str, reached: bytes | None) -> int:
    """Return how many guardians of an office come after this one; all of them after None."""
    row = GuardianRow
    return session.scalar(select(func.count(col(row.phone_hash).distinct())).where(*_after(office, reached))) or 0


def _after(office: str, reached: bytes | None) -> Iterable[Any]:
    row = GuardianRow
    return (col(row.office_code) == office, *([] if reached is None else [col(row.phone_hash) > reached]))
