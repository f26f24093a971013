"""JSON text, read strictly and written compactly: as it comes, or in the shape it must have."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from inspect import cleandoc
from typing import Any, TypeVar, dataclass_transform

import msgspec
from msgspec import inspect, structs

from emulator.spec.nearest import nearest, quoted

S = TypeVar("S")

Limits = msgspec.Meta
"""What an annotated type allows beyond its kind, such as `Annotated[int, Limits(ge=0)]`."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A JSON object whose members are the fields, and no others."""


def decode(text: str | bytes) -> Any:
    """Return what the text says; raises ValueError for anything that is not JSON.

    Integers keep their size; NaN, lone surrogates, numbers beyond a double and nesting beyond the
    interpreter's stack are refused. Of a repeated member the last counts.
    """
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:  # a ValueError itself only since msgspec 0.21
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def encode(value: object) -> bytes:
    return msgspec.json.encode(value)


def encoded(value: Shape, size: int, consumes: bool = False) -> Iterator[bytes]:
    """Yield a shape as JSON text bit by bit, of its long lists so many items at a time.

    It is encoded as `encode` does, and lists are taken where they are members of the shape itself.
    With `consumes`, items that were encoded are dropped from their lists: great numbers are freed
    bit by bit.
    """
    members = [(name, getattr(value, name)) for name in value.__struct_fields__]
    if value.__struct_config__.omit_defaults:
        defaults = {field.name: field.default for field in structs.fields(value)}
        members = [(name, member) for name, member in members if member != defaults[name]]
    before = b"{"
    for name, member in members:
        yield before + encode(name) + b":"
        before = b","
        if _is_long(member, size):
            for start in range(0, len(member), size):
                part = member[start : start + size]
                yield (b"," if start else b"[") + encode(part)[1:-1]
                if consumes and isinstance(member, list):
                    member[start : start + size] = [None] * len(part)
            yield b"]"
        else:
            yield encode(member)
    yield b"}"


def is_long(value: Shape, size: int) -> bool:
    """Return whether a member of a shape is a list of more items than so many."""
    return any(_is_long(getattr(value, name), size) for name in value.__struct_fields__)


def _is_long(member: object, size: int) -> bool:
    return isinstance(member, list | tuple) and len(member) > size


def laid_out(value: object) -> bytes:
    """Return a value as JSON for people to read."""
    return msgspec.json.format(encode(value), indent=2) + b"\n"


def laid_out_members(members: Iterable[tuple[str, object]]) -> Iterator[bytes]:
    """Yield an object as `laid_out` writes it, bit by bit; an iterator is a list, item by item."""
    before = b"{\n  "
    for name, value in members:
        yield before + encode(name) + b": "
        before = b",\n  "
        if isinstance(value, Iterator):
            begin = b"[\n    "
            for item in value:
                yield begin + _indented(item, b"\n    ")
                begin = b",\n    "
            yield b"[]" if begin.startswith(b"[") else b"\n  ]"
        else:
            yield _indented(value, b"\n  ")
    yield b"\n}\n" if before.startswith(b",") else b"{}\n"


def _indented(value: object, line: bytes) -> bytes:
    # In JSON text a line's end is never within a string.
    return msgspec.json.format(encode(value), indent=2).replace(b"\n", line)


def shown(value: object) -> str:
    """Return a value as a message shows it: texts as they are, anything else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return encode(value).decode()
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        return "…"


def read_shape(content: bytes | Mapping[str, Any], shape: type[S]) -> S:
    """Return JSON text, or the fields of a query, in a shape.

    Raises ValueError with the path and what was expected there. In JSON text 1.0 is an integer,
    as JSON Schema has it; a query's numbers, booleans and moments are read from their texts.
    """
    try:
        if isinstance(content, bytes):
            return msgspec.convert(_with_integers(decode(content)), type=shape)
        return msgspec.convert(content, type=shape, strict=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except msgspec.ValidationError as error:
        raise ValueError(_complaint(str(error), shape)) from None


def members(shape: Shape) -> dict[str, Any]:
    """Return what a shape says, in plain mappings and lists, without what is null or absent."""
    plain: dict[str, Any] = _without_nulls(msgspec.to_builtins(shape, builtin_types=(datetime,)))
    return plain


def schemas(shapes: Iterable[Any], reference: str) -> tuple[list[Any], dict[str, Any]]:
    """Return the JSON Schemas of shapes, and those that they refer to, by name.

    `reference` is the address of such a one, with `{name}` in it.
    """
    found, named = msgspec.json.schema_components(shapes, ref_template=reference)
    for schema in named.values():
        if "description" in schema:
            schema["description"] = cleandoc(schema["description"])
    return list(found), named


def _with_integers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_integers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_integers(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list | tuple) else value


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_STEP = re.compile(r"\[(?:(\d+)|\.\.\.)\]|\.([^.\[]+)")


def _complaint(text: str, shape: Any) -> str:
    """Return `streams.0: unknown key 'usr'; known: place, user` for the decoder's own words."""
    problem, has_path, path = text.rpartition(" - at `")
    problem = problem if has_path else text
    steps = (
        [index or name or "*" for index, name in _STEP.findall(path.removesuffix("`"))]
        if has_path
        else []
    )
    if unknown := _UNKNOWN.fullmatch(problem):
        words = _words(shape, steps)
        near = nearest(unknown["name"], words)
        hint = f", did you mean {near!r}?" if near else f"; known: {', '.join(words)}"
        problem = f"unknown key {quoted(unknown['name'])}{hint}"
    elif problem.startswith("Invalid enum value"):
        problem = f"expected one of {', '.join(_words(shape, steps))}"
    problem = problem.replace("Object missing required field", "missing key").replace("`", "'")
    problem = problem[:1].lower() + problem[1:]
    return f"{'.'.join(steps)}: {problem}" if steps else problem


def _words(shape: Any, steps: Iterable[str]) -> list[str]:
    """Return what may stand where a path leads to: an object's members, or the words of a list."""
    here = _inner(inspect.type_info(shape))
    for step in steps:
        if isinstance(here, inspect.StructType):
            # A caller may name a key as if it were a path, which leads nowhere.
            types = {field.encode_name: field.type for field in here.fields}
            if step not in types:
                return []
            here = types[step]
        elif isinstance(here, inspect.DictType):
            here = here.value_type
        elif isinstance(here, inspect.ListType | inspect.VarTupleType):
            here = here.item_type
        here = _inner(here)
    if isinstance(here, inspect.StructType):
        return [field.encode_name for field in here.fields]
    if isinstance(here, inspect.EnumType | inspect.LiteralType):
        return list(map(str, here.cls if isinstance(here, inspect.EnumType) else here.values))
    return []


def _inner(kind: Any) -> Any:
    """Return what may also be null, or has limits, without either."""
    if isinstance(kind, inspect.Metadata):
        return _inner(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _inner(next(each for each in kind.types if not isinstance(each, inspect.NoneType)))
    return kind
