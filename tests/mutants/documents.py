"""Mutants of the spec files: each constraint, rule and mapping dropped, loosened or moved."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from contract_tests.cases import faults, violating
from contract_tests.documents import VENDORS, Action, actions, is_usual, walk
from contract_tests.refusals import code_for

Keys = tuple[str | int, ...]
_ABSENT = object()
# What an integer is where no format is given.
_USUAL_WIDTH = "int64"


class Mutant(NamedTuple):
    """A spec file with something else at the place of some keys.

    `met` is where calls meet it: actions and paths, "" for what concerns the whole action.
    """

    file: str
    keys: Keys
    what: str
    value: object
    met: Sequence[tuple[Action, str]]

    def __repr__(self) -> str:
        return f"{self.file}: {'.'.join(map(str, self.keys))}: {self.what}"

    def document(self) -> dict[str, Any]:
        changed = deepcopy(_read(VENDORS / self.file))
        holder: Any = changed
        for key in self.keys[:-1]:
            holder = holder[key]
        if self.value is _ABSENT:
            del holder[self.keys[-1]]
        else:
            holder[self.keys[-1]] = self.value
        return changed


class _Place(NamedTuple):
    """A table of a member in a file, and the path that calls know it by."""

    file: str
    keys: Keys
    table: Mapping[str, Any]
    path: str
    is_item: bool


def mutants() -> Sequence[Mutant]:
    """Return each mutant once, though several actions may use what it changes."""
    found: dict[str, Mutant] = {}
    for action in sorted(actions(), key=lambda each: len(each.parameters)):
        for mutant in _of_action(action):
            before = found.get(repr(mutant))
            met = (*before.met, *mutant.met) if before else mutant.met
            found[repr(mutant)] = mutant._replace(met=met)
    return list(found.values())


def _of_action(action: Action) -> Iterator[Mutant]:
    document = _read(VENDORS / action.file)
    types_file = str(Path(action.file).parent / "types.toml")
    tables = document.get("parameters", {})
    for place in _places(tables, action.file, ("parameters",), "", types_file):
        for keys, what, value in _of_member(place):
            yield Mutant(place.file, keys, what, value, [(action, place.path)])
    # Calls here are those of the international site; tests/flows/test_sites.py has the other one's.
    for index, rule in enumerate(document.get("rules", ())):
        if not is_usual(rule):
            continue
        yield from _of_rule(action, index, rule, document["rules"], types_file)
    yield from _of_whole(action, document)
    yield from _of_errors(action)
    yield from _of_causes(action, document)


def _places(
    tables: Mapping[str, Any], file: str, keys: Keys, prefix: str, types_file: str
) -> Iterator[_Place]:
    for name, table in tables.items():
        if is_usual(table):
            yield from _place(table, file, (*keys, name), f"{prefix}{name}", types_file, False)


def _place(
    table: Mapping[str, Any], file: str, keys: Keys, path: str, types_file: str, is_item: bool
) -> Iterator[_Place]:
    yield _Place(file, keys, table, path, is_item)
    if "use" in table:
        file, keys = types_file, (table["use"],)
        table = _read(VENDORS / types_file)[table["use"]]
        yield _Place(file, keys, table, path, True)
    inner = (*keys, "properties")
    yield from _places(table.get("properties", {}), file, inner, f"{path}.", types_file)
    if "items" in table:
        yield from _place(table["items"], file, (*keys, "items"), f"{path}.0", types_file, True)


def _of_member(place: _Place) -> Iterator[tuple[Keys, str, object]]:
    table = place.table
    for word, change in _CHANGES.items():
        if word in table and not (word == "format" and _is_narrower_anyway(table)):
            if table[word] != _USUAL_WIDTH:
                yield (*place.keys, word), "dropped", _ABSENT
            for what, value in change(table[word]):
                yield (*place.keys, word), what, value
    if not place.is_item:
        if table.get("required"):
            yield (*place.keys, "required"), "dropped", _ABSENT
        elif "default" not in table:
            yield (*place.keys, "required"), "added", True
    for word in table.get("codes", {}):
        yield (*place.keys, "codes", word), "dropped", _ABSENT
    if "applies_when" in table:
        yield (*place.keys, "applies_when"), "dropped", _ABSENT
    if table.get("secret"):
        yield (*place.keys, "secret"), "dropped", _ABSENT


def _of_rule(
    action: Action,
    index: int,
    rule: Mapping[str, Any],
    rules: Sequence[Mapping[str, Any]],
    types_file: str,
) -> Iterator[Mutant]:
    path = str(rule["paths"][0] if "paths" in rule else rule.get("path") or rule.get("list"))

    def changed(keys: Keys, what: str, value: object) -> Mutant:
        return Mutant(action.file, ("rules", index, *keys), what, value, [(action, path)])

    others = [each for number, each in enumerate(rules) if number != index]
    yield Mutant(action.file, ("rules",), f"{index} dropped", others, [(action, path)])
    if "seconds" in rule:
        yield changed(("seconds",), "one more", rule["seconds"] + 1)
        yield changed(("seconds",), "one less", rule["seconds"] - 1)
    if "pattern" in rule:
        yield changed(("pattern",), "longer", f"(?:{rule['pattern']})[\\s\\S]?")
    if "enum" in rule:
        yield changed(("enum",), "one more", [*rule["enum"], _beyond(rule["enum"])])
        yield changed(("enum",), "one less", rule["enum"][:-1])
    for condition in rule.get("when", {}):
        yield changed(("when", condition), "dropped", _ABSENT)
    for name, limit in rule.get("over", {}).items():
        yield changed(("over", name), "one more", limit + 1)
    if "code" in rule:
        yield changed(("code",), "dropped", _ABSENT)
    for name in rule["paths"] if len(rule.get("paths", ())) > 1 else ():
        left = [each for each in rule["paths"] if each != name]
        yield changed(("paths",), f"without {name}", left)
    if "conforms" in rule:
        table = {"use": rule["conforms"]}
        for place in _place(table, action.file, ("rules", index), path, types_file, True):
            if place.file == types_file:
                for keys, what, value in _of_member(place):
                    yield Mutant(place.file, keys, what, value, [(action, place.path)])


def _of_whole(action: Action, document: Mapping[str, Any]) -> Iterator[Mutant]:
    def changed(keys: Keys, what: str, value: object) -> Mutant:
        return Mutant(action.file, keys, what, value, [(action, "")])

    limit = document["calls_per_second"]
    yield changed(("calls_per_second",), "one more", limit + 1)
    yield changed(("calls_per_second",), "one less", limit - 1)
    for method in document.get("methods", ()):
        left = [each for each in document["methods"] if each != method]
        yield changed(("methods",), f"without {method}", left)
    for site, rule in document.get("regions", {}).items():
        yield changed(("regions", site), "dropped", _ABSENT)
        yield changed(("regions", site, "required"), "dropped", False)
        yield changed(("regions", site, "values"), "one more", [*rule["values"], "ap-beijing"])
        yield changed(("regions", site, "values"), "one less", rule["values"][1:])
    if "sites" in document:
        yield changed(("sites",), "dropped", _ABSENT)
    for word in document.get("codes", {}):
        yield changed(("codes", word), "dropped", _ABSENT)


def _of_errors(action: Action) -> Iterator[Mutant]:
    """Change text, status and number of each error, and the texts of violations alone."""
    answered = {
        code_for(action, fault)
        for case in violating(action, 1)
        for fault in faults(action, case.arguments)
    }
    for code, variant in sorted({*answered, *((code, "") for code in action.errors)}):
        files = _files(action, code)
        keys, text = _text(files, code, variant)
        yield Mutant(*keys, "longer", f"{text}!", [(action, "")])
        for word in ("status", "number") if not variant else ():
            # Only the nearest file that says it is heard.
            for file in [file for file in files if word in _errors(file)[code]][:1]:
                place: Keys = ("errors", code, word)
                value = _errors(file)[code][word]
                yield Mutant(file, place, "one more", value + 1, [(action, "")])


def _files(action: Action, code: str) -> Sequence[str]:
    """Return the files that say what this error of the action is, the nearest first."""
    shared = str(Path(action.file).parent / "errors.toml")
    sets = _read(VENDORS / shared).get("sets", {}) if (VENDORS / shared).exists() else {}
    used = _read(VENDORS / action.file).get("use_errors", ())
    is_used = code in {each for name in used for each in sets.get(name, (name,))}
    files = (action.file, *([shared] if is_used else ()), f"{action.vendor}/specs/gateway.toml")
    return [file for file in files if code in _errors(file)]


def _of_causes(action: Action, document: Mapping[str, Any]) -> Iterator[Mutant]:
    """Drop what causes an error that the action lists: accounts' states, things that are named."""
    shared = str(Path(action.file).parent / "errors.toml")
    named = {member.resource for _, member in walk(action.parameters)}
    for file in (action.file, shared):
        for code, table in _errors(file).items():
            if code not in action.errors or (file == shared and code in document.get("errors", {})):
                continue
            for word in ("account", "unknown", "foreign"):
                if word in table and (word == "account" or named & {*table[word]}):
                    keys: Keys = ("errors", code, word)
                    yield Mutant(file, keys, "dropped", _ABSENT, [(action, "")])


def _text(files: Sequence[str], code: str, variant: str) -> tuple[tuple[str, Keys], str]:
    """Return where the text of an error is said first, and the text."""
    for inner in (("variants", variant), ()):
        for file in files:
            table: Any = _errors(file).get(code, {})
            for name in inner:
                table = table.get(name, {})
            for word in ("description", "message"):
                if word in table:
                    return (file, ("errors", code, *inner, word)), table[word]
    raise AssertionError(f"{files[0]}: no text of {code}")


def _errors(file: str) -> Mapping[str, Any]:
    path = VENDORS / file
    found: Mapping[str, Any] = _read(path).get("errors", {}) if path.exists() else {}
    return found


def _is_narrower_anyway(table: Mapping[str, Any]) -> bool:
    return "enum" in table or {"minimum", "maximum"} <= table.keys()


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _beyond(values: Sequence[Any]) -> object:
    return max(values) + 1 if isinstance(values[0], int) else "Other"


_CHANGES: Mapping[str, Callable[[Any], Sequence[tuple[str, object]]]] = {
    "minimum": lambda limit: (("one less", limit - 1), ("one more", limit + 1)),
    "maximum": lambda limit: (("one more", limit + 1), ("one less", limit - 1)),
    "minLength": lambda limit: (("one more", limit + 1),),
    "maxLength": lambda limit: (("one more", limit + 1), ("one less", limit - 1)),
    "maxBytes": lambda limit: (("one more", limit + 1), ("one less", limit - 1)),
    "minItems": lambda limit: (("one less", limit - 1),),
    "maxItems": lambda limit: (("one more", limit + 1), ("one less", limit - 1)),
    "enum": lambda known: (("one more", [*known, _beyond(known)]), ("one less", known[:-1])),
    "pattern": lambda pattern: (("longer", f"(?:{pattern})[\\s\\S]?"),),
    "contentMediaType": lambda kind: (),
    "uniqueBy": lambda name: (),
    "format": lambda width: (("narrower", "int32"),),
}
