"""What has to fit together in a document, so that a namespace can go on from it."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from emulator.engine.agenda import Agenda
from emulator.engine.contents import Contents
from emulator.model.task import Cue
from emulator.spec.record import Place
from emulator.world.clock import FIRST, HELD_AT, LAST, ClockRangeError
from emulator.world.slices import slices

EVENTS, CALLBACKS = "events", "callbacks"


async def require(agenda: Agenda, contents: Contents, place: Place) -> None:
    """Refuse what the agenda would not know how to go on with. Raises DocumentError."""
    _require_clock(contents, place.under("clock"))
    await _require_tasks(agenda, contents, place.under("tasks"))
    await _require_cues(agenda, contents, place.under("timeline"))
    await _require_counters(contents, place.under("counters"))
    await _require_rules_of_held(contents, place.under("held"))


async def reached(contents: Contents) -> dict[str, int]:
    """Return how far the counters of events and callbacks must have come at least."""
    found = {EVENTS: 0, CALLBACKS: 0}
    async for event in _rows(contents["timeline"]):
        found[EVENTS] = max(found[EVENTS], event.number)
    async for delivery in _rows(contents["callbacks"]):
        found[CALLBACKS] = max(found[CALLBACKS], delivery.number)
    return found


def _require_clock(contents: Contents, place: Place) -> None:
    for clock in contents["clock"]:
        for name, moment in clock.put.items():
            if name != HELD_AT:
                raise place.under(name).error(f"is unknown; expected {HELD_AT!r} or nothing")
            if not FIRST <= moment <= LAST:
                raise place.under(name).error(str(ClockRangeError()))


async def _require_tasks(agenda: Agenda, contents: Contents, place: Place) -> None:
    kinds = {kind: vendor.name for vendor in agenda.vendors for kind in vendor.courses}
    accounts, index = agenda.namespace.accounts, 0
    async for task in _rows(contents["tasks"]):
        at = place.under(index)
        if task.kind not in kinds:
            raise at.under("kind").error(f"{task.kind!r} is not one of {', '.join(kinds)}")
        if (kinds[task.kind], task.account_id) not in accounts:
            raise at.under("account_id").error(
                f"{kinds[task.kind]} has no account {task.account_id!r} here"
            )
        index += 1


async def _require_cues(agenda: Agenda, contents: Contents, place: Place) -> None:
    words = {word for vendor in agenda.vendors for word in vendor.witnesses}
    index = 0
    async for event in _rows(contents["timeline"]):
        cue = event.what
        if isinstance(cue, Cue) and cue.place.partition("/")[0] not in words:
            at = place.under(index).under("cue").under("place")
            raise at.error(f"{cue.place!r} must begin with one of {', '.join(sorted(words))}")
        index += 1


async def _require_counters(contents: Contents, place: Place) -> None:
    """Refuse counters that are behind: what is new would have the name of what is there."""
    counters: dict[str, int] = {}
    for changes in contents["counters"]:
        counters |= changes
    least = dict.fromkeys(counters, 0) | await reached(contents)
    for name, number in least.items():
        if counters.get(name, 0) < number:
            raise place.under(name).error(f"must be {number} or more, not {counters.get(name, 0)}")


async def _require_rules_of_held(contents: Contents, place: Place) -> None:
    """Refuse a callback that waits for a rule that is not there: nothing would ever send it."""
    rules = {loaded.rule.name async for loaded in _rows(contents["rules"])}
    index = 0
    async for held in _rows(contents["held"]):
        if held.rule not in rules:
            at = place.under(index).under("rule")
            raise at.error(f"{held.rule!r} is not one of {', '.join(sorted(rules)) or 'none'}")
        index += 1


async def _rows(pieces: Sequence[Any]) -> AsyncIterator[Any]:
    async for changes in slices(pieces, 1):
        for each in changes:
            for row in each.put.values():
                yield row
