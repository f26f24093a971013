"""JSON that comes in pieces is read as JSON that comes at once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.spec import jsontext
from emulator.spec.jsonreader import Reader

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | texts
values = st.recursive(
    scalars | st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.5),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(texts, inside, max_size=4),
    max_leaves=20,
)
objects = st.dictionaries(texts, values, max_size=5)
layouts: Any = st.sampled_from(
    [{}, {"indent": 2}, {"ensure_ascii": False}, {"separators": (",", ":")}]
)


def read(text: bytes, size: int) -> dict[str, Any]:
    reader = Reader()
    for start in range(0, len(text), size):
        reader.feed(text[start : start + size])
    reader.feed(b"", is_last=True)
    return reader.document


@given(objects, layouts, st.integers(1, 50))
def test_an_object_is_the_same_however_it_is_cut(
    content: dict[str, Any], layout: dict[str, Any], size: int
) -> None:
    text = json.dumps(content, **layout).encode()

    found = read(text, size)

    assert found == content
    assert list(found) == list(content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        "{",
        '{"a"',
        '{"a":',
        '{"a":1',
        '{"a":1,}',
        '{"a":1,,"b":2}',
        '{"a" 1}',
        '{"a":[1,]}',
        '{"a":[,1]}',
        '{"a":[1 2]}',
        '{"a":[1',
        '{"a":[1}',
        '{"a":1]',
        "{1:2}",
        "{true:2}",
        "{'a':2}",
        '{"a":1} x',
        '{"a":1}{}',
        '{"a":NaN}',
        '{"a":[Infinity]}',
        '{"a":-Infinity}',
        '{"a":1e999}',
        '{"a":"\\ud800"}',
        '{"\\ud800":1}',
        '{"a":[{"b":"\\udc00"}]}',
        '{"a":"\n"}',
        '{"a":tru}',
        '{"a":01}',
        "{" + '"a":[' * 20_000,
    ],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_what_is_no_object_is_refused_however_it_is_cut(text: str, size: int) -> None:
    try:
        decoded = jsontext.decode(text)
    except ValueError:
        decoded = None

    assert not isinstance(decoded, dict)
    with pytest.raises(ValueError, match=r"\w"):
        read(text.encode(), size)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        read(b'{"a":"\xff"}', 3)


def test_of_a_repeated_member_the_last_counts() -> None:
    assert read(b'{"a":[1,2],"a":[3],"b":1,"b":{"c":2}}', 4) == {"a": [3], "b": {"c": 2}}


def test_a_number_without_a_fraction_is_an_integer() -> None:
    found = read(b'{"a":[1.0,2e3,-0.0,1.5]}', 1)

    assert [(value, type(value)) for value in found["a"]] == [
        (1, int),
        (2000, int),
        (0, int),
        (1.5, float),
    ]


def test_an_item_that_comes_in_many_pieces_is_not_read_again_at_each() -> None:
    reader = Reader()
    tries = 0

    class Counted(json.JSONDecoder):
        def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
            nonlocal tries
            tries += 1
            return super().raw_decode(s, idx)

    reader._values = Counted()
    reader.feed(b'{"a":["')
    for _ in range(1000):
        reader.feed(b"x" * 100)
    reader.feed(b'"]}', is_last=True)

    assert reader.document == {"a": ["x" * 100_000]}
    assert tries < 30


@given(objects)
def test_members_are_laid_out_as_the_whole_object_is(content: dict[str, Any]) -> None:
    members = [
        (name, iter(each) if isinstance(each, list) else each) for name, each in content.items()
    ]

    laid_out = b"".join(jsontext.laid_out_members(members))

    assert laid_out == jsontext.laid_out(content)
