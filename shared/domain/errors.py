"""What can go wrong at a door: codes and facts, never prose; each process words them once."""

from enum import StrEnum


class RefusalCode(StrEnum):
    """Why a rating can never be accepted as it stands."""

    MALFORMED = "malformed"
    NO_ANSWER = "no_answer"
    ANSWER_OUT_OF_RANGE = "answer_out_of_range"
    COMMENT_TOO_LONG = "comment_too_long"
    GIVEN_IN_FUTURE = "given_in_future"
    GIVEN_TOO_LONG_AGO = "given_too_long_ago"
    UNKNOWN_OFFICER = "unknown_officer"
    FOREIGN_OFFICER = "foreign_officer"
    UNKNOWN_COUNTER = "unknown_counter"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_ELEMENT = "unknown_element"


class QuarantineReason(StrEnum):
    """Why an accepted rating was put in quarantine instead of being recorded."""

    UNREADABLE = "unreadable"
    SAME_ID_OTHER_CONTENT = "same_id_other_content"
    REJECTED_BY_DATABASE = "rejected_by_database"


class IntakeRefused(Exception):
    """The rating can never be accepted as it stands; sending it again is useless."""

    def __init__(self, code: RefusalCode, **facts: str) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts


class IntakeUnavailable(Exception):
    """Nothing is wrong with the rating, but neither door is open; try again."""
