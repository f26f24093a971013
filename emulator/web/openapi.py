"""The OpenAPI document of the administration, made from the operations themselves."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from emulator.spec.jsontext import Shape, schemas
from emulator.web import guard
from emulator.web.lasting import ENDED
from emulator.web.operation import Operation
from emulator.web.shapes.server import Problem

ROOT = "/_emulator"
_SCHEMAS, _RESPONSES = "#/components/schemas/{name}", "#/components/responses/{}"
_JSON, _PROBLEM = "application/json", "application/problem+json"
_NAME = re.compile(r"{(\w+)(?::\w+)?}")
_WORD = re.compile("[a-z]+")
_SLASHES = "; slashes in it are part of it"


class Place(NamedTuple):
    """Where operations are: below a path, under a tag; `problems` are those of the place."""

    tag: str
    below: str
    operations: Sequence[Operation]
    problems: Mapping[int, str] = {}


def document(version: str, places: Iterable[Place]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all operations, wherever they are."""
    there = [(place, operation) for place in places for operation in place.operations]
    shapes = {kind: None for _, each in there for kind in _types(each)}
    found, named = schemas([*shapes, Problem], _SCHEMAS)
    schema_of = dict(zip(shapes, found, strict=False))
    queries = {each.query for _, each in there if _is_shape(each.query)}
    for query in queries:
        del named[query.__name__]
    paths: dict[str, dict[str, Any]] = {}
    for place, operation in there:
        path = _NAME.sub(r"{\1}", f"{ROOT}{place.below}{operation.path}")
        described = _described(place, operation, path, schema_of)
        paths.setdefault(path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Administration of the emulator",
            "version": version,
            "description": "Any path that is not below /_emulator belongs to a vendor.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": named,
            "responses": {name: _problem(text) for name, text in _SHARED.values()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        # Where the server listens on this machine only, it may have no token.
        "security": [{"token": []}, {}],
    }


def _described(
    place: Place, operation: Operation, path: str, schema_of: Mapping[Any, Any]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": "_".join([operation.method.lower(), *_WORD.findall(path)[1:]]),
        "summary": operation.summary,
        "tags": [place.tag],
        "parameters": [*_path_parameters(place, operation), *_query_parameters(operation)],
    }
    if operation.body is not None:
        described["requestBody"] = _body(operation, schema_of)
    described["responses"] = {
        **_answer(operation, schema_of),
        **{str(status): answer for status, answer in _problems(place, operation, path)},
    }
    if not guard.is_guarded(operation.method, path):
        described["security"] = []
    return described


def _types(operation: Operation) -> Iterator[Any]:
    """Yield the types of an operation that have a schema."""
    for kind in (operation.body, operation.query, operation.returns):
        if _is_shape(kind):
            yield kind


def _is_shape(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Shape)


def _path_parameters(place: Place, operation: Operation) -> Iterator[dict[str, Any]]:
    for match in _NAME.finditer(f"{place.below}{operation.path}"):
        described = {"name": match[1], "in": "path", "required": True}
        if ":path" in match[0]:
            described["description"] = f"The {match[1]}{_SLASHES}."
        yield {**described, "schema": {"type": "string"}}


def _query_parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    if not _is_shape(operation.query):
        return
    query = _members(operation.query)
    for name, schema in query["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in query["required"],
            "schema": schema,
        }


def _members(shape: type[Shape]) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = schemas([shape], _SCHEMAS)[1][shape.__name__]
    return schema


def _body(operation: Operation, schema_of: Mapping[Any, Any]) -> dict[str, Any]:
    if operation.body is bytes:
        return {"required": False, "content": {"*/*": {}}}
    schema = schema_of.get(operation.body, {"type": "object"})
    is_required = not _is_shape(operation.body) or bool(_members(operation.body)["required"])
    return {"required": is_required, "content": {_JSON: {"schema": schema}}}


def _answer(operation: Operation, schema_of: Mapping[Any, Any]) -> dict[str, Any]:
    if operation.returns is None:
        return {"204": {"description": "Done"}}
    json = {_JSON: {"schema": schema_of.get(operation.returns, {"type": "object"})}}
    content = _NO_JSON.get(operation.returns, json)
    return {str(operation.status): {"description": operation.summary, "content": content}}


def _problems(place: Place, operation: Operation, path: str) -> Iterator[tuple[int, Any]]:
    shared = [403]
    if guard.is_guarded(operation.method, path):
        shared.append(401)
    if operation.query is not dict:
        shared.append(400)
    if operation.body is not None:
        shared.append(413)
    if operation.body not in (None, bytes):
        shared.append(415)
    for status in shared:
        yield status, {"$ref": _RESPONSES.format(_SHARED[status][0])}
    ended = {409: ENDED} if operation.lasts and place.tag != "server" else {}
    own = {**ended, **place.problems, **operation.problems}
    for status, text in own.items():
        yield status, _problem(text, "*/*" if operation.returns is bytes else _PROBLEM)


def _problem(text: str, media_type: str = _PROBLEM) -> dict[str, Any]:
    schema = {} if media_type == "*/*" else {"schema": {"$ref": _SCHEMAS.format(name="Problem")}}
    return {"description": f"{text[:1].upper()}{text[1:]}", "content": {media_type: schema}}


_NO_JSON: Mapping[Any, dict[str, Any]] = {
    bytes: {"*/*": {}},
    str: {"text/plain": {"schema": {"type": "string"}}},
}
_SHARED: Mapping[int, tuple[str, str]] = {
    400: ("NotExpected", "not what was expected, which is said"),
    401: ("NoToken", "not the admin token"),
    403: ("NotAllowed", "not a host name of this server, or from a page of another origin"),
    413: ("TooLarge", "a body that is too large"),
    415: ("NotJson", "a body that says it is neither JSON nor TOML"),
}
