"""Interactive Whiteboard: snapshots of marked pages, recordings, videos made from them."""

from collections.abc import Mapping, Sequence

from emulator.model.pace import Life, Query
from emulator.model.resource import Declarable
from emulator.model.vendor import Course, Handler, Kind
from emulator.vendors.tencent.actions.tiw import (
    generation,
    recorder,
    recording,
    settings,
    snapshot,
    tasks,
)
from emulator.vendors.tencent.actions.tiw.footage import Footage

HANDLERS: Mapping[str, Handler] = {
    "CreateSnapshotTask": snapshot.create_snapshot_task,
    "DescribeSnapshotTask": snapshot.describe_snapshot_task,
    **recording.HANDLERS,
    **generation.HANDLERS,
    **settings.HANDLERS,
}

DECLARABLES: Mapping[str, Declarable] = settings.DECLARABLES

COURSES: Mapping[str, Course] = {
    tasks.SNAPSHOT: snapshot.proceed,
    tasks.RECORDING: recorder.proceed,
    tasks.GENERATION: generation.proceed,
}

KINDS: Mapping[str, Kind] = {
    tasks.SNAPSHOT: Kind("tiw", "CreateSnapshotTask", snapshot.signing_key, (snapshot.EVENT,)),
    tasks.RECORDING: Kind(
        "tiw",
        "StartOnlineRecord",
        settings.signing_key(settings.RECORDING),
        recorder.EVENTS,
        recorder.place,
    ),
    tasks.GENERATION: Kind(
        "tiw",
        "CreateVideoGenerationTask",
        settings.signing_key(settings.GENERATION),
        (generation.EVENT,),
    ),
}

RECORDS: Sequence[type] = (Footage,)

LIVES: Mapping[str, Life] = {**snapshot.LIVES, **recorder.LIVES, **generation.LIVES}

QUERIES: Mapping[str, Query] = {**snapshot.QUERIES, **recording.QUERIES, **generation.QUERIES}
