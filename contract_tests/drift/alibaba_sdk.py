"""The model of Alibaba's SDK for Python: the source of its request and response classes."""

import ast
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from contract_tests.drift.shape import Form, Member, Model

_DISTRIBUTION = "alibabacloud-ice20201109"
_PACKAGE = files("alibabacloud_ice20201109")
_KINDS = {"int": "integer", "float": "number", "bool": "boolean", "str": "string"}
_REQUIRED = "# This parameter is required."
_ENVELOPE = ("RequestId",)


def read(product: str, product_version: str, names: Iterable[str]) -> Model:
    """Read the actions that the client names; only requests say what is required."""
    client = _PACKAGE.joinpath("client.py").read_text(encoding="utf-8")
    called = set(re.findall(rf"action = '(\w+)',\s+version = '{product_version}'", client))
    return Model(
        package=f"{_DISTRIBUTION} {version(_DISTRIBUTION)}",
        actions={
            name: Form(
                parameters=_members(f"{name}Request", is_request=True),
                response=_members(f"{name}ResponseBody", is_request=False),
            )
            for name in names
            if name in called
        },
    )


def _members(name: str, is_request: bool) -> dict[str, Member]:
    """Read what the constructor of a class says of its attributes; some actions take nothing."""
    module = _modules().get(name)
    if module is None:
        return {}
    source, classes = _classes(module)
    functions = {
        each.name: each for each in classes[name].body if isinstance(each, ast.FunctionDef)
    }
    constructor = functions["__init__"]
    kinds = {each.arg: each.annotation for each in constructor.args.args if each.annotation}
    required = _required(source, constructor)
    return {
        key: _member(kinds[attribute], is_request)._replace(
            required=attribute in required if is_request else None
        )
        for key, attribute in _keys(functions["from_map"]).items()
        if key not in _ENVELOPE
    }


def _member(kind: ast.expr, is_request: bool) -> Member:
    match kind:
        case ast.Name(name):
            return Member(_KINDS[name])
        case ast.Attribute(attr=name):
            return Member("object", members=_members(name, is_request))
        case ast.Subscript(ast.Name("List"), item):
            return Member("array", item=_member(item, is_request))
    return Member("object")


def _keys(from_map: ast.FunctionDef) -> dict[str, str]:
    """Return the attribute that each key of the wire is kept in."""
    text = ast.unparse(from_map)
    return dict(re.findall(r"if m\.get\('(\w+)'\) is not None:\n(?:.*\n)*?.*?self\.(\w+)", text))


def _required(source: list[str], constructor: ast.FunctionDef) -> set[str]:
    """Return the attributes above whose assignment a comment says that they are required."""
    found, last = set(), constructor.args.args[-1].lineno
    for statement in constructor.body:
        comment = [line.strip() for line in source[last : statement.lineno - 1]]
        if isinstance(statement, ast.Assign) and _REQUIRED in comment:
            found.add(ast.unparse(statement.targets[0]).removeprefix("self."))
        last = statement.end_lineno or last
    return found


@cache
def _modules() -> Mapping[str, str]:
    """Return the module of each class, as the package's index lists them."""
    index = _PACKAGE.joinpath("models", "__init__.py").read_text(encoding="utf-8")
    return {name: module for module, name in re.findall(r"from \.(\w+) import (\w+)", index)}


@cache
def _classes(module: str) -> tuple[list[str], Mapping[str, ast.ClassDef]]:
    source = _PACKAGE.joinpath("models", f"{module}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    classes = {each.name: each for each in tree.body if isinstance(each, ast.ClassDef)}
    return source.splitlines(), classes
