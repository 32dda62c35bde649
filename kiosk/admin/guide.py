"""The first-run guide: eight steps from an empty database to a first rating, each as far as the database says."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask import url_for

from shared.db.set_up import Begun
from shared.domain.people import Directory, Office
from shared.i18n import mark


class Progress(StrEnum):
    """How far a step is: done, the next one, one that may be done now or left out, or one for later."""

    DONE = "done"
    NEXT = "next"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is about, a sentence, and the page on which it is done, perhaps that of an office."""

    key: str
    name: str
    sentence: str
    button: str
    endpoint: str
    optional: bool = False
    of_office: str = ""


STEPS: Final = (
    Step(
        "region",
        mark("Region"),
        mark("The one that the offices belong to, for example Kota Sawahlunto."),
        mark("Add a region"),
        "offices.index",
    ),
    Step(
        "office",
        mark("Office"),
        mark("The unit that serves residents, with its kind, time zone and opening hours."),
        mark("Add an office"),
        "offices.new",
    ),
    Step(
        "counter",
        mark("Counter"),
        mark("Each place where residents are served. Its short code is on the desk card."),
        mark("Add a counter"),
        "counters.index",
        of_office="counters",
    ),
    Step(
        "service",
        mark("Service"),
        mark("What residents come for, for example an identity card."),
        mark("Add a service"),
        "counters.index",
        optional=True,
        of_office="services",
    ),
    Step(
        "officer",
        mark("Officer"),
        mark("Name and code of everyone who is rated. With a photo residents recognise them at once."),
        mark("Add an officer"),
        "officers.new",
    ),
    Step(
        "roster",
        mark("Roster"),
        mark("Who serves at which counter, and when. Without it the kiosk shows everybody of the office."),
        mark("Plan the week"),
        "roster.index",
        optional=True,
    ),
    Step(
        "kiosk",
        mark("Kiosk"),
        mark("A tablet at the counter. It is enrolled with a code that works once."),
        mark("Add a kiosk"),
        "kiosks.new",
    ),
    Step(
        "rating",
        mark("First rating"),
        mark("Touch a face on the kiosk at the counter. This page then shows how things are."),
        mark("See the kiosks"),
        "kiosks.index",
    ),
)


@dataclass(frozen=True, slots=True)
class GuideStep:
    """A step of the guide and how far it is, with the address of the page on which it is done."""

    step: Step
    progress: Progress
    address: str


def guide_of(directory: Directory, found: Begun) -> list[GuideStep]:
    """Return the eight steps as far as the installation is."""
    there = _there(directory, found)
    missing = [step.key for step in STEPS if step.key not in there and not step.optional]
    upcoming = missing[0] if missing else ""
    steps, reached = [], True
    for step in STEPS:
        steps.append(GuideStep(step, _progress(step, there, upcoming, reached), _address(step, directory)))
        reached = reached and step.key != upcoming
    return steps


def _there(directory: Directory, found: Begun) -> set[str]:
    known = {
        "region": found.region,
        "office": bool(directory.offices),
        "counter": bool(directory.counters),
        "service": bool(directory.services),
        "officer": bool(directory.officers),
        "roster": found.posting,
        "kiosk": found.kiosk,
        "rating": found.rating,
    }
    return {key for key, there in known.items() if there}


def _progress(step: Step, there: Collection[str], upcoming: str, reached: bool) -> Progress:
    if step.key in there:
        return Progress.DONE
    if step.key == upcoming:
        return Progress.NEXT
    return Progress.OPEN if step.optional and reached else Progress.LATER


def _address(step: Step, directory: Directory) -> str:
    if not step.of_office:
        return url_for(step.endpoint)
    office = _office_without(step.of_office, directory)
    return url_for(step.endpoint, kind=step.of_office, office=office.code) if office else url_for("offices.index")


def _office_without(what: str, directory: Directory) -> Office | None:
    """Return the first office, by name, that has no counter or service yet; else the first of all."""
    counters = {counter.office for counter in directory.counters.values()}
    served = counters if what == "counters" else {office for office, _service in directory.services}
    offices = sorted(directory.offices.values(), key=lambda office: (office.code in served, office.name, office.code))
    return offices[0] if offices else None
