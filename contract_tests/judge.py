"""An independent judge: the specs translated to JSON Schema, and asked of jsonschema.

What JSON Schema has no word for is a word of our own with a function here: `uniqueBy`, `maxBytes`,
the times and rectangles of the rules. Null counts as absent, and so does an empty text where its
limits allow none.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import jsonschema
from jsonschema.exceptions import ValidationError

from contract_tests.arguments import ISO_8601, at
from contract_tests.documents import Action, Member
from contract_tests.values import WIDTHS

Schema = dict[str, Any]


class Objection(NamedTuple):
    """What is wrong, and where; `value` is what messages show of it, `code` is the rule's own."""

    path: str
    keyword: str
    value: object = None
    code: str = ""


def objections(action: Action, sent: Mapping[str, Any], now: int) -> Sequence[Objection]:
    """Return what the spec objects to in settled arguments; rules only where all else is right."""
    sent = _without_empty_texts(sent, action.parameters)
    found = [_blamed(error) for error in _VALIDATOR(_schema(action)).iter_errors(sent)]
    if not found:
        subject = {"sent": sent, "now": now, **_staged(action, sent)}
        for root, rule in _rules(action):
            if root in subject:
                found += [_below(_blamed(error)) for error in _VALIDATOR(rule).iter_errors(subject)]
    return found


def misfits(action: Action, answered: object) -> Sequence[str]:
    """Return how an answer differs from the response that the spec documents."""
    schema = _object(action.response, is_strict=True)
    errors = _VALIDATOR(schema).iter_errors(answered)
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in errors]


def _blamed(error: ValidationError) -> Objection:
    """Read an error of jsonschema as the constraint that is broken."""
    if rule := error.schema.get("$comment"):
        named: dict[str, str] = json.loads(rule)
        is_inside = named["rule"] in ("matches", "contains", "enum")
        value = at(error.instance, named["path"]) if is_inside else error.instance
        value = None if named["rule"] == "anyOf" else value
        return Objection(named["path"], named["rule"], value, named["code"])
    path, word = ".".join(map(str, error.absolute_path)), str(error.validator)
    if word == "required":
        missing = error.message.split("'")[1]
        return Objection(f"{path}.{missing}".removeprefix("."), word)
    if word == "not":
        return Objection(path, "required")
    if word == "additionalProperties":
        unknown = next(name for name in error.instance if name not in error.schema["properties"])
        return Objection(f"{path}.{unknown}".removeprefix("."), word, error.instance[unknown])
    is_width = error.schema.get("title") == "width"
    return Objection(path, "type" if is_width else word, error.instance)


def _below(objection: Objection) -> Objection:
    """Return it without the name of the stage, with which paths of rules begin."""
    return objection._replace(path=objection.path.partition(".")[2])


def _without_empty_texts(sent: Mapping[str, Any], members: Mapping[str, Member]) -> dict[str, Any]:
    return {
        name: _within_value(value, members.get(name))
        for name, value in sent.items()
        if not (value == "" and name in members and forbids_empty(members[name]))
    }


def _within_value(value: Any, member: Member | None) -> Any:
    if member and member.members and type(value) is dict:
        return _without_empty_texts(value, member.members)
    if member and member.items and type(value) is list:
        return [_within_value(item, member.items) for item in value]
    return value


def forbids_empty(member: Member) -> bool:
    """Return whether the limits of a text allow no empty one."""
    if member.type != "string" or not member.limits:
        return False
    return not _VALIDATOR(_value(member, True)).is_valid("")


@cache
def _schema(action: Action) -> Schema:
    return _object(action.parameters, action.is_strict)


def _object(members: Mapping[str, Member], is_strict: bool) -> Schema:
    schema: Schema = {"type": "object", "properties": {}}
    if is_strict:
        schema["additionalProperties"] = False
    required = [n for n, m in members.items() if m.is_required and not m.applies_when]
    if required:
        schema["required"] = required
    conditions = []
    for name, member in members.items():
        schema["properties"][name] = {} if member.applies_when else _property(member, is_strict)
        if member.applies_when:
            then: Schema = {"properties": {name: _property(member, is_strict)}}
            if member.is_required:
                then["required"] = [name]
            conditions.append({"if": _siblings(member, members), "then": then})
    if conditions:
        schema["allOf"] = conditions
    return schema


def _property(member: Member, is_strict: bool) -> Schema:
    schema = _value(member, is_strict)
    if member.is_required:
        return {"if": {"type": "null"}, "then": {"not": {"type": "null"}}, "else": schema}
    return {"if": {"not": {"type": "null"}}, "then": schema}


def _siblings(member: Member, members: Mapping[str, Member]) -> Schema:
    """Return the schema of an object in which a conditional member applies."""
    conditions = []
    for sibling, wanted in member.applies_when.items():
        is_default = members[sibling].default == wanted
        values = [wanted, None] if is_default else [wanted]
        condition: Schema = {"properties": {sibling: {"enum": values}}}
        if not is_default:
            condition["required"] = [sibling]
        conditions.append(condition)
    return {"allOf": conditions}


def _value(member: Member, is_strict: bool) -> Schema:
    """Return the schema of one value: its type first, and only then what it is held to."""
    limits = dict(member.limits)
    width = limits.pop("format", "int64")
    if "pattern" in limits:
        limits["pattern"] = rf"\A(?:{limits['pattern']})\Z"
    kept: Schema = {"allOf": [{word: limit} for word, limit in limits.items()]} if limits else {}
    if member.members:
        return _object(member.members, is_strict)
    if member.items:
        kept["items"] = _value(member.items, is_strict)
    typed: Schema = {"type": member.type}
    if member.type == "integer":
        lowest, highest = WIDTHS[width]
        typed = {"allOf": [typed, {"title": "width", "minimum": lowest, "maximum": highest}]}
    return {"if": typed, "then": kept, "else": typed}


@cache
def _rules(action: Action) -> Sequence[tuple[str, Schema]]:
    """Return each rule with the name of what it is asked of: what was `sent`, or of a stage."""
    roots = [rule.get("stage", "sent") for rule in action.rules]
    return [
        (root, _rule(rule, root, action)) for root, rule in zip(roots, action.rules, strict=True)
    ]


def _rule(rule: Mapping[str, Any], root: str, action: Action) -> Schema:
    """Translate a rule to a schema of the call: what was `sent`, `now`, and what stages add."""
    if "conforms" in rule:
        inner = _value(action.shared(rule["conforms"]), False)
        return _within(f"{root}.{rule['path']}", inner)
    name = rule["rule"]
    path = rule["paths"][0] if "paths" in rule else rule.get("path") or rule["list"]
    note = json.dumps({"rule": name, "path": f"{root}.{path}", "code": rule.get("code", "")})
    if name == "anyOf":
        demand: Schema = {"anyOf": [_has(f"{root}.{each}") for each in rule["paths"]]}
        demand = {"not": {"not": demand}}
    elif name == "matches":
        pattern = rf"\A(?:{rule['pattern']})\Z"
        demand = _within(f"{root}.{rule['path']}", {"pattern": pattern})
        demand = {"not": {"not": demand}}
    elif name == "contains":
        demand = _within(f"{root}.{rule['path']}", {"pattern": re.escape(rule["text"])})
        demand = {"not": {"not": demand}}
    elif name == "enum":
        demand = _within(f"{root}.{rule['path']}", {"enum": rule["enum"]})
        demand = {"not": {"not": demand}}
    else:
        demand = {f"emulator:{name}": dict(rule)}
    return {"if": {"allOf": _conditions(rule, root)}, "then": {**demand, "$comment": note}}


def _conditions(rule: Mapping[str, Any], root: str) -> list[Schema]:
    return [
        *(_has(f"{root}.{path}", {"const": value}) for path, value in rule.get("when", {}).items()),
        *(
            _has(f"{root}.{path}", {"exclusiveMinimum": limit})
            for path, limit in rule.get("over", {}).items()
        ),
        *({"not": _has(f"{root}.{path}")} for path in rule.get("absent", ())),
    ]


def _has(path: str, schema: Schema | None = None) -> Schema:
    """Return the schema of what has a value, other than null, at the path."""
    for name in reversed(path.split(".")):
        inner = schema if schema is not None else {"not": {"type": "null"}}
        if name.isdecimal():
            schema = {"type": "array", "minItems": 1, "prefixItems": [inner]}
        else:
            schema = {"type": "object", "required": [name], "properties": {name: inner}}
    assert schema is not None
    return schema


def _within(path: str, schema: Schema) -> Schema:
    """Return the schema of what obeys at the path, if there is anything there."""
    for name in reversed(path.split(".")):
        schema = {"properties": {name: {"if": {"not": {"type": "null"}}, "then": schema}}}
    return schema


def _staged(action: Action, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what handlers make of the arguments before the rules of their stage are asked.

    `config`: a snapshot template's text, read. `effective`: the settings of a job whose template
    says nothing, under its overrides.
    """
    staged: dict[str, Any] = {}
    stages = {rule.get("stage") for rule in action.rules}
    if "config" in stages and sent.get("TemplateConfig") and sent.get("Type", 2) == 2:
        staged["config"] = {**sent, "TemplateConfig": json.loads(sent["TemplateConfig"])}
    if "effective" in stages:
        overrides = action.parameters["TemplateConfig"].members["OverwriteParams"].members
        given = at(sent, "TemplateConfig.OverwriteParams") or {}
        defaults = {n: m.default for n, m in overrides.items() if m.default is not None}
        config = {**defaults, **{n: v for n, v in given.items() if v is not None}}
        staged["effective"] = {"Output": sent.get("Output"), "Config": config}
    return staged


Errors = Iterator[ValidationError]


def _after(validator: Any, rule: Any, subject: Any, schema: Any) -> Errors:
    value, limit = _time(subject, rule["path"]), _time(subject, rule["than"])
    given = subject["sent"].get(rule["path"])
    if given is not None and not value > limit:
        yield _error(given, schema)


def _within_seconds(validator: Any, rule: Any, subject: Any, schema: Any) -> Errors:
    value, start = _time(subject, rule["path"]), _time(subject, rule["of"])
    if value - start > rule["seconds"]:
        yield _error(subject["sent"][rule["path"]], schema)


def _recent(validator: Any, rule: Any, subject: Any, schema: Any) -> Errors:
    value = _time(subject, rule["path"])
    if subject["now"] - value > rule["seconds"]:
        yield _error(value, schema)


def _fits(validator: Any, rule: Any, subject: Any, schema: Any) -> Errors:
    canvas = at(subject["sent"], rule["inside"])
    for index, each in enumerate(at(subject["sent"], rule["list"]) or () if canvas else ()):
        inner = each[rule["member"]]
        right = (inner.get("X") or 0) + inner["Width"]
        bottom = (inner.get("Y") or 0) + inner["Height"]
        if right > canvas["Width"] or bottom > canvas["Height"]:
            path = f"sent.{rule['list']}.{index}.{rule['member']}"
            yield _error(f"{right}x{bottom}", schema, path=path)


def _time(subject: Any, name: str) -> float:
    """Return the moment in Unix seconds; what is no moment is later than all."""
    value = subject["sent"].get(name)
    if isinstance(value, str):
        try:
            return datetime.strptime(value, f"{ISO_8601[:-1]}%z").timestamp()
        except ValueError:
            return math.inf
    time: int = subject["now"] if name == "now" or value is None else value
    return time


def _error(value: object, schema: Schema, **changes: str) -> ValidationError:
    note = json.dumps({**json.loads(schema["$comment"]), **changes})
    return ValidationError("a rule", instance=value, schema={"$comment": note})


def _unique_by(validator: Any, name: str, items: Any, schema: Any) -> Errors:
    members = [item for item in items if isinstance(item, dict)]
    named = [json.dumps(each[name]) for each in members if isinstance(each.get(name), int | str)]
    if len(set(named)) < len(named):
        yield ValidationError(f"several have the same {name}")


def _max_bytes(validator: Any, limit: int, text: Any, schema: Any) -> Errors:
    if len(text.encode()) > limit:
        yield ValidationError(f"longer than {limit} bytes")


def _content(validator: Any, kind: str, text: Any, schema: Any) -> Errors:
    try:
        json.loads(text)
    except ValueError:
        yield ValidationError(f"is not {kind}")


def _pattern(validator: Any, pattern: str, text: Any, schema: Any) -> Errors:
    if isinstance(text, str) and not re.search(pattern, text):
        yield ValidationError(f"does not match {pattern}")


def _is_integer(checker: Any, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_VALIDATOR = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    {
        "uniqueBy": _unique_by,
        "maxBytes": _max_bytes,
        "contentMediaType": _content,
        "pattern": _pattern,
        "emulator:after": _after,
        "emulator:within": _within_seconds,
        "emulator:recent": _recent,
        "emulator:fits": _fits,
    },
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)
