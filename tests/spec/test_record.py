"""Records as JSON, there and back; and what is refused on the way back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.spec.document import DocumentError
from emulator.spec.record import Form, Place, form
from emulator.spec.untyped import Vault, members

HERE = Place("snapshot")


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


class Point(NamedTuple):
    x: int
    y: int = 0


class Circle(NamedTuple):
    centre: Point
    radius: float


@dataclass(frozen=True, slots=True)
class Picture:
    color: Color
    shapes: tuple[Circle | Point, ...]
    ground: Point | str
    size: tuple[int, str]
    taken_at: datetime | None
    body: bytes
    counts: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def of(kind: Any, vault: Vault | None = None) -> Form:
    return form(kind, members({"Point": Point, "Circle": Circle}, vault or Vault(frozenset())))


moments = st.datetimes(timezones=st.just(UTC))
points = st.builds(Point, st.integers(), st.integers())
circles = st.builds(Circle, points, st.floats(allow_nan=False, allow_infinity=False))
plain = st.none() | st.booleans() | st.integers() | st.text() | moments | points | circles
names = st.text() | st.sampled_from(["$moment", "$tuple", "$object", "$secret", "$Point", "$"])
values = st.recursive(
    plain | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(names, inner, max_size=2)
    ),
    max_leaves=6,
)
pictures = st.builds(
    Picture,
    st.sampled_from(Color),
    st.lists(circles | points).map(tuple),
    points | st.text(),
    st.tuples(st.integers(), st.text()),
    st.none() | moments,
    st.binary() | st.text().map(str.encode),
    st.dictionaries(st.text(), st.integers()),
    st.dictionaries(names, values),
)


def shape(value: object) -> object:
    """Return a value with the types of all that is in it, and its members in their order."""
    if isinstance(value, Mapping):
        return dict, [(name, shape(each)) for name, each in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [shape(each) for each in value]
    return type(value), value


@given(pictures)
def test_a_record_that_was_written_reads_as_itself(picture: Picture) -> None:
    kind = of(Picture)

    text = json.dumps(kind.write(picture))

    assert kind.read(json.loads(text), HERE) == picture


@given(st.dictionaries(names, values))
def test_untyped_values_come_back_with_their_types_and_in_their_order(
    facts: dict[str, Any],
) -> None:
    kind = of(Mapping[str, Any])

    text = json.dumps(kind.write(facts))

    assert shape(kind.read(json.loads(text), HERE)) == shape(facts)


@given(st.dictionaries(names | st.just("Key"), values))
def test_secrets_come_back_from_the_vault_alone(facts: dict[str, Any]) -> None:
    writing = Vault(frozenset({"Key"}))

    written = json.loads(json.dumps(of(Mapping[str, Any], writing).write(facts)))

    reading = of(Mapping[str, Any], Vault(frozenset(), json.loads(json.dumps(writing.kept))))
    assert reading.read(written, HERE) == facts


def test_what_is_written_can_be_read_by_people() -> None:
    picture = Picture(
        Color.RED,
        (Point(1, 2), Circle(Point(3), 4)),
        "grass",
        (5, "cm"),
        datetime(2026, 1, 2, tzinfo=UTC),
        "läuft".encode(),
        {"a": 1},
        {"list": ["x", ("y",)], "at": datetime(2026, 1, 2, tzinfo=UTC), "point": Point(1)},
    )

    assert of(Picture).write(picture) == {
        "color": "red",
        "shapes": [
            {"point": {"x": 1, "y": 2}},
            {"circle": {"centre": {"x": 3, "y": 0}, "radius": 4}},
        ],
        "ground": "grass",
        "size": [5, "cm"],
        "taken_at": "2026-01-02T00:00:00+00:00",
        "body": "läuft",
        "counts": {"a": 1},
        "facts": {
            "list": ["x", {"$tuple": ["y"]}],
            "at": {"$moment": "2026-01-02T00:00:00+00:00"},
            "point": {"$Point": {"x": 1, "y": 0}},
        },
    }


def test_bytes_that_are_no_text_are_marked() -> None:
    assert of(bytes).write(b"\xff\x00") == {"base64": "/wA="}


def test_a_day_is_written_as_one() -> None:
    assert of(date).write(date(2026, 1, 2)) == "2026-01-02"
    assert of(date | None).read("2026-01-02", HERE) == date(2026, 1, 2)


def test_a_value_of_any_type_is_written_as_a_mapping_has_it() -> None:
    item = of(tuple[object, ...])

    written = item.write((1, ("x",), Point(1)))

    assert written == [1, {"$tuple": ["x"]}, {"$Point": {"x": 1, "y": 0}}]
    assert item.read(written, HERE) == (1, ("x",), Point(1))


def test_without_a_vault_secrets_stay_in_their_places() -> None:
    facts = {"Password": "x", "url": "http://u:p@x/"}
    free = members({})

    assert free.write(facts) == facts
    assert free.read(facts, HERE) == facts


def test_what_has_a_default_may_be_left_out() -> None:
    assert of(Point).read({"x": 1}, HERE) == Point(1)


def test_a_moment_of_any_zone_is_read_as_utc() -> None:
    read = of(datetime).read("2026-01-02T08:00:00+08:00", HERE)

    assert (read, read.tzinfo) == (datetime(2026, 1, 2, tzinfo=timezone(timedelta())), UTC)


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        (Point, [], "snapshot: must be an object, not list"),
        (Point, {}, "snapshot: missing key 'x'"),
        (Circle, {"centre": {"x": 1}, "radios": 1}, "snapshot: missing key 'radius'"),
        (Point, {"x": 1, "z": 1}, "snapshot: unknown key 'z'; known: x, y"),
        (Point, {"x": True}, "snapshot: x: must be an integer, not bool"),
        (Circle, {"centre": {"x": ""}, "radius": 1}, "centre.x: must be an integer, not str"),
        (Circle, {"centre": {"x": 1}, "radius": None}, "radius: must be a number, not null"),
        (Color, "green", "must be one of red, blue"),
        (Color, {}, "must be one of red, blue"),
        (datetime, "2026-01-02", "must be a moment like 2030-01-01T00:00:00+00:00"),
        (datetime, "0001-01-01T00:00:00+08:00", "must be a moment like"),
        (datetime, 1, "must be a moment like"),
        (date, "2026-01-32", "must be a day like 2030-01-01"),
        (date, 1, "must be a day like"),
        (tuple[object, ...], [1, {"$Point": {}}], "snapshot: 1.$Point: missing key 'x'"),
        (bytes, 1, "must be an object, not int"),
        (bytes, {"base64": "?"}, "base64: is not base64"),
        (tuple[int, ...], {}, "must be a list, not dict"),
        (tuple[int, ...], [1, "2"], "snapshot: 1: must be an integer, not str"),
        (tuple[int, str], [1], "must be a list of 2, not of 1"),
        (Mapping[str, int], {"a": "b"}, "snapshot: a: must be an integer, not str"),
        (Point | Circle, {"square": {}}, "must have one member of point, circle"),
        (Point | Circle, {}, "must have one member of point, circle"),
        (Point | Circle, {"point": {"x": ""}}, "point.x: must be an integer"),
        (Mapping[str, Any], {"a": [{"$when": 1}]}, "a.0.$when: unknown mark; known: $moment"),
        (Mapping[str, Any], {"a": {"$moment": "now"}}, "a.$moment: must be a moment"),
        (Mapping[str, Any], {"a": {"$Point": {}}}, "a.$Point: missing key 'x'"),
        (Mapping[str, Any], {"a": {"$tuple": 1}}, "a.$tuple: must be a list, not int"),
        (Mapping[str, Any], {"a": {"$secret": "s1"}}, "a.$secret: the secret 's1' is not among"),
    ],
)
def test_what_is_not_meant_is_refused_with_its_path(kind: Any, value: Any, problem: str) -> None:
    with pytest.raises(DocumentError) as refused:
        of(kind).read(value, HERE)

    assert problem in str(refused.value)


def test_what_has_no_form_is_not_written_as_something_else() -> None:
    with pytest.raises(TypeError, match="no form is known of set"):
        of(Mapping[str, Any]).write({"a": {1}})
