"""Cloud Streaming Services: every action of the product, and every course of its tasks."""

from collections.abc import Mapping

from emulator.model.vendor import Course, Handler
from emulator.vendors.tencent.actions.live import (
    domain,
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
}

COURSES: Mapping[str, Course] = {**screenshot.COURSES, **record_task.COURSES}
