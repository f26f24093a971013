"""The administration describes itself: all of it, and nothing else."""

import re
from typing import Any

import jsonschema
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from contract_tests.signers import Wire
from emulator.web import admin
from emulator.web.guard import is_guarded
from tests.server import HOST, InProcess

ROUTES = {
    (operation.method.lower(), f"/_emulator{place.below}{operation.path}")
    for place in admin.PLACES
    for operation in place.operations
}


@pytest.fixture(scope="module")
def document() -> Any:
    return InProcess().send(Wire("GET", "/_emulator/openapi.json", {"host": HOST})).content


def described(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def test_the_document_is_openapi_as_its_own_schema_says(document: Any) -> None:
    mistakes = list(jsonschema.Draft202012Validator(OPENAPI_31).iter_errors(document))

    assert mistakes == []
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_route_is_described_and_nothing_else(document: Any) -> None:
    routes = {(method, re.sub(r":\w+}", "}", path)) for method, path in ROUTES}

    assert {(method, path) for method, path, _ in described(document)} == routes


def test_every_operation_has_a_name_of_its_own(document: Any) -> None:
    names = [operation["operationId"] for _, _, operation in described(document)]

    assert len(set(names)) == len(names)


def test_whatever_is_referred_to_is_there_and_whatever_is_there_is_referred_to(
    document: Any,
) -> None:
    referred = set(re.findall(r"'#/components/(\w+)/(\w+)'", str(document)))

    there = {
        (kind, name) for kind in ("schemas", "responses") for name in document["components"][kind]
    }
    assert referred == there


def test_only_what_the_guard_asks_no_token_for_is_without_one(document: Any) -> None:
    free = {(m, path) for m, path, operation in described(document) if "security" in operation}

    assert free == {
        (method, path)
        for method, path, _ in described(document)
        if not is_guarded(method.upper(), path)
    }


def test_every_operation_is_under_the_name_of_a_namespace_too(document: Any) -> None:
    of_default = [p for _, p, o in described(document) if o["tags"] == ["the namespace default"]]
    named = [path for _, path, o in described(document) if o["tags"] == ["a namespace"]]

    below = "/_emulator/namespaces/{namespace}"
    assert [path.removeprefix(below) for path in named] == [
        path.removeprefix("/_emulator") for path in of_default
    ]
