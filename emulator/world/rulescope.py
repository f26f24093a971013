"""The scope of rules: that the vendors have what a rule speaks of, and document it there."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from emulator.model.fault import (
    BadGateway,
    CallbackFault,
    Denied,
    Fails,
    Fault,
    Interrupted,
    Outage,
    PlaceFault,
    Refuse,
    ResultFault,
    TaskFault,
    Vacated,
)
from emulator.model.rule import When
from emulator.spec.action import ACCOUNT_STATES, Action, ErrorSpec
from emulator.spec.catalog import Catalog
from emulator.spec.document import Table
from emulator.spec.nearest import quoted, suggestion, with_nearest
from emulator.world.place import WITH_STREAMS, complaint

Catalogs = Mapping[str, Catalog]


class Making(NamedTuple):
    """How a kind of task is made, by an action or none; how it may fail, None for any code; and the
    events that tell of it.
    """

    vendor: str
    product: str
    action: str
    codes: tuple[str, ...] | None
    events: tuple[str, ...]


_GATEWAYS = (502, 503, 504)


class _Scope(NamedTuple):
    """The vendors that a rule may be about, its product, and its action where it names one."""

    catalogs: Catalogs
    product: str
    actions: Sequence[Action]
    makings: Sequence[Making]

    def errors(self) -> Mapping[str, ErrorSpec]:
        """Return the errors of the action, and of the gateways for any action."""
        known: dict[str, ErrorSpec] = {}
        for catalog in self.catalogs.values():
            known |= catalog.gateway.errors
        for action in self.actions:
            known |= action.errors
        return known


def require(
    table: Table, fault: Fault, when: When, catalogs: Catalogs, makings: Sequence[Making]
) -> None:
    """Raise DocumentError where a vendor has no such thing, or documents it elsewhere."""
    scope = _scope(table, when, catalogs, makings)
    _require_region(table, when, scope)
    _require_parameters(table, when, scope)
    if isinstance(fault, TaskFault | CallbackFault | ResultFault):
        _require_task(table, when, scope)
    _require_event(table, when, scope)
    if demand := _DEMANDS.get(type(fault)):
        demand(table, fault, scope)


def _scope(table: Table, when: When, catalogs: Catalogs, makings: Sequence[Making]) -> _Scope:
    chosen = dict(catalogs)
    if when.vendor:
        _require_one(table, "vendor", when.vendor, catalogs)
        chosen = {when.vendor: catalogs[when.vendor]}
    if when.product:
        _require_one(table, "product", when.product, _products(chosen))
        chosen = {name: each for name, each in chosen.items() if when.product in each.products}
    if not when.action:
        meant = [m for m in makings if m.vendor in chosen and when.product in ("", m.product)]
        return _Scope(chosen, when.product, (), meant)
    there = {name: _named(each, when.product, when.action) for name, each in chosen.items()}
    chosen = {name: chosen[name] for name, actions in there.items() if actions}
    if not chosen:
        raise _no_action(table, when, catalogs)
    actions = [action for found in there.values() for action in found]
    product = when.product or actions[0].product
    return _Scope(chosen, product, actions, _makings_of(actions, chosen, makings))


def _makings_of(
    actions: Sequence[Action], chosen: Catalogs, makings: Sequence[Making]
) -> Sequence[Making]:
    named = {(action.product, action.name) for action in actions}
    return [m for m in makings if m.vendor in chosen and (m.product, m.action) in named]


def _named(catalog: Catalog, product: str, name: str) -> Sequence[Action]:
    products = (product,) if product else catalog.products
    places = ((each, version) for each in products for version in catalog.versions(each))
    found = (catalog.find(*place, name) for place in places)
    return [action for action in found if action]


def _no_action(table: Table, when: When, catalogs: Catalogs) -> Exception:
    for vendor, catalog in catalogs.items():
        for action in _named(catalog, "", when.action):
            other = when.product or when.vendor
            return table.error(
                f"'action': {action.name} is of {vendor} {action.product}, not of {other}"
            )
    names = sorted(name for catalog in catalogs.values() for name in catalog.names)
    missing = f"there is no {quoted(when.action)} here{suggestion(when.action, names)}"
    return table.error(f"'action': {missing}")


def _require_region(table: Table, when: When, scope: _Scope) -> None:
    rules = [rule for action in scope.actions for rule in action.regions.values()]
    gateways = [catalog.gateway for catalog in scope.catalogs.values()]
    own = {region for rule in rules for region in rule.values}
    known = own or {region for gateway in gateways for region in gateway.regions}
    # Where a vendor's regions are not in its specs, any may be named.
    if when.region and known and (scope.actions or len(scope.catalogs) == 1):
        _require_one(table, "region", when.region, sorted(known))


def _require_parameters(table: Table, when: When, scope: _Scope) -> None:
    known = [name for action in scope.actions for name in action.parameters]
    for path in when.parameters:
        if scope.actions and path.partition(".")[0] not in known:
            name = scope.actions[0].name
            raise table.error(f"'parameters': {name} has no {with_nearest(path, known)}")
        for action in scope.actions:
            _require_path(table, path, action)


def _require_path(table: Table, path: str, action: Action) -> None:
    """Refuse a path whose holder is known, and has no such member."""
    parts, found = path.split("."), action.along(path)
    if len(found) < len(parts) and found and found[-1].properties:
        known = [".".join([*parts[: len(found)], name]) for name in found[-1].properties]
        raise table.error(f"'parameters': {action.name} has no {with_nearest(path, known)}")


def _require_task(table: Table, when: When, scope: _Scope) -> None:
    if when.action and not scope.makings:
        raise table.error(
            f"'action': {when.action} makes no task, so nothing of it is made, told or kept that "
            "could go wrong"
        )


def _require_event(table: Table, when: When, scope: _Scope) -> None:
    if when.event:
        known = [event for making in scope.makings for event in making.events]
        _require_one(table, "event", when.event, list(dict.fromkeys(known)))


# What single faults demand.


def _refusal(table: Table, fault: Refuse, scope: _Scope) -> None:
    if fault.force:
        return
    if len(scope.catalogs) > 1:
        raise table.error("'code' needs an 'action', 'product' or 'vendor' that documents it")
    known = scope.errors()
    if fault.code not in known:
        whose = scope.actions[0].name if scope.actions else "the gateway, for all actions"
        raise table.error(
            f"'code' must be one that is documented of {whose}, not {quoted(fault.code)}"
            f"{suggestion(fault.code, known)}; any other needs 'force = true'"
        )


def _denial(table: Table, fault: Denied, scope: _Scope) -> None:
    _require_one(table, "state", fault.state, ACCOUNT_STATES)


def _failure(table: Table, fault: Fails, scope: _Scope) -> None:
    codes = [making.codes for making in scope.makings]
    known = [code for each in codes for code in each or ()]
    if fault.code and None not in codes:
        _require_one(table, "code", fault.code, list(dict.fromkeys(known)))


def _place(table: Table, fault: PlaceFault, scope: _Scope) -> None:
    products = _products(scope.catalogs)
    if wrong := complaint(fault.place, [each for each in WITH_STREAMS if each in products]):
        raise table.error(f"'place' {wrong}")


def _interruption(table: Table, fault: Interrupted, scope: _Scope) -> None:
    _place(table, fault, scope)
    if 0 < fault.every_seconds < 1:
        raise table.error("'every_seconds' must be 0 for once, or 1 at least")


def _gateway(table: Table, fault: BadGateway, scope: _Scope) -> None:
    if fault.status not in _GATEWAYS:
        raise table.error(
            f"'status' must be one of {', '.join(map(str, _GATEWAYS))}, not {fault.status}"
        )


_DEMANDS: Mapping[type[Fault], Callable[[Table, Any, _Scope], None]] = {
    Refuse: _refusal,
    Denied: _denial,
    Fails: _failure,
    Interrupted: _interruption,
    Vacated: _place,
    BadGateway: _gateway,
    Outage: _gateway,
}


def _require_one(table: Table, key: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        expected = f"one of {', '.join(known)}" if known else "left out"
        raise table.error(f"{key!r} must be {expected}, not {with_nearest(value, known)}")


def _products(catalogs: Catalogs) -> list[str]:
    return [product for catalog in catalogs.values() for product in catalog.products]
