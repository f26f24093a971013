"""JSON text, read strictly and written compactly."""

from typing import Any

import msgspec


def decode(text: str | bytes) -> Any:
    """Return what the text says; raises ValueError for anything that is not JSON.

    Integers keep their size; NaN, lone surrogates, numbers beyond a double and nesting beyond the
    interpreter's stack are refused. Of a repeated member the last counts.
    """
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def encode(value: object) -> bytes:
    return msgspec.json.encode(value)


def laid_out(value: object) -> bytes:
    """Return a value as JSON for people to read."""
    return msgspec.json.format(encode(value), indent=2) + b"\n"


def shown(value: object) -> str:
    """Return a value as a message shows it: texts as they are, anything else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return encode(value).decode()
    except (TypeError, ValueError, RecursionError):
        return "…"
