"""The spec files, read as the data that they are: by no code of the emulator."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

VENDORS = Path(__file__).parent.parent / "emulator" / "vendors"
_SHARED = ("types.toml", "errors.toml")
_WORDS = frozenset(
    "enum minimum maximum pattern minLength maxLength maxBytes minItems maxItems uniqueBy "
    "contentMediaType format".split()
)


@dataclass(frozen=True, eq=False)
class Member:
    """One parameter, or one member of an answer; `limits` are its constraint words."""

    name: str
    type: str
    is_required: bool
    default: object
    limits: Mapping[str, Any]
    members: Mapping[str, "Member"]
    items: "Member | None"
    applies_when: Mapping[str, object]
    codes: Mapping[str, str]
    is_secret: bool
    resource: str
    identifier: str


@dataclass(frozen=True, eq=False)
class Error:
    """One documented error: what a client sees, with `{facts}`, and what causes it.

    `account` are states of accounts, `unknown` and `foreign` kinds of things that are named.
    """

    code: str
    message: str
    variants: Mapping[str, str]
    status: int
    number: int
    account: Sequence[str]
    unknown: Sequence[str]
    foreign: Sequence[str]


@dataclass(frozen=True, eq=False)
class Action:
    """One action; `file` is its spec's name, `types` are the shared types of its product."""

    vendor: str
    product: str
    version: str
    name: str
    file: str
    methods: Sequence[str]
    calls_per_second: int
    sites: Sequence[str]
    regions: Mapping[str, Sequence[str]]
    parameters: Mapping[str, Member]
    response: Mapping[str, Member]
    rules: Sequence[Mapping[str, Any]]
    codes: Mapping[str, str]
    errors: Mapping[str, Error]
    examples: Sequence[Mapping[str, str]]
    types: Mapping[str, Mapping[str, Any]]
    is_strict: bool

    def __repr__(self) -> str:
        return self.name

    def shared(self, name: str) -> Member:
        """Return a shared type of the product as a member that has it."""
        return _member(name, {"use": name}, self.types)


@cache
def actions(root: Path = VENDORS) -> Sequence[Action]:
    """Return every action that there is a spec file of."""
    return [
        _action(path, root) for path in sorted(root.glob("*/specs/*/*/*.toml")) if _is_own(path)
    ]


def action(name: str) -> Action:
    return next(each for each in actions() if each.name == name)


def gateway(action: Action, root: Path = VENDORS) -> Mapping[str, Any]:
    """Return what the gateway of the action's vendor does, as its file has it."""
    return _read(root / action.vendor / "specs" / "gateway.toml")


def walk(members: Mapping[str, Member], prefix: str = "") -> Iterator[tuple[str, Member]]:
    """Yield every member with its dotted path; of a list, its first item and what is in that."""
    for name, member in members.items():
        path = f"{prefix}{name}"
        yield path, member
        yield from walk(member.members, f"{path}.")
        if member.items:
            yield f"{path}.0", member.items
            yield from walk(member.items.members, f"{path}.0.")


def find(action: Action, path: str) -> Member | None:
    """Return the member at a path of a call; a text that has to conform has the shape's."""
    members: Mapping[str, Member] = action.parameters
    found: Member | None = None
    for name in path.split("."):
        found = found.items if found and name.isdecimal() else members.get(name)
        if found is None:
            return None
        members = found.members
        for rule in action.rules:
            if "conforms" in rule and rule["path"] == found.name:
                members = action.shared(rule["conforms"]).members
    return found


def _is_own(path: Path) -> bool:
    return path.name not in _SHARED


def _action(path: Path, root: Path) -> Action:
    vendor, _, product, version, _ = path.relative_to(root).parts
    gateway = _read(root / vendor / "specs" / "gateway.toml")
    document, types = _read(path), _read(path.parent / "types.toml")
    regions: Mapping[str, Any] = document.get("regions", {})
    return Action(
        vendor=vendor,
        product=product,
        version=version,
        name=path.stem,
        file=str(path.relative_to(root)),
        methods=gateway.get("methods") or document["methods"],
        calls_per_second=document["calls_per_second"],
        sites=document.get("sites", ()),
        regions={site: rule["values"] for site, rule in regions.items()},
        parameters=_members(document.get("parameters", {}), types),
        response=_members(document.get("response", {}), types),
        rules=[rule for rule in document.get("rules", ()) if is_usual(rule)],
        codes=document.get("codes", {}),
        errors=_errors(document, gateway, path.parent / "errors.toml"),
        examples=document.get("examples", ()),
        types=types,
        is_strict=gateway["unknown_parameters"] == "refuse",
    )


@cache
def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _members(tables: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Member]:
    """Read members as the international site has them; `at` says how others do."""
    return {name: _member(name, table, types) for name, table in tables.items() if is_usual(table)}


def is_usual(table: Mapping[str, Any]) -> bool:
    """Return whether the international site has a member, or a rule."""
    return "intl" in table.get("sites", ("intl",))


def _member(name: str, table: Mapping[str, Any], types: Mapping[str, Any]) -> Member:
    shape = types[table["use"]] if "use" in table else table
    return Member(
        name=name,
        type=shape["type"],
        is_required=table.get("required", False),
        default=table.get("default"),
        limits={word: limit for word, limit in shape.items() if word in _WORDS},
        members=_members(shape.get("properties", {}), types),
        items=_member("", shape["items"], types) if "items" in shape else None,
        applies_when=table.get("applies_when", {}),
        codes=table.get("codes", {}),
        is_secret=table.get("secret", False),
        resource=table.get("resource", ""),
        identifier=table.get("identifier", ""),
    )


def _errors(
    document: Mapping[str, Any], gateway: Mapping[str, Any], shared: Path
) -> dict[str, Error]:
    """Return the errors of the gateway, over them those of the product used, and the own."""
    product = _read(shared)
    used: dict[str, Any] = {}
    for name in document.get("use_errors", ()):
        for code in product["sets"].get(name, (name,)):
            used[code] = product["errors"][code]
    found: dict[str, Error] = {}
    for tables in (gateway["errors"], used, document.get("errors", {})):
        for code, table in tables.items():
            found[code] = _error(code, table, found.get(code), gateway.get("error_status", 0))
    return found


def _error(code: str, table: Mapping[str, Any], base: Error | None, status: int) -> Error:
    """Read an error; what it leaves out is as in the one of the same name below it."""
    variants = {name: _text(variant) for name, variant in table.get("variants", {}).items()}
    return Error(
        code=table.get("code", code),
        message=_text(table) or (base.message if base else ""),
        variants={**(base.variants if base else {}), **variants},
        status=table.get("status", base.status if base else status),
        number=table.get("number", base.number if base else 0),
        account=table.get("account", ()),
        unknown=table.get("unknown", ()),
        foreign=table.get("foreign", ()),
    )


def _text(table: Mapping[str, Any]) -> str:
    text: str = table.get("description") or table.get("message", "")
    return text
