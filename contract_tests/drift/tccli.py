"""The model of `tccli`: api.json of each product version."""

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from contract_tests.drift.shape import Form, Member, Model

_DISTRIBUTION = "tccli-intl-en"
_KINDS = {
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "string": "string",
    "list": "array",
    "object": "object",
}
_WIDTHS = ("int64", "uint64")
# What the gateway puts into every answer.
_ENVELOPE = ("RequestId",)


def read(product: str, product_version: str, names: Iterable[str]) -> Model:
    folder = f"v{product_version.replace('-', '')}"
    path = _services() / product / folder / "api.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    actions, objects = document["actions"], document["objects"]
    return Model(
        package=f"{_DISTRIBUTION} {version(_DISTRIBUTION)}",
        actions={
            name: Form(
                parameters=_members(objects[action["input"]], objects, is_answer=False),
                response=_members(objects[action["output"]], objects, is_answer=True),
            )
            for name in names
            if (action := actions.get(name))
        },
    )


def _services() -> Path:
    """Find the folder without importing the package, which needs modules that Python dropped."""
    spec = find_spec("tccli")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "services"


def _members(
    listed: Mapping[str, Any], objects: Mapping[str, Any], is_answer: bool
) -> dict[str, Member]:
    members: Sequence[Mapping[str, Any]] = listed["members"]
    return {
        member["name"]: _member(member, objects, is_answer)
        for member in members
        if not member.get("disabled") and member["name"] not in _ENVELOPE
    }


def _member(member: Mapping[str, Any], objects: Mapping[str, Any], is_answer: bool) -> Member:
    kind, below = _KINDS[member["type"]], member["member"]
    required = _is_promised(member) if is_answer else member["required"]
    if kind == "array":
        return Member(kind, required=required, item=_item(below, objects, is_answer))
    return _item(below, objects, is_answer, kind)._replace(required=required)


def _is_promised(member: Mapping[str, Any]) -> bool | None:
    """Return whether an answer has the member, and not as null; None where nothing is said.

    The flags of answers only ever promise: `required = false` is what is left of a structure
    that a request could use too.
    """
    if member["value_allowed_null"]:
        return False
    return member.get("output_required") or member.get("required") or None


def _item(name: str, objects: Mapping[str, Any], is_answer: bool, kind: str = "") -> Member:
    if name in objects:
        return Member("object", members=_members(objects[name], objects, is_answer))
    kind = kind or _KINDS.get(name, "integer" if name in _WIDTHS else "string")
    return Member(kind, width=name if name in _WIDTHS else "")
