"""The kinds of task: whose each is, how it goes on and ends, and what faults are asked for it."""

from collections.abc import Callable, Mapping, Sequence

from emulator.engine.occasion import Occasion
from emulator.model.pace import Life
from emulator.model.task import Task
from emulator.model.vendor import Course, Kind, Vendor
from emulator.world.clock import Clock
from emulator.world.rulescope import Making


class Kinds:
    """The kinds of all vendors, by their names."""

    def __init__(self, vendors: Sequence[Vendor]) -> None:
        self.vendors: Mapping[str, Vendor] = {
            kind: vendor for vendor in vendors for kind in vendor.courses
        }
        self.courses: Mapping[str, Course] = {
            kind: course for vendor in vendors for kind, course in vendor.courses.items()
        }
        self.lives: Mapping[str, Life] = {
            kind: life for vendor in vendors for kind, life in vendor.lives.items()
        }
        self._kinds: Mapping[str, Kind] = {
            name: kind for vendor in vendors for name, kind in vendor.kinds.items()
        }

    def of(self, task: Task) -> Kind:
        return self._kinds[task.kind]

    def occasion(self, task: Task, event: str = "") -> Occasion:
        """Return what rules are asked about a task, or an event of it."""
        kind = self._kinds[task.kind]
        vendor = self.vendors[task.kind].name
        return Occasion(vendor, kind.product, kind.action, task.region, event, task.arguments)

    def is_over(self, clock: Clock) -> Callable[[Task], bool]:
        """Return what says of a task whether it has ended.

        What nobody asked for, such as a push, goes on as long as it is in a group.
        """

        def is_over(task: Task) -> bool:
            life = self.lives.get(task.kind)
            return life.is_ended(task, clock.now()) if life else not task.group

        return is_over


def makings(vendors: Sequence[Vendor]) -> Sequence[Making]:
    """Return how each kind of task is made, fails and is told of."""
    return [
        Making(
            vendor=vendor.name,
            product=kind.product,
            action=kind.action,
            codes=vendor.lives[name].codes if name in vendor.lives else (),
            events=kind.events,
        )
        for vendor in vendors
        for name, kind in vendor.kinds.items()
    ]
