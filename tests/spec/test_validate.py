"""Validation against jsonschema, an independent judge fed with the same specs."""

from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.spec.action import Action, Evidence, Parameter, Provenance
from emulator.spec.constraints import has_type
from emulator.spec.validate import HIDDEN, compile_members, compile_parameter
from emulator.spec.violation import Violation
from emulator.vendors import VENDORS

ACTIONS = [action for vendor in VENDORS for action in vendor.catalog.every()]
NOWHERE = Provenance("", None, Evidence.ASSUMED)
RANGES = {"uint64": (0, 2**64 - 1), "": (-(2**63), 2**63 - 1), "int64": (-(2**63), 2**63 - 1)}


def schema_of(parameter: Parameter) -> dict[str, Any]:
    """Return the parameter as JSON Schema, for jsonschema to judge."""
    limits = dict(parameter.constraints)
    schema: dict[str, Any] = {"type": parameter.type}
    if parameter.type == "integer":
        lowest, highest = RANGES[limits.pop("format", "")]
        schema |= {"allOf": [{"minimum": lowest, "maximum": highest}]}
    if "pattern" in limits:
        schema["pattern"] = rf"\A(?:{limits.pop('pattern')})\Z"
    limits.pop("contentMediaType", None)
    limits.pop("uniqueBy", None)
    schema |= limits
    if parameter.properties:
        schema |= object_schema(parameter.properties)
    if parameter.items:
        schema["items"] = schema_of(parameter.items)
    return schema


def object_schema(members: Mapping[str, Parameter]) -> dict[str, Any]:
    always = {name: m for name, m in members.items() if not m.applies_when}
    return {
        "type": "object",
        "properties": {name: schema_of(member) for name, member in always.items()},
        "required": [name for name, member in always.items() if member.required],
        "allOf": [conditional(m, members) for m in members.values() if m.applies_when],
    }


def conditional(member: Parameter, members: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return `if … then …` for a member that applies under a condition on its siblings."""
    condition = {
        "properties": {name: {"const": wanted} for name, wanted in member.applies_when.items()},
        "required": [
            n for n, wanted in member.applies_when.items() if members[n].default != wanted
        ],
    }
    then: dict[str, Any] = {"properties": {member.name: schema_of(member)}}
    return {"if": condition, "then": then | {"required": [member.name] * member.required}}


def guesses(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Return values near the parameter's limits, on both sides, and some of another type."""
    limits = parameter.constraints
    near: list[st.SearchStrategy[Any]] = [st.booleans(), st.just("7"), st.just([]), st.just({})]
    if parameter.type == "integer":
        edges = [limits.get(word) for word in ("minimum", "maximum")]
        edges += [0, 2**63 - 1, 2**64 - 1, *limits.get("enum", ())]
        near.append(
            st.sampled_from([e + step for e in edges if e is not None for step in (-1, 0, 1)])
        )
    if parameter.type == "string":
        longest = "a" * 128
        near.append(
            st.sampled_from(
                ["", "a", longest, longest + "a", "a b", "a\n", *limits.get("enum", ())]
            )
        )
    if parameter.type == "object":
        near.append(objects(parameter.properties))
    if parameter.items:
        near.append(st.lists(guesses(parameter.items), max_size=19))
    return st.one_of(*near)


def objects(members: Mapping[str, Parameter]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={n: guesses(m) for n, m in members.items()})


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_jsonschema_gives_the_same_verdict(action: Action, data: st.DataObject) -> None:
    value = data.draw(objects(action.parameters))
    judge = jsonschema.Draft202012Validator(object_schema(action.parameters))

    ours = [v for v in action.check(value) if v.keyword not in OWN_WORDS]

    assert bool(ours) is not judge.is_valid(value), ours


OWN_WORDS = ("contentMediaType", "uniqueBy")


def parameter(kind: str, **shape: Any) -> Parameter:
    return Parameter("p", kind, NOWHERE, **shape)


def test_violations_come_in_the_order_sent_then_the_missing_ones() -> None:
    check = compile_members(
        {
            "A": parameter("integer"),
            "B": Parameter("B", "string", NOWHERE, required=True),
            "C": parameter("string"),
        }
    )

    found = check({"Nobody": 1, "C": 2, "A": "x"})

    assert [(v.path, v.keyword) for v in found] == [
        ("Nobody", "additionalProperties"),
        ("C", "type"),
        ("A", "type"),
        ("B", "required"),
    ]


def test_null_counts_as_absent() -> None:
    check = compile_members({"A": Parameter("A", "string", NOWHERE, required=True)})

    assert [v.keyword for v in check({"A": None})] == ["required"]


def test_paths_go_through_lists_and_objects() -> None:
    item = parameter("object", properties={"Id": parameter("integer", constraints={"minimum": 1})})
    check = compile_members({"List": parameter("array", items=item)})

    found = check({"List": [{"Id": 1}, {"Id": 0}]})

    assert found == [Violation("List.1.Id", "minimum", 1, 0)]


def test_a_member_applies_under_its_condition_only() -> None:
    check = compile_members(
        {
            "Type": Parameter("Type", "integer", NOWHERE, default=0),
            "Tos": Parameter("Tos", "object", NOWHERE, required=True, applies_when={"Type": 0}),
        }
    )

    verdicts = [[v.path for v in check(sent)] for sent in ({}, {"Type": 3}, {"Type": 3, "Tos": 1})]

    assert verdicts == [["Tos"], [], []]


def test_a_secret_is_hidden_in_its_violation() -> None:
    check = compile_parameter(parameter("string", secret=True, constraints={"maxLength": 3}))

    assert check("classified")[0].value == HIDDEN


@pytest.mark.parametrize(
    ("kind", "width", "good", "bad"),
    [
        ("integer", "", [0, -(2**63), 2**63 - 1], [2**63, 1.0, True, "1", None]),
        ("integer", "uint64", [0, 2**64 - 1], [-1, 2**64]),
        ("boolean", "", [True], [0, "true"]),
        ("string", "", [""], [b"", 0]),
        ("number", "", [1, 1.5], [True, "1"]),
        ("object", "", [{}], [[], "{}"]),
        ("array", "", [[]], [{}, ()]),
    ],
)
def test_types_are_strict(kind: str, width: str, good: list[Any], bad: list[Any]) -> None:
    is_typed = has_type(kind, width)

    assert [value for value in good if not is_typed(value)] == []
    assert [value for value in bad if is_typed(value)] == []


@pytest.mark.parametrize(
    ("word", "limit", "good", "bad"),
    [
        ("pattern", "[a-z]+", "abc", "abc\n"),
        ("maxBytes", 3, "中", "中a"),
        ("maxLength", 1, "中", "ab"),
        ("contentMediaType", "application/json", '{"a": 1}', "{a: 1}"),
        ("contentMediaType", "application/json", "[1]", "[" * 100_000),
        ("enum", ["AllMarks"], "AllMarks", "allmarks"),
    ],
)
def test_constraints_on_texts(word: str, limit: object, good: str, bad: str) -> None:
    check = compile_parameter(parameter("string", constraints={word: limit}))

    assert not check(good)
    assert [violation.keyword for violation in check(bad)] == [word]


def test_items_are_unique_by_a_member_and_those_without_it_do_not_count() -> None:
    check = compile_parameter(parameter("array", constraints={"uniqueBy": "Index"}))

    assert not check([{"Index": 0}, {"Index": 1}, {}, {}, 5, {"Index": []}, {"Index": []}])
    assert [v.keyword for v in check([{"Index": 0}, {"Index": 0}])] == ["uniqueBy"]
