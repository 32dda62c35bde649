"""Reviews: raised where presses look suspicious or an officer objects; setting aside takes two people."""

from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from threading import Thread

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from shared import closing, reviews, standings
from shared.db import reviews as stored
from shared.db.audit import Actor, AuditRow
from shared.db.engine import reading, writing
from shared.db.people_tables import PostingRow
from shared.db.ratings import record
from shared.db.review_effects import tell_of
from shared.domain.m1 import Status
from shared.domain.months import Month
from shared.domain.reviews import Ground, ObjectionFacts, Review, Word
from shared.domain.scoring import RevisionReason
from shared.domain.screening import SetAside
from shared.reviews import AlreadyDecided, NotClosed, ObjectsAlready, ProposedMeanwhile, Said, TooFew, TooLate
from shared.services import Services
from shared.signs import look_for_signs
from tests.cast import ASHA, BILAL, COUNTER, OFFICE
from tests.factories import SettableClock, a_rating
from tests.shared.reviewing import (
    BURST,
    CHITRA,
    DIAN,
    OCTOBER,
    SET_ASIDE,
    SIXTH,
    STANDS,
    THIRD,
    a_burst,
    all_reviews,
    close,
    give,
    honest,
    rate_in_october,
    revisions,
    say,
    settled,
    the_review,
)


@pytest.fixture
def october(services: Services, clock: SettableClock) -> None:
    """Let Asha and Bilal be rated in October by people who came one by one."""
    rate_in_october(services, clock)


@pytest.fixture
def burst(october: None, services: Services) -> None:
    """Let somebody press fifty times, just slower than the screen's interval."""
    give(services, [4] * 50, a_burst())


class TestSigns:
    @pytest.mark.usefixtures("october")
    def test_an_honest_month_is_left_in_peace(self, services: Services, clock: SettableClock) -> None:
        assert look_for_signs(services) == 0
        clock.moment = SIXTH
        close(services)
        assert {one.result.score.status for one in [*revisions(services), *revisions(services, BILAL)]} == {
            Status.FINAL
        }

    @pytest.mark.usefixtures("burst")
    def test_fifty_paced_just_above_the_interval_are_looked_at_and_the_month_is_not_final(
        self, services: Services, clock: SettableClock
    ) -> None:
        assert look_for_signs(services) >= 1
        found = next(review for review in all_reviews(services) if review.ground is Ground.BURST)
        assert (found.officer, found.office, found.count >= 50) == (ASHA, OFFICE, True)
        clock.moment = SIXTH
        close(services)
        (asha,), (bilal,) = revisions(services), revisions(services, BILAL)
        assert (asha.result.score.status, asha.result.score.needed) == (Status.PROVISIONAL, 0)
        assert (asha.result.score.grade, asha.result.window) == (None, None)
        assert bilal.result.score.status is Status.FINAL

    @pytest.mark.usefixtures("burst")
    def test_looking_again_raises_nothing_again(self, services: Services) -> None:
        look_for_signs(services)
        before = all_reviews(services)
        assert look_for_signs(services) == 0
        assert all_reviews(services) == before

    @pytest.mark.usefixtures("burst")
    def test_an_open_review_follows_what_comes_later_but_not_press_by_press(self, services: Services) -> None:
        look_for_signs(services)
        seen = [the_burst(services)]
        for number in range(1, 6):
            give(services, [4], [a_burst()[-1] + timedelta(seconds=11 * number)])
            assert look_for_signs(services) == 0
            seen.append(the_burst(services))
        first, *middle, last = seen
        assert middle == [first] * 4
        assert last.count == first.count + 5

    @pytest.mark.usefixtures("october")
    def test_a_sign_that_goes_before_anybody_spoke_takes_its_review_along(self, services: Services) -> None:
        moments = a_burst(40, every=80)
        ratings = [
            a_rating(given_at=moment, accepted_at=moment, overall=answer)
            for moment, answer in zip(moments, cycle([4, 4, 3]), strict=False)
        ]
        with writing(services.engine) as session:
            record(ratings, session, services.clock())
            session.execute(delete(PostingRow))
        services.directory.look_again()
        standings.refresh(services)
        assert look_for_signs(services) >= 1
        with writing(services.engine) as session:
            # Somebody corrects the roster: on that day another officer sat there.
            session.add(
                PostingRow(
                    officer_code=BILAL, counter_code=COUNTER, starts_at=BURST, ends_at=BURST + timedelta(hours=5)
                )
            )
        standings.screen_anew(services)
        look_for_signs(services)
        assert all_reviews(services) == []

    @pytest.mark.usefixtures("burst")
    def test_what_somebody_let_stand_is_no_sign_any_more_but_what_is_like_it_later_is(
        self, services: Services
    ) -> None:
        look_for_signs(services)
        for review in all_reviews(services):
            say(services, STANDS, CHITRA, review=review)
        standings.refresh(services)
        assert look_for_signs(services) == 0
        later = [BURST + timedelta(days=3, seconds=13 * number) for number in range(45)]
        give(services, [4] * 45, later)
        assert look_for_signs(services) >= 1
        assert the_newest(services).raised_at == services.clock()


def the_burst(services: Services) -> Review:
    return next(review for review in all_reviews(services) if review.ground is Ground.BURST)


def the_newest(services: Services) -> Review:
    return max((review for review in all_reviews(services) if review.open), key=lambda review: review.id)


class TestDeciding:
    @pytest.fixture
    def closed(self, burst: None, services: Services, clock: SettableClock) -> None:
        look_for_signs(services)
        clock.moment = SIXTH
        close(services)
        others = [review for review in all_reviews(services) if review.ground is not Ground.BURST]
        for review in others:
            say(services, STANDS, CHITRA, review=review)
        settled(services)

    @pytest.mark.usefixtures("closed")
    def test_one_person_may_let_it_stand_and_the_score_is_final(self, services: Services) -> None:
        say(services, STANDS, CHITRA)
        assert settled(services) == 1
        first, *_, last = revisions(services)
        assert (last.reason, last.result.score.status) == (RevisionReason.REVIEW, Status.FINAL)
        assert last.tally == first.tally
        assert last.parameters_revision == first.parameters_revision
        assert settled(services) == 0

    @pytest.mark.usefixtures("closed")
    def test_setting_aside_takes_two(self, services: Services) -> None:
        before = revisions(services)
        say(services, SET_ASIDE, CHITRA)
        say(services, SET_ASIDE, CHITRA)
        assert settled(services) == 0
        assert the_review(services).proposal is not None
        say(services, SET_ASIDE, DIAN)
        assert settled(services) == 1
        last = revisions(services)[-1]
        assert last.set_aside[SetAside.WITHDRAWN] >= 50
        assert last.tally.count == before[-1].tally.count - last.set_aside[SetAside.WITHDRAWN]
        assert last.result.score.status is Status.FINAL
        assert revisions(services)[: len(before)] == before

    @pytest.mark.usefixtures("closed")
    def test_a_decision_takes_nothing_in_that_arrived_since(self, services: Services, clock: SettableClock) -> None:
        before = revisions(services)[-1]
        clock.advance(days=2)
        give(services, [1, 1], honest(2, 7))
        say(services, STANDS, CHITRA)
        assert settled(services) == 1
        last = revisions(services)[-1]
        assert (last.reason, last.tally) == (RevisionReason.REVIEW, before.tally)
        clock.moment = SIXTH + timedelta(days=14)
        close(services)
        assert revisions(services)[-1] == last, "two late ratings never show as a difference"

    @pytest.mark.usefixtures("closed")
    def test_what_is_decided_while_the_month_is_looked_at_again_is_not_forgotten(
        self, services: Services, clock: SettableClock
    ) -> None:
        for person in (CHITRA, DIAN):
            say(services, SET_ASIDE, person)
        clock.moment = SIXTH + timedelta(days=14)
        for step in closing.steps(services):
            closing.take(step, services)  # what was decided is not counted yet
        assert settled(services) == 1
        assert revisions(services)[-1].set_aside[SetAside.WITHDRAWN] >= 50

    @pytest.mark.usefixtures("closed")
    def test_the_database_as_well_wants_two(self, services: Services) -> None:
        review = the_review(services)
        say(services, SET_ASIDE, CHITRA)
        alone = Word(SET_ASIDE, "chitra", "Saya yakin.", SIXTH)
        with pytest.raises(IntegrityError, match="two_people"), writing(services.engine) as session:
            stored.decide(session, review, alone)

    @pytest.mark.usefixtures("closed")
    def test_of_two_who_decide_at_once_one_does(self, services: Services) -> None:
        say(services, SET_ASIDE, CHITRA)
        review, outcomes = the_review(services), list[str]()

        def decide(name: str) -> None:
            try:
                reviews.say(review.id, Said(SET_ASIDE, "Ya.", review), Actor(name, "supervisor"), services)
                outcomes.append("decided")
            except AlreadyDecided:
                outcomes.append("late")

        both = [Thread(target=decide, args=(name,)) for name in ("dian", "esha")]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert sorted(outcomes) == ["decided", "late"]

    @pytest.mark.usefixtures("closed")
    def test_who_has_not_read_the_proposal_decides_nothing(self, services: Services) -> None:
        unread = the_review(services)
        say(services, SET_ASIDE, CHITRA)
        with pytest.raises(ProposedMeanwhile):
            say(services, SET_ASIDE, DIAN, review=unread)

    @pytest.mark.usefixtures("closed")
    def test_every_word_stands_in_the_trail(self, services: Services) -> None:
        say(services, SET_ASIDE, CHITRA)
        say(services, SET_ASIDE, DIAN)
        with reading(services.engine) as session:
            lines = session.scalars(select(AuditRow).where(col(AuditRow.subject_kind) == "review")).all()
        assert {"suara", "chitra", "dian"} <= {line.actor for line in lines}
        assert lines[-1].after["outcome"] == "set_aside"

    def test_everything_set_aside_leaves_a_month_of_nothing(self, services: Services, clock: SettableClock) -> None:
        clock.moment = THIRD
        give(services, [4] * 50, a_burst())
        give(services, [3, 2, 3, 4, 3, 3] * 15, honest(90, 2), officer=BILAL)
        look_for_signs(services)
        clock.moment = SIXTH
        close(services)
        for review in all_reviews(services):
            for person in (CHITRA, DIAN):
                known = next(one for one in all_reviews(services) if one.id == review.id)
                say(services, SET_ASIDE, person, review=known)
            settled(services)
        last = revisions(services)[-1]
        assert (last.tally.count, last.result.score.index) == (0, None)
        clock.moment = SIXTH + timedelta(days=15)
        close(services)
        assert revisions(services)[-1] == last


class TestObjecting:
    WORDS = "Tanggal 14 saya dinas luar, yang melayani rekan saya."

    @pytest.fixture(autouse=True)
    def _closed(self, october: None, services: Services, clock: SettableClock) -> None:
        give(services, [1] * 8, [BURST + timedelta(minutes=13 * number**2) for number in range(8)])
        clock.moment = SIXTH
        close(services)

    def told(self, services: Services) -> None:
        with writing(services.engine) as session:
            tell_of(session, ASHA, OCTOBER, 1, services.clock())

    def objects(self, services: Services, days: tuple[date, date] | None = None) -> None:
        officer = services.directory.current().officers[ASHA]
        first, last = days or (None, None)
        facts = ObjectionFacts(words=self.WORDS, first_day=first, last_day=last)
        reviews.object_to(officer, OCTOBER, facts, Actor("asha", "officer"), services)

    def test_until_the_last_minute_of_the_fourteenth_day_and_no_longer(
        self, services: Services, clock: SettableClock
    ) -> None:
        clock.moment = datetime(2026, 11, 9, 2, tzinfo=UTC)
        self.told(services)
        clock.moment = datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC)
        self.objects(services)
        assert the_review(services).words == self.WORDS
        clock.moment = datetime(2026, 11, 23, 17, tzinfo=UTC)
        with pytest.raises(TooLate):
            self.objects(services)

    def test_being_told_again_begins_no_new_fourteen_days(self, services: Services, clock: SettableClock) -> None:
        self.told(services)
        clock.advance(days=10)
        self.told(services)
        clock.advance(days=5)
        with pytest.raises(TooLate):
            self.objects(services)

    def test_once_at_a_time_and_not_to_what_is_open(self, services: Services) -> None:
        self.objects(services)
        with pytest.raises(ObjectsAlready):
            self.objects(services)
        officer = services.directory.current().officers[ASHA]
        with pytest.raises(NotClosed):
            reviews.object_to(
                officer, Month(2026, 11), ObjectionFacts(words=self.WORDS), Actor("asha", "officer"), services
            )

    def test_granted_by_two_it_restates_the_month_without_those_days(self, services: Services) -> None:
        day = date(2026, 10, 14)
        self.objects(services, (day, day))
        before = revisions(services)[-1]
        say(services, SET_ASIDE, CHITRA, (day, day))
        say(services, SET_ASIDE, DIAN, (day, day))
        assert settled(services) == 1
        last = revisions(services)[-1]
        assert (last.revision, last.reason) == (2, RevisionReason.OBJECTION)
        assert last.tally.ones <= before.tally.ones - 8
        assert last.set_aside[SetAside.WITHDRAWN] == before.tally.count - last.tally.count
        assert revisions(services, BILAL)[-1].revision == 1

    def test_the_few_of_a_sign_that_an_objection_has_left_are_not_set_aside(self, services: Services) -> None:
        midnight = datetime(2026, 10, 14, 17, tzinfo=UTC)
        give(services, [4] * 50, [midnight + timedelta(seconds=11 * (number - 47) + 5) for number in range(50)])
        look_for_signs(services)
        sign = next(review for review in all_reviews(services) if review.ground is Ground.BURST)
        day = date(2026, 10, 14)
        self.objects(services, (day, day))
        objection = next(review for review in all_reviews(services) if review.ground is Ground.OBJECTION)
        say(services, SET_ASIDE, CHITRA, (day, day), review=objection)
        objection = next(review for review in all_reviews(services) if review.ground is Ground.OBJECTION)
        say(services, SET_ASIDE, DIAN, (day, day), review=objection)
        with pytest.raises(TooFew):
            say(services, SET_ASIDE, CHITRA, review=sign)
        say(services, STANDS, CHITRA, review=sign)

    def test_other_days_are_another_proposal(self, services: Services) -> None:
        self.objects(services)
        say(services, SET_ASIDE, CHITRA, (date(2026, 10, 14), date(2026, 10, 14)))
        say(services, SET_ASIDE, DIAN, None)
        review = the_review(services)
        assert review.proposal is not None
        assert (review.proposal.by, review.proposed_days) == ("dian", None)

    def test_rejecting_takes_two_as_well_and_changes_no_score(self, services: Services) -> None:
        self.objects(services)
        say(services, STANDS, CHITRA)
        assert the_review(services).open
        say(services, STANDS, DIAN)
        assert settled(services) == 0
        assert len(revisions(services)) == 1

    def test_fewer_than_five_are_never_set_aside_for_the_difference_would_tell(self, services: Services) -> None:
        day = date(2026, 10, 31)  # a Saturday, on which nobody came
        self.objects(services, (day, day))
        with pytest.raises(TooFew):
            say(services, SET_ASIDE, CHITRA, (day, day))
        assert the_review(services).proposal is None
