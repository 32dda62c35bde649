"""`python -m tests.bench [GROUP ...]`: measure, then print one table."""

import sys
import traceback
from collections.abc import Callable, Iterator

from tests.bench import closing, intake, kiosk, machine, messages, pages, recorder, running, turns
from tests.bench.harness import Figure, NotMeasurable, say, show

GROUPS: dict[str, Callable[[], Iterator[Figure]]] = {
    "intake": intake.measure,
    "recorder": recorder.measure,
    "running": running.measure,
    "closing": closing.measure,
    "pages": pages.measure,
    "kiosk": kiosk.measure,
    "turns": turns.measure,
    "messages": messages.measure,
}


def measured(name: str) -> list[Figure]:
    """Return the figures of one group; where one cannot be had, a row that says why."""
    figures: list[Figure] = []
    try:
        for figure in GROUPS[name]():
            figures.append(figure)
    except NotMeasurable as reason:
        figures.append(Figure(name, missing=str(reason)))
    except Exception as error:  # one group that breaks must not take the others' figures along
        traceback.print_exc()
        figures.append(Figure(name, missing=f"{type(error).__name__}: {str(error).splitlines()[0]}"))
    return figures


def main(names: list[str]) -> int:
    """Measure the groups named, or all; 2 when a name is none of ours."""
    if unknown := set(names) - set(GROUPS):
        say(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
        return 2
    facts, before = list(machine.facts()), machine.ticks()
    figures = [figure for name in names or GROUPS for figure in measured(name)]
    show(figures, [*facts, machine.taken_away(before, machine.ticks())])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
