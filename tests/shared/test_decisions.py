"""What a decision changes: what was decided, and nothing more, so that no two looks subtract to fewer than five."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlmodel import col, select

from shared import beside, closing, privacy, reviews, standings
from shared.db.audit import Actor
from shared.db.engine import reading, writing
from shared.db.people_tables import PostingRow
from shared.db.ratings import record
from shared.db.review_tables import ReviewRow
from shared.domain.m1 import Status
from shared.domain.ratings import Rating, Reason
from shared.domain.reviews import Days, Ground, ObjectionFacts, Outcome
from shared.domain.scoring import RevisionReason, Tally
from shared.domain.screening import SetAside
from shared.domain.skm import Element
from shared.reviews import NoSuchComment, ObjectsAlready, OwnObjection, ProposedMeanwhile, TooFew
from shared.services import Services
from shared.signs import look_for_signs
from tests.cast import ASHA, BILAL, COUNTER
from tests.factories import SettableClock, a_message, a_rating
from tests.shared.reviewing import (
    BURST,
    CHITRA,
    DIAN,
    OCTOBER,
    SET_ASIDE,
    SIXTH,
    STANDS,
    a_burst,
    all_reviews,
    close,
    give,
    rate_in_october,
    revisions,
    say,
    settled,
    the_review,
)

THE_31ST = (date(2026, 10, 31), date(2026, 10, 31))
ON_THE_31ST = datetime(2026, 10, 31, 3, tzinfo=UTC)
OBJECTOR = Actor("asha", "officer")


@pytest.fixture(autouse=True)
def _october(services: Services, clock: SettableClock) -> None:
    rate_in_october(services, clock)


def record_all(services: Services, *ratings: Rating) -> None:
    with writing(services.engine) as session:
        record(list(ratings), session, services.clock())
    standings.refresh(services)


def close_on_the_sixth(services: Services, clock: SettableClock) -> None:
    clock.moment = SIXTH
    close(services)


def objects(services: Services, days: Days | None = None, comment: str | None = None) -> None:
    officer = services.directory.current().officers[ASHA]
    first, last = days or (None, None)
    facts = ObjectionFacts(words="Saya dinas luar.", first_day=first, last_day=last, comment=comment)
    reviews.object_to(officer, OCTOBER, facts, OBJECTOR, services)


def decided_by_two(services: Services, outcome: Outcome, days: Days | None = None) -> None:
    for person in (CHITRA, DIAN):
        say(services, outcome, person, days)


def dismiss_all(services: Services) -> None:
    for review in all_reviews(services):
        if review.open:
            say(services, STANDS, CHITRA, review=review)


class TestARevisionByADecision:
    def test_takes_no_change_of_the_roster_along(self, services: Services, clock: SettableClock) -> None:
        give(services, [4] * 50, a_burst())
        record_all(services, a_rating(overall=2, given_at=ON_THE_31ST, accepted_at=ON_THE_31ST))
        look_for_signs(services)
        close_on_the_sixth(services, clock)
        with writing(services.engine) as session:  # now nobody but Bilal was on duty then
            session.add(
                PostingRow(
                    officer_code=BILAL,
                    counter_code=COUNTER,
                    starts_at=ON_THE_31ST - timedelta(hours=2),
                    ends_at=ON_THE_31ST - timedelta(hours=1),
                )  # fmt: skip
            )
        standings.screen_anew(services)
        dismiss_all(services)
        assert settled(services) == 1
        first, last = revisions(services)
        assert last.tally == first.tally
        assert last.set_aside == first.set_aside
        assert last.result.score.status is Status.FINAL

    def test_lets_no_older_rating_of_the_same_person_return(self, services: Services, clock: SettableClock) -> None:
        keys = [f"{number:032d}" for number in range(5)]
        record_all(
            services,
            *(a_message(overall=4, given_at=ON_THE_31ST, rater_key=key) for key in keys),
            a_message(overall=1, given_at=ON_THE_31ST - timedelta(days=1), rater_key=keys[0]),
        )
        close_on_the_sixth(services, clock)
        objects(services, THE_31ST)
        decided_by_two(services, SET_ASIDE, THE_31ST)
        assert settled(services) == 1
        first, last = revisions(services)
        assert first.tally.counts == tuple(map(sum, zip(last.tally.counts, (0, 0, 0, 5), strict=True)))
        assert last.set_aside == {SetAside.SUPERSEDED: 1, SetAside.WITHDRAWN: 5}
        assert last.left_out == Tally(ones=1, fours=5)

    def test_needs_five_in_the_score_however_many_came_late(self, services: Services, clock: SettableClock) -> None:
        record_all(services, *(a_message(given_at=ON_THE_31ST) for _ in range(2)))
        close_on_the_sixth(services, clock)
        clock.advance(days=1)
        record_all(services, *(a_message(given_at=ON_THE_31ST) for _ in range(3)))
        objects(services, THE_31ST)
        with pytest.raises(TooFew):
            say(services, SET_ASIDE, CHITRA, THE_31ST)

    def test_is_made_after_a_restatement_that_few_late_ratings_have_put_off(
        self, services: Services, clock: SettableClock
    ) -> None:
        give(services, [4] * 50, a_burst())
        look_for_signs(services)
        close_on_the_sixth(services, clock)
        clock.advance(days=2)
        record_all(services, *(a_message(overall=1, given_at=ON_THE_31ST) for _ in range(2)))
        dismiss_all(services)
        clock.moment = SIXTH + timedelta(days=14)
        due = closing.steps(services)
        standings.screen_anew(services)
        for step in due:
            closing.take(step, services)
        assert len(revisions(services)) == 1, "of two late ratings none is made"
        assert settled(services) == 1
        first, last = revisions(services)
        assert (last.tally, last.result.score.status) == (first.tally, Status.FINAL)

    def test_is_not_made_by_a_rejected_objection_whatever_was_decided_of_colleagues(
        self, services: Services, clock: SettableClock
    ) -> None:
        give(services, [4] * 50, a_burst(), officer=BILAL)
        look_for_signs(services)
        close_on_the_sixth(services, clock)
        objects(services)
        of_bilal = next(one for one in all_reviews(services) if one.ground is Ground.BURST)
        say(services, SET_ASIDE, CHITRA, review=of_bilal)
        of_bilal = next(one for one in all_reviews(services) if one.id == of_bilal.id)
        say(services, SET_ASIDE, DIAN, review=of_bilal)
        for review in all_reviews(services):
            if review.open and review.ground is not Ground.OBJECTION:
                say(services, STANDS, CHITRA, review=review)
        decided_by_two(services, STANDS)
        settled(services)
        assert [one.reason for one in revisions(services)] == [RevisionReason.CLOSING]
        assert revisions(services, BILAL)[-1].reason is RevisionReason.REVIEW


class TestWhoDecides:
    def test_never_whoever_objects_even_as_a_leader_meanwhile(self, services: Services, clock: SettableClock) -> None:
        close_on_the_sixth(services, clock)
        objects(services)
        with pytest.raises(OwnObjection):
            say(services, SET_ASIDE, Actor(OBJECTOR.name, "supervisor"))

    def test_nobody_who_read_of_other_ratings(self, services: Services) -> None:
        give(services, [4] * 50, a_burst())
        look_for_signs(services)
        read = next(one for one in all_reviews(services) if one.ground is Ground.BURST)
        give(services, [4] * 20, [a_burst()[-1] + timedelta(seconds=11 * number) for number in range(1, 21)])
        look_for_signs(services)
        with pytest.raises(ProposedMeanwhile):
            say(services, SET_ASIDE, CHITRA, review=read)

    def test_an_objection_sent_twice_at_once_is_one(self, services: Services, clock: SettableClock) -> None:
        close_on_the_sixth(services, clock)
        outcomes: list[str] = []

        def send() -> None:
            try:
                objects(services)
            except ObjectsAlready:
                outcomes.append("already")
            else:
                outcomes.append("filed")

        several = [Thread(target=send) for _ in range(4)]
        for thread in several:
            thread.start()
        for thread in several:
            thread.join()
        assert sorted(outcomes) == ["already", "already", "already", "filed"]

    @pytest.mark.parametrize("words", ["", "  \n ", "\u200b\u202e\u2060"])
    def test_nobody_without_words(self, words: str) -> None:
        with pytest.raises(ValueError, match="too_short"):
            ObjectionFacts(words=words)


class TestAComment:
    RUDE = "Petugasnya kayak keledai, telepon saja 0812 3456 7890"

    @pytest.fixture(autouse=True)
    def _written(self, services: Services, clock: SettableClock) -> None:
        record_all(services, a_rating(comment=self.RUDE, given_at=ON_THE_31ST, accepted_at=ON_THE_31ST, picked=True))
        close_on_the_sixth(services, clock)

    def comments(self, services: Services) -> list[str]:
        with writing(services.engine) as session:
            said = beside.said_beside(session, revisions(services), services)
        return privacy.shown_comments((one.text for one in said.comments), 90)

    def reference(self, services: Services) -> str:
        (told,) = self.comments(services)
        return privacy.comment_reference(told)

    def test_is_withheld_by_two_and_the_score_stays(self, services: Services) -> None:
        objects(services, comment=self.reference(services))
        assert the_review(services).about_comment
        decided_by_two(services, SET_ASIDE)
        assert self.comments(services) == []
        assert settled(services) == 0
        assert len(revisions(services)) == 1

    def test_stays_when_two_have_rejected_it(self, services: Services) -> None:
        objects(services, comment=self.reference(services))
        decided_by_two(services, STANDS)
        assert self.comments(services) == ["Petugasnya kayak keledai, telepon saja …"]

    def test_is_known_by_what_the_officer_reads_and_by_nothing_else(self, services: Services) -> None:
        for guessed in (self.RUDE, "x", privacy.comment_reference(self.RUDE)):
            with pytest.raises(NoSuchComment):
                objects(services, comment=guessed)
        with reading(services.engine) as session:
            assert session.scalars(select(col(ReviewRow.id))).all() == []


class TestWhatWasSaidBeside:
    @pytest.fixture(autouse=True)
    def _said(self, services: Services, clock: SettableClock) -> None:
        for number in range(11):
            moment = BURST + timedelta(minutes=20 * number)
            said = {"elements": {Element.KOMPETENSI: 1 if number == 0 else 4}, "reasons": (Reason.RAMAH,)}
            record_all(services, a_rating(given_at=moment, accepted_at=moment, picked=True, **said))
        close_on_the_sixth(services, clock)

    def said(self, services: Services) -> tuple[Tally, int]:
        with writing(services.engine) as session:
            found = beside.said_beside(session, revisions(services), services)
        return found.elements[Element.KOMPETENSI], found.reasons[Reason.RAMAH]

    def test_stays_as_it_was_first_read_until_a_revision(self, services: Services) -> None:
        assert self.said(services) == (Tally(ones=1, fours=10), 11)
        day = BURST.date()
        objects(services, (day, day))
        decided_by_two(services, SET_ASIDE, (day, day))
        assert self.said(services) == (Tally(ones=1, fours=10), 11), "decided, but there is no other score yet"
        assert settled(services) == 1
        assert self.said(services) == (Tally(), 0)

    def test_of_a_revision_moves_by_five_or_not_at_all(self, services: Services, clock: SettableClock) -> None:
        before = self.said(services)
        clock.advance(days=1)
        late = [a_message(given_at=BURST, overall=3) for _ in range(4)]
        late.append(a_rating(given_at=BURST + timedelta(hours=5), picked=True, elements={Element.KOMPETENSI: 2}))
        record_all(services, *late)
        clock.moment = SIXTH + timedelta(days=14)
        standings.screen_anew(services)
        close(services)
        assert len(revisions(services)) == 2
        assert self.said(services) == before
