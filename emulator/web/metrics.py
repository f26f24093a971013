"""Metrics: what was called and delivered so far, and what there is, as Prometheus reads it."""

from collections import Counter
from collections.abc import Iterator, Mapping

from starlette.responses import PlainTextResponse

from emulator.web.operation import Asked, Operation
from emulator.web.server import Server
from emulator.world.slices import slices
from emulator.world.tally import Labels

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_CALLED = ("vendor", "product", "action", "code", "fault")
_TRIED = ("vendor", "event", "outcome")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


async def _show(server: Server, asked: Asked) -> PlainTextResponse:
    kinds = await _tasks(server)
    return PlainTextResponse("\n".join((*_lines(server, kinds), "")), media_type=_TYPE)


async def _tasks(server: Server) -> Mapping[Labels, int]:
    kinds: Counter[Labels] = Counter()
    async for agendas in slices(tuple(server.namespaces.agendas.values())):
        for agenda in agendas:
            for kind, count in agenda.namespace.store.sizes().items():
                if kind in agenda.lives:
                    kinds[agenda.kinds.vendors[kind].name, kind] += count
    return kinds


def _lines(server: Server, kinds: Mapping[Labels, int]) -> Iterator[str]:
    tally, agendas = server.emulation.tally, server.namespaces.agendas
    yield from _family(
        "emulator_calls_total", "counter", "Calls, by what refused them and what struck them.",
        _CALLED, tally.calls(),
    )  # fmt: skip
    yield from _family(
        "emulator_call_seconds_total", "counter", "Seconds spent on answering them.",
        _CALLED, tally.seconds(),
    )  # fmt: skip
    yield from _family(
        "emulator_delivery_attempts_total", "counter", "Attempts to deliver a callback.",
        _TRIED, tally.attempts(),
    )  # fmt: skip
    yield from _family(
        "emulator_namespaces", "gauge", "Namespaces there are.", (), {(): len(agendas)}
    )
    yield from _family(
        "emulator_events_to_come", "gauge", "Events on all timelines.",
        (), {(): sum(len(agenda.namespace.state.timeline) for agenda in agendas.values())},
    )  # fmt: skip
    yield from _family("emulator_tasks", "gauge", "Tasks kept.", ("vendor", "kind"), kinds)


def _family(
    name: str, kind: str, meaning: str, labels: Labels, values: Mapping[Labels, float]
) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"
    for key, value in sorted(values.items()):
        pairs = zip(labels, key, strict=True)
        named = ",".join(f'{label}="{text.translate(_ESCAPES)}"' for label, text in pairs)
        yield f"{name}{{{named}}} {value}" if named else f"{name} {value}"


OPERATIONS = (
    Operation(
        method="GET",
        path="/metrics",
        summary="Show counters and gauges as Prometheus reads them",
        answer=_show,
        returns=str,
    ),
)
