"""Values that no field has a type for, such as arguments and facts, as JSON.

Secrets are kept apart where there is a vault, and URLs with a password in them are secrets as well.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from emulator.spec import jsontext
from emulator.spec.password import has_password
from emulator.spec.record import Form, Place, form, moment

# What JSON has no value for is an object with one member, whose name begins so.
_MARK = "$"
_MOMENT, _TUPLE, _OBJECT, _SECRET = "$moment", "$tuple", "$object", "$secret"
_PLAIN = (str, int, float, bool, type(None))


class Vault:
    """The values of members that have certain names, kept out of a document under names of its own.

    Of a dotted path, its last name counts. `kept` are those that a document brings along.
    """

    def __init__(self, names: frozenset[str], kept: Mapping[str, Any] | None = None) -> None:
        self._names = names
        self.kept: dict[str, Any] = dict(kept or {})
        self._references: dict[bytes, str] = {}

    def is_for(self, name: str, value: object) -> bool:
        is_named = name in self._names or name.rpartition(".")[2] in self._names
        return is_named and value is not None and value != ""

    def hide(self, written: object) -> str:
        """Keep a value, and return what refers to it: the same for the same value."""
        text = jsontext.encode(written)
        reference = self._references.setdefault(text, f"s{len(self._references) + 1}")
        self.kept[reference] = written
        return reference

    def reveal(self, reference: object, place: Place) -> Any:
        if not isinstance(reference, str) or reference not in self.kept:
            raise place.error(f"the secret {reference!r} is not among 'secrets'")
        return self.kept[reference]


def members(records: Mapping[str, type], vault: Vault | None = None) -> Form:
    """Return the form of a mapping; it may hold what JSON has, moments, tuples and the records.

    Without a vault, secrets are written like anything else.
    """
    values = _Values(records, vault)
    return Form(values.write_members, values.read_members)


class _Values:
    def __init__(self, records: Mapping[str, type], vault: Vault | None) -> None:
        free = Form(self.write_members, self.read_members)
        self._vault = vault
        self._marks = {kind: _MARK + name for name, kind in records.items()}
        self._forms = {_MARK + name: form(kind, free) for name, kind in records.items()}

    def write_members(self, members: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._member(name, value) for name, value in members.items()}

    def _member(self, name: str, value: Any) -> Any:
        written = self._write(value)
        vault = self._vault
        return {_SECRET: vault.hide(written)} if vault and vault.is_for(name, value) else written

    def _write(self, value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            is_secret = self._vault and kind is str and has_password(value)
            return {_SECRET: self._vault.hide(value)} if self._vault and is_secret else value
        if kind is list:
            return [self._write(each) for each in value]
        if isinstance(value, Mapping):
            written = self.write_members(value)
            return {_OBJECT: written} if _mark(written) else written
        if kind is tuple:
            return {_TUPLE: [self._write(each) for each in value]}
        if kind is datetime:
            return {_MOMENT: value.isoformat()}
        if kind in self._marks:
            mark = self._marks[kind]
            return {mark: self._forms[mark].write(value)}
        raise TypeError(f"no form is known of {kind.__name__}")

    def read_members(self, value: Any, place: Place) -> dict[str, Any]:
        members = place.table(value).everything()
        return {name: self._read(each, place.under(name)) for name, each in members.items()}

    def _read(self, value: Any, place: Place) -> Any:
        if isinstance(value, list):
            return [self._read(each, place.under(index)) for index, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        mark = _mark(value)
        if not mark:
            return self.read_members(value, place)
        return self._marked(mark, value[mark], place.under(mark))

    def _marked(self, mark: str, value: Any, place: Place) -> Any:
        if mark == _MOMENT:
            return moment(value, place)
        if mark == _TUPLE:
            return tuple(self._read(place.list(value), place))
        if mark == _OBJECT:
            return self.read_members(value, place)
        if mark == _SECRET and self._vault:
            return self._read(self._vault.reveal(value, place), place)
        if mark in self._forms:
            return self._forms[mark].read(value, place)
        known = (_MOMENT, _TUPLE, _OBJECT, _SECRET, *self._forms)
        raise place.error(f"unknown mark; known: {', '.join(known)}")


def _mark(value: Mapping[str, Any]) -> str:
    """Return the only member's name if it begins as marks do, else ""."""
    name = next(iter(value)) if len(value) == 1 else ""
    return name if name.startswith(_MARK) else ""
