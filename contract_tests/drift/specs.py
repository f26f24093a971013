"""Our spec files, read as data and as nothing else."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from contract_tests.drift.shape import Form, Member

VENDORS = Path(__file__).parents[2] / "emulator" / "vendors"
_SHARED = ("types", "errors")

Document = Mapping[str, Any]


class Product(NamedTuple):
    """The spec files of one product version."""

    vendor: str
    name: str
    version: str
    actions: Mapping[str, Document]
    types: Document
    errors: Document
    gateway: Document

    def where(self, name: str) -> str:
        """Return how complaints name a file."""
        return f"{self.vendor}/specs/{self.name}/{self.version}/{name}.toml"

    def key(self, action: str) -> str:
        """Return how evidence names an action."""
        return f"{self.vendor}/{self.name}/{self.version}/{action}"

    def form(self, action: str) -> Form:
        document = self.actions[action]
        return Form(
            parameters=self._members(document.get("parameters", {})),
            response=self._members(document.get("response", {})),
        )

    def codes(self, action: str) -> frozenset[str]:
        """Return the codes that the action lists, by name or by set."""
        document, sets = self.actions[action], self.errors.get("sets", {})
        used = [code for name in document.get("use_errors", ()) for code in sets.get(name, [name])]
        return frozenset([*used, *document.get("errors", {})])

    def explained(self, action: str) -> Mapping[str, str]:
        """Return the explanations of an action's differences, by their paths."""
        return dict(_lines(self.actions[action].get("drift", {}), ""))

    @property
    def explained_codes(self) -> Mapping[str, str]:
        return dict(_lines(self.errors.get("drift", {}), ""))

    def _members(self, tables: Mapping[str, Document]) -> dict[str, Member]:
        """Read members as the site of the packages has them, the international one."""
        return {
            name: self._member(table)
            for name, table in tables.items()
            if "intl" in table.get("sites", ("intl",))
        }

    def _member(self, table: Document) -> Member:
        shape = self.types[table["use"]] if "use" in table else table
        return Member(
            kind=shape["type"],
            width=shape.get("format", ""),
            required=table.get("required", False),
            members=self._members(shape.get("properties", {})),
            item=self._member(shape["items"]) if "items" in shape else None,
            choices=shape.get("enum", ()),
        )


def products() -> Iterator[Product]:
    """Yield every product version that has spec files."""
    for folder in sorted(VENDORS.glob("*/specs/*/*/")):
        documents = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
        types, errors = (documents.pop(name, {}) for name in _SHARED)
        yield Product(
            vendor=folder.parts[-4],
            name=folder.parent.name,
            version=folder.name,
            actions=documents,
            types=types,
            errors=errors,
            gateway=_read(folder.parents[1] / "gateway.toml"),
        )


def _lines(table: Document, path: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _read(path: Path) -> Document:
    return tomllib.loads(path.read_text(encoding="utf-8"))
