"""The clock, and what is to come. Moments are aware, and UTC in answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from emulator.spec.jsontext import Limits, Shape

Moment = Annotated[datetime, Limits(tz=True)]
MAX_STEP_SECONDS = 366 * 86400
Seconds = Annotated[float, Limits(ge=0, le=MAX_STEP_SECONDS)]
ClockMode = Literal["real", "manual"]


class ClockShown(Shape):
    mode: ClockMode
    now: Moment


class ClockAsked(Shape):
    """How the clock is to go; a manual one stands at `now`, or where it is."""

    mode: ClockMode = "manual"
    now: Moment | None = None


class StepAsked(Shape):
    seconds: Seconds


class Step(Shape):
    """The clock after a step, and how many events were done on the way.

    A step ends early where the clock is set meanwhile.
    """

    mode: ClockMode
    now: Moment
    events: int


class EventShown(Shape, omit_defaults=True):
    """What will be done at a moment, to the task, callback or place that is named, or by a rule."""

    due_at: Moment
    what: str
    kind: str = ""
    task: str = ""
    callback: str = ""
    place: str = ""
    rule: str = ""


class Timeline(Shape):
    events: Sequence[EventShown]
