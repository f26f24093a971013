"""What vendors' tables are made of: plain functions, so that a turn is never interrupted."""

from collections.abc import Callable, Iterator
from functools import partial
from inspect import iscoroutinefunction

import pytest

from emulator.model.vendor import Step, Vendor
from emulator.vendors import VENDORS


def functions(vendor: Vendor) -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield every function that decides or changes something, with where it stands."""
    for item in vendor.order:
        if not isinstance(item, Step):
            yield f"order {item.__name__}", item
    for product, handlers in vendor.handlers.items():
        for action, handler in handlers.items():
            yield f"{product} {action}", handler
    for name, course in vendor.courses.items():
        yield f"course {name}", course
    for name, witness in vendor.witnesses.items():
        yield f"witness {name}", witness
    for name, life in vendor.lives.items():
        yield f"life {name}", life.fail
    for name, query in vendor.queries.items():
        yield f"query {name}", query.ids
    for name, probe in vendor.probes.items():
        yield f"probe {name}", probe
    for name, kind in vendor.kinds.items():
        yield f"signing key {name}", kind.signing_key


def is_plain(function: Callable[..., object]) -> bool:
    while isinstance(function, partial):
        function = function.func
    return not (iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__))


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_nothing_in_a_vendors_tables_can_wait(vendor: Vendor) -> None:
    assert [where for where, function in functions(vendor) if not is_plain(function)] == []


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_probe_is_of_an_action_that_there_is(vendor: Vendor) -> None:
    actions = {action for handlers in vendor.handlers.values() for action in handlers}

    assert set(vendor.probes) <= actions
