"""Reading JSON text into shapes, and saying what was expected where."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import pytest

from emulator.spec import jsontext
from emulator.spec.jsontext import Limits, Shape, encode, members, read_shape, schemas


class Part(Shape):
    place: str
    width: Annotated[int, Limits(ge=0, le=10)] = 1


class Whole(Shape):
    """A whole.

    With parts.
    """

    mode: Literal["fast", "slow"] = "fast"
    at: Annotated[datetime, Limits(tz=True)] | None = None
    parts: Sequence[Part] = ()
    named: Mapping[str, Part] = {}
    chosen: Part | None = None
    is_on: bool = False


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[]", "expected 'object', got 'array'"),
        ('{"mode": "medium"}', "mode: expected one of fast, slow"),
        ('{"moed": "fast"}', "unknown key 'moed', did you mean 'mode'?"),
        ('{"x": 1}', "unknown key 'x'; known: mode, at, parts, named, chosen, is_on"),
        ('{"parts": [{"place": ""}, {}]}', "parts.1: missing key 'place'"),
        ('{"parts": [{"place": "", "z": 1}]}', "parts.0: unknown key 'z'; known: place, width"),
        ('{"parts": [{"place": "", "width": 11}]}', "parts.0.width: expected 'int' <= 10"),
        ('{"named": {"a": {"z": 1}}}', "named.*: unknown key 'z'; known: place, width"),
        ('{"chosen": {"z": 1}}', "chosen: unknown key 'z'; known: place, width"),
        ('{"chosen": 1}', "chosen: expected 'object | null', got 'int'"),
        ('{"at": "2030-01-01T00:00:00"}', "at: expected 'datetime' with a timezone component"),
        ('{"is_on": 1}', "is_on: expected 'bool', got 'int'"),
        ("{", "Input data was truncated"),
    ],
)
def test_what_is_not_of_the_shape_is_refused_with_path_and_expectation(
    text: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}$"):
        read_shape(text.encode(), Whole)


def test_what_is_nested_too_deeply_is_refused_as_such() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        read_shape(b'{"x":' * 100_000, dict[str, Any])


def test_a_query_is_read_from_texts() -> None:
    read = read_shape({"is_on": "true", "at": "2030-01-01T01:00:00+01:00"}, Whole)

    assert (read.is_on, read.at) == (True, datetime(2030, 1, 1, tzinfo=UTC))


def test_moments_in_utc_are_written_with_z() -> None:
    assert b'"at":"2030-01-01T00:00:00Z"' in encode(Whole(at=datetime(2030, 1, 1, tzinfo=UTC)))


def test_the_members_of_a_shape_are_what_it_says_without_nulls() -> None:
    whole = Whole(at=datetime(2030, 1, 1, tzinfo=UTC), parts=[Part(place="p")])

    assert members(whole) == {
        "mode": "fast",
        "at": datetime(2030, 1, 1, tzinfo=UTC),
        "parts": [{"place": "p", "width": 1}],
        "named": {},
        "is_on": False,
    }


def test_schemas_refer_to_each_other_by_name() -> None:
    (schema,), named = schemas([Whole], "#/x/{name}")
    parts: Any = named["Whole"]["properties"]["parts"]

    assert schema == {"$ref": "#/x/Whole"}
    assert parts["items"] == {"$ref": "#/x/Part"}
    assert named["Whole"]["description"] == "A whole.\n\nWith parts."
    assert named["Part"]["additionalProperties"] is False


@pytest.mark.parametrize("name", ["x - at `$.y", "x` - at `$.y", "x` - at `$[0].y", " - at `" * 9])
def test_an_unknown_key_may_look_like_a_path(name: str) -> None:
    with pytest.raises(ValueError, match="unknown"):
        read_shape(encode({"mode": "fast", name: 1}), Whole)


class Listing(jsontext.Shape, omit_defaults=True):
    name: str
    items: Sequence[int]
    left: int = 0
    more: Sequence[str] = ()


@pytest.mark.parametrize("left", [0, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_a_shape_is_the_same_text_bit_by_bit(count: int, left: int) -> None:
    listing = Listing(name="a", items=list(range(count)), left=left, more=("x",) * count)

    assert b"".join(jsontext.encoded(listing, 2)) == jsontext.encode(listing)
    assert jsontext.is_long(listing, 2) is (count > 2)


def test_what_was_encoded_is_dropped_where_it_is_asked_for() -> None:
    listing = Listing(name="a", items=list(range(5)), more=("x", "y", "z"))
    whole = jsontext.encode(listing)

    text = b"".join(jsontext.encoded(listing, 2, consumes=True))

    assert text == whole
    assert [*map(str, listing.items), *listing.more] == ["None"] * 5 + ["x", "y", "z"]
