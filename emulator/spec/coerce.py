"""Text fields of a form or query string, turned into typed arguments by the action's schema."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from emulator.spec.action import Parameter

Decode = Callable[[str], Any]
_MAX_DEPTH = 32


def coerce(
    fields: Iterable[tuple[str, str]], members: Mapping[str, Parameter], decode_json: Decode
) -> dict[str, Any]:
    """Return nested, typed arguments from flattened names such as `A.B.0.C`.

    What cannot be converted stays text, and what the schema does not know stays under its name,
    so that validation reports both. List items keep the order of their indices, wherever these
    begin. Objects and lists may also come whole, as JSON text: `decode_json` reads it and raises
    ValueError. Of a repeated name the last counts.
    """
    root = _Members()
    for name, text in fields:
        if "." not in name:
            member = members.get(name)
            root[name] = text if member is None else _typed(text, member, decode_json)
            continue
        _plant(root, name.split(".", _MAX_DEPTH), text, members, decode_json)
    return {name: _grown(value) for name, value in root.items()}


def _plant(
    root: "_Members",
    path: list[str],
    text: str,
    members: Mapping[str, Parameter],
    decode_json: Decode,
) -> None:
    holder: dict[Any, Any] = root
    schema: Parameter | None
    for depth, part in enumerate(path):
        is_last = depth == len(path) - 1
        key: str | int = part
        if isinstance(holder, _Items):
            schema = holder.schema.items if part.isdecimal() and part.isascii() else None
            key = int(part[:18]) if schema else part
        else:
            schema = members.get(part)
        if schema is None:
            holder[".".join(path[depth:])] = text
            return
        if is_last:
            holder[key] = _typed(text, schema, decode_json)
            return
        below = holder.get(key)
        if below is None and schema.type in ("object", "array"):
            below = holder[key] = _Items(schema) if schema.type == "array" else _Members()
        if not isinstance(below, _Members | _Items):
            holder[key] = text
            return
        holder, members = below, schema.properties


def _typed(text: str, schema: Parameter, decode_json: Decode) -> object:
    match schema.type:
        case "integer":
            return _integer(text)
        case "boolean":
            return {"true": True, "false": False}.get(text.lower(), text)
        case "number":
            return _number(text)
        case "object" | "array":
            try:
                return decode_json(text)
            except ValueError:
                return text
    return text


def _integer(text: str) -> object:
    digits = text[1:] if text[:1] == "-" else text
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 40 else text


def _number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


class _Members(dict[Any, Any]):
    """An object in the making."""


class _Items(dict[Any, Any]):
    """A list in the making: items by index, until all fields are read."""

    def __init__(self, schema: Parameter) -> None:
        super().__init__()
        self.schema = schema


def _grown(value: Any) -> Any:
    if isinstance(value, _Items):
        if all(isinstance(key, int) for key in value):
            return [_grown(value[index]) for index in sorted(value)]
        return {str(key): _grown(item) for key, item in value.items()}
    if isinstance(value, _Members):
        return {name: _grown(item) for name, item in value.items()}
    return value
