"""The documented wording of an error, held against what was answered: its facts may vary."""

import re
from collections.abc import Mapping
from typing import Any

from contract_tests.documents import Action, Error
from contract_tests.refusals import Refusal, shown

_FACT = re.compile(r"\{(\w+)\}")


def departures(
    action: Action,
    error: Error,
    found: Refusal | None,
    arguments: Mapping[str, Any],
    facts: Mapping[str, object],
) -> str:
    """Return how a refusal departs from the documented error, "" where it does not.

    `facts` are those that are known for sure. What is blamed, whichever argument that is, has to
    be one of the call's, and its value the one that was sent.
    """
    if found is None:
        return f"expected {error.code}, but it was accepted"
    pattern = _pattern(f"{error.code}\n{error.message}", facts)
    said = re.fullmatch(pattern, f"{found.code}\n{found.message}", re.DOTALL)
    if said is None or (found.status, found.number) != (error.status, error.number):
        expected = Refusal(error.code, error.message, error.status, error.number)
        return f"expected {expected}, got {found}"
    return _misnamed(action, said.groupdict(), arguments)


def _pattern(template: str, facts: Mapping[str, object]) -> str:
    """Return what matches the template, with a group for each fact that is not known."""
    parts, known = [], set[str]()
    for index, part in enumerate(_FACT.split(template)):
        if index % 2 == 0:
            parts.append(re.escape(part))
        elif part in facts:
            parts.append(re.escape(str(facts[part])))
        else:
            parts.append(f"(?P={part})" if part in known else f"(?P<{part}>.*?)")
            known.add(part)
    return "".join(parts)


def _misnamed(action: Action, said: Mapping[str, str], arguments: Mapping[str, Any]) -> str:
    """Return what is wrong with the parameter that is blamed, and with the value shown of it."""
    blamed = said.get("path", said.get("name"))
    may_be_shown = [name for name in arguments if not _is_secret(action, name)]
    if blamed is None or (not blamed and not may_be_shown):
        return ""
    if blamed not in may_be_shown:
        return f"blames {blamed!r}, which was not sent: {arguments}"
    if "value" in said and said["value"] != shown(arguments[blamed]):
        return f"shows {said['value']!r} for {blamed}: {arguments}"
    return ""


def _is_secret(action: Action, name: str) -> bool:
    member = action.parameters.get(name)
    return member is None or member.is_secret
