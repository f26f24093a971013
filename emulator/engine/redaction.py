"""Secrets of a call, kept out of whatever is shown of it.

What the specs mark as `secret` is one, and the session token of a temporary key. Nothing is shown
of what no spec knows, as it may be a secret under a mistaken name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from emulator.model.call import UNRESOLVED, Call
from emulator.model.error import ApiError
from emulator.model.vendor import Vendor
from emulator.spec.action import Action, Parameter
from emulator.spec.jsontext import shown as as_text

HIDDEN = "***"
_LARGE = 64 * 1024
Members = Mapping[str, Parameter]


def read_again(vendor: Vendor, call: Call) -> tuple[Action, Mapping[str, Any]]:
    """Return the action and the arguments of a call, as far as they can be told.

    A call that was refused early was not read so far by the checks.
    """
    action = call.action
    try:
        if action is UNRESOLVED:
            action = vendor.resolve(vendor.catalog, call.claim)
        return action, call.arguments or vendor.arguments(call.of(action))
    except (ApiError, ValueError, TypeError, RecursionError):
        return action, {}


def without_secrets(values: Mapping[str, Any], members: Members) -> dict[str, Any]:
    """Return the values that the members describe, with those that are secret hidden."""
    return {name: _shown(value, members[name]) for name, value in values.items() if name in members}


def _shown(value: Any, parameter: Parameter) -> Any:
    if parameter.secret:
        return HIDDEN
    if parameter.properties and isinstance(value, Mapping):
        return without_secrets(value, parameter.properties)
    if parameter.items and isinstance(value, list):
        return [_shown(each, parameter.items) for each in value]
    return HIDDEN if parameter.holds_secret else value


def unknown(values: Mapping[str, Any], members: Members, path: str = "") -> Iterator[str]:
    """Yield the path of each value that no member describes."""
    for name, value in values.items():
        here = f"{path}{name}"
        if name not in members:
            yield here
        else:
            yield from _unknown_inside(value, members[name], f"{here}.")


def _unknown_inside(value: Any, parameter: Parameter, path: str) -> Iterator[str]:
    if parameter.properties and isinstance(value, Mapping):
        yield from unknown(value, parameter.properties, path)
    elif parameter.items and isinstance(value, list):
        for index, each in enumerate(value):
            yield from _unknown_inside(each, parameter.items, f"{path}{index}.")


def secrets(vendor: Vendor, call: Call) -> frozenset[str]:
    """Return every secret that the call carries, as the texts in which it may be repeated."""
    action, arguments = read_again(vendor, call)
    found = set(_secrets(arguments, action.parameters))
    if token := call.claim.session_token:
        encoded = quote(token, safe="-_.~")
        found |= {token, encoded, quote(encoded, safe="-_.~")}
    return frozenset(found - {""})


def _secrets(values: Mapping[str, Any], members: Members) -> Iterator[str]:
    for name, value in values.items():
        if name in members:
            yield from _inside(value, members[name])


def _inside(value: Any, parameter: Parameter) -> Iterator[str]:
    if not parameter.holds_secret:
        return
    if parameter.properties and isinstance(value, Mapping):
        yield from _secrets(value, parameter.properties)
    elif parameter.items and isinstance(value, list):
        for each in value:
            yield from _inside(each, parameter.items)
    else:
        yield as_text(value)


def fit_to_show(text: str, vendor: Vendor, call: Call) -> str:
    """Return the vendor's text without any secret; nothing of it where the call is large."""
    if len(call.request.query) + len(call.request.body) > _LARGE:
        return "(a large call)"
    return hide(text, secrets(vendor, call))


def hide(text: str, texts: Iterable[str]) -> str:
    """Return the text without any of the texts."""
    for secret in sorted(texts, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def hide_named(content: Any, members: Members) -> Any:
    """Return decoded JSON with whatever has the name of a secret member hidden, at any depth."""
    return _hidden(content, frozenset(_secret_names(members)))


def hide_elements(text: str, members: Members) -> str:
    """Return XML text with the same hidden."""
    for name in _secret_names(members):
        text = re.sub(rf"(<{name}>)[^<]*", rf"\g<1>{HIDDEN}", text)
    return text


def _hidden(content: Any, names: frozenset[str]) -> Any:
    if isinstance(content, dict):
        return {
            name: HIDDEN if name in names else _hidden(value, names)
            for name, value in content.items()
        }
    return [_hidden(each, names) for each in content] if isinstance(content, list) else content


def _secret_names(members: Members) -> Iterator[str]:
    for name, parameter in members.items():
        if parameter.secret:
            yield name
        yield from _secret_names({each.name: each for each in _below(parameter)})


def _below(parameter: Parameter) -> Sequence[Parameter]:
    return [*parameter.properties.values(), *([parameter.items] if parameter.items else ())]
