import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.signers import flatten
from emulator.spec.action import Evidence, Parameter, Provenance
from emulator.spec.coerce import coerce

NOWHERE = Provenance("", None, Evidence.ASSUMED)


def member(name: str, kind: str, **shape: Any) -> Parameter:
    return Parameter(name, kind, NOWHERE, **shape)


POINT = {"X": member("X", "integer"), "Label": member("Label", "string")}
MEMBERS = {
    "Id": member("Id", "integer"),
    "Name": member("Name", "string"),
    "On": member("On", "boolean"),
    "Rate": member("Rate", "number"),
    "At": member("At", "object", properties=POINT),
    "Tags": member("Tags", "array", items=member("", "string")),
    "Points": member("Points", "array", items=member("", "object", properties=POINT)),
}

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
points = st.fixed_dictionaries(
    {"X": st.integers(-(10**20), 10**20)}, optional={"Label": texts.filter(bool)}
)
values = st.fixed_dictionaries(
    {},
    optional={
        "Id": st.integers(-(10**30), 10**30),
        "Name": texts,
        "On": st.booleans(),
        "At": points,
        "Tags": st.lists(texts, min_size=1, max_size=12),
        "Points": st.lists(points, min_size=1, max_size=12),
    },
)


@pytest.mark.parametrize("first_index", [0, 1])
@given(value=values)
def test_what_was_flattened_comes_back_typed(first_index: int, value: dict[str, Any]) -> None:
    assert coerce(flatten(value, first_index), MEMBERS, json.loads) == value


@given(value=values)
def test_objects_and_lists_may_come_as_json_text(value: dict[str, Any]) -> None:
    fields = [
        (name, json.dumps(content) if isinstance(content, dict | list) else str(content))
        for name, content in value.items()
    ]

    assert coerce(fields, MEMBERS, json.loads) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("007", 7),
        ("+7", "+7"),
        (" 7", " 7"),
        ("7.0", "7.0"),
        ("1e2", "1e2"),
        ("٧", "٧"),
        ("²", "²"),
        ("", ""),
        ("-", "-"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_only_plain_digits_are_an_integer(text: str, value: object) -> None:
    assert coerce([("Id", text)], MEMBERS, json.loads) == {"Id": value}


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "tRuE"])
def test_booleans_come_in_any_case(text: str) -> None:
    assert coerce([("On", text)], MEMBERS, json.loads) == {"On": True}


@pytest.mark.parametrize("text", ["1", "yes", ""])
def test_what_is_no_boolean_stays_text(text: str) -> None:
    assert coerce([("On", text)], MEMBERS, json.loads) == {"On": text}


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ([("Nobody", "x")], {"Nobody": "x"}),
        ([("At.Nobody.Deep", "x")], {"At": {"Nobody.Deep": "x"}}),
        ([("Points.x.X", "1")], {"Points": {"x.X": "1"}}),
        ([("Tags.-1", "a")], {"Tags": {"-1": "a"}}),
        ([("Tags.٣", "a")], {"Tags": {"٣": "a"}}),
        ([("At", "no json")], {"At": "no json"}),
        ([("At", "x"), ("At.X", "1")], {"At": "1"}),
        ([("At.X", "1"), ("At", "x")], {"At": "x"}),
        ([("Id", "1"), ("Id", "2")], {"Id": 2}),
        ([("Tags.9", "b"), ("Tags.3", "a")], {"Tags": ["a", "b"]}),
    ],
)
def test_what_the_schema_does_not_know_stays_to_be_reported(
    fields: list[tuple[str, str]], value: dict[str, Any]
) -> None:
    assert coerce(fields, MEMBERS, json.loads) == value


@given(st.lists(st.tuples(st.text(alphabet="AtPoinsXTag.0129", max_size=20), st.text(max_size=5))))
def test_no_field_names_break_it(fields: list[tuple[str, str]]) -> None:
    assert isinstance(coerce(fields, MEMBERS, json.loads), dict)


def test_a_name_of_a_hundred_thousand_parts_is_as_quick_as_any() -> None:
    assert coerce([("At" + ".x" * 100_000, "1")], MEMBERS, json.loads)["At"]
