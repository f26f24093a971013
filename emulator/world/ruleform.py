"""The form of rules in documents: keys, types, ranges and defaults, from the fields of values."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from inspect import cleandoc
from typing import Any, NamedTuple

from msgspec import structs

from emulator.model.fault import FAULTS, WORDS, CallbackFault, Fault, PlaceFault, Skew
from emulator.model.rule import Rule, When
from emulator.spec.document import Table

MAX_SECONDS = 366 * 86400
NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"


class Range(NamedTuple):
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.least:g} to {self.most:.10g}"


class Key(NamedTuple):
    """One key of a table: what a field is named, takes, and is without it."""

    name: str
    kind: Any
    is_required: bool
    default: Any
    range: Range | None


def keys(record: type) -> tuple[Key, ...]:
    """Return the keys of a fault, or of when it strikes."""
    found = []
    for each in structs.fields(record):
        within = _OWN.get((record, each.name)) or RANGES.get(each.name)
        default = None if each.required else each.default
        found.append(Key(each.name, each.type, each.required, default, within))
    return tuple(found)


def read(table: Table, record: type) -> Any:
    """Take the keys of a record from a table; raises DocumentError."""
    return record(**{key.name: _form(key.kind).read(table, key) for key in keys(record)})


def write(rule: Rule) -> dict[str, Any]:
    """Return a rule as a document has it, without what is as it would be anyway."""
    said: dict[str, Any] = {"name": rule.name, "fault": WORDS[type(rule.fault)]}
    for record in (rule.fault, rule.when):
        for key in keys(type(record)):
            value = getattr(record, key.name)
            if value != key.default:
                said[key.name] = _plain(value)
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def unfit(kind: type[Fault]) -> Sequence[str]:
    """Return the keys of When that a rule of this fault cannot have."""
    return next((keys for each, keys in _UNFIT if issubclass(kind, each)), ("event",))


def schema(reference: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the JSON Schema of a rule, one of the faults with its keys, and what it refers to.

    `reference` is the address of such a one, with `{name}` in it.
    """
    shared = {f"When.{key.name}": _described(key) for key in keys(When)}
    one_of = [_of_fault(word, reference) for word in FAULTS]
    return {"type": "object", "required": ["fault"], "oneOf": one_of}, shared


def explained(record: type) -> str:
    """Return the first sentence on what a fault is."""
    return cleandoc(record.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def _of_fault(word: str, reference: str) -> dict[str, Any]:
    own, left_out = keys(FAULTS[word]), unfit(FAULTS[word])
    when = [key.name for key in keys(When) if key.name not in left_out]
    properties = {
        "name": {"type": "string", "pattern": NAME, "description": "Else fault and number."},
        "fault": {"const": word, "description": explained(FAULTS[word])},
        **{key.name: _described(key) for key in own},
        **{name: {"$ref": reference.format(name=f"When.{name}")} for name in when},
    }
    return {
        "title": word,
        "type": "object",
        "required": ["fault", *(key.name for key in own if key.is_required)],
        "properties": properties,
        "additionalProperties": False,
    }


def _described(key: Key) -> dict[str, Any]:
    described = dict(_form(key.kind).schema)
    if key.is_required and key.kind is str:
        described["minLength"] = 1
    if key.range:
        described |= {"minimum": key.range.least, "maximum": key.range.most}
    if not key.is_required and key.default not in ("", None, (), {}):
        described["default"] = key.default
    return described


def _text(table: Table, key: Key) -> str:
    if not key.is_required:
        return table.take(key.name, str, key.default)
    text = table.take(key.name, str)
    if not text:
        raise table.error(f"{key.name!r} must not be empty")
    return text


def _flag(table: Table, key: Key) -> bool:
    return table.take(key.name, bool, key.default)


def _whole(table: Table, key: Key) -> int:
    value = table.take(key.name, int) if key.is_required else table.take(key.name, int, key.default)
    return int(_within(table, key, value))


def _number(table: Table, key: Key) -> float | None:
    if key.name not in table.content and not key.is_required:
        table.take(key.name, float, None)
        return key.default  # type: ignore[no-any-return]  # of the field's own type
    value = table.take(key.name, (int, float))
    return _within(table, key, value)


def _within(table: Table, key: Key, value: float) -> float:
    assert key.range, f"{key.name} has no range"
    if not key.range.least <= value <= key.range.most:
        raise table.error(f"{key.name!r} must be {key.range}, not {value}")
    return value


def _numbers(table: Table, key: Key) -> tuple[int, ...]:
    values: list[Any] = table.take(key.name, list, [])
    if not all(type(value) is int and value >= 1 for value in values):
        raise table.error(f"{key.name!r} must be a list of numbers, 1 or more")
    return tuple(values)


def _members(table: Table, key: Key) -> dict[str, Any]:
    content: dict[str, Any] = table.take(key.name, dict, {})
    return content


def _word(table: Table, key: Key) -> Enum:
    kind: type[Enum] = key.kind
    words = tuple(str(each.value) for each in kind)
    default = () if key.is_required else (key.default.value,)
    return kind(table.one_of(key.name, words, *default))


def _form(kind: Any) -> "_Form":
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _Form(_word, {"enum": [each.value for each in kind]})
    return _FORMS[kind]


class _Form(NamedTuple):
    read: Callable[[Table, Key], Any]
    schema: Mapping[str, Any]


_FORMS: Mapping[Any, _Form] = {
    str: _Form(_text, {"type": "string"}),
    bool: _Form(_flag, {"type": "boolean"}),
    int: _Form(_whole, {"type": "integer"}),
    float: _Form(_number, {"type": "number"}),
    float | None: _Form(_number, {"type": "number"}),
    tuple[int, ...]: _Form(_numbers, {"type": "array", "items": {"type": "integer", "minimum": 1}}),
    Mapping[str, Any]: _Form(_members, {"type": "object"}),
}
OF_CALLS = ("vendor", "product", "action", "region", "parameters")
_UNFIT: Sequence[tuple[type[Fault], Sequence[str]]] = (
    (CallbackFault, ()),
    (PlaceFault, (*OF_CALLS, "event")),
    (Skew, ("parameters", "event")),
)

_SECONDS, _COUNT = Range(0, MAX_SECONDS), Range(0, 1_000_000)
RANGES: Mapping[str, Range] = {
    "seconds": _SECONDS,
    "spread_seconds": _SECONDS,
    "apart_seconds": _SECONDS,
    "every_seconds": _SECONDS,
    "from_seconds": _SECONDS,
    "until_seconds": _SECONDS,
    "sigma": Range(0, 5),
    "share": Range(0, 1),
    "probability": Range(0, 1),
    "every": _COUNT,
    "times": _COUNT,
    "copies": Range(1, 100),
    "status": Range(400, 599),
    "by": Range(-1_000_000, 1_000_000),
    "bytes_per_second": Range(1, 1_000_000_000),
}
_OWN: Mapping[tuple[type, str], Range] = {(Skew, "seconds"): Range(-MAX_SECONDS, MAX_SECONDS)}
