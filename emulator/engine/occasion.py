"""Occasions: what rules are asked about, and what a rule asks of one."""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.engine.search import at, flattened
from emulator.model.rule import When
from emulator.spec.value import Value

# Returns what is true or not: rules are asked so often that it takes no time to make it a bool.
Question = Callable[["Occasion"], object]
_ABSENT = object()
_NONE: Mapping[str, Any] = {}


class Occasion(Value):
    """What a rule is asked about. `parameters` are the call's, or of the call behind the task."""

    vendor: str = ""
    product: str = ""
    action: str = ""
    region: str = ""
    event: str = ""
    parameters: Mapping[str, Any] | None = None


def concerns(when: When, vendor: str, product: str, action: str) -> bool:
    """Return whether some occasions of the action can fit."""
    named = ((when.vendor, vendor), (when.product, product), (when.action, action))
    return all(wanted in ("", said) for wanted, said in named)


def questions(when: When) -> tuple[Question, ...]:
    """Return what has to be true of an occasion that fits, of an action that is concerned.

    A path may come twice, as `a.b` and in `a`; both have to hold.
    """
    asked = [_region(when.region)] if when.region else []
    asked += [_event(when.event)] if when.event else []
    asked += [_parameter(path, wanted) for path, wanted in flattened(when.parameters)]
    return tuple(asked)


def _region(wanted: str) -> Question:
    return lambda occasion: occasion.region == wanted


def _event(wanted: str) -> Question:
    return lambda occasion: occasion.event == wanted


def _parameter(path: str, wanted: Any) -> Question:
    if "." in path:
        return lambda occasion: at(occasion.parameters or _NONE, path) == wanted
    return lambda occasion: (occasion.parameters or _NONE).get(path, _ABSENT) == wanted
