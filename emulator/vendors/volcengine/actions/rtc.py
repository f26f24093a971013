"""RTC: every action of the product, and what its tasks do and may declare."""

from collections.abc import Mapping

from emulator.model.pace import Life, Query
from emulator.model.resource import Declarable
from emulator.model.vendor import Course, Handler, Kind, Probe, Witness
from emulator.vendors.volcengine.actions import automatic, event_callback, snapshot

HANDLERS: Mapping[str, Handler] = {**snapshot.HANDLERS, **event_callback.HANDLERS}

DECLARABLES: Mapping[str, Declarable] = {
    **event_callback.DECLARABLES,
    **automatic.DECLARABLES,
}

COURSES: Mapping[str, Course] = snapshot.COURSES

KINDS: Mapping[str, Kind] = snapshot.KINDS

LIVES: Mapping[str, Life] = snapshot.LIVES

WITNESSES: Mapping[str, Witness] = automatic.WITNESSES

QUERIES: Mapping[str, Query] = snapshot.QUERIES

PROBES: Mapping[str, Probe] = event_callback.PROBES
