"""The JSON Schema of scenario files, made from the values that they become."""

from typing import Any

from emulator.spec.jsontext import schemas
from emulator.web.shapes.namespaces import NamespaceAsked
from emulator.world import ruleform
from emulator.world.scenariofile import MAX_SEED, WORLD

_REFERENCE = "#/definitions/{name}"


def scenario_schema() -> dict[str, Any]:
    """Return the schema, of a draft that editors for TOML know."""
    _, named = schemas([NamespaceAsked], _REFERENCE)
    asked = named.pop("NamespaceAsked")["properties"]
    rule, of_rule = ruleform.schema(_REFERENCE)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of mediacloud-emulator",
        "type": "object",
        "required": ["title"],
        "additionalProperties": False,
        "properties": {
            "title": {"type": "string", "minLength": 1},
            "why": {"type": "string", "description": "What goes wrong in real life."},
            "client": {"type": "string", "description": "What a good client does."},
            "seed": {"type": "integer", "minimum": 0, "maximum": MAX_SEED},
            "rules": {"type": "array", "items": rule},
            "world": {
                "type": "object",
                "additionalProperties": False,
                "properties": {key: asked[key] for key in WORLD},
            },
        },
        "definitions": {**of_rule, **named},
    }
