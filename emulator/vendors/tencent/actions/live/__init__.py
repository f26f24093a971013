"""Cloud Streaming Services: its actions, the courses of its tasks, and its witness."""

from collections.abc import Mapping, Sequence

from emulator.model.pace import Life, Query
from emulator.model.resource import Declarable
from emulator.model.scene import Stream
from emulator.model.vendor import Course, Handler, Kind, Witness
from emulator.vendors.tencent.actions.live import (
    control,
    domain,
    push,
    record_task,
    rule,
    screenshot,
    stream,
    template,
)

HANDLERS: Mapping[str, Handler] = {
    **screenshot.HANDLERS,
    **record_task.HANDLERS,
    **template.HANDLERS,
    **rule.HANDLERS,
    **domain.HANDLERS,
    **stream.HANDLERS,
    **control.HANDLERS,
}

DECLARABLES: Mapping[str, Declarable] = rule.DECLARABLES

COURSES: Mapping[str, Course] = {**screenshot.COURSES, **record_task.COURSES, **push.COURSES}

KINDS: Mapping[str, Kind] = {**screenshot.KINDS, **record_task.KINDS, **push.KINDS}

WITNESSES: Mapping[str, Witness] = push.WITNESSES

RECORDS: Sequence[type] = (Stream,)

LIVES: Mapping[str, Life] = {**screenshot.LIVES, **record_task.LIVES}

QUERIES: Mapping[str, Query] = {**screenshot.QUERIES, **record_task.QUERIES}
