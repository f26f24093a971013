"""Clock and pace: held, advanced and released, also for single tasks."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Literal

from tests.soak.disturbers.asking import Disturber

_PAUSE_SECONDS = (0.2, 1.0)
_STEP_SECONDS = (0, 1, 5, 20)
_MODES: Sequence[Literal["immediate", "timed", "polls", "held"]] = (
    "immediate",
    "timed",
    "polls",
    "held",
)
_KINDS = ("*", "tiw.snapshot", "tiw.video_generation", "ice.snapshot", "rtc.snapshot")
_CHANGES = ("hold", "release", "finish", "fail")
# The model of an RTC task knows only calls that end it.
_ENDLESS = "rtc.snapshot"


def disturb(disturber: Disturber) -> None:
    chance = disturber.chance
    chance.choice((_move, _move, _pace, _touch, _touch))(disturber)
    time.sleep(chance.uniform(*_PAUSE_SECONDS))


def restore(disturber: Disturber) -> None:
    """Release the clock, and set the default pace."""
    namespace = disturber.namespace
    disturber.ask("clock released", namespace.clock.release)
    for kind in _KINDS:
        disturber.ask("pace set", partial(namespace.set_pace, "timed", kind))


def _move(disturber: Disturber) -> None:
    """Hold the clock, advance it in steps, and release it."""
    chance, clock = disturber.chance, disturber.namespace.clock
    disturber.ask("clock held", clock.hold)
    for _ in range(chance.randrange(1, 4)):
        time.sleep(chance.uniform(0, 0.3))
        disturber.ask("clock advanced", partial(clock.step, chance.choice(_STEP_SECONDS)))
    disturber.ask("clock released", clock.release)


def _pace(disturber: Disturber) -> None:
    """Set a pace, and the default one after a while."""
    chance, namespace = disturber.chance, disturber.namespace
    mode, kind = chance.choice(_MODES), chance.choice(_KINDS)
    polls = 2 if mode == "polls" else None
    disturber.ask("pace set", partial(namespace.set_pace, mode, kind, polls=polls))
    time.sleep(chance.uniform(*_PAUSE_SECONDS))
    disturber.ask("pace set", partial(namespace.set_pace, "timed", kind))


def _touch(disturber: Disturber) -> None:
    """Hold, release, finish or fail one of the tasks, which may have ended meanwhile."""
    chance, namespace = disturber.chance, disturber.namespace
    tasks = disturber.ask("tasks listed", namespace.tasks) or ()
    touched = [task for task in tasks if task.kind != _ENDLESS]
    if touched:
        task, change = chance.choice(touched[-20:]), chance.choice(_CHANGES)
        disturber.ask(f"task: {change}", partial(getattr(namespace, change), task.id, task.kind))
