"""Defaults filled in, for whoever needs the whole picture."""

from collections.abc import Mapping
from typing import Any

from emulator.spec.action import Parameter


def with_defaults(sent: Mapping[str, Any], members: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return what was sent, with the documented default of each scalar member left out."""
    filled = {
        name: member.default
        for name, member in members.items()
        if member.default is not None and sent.get(name) is None
    }
    return {**sent, **filled}
