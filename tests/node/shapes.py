"""Writes the types of the administration in TypeScript: python -m tests.node.shapes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from emulator.web import admin, openapi
from tests.runtimes import NODE_CLIENT

PATH = Path(NODE_CLIENT, "types", "shapes.d.ts")
_HEAD = "/** The JSON documents of the administration. Made by `make types` from its OpenAPI. */\n"
_SIMPLE = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def typescript() -> str:
    """Return a declaration for each schema of the administration's OpenAPI document."""
    schemas = openapi.document("", admin.PLACES)["components"]["schemas"]
    return "\n".join([_HEAD, *(_declared(name, schemas[name]) for name in sorted(schemas))])


def _declared(name: str, schema: Mapping[str, Any]) -> str:
    if "properties" not in schema:
        return f"export type {name} = {_type(schema)};\n"
    required = schema.get("required", ())
    members = [
        f"  {member}{'' if member in required else '?'}: {_type(each)};\n"
        for member, each in schema["properties"].items()
    ]
    return f"{_comment(schema)}export interface {name} {{\n{''.join(members)}}}\n"


def _comment(schema: Mapping[str, Any]) -> str:
    lines = schema.get("description", "").splitlines()
    if len(lines) < 2:
        return "".join(f"/** {line} */\n" for line in lines)
    return "".join(["/**\n", *(f" * {line}".rstrip() + "\n" for line in lines), " */\n"])


def _type(schema: Mapping[str, Any]) -> str:
    return " | ".join(dict.fromkeys(_kinds(schema)))


def _kinds(schema: Mapping[str, Any]) -> Iterator[str]:
    if reference := schema.get("$ref"):
        yield reference.rpartition("/")[2]
    elif "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _kinds(each)
    elif "enum" in schema:
        yield from (f'"{value}"' for value in schema["enum"])
    elif "prefixItems" in schema:
        yield f"[{', '.join(_type(each) for each in schema['prefixItems'])}]"
    elif schema.get("type") == "array":
        yield f"Array<{_type(schema['items'])}>"
    elif schema.get("type") == "object":
        values = schema.get("additionalProperties")
        yield f"Record<string, {_type(values) if isinstance(values, dict) else 'any'}>"
    else:
        yield _SIMPLE.get(schema.get("type", ""), "any")


if __name__ == "__main__":
    PATH.write_text(typescript(), encoding="utf-8")
