"""The words a resident meets, whichever door they come in by: answers, elements, reasons, the touch screen.

Texts are English source texts; `shared/i18n.py` turns them into the resident's language where they are
shown. Codes are stable: they are stored with ratings, the words beside them may be improved at any time.
"""

from dataclasses import dataclass
from typing import Final, TypedDict

from shared.domain.people import OfficeKind
from shared.i18n import Language, mark, translate
from shared.technician_wording import TECHNICIAN


class ElementQuestion(TypedDict):
    """One of the nine elements as the touch screen asks it; the answers are in the order 1 to 4."""

    code: str
    question: str
    answers: list[str]


class QuickReason(TypedDict):
    """A reason that is given with one touch."""

    code: str
    label: str


class QuickReasons(TypedDict):
    """What is offered after a good answer (3-4) and after a poor one (1-2)."""

    praise: list[QuickReason]
    concerns: list[QuickReason]


@dataclass(frozen=True, slots=True)
class ElementWords:
    """An SKM element: its code, its name in reports, its question and its answers in the order 1 to 4."""

    code: str
    name: str
    question: str
    answers: tuple[str, str, str, str]


OVERALL: Final[dict[int, str]] = {
    1: mark("Bad"),
    2: mark("Poor"),
    3: mark("Good"),
    4: mark("Very good"),
}

OFFICE_KINDS: Final[dict[OfficeKind, str]] = {
    OfficeKind.DUKCAPIL: mark("civil registry office"),
    OfficeKind.PUSKESMAS: mark("health centre"),
    OfficeKind.SCHOOL: mark("school"),
    OfficeKind.OTHER: mark("another service"),
}

# List order, U1 to U9. The questionnaire swaps the last two, so nothing may rely on a number: use the code.
ELEMENTS: Final[tuple[ElementWords, ...]] = (
    ElementWords(
        "PERSYARATAN",
        mark("Requirements"),
        mark("How well do the requirements fit the service?"),
        (mark("They do not fit"), mark("They fit poorly"), mark("They fit"), mark("They fit very well")),
    ),
    ElementWords(
        "PROSEDUR",
        mark("System, mechanism and procedure"),
        mark("How easy is the procedure at this office?"),
        (mark("Not easy"), mark("Not very easy"), mark("Easy"), mark("Very easy")),
    ),
    ElementWords(
        "WAKTU",
        mark("Time to completion"),
        mark("How fast was the service?"),
        (mark("Not fast"), mark("Not very fast"), mark("Fast"), mark("Very fast")),
    ),
    ElementWords(
        "BIAYA",
        mark("Fees"),
        mark("How reasonable was the fee?"),
        (mark("Very expensive"), mark("Rather expensive"), mark("Inexpensive"), mark("Free of charge")),
    ),
    ElementWords(
        "PRODUK",
        mark("Product specification of the service"),
        mark("How well does the result match the service standard?"),
        (
            mark("It does not match"),
            mark("It matches poorly"),
            mark("It matches"),
            mark("It matches very well"),
        ),
    ),
    ElementWords(
        "KOMPETENSI",
        mark("Competence of the officers"),
        mark("How capable was the officer?"),
        (mark("Not competent"), mark("Not very competent"), mark("Competent"), mark("Very competent")),
    ),
    ElementWords(
        "PERILAKU",
        mark("Conduct of the officers"),
        mark("How polite and friendly was the officer?"),
        (
            mark("Not polite and friendly"),
            mark("Not very polite and friendly"),
            mark("Polite and friendly"),
            mark("Very polite and friendly"),
        ),
    ),
    ElementWords(
        "PENGADUAN",
        mark("Handling of complaints, suggestions and input"),
        mark("How are complaints from the public handled?"),
        (
            mark("Not handled at all"),
            mark("A way exists but does not work"),
            mark("Works, but not fully"),
            mark("Handled well"),
        ),
    ),
    ElementWords(
        "SARANA",
        mark("Facilities"),
        mark("How good are the rooms and facilities?"),
        (mark("In bad condition"), mark("Adequate"), mark("Good"), mark("Very good")),
    ),
)

PRAISE: Final[dict[str, str]] = {
    "ramah": mark("Friendly"),
    "cepat": mark("Quick"),
    "jelas": mark("Clear"),
    "menguasai": mark("Knows the work"),
    "sabar": mark("Patient"),
}

CONCERNS: Final[dict[str, str]] = {
    "kurang_ramah": mark("Not very friendly"),
    "lama": mark("Took too long"),
    "kurang_jelas": mark("Explanation not clear"),
    "syarat_berubah": mark("Requirements kept changing"),
    "minta_biaya": mark("Asked for an unofficial fee"),
    "tidak_di_tempat": mark("Officer was not there"),
}

TOUCH: Final[dict[str, str]] = {
    "attract_title": mark("How was our service today?"),
    "attract_touch": mark("Touch to rate"),
    "promise": mark("No name. The officer cannot see who rated."),
    "served_by": mark("You were served by"),
    "not_this_officer": mark("Not this officer?"),
    "question": mark("How was this officer’s service?"),
    "answer_1": OVERALL[1],
    "answer_2": OVERALL[2],
    "answer_3": OVERALL[3],
    "answer_4": OVERALL[4],
    "grid_title": mark("Who served you?"),
    "grid_empty": mark("No officer is listed here yet. Please let this office know."),
    "your_answer": mark("Your answer"),
    "best": mark("What was best?"),
    "better": mark("What should get better?"),
    "comment": mark("Anything to add? (optional)"),
    "comment_left": mark("{count} characters left"),
    "send": mark("Send"),
    "skip": mark("Skip"),
    "back": mark("Back"),
    "close": mark("Close"),
    "thanks": mark("Thank you."),
    "recorded": mark("Your rating is recorded."),
    "unsaved_title": mark("Sorry, your rating is not saved yet."),
    "unsaved_text": mark("This screen keeps trying. There is no need to rate again."),
    "idle_title": mark("Still there?"),
    "idle_leaving": mark("The screen returns to the start in {seconds}…"),
    "idle_stay": mark("I am still here"),
    "step": mark("Step {step} of 2"),
    "contrast": mark("High contrast"),
    "slides_stop": mark("Stop the pictures"),
    "slides_go": mark("Let the pictures change"),
    "fair_interval": mark("A rating less than {seconds} seconds after the one before is not counted."),
    "asleep_title": mark("This office is closed now"),
    "asleep_today": mark("It opens again today at {time} {zone}."),
    "asleep_tomorrow": mark("It opens again tomorrow at {time} {zone}."),
    "asleep_day": mark("It opens again on {day} at {time} {zone}."),
    "asleep_touch": mark("You can still rate: touch the screen"),
    "form_nine": mark("Answer all nine questions"),
    "form_all": mark("Answer all {count} questions"),
    "form_some": mark("Questions {first} to {last} of {count}"),
    "form_one": mark("Question {last} of {count}"),
    "form_optional": mark("You may leave any of them out."),
    "form_step": mark("Part {step} of {steps}"),
    "forward": mark("Next"),
    "changed_title": mark("What changed because of your ratings"),
    "phone_open": mark("Continue on your phone"),
    "phone_title": mark("Point your phone’s camera at this code"),
    "phone_text": mark("The same questions open on your phone, at {host}."),
    "phone_once": mark("The code is for one rating only."),
    "phone_code": mark("QR code that leads to {host}"),
    "phone_waiting": mark("One moment…"),
    "phone_done": mark("Done"),
    "read_aloud": mark("Read aloud"),
    "stop_reading": mark("Stop reading"),
    "demo": mark("Demo"),
    "waiting_title": mark("This screen is getting ready"),
    "waiting_text": mark("It needs the network once before it can start."),
    "enrol_title": mark("Enrol this screen"),
    "enrol_help": mark("Enter the code from the administrator."),
    "enrol_code": mark("Enrolment code"),
    "enrol_example": mark("For example ABCD-2345"),
    "enrol_send": mark("Enrol"),
    "enrol_busy": mark("One moment…"),
    "enrol_length": mark("The code has eight letters and digits. Please check it again."),
    "enrol_offline": mark("Not connected. Check the network, then try again."),
    "enrol_trust": mark("Does the browser warn about this server? Trust it first."),
    "enrol_failed": mark("That did not work. Please try again."),
    "revoked_title": mark("This screen is not enrolled"),
    "revoked_text": mark("Its enrolment is missing or has been withdrawn. Please ask an officer for help."),
    "revoked_kept": mark("Ratings kept on this screen: {count}"),
    "revoked_again": mark("Enrol again"),
    "staff_offline": mark("No network. Ratings kept on this screen: {count}"),
    "staff_unkept": mark("This screen cannot keep ratings through a restart."),
    "staff_held": mark(
        "Ratings of another office kept on this screen: {count}. They are sent once it is enrolled there again."
    ),
}


def overall_words(language: Language) -> dict[int, str]:
    """Return the four overall answers, 1 to 4."""
    return {answer: translate(text, language) for answer, text in OVERALL.items()}


def element_questions(language: Language) -> list[ElementQuestion]:
    """Return the nine elements as questions, in list order."""
    return [
        {
            "code": element.code,
            "question": translate(element.question, language),
            "answers": [translate(answer, language) for answer in element.answers],
        }
        for element in ELEMENTS
    ]


def element_names(language: Language) -> dict[str, str]:
    """Return element code -> its name in reports, in list order."""
    return {element.code: translate(element.name, language) for element in ELEMENTS}


def quick_reasons(language: Language) -> QuickReasons:
    """Return the reasons offered after a good and after a poor answer."""
    return {"praise": _labelled(PRAISE, language), "concerns": _labelled(CONCERNS, language)}


def touch_wording(language: Language) -> dict[str, str]:
    """Return the touch screen's other texts; the screen fills in what stands in braces."""
    return {key: translate(text, language) for key, text in (TOUCH | TECHNICIAN).items()}


def _labelled(reasons: dict[str, str], language: Language) -> list[QuickReason]:
    return [{"code": code, "label": translate(label, language)} for code, label in reasons.items()]
