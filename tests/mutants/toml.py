"""TOML written from what was read of it; the standard library only reads."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any


def written(document: Mapping[str, Any]) -> str:
    """Return the document with every table in a line of its own."""
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in document.items())


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value).replace("\x7f", "\\u007f")
        case date():
            return value.isoformat()
        case Mapping():
            members = ", ".join(
                f"{_key(name)} = {_value(member)}" for name, member in value.items()
            )
            return f"{{ {members} }}" if members else "{}"
        case list():
            return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def _key(name: str) -> str:
    return json.dumps(name)
