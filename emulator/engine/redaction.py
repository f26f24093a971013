"""Secrets of a call, kept out of whatever is shown of it.

What the specs mark as `secret` is one, and the session token of a temporary key. Nothing is shown
of what no spec knows, as it may be a secret under a mistaken name.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from emulator.model.call import UNRESOLVED, Call
from emulator.model.error import ApiError
from emulator.model.secrecy import HIDDEN, hide
from emulator.model.vendor import Vendor
from emulator.spec.action import Action, Parameter
from emulator.spec.jsontext import shown as as_text
from emulator.spec.password import credentials, without_passwords

_LARGE = 64 * 1024
Members = Mapping[str, Parameter]


def read_again(vendor: Vendor, call: Call) -> tuple[Action, Mapping[str, Any]]:
    """Return the action and the arguments of a call, as far as they can be told.

    A call that was refused early was not read so far by the checks.
    """
    action = resolved(vendor, call)
    if action is UNRESOLVED or call.arguments:
        return action, call.arguments
    try:
        return action, vendor.arguments(call.of(action))
    except (ApiError, ValueError, TypeError, RecursionError):
        return action, {}


def resolved(vendor: Vendor, call: Call) -> Action:
    """Return the action that the call names, verified or not; UNRESOLVED where there is none."""
    if call.action is not UNRESOLVED:
        return call.action
    try:
        return vendor.resolve(vendor.catalog, call.claim)
    except ApiError:
        return UNRESOLVED


def without_secrets(values: Mapping[str, Any], members: Members) -> dict[str, Any]:
    """Return the values that the members describe, with those that are secret hidden."""
    return {n: without_secret(value, members[n]) for n, value in values.items() if n in members}


def without_secret(value: Any, parameter: Parameter) -> Any:
    """Return the value of a parameter without what is secret in it, or what nobody knows."""
    if parameter.secret:
        return HIDDEN
    if parameter.properties and isinstance(value, Mapping):
        return without_secrets(value, parameter.properties)
    if parameter.items and isinstance(value, list):
        return [without_secret(each, parameter.items) for each in value]
    if parameter.holds_secret or _is_strange(value, parameter):
        return HIDDEN
    return in_texts(value, without_passwords)


def _is_strange(value: Any, parameter: Parameter) -> bool:
    """Return whether there is more in a value than the parameter has names for."""
    is_mapping, is_list = isinstance(value, Mapping), isinstance(value, list)
    if isinstance(value, str) and (parameter.properties or parameter.items):
        return value.lstrip().startswith(("{", "["))
    return (is_mapping and parameter.type != "object") or (is_list and parameter.type != "array")


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
    """Return every secret that the call carries, and the credentials in its URLs."""
    action, arguments = read_again(vendor, call)
    found = set(_secrets(arguments, action.parameters))
    found |= {
        value
        for name, value in call.claim.fields
        if any(each.secret for each in action.along(name))
    }
    found |= {each for text in _leaves(arguments) for each in credentials(text)}
    return frozenset((found | {call.claim.session_token}) - {""})


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
        yield from _leaves(value)


def _leaves(value: Any) -> Iterator[str]:
    """Yield the texts in a value that has another shape than a secret should have."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)


def fit_to_show(text: str, vendor: Vendor, call: Call) -> str:
    """Return the vendor's text without any secret; nothing of it where the call is large."""
    if len(call.request.query) + len(call.request.body) > _LARGE:
        return "(a large call)"
    return hide(text, secrets(vendor, call))


def hide_named(content: Any, members: Members) -> Any:
    """Return decoded JSON with whatever has the name of a secret member hidden, at any depth."""
    return _hidden(content, frozenset(_secret_names(members)))


def hide_elements(text: str, members: Members) -> str:
    """Return XML text with the same hidden."""
    for name in _secret_names(members):
        text = replace_element(text, name, HIDDEN)
    return text


def replace_element(text: str, name: str, content: str) -> str:
    """Return XML text with other content of the elements of a name."""
    escaped = escape(content)
    return re.sub(rf"(<{re.escape(name)}>)[^<]*", lambda match: f"{match[1]}{escaped}", text)


def in_texts(content: Any, change: Callable[[str], str]) -> Any:
    """Return decoded JSON with every text in it changed."""
    if isinstance(content, dict):
        return {name: in_texts(value, change) for name, value in content.items()}
    if isinstance(content, list):
        return [in_texts(each, change) for each in content]
    return change(content) if isinstance(content, str) else content


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
