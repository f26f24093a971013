"""Round trips: a document that is exported, imported and exported again stays the same."""

import copy
import json
import time
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from emulator.client import Server
from tests.soak.disturbers.asking import Disturber

_PAUSE_SECONDS = (0.5, 2.0)
_SHOWN = 5
# Nothing happens while the clock is held, so any moment will do.
_STANDS_AT = "2030-01-01T00:00:00+00:00"
_NUMBERS = count(1)


def disturb(disturber: Disturber, server: Server) -> None:
    """Export, import under another name with the clock held, export the copy, and compare."""
    document = disturber.ask("exported", lambda: disturber.namespace.export(secrets=True))
    if document:
        name = f"copy-{next(_NUMBERS)}"
        moved = _moved(document, name)
        there = disturber.ask("imported", lambda: server.restore(name, copy.deepcopy(moved)), ())
        if there:
            again = disturber.ask("exported again", lambda: there.export(secrets=True), ())
            disturber.ask("copy deleted", there.delete, ())
            if again:
                for difference in differences(moved, again):
                    disturber.violations.add("round trip", difference)
    time.sleep(disturber.chance.uniform(*_PAUSE_SECONDS))


def _moved(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the document with another name, keys of its own, and the clock held."""
    moved = copy.deepcopy(dict(document))
    moved["namespace"].update(name=name, key_id=name)
    for account in moved["namespace"]["world"]["accounts"]:
        for key in account["keys"]:
            key["id"] = name
    moved["clock"]["held_at"] = moved["clock"].get("held_at") or _STANDS_AT
    return moved


def differences(one: object, other: object) -> list[str]:
    """Return the first differences of two documents, each with its path.

    A callback that was being sent when the first one was made is planned again in the second.
    """
    return list(_differing(one, _without_planned_again(one, other), ""))[:_SHOWN]


def _without_planned_again(one: Any, other: Any) -> Any:
    """Return the second document without the events that it has because of attempts under way."""
    planned = {json.dumps(event) for event in one["timeline"]}
    pending = {each["callback"]["id"] for each in one["callbacks"] if each["state"] == "pending"}
    again = [
        event
        for event in other["timeline"]
        if json.dumps(event) not in planned
        and event.get("attempt", {}).get("callback_id") in pending
    ]
    counters = {**other["counters"]}
    if again:
        counters["events"] -= len(again)
    events = [event for event in other["timeline"] if event not in again]
    return {**other, "timeline": events, "counters": counters}


def _differing(one: Any, other: Any, path: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(each for each in other if each not in one)]:
            yield from _differing(one.get(name), other.get(name), f"{path}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (each, its) in enumerate(zip(one, other, strict=True)):
            yield from _differing(each, its, f"{path}[{index}]")
    elif one != other:
        shown, instead = (json.dumps(each)[:200] for each in (one, other))
        yield f"{path.removeprefix('.')}: expected {shown}, got {instead}"
