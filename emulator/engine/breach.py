"""A broken constraint as it is told: in words, with the value and the page that says so."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from emulator.engine.redaction import without_secret
from emulator.model.error import Refused
from emulator.model.secrecy import HIDDEN
from emulator.spec import jsontext
from emulator.spec.action import Action, Evidence, Parameter
from emulator.spec.nearest import nearest
from emulator.spec.violation import Violation

_LONGEST = 200


class Broken(NamedTuple):
    """`rule` is JSON Schema's word or the name of one of our rules; `value` is fit to be shown.

    `source` is the page of the parameter itself, else of its type, else of the action.
    """

    path: str
    rule: str
    limit: object
    value: str
    source: str
    read_on: date | None
    evidence: Evidence


def breaches(action: Action, error: Refused, most: int = 100) -> tuple[Broken, ...]:
    """Return what was broken, the one that was blamed first, and no more than so many."""
    blamed = str(error.facts.get("path") or error.facts.get("name"))
    ordered = sorted(error.violations, key=lambda violation: violation.path != blamed)
    return tuple(_broken(action, violation) for violation in ordered[:most])


def _broken(action: Action, violation: Violation) -> Broken:
    path = action.along(violation.path)
    provenance = path[-1].provenance if path else action.provenance
    return Broken(
        path=violation.path,
        rule=violation.keyword,
        limit=_limit(path, violation),
        value=shown(action, violation),
        source=provenance.source,
        read_on=provenance.read_on,
        evidence=Evidence.ASSUMED if violation.is_assumed else provenance.evidence,
    )


def _limit(path: tuple[Parameter, ...], violation: Violation) -> object:
    """Return the limit; that of a type is its width where the value has the type without it."""
    width = path[-1].constraints.get("format") if path else None
    return width if violation.keyword == "type" and width else violation.limit


def shown(action: Action, violation: Violation) -> str:
    """Return the value fit to be shown, and of a long one its beginning."""
    text = fit_value(action, violation)
    # In a wrong type, a number is told from a text of digits.
    is_quoted = violation.keyword == "type" and isinstance(violation.value, str)
    text = f'"{text}"' if is_quoted and text != HIDDEN else text
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def fit_value(action: Action, violation: Violation) -> str:
    """Return the value; what the action does not declare may be a secret under a wrong name."""
    if violation.value is None:
        return ""
    path = action.along(violation.path)
    is_declared = path and violation.keyword != "additionalProperties"
    if not is_declared or path[-1].holds_secret or any(each.secret for each in path):
        return HIDDEN
    return jsontext.shown(without_secret(violation.value, path[-1]))


def in_words(action: Action, broken: Broken) -> str:
    """Return one line: where, what, and how it would be right."""
    if broken.rule == "additionalProperties":
        said = f"no such parameter{_meant(action, broken.path)}"
        return _on_one_line(f"{broken.path[:_LONGEST]}: {said}")
    limit = broken.limit
    words = _WORDS.get(broken.rule, "{value} breaks the rule {rule} {limit}")
    listed = ", ".join(map(str, limit)) if isinstance(limit, list | tuple) else limit
    said = words.format(value=broken.value or '""', rule=broken.rule, limit=listed)
    return _on_one_line(f"{broken.path}: {said}")


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def _meant(action: Action, path: str) -> str:
    known = action.along(path)
    siblings = known[-1].properties if known else action.parameters
    return did_you_mean(path.rpartition(".")[2], siblings)


def did_you_mean(name: str, known: Mapping[str, object] | frozenset[str]) -> str:
    """Return the end of a sentence about an unknown name, "" where none is like it."""
    like = nearest(name, sorted(known))
    return f"; did you mean {like}?" if like else ""


_WORDS: Mapping[str, str] = {
    "required": "is missing",
    "type": "{value} is not of type {limit}",
    "enum": "{value} is none of {limit}",
    "minimum": "{value} is under the minimum {limit}",
    "maximum": "{value} is over the maximum {limit}",
    "minLength": "{value} is shorter than {limit} characters",
    "maxLength": "{value} is longer than {limit} characters",
    "maxBytes": "{value} is longer than {limit} bytes",
    "pattern": "{value} does not match {limit}",
    "contentMediaType": "{value} is not {limit}",
    "minItems": "has fewer than {limit} items",
    "maxItems": "has more than {limit} items",
    "uniqueBy": "two items have the same {limit}",
    "after": "{value} is not after {limit}",
    "within": "{value} is after {limit}, the last moment allowed",
    "recent": "{value} is before {limit}, the first moment allowed",
    "anyOf": "one of {limit} is needed",
    "matches": "{value} does not match {limit}",
    "contains": "{value} does not contain {limit}",
    "fits": "reaches to {value}, beyond {limit}",
}
