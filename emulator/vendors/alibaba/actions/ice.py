"""Intelligent Media Services: which function answers which action."""

from collections.abc import Mapping

from emulator.model.pace import Life, Query
from emulator.model.resource import Declarable
from emulator.model.vendor import Course, Handler, Kind
from emulator.vendors.alibaba.actions import (
    event_callback,
    pipeline,
    snapshot_job,
    system_template,
    template,
)

HANDLERS: Mapping[str, Handler] = {
    **snapshot_job.HANDLERS,
    **event_callback.HANDLERS,
    **template.HANDLERS,
    **system_template.HANDLERS,
    **pipeline.HANDLERS,
}

DECLARABLES: Mapping[str, Declarable] = event_callback.DECLARABLES

COURSES: Mapping[str, Course] = {**snapshot_job.COURSES}

KINDS: Mapping[str, Kind] = snapshot_job.KINDS

LIVES: Mapping[str, Life] = snapshot_job.LIVES

QUERIES: Mapping[str, Query] = snapshot_job.QUERIES
