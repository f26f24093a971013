"""The model of Tencent's SDK for Python: its request and response classes, and its codes."""

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import version
from types import ModuleType

from contract_tests.drift.shape import Form, Member, Model

_DISTRIBUTION = "tencentcloud-sdk-python-intl-en"
_SCALARS = {
    "int": Member("integer"),
    "int non-negative": Member("integer", "uint64"),
    "float": Member("number"),
    "bool": Member("boolean"),
    "str": Member("string"),
}
_TYPE = re.compile(r"^ +:type (\w+): (.+)$", re.MULTILINE)
_CLASS = re.compile(r":class:`(?:[\w.]+\.)?(\w+)`")
_ENVELOPE = ("RequestId",)


def read(product: str, product_version: str, names: Iterable[str]) -> Model:
    folder = f"tencentcloud.{product}.v{product_version.replace('-', '')}"
    models = import_module(f"{folder}.models")
    client = getattr(import_module(f"{folder}.{product}_client"), f"{product.title()}Client")
    codes = vars(import_module(f"{folder}.errorcodes"))
    return Model(
        package=f"{_DISTRIBUTION} {version(_DISTRIBUTION)}",
        actions={
            name: Form(
                parameters=_members(f"{name}Request", models),
                response=_members(f"{name}Response", models),
            )
            for name in names
            if hasattr(client, name)
        },
        codes=frozenset(code for name, code in codes.items() if name.isupper()),
    )


def _members(name: str, models: ModuleType) -> Mapping[str, Member]:
    """Read the types that the constructor documents; no member is said to be required."""
    documented = getattr(models, name).__init__.__doc__ or ""
    return {
        member: _member(kind.strip(), models)
        for member, kind in _TYPE.findall(documented)
        if member not in _ENVELOPE
    }


def _member(kind: str, models: ModuleType) -> Member:
    if kind.startswith("list of "):
        return Member("array", item=_member(kind.removeprefix("list of "), models))
    if kind in _SCALARS:
        return _SCALARS[kind]
    named = _CLASS.fullmatch(kind)
    name = named[1] if named else kind
    return Member("object", members=_members(name, models))
