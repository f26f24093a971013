"""Names in a search: one that no spec knows is refused, since a search for it finds nothing."""

import re
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from emulator.engine.faults import Faults
from emulator.engine.search import flattened
from emulator.model.callback import Delivery
from emulator.model.entry import Entry
from emulator.model.vendor import Vendor
from emulator.spec.action import Action, Parameter
from emulator.spec.nearest import nearest, quoted, suggestion
from emulator.web.problem import AdminError
from emulator.web.shapes.callbacks import CallbacksQuery
from emulator.web.shapes.requests import RequestsQuery
from emulator.web.shapes.search import CallbackSearch, RequestSearch
from emulator.world.slices import slices

# What is so like a documented code is that one misspelt, even where `Invalid{name}` would fit it.
_MISSPELT = 0.9
_FACT = re.compile(r"\\\{\w+\\\}")


class _Scope(NamedTuple):
    """What a search may be about: vendors, a product or "", and actions, where one is named."""

    vendors: Sequence[Vendor]
    product: str
    actions: Sequence[Action]

    async def every(self) -> AsyncIterator[Action]:
        """Yield the actions; others have their turn while specs are read for the first time."""
        for action in self.actions:
            yield action
        for vendor in () if self.actions else self.vendors:
            async for (action,) in slices(vendor.catalog.every(), 1):
                if self.product in ("", action.product):
                    yield action

    async def codes(self) -> AsyncIterator[str]:
        """Yield the documented codes of the gateways, then those of the actions."""
        for vendor in self.vendors:
            for code in vendor.catalog.gateway.errors:
                yield code
        async for action in self.every():
            for code in action.errors:
                yield code

    def __str__(self) -> str:
        whose = self.actions or self.vendors
        return " or ".join(dict.fromkeys(each.name for each in whose))


async def require_of_requests(
    asked: RequestsQuery | RequestSearch,
    vendors: Sequence[Vendor],
    entries: Sequence[Entry],
    faults: Faults | None = None,
) -> None:
    """Raise AdminError, with the nearest, for a name that neither specs nor calls that came have.

    A code may also be one that a rule answers.
    """
    chosen = _vendors(vendors, asked.vendor, asked.product)
    actions = _named(chosen, asked.product, asked.action)
    owners = [each for each in chosen if not actions or asked.action in each.catalog.names]
    scope = _Scope(owners, asked.product, actions)
    if asked.action and not scope.actions:
        if any(entry.call.claim.action == asked.action for entry in entries):
            return  # no spec knows it, so nothing can be said of its codes and parameters
        raise _no_action(asked.action, scope, vendors)
    if asked.code and not await _is_code(asked.code, scope, entries, faults):
        raise _unknown("code", asked.code, [each async for each in scope.codes()], str(scope))
    parameters: Mapping[str, Any] = getattr(asked, "parameters", {})
    # Those of calls that came have been read already.
    came = {entry.call.action.name: entry.call.action for entry in entries if parameters}
    async for part in slices(flattened(parameters)):
        for path, _ in part:
            if not await _is_path(path, scope, came.values()):
                raise await _unknown_path(path, scope)


async def require_of_callbacks(
    asked: CallbacksQuery | CallbackSearch,
    vendors: Sequence[Vendor],
    deliveries: Sequence[Delivery],
) -> None:
    """Raise AdminError, with the nearest, for a vendor or an event that there is not."""
    vendor, event = asked.vendor, asked.event
    chosen = _vendors(vendors, vendor, "")
    kinds = [kind for each in chosen for kind in each.kinds.values()]
    known = dict.fromkeys(event for kind in kinds for event in kind.events)
    if not event or event in known:
        return
    async for part in slices(deliveries):
        if any(each.callback.event == event for each in part):
            return
    raise _unknown("event", event, known, " or ".join(each.name for each in chosen))


def require_one(field: str, name: str, known: Collection[str]) -> None:
    """Raise AdminError for a name that is none of a few; "" is for any."""
    if name and name not in known:
        hint = suggestion(name, known) or f"; expected one of {', '.join(known)}"
        raise _refusal(field, f"there is no {quoted(name)}{hint}")


def _vendors(vendors: Sequence[Vendor], vendor: str, product: str) -> Sequence[Vendor]:
    """Return the vendors that may be meant."""
    owners = {name: each for each in vendors for name in each.catalog.products}
    require_one("vendor", vendor, [each.name for each in vendors])
    require_one("product", product, owners)
    if vendor and product and owners[product].name != vendor:
        raise _refusal("product", f"{product} is of {owners[product].name}, not of {vendor}")
    chosen = [owners[product]] if product else vendors
    return [each for each in chosen if vendor in ("", each.name)]


def _named(vendors: Iterable[Vendor], product: str, name: str) -> Sequence[Action]:
    return [
        action
        for vendor in vendors
        for here in vendor.catalog.products
        if name and product in ("", here)
        for version in vendor.catalog.versions(here)
        if (action := vendor.catalog.find(here, version, name))
    ]


def _no_action(name: str, scope: _Scope, vendors: Sequence[Vendor]) -> AdminError:
    for vendor in vendors:
        for action in _named([vendor], "", name):
            said = f"{name} is of {vendor.name} {action.product}, not of {scope.product or scope}"
            return _refusal("action", said)
    known = sorted(each for vendor in scope.vendors for each in vendor.catalog.names)
    return _unknown("action", name, known, str(scope))


async def _is_code(
    code: str, scope: _Scope, entries: Iterable[Entry], faults: Faults | None
) -> bool:
    loaded = faults.every() if faults else ()
    if any(getattr(each.rule.fault, "code", "") == code for each in loaded):
        return True
    if any(entry.code == code for entry in entries):
        return True
    plain: list[str] = []
    may_fit = False
    async for known in scope.codes():
        if code == known:
            return True
        if "{" in known:
            may_fit = may_fit or _fits(code, known)
        else:
            plain.append(known)
    return may_fit and not nearest(code, plain, _MISSPELT)


def _fits(code: str, known: str) -> bool:
    """Return whether a code is one that has facts in it, such as `Missing{name}`."""
    return re.fullmatch(_FACT.sub(r"[A-Z][\\w.]*", re.escape(known)), code) is not None


async def _is_path(path: str, scope: _Scope, first: Iterable[Action]) -> bool:
    """Return whether an action has such a parameter; some are looked at first."""
    if not scope.actions and any(_has(action, path) for action in first):
        return True
    async for action in scope.every():
        if _has(action, path):
            return True
    return False


def _has(action: Action, path: str) -> bool:
    if path in action.parameters:
        return True
    found = action.along(path)
    return bool(found) and (len(found) == path.count(".") + 1 or _is_open(found[-1]))


def _is_open(parameter: Parameter) -> bool:
    """Return whether its spec leaves open what is in it."""
    return parameter.type in ("object", "array") and not (parameter.properties or parameter.items)


async def _unknown_path(path: str, scope: _Scope) -> AdminError:
    known: dict[str, None] = {}
    async for action in scope.every():
        found = action.along(path)
        siblings = found[-1].properties if found else action.parameters
        held = path.split(".")[: len(found)]
        known |= dict.fromkeys(".".join([*held, name]) for name in siblings)
    return _unknown("parameters", path, known, str(scope))


def _unknown(field: str, name: str, known: Iterable[str], whose: str) -> AdminError:
    return _refusal(field, f"there is no {quoted(name)} of {whose}{suggestion(name, known)}")


def _refusal(field: str, said: str) -> AdminError:
    return AdminError(400, "No such name", f"{field!r}: {said}")
